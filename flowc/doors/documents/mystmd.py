"""Diagrams in MyST's own program, mystmd: what its executable plugin prints, the directive and the nodes of its tree."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from typing import Any

from flowc.doors.documents.blocks import Block, Image, Items, Listing, Mathematics, Span, Spans, Words
from flowc.doors.documents.embed import Place, embed
from flowc.doors.documents.problems import Problem
from flowc.doors.documents.vocabulary import WORDS

Node = dict[str, Any]
PAGE = {  # options that are of the page, and not of the diagram
    "caption": "the words below it",
    "label": "what it is referred to by",
    "align": "left, center or right",
    "width": "on the page",
    "class": "of the page's styles",
}
PROGRAM = """\
#!/bin/sh
exec flowc myst-plugin --answer "$@"
"""


def print_specification() -> str:
    """What the plugin has: mystmd asks for it first."""
    options = {name: {"type": "string", "doc": word.says} for name, word in WORDS.items()}
    options |= {name: {"type": "string", "doc": says} for name, says in PAGE.items()}
    directive = {
        "name": "flow", "doc": "A flow diagram: a file, or its text.", "arg": {"type": "string", "doc": "a file"},
        "options": options, "body": {"type": "string", "doc": "the text of a diagram"},
    }  # fmt: skip
    return json.dumps({"name": "flowc", "directives": [directive]})


def make_nodes(data: Node) -> list[Node]:
    """What stands in place of a directive. A problem is a node, too: where a plugin fails, mystmd drops the page and goes on."""
    options = {name: str(text) for name, text in data.get("options", {}).items()}
    node = data.get("node", {})
    line = node.get("position", {}).get("start", {}).get("line", 1)
    text = data.get("body") or ""
    place = Place("line", line, _find_first_line(node, text, line), os.curdir, {"background": "yes"})
    words = {name: value for name, value in options.items() if name not in PAGE}
    result = embed(text, data.get("arg") or None, words, place, "svg")
    if result.problems:
        return [*_tell_problems(result.problems)]
    images = [block for block in result.blocks if isinstance(block, Image)]
    return [_make_figure(images, options)] if images else [_make_block(block) for block in result.blocks]


def _find_first_line(node: Node, text: str, line: int) -> int:
    """Of the text of the diagram: it ends above the line of the last fence."""
    end = node.get("position", {}).get("end", {}).get("line")
    lines = text.count("\n") + 1
    return max(end - lines, line) if isinstance(end, int) else line + 1


def _tell_problems(problems: Sequence[Problem]) -> Iterator[Node]:
    """On the page, in place of the diagram; and as a picture that is not there, since that alone is an error for mystmd."""
    for problem in problems:
        title = {"type": "admonitionTitle", "children": [_make_text(f"flowc, line {problem.line}")]}
        yield {"type": "admonition", "kind": "error", "children": [title, {"type": "code", "lang": "text", "value": problem.text}]}
        yield {"type": "image", "url": f"line {problem.line}: {problem.message}.svg", "alt": problem.message}


def _make_figure(images: Sequence[Image], options: dict[str, str]) -> Node:
    chosen = {name: options[name] for name in ("width", "align", "class") if name in options}
    nodes = [{"type": "image", "url": image.uri, "alt": image.alt, **chosen} for image in images]
    if "caption" in options or "label" in options:
        caption = [{"type": "caption", "children": [_make_paragraph((Span("text", options["caption"]),))]}] if "caption" in options else []
        label = options.get("label", "")
        named = {"label": label, "identifier": label.lower(), "html_id": label.lower()} if label else {}
        return {"type": "container", "kind": "figure", **named, "children": [*nodes, *caption]}
    return nodes[0] if len(nodes) == 1 else {"type": "div", "children": nodes}


def _make_block(block: Block) -> Node:
    match block:
        case Mathematics(latex):
            return {"type": "math", "enumerated": False, "value": f"\\begin{{aligned}}\n{latex}\n\\end{{aligned}}"}
        case Listing(text, language):
            return {"type": "code", "lang": language, "value": text.rstrip("\n")}
        case Items(items):
            children = [{"type": "listItem", "spread": False, "children": [_make_paragraph(item)]} for item in items]
            return {"type": "list", "ordered": False, "spread": False, "children": children}
        case Words(spans):
            return _make_paragraph(spans)
    raise TypeError(block)


def _make_paragraph(spans: Spans) -> Node:
    return {"type": "paragraph", "children": [_make_span(span) for span in spans]}


def _make_span(span: Span) -> Node:
    match span.kind:
        case "math":
            return {"type": "inlineMath", "value": span.text}
        case "code":
            return {"type": "inlineCode", "value": span.text}
        case "strong":
            return {"type": "strong", "children": [_make_text(span.text)]}
    return _make_text(span.text)


def _make_text(text: str) -> Node:
    return {"type": "text", "value": text}
