"""Diagrams in pandoc and Quarto: the blocks that the Lua filter sends, as pandoc's own JSON, and what stands in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from flowc.doors.documents.blocks import Block, Image, Items, Listing, Mathematics, Span, Spans, Words
from flowc.doors.documents.content import TEXTS
from flowc.doors.documents.embed import Embedded, Place, embed
from flowc.doors.documents.lines import Lines
from flowc.drawing.raster import typst_string
from flowc.records import Record

Node = dict[str, Any]
FIGURES = [1, 23]  # the version of pandoc's JSON from which a figure is a block of its own
FORMATS = {"latex": "pdf", "beamer": "pdf", "context": "pdf", "docx": "png", "pptx": "png", "odt": "png", "rtf": "png"}  # else SVG
SLIDES = {"revealjs": "html", "beamer": "tikz"}  # of steps: one picture, in which each click shows one more
# As wide as the slide at most.
FITTED = "\\begin{center}\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%%\n%s}\\end{center}"
TITLES = ("pptx",)  # writers that have no other place for the sentence
PAGE = ("caption", "width", "height", "file")  # options that are of the page, and not of the diagram
QUARTO = {"fig-cap": "caption", "fig-alt": "alt", "fig-width": "width", "label": "id"}
LEFT = ("fig-", "lst-", "tbl-", "data-")  # attributes of others
TYPST_LENGTH = re.compile(r"\d+(\.\d+)?(%|pt|mm|cm|in|em)")
OPTION = re.compile(r"#\| *([\w-]+): *(.*)")  # a line above a diagram, as Quarto has them


class BadHead(Exception):
    """What is wrong with the metadata of a document, in a sentence."""


class Flow(Record):
    """A block of code that is a diagram. `place`: where it stands, as near as can be found out."""

    id: str
    classes: Sequence[str]
    options: Mapping[str, str]
    text: str
    place: Place


def replace_blocks(document: Node, format: str) -> tuple[Node, list[Embedded]]:
    """A document of blocks of code as one of as many `Div`s; `format`: pandoc's name of the writer."""
    flows = [*_read_flows(document)]
    name = re.split(r"[+-]", format)[0]
    pictures = FORMATS.get(name, "svg")
    results = [_embed_flow(flow, SLIDES.get(name, pictures) if _shows_steps(flow) else pictures) for flow in flows]
    writer = _Writer(name, document["pandoc-api-version"] >= FIGURES)
    blocks = [_make_node("Div", [["", [], []], [*_make_nodes(*pair, writer)]]) for pair in zip(flows, results)]
    return {**document, "meta": {}, "blocks": blocks}, results


def _read_flows(document: Node) -> Iterator[Flow]:
    """The diagrams, each with the defaults of the document's metadata."""
    head = document["meta"].get("flowc", {"t": "MetaMap", "c": {}})
    if head["t"] != "MetaMap":
        raise BadHead("in the head of the page `flowc` has options below it, as `direction: up`")
    defaults = {name: _read_text(node) for name, node in head["c"].items()}
    files = [_read_text(node) for node in document["meta"].get("flowc-files", {"c": []})["c"]]
    texts = Lines(files, "standard input")
    for block in document["blocks"]:
        (id, classes, pairs), text = block["c"]
        above, text, lines = _split_options(text)
        options = {QUARTO.get(name, name): value for name, value in (*pairs, *above.items())}
        place = replace(texts.place_of_next(block["c"][1]), defaults=defaults)
        yield Flow(options.pop("id", "") or id, classes, options, text, replace(place, body=place.body + lines))


def _split_options(text: str) -> tuple[dict[str, str], str, int]:
    """The lines `#| name: value` at the beginning, the rest, and how many lines they were."""
    options, lines = {}, text.split("\n")
    while lines and (match := OPTION.fullmatch(lines[0].strip())):
        options[match[1]] = match[2].strip().strip("\"'")
        lines.pop(0)
    return options, "\n".join(lines), len(options)


def _shows_steps(flow: Flow) -> bool:
    return flow.options.get("show") == "steps" or "show" not in flow.options and "steps" in flow.options and "plot" not in flow.options


def _embed_flow(flow: Flow, format: str) -> Embedded:
    options = {name: value for name, value in flow.options.items() if name not in PAGE and not name.startswith(LEFT)}
    return embed(flow.text, flow.options.get("file"), options, flow.place, format)


# --------------------------------------------------------------------------------------------------- pandoc's own words


def _make_node(kind: str, content: Any) -> Node:
    return {"t": kind, "c": content}


def _read_text(node: Node) -> str:
    """Of a value of the metadata."""
    content = node["c"]
    return content if isinstance(content, str) else str(content).lower() if isinstance(content, bool) else "".join(part.get("c", " ") for part in content)


