"""SVG that every program reads: what is in the file, and that two renderers and a browser see the same."""

import os
import re
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import pytest

import flowc

from .diagrams import EXAMPLES, HOSTILE

THEMES = ("light", "dark", "print", "auto")
SVG = "{http://www.w3.org/2000/svg}"
ATTRIBUTES = {
    "svg": {"width", "height", "viewBox", "role", "aria-labelledby"}, "title": {"id"}, "desc": {"id"}, "style": set(),
    "g": {"id", "class"}, "circle": {"cx", "cy", "r", "class"}, "rect": {"x", "y", "width", "height", "rx", "class"},
    "path": {"d", "transform", "class", "stroke-linejoin", "stroke-linecap", "opacity"},
    "text": {"x", "y", "font-size", "font-family", "text-anchor", "class"},
}  # fmt: skip
PAINT = {"fill", "stroke", "stroke-width", "stroke-dasharray"}


@pytest.fixture(scope="module", params=[(p, t) for p in [*EXAMPLES, None] for t in THEMES], ids=str)
def svg(request):
    path, theme = request.param
    return flowc.render(HOSTILE if path is None else path, "svg", theme=theme, loss=True)


def test_there_is_nothing_that_a_renderer_stumbles_over(svg):
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        name = element.tag.removeprefix(SVG)
        assert set(element.attrib) <= ATTRIBUTES[name] | PAINT
    assert root[0].tag == f"{SVG}title"
    assert root[1].tag == f"{SVG}desc"
    bare = re.sub(r"<(title|desc|text)\b[^>]*>[^<]*", "", svg)
    assert not re.search(r"var\(|paint-order|foreignObject|script|url\(|href|@import|on\w+=", bare)


def test_colours_are_concrete(svg):
    for value in re.findall(r'(?:fill|stroke)="([^"]*)"', svg):
        assert value == "none" or re.fullmatch(r"#[0-9a-f]{6}", value)
    for rules in re.findall(r"<style>(.*?)</style>", svg, re.DOTALL):
        assert rules.startswith("@media (prefers-color-scheme: dark) {")
        assert all(re.fullmatch(r"#[0-9a-f]{6}", v) for v in re.findall(r"(?:fill|stroke): (\S+)", rules))


def test_ids_are_unique_and_salted(svg):
    ids = re.findall(r'\bid="([^"]*)"', svg)
    assert len(ids) == len({*ids})
    assert len({"-".join(one.split("-")[:2]) for one in ids}) == 1
    assert re.search('aria-labelledby="([^"]*)"', svg)[1].split() == ids[:2]


def test_two_pictures_share_no_id():
    """Whatever it is that is to be seen, or heard, to differ: the theme, the direction, a number, the sentence or the diagram."""
    text = "flow net\ninput x\noutput f\nx -> f : 2\n"
    drawn = [(text, {}), (text, {"theme": "dark"}), (text, {"direction": "up"}), (text, {"alt": "A"}), (text, {"values": {"x": 1}}),
             (text, {"values": {"x": 3}}), (text.replace("2", "3"), {})]  # fmt: skip
    ids = [one for diagram, options in drawn for one in re.findall(r'\bid="([^"]*)"', flowc.render(diagram, **options))]
    assert len(ids) == len({*ids})
    assert all(re.fullmatch(r"net-[0-9a-f]{8}-(title|desc|legend|x|f|x-f|bias-f|name-[xf]|weight-x-f)", one) for one in ids)
    assert flowc.render(text) == flowc.render(text)


def test_marks_are_within_the_picture(svg):
    root = ElementTree.fromstring(svg)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for circle in root.iter(f"{SVG}circle"):
        x, y, r = (float(circle.attrib[k]) for k in ("cx", "cy", "r"))
        assert r <= x <= width - r
        assert r <= y <= height - r
    for path in root.iter(f"{SVG}path"):
        if "transform" not in path.attrib:
            numbers = [float(n) for n in re.findall(r"-?[\d.]+", path.attrib["d"])]
            assert all(0 <= x <= width for x in numbers[::2])
            assert all(0 <= y <= height for y in numbers[1::2])


