"""What must be known to read the equations: functions by name, what the letters count, numbers that stand for weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flowc.equations.algebra import add, over
from flowc.equations.document import Equation, Group, Remark
from flowc.equations.functions import definitions, exp
from flowc.equations.symbols import Symbols
from flowc.equations.tree import (
    ONE,
    ZERO,
    Call,
    Cases,
    Compare,
    Expr,
    Name,
    Number,
    Product,
    Total,
    Truth,
    Word,
    within,
)
from flowc.equations.update import Method
from flowc.graph.network import Weight

Note = Equation | Remark
J, K = Name(r"\xi_{j}", "ξⱼ"), Name(r"\xi_{k}", "ξₖ")


def where(symbols: Symbols, groups: Sequence[Group], form: str) -> list[Note]:
    formulas = [
        f for g in groups for row in g.rows if isinstance(row, Equation) for f in (row.left, row.right, *row.chain)
    ]
    parts = [p for f in formulas for p in within(f)]
    notes: list[Note] = [Equation(left, right) for left, right in definitions(formulas)]
    notes += _vector_notes(parts)
    if any(isinstance(p, Name) and p.text.startswith("δ") for p in parts):
        notes += [Equation(left, right) for left, right in symbols.meanings_of_deltas()]
    if any(isinstance(p, Truth) for p in parts):
        notes.append(Remark((Truth(Word("condition")), " is 1 where the condition holds, else 0")))
    if any(isinstance(p, Product) and p.elementwise for p in parts):
        notes.append(Remark(("⊙, powers and functions act on each element",)))
    notes += _index_notes(symbols, parts)
    notes += _token_notes(symbols, parts, groups)
    notes += _number_notes(symbols, parts, form)
    if any(g.title == "Update" for g in groups):
        notes += _constant_notes(symbols)
    return notes


def _vector_notes(parts: Iterable[Expr]) -> list[Note]:
    """Functions of vectors, by their elements."""
    called = {p.function for p in parts if isinstance(p, Call)}
    total = Total("k", 1, None, exp(K))
    vectors: dict[str, Expr] = {
        "softmax": over(exp(J), total),
        "log_softmax": add((1, J), (-1, Call("log", (total,)))),
        "argmax": Cases(((ONE, Compare(Name("j", "j"), "=", Call("argmax", (K,), "k"))), (ZERO, None))),
    }
    definitions = {
        p.function
        for p in parts
        if isinstance(p, Call) and len(p.arguments) == 1 and not p.below and p.function in vectors
    }
    return [Equation(_element_of_function(n), vectors[n]) for n in vectors if n in called & definitions]


def _element_of_function(function: str) -> Name:
    """Its element j."""
    spelled = function.replace("_", r"\_")
    return Name(rf"\operatorname{{{spelled}}}(\xi)_{{j}}", f"{function}(ξ)ⱼ")


def _index_notes(symbols: Symbols, parts: Sequence[Expr]) -> list[Note]:
    """What the elements are called that a letter counts."""
    if not {p.letter for p in parts if isinstance(p, Total)} - {symbols.token}:
        return []
    owners: dict[tuple[str, ...], dict[str, Expr]] = {}
    for node in symbols.network.nodes:
        for axis in node.axes if not node.anonymous else ():
            if axis.names and axis.index:
                symbol = symbols.notation.node(node.name)
                owners.setdefault(axis.names, {})[node.name] = Name(symbol.latex, symbol.text)
    return [Remark(_spell_elements(names, [*nodes.values()])) for names, nodes in owners.items()]


def _spell_elements(names: tuple[str, ...], nodes: Sequence[Expr]) -> tuple[str | Expr, ...]:
    """`elements 1, 2, 3 of p, y: cat, dog, bird`"""
    count = len(names)
    numbers = ", ".join(map(str, range(1, count + 1))) if count <= 3 else f"1, …, {count}"
    of = [part for node in nodes[:3] for part in (", ", node)][1:]
    return f"elements {numbers} of ", *of, *([", …"] if len(nodes) > 3 else []), f": {_join_names(names)}"


def _join_names(names: tuple[str, ...]) -> str:
    return ", ".join(names if len(names) <= 8 else (*names[:3], "…", names[-1]))


def _token_notes(symbols: Symbols, parts: Sequence[Expr], groups: Sequence[Group]) -> list[Note]:
    letter = symbols.token
    if any(isinstance(p, Total) and p.letter == letter and p.high == symbols.count for p in parts):
        i = Name(letter, letter)
        return [Remark((i, " counts the ", symbols.count, " tokens; all but the weights is of token ", i))]
    if any(p == symbols.count for p in parts):
        return [Remark((symbols.count, " is the number of tokens"))]
    alone = not symbols.settings.whole_batch and any(g.title in ("Loss", "Backward") for g in groups)
    return [Remark(("everything is of one token",))] if alone else []


def _number_notes(symbols: Symbols, parts: Sequence[Expr], form: str) -> list[Note]:
    """Weights by their numbers; without numbers those that stay."""
    notes: list[Note] = []
    if symbols.settings.numbers is None:
        return _fixed_notes(symbols)
    used = {p for p in parts if isinstance(p, Name) and p.kind == "weight"}
    for symbol in symbols.program.weights:
        name = symbols.named(symbol)
        shape = symbol.type.shape
        inside = shape and (form == "indexed" or form != "nodes" and name in used and not symbols.is_few(shape))
        if inside and max(shape) <= 12 and len(shape) <= 2:
            notes.append(Equation(name, symbols.matrix(symbol)))
        elif inside:
            size = " × ".join(map(str, shape))
            notes.append(Remark((name, f" has {size} numbers, too many to be shown")))
    if symbols.rounded:
        notes.append(Remark((f"the weights' numbers are rounded to {symbols.settings.digits} digits",)))
    return notes


def _fixed_notes(symbols: Symbols) -> list[Note]:
    fixed = [(w, w.start) for w in symbols.network.weights if not w.learnt and not w.shape and isinstance(w.start, float | int)]
    parts: list[str | Expr] = []
    for w, number in fixed:
        parts += [*([", "] if parts else []), _named_weight(symbols, w), " = ", Number(float(number))]
    return [Remark((*parts, " stays as it is" if len(fixed) == 1 else " stay as they are"))] if fixed else []


def _named_weight(symbols: Symbols, weight: Weight) -> Expr:
    return symbols.named(next(s for s in symbols.program.weights if s.owner == weight.name))


def _constant_notes(symbols: Symbols) -> list[Note]:
    method = Method(symbols.network)
    parts: list[str | Expr] = []
    for symbol, value in method.constants():
        parts += [*([", "] if parts else []), symbol, " = ", Number(value)]
    notes: list[Note] = [Remark(tuple(parts))] if parts else [Remark((Name(r"\eta", "η"), " is the rate"))]
    if method.first_step is not None:
        notes.append(Remark((Name("t", "t"), f" counts the steps, from {method.first_step}")))
    if method.record.state:
        state = ", ".join(method.record.state)
        notes.append(Remark((f"{state} {'is' if len(method.record.state) == 1 else 'are'} 0 at first",)))
    return notes
