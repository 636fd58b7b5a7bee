"""Ink: a picture, or its steps, as TikZ, for `\\input`: the document's own fonts, a named node for every circle, bias and weight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flowc.drawing.geometry import Curve, Point
from flowc.drawing.overlays import Overlays, Span, overlay_groups
from flowc.drawing.picture import CodeText, Disk, Group, Lettering, Mark, Panel, Picture, Polyline, Stroke, Wedge
from flowc.drawing.themes import THEMES, Theme
from flowc.maths.symbols import latex_signs, latex_words

POINT = 0.45  # pt of a px: names are in letters of 10 pt
SIZES = {22.0: r"\normalsize", 19.0: r"\small", 16.0: r"\footnotesize", 15.0: r"\scriptsize"}
HEAD = (  # what holds in the picture alone: signs mean themselves, whatever babel and others have made of them; `alt` is TikZ's own
    r"\begingroup" + "".join(rf"\catcode{ord(sign)} 12" for sign in "!\"',-:;<=>?`|") + r"\catcode94 7\catcode95 8\relax",
    r"\tikzset{flow alt/.code={}}%",
    r"\pgfkeysifdefined{/tikz/alt/.@cmd}{\pgfkeysifdefined{/tikz/visible on/.@cmd}{}{\tikzset{flow alt/.forward to=/tikz/alt}}}{}%",
)
STEPS = (  # \flowstep{\only<...>}{...}: of all steps but the last. A frame that reads this as an argument cannot have a #
    r"\ifcsname ver@beamer.cls\endcsname",
    r"  \expandafter\let\expandafter\flowstep\csname @firstofone\endcsname\let\flowlast\flowstep",
    r"\else",
    r"  \expandafter\let\expandafter\flowstep\csname @gobbletwo\endcsname",
    r"  \expandafter\let\expandafter\flowlast\csname @secondoftwo\endcsname",
    r"\fi",
)
STANDALONE = r"""\documentclass[border=2pt]{standalone}
\usepackage{amsmath,tikz}
\begin{document}
%s\end{document}
"""


def as_tikz(picture: Picture) -> str:
    """One `tikzpicture`."""
    return as_tikz_steps([picture])


def as_tikz_steps(pictures: Sequence[Picture], theme: str = "light", standalone: bool = False, background: bool = False) -> str:
    """One `tikzpicture`, of several pictures, its steps, with Beamer's overlays. `standalone`: a document of its own.
    `background`: the page's colour behind the picture."""
    text = "\n".join(_tikz_lines(pictures, THEMES[theme], background)) + "\n"
    return STANDALONE % text if standalone else text


def _tikz_lines(pictures: Sequence[Picture], theme: Theme, background: bool) -> Iterator[str]:
    picture, groups = pictures[-1], [*overlay_groups(pictures)]
    yield r"% needs \usepackage{amsmath,tikz}" + ("; in Beamer a step on each slide, else the last" if len(pictures) > 1 else "")
    yield "% " + latex_words(picture.alt)
    yield from HEAD
    yield from STEPS if len(pictures) > 1 else ()
    used = {look for picture in pictures for group in picture.groups for mark in group.marks for look in _colours_of_mark(mark)} | {"page"}
    yield from (f"\\definecolor{{flow-{look}}}{{HTML}}{{{theme[look][1:].upper()}}}%" for look in theme if look in used)
    yield f"\\begin{{tikzpicture}}[x={_spell_number(POINT)}pt, y=-{_spell_number(POINT)}pt, inner sep=0pt, outer sep=0pt,"
    yield f"  every flow picture/.try, flow alt={{{latex_words(picture.alt)}}}]"
    yield f"  \\useasboundingbox (0,0) rectangle {_spell_point(picture.size)};"
    if background:
        yield f"  \\fill[flow-page] (0,0) rectangle {_spell_point(picture.size)};"
    for overlays in groups:
        yield from _group_lines(overlays, len(pictures) - 1)
    yield r"\end{tikzpicture}%"
    yield r"\endgroup"


def _colours_of_mark(mark: Mark) -> tuple[str, ...]:
    """The colours that a mark takes."""
    outlined = isinstance(mark, (Disk, Panel)) and mark.width
    page = isinstance(mark, Stroke) and mark.casing or isinstance(mark, Lettering) and mark.halo
    return (mark.look, *([f"{mark.look}-line"] if outlined else []), *(["page"] if page else []))


def _group_lines(overlays: Overlays, last: int) -> Iterator[str]:
    group = overlays.group
    if group.says:
        yield f"  % {latex_words(group.says)}"
    for overlay in overlays.parts:
        lines = [f"  {line}" for mark in overlay.marks for line in _mark_lines(mark, _name_of_mark(group, mark))]
        yield from lines if overlay.span == (0, last) else (f"  {_overlay_of(overlay.span, last)}{{%", *lines, "  }")


