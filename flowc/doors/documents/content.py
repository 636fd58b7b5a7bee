"""What a diagram shows in a document: the doors that are there for it, and what they give as blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flowc.doors.documents.blocks import Block, Image, Items, Listing, Mathematics, Span, Spans, Words
from flowc.doors.documents.vocabulary import PICTURES, Request
from flowc.doors.rendering import EXTRA, Token, arrays_of_token, drawn, files_of, inked
from flowc.drawing.fonts import NoLettering
from flowc.drawing.raster import NoRaster
from flowc.nets.opened import Opened
from flowc.records import Record

if TYPE_CHECKING:
    from flowc.equations.document import Document
    from flowc.equations.tree import Expr
    from flowc.learning.trace.model import Trace

SIGNS = {"⊙": r"\odot", "×": r"\times", "≈": r"\approx", "∂": r"\partial", "δ": r"\delta", "ξ": r"\xi", "η": r"\eta"}
TEXTS = ("html", "tikz")  # formats that are part of a page's own text, and have all steps in one


class Content(Record):
    """`warnings`: sentences for the author of the document."""

    blocks: tuple[Block, ...]
    warnings: tuple[str, ...] = ()


def make_content(diagram: Opened, request: Request, format: str) -> Content:
    """`request.options["weights"]` are arrays by name. Raises ValueError, FloatingPointError, ModuleNotFoundError."""
    if request.show in PICTURES:
        return _draw_pictures(diagram, request, format)
    if request.show == "plot":
        return Content((_draw_plot(diagram, request, format),))
    if request.show == "code":
        return Content((_print_listing(diagram, request),))
    if request.show == "trace":
        deltas = request.options.get("gradients", "delta") == "delta"
        return Content((*_show_trace(_make_trace(diagram, request), deltas),))
    return Content((*_show_equations(_make_equations(diagram, request)),))


# ------------------------------------------------------------------------------------------------------------ pictures


def _draw_pictures(diagram: Opened, request: Request, format: str) -> Content:
    options = {**request.options, "show": request.show}
    options.pop("steps", None)
    if options.get("theme") == "auto" and format != "svg":
        options["theme"] = "light"
    pictures, ink = drawn(diagram, options)
    try:
        contents = files_of(pictures, format, ink) if format in TEXTS else [inked(picture, format, ink) for picture in pictures]
    except (NoLettering, NoRaster):
        raise ModuleNotFoundError(EXTRA) from None
    images = [
        Image(format, content if isinstance(content, bytes) else content.encode(), picture.alt, _round_size(picture.size), picture.description)
        for picture, content in zip(pictures, contents, strict=False)  # all steps may be one text
    ]
    return Content((*images,), (*dict.fromkeys(warning for picture in pictures for warning in picture.warnings),))


def _round_size(size: tuple[float, float]) -> tuple[int, int]:
    return round(size[0]), round(size[1])


def _draw_plot(diagram: Opened, request: Request, format: str) -> Image:
    from flowc.nets.plotting.plot import plot
    from flowc.plots.ink import as_bytes

    kind, *names = request.options.get("plot", ("",))
    how = request.of("weights", "range", "soft", "others", "theme", "seed")
    if how.get("theme") == "auto":
        how["theme"] = "light"
    if seed := how.pop("seed", None):
        how["settings"] = {"seed": seed}
    usual: dict[str, Any] = {
        "data": None, "weights": None, "range": None, "soft": False, "others": "learnt", "theme": "light", "settings": {},
    }  # fmt: skip
    figure = plot(diagram, kind, names, steps=request.options.get("steps") or None, backend="numpy", dtype="float64",
                  method=None, **(usual | how))  # fmt: skip
    if "alt" in request.options:
        figure.alt = request.options["alt"]
    return Image(format, as_bytes(figure, format), figure.alt, _round_size((96 * figure.get_figwidth(), 96 * figure.get_figheight())))


# ---------------------------------------------------------------------------------------------------------------- code


def _print_listing(diagram: Opened, request: Request) -> Listing:
    from flowc.nets.net import Net

    net = Net(diagram, **{"backend": "numpy", **request.of("backend", "form", "style", "gradient")})
    part = request.options.get("part")
    return Listing(net.source if part is None else net.part_of_source(part), net.language)


# ----------------------------------------------------------------------------------------------------------- equations


def _make_equations(diagram: Opened, request: Request) -> Document:
    from flowc.doors.equations import PARTS, document_of

    part = _find_part(request, PARTS)
    weights = _find_weights(diagram, request) if request.options.get("numbers") or "weights" in request.options else None
    asked = request.options
    return document_of(diagram, asked.get("form"), part, weights, asked.get("digits", 4), asked.get("all", False), asked.get("tokens"),
                       asked.get("gradients", "delta"))  # fmt: skip


def _find_part(request: Request, parts: tuple[str, ...]) -> str:
    """Raises ValueError."""
    part: str = request.options.get("part", "all")
    if part not in parts:
        raise ValueError(f"`part` of {'a trace' if request.show == 'trace' else request.show} is one of {', '.join(parts)}, not `{part}`")
    return part


def _find_weights(diagram: Opened, request: Request) -> Mapping[str, Any]:
    from flowc.nets.net import Net

    weights: Mapping[str, Any] | None = request.options.get("weights")
    return Net(diagram).init(request.options.get("seed", diagram.network.seed)) if weights is None else weights


def _show_equations(document: Document) -> Iterable[Block]:
    from flowc.equations.document import Equation
    from flowc.equations.latex import aligned, equation, split_rows

    for group in document.groups:
        says = _make_spans((", ", *group.says)) if group.says else ()
        yield Words((Span("strong", group.title), *says))
        yield _make_mathematics("\n".join([*aligned(group.rows, "aligned")][1:-1]), split_rows(group.rows))
    if document.where:
        yield Words((Span("text", "where"),))
        yield Items(tuple(
            (Span("math", equation(note)),) if isinstance(note, Equation) else _make_spans(note.parts)
            for note in document.where
        ))  # fmt: skip


def _make_spans(parts: Iterable[str | Expr]) -> Spans:
    """Words, and formulas among them; a sign that few fonts of texts have is a formula, too."""
    from flowc.equations.typeset import formula

    spans: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            pieces = re.split(f"([{''.join(SIGNS)}])", part)
            spans += [Span("math", SIGNS[piece]) if piece in SIGNS else Span("text", piece) for piece in pieces if piece]
        else:
            spans.append(Span("math", formula(part)))
    return tuple(spans)


def _make_mathematics(latex: str, rows: Iterable[tuple[str, str]]) -> Mathematics:
    """`rows`: the same, each in two parts."""
    from flowc.equations.mathml import table_of_rows
    from flowc.equations.mathml_formula import NoConverter

    try:
        return Mathematics(latex, table_of_rows(rows))
    except NoConverter:
        raise ModuleNotFoundError("MathML is made by latex2mathml: `pip install flowc[draw]`") from None


# --------------------------------------------------------------------------------------------------------------- trace


def _make_trace(diagram: Opened, request: Request) -> Trace:
    from flowc.data.dataset import BadData
    from flowc.doors.equations import PARTS
    from flowc.doors.tracing import check_part
    from flowc.learning.trace.build import trace
    from flowc.nets.net import Net
    from flowc.nets.trace_values import find_values

    asked = request.options
    token = Token(asked.get("values"), asked.get("row"), asked.get("weights"), asked.get("seed"))
    try:
        arrays = arrays_of_token(diagram, token)
    except BadData as error:
        raise ValueError(str(error)) from None
    values = find_values(diagram.network, Net(diagram), _find_weights(diagram, request), arrays, asked.get("rate"))
    part = _find_part(request, PARTS)
    lines = trace(diagram.network, values, "", least=asked.get("digits", 4), whole=asked.get("all", False), part=part)
    return check_part(lines, part, values)


def _show_trace(trace: Trace, deltas: bool) -> Iterable[Block]:
    from flowc.learning.trace.latex import section_rows, section_title, spell_meanings
    from flowc.learning.trace.prose import CLOSE

    for section in trace.sections:
        yield Words((Span("strong", section_title(section, trace)),))
        rows = section_rows(section, trace, deltas)
        parts = ((left.strip(), right) for left, _, right in (row.partition("&") for row in rows))
        yield _make_mathematics(" \\\\\n".join(rows), parts)
    if meanings := [*spell_meanings(trace, deltas)]:
        yield Words((Span("text", "where"),))
        yield Items(tuple((Span("math", meaning),) for meaning in meanings))
    if trace.close:
        yield Words(_make_spans((CLOSE,)))
