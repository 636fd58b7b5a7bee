"""The layout of a generated file, as numpy's and torch's share it: sections by name, in the order of reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from flowc.backends.backend import Options, Refused
from flowc.backends.code.build import Group
from flowc.backends.code.names import in_unicode
from flowc.backends.code.python_statements import block, defined_by
from flowc.backends.code.quote import names_in
from flowc.backends.code.tree import Assign, If, Import, Name, Quoted, Return
from flowc.backends.python import expression as e
from flowc.backends.python.header import header
from flowc.backends.python.imports import STANDARD, imports
from flowc.backends.python.naming import NameTable
from flowc.backends.python.spelling import Spelling, primitive_of
from flowc.graph.network import Network, Weight
from flowc.maths.function import Function
from flowc.maths.functions import FUNCTIONS, lookup
from flowc.program.dependencies import needed, owners_of
from flowc.program.ir import Program, Step, Symbol
from flowc.program.notes import FILE
from flowc.program.ops import Apply, Constant, MeshValues, steps_of
from flowc.program.passes.literals import named_as
from flowc.program.passes.passes import Printing, passes_of, run
from flowc.program.passes.results import leading_to
from flowc.program.phases import ALL, steps_in


class Described(Protocol):
    """What is about to be printed, in whatever language."""

    network: Network
    program: Program


class Sheet:
    """One diagram about to be printed: its program with losses written out, its names, its sections so far.

    `reserved` are names that a kind of file uses for itself, besides those that all have.
    """

    reserved: tuple[str, ...] = ()
    importable: Sequence[Mapping[str, Import]] = (STANDARD,)  # by the names that the file uses

    def __init__(self, network: Network, program: Program, options: Options, printing: Printing):
        self.network, self.options, self.explicit = network, options, printing.explicit
        self.planned = program
        self.passes = passes_of(printing)
        self.program = run(self.passes.of_file, program)
        functions = functions_of(program.steps)
        self.names = NameTable(network, program, [*functions, *self.reserved])
        learnt = {w.name for w in network.weights if w.learnt}
        self.weights = [w for w in network.weights if w.learnt]
        self.fixed = [w for w in network.weights if not w.learnt]
        self.learnt = [s for s in program.weights if s.owner in learnt]
        self.constants = {s.owner: s for s in program.weights if s.owner not in learnt}
        self.names.owners = owners_of(self.program.steps)
        self.literals: dict[str, Symbol] = {}
        self._name_literals(steps_in(self.program, FILE))
        self.hidden = self.program.notes.inside
        self.root = "math.sqrt" if "sqrt" in functions else "sqrt"  # there may be a helper sqrt
        by_name = {w.name: w for w in (*self.fixed, *network.weights)}
        owners = {s: s.owner for s in program.weights} | {s: name for name, s in self.literals.items()}
        self._weights = {s: by_name[owner] for s, owner in owners.items() if owner in by_name}
        self.sections: dict[str, Group] = {}
        self.parts: dict[str, Group] = {}  # what may be asked for besides: the methods of a class

    def _name_literals(self, literals: Iterable[Step]) -> None:
        """Arrays of numbers that the file has under a name become fixed weights: `matrix_h`."""
        for step in steps_of(literals, Constant):
            kind, _, owner = self.program.notes.names[step.symbol].partition("_")
            name = self.names.fresh(f"{kind}_{in_unicode(owner)}".rstrip("_")) if kind else self.names[step.symbol]
            self.literals[name] = step.symbol
            self.fixed.append(Weight(name, step.symbol.type.shape, False, step.op.numbers, False, step.span))
        self.names.spell(self.literals)
        self.constants |= self.literals

    # ------------------------------------------------------------ arguments

    def arguments(self, *groups: Iterable[Symbol]) -> list[str]:
        return [self.names[s] for group in groups for s in group]

    def weight_of(self, symbol: Symbol) -> Weight:
        return self._weights[symbol]

    @property
    def inputs(self) -> list[str]:
        return self.arguments(self.program.inputs)

    @property
    def samples(self) -> list[str]:
        """Inputs and targets: what a batch brings along."""
        return self.arguments(self.program.inputs, self.program.targets)

    @property
    def outputs(self) -> list[str]:
        return self.arguments(self.program.outputs)

    @property
    def learns(self) -> bool:
        return self.program.loss is not None and bool(self.learnt)

    @property
    def rate(self) -> float:
        return self.network.train.setting("rate", 0.1) if self.network.train else 0.1

    def of_function(self, name: str) -> Program:
        """What a function of the file computes, as it is printed."""
        return run(self.passes.functions[name], self.program)

    def of_function_with(self, name: str, wanted: Iterable[Symbol], given: Iterable[Symbol]) -> Program:
        """The same, where the function is given more than the file's inputs, targets and weights."""
        return run(self.passes.functions[name][1:], leading_to(self.program, wanted, given))

    def descent(self) -> tuple[Program, Program]:
        """What `fit` computes: how it learns, and the same as it is printed."""
        first, *rest = self.passes.functions["fit"]
        printed = run([first], named_as(self.planned, self.program))
        return printed, run(rest, printed)

    def steps_of(self, wanted: Iterable[Symbol], given: Iterable[Symbol] = ()) -> list[Step]:
        """The steps that lead to `wanted`, without the arrays that the file has."""
        return needed(self.steps, wanted, given)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Those of all functions."""
        return steps_in(self.program, ALL)

    # ------------------------------------------------------------- printing

    def text(self) -> str:
        """The whole file, or the part that was asked for."""
        if self.options.part is None:
            return join_sections([(Quoted(self.header()),), self.imports(), *self.sections.values()])
        parts = {name: code for name, code in {**self.parts, **self.sections}.items() if name.isidentifier()}
        if self.options.part not in parts:
            names = ", ".join(f"`{name}`" for name in parts)
            hint = "; `fit` is in the styles `layers` and `fast`" if self.options.part == "fit" and self.learns else ""
            raise Refused(f"there is no part `{self.options.part}`; the file has {names}{hint}")
        return join_sections([parts[self.options.part]])

    def code(self, *names: str) -> str:
        """A file for flowc alone, which has no header, but these names."""
        return join_sections([self.imports(*names), *self.sections.values()])

    def imports(self, *names: str) -> Group:
        code = [*map(Name, names), *(one for section in self.sections.values() for one in section)]
        return imports(code, self.sections, *self.importable)

    def header(self) -> tuple[str, ...]:
        return tuple(header(self.network, self.program, self.names, self.options))


S = TypeVar("S", bound=Spelling)

FUNCTION_KINDS = {"elementwise", "vector"}
IN_THE_LINE = ("identity", "square", "relu")  # spelled without a helper everywhere


def functions_of(steps: Sequence[Step]) -> list[str]:
    """The functions that a file may have as helpers: those that the program applies, those that their formulas name."""
    rows = {g.function for step in steps_of(steps, MeshValues) for level in step.op.mesh.levels for g in level.groups}
    rules = [FUNCTIONS[name].rule for name in rows]  # the functions of rows have names of their own
    waiting = [*{step.op.function for step in steps_of(steps, Apply)}]
    waiting += _words_in(text for rule in rules for text in (rule.value, *rule.pullback))
    functions: dict[str, Function] = {}
    for name in waiting:
        if name not in functions and (function := lookup(name)):
            functions[name] = function
            rules = [rule for rule in (function.rule, function.elements) if rule]
            waiting += _words_in(text for rule in rules for text in (rule.value, rule.autograd))
    return [name for name, function in functions.items() if _may_be_helper(function)]


def _words_in(formulas: Iterable[str]) -> list[str]:
    return [word for text in formulas for word in names_in(text)]


def _may_be_helper(function: Function) -> bool:
    """Whether some file has a helper of that name; the square root has one for the sake of autograd."""
    if function.name in IN_THE_LINE or function.kind not in FUNCTION_KINDS:
        return False
    return not primitive_of(function) or bool(function.rule.autograd)


def join_sections(sections: Iterable[Group]) -> str:
    """Two empty lines around functions and classes, one elsewhere."""
    text: list[str] = []
    wide_before = False
    for section in sections:
        if not section:
            continue
        wide = bool(defined_by(section[0])) or isinstance(section[0], If)
        if text:
            text += [""] * (2 if wide or wide_before else 1)
        text += block(section)
        wide_before = bool(defined_by(section[0]))
    return "\n".join([*text, ""])


def returned(names: Sequence[str]) -> Return:
    return Return(e.row(names) if names else None)


def assigned(names: Sequence[str], value: e.Expression) -> Assign:
    """`a, b = value`."""
    return Assign((e.row(names),), value)


def output_words(names: Sequence[str]) -> str:
    """ "the output f", "the outputs o1 and o2"."""
    if len(names) == 1:
        return f"the output {names[0]}"
    if len(names) > 8:
        return f"the {len(names)} outputs {names[0]}, ..., {names[-1]}"
    return f"the outputs {', '.join(names[:-1])} and {names[-1]}" if names else "nothing"


def capital(words: str) -> str:
    """The first letter a capital, where that is one letter: none is of ß."""
    return (words[0].upper() if words and len(words[0].upper()) == 1 else words[:1]) + words[1:]


def spelling_context(sheet: Sheet, spelling: S, given: Sequence[Symbol] | None = None) -> S:
    """The spelling for a function of these arguments (of `gradients`, if none are named): which array has the batch's
    length, and which the element type. Without inputs there is one token."""
    program = sheet.program
    arguments = [*program.inputs, *program.targets, *sheet.learnt] if given is None else given
    batched = [s for s in arguments if s.type.batched]
    batch = sheet.names[batched[0]] if batched else ""
    like = sheet.names[arguments[0]] if arguments else spelling.alone
    return replace(spelling, batch=batch, like=like)
