"""Trees as C99 spells them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from flowc.backends.code import layout
from flowc.backends.code import tree as t
from flowc.backends.code import typed as y
from flowc.backends.code.layout import WIDTH, Text, join_chain, lines_of, paragraph_lines

INDENT = "    "
WORDS = {"and": "&&", "or": "||"}
KINDS = {"size": "size_t"}
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "?": "\\?"}


def spelled(x: t.Expression) -> Text:
    return _SPELLINGS[type(x)](x)


def flat(x: t.Expression) -> str:
    return spelled(x).flat


def bracketed(before: str, inside: Sequence[Text], after: str) -> Text:
    """Without a comma behind the last."""
    return layout.in_brackets(before, inside, after, "")


def _at_least(x: t.Expression, level: int) -> Text:
    text = spelled(x)
    return text if text.level >= level else bracketed("(", [text], ")")


def _spell_call(x: t.Call) -> Text:
    return bracketed(flat(x.function) + "(", [spelled(a) for a in x.arguments], ")")


def _spell_index(x: t.Index) -> Text:
    return Text(_at_least(x.value, t.PRIMARY).flat + "".join(f"[{flat(place)}]" for place in x.places))


def _spell_sum(x: t.Sum) -> Text:
    (_, first), *rest = x.terms
    parts = [("", _at_least(first, t.PRODUCT))]
    parts += [("+" if sign > 0 else "-", _at_least(term, t.PRODUCT)) for sign, term in rest]
    return join_chain(t.SUM, parts)


def _spell_product(x: t.Product) -> Text:
    (operator, first), *rest = x.factors
    return join_chain(t.PRODUCT, [(operator, _at_least(first, t.SIGN)), *((o, _at_least(f, t.SIGN)) for o, f in rest)])


def _spell_negative(x: t.Negative) -> Text:
    operand = _at_least(x.operand, t.POWER)
    return Text("-" + operand.flat, x.level, [("-", operand)])


def _spell_compare(x: t.Compare) -> Text:
    """Comparisons that are joined stand in parentheses each, where `&&` stands in `||`."""
    joins = x.operands[1][0] in WORDS
    parts = []
    for operator, operand in x.operands:
        mixed = isinstance(operand, t.Compare) and (not joins or operand.operands[1][0] in WORDS)
        text = spelled(operand)
        if mixed or text.level < (t.COMPARE if joins else t.SUM):
            text = bracketed("(", [text], ")")
        parts.append((WORDS.get(operator, operator), text))
    return join_chain(t.COMPARE, parts)


def _spell_conditional(x: t.Conditional) -> Text:
    condition, value = _at_least(x.condition, t.COMPARE), _at_least(x.value, t.COMPARE)
    return join_chain(t.CONDITIONAL, [("", condition), ("?", value), (":", spelled(x.otherwise))])


def _spell_parameter(x: y.Parameter) -> Text:
    gap = "" if x.kind.endswith("*") else " "
    return Text(f"{x.kind}{gap}{x.name}" + "".join(f"[{n}]" for n in x.sizes))


def _spell_text(x: t.Text) -> Text:
    """`?` too, of which two and another sign were one sign in C99."""
    return Text(f'"{"".join(ESCAPES.get(c, c) for c in x.value)}"')


_SPELLINGS: dict[type, Callable[..., Text]] = {
    t.Name: lambda x: Text(x.name), t.Number: lambda x: Text(x.digits, x.level), t.Text: _spell_text,
    t.Attribute: lambda x: Text(f"{_at_least(x.value, t.PRIMARY).flat}->{x.name}"), t.Call: _spell_call, t.Index: _spell_index,
    t.Negative: _spell_negative, t.Sum: _spell_sum, t.Product: _spell_product, t.Compare: _spell_compare,
    t.Conditional: _spell_conditional, y.Parameter: _spell_parameter, y.Braces: lambda x: bracketed("{", [spelled(i) for i in x.items], "}"),
    y.Address: lambda x: Text(f"&{flat(x.value)}", t.SIGN), y.Pointed: lambda x: Text(f"*{flat(x.value)}", t.SIGN),
    y.Cast: lambda x: Text(f"({x.kind}){_at_least(x.value, t.PRIMARY).flat}", t.SIGN),
}  # fmt: skip


# ----------------------------------------------------------------------------------------------------------- statements


def lines(code: t.Statement, indent: str = "") -> list[str]:
    return _PRINTED[type(code)](code, indent)


def block(statements: Iterable[t.Statement], indent: str = "") -> list[str]:
    return [line for code in statements for line in lines(code, indent)]


def _laid_out(x: t.Expression, prefix: str, after: str = ";") -> list[str]:
    return lines_of(spelled(x), prefix, after)


def _print_declare(code: y.Declare, indent: str) -> list[str]:
    kind = KINDS.get(code.kind, code.kind)
    before = indent + _spell_parameter(y.Parameter(kind, code.name, code.sizes)).flat
    return [before + ";"] if code.value is None else _initialised(before + " = ", code.value, ";", indent)


def _initialised(before: str, value: t.Expression, after: str, indent: str) -> list[str]:
    """Numbers in rows; a row of rows, and a struct, has a line for each."""
    match value:
        case y.Fields(fields):
            entries = [(f"{flat(field.targets[0])} = ", field.value) for field in fields]
        case y.Braces(rows) if isinstance(rows[0], y.Braces) and len(before) + len(flat(value)) + len(after) > WIDTH:
            entries = [("", row) for row in rows]
        case y.Braces(numbers):
            return _filled(before + "{", [flat(x) for x in numbers], "}" + after, indent)
        case _:
            return _laid_out(value, before, after)
    pad = indent + INDENT
    commas = [","] * (len(entries) - 1) + [""]
    inner = [_initialised(pad + name, held, comma, pad) for (name, held), comma in zip(entries, commas, strict=True)]
    return [before + "{", *(line for lines in inner for line in lines), indent + "}" + after]


def _print_assign(code: t.Assign, indent: str) -> list[str]:
    return _laid_out(code.value, f"{indent}{' = '.join(map(flat, code.targets))} {code.operator}= ")


def _print_count(code: y.Count, indent: str) -> list[str]:
    i = code.variable
    head = f"{indent}for (size_t {i} = {flat(code.first)}; {i} < {flat(code.last)}; {i}++)"
    return _with_body([head], code.body, indent)


def _print_if(code: t.If, indent: str) -> list[str]:
    text = _with_body(_laid_out(code.condition, f"{indent}if (", ")"), code.body, indent)
    return [*text, *_with_body([f"{indent}else"], code.otherwise, indent)] if code.otherwise else text


def _with_body(head: list[str], body: tuple[t.Statement, ...], indent: str) -> list[str]:
    """A single line needs no braces."""
    inner = block(body, indent + INDENT)
    return [*head, *inner] if len(inner) == 1 == len(head) else [*head[:-1], head[-1] + " {", *inner, indent + "}"]


def safe_comment(words: str) -> str:
    """Words that neither end a comment nor begin one, nor are one sign of C99 in three."""
    return words.replace("*/", "* /").replace("/*", "/ *").replace("??", "? ?")


def comment_lines(words: str, indent: str) -> list[str]:
    first, *rest = paragraph_lines(f"/* {safe_comment(words)}\0*/", indent)  # its end has no line of its own
    rest = [line.replace("\0", " ") for line in rest]
    first = first.replace("\0", " ")
    return [first, *(f"{indent}   {line.removeprefix(indent)}" for line in rest)]


def _print_noted(code: t.Noted, indent: str) -> list[str]:
    first, *rest = lines(code.statement, indent)
    remark = f"  /* {safe_comment(code.words)} */"
    if not code.words:
        return [first, *rest]
    if not rest and len(first) + len(remark) <= WIDTH:
        return [first + remark]
    return [*comment_lines(code.words, indent), first, *rest]


def _print_function(code: y.TypedFunction, indent: str) -> list[str]:
    parameters = code.parameters or (t.Name("void"),)
    head = _filled(f"{code.kind} {code.name}(", [flat(p) for p in parameters], ")")
    doc = comment_lines(code.doc, "") if code.doc else []
    return [*doc, *head, "{", *block(code.body, INDENT), "}"]


def _filled(before: str, items: list[str], after: str, indent: str = "") -> list[str]:
    """Items in brackets: on one line, or as many on each as there is room for."""
    line = f"{before}{', '.join(items)}{after}"
    if len(line) <= WIDTH:
        return [line]
    rows, pad = [before], indent + INDENT
    for k, item in enumerate(items):
        text = item + ("," if k < len(items) - 1 else "")
        if rows[-1] is before or len(rows[-1]) + 1 + len(text) > WIDTH:
            rows.append(pad + text)
        else:
            rows[-1] += " " + text
    return [*rows, indent + after]


def _print_struct(code: y.Struct, indent: str) -> list[str]:
    return [*comment_lines(code.doc, ""), f"struct {code.name} {{", *block(code.fields, INDENT), "};"]


_PRINTED: dict[type, Callable[..., list[str]]] = {
    y.Declare: _print_declare, y.Count: _print_count, y.TypedFunction: _print_function, y.Struct: _print_struct,
    t.Assign: _print_assign, t.Return: lambda code, indent: _laid_out(code.value, f"{indent}return ") if code.value else [f"{indent}return;"],
    t.Do: lambda code, indent: _laid_out(code.value, indent), t.If: _print_if, t.Noted: _print_noted,
    t.Comment: lambda code, indent: comment_lines(code.words, indent), t.Blank: lambda code, indent: [""],
    t.Quoted: lambda code, indent: [indent + line if line else "" for line in code.lines],
}  # fmt: skip
