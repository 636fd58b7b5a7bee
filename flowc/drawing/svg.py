"""Ink: a picture as SVG. Every colour is concrete, letters are outlines, nothing needs a script, a font or a style sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from zlib import crc32

from flowc.drawing.geometry import Box, Curve, Point, around
from flowc.drawing.identifiers import identifier
from flowc.drawing.lettering import outline
from flowc.drawing.overlays import Span, overlay_groups
from flowc.drawing.picture import CodeText, Disk, Group, Lettering, Mark, Panel, Picture, Polyline, Stroke, Wedge
from flowc.drawing.themes import DARK, LIGHT, THEMES, Theme

HALO = 4.0  # of the page's colour around a label on an arrow
GONE = "flow-gone"  # of a fragment that is seen until it is clicked away. What reveal.js calls so stays when it prints
MONOSPACED = "DejaVu Sans Mono, Menlo, Consolas, monospace"
SALT = "\0"  # where an id begins, until the rest of the file is written; nothing else in it is this


def as_svg(picture: Picture, theme: str = "light", background: bool = False, id_prefix: str | None = None) -> str:
    """`theme`: light, dark, print, or auto: light, and dark where the reader prefers that. `background`: the page's colour
    behind the picture, which is transparent otherwise. `id_prefix`: of all ids, as the `fig1` of `fig1-h1`; by default the
    picture's name and a digest of all that is in the file, so that no two pictures of a page share an id."""
    lines = _svg_lines(picture, theme, background, lambda ink: (line for group in picture.groups for line in ink.group(group)))
    return spell_ids("\n".join(lines) + "\n", picture, id_prefix)


def spell_ids(text: str, picture: Picture, id_prefix: str | None) -> str:
    """The text with a beginning for every id."""
    prefix = id_prefix or f"{identifier(picture.name)}-{crc32(text.encode('utf-8', 'surrogatepass')):08x}"
    return text.replace(SALT, f"{prefix}-")


def steps_as_svg(pictures: Sequence[Picture], theme: str, background: bool) -> Iterator[str]:
    """The lines of one SVG of all steps: what one of them lacks is in groups of the class `fragment`, as reveal.js shows and
    hides them. Where nothing does, the last step is seen. Ids are as for `spell_ids`."""
    last = len(pictures) - 1

    def draw(ink: _Ink) -> Iterator[str]:
        for overlays in overlay_groups(pictures):
            yield from ink.open_group(overlays.group)
            for overlay in overlays.parts:
                before, after = _fragments_of(overlay.span, last)
                yield from before
                yield from (line for mark in overlay.marks for line in ink.mark(mark))
                yield from after
            yield "</g>"

    return _svg_lines(pictures[-1], theme, background, draw, ' style="max-width: 100%; height: auto"')


def _fragments_of(span: Span, last: int) -> tuple[list[str], list[str]]:
    """What stands before and after marks of a span. A step has the index of the click that leads to it, the second has 0."""
    begin, end = span
    before = [f'<g class="fragment" data-fragment-index="{begin - 1}">'] if begin else []
    if end < last:  # a page without reveal.js has no rule against the attribute
        before.append(f'<g class="fragment custom {GONE}" data-fragment-index="{end}" visibility="hidden">')
    return before, ["</g>"] * len(before)


def _svg_lines(
    picture: Picture, theme: str, background: bool, draw: Callable[[_Ink], Iterator[str]], style: str = ""
) -> Iterator[str]:  # fmt: skip
    colours = LIGHT if theme == "auto" else THEMES[theme]
    ink = _Ink(colours, classed=theme == "auto")
    width, height = (_spell_number(x) for x in picture.size)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"{style} '
        f'role="img" aria-labelledby="{SALT}title {SALT}desc">'
    )
    yield f'<title id="{SALT}title">{xml_text(picture.alt)}</title>'
    yield f'<desc id="{SALT}desc">{xml_text(picture.description)}</desc>'
    if theme == "auto":
        yield f"<style>@media (prefers-color-scheme: dark) {{ {' '.join(_dark_rules())} }}</style>"
    if background:
        yield f'<rect width="{width}" height="{height}"{ink.paint("page")}/>'
    yield from draw(ink)
    yield "</svg>"


def _dark_rules() -> Iterator[str]:
    """The dark colours, concrete ones again."""
    for look, colour in DARK.items():
        yield f".{SALT}f-{look} {{ fill: {colour} }} .{SALT}s-{look} {{ stroke: {colour} }}"


