"""Expressions as Python spells them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flowc.backends.code import tree as t
from flowc.backends.code.layout import WIDTH, Text, in_brackets, join_chain, lines_of
from flowc.backends.code.python_words import quoted

BRACES = str.maketrans({"{": "{{", "}": "}}"})  # of a text in which values stand


def flat(expression: t.Expression) -> str:
    """The whole on one line."""
    return spelled(expression).flat


def spelled(expression: t.Expression) -> Text:
    return _SPELLINGS[type(expression)](expression)


def _at_least(expression: t.Expression, level: int) -> Text:
    """In parentheses if it binds less tightly than `level`."""
    text = spelled(expression)
    return text if text.level >= level else in_brackets("(", [text], ")")


def _with_trailer(value: Text, trailer: Text) -> Text:
    """A trailer behind a value: its line is broken inside the brackets that come first."""
    flat = value.flat + trailer.flat
    if value.inside:
        return Text(flat, t.PRIMARY, (), value.before, value.inside, value.after + trailer.flat)
    return Text(flat, t.PRIMARY, (), value.flat + trailer.before, trailer.inside, trailer.after)


# ------------------------------------------------------------- kinds of trees


def _spell_format(x: t.Format) -> Text:
    return Text('f"' + "".join(_spell_part(part) for part in x.parts) + '"')


def _spell_part(part: str | tuple[t.Expression, str]) -> str:
    if isinstance(part, str):
        return quoted(part)[1:-1].translate(BRACES)
    return f"{{{flat(part[0])}{':' if part[1] else ''}{part[1]}}}"


def _spell_pieces(x: t.Pieces) -> Text:
    """A literal on one line, or one for each line: as many pieces in it as have room."""
    texts = [_inside_of(piece) for piece in x.pieces]
    lines: list[str] = []
    for text in texts:
        if lines and len(lines[-1]) + len(text) <= WIDTH - 11:
            lines[-1] += text
        else:
            lines.append(text)
    return Text(_in_quotes("".join(texts)), t.PRIMARY, [("", Text(_in_quotes(line))) for line in lines], apart=True)


def _inside_of(piece: t.Text | t.Format) -> str:
    """The inside of a literal."""
    return "".join(map(_spell_part, piece.parts)) if isinstance(piece, t.Format) else quoted(piece.value)[1:-1]


def _in_quotes(inside: str) -> str:
    return f'f"{inside}"' if "{" in inside else f'"{inside}"'


def _spell_attribute(x: t.Attribute) -> Text:
    value = _at_least(x.value, t.PRIMARY)
    if isinstance(x.value, t.Number) and x.value.digits.isdigit():
        value = in_brackets("(", [value], ")")
    return _with_trailer(value, Text("." + x.name))


def _spell_call(x: t.Call) -> Text:
    """A single number is no reason to break a line."""
    value, arguments = _at_least(x.function, t.PRIMARY), in_brackets("(", [spelled(a) for a in x.arguments], ")")
    short = len(x.arguments) == 1 and isinstance(x.arguments[0], t.Number)
    return _with_trailer(value, Text(arguments.flat) if short else arguments)


def _spell_index(x: t.Index) -> Text:
    """A line is broken in it where the place is itself one of brackets."""
    value, places = _at_least(x.value, t.PRIMARY), in_brackets("[", [spelled(p) for p in x.places], "]")
    return _with_trailer(value, places if isinstance(x.places[0], t.Call | t.List) else Text(places.flat))


def _spell_slice(x: t.Slice) -> Text:
    first, last = ("" if part is None else flat(part) for part in (x.first, x.last))
    simple = all(isinstance(part, t.Name | t.Number | t.Negative | None) for part in (x.first, x.last))
    gap = "" if simple else " "
    text = f"{first}{gap * bool(first)}:{gap * bool(last)}{last}"
    return Text(f"{text}:{flat(x.step)}" if x.step else text, x.level)


def _spell_starred(x: t.Starred) -> Text:
    value = spelled(x.value)
    return Text(x.stars + value.flat, value.level, (), x.stars + value.before, value.inside, value.after)


def _spell_negative(x: t.Negative) -> Text:
    operand = _at_least(x.operand, t.POWER)
    return Text("-" + operand.flat, x.level, [("-", operand)])


def _spell_sum(x: t.Sum) -> Text:
    (_, first), *rest = x.terms
    parts = [("", _at_least(first, t.PRODUCT))]
    parts += [("+" if sign > 0 else "-", _at_least(term, t.PRODUCT)) for sign, term in rest]
    return join_chain(t.SUM, parts)


def _spell_product(x: t.Product) -> Text:
    return join_chain(t.PRODUCT, [(operator, _at_least(factor, t.SIGN)) for operator, factor in x.factors])


def _spell_power(x: t.Power) -> Text:
    """With spaces around the operator where an operand is more than a name or a number."""
    base, exponent = _at_least(x.base, t.PRIMARY), _at_least(x.exponent, t.SIGN)
    if base.level == t.PRIMARY and _is_short(x.base) and base.flat[0] != "(" and _is_short(x.exponent):
        return Text(f"{base.flat}**{exponent.flat}", t.POWER)
    return join_chain(t.POWER, [("", base), ("**", exponent)])


def _is_short(x: t.Expression) -> bool:
    match x:
        case t.Number(digits):
            return "e-" not in digits
        case t.Attribute(value) | t.Negative(value):
            return _is_short(value)
    return isinstance(x, t.Name)


def _spell_compare(x: t.Compare) -> Text:
    joins = _is_joint(x)
    levels = [t.COMPARE if joins and not _is_joint(operand) else t.SUM for _, operand in x.operands]
    parts = [(operator, _at_least(part, level)) for (operator, part), level in zip(x.operands, levels, strict=True)]
    return join_chain(t.COMPARE, parts)


def _is_joint(x: t.Expression) -> bool:
    return isinstance(x, t.Compare) and x.operands[1][0] in ("and", "or")


def _spell_conditional(x: t.Conditional) -> Text:
    value, condition = _at_least(x.value, t.COMPARE), _at_least(x.condition, t.COMPARE)
    return join_chain(t.CONDITIONAL, [("", value), ("if", condition), ("else", spelled(x.otherwise))])


def _spell_tuple(x: t.Tuple) -> Text:
    lonely = len(x.items) == 1 and not isinstance(x.items[0], t.Comprehension)
    return in_brackets("(", [spelled(i) for i in x.items], ",)" if lonely else ")")


def _spell_dict(x: t.Dict) -> Text:
    text = in_brackets("{", [spelled(i) for i in x.items], "}")
    text.tall = x.tall
    return text


def _spell_entry(x: t.Entry) -> Text:
    key, value = flat(x.key) + ": ", spelled(x.value)
    return Text(key + value.flat, t.PRIMARY, (), "", [value], "", key)


def _spell_comprehension(x: t.Comprehension) -> Text:
    parts = [("", spelled(x.item))]
    for loop in x.loops:
        parts.append((f"for {row([loop.target])} in", spelled(loop.values)))
        parts += [("if", spelled(condition)) for condition in loop.conditions]
    text = join_chain(t.COMPARE, parts)
    text.apart = isinstance(x.item, t.Entry)
    return text


def _spell_lambda(x: t.Lambda) -> Text:
    before, value = f"lambda{' ' * bool(x.arguments)}{', '.join(x.arguments)}: ", spelled(x.value)
    flat = before + value.flat
    if not value.chain:
        return Text(flat, x.level, [("", Text(flat))])
    (_, first), *rest = value.chain
    return Text(flat, x.level, [("", Text(before + first.flat)), *rest])


_SPELLINGS: dict[type, Callable[..., Text]] = {
    t.Name: lambda x: Text(x.name), t.Number: lambda x: Text(x.digits, x.level), t.Constant: lambda x: Text(x.word),
    t.Text: lambda x: Text(quoted(x.value)), t.Format: _spell_format, t.Pieces: _spell_pieces,
    t.Attribute: _spell_attribute, t.Call: _spell_call, t.Index: _spell_index, t.Slice: _spell_slice,
    t.Named: lambda x: Text(f"{x.name}={flat(x.value)}"), t.Starred: _spell_starred, t.Negative: _spell_negative,
    t.Not: lambda x: Text("not " + flat(x.operand), x.level), t.Sum: _spell_sum, t.Product: _spell_product,
    t.Power: _spell_power, t.Compare: _spell_compare, t.Conditional: _spell_conditional, t.Tuple: _spell_tuple,
    t.List: lambda x: in_brackets("[", [spelled(i) for i in x.items], "]"),
    t.Row: lambda x: Text(", ".join(map(flat, x.items))), t.Dict: _spell_dict, t.Entry: _spell_entry,
    t.Comprehension: _spell_comprehension, t.Lambda: _spell_lambda,
}  # fmt: skip


def row(items: Sequence[t.Expression]) -> str:
    """Items in a row, on one line, the only tuple without its brackets: `a, b`."""
    if len(items) == 1 and isinstance(items[0], t.Tuple) and len(items[0].items) > 1:
        items = items[0].items
    return ", ".join(map(flat, items))


def laid_out(expression: t.Expression, prefix: str, after: str = "") -> list[str]:
    """The lines of `prefix expression after`, at most WIDTH wide where there is a place to break.

    `prefix` carries the indentation.
    """
    return lines_of(spelled(expression), prefix, after)
