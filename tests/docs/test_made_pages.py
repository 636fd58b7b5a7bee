"""Pages made from the code are up to date."""

import re
import runpy
from pathlib import Path

from flowc.doors.documents.vocabulary import WORDS

ROOT = Path(__file__).parents[2]


def test_the_page_of_functions():
    made = runpy.run_path(str(ROOT / "docs/make_functions.py"))["page"]()
    assert (ROOT / "docs/functions.md").read_text(encoding="utf-8") == made


def test_the_options_on_the_page_of_documents():
    """A row for each, with what it says of itself."""
    page = (ROOT / "docs/documents.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [\w ,]+ \| (.*) \|$", page, re.MULTILINE)
    assert rows == [(word.name, word.says) for word in WORDS.values()]


def test_the_page_of_examples():
    script = runpy.run_path(str(ROOT / "examples/make_index.py"))
    assert (ROOT / "examples/README.md").read_text(encoding="utf-8") == script["page"]()
    listed = sorted(name for _, names in script["SECTIONS"] for name in names)
    assert listed == sorted(path.stem for path in ROOT.glob("examples/*.flow"))
