"""Pages made from the code are up to date, and the picture says what the diagram says."""

import runpy
from pathlib import Path
from xml.etree import ElementTree

import flowc

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"


def test_the_page_of_functions():
    made = runpy.run_path(str(ROOT / "docs/make_functions.py"))["page"]()
    assert (ROOT / "docs/functions.md").read_text(encoding="utf-8") == made


def test_the_page_of_examples():
    script = runpy.run_path(str(ROOT / "examples/make_index.py"))
    assert (ROOT / "examples/README.md").read_text(encoding="utf-8") == script["page"]()
    listed = sorted(name for _, names in script["SECTIONS"] for name in names)
    assert listed == sorted(path.stem for path in ROOT.glob("examples/*.flow"))


def test_the_picture_shows_the_weights_of_xor():
    picture = ElementTree.parse(ROOT / "docs/xor.svg").getroot()
    shown = ["".join(text.itertext()).replace("\u2212", "-") for text in picture.iter(f"{SVG}text")]
    network = flowc.load(ROOT / "examples/xor_arrows.flow").network
    names = [node.name for node in network.nodes]
    weights = [arrow.coefficient for node in network.nodes for arrow in node.arrows]
    assert sorted(shown) == sorted([*names, *(f"{weight:g}" for weight in weights)])
    assert len(list(picture.iter(f"{SVG}circle"))) == len(names)
    arrows = [path for group in picture.iter(f"{SVG}g") if group.get("marker-end") for path in group]
    assert len(arrows) == len(weights)
