"""Trees as C99 spells them."""

from __future__ import annotations

from typing import ClassVar

from flowc.backends.code import tree as t
from flowc.backends.code import typed as y
from flowc.backends.code.curly import INDENT, Curly, bracketed, filled
from flowc.backends.code.layout import WIDTH, Text, paragraph_lines

KINDS = {"size": "size_t", "const size": "const size_t"}
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "?": "\\?"}


def _spell_parameter(x: y.Parameter) -> Text:
    gap = "" if x.kind.endswith("*") else " "
    return Text(f"{x.kind}{gap}{x.name}" + "".join(f"[{n}]" for n in x.sizes))


def _spell_text(x: t.Text) -> Text:
    """`?` too, of which two and another sign were one sign in C99."""
    return Text(f'"{"".join(ESCAPES.get(c, c) for c in x.value)}"')


def safe_comment(words: str) -> str:
    """Words that neither end a comment nor begin one, nor are one sign of C99 in three."""
    return words.replace("*/", "* /").replace("/*", "/ *").replace("??", "? ?")


class C(Curly):
    member = "->"

    def remark(self, words: str) -> str:
        return f"/* {safe_comment(words)} */"

    def comment_lines(self, words: str, indent: str) -> list[str]:
        first, *rest = paragraph_lines(f"/* {safe_comment(words)}\0*/", indent)  # its end has no line of its own
        rest = [line.replace("\0", " ") for line in rest]
        first = first.replace("\0", " ")
        return [first, *(f"{indent}   {line.removeprefix(indent)}" for line in rest)]

    def _print_declare(self, code: y.Declare, indent: str) -> list[str]:
        kind = KINDS.get(code.kind, code.kind)
        row = f"[{code.row}]" if code.row else ""
        before = indent + _spell_parameter(y.Parameter(kind, code.name, code.sizes)).flat + row
        return [before + ";"] if code.value is None else self._initialised(before + " = ", code.value, ";", indent)

    def _initialised(self, before: str, value: t.Expression, after: str, indent: str) -> list[str]:
        """Numbers in rows; a row of rows, and a struct, has a line for each."""
        match value:
            case y.Fields(fields):
                entries = [(f"{self.flat(field.targets[0])} = ", field.value) for field in fields]
            case y.Braces(rows) if isinstance(rows[0], y.Braces) and len(before) + len(self.flat(value)) + len(after) > WIDTH:
                entries = [("", row) for row in rows]
            case y.Braces(numbers):
                return filled(before + "{", [self.flat(x) for x in numbers], "}" + after, indent)
            case _:
                return self.laid_out(value, before, after)
        pad = indent + INDENT
        commas = [","] * (len(entries) - 1) + [""]
        inner = [self._initialised(pad + name, held, comma, pad) for (name, held), comma in zip(entries, commas, strict=True)]
        return [before + "{", *(line for lines in inner for line in lines), indent + "}" + after]

    def _print_count(self, code: y.Count, indent: str) -> list[str]:
        i = code.variable
        next_one = f"{i} += {self.flat(code.stride)}" if code.stride else f"{i}++"
        head = f"{indent}for (size_t {i} = {self.flat(code.first)}; {i} < {self.flat(code.last)}; {next_one})"
        return self.with_body([head], code.body, indent)

    def _print_function(self, code: y.TypedFunction, indent: str) -> list[str]:
        parameters = code.parameters or (t.Name("void"),)
        head = filled(f"{code.kind} {code.name}(", [self.flat(p) for p in parameters], ")")
        doc = self.comment_lines(code.doc, "") if code.doc else []
        return [*doc, *head, "{", *self.block(code.body, INDENT), "}"]

    def _print_struct(self, code: y.Struct, indent: str) -> list[str]:
        return [*self.comment_lines(code.doc, ""), f"struct {code.name} {{", *self.block(code.fields, INDENT), "};"]

    spellings: ClassVar = {
        t.Text: lambda _, x: _spell_text(x), y.Parameter: lambda _, x: _spell_parameter(x),
        y.Braces: lambda it, x: bracketed("{", [it.spelled(i) for i in x.items], "}"),
        y.Address: lambda it, x: Text(f"&{it.flat(x.value)}", t.SIGN), y.Pointed: lambda it, x: Text(f"*{it.flat(x.value)}", t.SIGN),
        y.Cast: lambda it, x: Text(f"({x.kind}){it.at_least(x.value, t.PRIMARY).flat}", t.SIGN),
    }  # fmt: skip
    printed: ClassVar = {
        y.Declare: _print_declare, y.Count: _print_count, y.TypedFunction: _print_function, y.Struct: _print_struct,
    }  # fmt: skip


_C = C()
block, flat = _C.block, _C.flat