class _Ink:
    def __init__(self, theme: Theme, classed: bool):
        self.theme, self.classed = theme, classed

    def group(self, group: Group) -> Iterator[str]:
        yield from self.open_group(group)
        for mark in group.marks:
            yield from self.mark(mark)
        yield "</g>"

    def open_group(self, group: Group) -> Iterator[str]:
        name = f' id="{SALT}{group.name}"' if group.name else ""
        yield f'<g{name} class="{group.kind}">'
        if group.says:
            yield f"<title>{xml_text(group.says)}</title>"

    def mark(self, mark: Mark) -> Iterator[str]:
        match mark:
            case Disk(center, radius, look, width, dashed):
                paint = self.paint(look, f"{look}-line" if width else None, width, dashed)
                yield f'<circle cx="{_spell_number(center[0])}" cy="{_spell_number(center[1])}" r="{_spell_number(radius)}"{paint}/>'
            case Panel(box, corner, look, width, dashed):
                paint = self.paint(look, f"{look}-line", width, dashed)
                yield f'<rect {_box_attributes(box)} rx="{_spell_number(corner)}"{paint}/>'
            case Stroke(curve, look, width, dashed, casing, faint):
                d = _path_of_curve(curve)
                if casing:
                    yield f'<path d="{d}"{self.paint(None, "page", width + 3)}/>'
                yield f'<path d="{d}"{self.paint(None, look, width, dashed)}{_opacity_attribute(faint)}/>'
            case Polyline(points, look, width):
                paint = self.paint(None, look, width)
                yield f'<path d="{_path_of_points(points)}"{paint} stroke-linejoin="round" stroke-linecap="round"/>'
            case Wedge(corners, look, faint):
                yield f'<path d="{_path_of_points(corners)}Z"{self.paint(look)}{_opacity_attribute(faint)}/>'
            case Lettering():
                yield from self.letters(mark)
            case CodeText(text, left, size, advance, look):
                at = f'x="{_spell_number(left[0])}" y="{_spell_number(left[1] + 0.35 * size)}" font-size="{_spell_number(size)}"'
                wide = f'textLength="{_spell_number(len(text) * advance)}"'
                yield f'<text {at} {wide} font-family="{MONOSPACED}" xml:space="preserve"{self.paint(look)}>{xml_text(text)}</text>'

    def letters(self, mark: Lettering) -> Iterator[str]:
        """The middle of the ink's box is where it is wanted. Signs that no font here has are left to the viewer's."""
        drawn = outline(mark.label, mark.size)
        if mark.halo:
            yield f'<rect {_box_attributes(around(mark.middle, drawn.width + 2 * HALO, drawn.height + HALO))} rx="3"{self.paint("page")}/>'
        if drawn.foreign:
            at = f'x="{_spell_number(mark.middle[0])}" y="{_spell_number(mark.middle[1] + mark.size / 3)}" font-size="{_spell_number(mark.size)}"'
            yield f'<text {at} font-family="serif" text-anchor="middle"{self.paint(mark.look)}>{xml_text(mark.label.text)}</text>'
            return
        x = mark.middle[0] - (drawn.box[0] + drawn.box[2]) / 2
        y = mark.middle[1] - (drawn.box[1] + drawn.box[3]) / 2
        place = f'transform="translate({_spell_number(x)} {_spell_number(y)})"'
        yield f'<path {place} d="{drawn.path}"{self.paint(mark.look)}><title>{xml_text(mark.label.text)}</title></path>'

    def paint(self, fill: str | None, stroke: str | None = None, width: float = 0.0, dashed: bool = False) -> str:
        """The attributes of colours; where the theme may change, also the classes that change them."""
        attributes = f' fill="{self.theme[fill]}"' if fill else ' fill="none"'
        if stroke:
            attributes += f' stroke="{self.theme[stroke]}" stroke-width="{_spell_number(width)}"'
            attributes += f' stroke-dasharray="{_spell_number(3 * width + 2)} {_spell_number(2 * width + 1)}"' if dashed else ""
        classes = [f"{SALT}{way}-{look}" for way, look in (("f", fill), ("s", stroke)) if look]
        return attributes + (f' class="{" ".join(classes)}"' if self.classed else "")


def _opacity_attribute(faint: bool) -> str:
    return ' opacity="0.5"' if faint else ""


def _path_of_curve(curve: Curve) -> str:
    start = f"M{_spell_point(curve[0])}"
    if len(curve) == 2:
        return f"{start}L{_spell_point(curve[1])}"
    pieces = (curve[k : k + 3] for k in range(1, len(curve), 3))
    return start + "".join(f"C{' '.join(map(_spell_point, piece))}" for piece in pieces)


def _path_of_points(points: Sequence[Point]) -> str:
    return "M" + "L".join(map(_spell_point, points))


def _box_attributes(box: Box) -> str:
    size = f'width="{_spell_number(box[2] - box[0])}" height="{_spell_number(box[3] - box[1])}"'
    return f'x="{_spell_number(box[0])}" y="{_spell_number(box[1])}" {size}'


def _spell_point(point: Point) -> str:
    return f"{_spell_number(point[0])} {_spell_number(point[1])}"


def _spell_number(value: float) -> str:
    """Two digits after the point: a hundredth of a px."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def xml_text(text: str) -> str:
    """Text that XML can hold: control characters have no place in it."""
    return escape("".join(c if c.isprintable() or c == " " else "\ufffd" for c in text.replace("\n", " ")), quote=False)
