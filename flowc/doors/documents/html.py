"""What a diagram shows in a document, as HTML that needs no script and no style sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape

from flowc.doors.documents.blocks import Block, Image, Items, Listing, Mathematics, Span, Spans, Words

FITS = "max-width: 100%; height: auto"
SIZE = re.compile(r"[0-9.]+(%|px|em|rem|ex|ch|vw|cm|mm|in|pt|pc)?")


def print_page(blocks: Iterable[Block], apart: Callable[[str], str], id: str = "", caption: str = "", width: str = "") -> str:
    """`apart`: of an SVG the same with ids that nothing else on the page has. Raises ValueError."""
    if width and not SIZE.fullmatch(width):
        raise ValueError(f"`width` cannot be `{width}`: it is a length, as 60% or 300px")
    every = [*blocks]
    shown = "".join(_print_block(block, apart, width) for block in every)
    name = f' id="{escape(id)}"' if id else ""
    if isinstance(every[0], Image):
        words = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
        return f'<figure class="flow"{name}>{shown}{words}</figure>'
    return f'<div class="flow"{name}>{shown}</div>'


def _print_block(block: Block, apart: Callable[[str], str], width: str) -> str:
    match block:
        case Image(format):
            return _inline_picture(block, apart, width) if format == "svg" else print_image(block)
        case Mathematics(_, mathml):
            return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">{mathml}</math>'
        case Listing(text, language):
            return _highlight_code(text, language)
        case Items(items):
            return f"<ul>{''.join(f'<li>{_print_line(item)}</li>' for item in items)}</ul>"
        case Words(spans):
            return f"<p>{_print_line(spans)}</p>"
    raise TypeError(block)


def print_image(image: Image) -> str:
    """A picture in its own address, which is in nobody's way: no id, no style sheet, and no sanitizer takes it away."""
    description = f' aria-description="{escape(image.description)}"' if image.description else ""
    return f'<img src="{image.uri}" alt="{escape(image.alt)}"{description} style="{FITS}">'


def _inline_picture(image: Image, apart: Callable[[str], str], width: str) -> str:
    """The element alone, as wide as the column at most."""
    text = image.content.decode("utf-8")
    svg = apart(text[text.index("<svg ") :].strip())
    style = f"{FITS}; width: {width}{'px' if width.isdigit() else ''}" if width else FITS
    return svg.replace("<svg ", f'<svg style="{style}" ', 1)


def _print_line(spans: Spans) -> str:
    return "".join(_print_span(span) for span in spans)


def _print_span(span: Span) -> str:
    match span.kind:
        case "math":
            from flowc.equations.mathml_formula import convert_formula

            return f'<math xmlns="http://www.w3.org/1998/Math/MathML">{convert_formula(span.text)}</math>'
        case "code" | "strong":
            return f"<{span.kind}>{escape(span.text)}</{span.kind}>"
    return escape(span.text)


def _highlight_code(text: str, language: str) -> str:
    """In the classes of Pygments, for which sites have colours."""
    try:
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import get_lexer_by_name
        from pygments.util import ClassNotFound
    except ModuleNotFoundError:
        return f"<pre><code>{escape(text)}</code></pre>"
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return f"<pre><code>{escape(text)}</code></pre>"
    html: str = highlight(text, lexer, HtmlFormatter(cssclass="highlight", wrapcode=True))
    return html


def find_prefix(svg: str) -> str:
    """What the ids of a picture begin with."""
    match = re.search(r'aria-labelledby="(\S+)-title ', svg)
    return match[1] if match else ""
