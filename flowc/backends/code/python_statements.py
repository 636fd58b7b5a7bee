"""Statements as lines of Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flowc.backends.code import tree as t
from flowc.backends.code.layout import WIDTH
from flowc.backends.code.python import flat, laid_out, row, spelled
from flowc.backends.code.python_words import comment_lines, docstring_lines

INDENT = "    "
LONG = 50  # a row of names that has its own lines, rather than the value behind it


def lines(code: t.Statement, indent: str = "") -> list[str]:
    """A statement; several values in a row have brackets only where they need more than a line."""
    return _PRINTED[type(code)](code, indent)


def block(statements: Iterable[t.Statement], indent: str = "") -> list[str]:
    """Statements, one after the other."""
    return [line for code in statements for line in lines(code, indent)]


# --------------------------------------------------------------------- simple


def _print_assign(code: t.Assign, indent: str) -> list[str]:
    """Many names on the left are in brackets, if a line is too short for them and the value."""
    if len(code.targets) > 1 and isinstance(code.value, t.Number):
        return _fill_rows(code, indent)
    before = "".join([f"{row([target])} {code.operator}= " for target in code.targets])
    last = code.targets[-1]
    value = row([code.value]) if isinstance(last, t.Tuple) else flat(code.value)
    if len(indent) + len(before) + len(value) <= WIDTH and not getattr(code.value, "tall", False):
        return [indent + before + value]
    if not isinstance(last, t.Tuple | t.List) or len(indent) + len(before) < LONG + 3 or _opens_behind(code, indent + before):
        return laid_out(code.value, indent + before)
    value = flat(code.value)
    *first, end = laid_out(last, indent, f" {code.operator}= {value}")
    return [*first, *laid_out(code.value, end.removesuffix(value))]


def _opens_behind(code: t.Assign, before: str) -> bool:
    """Whether a value that is broken anyway begins on the line of the names."""
    text = spelled(code.value)
    margin = len(before) - len(before.lstrip())
    return margin + len(f") {code.operator}= {text.flat}") > WIDTH >= len(before) + len(text.before) > len(before)


def _fill_rows(code: t.Assign, indent: str) -> list[str]:
    """`a = b = 0.0`, as many names on a line as fit."""
    rows, after = [indent], f"= {flat(code.value)}"
    for target in code.targets:
        name = flat(target)
        if rows[-1] != indent and len(rows[-1]) + len(name) + 1 + len(after) > WIDTH:
            rows.append(indent)
        rows[-1] += f"{name} = "
    return [line for before in rows for line in laid_out(code.value, before)]


def _print_together(code: t.Together, indent: str) -> list[str]:
    targets = tuple(one.targets[0] for one in code.assignments)
    values = tuple(one.value for one in code.assignments)
    line = f"{indent}{row([t.Tuple(targets)])} = {row([t.Tuple(values)])}"
    return [line] if len(line) <= WIDTH and len(targets) > 1 else block(code.assignments, indent)


def _print_return(code: t.Return, indent: str) -> list[str]:
    """A dictionary that is returned last is broken alone."""
    if code.value is None:
        return [f"{indent}return"]
    line = f"{indent}return {row([code.value])}"
    match code.value:
        case t.Dict(tall=True):
            pass
        case _ if len(line) <= WIDTH:
            return [line]
        case t.Tuple((*first, t.Dict() as last)):
            return laid_out(last, f"{indent}return {row(first)}, ")
    return laid_out(code.value, f"{indent}return ")


def _print_word(word: str) -> Callable[..., list[str]]:
    """A statement of a word and the one value behind it."""

    def print_value(code: t.Statement, indent: str) -> list[str]:
        return laid_out(code.field_values[0], indent + word)

    return print_value


def _print_import(code: t.Import, indent: str) -> list[str]:
    if not code.names:
        return [f"{indent}import {code.module}{f' as {code.alias}' if code.alias else ''}"]
    line = f"{indent}from {code.module} import {', '.join(code.names)}"
    if len(line) <= WIDTH:
        return [line]
    return [f"{indent}from {code.module} import (", *(f"{indent}{INDENT}{name}," for name in code.names), f"{indent})"]


def _print_noted(code: t.Noted, indent: str) -> list[str]:
    first, *rest = lines(code.statement, indent)
    behind = (not rest or first.endswith(":")) and len(first) + len(code.words) + 4 <= WIDTH
    if behind or not code.words:
        return [f"{first}  # {code.words}" if code.words else first, *rest]
    return [*comment_lines(code.words, indent), first, *rest]


def _print_quoted(code: t.Quoted, indent: str) -> list[str]:
    return [indent + line if line else "" for line in code.lines]


# ---------------------------------------------------------------- with bodies


def _print_function(code: t.Function, indent: str) -> list[str]:
    head = laid_out(t.Call(t.Name(code.name), code.arguments), f"{indent}def ", ":")
    doc = docstring_lines(code.doc, indent + INDENT) if code.doc else []
    return [*(f"{indent}@{flat(d)}" for d in code.decorators), *head, *doc, *block(code.body, indent + INDENT)]


def _print_class(code: t.Class, indent: str) -> list[str]:
    """An empty line before and behind every method."""
    named = t.Call(t.Name(code.name), code.bases) if code.bases else t.Name(code.name)
    head = laid_out(named, f"{indent}class ", ":")
    doc = docstring_lines(code.doc, indent + INDENT) if code.doc else []
    text, before = [*head, *doc], bool(doc)
    for member in code.body:
        method = bool(defined_by(member))
        text += ["", *lines(member, indent + INDENT)] if method or before else lines(member, indent + INDENT)
        before = method
    return text


def defined_by(code: t.Statement) -> str:
    """The function or class that a statement defines, or ""."""
    match code:
        case t.Function(name) | t.Class(name) | t.Quoted(_, _, name):
            return name
    return ""


def _print_for(code: t.For, indent: str) -> list[str]:
    """Many names are in brackets, if the values fit on a line behind them."""
    names, values = row([code.target]), flat(code.values)
    body = block(code.body, indent + INDENT)
    if len(names) < 20 or len(f"{indent}for {names} in {values}:") <= WIDTH or len(f"{indent}) in {values}:") > WIDTH:
        return [*laid_out(code.values, f"{indent}for {names} in ", ":"), *body]
    return [*laid_out(code.target, f"{indent}for ", f" in {values}:"), *body]


def _print_while(code: t.While, indent: str) -> list[str]:
    return [*laid_out(code.condition, f"{indent}while ", ":"), *block(code.body, indent + INDENT)]


def _print_if(code: t.If, indent: str, word: str = "if") -> list[str]:
    text = [*laid_out(code.condition, f"{indent}{word} ", ":"), *block(code.body, indent + INDENT)]
    match code.otherwise:
        case ():
            return text
        case (t.If() as other,):
            return [*text, *_print_if(other, indent, "elif")]
    return [*text, f"{indent}else:", *block(code.otherwise, indent + INDENT)]


def _print_with(code: t.With, indent: str) -> list[str]:
    items = ", ".join(flat(value) + (f" as {flat(name)}" if name else "") for value, name in code.items)
    return [f"{indent}with {items}:", *block(code.body, indent + INDENT)]


def _print_try(code: t.Try, indent: str) -> list[str]:
    text = [f"{indent}try:", *block(code.body, indent + INDENT)]
    for kind, body in code.handlers:
        text += [f"{indent}except {flat(kind)}:", *block(body, indent + INDENT)]
    return text


_PRINTED: dict[type, Callable[..., list[str]]] = {
    t.Assign: _print_assign, t.Together: _print_together, t.Return: _print_return, t.Assert: _print_word("assert "),
    t.Do: _print_word(""), t.Raise: _print_word("raise "), t.Yield: _print_word("yield "),
    t.Jump: lambda code, indent: [indent + code.word], t.Function: _print_function, t.Class: _print_class,
    t.For: _print_for, t.While: _print_while, t.If: _print_if, t.With: _print_with, t.Try: _print_try,
    t.Comment: lambda code, indent: comment_lines(code.words, indent), t.Noted: _print_noted,
    t.Blank: lambda code, indent: [""], t.Quoted: _print_quoted, t.Import: _print_import,
}  # fmt: skip
