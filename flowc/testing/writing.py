"""The drawn statements as a text: their order, what one declaration holds, comments, line ends, signs."""

from __future__ import annotations

from flowc.testing.choices import stream
from flowc.testing.sketch import Item, Sketch

HEADERS = ("flow drawn", 'flow drawn "A diagram by chance"', "flow näme 'it is \"quoted\"'")
COMMENTS = (
    "# a comment", "# f = 2x -> { \"never\" [closed", "#", "# größe, ξ₁ → 3", "# weight w ~", "#: x | y", "# 'quotes' and `ticks` and \\slashes",
)  # fmt: skip


def text_of(sketch: Sketch) -> str:
    """The whole text; declarations are mostly first."""
    heads, body = _join_declarations(sketch), [_vary_signs(sketch, line) for line in sketch.body]
    orders = ("heads first",) * 7 + (() if "layout" in sketch.without else ("heads last", "shuffled", "shuffled"))
    match sketch.pick.one(orders):
        case "heads last":
            statements = body + heads
        case "shuffled":
            statements = heads + body
            stream(sketch.pick).shuffle(statements)
        case _:
            statements = heads + body
    if sketch.pick.chance(0.1):
        statements.insert(sketch.pick.one((0, 0, len(statements))), sketch.pick.one(HEADERS))
    return _laid_out(sketch, statements)


def _join_declarations(sketch: Sketch) -> list[str]:
    """Neighbouring items of one keyword may share a statement, and what follows them."""
    groups: list[list[Item]] = []
    together = sketch.pick.chance()
    for item in sketch.heads:
        if together and groups and groups[-1][0].keyword == item.keyword and _can_join(groups[-1][-1], item):
            groups[-1].append(item)
        else:
            groups.append([item])
    return [_vary_signs(sketch, f"{group[0].keyword} {', '.join(_share_activation(group))}") for group in groups]


def _can_join(last: Item, item: Item) -> bool:
    """Whether what follows `item` is not taken for what follows `last`."""
    return bool(last.follows) or not item.follows


def _share_activation(group: list[Item]) -> list[str]:
    """`a, b : tanh` for two bare names with one activation."""
    texts = []
    for item, after in zip(group, [*group[1:], None], strict=True):
        alike = after and item.follows == after.follows
        texts.append(f"{item.written} {item.label}".rstrip() if alike else str(item))
    return texts


def _vary_signs(sketch: Sketch, line: str) -> str:
    """The signs of mathematics, commas that end lists, or brackets over several lines, now and then."""
    if set(line) & set("{\"'") or not sketch.rarely(0.06):
        return line
    way = sketch.pick.one(("signs", "commas", "lines"))
    if way == "signs":
        return line.replace(" -> ", " → ").replace(" - ", " − ")
    if way == "commas":
        return line if ",]" in line else line.replace("]", ",]")
    left, equals, right = line.partition(" = ")
    return f"{left} = (\n  {right}\n)" if equals and " " not in left and "~" not in left else line


def _laid_out(sketch: Sketch, statements: list[str]) -> str:
    """Lines, with `;`, blanks, comments between and behind them."""
    if "layout" in sketch.without or not sketch.rarely(0.3):
        return "\n".join((*statements, ""))
    cells = stream(sketch.pick)
    text = cells.choice(("", f"{cells.choice(COMMENTS)}\n\n", "\n\n", "; "))
    for statement in statements:
        text += cells.choice(("", "", "", f"{cells.choice(COMMENTS)}\n", "\n", "  ", "\t"))
        text += statement + cells.choice(("\n", "\n", "\n", f"  {cells.choice(COMMENTS)}\n", " ; ", ";\n", "\n\n\n"))
    if cells.random() < 0.4 and text[-1] in "\n ":
        text = text.rstrip("\n ")
    return text.replace("\n", "\r\n") if cells.random() < 0.1 else text
