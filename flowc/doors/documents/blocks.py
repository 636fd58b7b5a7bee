"""What stands in a document in place of a diagram: a few kinds of blocks that every place has a word for; as JSON, too."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import Any

from flowc.records import Record

ENDINGS = {"svg": "image/svg+xml", "pdf": "application/pdf", "png": "image/png"}  # formats of pictures -> their types


class Span(Record):
    """A piece of a line: "text", "code", "strong", or "math", which is LaTeX."""

    kind: str
    text: str


Spans = tuple[Span, ...]


class Image(Record):
    """A picture or a plot; `alt` is the sentence for those who do not see it, `description` all that is in it. `size`: on the
    page, in px."""

    format: str
    content: bytes
    alt: str
    size: tuple[int, int] = (0, 0)
    description: str = ""

    @property
    def uri(self) -> str:
        """The picture in its own address."""
        return f"data:{ENDINGS[self.format]};base64,{b64encode(self.content).decode('ascii')}"


class Mathematics(Record):
    """`latex`: the rows of an `aligned`, as in that environment; `mathml`: the same as the elements within `math`."""

    latex: str
    mathml: str


class Listing(Record):
    text: str
    language: str


class Words(Record):
    spans: Spans


class Items(Record):
    items: tuple[Spans, ...]


Block = Image | Mathematics | Listing | Words | Items
KINDS: dict[str, type[Any]] = {kind.__name__.lower(): kind for kind in (Image, Mathematics, Listing, Words, Items)}


def as_data(block: Block) -> dict[str, Any]:
    """A block as JSON has it, `{"kind": "words", "spans": [["text", "where"]]}`; bytes are in base64."""
    data = {name: _plain_value(value) for name, value in zip(block.field_names, block.field_values)}
    return {"kind": type(block).__name__.lower(), **data}


def _plain_value(value: Any) -> Any:
    match value:
        case bytes():
            return b64encode(value).decode("ascii")
        case Span(kind, text):
            return [kind, text]
        case tuple():
            return [_plain_value(part) for part in value]
    return value


def of_data(data: dict[str, Any]) -> Block:
    """The block that `as_data` made this of."""
    kind, values = KINDS[data["kind"]], {name: value for name, value in data.items() if name != "kind"}
    if kind is Image:
        values |= {"content": b64decode(values["content"]), "size": tuple(values["size"])}
    if kind is Words:
        values = {"spans": _make_spans(values["spans"])}
    if kind is Items:
        values = {"items": tuple(map(_make_spans, values["items"]))}
    block: Block = kind(**values)
    return block


def _make_spans(data: Iterable[list[str]]) -> Spans:
    return tuple(Span(*pair) for pair in data)
