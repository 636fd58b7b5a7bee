"""Ink: a picture as SVG. Every colour is concrete, letters are outlines, nothing needs a script, a font or a style sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from flowc.drawing.geometry import Box, Curve, Point, around
from flowc.drawing.identifiers import identifier
from flowc.drawing.lettering import outline
from flowc.drawing.picture import Disk, Group, Lettering, Mark, Panel, Picture, Polyline, Stroke, Wedge
from flowc.drawing.themes import DARK, LIGHT, THEMES, Theme

HALO = 4.0  # of the page's colour around a label on an arrow


def as_svg(picture: Picture, theme: str = "light", background: bool = False) -> str:
    """`theme`: light, dark, print, or auto: light, and dark where the reader prefers that. `background`: the page's colour
    behind the picture, which is transparent otherwise."""
    return "\n".join(_lines(picture, theme, background)) + "\n"


def _lines(picture: Picture, theme: str, background: bool) -> Iterator[str]:
    colours = LIGHT if theme == "auto" else THEMES[theme]
    ink = _Ink(picture, colours, classed=theme == "auto")
    width, height = (_n(x) for x in picture.size)
    salt = ink.salt
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-labelledby="{salt}title {salt}desc">'
    )
    yield f'<title id="{salt}title">{_text(picture.alt)}</title>'
    yield f'<desc id="{salt}desc">{_text(picture.description)}</desc>'
    if theme == "auto":
        yield f"<style>@media (prefers-color-scheme: dark) {{ {' '.join(_rules(salt))} }}</style>"
    if background:
        yield f'<rect width="{width}" height="{height}"{ink.paint("page")}/>'
    for group in picture.groups:
        yield from ink.group(group)
    yield "</svg>"


def _rules(salt: str) -> Iterator[str]:
    """The dark colours, concrete ones again."""
    for look, colour in DARK.items():
        yield f".{salt}f-{look} {{ fill: {colour} }} .{salt}s-{look} {{ stroke: {colour} }}"


class _Ink:
    def __init__(self, picture: Picture, theme: Theme, classed: bool):
        self.theme, self.classed = theme, classed
        self.salt = identifier(picture.name) + "-"

    def group(self, group: Group) -> Iterator[str]:
        name = f' id="{self.salt}{group.name}"' if group.name else ""
        yield f'<g{name} class="{group.kind}">'
        if group.says:
            yield f"<title>{_text(group.says)}</title>"
        for mark in group.marks:
            yield from self.mark(mark)
        yield "</g>"

    def mark(self, mark: Mark) -> Iterator[str]:
        match mark:
            case Disk(center, radius, look, width, dashed):
                paint = self.paint(look, f"{look}-line" if width else None, width, dashed)
                yield f'<circle cx="{_n(center[0])}" cy="{_n(center[1])}" r="{_n(radius)}"{paint}/>'
            case Panel(box, corner, look, width, dashed):
                paint = self.paint(look, f"{look}-line", width, dashed)
                yield f'<rect {_box(box)} rx="{_n(corner)}"{paint}/>'
            case Stroke(curve, look, width, dashed, casing, faint):
                d = _curve(curve)
                if casing:
                    yield f'<path d="{d}"{self.paint(None, "page", width + 3)}/>'
                yield f'<path d="{d}"{self.paint(None, look, width, dashed)}{_opacity(faint)}/>'
            case Polyline(points, look, width):
                paint = self.paint(None, look, width)
                yield f'<path d="{_joined(points)}"{paint} stroke-linejoin="round" stroke-linecap="round"/>'
            case Wedge(corners, look, faint):
                yield f'<path d="{_joined(corners)}Z"{self.paint(look)}{_opacity(faint)}/>'
            case Lettering():
                yield from self.letters(mark)

    def letters(self, mark: Lettering) -> Iterator[str]:
        """The middle of the ink's box is where it is wanted. Signs that no font here has are left to the viewer's."""
        drawn = outline(mark.label, mark.size)
        if mark.halo:
            yield f'<rect {_box(around(mark.middle, drawn.width + 2 * HALO, drawn.height + HALO))} rx="3"{self.paint("page")}/>'
        if drawn.foreign:
            at = f'x="{_n(mark.middle[0])}" y="{_n(mark.middle[1] + mark.size / 3)}" font-size="{_n(mark.size)}"'
            yield f'<text {at} font-family="serif" text-anchor="middle"{self.paint(mark.look)}>{_text(mark.label.text)}</text>'
            return
        x = mark.middle[0] - (drawn.box[0] + drawn.box[2]) / 2
        y = mark.middle[1] - (drawn.box[1] + drawn.box[3]) / 2
        place = f'transform="translate({_n(x)} {_n(y)})"'
        yield f'<path {place} d="{drawn.path}"{self.paint(mark.look)}><title>{_text(mark.label.text)}</title></path>'

    def paint(self, fill: str | None, stroke: str | None = None, width: float = 0.0, dashed: bool = False) -> str:
        """The attributes of colours; where the theme may change, also the classes that change them."""
        attributes = f' fill="{self.theme[fill]}"' if fill else ' fill="none"'
        if stroke:
            attributes += f' stroke="{self.theme[stroke]}" stroke-width="{_n(width)}"'
            attributes += f' stroke-dasharray="{_n(3 * width + 2)} {_n(2 * width + 1)}"' if dashed else ""
        classes = [f"{self.salt}{way}-{look}" for way, look in (("f", fill), ("s", stroke)) if look]
        return attributes + (f' class="{" ".join(classes)}"' if self.classed else "")


def _opacity(faint: bool) -> str:
    return ' opacity="0.5"' if faint else ""


def _curve(curve: Curve) -> str:
    start = f"M{_point(curve[0])}"
    if len(curve) == 2:
        return f"{start}L{_point(curve[1])}"
    pieces = (curve[k : k + 3] for k in range(1, len(curve), 3))
    return start + "".join(f"C{' '.join(map(_point, piece))}" for piece in pieces)


def _joined(points: Sequence[Point]) -> str:
    return "M" + "L".join(map(_point, points))


def _box(box: Box) -> str:
    size = f'width="{_n(box[2] - box[0])}" height="{_n(box[3] - box[1])}"'
    return f'x="{_n(box[0])}" y="{_n(box[1])}" {size}'


def _point(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


def _n(value: float) -> str:
    """Two digits after the point: a hundredth of a px."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _text(text: str) -> str:
    """Text that XML can hold: control characters have no place in it."""
    return escape("".join(c if c.isprintable() or c == " " else "\ufffd" for c in text.replace("\n", " ")))
