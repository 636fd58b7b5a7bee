"""Meshes in C: their tables, the functions of their nodes, and the calls of what computes them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flowc.backends.c.words import CWords
from flowc.backends.code.build import assign
from flowc.backends.code.c import block, flat
from flowc.backends.code.tree import Call, Expression, If, Index, Name, Node, Number, Quoted, Statement
from flowc.backends.code.typed import Count, Parameter, TypedFunction
from flowc.backends.loops.loops import ZERO
from flowc.backends.python import expression as e
from flowc.backends.python.mesh import in_rows
from flowc.program.function_steps import pulled
from flowc.program.ir import Step, Symbol, Type
from flowc.program.mesh.mesh import Group, Mesh
from flowc.program.ops import Apply
from flowc.program.passes.conditions import with_indicators
from flowc.program.passes.numbers import with_numbers

WIDTH = 79
STRUCTS = """\
/* Nodes of one function, in the rows from first to before last; `kept`: the
   first row of their excitations, or 0; `asked`: gradients come, too. */
struct group { unsigned function, first, last, kept, asked; };

/* Nodes none of which needs another, and how many groups they are. Dense: a
   matrix of their lines, from the rows low to before high, begins at `start`
   of the weights, and behind it are biases; else each has lines of its own. */
struct level { unsigned first, last, groups, dense, start, low, high, bias; };

/* Rows of values, one level after the other: the lines into the n-th node that
   has some of its own come from sources[starts[n]] to before starts[n + 1]. */
