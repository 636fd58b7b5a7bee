"""Builds the lecture:  python -m examples.lecture [FOLDER] [--reveal PACKAGE]"""

import argparse
from pathlib import Path

from .beamer import BeamerDeck, compile_deck
from .notebook import Notebook
from .reveal import RevealDeck
from .site import Site, build_site
from .unit import SECTIONS, TITLE


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m examples.lecture", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("lecture"), help="`lecture` by default")
    parser.add_argument("--reveal", metavar="PACKAGE", type=Path, help="the folder of reveal.js, as npm installs it, to be copied beside the deck")
    parser.add_argument("--sheet", metavar="FILE", type=Path, help="a PNG of all pages of the handout, which pdftoppm draws")
    chosen = parser.parse_args()
    print(RevealDeck(chosen.folder / "reveal").write(TITLE, SECTIONS, chosen.reveal))
    document = BeamerDeck(chosen.folder / "beamer").write(TITLE, SECTIONS)
    for path in (document, document.with_name("handout.tex")):
        print(compile_deck(path) or path)
    settings = Site(chosen.folder / "site").write(TITLE, SECTIONS)
    print(build_site(settings) or settings)
    print(Notebook(chosen.folder / "notebook").write(TITLE, SECTIONS))
    if chosen.sheet is not None:
        from .sheet import make_sheet

        make_sheet(document.with_name("handout.pdf")).save(chosen.sheet)


if __name__ == "__main__":
    main()
