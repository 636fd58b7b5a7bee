"""Labels as outlines: mathematics in STIX Two, words in it or, sign by sign, in DejaVu Sans. Both fonts come with ziamath."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from flowc.drawing import fonts
from flowc.drawing.fonts import NoLettering, check_lettering, find_glyph, load_ziamath
from flowc.drawing.label import BLANK, Label
from flowc.drawing.outline_cache import open_outlines
from flowc.maths.symbols import SPECIAL
from flowc.records import Record

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAME, SYMBOL, WEIGHT, SMALL = 22.0, 20.0, 18.0, 17.0  # sizes of letters, px


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_ESCAPE = re.compile(r"\\(?:text[a-z]+\{\}|.)")
_WORDS = re.compile(r"\\text\{((?:[^{}\\]|\\text[a-z]+\{\}|\\[^a-z])*)\}")
_OF_ESCAPE = {spelled: sign for sign, spelled in SPECIAL.items()} | {
    r"\&": "&amp;", r"\{": r"}\{\text{", r"\}": r"}\}\text{", r"\textbackslash{}": r"}\backslash\text{",
}  # fmt: skip
Box = tuple[float, float, float, float]  # left, top, right, bottom


class Outline(Record):
    """Paths around the origin, where the baseline begins; the box of the ink; signs that only a viewer's fonts can set."""

    path: str
    box: Box
    foreign: str = ""

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


@lru_cache(maxsize=4096)
def outline(label: Label, size: float) -> Outline:
    """A label in letters of `size` px. Raises NoLettering."""
    check_lettering()
    cache = open_outlines(__file__, fonts.__file__)
    if cache is None:
        return _outline_label(label, size)
    name = f"{size} {label.text if label.latex is None else f'${label.latex}'}"
    entry = cache.find(name)
    if entry is None:
        drawn = _outline_label(label, size)
        cache.add(name, (drawn.path, drawn.box, drawn.foreign))
        return drawn
    return Outline(*entry)


def _outline_label(label: Label, size: float) -> Outline:
    if label.latex is None:
        return _outline_words(label.text, size)
    try:
        return _outline_mathematics(label.latex, size)
    except NoLettering:
        raise
    except Exception:  # noqa: BLE001  an author's formula that the library cannot read, with whatever error
        return _outline_words(label.text, size)


def size_of(label: Label | None, size: float) -> tuple[float, float]:
    """Width and height."""
    if label is None:
        return 0.0, 0.0
    if label == BLANK:
        return 3.0 * size, 1.25 * size
    drawn = outline(label, size)
    return drawn.width, drawn.height


def _outline_mathematics(latex: str, size: float) -> Outline:
    root = load_ziamath().Latex(_unescaped(latex), size=size).svgxml()
    path = " ".join(_path_data(root))
    return Outline(path, _bounds_of_path(path))


def _unescaped(latex: str) -> str:
    """Words within mathematics as ziamath reads them: it shows the backslash of `\\text{sepal\\_length}`, and ends at any brace."""

    def replaced(match: re.Match[str]) -> str:
        return f"\\text{{{_ESCAPE.sub(lambda escape: _OF_ESCAPE[escape[0]], match[1])}}}"

    return _WORDS.sub(replaced, latex)


def _path_data(root: Element) -> Iterator[str]:
    for part in root:
        name = part.tag.rpartition("}")[2]
        if name == "path":
            yield _round_path(part.attrib["d"])
        elif name == "rect":
            x, y, w, h = (float(part.attrib[key]) for key in ("x", "y", "width", "height"))
            yield _round_path(f"M {x} {y} H {x + w} V {y + h} H {x} Z")


def _outline_words(text: str, size: float) -> Outline:
    paths, foreign, x = [], [], 0.0
    for sign in text:
        glyph = find_glyph(sign)
        if glyph is None or unicodedata.bidirectional(sign) in ("R", "AL"):
            foreign.append(sign)
            glyph = find_glyph("□")
        drawn = glyph.svgpath(x0=x, y0=0, scale_factor=size / glyph.DFLT_SIZE_PT)
        if drawn is not None:
            paths.append(_round_path(drawn.attrib["d"]))
        x += glyph.advance() * size / glyph.font.info.layout.unitsperem
    path = " ".join(paths)
    return Outline(path, _bounds_of_path(path, (0.0, -size / 2, x, 0.0)), "".join(foreign))


def _round_path(path: str) -> str:
    """Two digits after the point, and no space that a reader does not need."""
    short = _NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), path)
    return re.sub(r" ?([A-Z]) ?", r"\1", short).replace(" -", "-").strip()


def _bounds_of_path(path: str, empty: Box = (0.0, 0.0, 0.0, 0.0)) -> Box:
    """The box of a path's points: `M x y`, `L`, `Q`, `C` and, of rectangles, `H x`, `V y`."""
    xs: list[float] = []
    ys: list[float] = []
    for command, numbers in re.findall(r"([MLQCHV])([^A-Z]*)", path):
        values = [float(n) for n in _NUMBER.findall(numbers)]
        xs += values if command == "H" else values[::2] if command != "V" else []
        ys += values if command == "V" else values[1::2] if command != "H" else []
    return (min(xs), min(ys), max(xs), max(ys)) if xs else empty