struct mesh {
    size_t depth, kinds, rows;
    const struct level *levels;
    const struct group *groups;
    const unsigned *starts, *sources;
};
"""
NUMBER = Type(True, ())


class Meshes:
    """The meshes of a file, and its constant arrays."""

    def __init__(self, words: CWords, fresh: Callable[[str], str]):
        self.words, self.fresh = words, fresh
        self._tables: dict[str, str] = {}
        self._names: dict[Any, Expression] = {}
        self.functions: dict[tuple[str, tuple[float, ...]], int] = {}

    # ------------------------------------------------------------------------------------------------------------ tables

    def table(self, base: str, numbers: Any, whole: bool = True) -> Expression:
        import numpy as np

        values = np.asarray(numbers, np.int64 if whole else np.float64)
        key = (base, values.tobytes())
        if key not in self._names:
            items = map(str, values.tolist()) if whole else (flat(self.words.number(n)) for n in values.tolist())
            self._names[key] = self._add_table("unsigned" if whole else self.words.kind, base, items, len(values))
        return self._names[key]

    def _add_table(self, kind: str, base: str, items: Iterable[str], count: int) -> Expression:
        name = self.fresh(base)
        text = ", ".join(items) or "0"
        rows = textwrap.wrap(text, WIDTH - 4, break_long_words=False, break_on_hyphens=False) if count < 1000 else _rows(text)
        self._tables[name] = f"static const {kind} {name}[{max(count, 1)}] = {{\n" + "".join(f"    {row}\n" for row in rows) + "};\n"
        return Name(name)

    def tables_in(self, code: str) -> str:
        """Those that a text names, in order."""
        rows = [text for text in self._tables.values() if text.startswith("static const struct mesh ")]
        used = set(re.findall(r"\w+", "\n".join([code, *(text.partition("=")[2] for text in rows)])))
        return "\n".join(text for name, text in self._tables.items() if name in used)

    def name_of(self, mesh: Mesh) -> Expression:
        """The struct of a mesh."""
        if id(mesh) not in self._names:
            self._names[id(mesh)] = self._add_mesh(mesh)
        return self._names[id(mesh)]

    def _add_mesh(self, mesh: Mesh) -> Expression:
        starts, sources = in_rows(mesh)
        levels = [
            f"{{{v.first}, {v.last}, {len(v.groups)}, {int(v.how == 'dense')}, {v.start}, {v.low}, {v.high}, {int(v.bias)}}}"
            if v.how == "dense" else f"{{{v.first}, {v.last}, {len(v.groups)}, 0, 0, 0, 0, 0}}"
            for v in mesh.levels
        ]  # fmt: skip
        groups = [self._row_of_group(g) for level in mesh.levels for g in level.groups]
        tables = [
            self._add_table("struct level", "levels", levels, len(levels)), self._add_table("struct group", "groups", groups, len(groups)),
            self.table("starts", starts), self.table("sources", sources),
        ]  # fmt: skip
        name = self.fresh("mesh")
        numbers = f"{len(levels)}, {len(groups)}, {len(starts) - 1}, {', '.join(map(flat, tables))}"
        self._tables[name] = f"static const struct mesh {name} = {{{numbers}}};\n"
        return Name(name)

    def _row_of_group(self, g: Group) -> str:
        function = self.functions.setdefault((g.function, g.parameters), len(self.functions))
        return f"{{{function}, {g.first}, {g.last}, {g.excitations or 0}, {int(g.asked)}}}"

    # -------------------------------------------------------------------------------------------------------- functions

    def value_function(self) -> str:
        """What the functions of nodes are, by their numbers: of n numbers, in place."""
        xi, symbol = Index(Name("xi"), (Name("i"),)), Symbol("temporary", "xi", NUMBER)
        cases = [
            self._case(number, xi, self.words.spelled(Step(symbol, Apply(name, parameters), (symbol,)), [xi]))
            for (name, parameters), number in self.functions.items() if name != "identity"
        ]  # fmt: skip
        return self._function("apply_function", (("xi", ""),), "The functions of nodes, by their numbers.", cases)

    def slope_function(self) -> str:
        """What arrives, times the slope: from excitations (or, where they are not kept, values) and values."""
        d = Index(Name("d"), (Name("i"),))
        cases = [
            self._case(number, d, self._pulled(name, parameters))
            for (name, parameters), number in self.functions.items() if name != "identity"
        ]  # fmt: skip
        doc = "What arrives at nodes, times the slopes of their functions."
        return self._function("apply_slope", (("xi", "const "), ("h", "const "), ("d", "")), doc, cases)

    def _case(self, number: int, target: Expression, value: Expression) -> Statement:
        """Of one function. The library's sine is for numbers that are far from 0 alone."""
        near = self._near(value)
        statements: tuple[Statement, ...] = (_each(assign(target, value)),)
        if near != value:
            far = self.words.helper("any_far", Name("n"), Name("xi"))
            statements = (If(far, statements, (_each(assign(target, near)),)),)
        return If(e.compare(Name("function"), "==", Number(str(number))), statements)

    def _near(self, code: Any) -> Any:
        """The same with the file's own sine and cosine."""
        match code:
            case Call(Name(name), (x,)) if name in self.turns:
                return self.words.helper("turned", self._near(x), Number(self.turns[name]))
            case tuple():
                return tuple([self._near(part) for part in code])
            case Node():
                return type(code)(*[self._near(value) for value in code.field_values])
        return code

    @property
    def turns(self) -> dict[str, str]:
        return {f"{name}{self.words.ending}": quarter for name, quarter in (("sin", "0"), ("cos", "1"))}

    def _pulled(self, name: str, parameters: tuple[float, ...]) -> Expression:
        symbols = {n: Symbol("temporary", n, NUMBER, number=k) for k, n in enumerate(("xi", "h", "d"))}
        steps, result = pulled(name, parameters, symbols)
        spelled: dict[Any, Expression] = {s: Index(Name(n), (Name("i"),)) for n, s in symbols.items()}
        for step in with_indicators(with_numbers(steps), 1000):
            args = [spelled[a] if isinstance(a, Symbol) else self.words.number(a) for a in step.args]
            spelled[step.symbol] = self.words.spelled(step, args)
        return spelled[result] if isinstance(result, Symbol) else self.words.number(result)

    def _function(self, name: str, arrays: Sequence[tuple[str, str]], doc: str, cases: Sequence[Statement]) -> str:
        kind = self.words.kind
        parameters = [Parameter("unsigned", "function"), Parameter("size_t", "n")]
        parameters += [Parameter(f"{const}{kind} *", array) for array, const in arrays]
        unused = [f"(void){p.name};" for p in parameters if not any(p.name in text for text in block(cases))]
        body = (*([Quoted(tuple(unused))] if unused else []), *cases)
        return "\n".join(block([TypedFunction("static inline void", name, tuple(parameters), doc, tuple(body))])) + "\n"


def _each(statement: Statement) -> Statement:
    return Count("i", ZERO, Name("n"), (statement,))


def _rows(text: str) -> list[str]:
    """A long list of numbers in lines, as fast as may be."""
    rows, at = [], 0
    while len(text) - at > WIDTH - 4:
        end = text.rindex(", ", at, at + WIDTH - 3)
        rows.append(text[at : end + 1])
        at = end + 2
    return [*rows, text[at:]]
