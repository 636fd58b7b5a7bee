"""Trees as JavaScript spells them, in modules: constants and variables, objects, functions with their types in comments."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import ClassVar

from flowc.backends.code import tree as t
from flowc.backends.code import typed as y
from flowc.backends.code.curly import INDENT, Curly, bracketed, filled
from flowc.backends.code.layout import WIDTH, Text, cut_words
from flowc.backends.code.names import visible


class Taken(t.Expression):
    """A parameter and its type; of an object the `fields` that the function takes out of it. `default`: where it is left away."""

    kind: str
    name: str
    fields: tuple[str, ...] = ()
    default: t.Expression | None = None


class Documented(t.Statement):
    """A function. `returns`: the type of its value; `exported`: others may call it."""

    name: str
    parameters: tuple[Taken, ...]
    returns: str
    doc: str
    body: tuple[t.Statement, ...]
    exported: bool = True


class ObjectType(t.Statement):
    """The type of an object, in a comment: names of its fields, and their types."""

    name: str
    doc: str
    fields: tuple[tuple[str, str], ...]


class Lists(t.Statement):
    """Lists that grow, empty so far."""

    names: tuple[str, ...]


class Arrow(t.Expression):
    """`(a, b) => value`"""

    arguments: tuple[str, ...]
    value: t.Expression
    level: ClassVar[int] = t.CONDITIONAL


def quoted(text: str) -> str:
    """A string literal, which ends no script of a page."""
    signs = "".join(c if stays else _escape_sign(c) for c, stays in visible(text))
    return f'"{signs}"'.replace("</", "\\x3c/").replace("<!", "\\x3c!")


def _escape_sign(c: str) -> str:
    if c.isascii():
        return json.dumps(c)[1:-1] if c != "\x7f" else "\\x7f"
    return f"\\u{{{ord(c):x}}}" if c > "\uffff" else f"\\u{ord(c):04x}"


def safe_comment(words: str) -> str:
    """Words that end neither a comment nor the script of a page."""
    return words.replace("*/", "* /").replace("/*", "/ *").replace("</", "< /").replace("<!", "< !")


class JavaScript(Curly):
    words: ClassVar = {"and": "&&", "or": "||", "==": "===", "!=": "!=="}

    def remark(self, words: str) -> str:
        return f"// {safe_comment(words)}"

    def comment_lines(self, words: str, indent: str) -> list[str]:
        return [f"{indent}// {line}" for line in cut_words(safe_comment(words), WIDTH - len(indent) - 3)]

    def _spell_object(self, x: t.Dict) -> Text:
        """`{ a, b: c }`"""
        inside = [self.spelled(i) for i in x.items]
        return Text("{ " + ", ".join(i.flat for i in inside) + " }" if inside else "{}", t.PRIMARY, (), "{", inside, "}", tall=x.tall, last="")

    def _spell_entry(self, x: t.Entry) -> Text:
        key, value = x.key.value if isinstance(x.key, t.Text) else self.flat(x.key), self.spelled(x.value)
        if value.flat == key:
            return value
        return Text(f"{key}: {value.flat}", t.PRIMARY, (), "", [value], "", f"{key}: ")

    def _spell_arrow(self, x: Arrow) -> Text:
        value = self.spelled(x.value)
        text = f"({value.flat})" if isinstance(x.value, t.Conditional | t.Dict) else value.flat
        return Text(f"({', '.join(x.arguments)}) => {text}", t.CONDITIONAL)

    def _spell_taken(self, x: Taken) -> Text:
        default = f" = {self.flat(x.default)}" if x.default else ""
        if not x.fields:
            return Text(x.name + default)
        return Text("{ " + ", ".join(x.fields) + " }" + default, t.PRIMARY, (), "{", [Text(f) for f in x.fields], "}", last="")

    def with_body(self, head: list[str], body: tuple[t.Statement, ...], indent: str) -> list[str]:
        """A declaration alone needs braces."""
        if len(body) == 1 and isinstance(body[0], y.Declare | Lists):
            return [*head[:-1], head[-1] + " {", *self.block(body, indent + INDENT), indent + "}"]
        return super().with_body(head, body, indent)

    def _print_declare(self, code: y.Declare, indent: str) -> list[str]:
        before = f"{indent}{code.kind} {code.name}"
        return [before + ";"] if code.value is None else self._initialised(before + " = ", code.value, ";", indent)

    def _initialised(self, before: str, value: t.Expression, after: str, indent: str) -> list[str]:
        """Numbers in rows; rows of numbers have lines of their own."""
        match value:
            case t.List(rows) if rows and isinstance(rows[0], t.List) and len(before) + len(self.flat(value)) + len(after) > WIDTH:
                pad = indent + INDENT
                commas = [","] * (len(rows) - 1) + [""]
                inner = [self._initialised(pad, row, comma, pad) for row, comma in zip(rows, commas, strict=True)]
                return [before + "[", *(line for lines in inner for line in lines), indent + "]" + after]
            case t.List(numbers) if numbers:
                return filled(before + "[", [self.flat(x) for x in numbers], "]" + after, indent)
        return self.laid_out(value, before, after)

    def _print_lists(self, code: Lists, indent: str) -> list[str]:
        rows = [f"{indent}const"]
        for k, name in enumerate(code.names):
            text = f" {name} = []" + ("," if k < len(code.names) - 1 else ";")
            if len(rows[-1]) + len(text) > WIDTH:
                rows.append(indent + INDENT[1:])
            rows[-1] += text
        return rows

    def _print_count(self, code: y.Count, indent: str) -> list[str]:
        i = code.variable
        head = f"{indent}for (let {i} = {self.flat(code.first)}; {i} < {self.flat(code.last)}; {i}++)"
        return self.with_body([head], code.body, indent)

    def _print_function(self, code: Documented, indent: str) -> list[str]:
        tags = [_tag("param", p.kind, f"[{p.name}]" if p.default else p.name) for p in code.parameters]
        tags += [_tag("returns", code.returns)] if code.returns else []
        before = f"{'export ' * code.exported}function {code.name}("
        head = self._head(before, [self.spelled(p) for p in code.parameters])
        return [*doc_lines(code.doc, tags), *head, *self.block(code.body, INDENT), "}"]

    def _head(self, before: str, parameters: list[Text]) -> list[str]:
        line = f"{before}{', '.join(p.flat for p in parameters)}) {{"
        if len(line) <= WIDTH:
            return [line]
        names: list[str] = []
        for p in parameters:
            names += [f.flat for f in p.inside] if p.inside else [p.flat]
            if p.inside:
                names[-len(p.inside)] = "{ " + names[-len(p.inside)]
                names[-1] += " }"
        return filled(before, names, ") {")

    def _print_type(self, code: ObjectType, indent: str) -> list[str]:
        return doc_lines(code.doc, [_tag("typedef", "object", code.name), *(_tag("property", kind, name) for name, kind in code.fields)])

    spellings: ClassVar = {
        t.Text: lambda _, x: Text(quoted(x.value)), t.List: lambda it, x: bracketed("[", [it.spelled(i) for i in x.items], "]"),
        t.Tuple: lambda it, x: bracketed("[", [it.spelled(i) for i in x.items], "]"), t.Dict: _spell_object,
        t.Entry: _spell_entry, Arrow: _spell_arrow, Taken: _spell_taken, y.Braces: lambda it, x: it.spelled(t.List(x.items)),
        t.Starred: lambda it, x: Text(f"...{it.flat(x.value)}"), t.Row: lambda it, x: Text(", ".join(map(it.flat, x.items))),
    }  # fmt: skip
    printed: ClassVar = {
        y.Declare: _print_declare, y.Count: _print_count, Lists: _print_lists, Documented: _print_function, ObjectType: _print_type,
    }  # fmt: skip


def _tag(tag: str, kind: str, name: str = "") -> str:
    return f"@{tag} {{{kind}}} {name}".rstrip()


def doc_lines(doc: str, tags: Iterable[str]) -> list[str]:
    """What a function does, and its types."""
    words, below = cut_words(safe_comment(doc), WIDTH - 3), [f" * {tag}" for tag in tags]
    if not below and len(words) == 1 and len(words[0]) <= WIDTH - 7:
        return [f"/** {words[0]} */"]
    return ["/**", *(f" * {line}" for line in words), *below, " */"]


_JAVASCRIPT = JavaScript()
block, flat = _JAVASCRIPT.block, _JAVASCRIPT.flat