def test_auto_is_light_until_the_reader_prefers_dark():
    light, auto = (flowc.render(EXAMPLES[0], "svg", theme=theme, id_prefix="a") for theme in ("light", "auto"))
    plain = re.sub(r"<style>.*?</style>\n", "", auto)
    assert re.sub(r' class="\w+-[fs]-[^"]+"', "", plain) == light


def test_bytes_are_the_same_for_every_hash_seed_and_output_name(tmp_path):
    examples = [path for path in EXAMPLES if path.stem in ("evolved", "worked_example")]
    code = "import sys; from flowc.__main__ import main\nfor a, b in zip(sys.argv[1::2], sys.argv[2::2]): assert not main(['draw', a, '--loss', '-o', b])"
    made = set()
    for seed, name in (("0", "a"), ("1", "b"), ("random", "c")):
        outputs = [tmp_path / f"{name}_{path.stem}.svg" for path in examples]
        pairs = [str(path) for pair in zip(examples, outputs) for path in pair]
        subprocess.run([sys.executable, "-c", code, *pairs], env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True)
        made |= {(example, output.read_bytes()) for example, output in zip(examples, outputs)}
    assert len(made) == len(examples) == 2


# ------------------------------------------------------------------------------------------------------------- renderers


def picture(png, size):
    """As numbers from 0 to 1, on white."""
    import numpy as np
    from PIL import Image

    image = Image.open(png).convert("RGBA")
    page = Image.new("RGBA", image.size, "white")
    return np.asarray(Image.alpha_composite(page, image).convert("L").resize(size, Image.Resampling.BOX), dtype=float) / 255


def chromium(svg, png, size):
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Debian's `chromium` is not installed")
    page = svg.with_suffix(".html")
    page.write_text(f"<style>body{{margin:0}}img{{display:block}}</style><img src='{svg.name}'>")
    window = f"--window-size={size[0]},{size[1]}"
    switches = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking"]
    home = f"--user-data-dir={png.parent / 'home'}"
    command = [program, *switches, home, window, f"--screenshot={png}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def rsvg(svg, png, size):
    if shutil.which("rsvg-convert") is None:
        pytest.skip("Debian's `librsvg2-bin` is not installed")
    subprocess.run(["rsvg-convert", "-w", str(size[0]), "-o", str(png), str(svg)], check=True)


@pytest.mark.parametrize("name", ["xor", "softmax", "evolved", "autoencoder"])
@pytest.mark.parametrize("renderer", [chromium, rsvg], ids=lambda f: f.__name__)
def test_it_looks_the_same(renderer, name, tmp_path):
    """In blocks of three by three pixels no grey differs by more than a third, and by 0.006 on the average."""
    import numpy as np

    path = next(p for p in EXAMPLES if p.stem == name)
    svg = tmp_path / "picture.svg"
    svg.write_text(flowc.render(path, "svg", background=True), encoding="utf-8")
    root = ElementTree.fromstring(svg.read_text(encoding="utf-8"))
    size = tuple(round(float(root.attrib[k])) for k in ("width", "height"))
    renderer(svg, tmp_path / "other.png", size)
    (tmp_path / "own.png").write_bytes(flowc.render(path, "png", width=size[0]))
    small = size[0] // 3, size[1] // 3
    difference = abs(picture(tmp_path / "own.png", small) - picture(tmp_path / "other.png", small))
    assert difference.max() < 1 / 3
    assert np.mean(difference) < 0.006


def test_a_pdf_is_vectors_with_its_alt_text():
    pdf = flowc.render(EXAMPLES[0], "pdf", alt="A sentence (in brackets)")
    assert pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf
    assert b"/Alt(A sentence (in brackets))" in pdf
    assert b"/Subtype/Image" not in pdf
    assert pdf == flowc.render(EXAMPLES[0], "pdf", alt="A sentence (in brackets)")


def test_a_png_has_its_width_and_a_ground():
    from io import BytesIO

    from PIL import Image

    image = Image.open(BytesIO(flowc.render(EXAMPLES[0], "png", width=500)))
    assert image.width == 500
    assert image.convert("RGBA").getpixel((0, 0)) == (255, 255, 255, 255)
    image = Image.open(BytesIO(flowc.render(EXAMPLES[0], "png", background=False)))
    assert image.convert("RGBA").getpixel((0, 0))[3] == 0


