"""Trees as languages with braces spell them: what C and JavaScript share. Each is a subclass, with what is its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from flowc.backends.code import layout
from flowc.backends.code import tree as t
from flowc.backends.code.layout import WIDTH, Text, join_chain, lines_of

INDENT = "    "
JOINS = ("and", "or")


def bracketed(before: str, inside: Sequence[Text], after: str) -> Text:
    """Without a comma behind the last."""
    return layout.in_brackets(before, inside, after, "")


def filled(before: str, items: list[str], after: str, indent: str = "") -> list[str]:
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


class Curly(ABC):
    """`words`: operators that the language writes in its own way. A subclass adds to `spellings` and `printed`, which have a
    method for each node: of expressions it gives a Text, of statements lines."""

    words: ClassVar[Mapping[str, str]] = {"and": "&&", "or": "||"}
    member: ClassVar[str] = "."
    spellings: ClassVar[dict[type, Callable[..., Text]]]
    printed: ClassVar[dict[type, Callable[..., list[str]]]]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.spellings = {**EXPRESSIONS, **cls.spellings}
        cls.printed = {**STATEMENTS, **cls.printed}

    # ------------------------------------------------------------------------------------------------------- expressions

    def spelled(self, x: t.Expression) -> Text:
        return self.spellings[type(x)](self, x)

    def flat(self, x: t.Expression) -> str:
        return self.spelled(x).flat

    def at_least(self, x: t.Expression, level: int) -> Text:
        text = self.spelled(x)
        return text if text.level >= level else bracketed("(", [text], ")")

    def spell_call(self, x: t.Call) -> Text:
        return bracketed(self.flat(x.function) + "(", [self.spelled(a) for a in x.arguments], ")")

    def spell_index(self, x: t.Index) -> Text:
        return Text(self.at_least(x.value, t.PRIMARY).flat + "".join(f"[{self.flat(place)}]" for place in x.places))

    def spell_attribute(self, x: t.Attribute) -> Text:
        return Text(f"{self.at_least(x.value, t.PRIMARY).flat}{self.member}{x.name}")

    def spell_sum(self, x: t.Sum) -> Text:
        (_, first), *rest = x.terms
        parts = [("", self.at_least(first, t.PRODUCT))]
        parts += [("+" if sign > 0 else "-", self.at_least(term, t.PRODUCT)) for sign, term in rest]
        return join_chain(t.SUM, parts)

    def spell_product(self, x: t.Product) -> Text:
        (operator, first), *rest = x.factors
        factors = [(o, self.at_least(f, t.SIGN)) for o, f in rest]
        return join_chain(t.PRODUCT, [(operator, self.at_least(first, t.SIGN)), *factors])

    def spell_negative(self, x: t.Negative) -> Text:
        operand = self.at_least(x.operand, t.POWER)
        return Text("-" + operand.flat, x.level, [("-", operand)])

    def spell_compare(self, x: t.Compare) -> Text:
        """Comparisons that are joined stand in parentheses each, where `&&` stands in `||`."""
        joins = x.operands[1][0] in JOINS
        parts = []
        for operator, operand in x.operands:
            mixed = isinstance(operand, t.Compare) and (not joins or operand.operands[1][0] in JOINS)
            text = self.spelled(operand)
            if mixed or text.level < (t.COMPARE if joins else t.SUM):
                text = bracketed("(", [text], ")")
            parts.append((self.words.get(operator, operator), text))
        return join_chain(t.COMPARE, parts)

    def spell_conditional(self, x: t.Conditional) -> Text:
        condition, value = self.at_least(x.condition, t.COMPARE), self.at_least(x.value, t.COMPARE)
        return join_chain(t.CONDITIONAL, [("", condition), ("?", value), (":", self.spelled(x.otherwise))])

    # -------------------------------------------------------------------------------------------------------- statements

    def lines(self, code: t.Statement, indent: str = "") -> list[str]:
        return self.printed[type(code)](self, code, indent)

    def block(self, statements: Iterable[t.Statement], indent: str = "") -> list[str]:
        return [line for code in statements for line in self.lines(code, indent)]

    def laid_out(self, x: t.Expression, prefix: str, after: str = ";") -> list[str]:
        return lines_of(self.spelled(x), prefix, after)

    def with_body(self, head: list[str], body: tuple[t.Statement, ...], indent: str) -> list[str]:
        """A single line needs no braces."""
        inner = self.block(body, indent + INDENT)
        return [*head, *inner] if len(inner) == 1 == len(head) else [*head[:-1], head[-1] + " {", *inner, indent + "}"]

    def print_assign(self, code: t.Assign, indent: str) -> list[str]:
        return self.laid_out(code.value, f"{indent}{' = '.join(map(self.flat, code.targets))} {code.operator}= ")

    def print_if(self, code: t.If, indent: str) -> list[str]:
        text = self.with_body(self.laid_out(code.condition, f"{indent}if (", ")"), code.body, indent)
        return [*text, *self.with_body([f"{indent}else"], code.otherwise, indent)] if code.otherwise else text

    def print_return(self, code: t.Return, indent: str) -> list[str]:
        return self.laid_out(code.value, f"{indent}return ") if code.value else [f"{indent}return;"]

    def print_noted(self, code: t.Noted, indent: str) -> list[str]:
        first, *rest = self.lines(code.statement, indent)
        remark = f"  {self.remark(code.words)}"
        if not code.words:
            return [first, *rest]
        if not rest and len(first) + len(remark) <= WIDTH:
            return [first + remark]
        return [*self.comment_lines(code.words, indent), first, *rest]

    @abstractmethod
    def remark(self, words: str) -> str:
        """A comment behind a line."""

    @abstractmethod
    def comment_lines(self, words: str, indent: str) -> list[str]:
        """One on lines of its own."""


EXPRESSIONS: dict[type, Callable[..., Text]] = {
    t.Name: lambda _, x: Text(x.name), t.Number: lambda _, x: Text(x.digits, x.level), t.Attribute: Curly.spell_attribute,
    t.Call: Curly.spell_call, t.Index: Curly.spell_index, t.Negative: Curly.spell_negative, t.Sum: Curly.spell_sum,
    t.Product: Curly.spell_product, t.Compare: Curly.spell_compare, t.Conditional: Curly.spell_conditional,
}  # fmt: skip
STATEMENTS: dict[type, Callable[..., list[str]]] = {
    t.Assign: Curly.print_assign, t.Return: Curly.print_return, t.If: Curly.print_if, t.Noted: Curly.print_noted,
    t.Do: lambda it, code, indent: it.laid_out(code.value, indent), t.Blank: lambda _, code, indent: [""],
    t.Comment: lambda it, code, indent: it.comment_lines(code.words, indent),
    t.Quoted: lambda _, code, indent: [indent + line if line else "" for line in code.lines],
}  # fmt: skip
