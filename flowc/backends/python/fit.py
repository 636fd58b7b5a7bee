"""`fit`: so many steps of gradient descent on the same data, what hangs on the data alone computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from flowc.backends.code import scope
from flowc.backends.code.build import Group, assign, headed, paragraphs
from flowc.backends.code.names import in_unicode
from flowc.backends.code.tree import Comment, Dict, Expression, For, Function, Name, Return, Statement, Text
from flowc.backends.python import expression as e
from flowc.backends.python.library import Library
from flowc.backends.python.printer import Line, Printer, assignments
from flowc.backends.python.sheet import Sheet, spelling_context
from flowc.backends.python.spelling import Spelling, nested_list
from flowc.backends.python.text import number
from flowc.program.dependencies import owners_of
from flowc.program.ir import Program, Step, Symbol
from flowc.program.notes import LOOP, ONCE, START
from flowc.program.ops import Assemble, Contract, Copy, Stack, steps_of
from flowc.program.phases import ALL, steps_in

Opening = Callable[[Sequence[Step], str], Group]
DESCENT = "The weights after so many steps of gradient descent on these data."


def fit_function(sheet: Sheet, spelling: Spelling, library: Library, opening: Opening = lambda steps, like: ()) -> Function:
    """`fit(weights, inputs, targets, rate, steps)`. `opening` is what some steps need first."""
    planned, program = sheet.descent()
    name_symbols(sheet, program.notes.names)
    _name_arrays(sheet, planned, steps_in(program, ONCE))
    samples = [*sheet.program.inputs, *sheet.program.targets]
    context = spelling_context(sheet, spelling, [*samples, *planned.gradients])
    printer = Printer(sheet.names, replace(context, autograd=False))
    both = [*steps_in(program, ONCE), *steps_in(program, LOOP)]
    before = [*_start_weights(sheet, planned, context, library), *opening(both, context.like)]
    once = headed("once: whatever depends on the data alone", assignments(printer.lines_of(program, ONCE)))
    lines = copy_shared(printer.lines_of(program, LOOP), program.steps, planned.gradients, library)
    rounds = [rounds_of(sheet, _one_step(sheet, planned, lines, library))] if planned.gradients else []
    body = (*paragraphs(before, once, rounds), *_return_weights(sheet, planned))
    return Function("fit", arguments_of_fit(sheet), DESCENT, body, library.decorators)


def arguments_of_fit(sheet: Sheet) -> tuple[Expression, ...]:
    steps = int(sheet.network.train.setting("steps", 100)) if sheet.network.train else 100
    return e.arguments_of("weights", *sheet.samples, rate=number(sheet.rate), steps=str(steps))


def rounds_of(sheet: Sheet, body: Sequence[Statement]) -> For:
    """The loop over the steps."""
    return For(Name(sheet.names.fresh("_")), e.call("range", "steps"), tuple(body))


def name_symbols(sheet: Sheet, names: Mapping[Symbol, str]) -> None:
    """Give symbols without a name this one, or one like it; "" is none."""
    for symbol, name in names.items():
        if name and not sheet.names.has(symbol):
            sheet.names.spell({sheet.names.fresh(in_unicode(name)): symbol})


def _name_arrays(sheet: Sheet, planned: Program, once: Sequence[Step]) -> None:
    """X for the design matrix and w for its weights; where there are several, each with its node's name."""
    names = sheet.names
    steps = steps_in(planned, ALL)
    owners = owners_of(steps)
    names.owners = names.owners | owners
    users = {a: s.symbol.owner or owners.get(s.symbol, "") for s in reversed(steps) for a in s.args}
    designs = [s.symbol for s in once if s.op == Stack(columns=True)]
    unnamed = [s.symbol for s in steps_in(planned, START) if not s.symbol.owner]
    for some, letters in ((unnamed, ("w", "W")), (designs, ("X", "X"))):
        for symbol in some:
            owner, letter = in_unicode(users.get(symbol, "")), letters[len(symbol.type.shape) > 1]
            names.spell({names.fresh(letter if len(some) == 1 or not owner else f"{letter}_{owner}"): symbol})


def _start_weights(sheet: Sheet, planned: Program, spelling: Spelling, library: Library) -> list[Statement]:
    """The caller's arrays copied, or put together."""
    parts = {step.symbol: step for step in steps_in(planned, START)}
    within = {a for step in parts.values() for a in step.args}
    alone = {s: library.copy_array(_weight_argument(sheet, s)) for s in sheet.learnt if s not in within}
    values = alone | {symbol: _assemble_weight(sheet, spelling, step) for symbol, step in parts.items()}
    return [assign(sheet.names[symbol], value) for symbol, value in values.items()]


