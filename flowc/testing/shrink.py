"""The smallest diagram that still fails: statements, items and parts of expressions are left out while the failure stays.

It works on any text, however it was made: on what hypothesis did not draw, and on a user's own diagram.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from time import monotonic
from typing import Any

from flowc.diagnostics.error import FlowError
from flowc.nets.verifying.diagram import describe_network
from flowc.source import Source, Span
from flowc.syntax import format_source
from flowc.syntax import tree as t
from flowc.syntax.parser import parse
from flowc.testing.diagram import Diagram

Cut = tuple[Span, str]  # a part of the text, and what stands there instead
SIMPLER = ("x1", "1", "2")


def shrunk(diagram: Diagram, fails: Callable[[Diagram], bool], seconds: float = 60.0) -> Diagram:
    """A diagram for which `fails` holds as for the first, and which no single cut makes smaller; or what `seconds` allow.

    `fails` is only asked about valid diagrams.
    """
    end = monotonic() + seconds
    smaller: Diagram | None = diagram
    while smaller:
        diagram = smaller
        smaller = next((d for d in _smaller_diagrams(diagram) if monotonic() < end and fails(d)), None)
    return diagram


def _smaller_diagrams(diagram: Diagram) -> Iterator[Diagram]:
    """Valid diagrams that are a little shorter, the boldest cuts first."""
    tree = parse(Source("drawn.flow", diagram.text))
    seen = {diagram.text}
    for cuts in _cuts_of_tree(tree, diagram.text):
        text = _cut_text(diagram.text, cuts)
        if text in seen or len(text) >= len(diagram.text) and not _is_plainer(text, diagram.text):
            continue
        seen.add(text)
        candidate = replace(diagram, text=text, files=tuple(f for f in diagram.files if f[0] in text))
        smaller = _valid_diagram(candidate)
        if smaller:
            yield smaller
    plain = _format_text(diagram.text)
    if plain not in seen and len(plain) < len(diagram.text):
        smaller = _valid_diagram(replace(diagram, text=plain))
        yield from [smaller] if smaller else []


def _is_plainer(text: str, before: str) -> bool:
    return len(text) == len(before) and sum(map(str.isalnum, text)) < sum(map(str.isalnum, before))


def _format_text(text: str) -> str:
    try:
        return format_source(Source("drawn.flow", text))
    except FlowError:
        return text


def _valid_diagram(diagram: Diagram) -> Diagram | None:
    """The diagram with what is now known of its inputs and targets; None where it is refused."""
    try:
        network = diagram.load().network
    except (FlowError, OSError):
        return None
    facts = describe_network(network)
    forms = {name: form for name, _, form in diagram.targets}
    targets = tuple((name, shape, forms.get(name, form)) for name, shape, form in facts.targets)
    return replace(diagram, inputs=facts.inputs, targets=targets)


# -------------------------------------------------------------------- cuts


def _cuts_of_tree(tree: t.Tree, text: str) -> Iterator[list[Cut]]:
    """Runs of statements, single ones, what they list, and parts of their expressions."""
    statements = [s.span for s in tree.statements]
    size = len(statements) // 2
    while size:
        for start in range(0, len(statements), max(1, size // 2)):
            yield [(span, "") for span in statements[start : start + size]]
        size //= 2
    yield [(c.span, "") for c in tree.comments]
    for name in _names_of_tree(tree):
        yield [cut for s in tree.statements for cut in _of_name(name, s, text)]
    for statement in tree.statements:
        yield from ([cut] for cut in _of_statement(statement, text))


def _names_of_tree(tree: t.Tree) -> list[str]:
    """Of nodes and weights, the last first: what leads to others is needed longest."""
    items = [i.name for s in tree.statements if isinstance(s, (t.Declaration, t.Weights)) for i in s.items]
    return list(dict.fromkeys([*(s.left.name for s in tree.statements if isinstance(s, t.Equation)), *items][::-1]))


def _of_name(name: str, statement: t.Statement, text: str) -> Iterator[Cut]:
    """A statement without a name: the item of a list that has it, or all of it."""
    if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text[statement.span.start : statement.span.end]):
        return
    lists: list[tuple[list[Span], list[str]]] = []
    match statement:
        case t.Declaration(_, items) | t.Weights(items):
            lists = [([_span_of_item(i, text) for i in items], [i.name for i in items])]
        case t.Arrows(ends):
            lists = [([e.span for e in end], [e.name if isinstance(e, t.Ref) else "1" for e in end]) for end in ends]
            if len(ends) > 2 and [name] in [names for _, names in lists]:
                k = [names for _, names in lists].index([name])
                yield _hop_of_chain([Span(end[0].span.start, end[-1].span.end) for end in ends], k)
                return
    for spans, names in lists:
        if name in names and len(names) > 1:
            yield [*_without_one(spans, statement.span, text)][names.index(name)]
            return
    yield (statement.span, "")


def _hop_of_chain(ends: Sequence[Span], k: int) -> Cut:
    """A chain without one of its ends, `a -> c` of `a -> b -> c`."""
    last = k == len(ends) - 1
    return (Span(ends[k - 1].end, ends[k].end) if last else Span(ends[k].start, ends[k + 1].start), "")


def _of_statement(statement: t.Statement, text: str) -> Iterator[Cut]:
    match statement:
        case t.Declaration(_, items) | t.Weights(items):
            yield from _without_one([_span_of_item(i, text) for i in items], statement.span, text)
            for item in items:
                yield (_span_of_item(item, text), item.name)  # without size, activation or start
        case t.Arrows(ends):
            for end in ends:
                yield from _without_one([part.span for part in end], Span(end[0].span.start, end[-1].span.end), text)
        case t.PlainArrows(arrows):
            yield from ((Span(start, end), "") for *_, start, end in arrows)
        case t.DataTable(_, _, _, rows):
            yield from ((row[0].span.to(row[-1].span), "") for row in rows)
    yield from _of_expressions(statement, text)


def _span_of_item(item: t.DeclaredNode | t.DeclaredWeight, text: str) -> Span:
    """From the name to what follows it, as far as the next comma outside of brackets."""
    depth, end = 0, item.span.end
    for end in range(item.span.end, len(text) + 1):
        letter = text[end : end + 1]
        depth += letter in ("[", "(") and letter != ""
        depth -= letter in ("]", ")") and letter != ""
        if not letter or depth == 0 and letter in ",\n;#\r":
            break
    return Span(item.span.start, end)


def _without_one(parts: list[Span], within: Span, text: str) -> Iterator[Cut]:
    """A list with one of its items left out, its comma with it."""
    for k in range(len(parts)) if len(parts) > 1 else ():
        span = Span(parts[k].start, parts[k + 1].start) if k + 1 < len(parts) else Span(parts[k - 1].end, parts[k].end)
        yield (span, "")


def _of_expressions(item: Any, text: str) -> Iterator[Cut]:
    """Every expression within, as one of its own parts, or as something simple."""
    if isinstance(item, (tuple, list)):
        for part in item:
            yield from _of_expressions(part, text)
    elif is_dataclass(item) and not isinstance(item, (Span, type)):
        if isinstance(item, (t.Binary, t.Negative, t.Transpose, t.Call, t.List)):
            for part in _parts_of_item(item):
                yield (
                    item.span,
                    f"({text[part.span.start : part.span.end]})"
                    if isinstance(part, t.Binary)
                    else text[part.span.start : part.span.end],
                )
            yield from ((item.span, simple) for simple in SIMPLER[1:])
        for field in fields(item):
            yield from _of_expressions(getattr(item, field.name), text)


def _parts_of_item(item: Any) -> list[Any]:
    values = [getattr(item, field.name) for field in fields(item)]
    flat = [part for value in values for part in (value if isinstance(value, tuple) else (value,))]
    return [part for part in flat if is_dataclass(part) and not isinstance(part, Span)]


def _cut_text(text: str, cuts: list[Cut]) -> str:
    """The text with these parts replaced; what then stands alone on its line goes too."""
    for span, instead in sorted(cuts, key=lambda cut: cut[0].start, reverse=True):
        text = text[: span.start] + instead + text[span.end :]
    lines = [line.strip(" \t;") for line in text.splitlines() if line.strip(" \t;")]
    return "\n".join((*lines, ""))