class _Writer(Record):
    """`figures`: they are blocks of their own."""

    name: str
    figures: bool

    def picture(self, attributes: list[Any], words: list[Node], image: Image) -> Node:
        """An inline, with its sentence where this writer keeps it."""
        if self.name == "typst":
            return _make_node("RawInline", ["typst", _spell_typst_image(image, dict(attributes[2]))])
        if self.name.startswith("html") and image.description:
            attributes = [*attributes[:2], [*attributes[2], ["aria-description", image.description]]]
        return _make_node("Image", [attributes, words, [image.uri, image.alt if self.name in TITLES else ""]])


def _make_nodes(flow: Flow, result: Embedded, writer: _Writer) -> Iterator[Node]:
    several = count(1) if sum(isinstance(block, Image) for block in result.blocks) > 1 else None
    for block in result.blocks:
        if isinstance(block, Image) and block.format in TEXTS:
            yield _make_slides(block, flow)
        elif isinstance(block, Image):
            yield _make_image(block, flow, writer, "" if several is None else f"-{next(several)}")
        else:
            yield _make_block(block)


def _make_slides(image: Image, flow: Flow) -> Node:
    """Steps, in the words of the slides, and below them the caption."""
    text = image.content.decode("utf-8")
    raw = _make_node("RawBlock", ["html", text] if image.format == "html" else ["latex", FITTED % text])
    caption = _make_inlines(_split_mathematics(flow.options.get("caption", "")))
    return _make_node("Div", [[flow.id, [], []], [raw, *([_make_node("Para", caption)] if caption else [])]])


def _make_block(block: Block) -> Node:
    match block:
        case Mathematics(latex):
            return _make_node("Para", [_make_node("Math", [{"t": "DisplayMath"}, f"\\begin{{aligned}}\n{latex}\n\\end{{aligned}}"])])
        case Listing(text, language):
            return _make_node("CodeBlock", [["", [language] if language else [], []], text.rstrip("\n")])
        case Items(items):
            return _make_node("BulletList", [[_make_node("Plain", _make_inlines(item))] for item in items])
        case Words(spans):
            return _make_node("Para", _make_inlines(spans))
    raise TypeError(block)


def _make_image(image: Image, flow: Flow, writer: _Writer, number: str) -> Node:
    """A figure where there is a caption, or a name to refer to; `number` of one of several."""
    size = [[name, flow.options[name]] for name in ("width", "height") if name in flow.options]
    if not size and image.format == "png":  # it has two pixels for one
        size = [["width", f"{image.size[0]}px"]]
    caption = _make_inlines(_split_mathematics(flow.options.get("caption", "")))
    classes = [name for name in flow.classes if name != "flow"]
    id = flow.id + number if flow.id else ""
    alt = _split_text(image.alt)
    if not caption and not id:
        return _make_node("Para", [writer.picture(["", classes, size], alt, image)])
    if writer.figures:
        picture = writer.picture(["", [], size], alt, image)
        return _make_node("Figure", [[id, classes, []], [None, [_make_node("Plain", caption)] if caption else []], [_make_node("Plain", [picture])]])
    attributes = [*size, *([["alt", image.alt]] if caption else [])]
    return _make_node("Para", [_make_node("Image", [[id, classes, attributes], caption or alt, [image.uri, "fig:" if caption else ""]])])


def _spell_typst_image(image: Image, size: Mapping[str, str]) -> str:
    """The call that holds the picture itself: pandoc's own has no place for the sentence."""
    lengths = "".join(f", {name}: {length}" for name, length in size.items() if TYPST_LENGTH.fullmatch(length))
    content, alt = typst_string(image.content.decode("utf-8")), typst_string(image.alt)
    return f'#image(bytes({content}), format: "svg", alt: {alt}{lengths})'


def _split_mathematics(text: str) -> Spans:
    """A caption, in which `$...$` is mathematics."""
    parts = re.split(r"\$([^$]+)\$", text)
    return tuple(Span("math" if k % 2 else "text", part) for k, part in enumerate(parts) if part)


def _make_inlines(spans: Spans) -> list[Node]:
    return [node for span in spans for node in _make_inline(span)]


def _make_inline(span: Span) -> list[Node]:
    match span.kind:
        case "math":
            return [_make_node("Math", [{"t": "InlineMath"}, span.text])]
        case "code":
            return [_make_node("Code", [["", [], []], span.text])]
        case "strong":
            return [_make_node("Strong", _split_text(span.text))]
    return _split_text(span.text)


def _split_text(text: str) -> list[Node]:
    return [{"t": "Space"} if part == " " else _make_node("Str", part) for part in re.split("( )", text) if part]