def _assemble_weight(sheet: Sheet, spelling: Spelling, step: Step) -> e.Expression:
    return spelling.spell_step(step, [_weight_argument(sheet, a) for a in step.args if isinstance(a, Symbol)])


def _weight_argument(sheet: Sheet, symbol: Symbol) -> e.Expression:
    return e.index(Name("weights"), Text(sheet.names[symbol]))


def _one_step(sheet: Sheet, planned: Program, lines: Sequence[Line], library: Library) -> Sequence[Statement]:
    """One step of the loop: forward without the loss, backward, and down."""
    forward_steps = {s.symbol for s in sheet.program.steps if s.symbol.kind != "gradient"}
    staying, down = descend(sheet, lines, planned.gradients, library)
    first = next((i for i, line in enumerate(staying) if line.step.symbol not in forward_steps), len(staying))
    return paragraphs(
        headed("forward", assignments(staying[:first])),
        headed("backward", assignments(staying[first:])),
        [Comment("one step downhill"), *down],
    )


def descend(
    sheet: Sheet, lines: Sequence[Line], gradients: Mapping[Symbol, Symbol], library: Library
) -> tuple[list[Line], list[Statement]]:  # fmt: skip
    """The lines that stay, and the statements that change the parameters. `gradients`: of each its own."""
    of_symbol = {line.step.symbol: line for line in lines}
    used = set[str]().union(*map(_names_in, lines))
    changing = _names_that_change(lines, [sheet.names[p] for p in gradients])
    dropped: set[Symbol] = set()
    statements: list[Statement] = []
    for parameter, gradient in gradients.items():
        line = of_symbol.get(gradient) or _line_of_name(sheet, gradient)
        alone = gradient in of_symbol and line.name not in used and not changing & _names_in(line)
        keeps, changes = library.step_downhill(sheet.names[parameter], line, alone)
        statements += changes
        dropped |= set() if keeps else {gradient}
    return [line for line in lines if line.step.symbol not in dropped], statements


def _names_that_change(lines: Sequence[Line], parameters: Iterable[str]) -> set[str]:
    """The names whose values change with the parameters: their own, and those of views of them."""
    names = set(parameters)
    for line in lines:
        if _is_view(line.step) and names & _names_in(line):
            names.add(line.name)
    return names


def _names_in(line: Line) -> set[str]:
    return scope.names(line.expression)


def _is_view(step: Step) -> bool:
    """Whether the value may share its memory with the argument."""
    return step.op.view or isinstance(step.op, Contract) and len(step.args) == 1


def _line_of_name(sheet: Sheet, gradient: Symbol) -> Line:
    """A gradient that was made before the loop."""
    name = sheet.names[gradient]
    return Line(name, e.atom(name), Step(gradient, Copy(), (gradient,)))


def _return_weights(sheet: Sheet, planned: Program) -> list[Statement]:
    """The weights by name again."""
    code: list[Statement] = []
    for step in steps_of(steps_in(planned, START), Assemble):
        places = [place for _, place in step.op.entries if place is not None]
        names = [sheet.names[step.args[place]] for place in places]  # type: ignore[index]
        grid = len(step.op.shape) > 1
        code.append(assign(nested_list([*map(Name, names)], step.op.shape) if grid else e.row(names), Name(sheet.names[step.symbol])))
    return [*code, Return(Dict(tuple(e.entry(sheet.names[s], Name(sheet.names[s])) for s in sheet.learnt)))]


def copy_shared(lines: Sequence[Line], steps: Iterable[Step], weights: Iterable[Symbol], library: Library) -> list[Line]:
    """The lines, where a gradient that may be a weight's own memory is a copy: weights are about to change."""
    step_of, weight_set = {s.symbol: s for s in steps}, set(weights)
    returned = ("gradient", "loss")
    return [
        replace(line, expression=library.copy_array(line.expression))
        if line.step.symbol.kind in returned and shares_memory(line.step.symbol, step_of, weight_set) else line
        for line in lines
    ]  # fmt: skip


def shares_memory(symbol: Symbol, of_symbol: Mapping[Symbol, Step], shared: set[Symbol]) -> bool:
    """Whether a value may be a view of one of these."""
    step = of_symbol.get(symbol)
    if symbol in shared or step is None:
        return symbol in shared
    return _is_view(step) and isinstance(step.args[0], Symbol) and shares_memory(step.args[0], of_symbol, shared)
