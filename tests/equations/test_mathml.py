"""MathML as browsers set it: Chromium measures where the signs of equality stand, and what is shown."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import flowc

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))
FORMS = ("nodes", "layers", "augmented", "indexed")

# Of every group of equations: where the right sides begin, and the left ones end.
MEASURE = """
const box = element => element.getBoundingClientRect()
const places = groups => groups.map(group => ({
  right: [...group.children].map(row => box(row.children[1].firstElementChild).left),
  left: [...group.children].map(row => row.children[0].lastElementChild).filter(Boolean).map(last => box(last).right),
}))
const found = places([...document.querySelectorAll("math > mtable > mtr > mtd > mtable")])
document.body.textContent = "MEASURED" + JSON.stringify(found) + "MEASURED"
"""


def chromium():
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Debian's `chromium` is not installed")
    return program


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    pytest.importorskip("latex2mathml")
    folder = tmp_path_factory.mktemp("page")
    formulas = "".join(flowc.load(path).equations("mathml", form) for path in EXAMPLES for form in FORMS)
    page = folder / "page.html"
    page.write_text(f"<!doctype html><meta charset=utf-8>{formulas}<script>{MEASURE}</script>", encoding="utf-8")
    switches = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--dump-dom"]
    command = [chromium(), *switches, f"--user-data-dir={folder / 'home'}", page.as_uri()]
    dom = subprocess.run(command, check=True, capture_output=True, timeout=120).stdout.decode()
    groups = json.loads(dom.split("MEASURED")[1])
    assert len(groups) > 2 * len(EXAMPLES)
    return groups


def test_signs_of_equality_stand_below_one_another(measured):
    assert max(len(group["right"]) for group in measured) > 8
    for group in measured:
        assert max(group["right"]) - min(group["right"]) <= 1, group
        assert not group["left"] or max(group["left"]) - min(group["left"]) <= 1, group


def elements(latex):
    pytest.importorskip("latex2mathml")
    from flowc.equations.mathml_formula import convert_formula

    return convert_formula(latex)


def test_no_distance_of_rows_is_shown_as_text():
    pytest.importorskip("latex2mathml")
    for path in EXAMPLES:
        for form in FORMS:
            text = flowc.load(path).equations("mathml", form)
            assert "ex]" not in re.sub("<[^>]*>", "", text)
            assert set(re.findall('mathvariant="([a-z]*)"', text)) <= {"normal", "bold"}


@pytest.mark.parametrize(("latex", "expected"), [
    (r"y \ln p", '<mi>y</mi><mspace width="0.167em" /><mi>ln</mi><mspace width="0.167em" /><mi>p</mi>'),
    (r"\operatorname{softmax}(\xi)", '<mi>softmax</mi><mo stretchy="false">(</mo>'),
    (r"\operatorname{log\_softmax}(\xi)", "<mi>log_softmax</mi></mrow><mo"),
    (r"\operatorname*{argmax}_{k} x", "<munder><mi>argmax</mi><mrow><mi>k</mi></mrow></munder>"),
    (r"\mathrm{size}", "<mi>size</mi>"),
    (r"\mathbf{1}", "<mi>𝟏</mi>"),
    (r"\mathtt{h\_1}", "<mi>𝚑_𝟷</mi>"),
    (r"= -1", '<mo>=</mo><mo form="prefix">−</mo><mn>1</mn>'),
])  # fmt: skip
def test_what_the_converter_makes_is_put_right(latex, expected):
    assert expected in elements(latex)