def _overlay_of(span: Span, last: int) -> str:
    """Steps by Beamer's slides, the first where what stands before the picture leads; of a handout, and elsewhere, the last."""
    first, end = span
    until = "" if end == last else f".({end + 1})"
    elsewhere = 1 if end == last else 0
    return f"\\flow{'last' if end == last else 'step'}{{\\only<beamer:.({first + 1})-{until}|handout:{elsewhere}|trans:{elsewhere}>}}"


def _name_of_mark(group: Group, mark: Mark) -> str:
    """Of a circle its rim, of the others their letters."""
    named = isinstance(mark, Disk | Panel) if group.kind == "node" else isinstance(mark, Lettering)
    return _node_name(group.name) if named and group.kind not in ("legend", "caption") else ""


def _mark_lines(mark: Mark, name: str) -> Iterator[str]:
    match mark:
        case Disk(center, radius, look, width, dashed):
            line = f"draw=flow-{look}-line, {_pen_options(width, dashed)}, " if width else ""
            size = f"minimum size={_spell_length(2 * radius)}"
            yield f"\\node[circle, {line}fill=flow-{look}, {size}]{name} at {_spell_point(center)} {{}};"
        case Panel(box, corner, look, width, dashed):
            size = f"minimum width={_spell_length(box[2] - box[0])}, minimum height={_spell_length(box[3] - box[1])}"
            middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            line = f"draw=flow-{look}-line, {_pen_options(width, dashed)}, fill=flow-{look}"
            yield f"\\node[rounded corners={_spell_length(corner)}, {line}, {size}]{name} at {_spell_point(middle)} {{}};"
        case Stroke(curve, look, width, dashed, casing, faint):
            if casing:
                yield f"\\draw[flow-page, {_pen_options(width + 3, False)}] {_curve_path(curve)};"
            yield f"\\draw[flow-{look}, {_pen_options(width, dashed)}{', opacity=0.5' * faint}] {_curve_path(curve)};"
        case Wedge(corners, look, faint):
            yield f"\\fill[flow-{look}{', opacity=0.5' * faint}] {_polyline_path(corners)} -- cycle;"
        case Polyline(points, look, width):
            yield f"\\draw[flow-{look}, {_pen_options(width, False)}, line join=round, line cap=round] {_polyline_path(_drop_collinear(points))};"
        case CodeText(text, left, size, _, look):
            font = f"{_font_size(size)}\\ttfamily"
            yield f"\\node[text=flow-{look}, font={font}, anchor=west] at {_spell_point(left)} {{\\strut\\frenchspacing {_latex_code(text)}}};"
        case Lettering(label, middle, size, look, halo):
            behind = ", fill=flow-page, inner sep=1.5pt" if halo else ""
            yield f"\\node[text=flow-{look}, font={_font_size(size)}{behind}]{name} at {_spell_point(middle)} {{{label.tex}}};"


def _latex_code(text: str) -> str:
    """Every space and every quote as it stands; the fonts of code have a straight one."""
    return r"\ ".join(r"\char34{}".join(map(latex_signs, word.split('"'))) for word in text.split(" "))


def _font_size(size: float) -> str:
    return SIZES.get(size) or f"\\fontsize{{{_spell_number(size * POINT)}}}{{{_spell_number(1.2 * size * POINT)}}}\\selectfont"


def _pen_options(width: float, dashed: bool) -> str:
    return f"line width={_spell_length(width)}" + (f", dash pattern=on {_spell_length(3 * width + 2)} off {_spell_length(2 * width + 1)}" if dashed else "")


def _curve_path(curve: Curve) -> str:
    if len(curve) == 2:
        return _polyline_path(curve)
    pieces = (curve[k : k + 3] for k in range(1, len(curve), 3))
    return _spell_point(curve[0]) + "".join(f" .. controls {_spell_point(a)} and {_spell_point(b)} .. {_spell_point(c)}" for a, b, c in pieces)


def _drop_collinear(points: Sequence[Point]) -> list[Point]:
    """Without the points that lie on the line between their neighbours."""
    corners = list(points[:1])
    for k in range(1, len(points) - 1):
        (ax, ay), (bx, by), (cx, cy) = corners[-1], points[k], points[k + 1]
        if abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) > 0.6:
            corners.append(points[k])
    return [*corners, *points[len(points) - 1 :]]


def _polyline_path(points: Sequence[Point]) -> str:
    return " -- ".join(map(_spell_point, points))


def _spell_point(point: Point) -> str:
    return f"({_spell_number(point[0])},{_spell_number(point[1])})"


def _spell_length(length: float) -> str:
    return f"{_spell_number(length * POINT)}pt"


def _node_name(name: str) -> str:
    """A TikZ name; a weight's is short. Arrows, whose names could begin so, have none."""
    short = f"w-{name.removeprefix('weight-')}" if name.startswith("weight-") else name
    return f" ({short})" if name else ""


def _spell_number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
