"""`forward`, `gradients` and `values` of a file of plain Python, each element a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from flowc.backends.code.python import laid_out
from flowc.backends.code.words import remark
from flowc.backends.plain.scalar_sheet import ScalarSheet, hidden_in
from flowc.backends.plain.scalar_spelling import ScalarSpelling
from flowc.backends.plain.scalar_text import assigned_to, entries, listed, loop, spoken, target, unpacked, zeros
from flowc.backends.python import expression as e
from flowc.backends.python.naming import local
from flowc.backends.python.printer import Comments, Line, Printer
from flowc.backends.python.sections import loss_words
from flowc.backends.python.sheet import capital, definition, output_words, several
from flowc.backends.python.text import number, quoted
from flowc.program.dependencies import needed
from flowc.program.ir import Arg, Program, Step, Symbol
from flowc.program.notes import AFTER, BEFORE, TOKENS
from flowc.program.ops import Count, Reduce
from flowc.program.phases import ALL, steps_in

DEEPER = "        "


class Function:
    """The lines of one function, in the phases of its steps. `given`: the arguments that have a value for each token;
    without any there is one token, and nothing to loop over."""

    def __init__(
        self, sheet: ScalarSheet, spelling: ScalarSpelling, program: Program, wanted: Iterable[Symbol], given: list[Symbol]
    ):  # fmt: skip
        self.sheet, self.given, self.steps = sheet, given, program.steps
        loop, after = steps_in(program, TOKENS), steps_in(program, AFTER)
        groups = [steps_in(program, BEFORE) or steps_in(program, ALL), loop, after]
        hidden = hidden_in(groups, wanted)
        self.used = {a for s in self.steps for a in s.args if isinstance(a, Symbol)} | set(wanted)
        _share_names(sheet, loop, after, hidden)
        printer = Printer(sheet.names, replace(spelling, tokens=sheet.count))
        self.before, self.loop, self.after = (printer.lines(group, hidden) for group in groups)

    @property
    def sums(self) -> list[str]:
        """What grows in the loop."""
        return list(dict.fromkeys(line.name for line in self.loop if isinstance(line.step.op, Reduce)))

    def opening(self, count: str) -> list[str]:
        """Before the loop; `count` is how many tokens there are."""
        counts = any(isinstance(s.op, Count) for s in self.steps)
        text = [f"    {self.sheet.count} = {count}"] if counts else []
        return [*text, *plainly(self.before), *zeros(self.sums)]


def _share_names(sheet: ScalarSheet, loop: Sequence[Step], after: Sequence[Step], hidden: set[Symbol]) -> None:
    """A sum that only goes into one named value has that name already: `L += ...`, then `L = L / n`."""
    made = {s.symbol: s for s in after}
    grown: set[Arg] = {s.symbol for s in loop if isinstance(s.op, Reduce) and s.symbol.kind == "temporary"}

    def sums(args: Iterable[Arg]) -> list[Arg]:
        inner = [made[a].args for a in args if isinstance(a, Symbol) and a in hidden and a in made]
        return [a for a in args if a in grown] + [a for more in inner for a in sums(more)]

    for step in after:
        summed = sums(step.args) if step.symbol not in hidden else []
        if len(summed) == 1 and sum(summed[0] in s.args for s in after) == 1:
            sheet.names.spell({sheet.names[step.symbol]: summed[0]})  # type: ignore[dict-item]


def plainly(lines: Sequence[Line], indent: str = "    ", grows: bool = False) -> list[str]:
    return [text for line in lines for text in spoken(line, grows, indent)]


# -------------------------------------------------------------------- forward


def forward_section(sheet: ScalarSheet, spelling: ScalarSpelling) -> str:
    """Of one token, or of lists of them."""
    program = sheet.program
    outputs = sheet.scalars(program.outputs)
    given = [] if sheet.each or not outputs else program.inputs
    function = Function(sheet, spelling, sheet.of_function("forward"), outputs, list(given))
    comments = Comments(sheet.network.source)
    body = unpacked(sheet, sheet.learnt, function.used)
    if given:
        body += _looped_forward(sheet, function, comments)
    else:
        body += unpacked(sheet, program.inputs, function.used)
        body += _commented(function.before, comments, "    ")
        results = [listed(sheet, s) for s in program.outputs]
        body += _returned(results if sheet.each else [e.bracketed("[", [r], "]") for r in results])
    words = capital(output_words(sheet.outputs))
    arguments = sheet.inputs + sheet.arguments(sheet.learnt)
    return definition("forward", arguments, f"{words} of {'one token' if sheet.each else 'every token'}.", body)


def _looped_forward(sheet: ScalarSheet, function: Function, comments: Comments) -> list[str]:
    program = sheet.program
    before = _commented(function.before, comments, "    ")
    lists = [sheet.names.fresh(f"all_{name}") for name in sheet.outputs]
    inputs = [e.atom(name) for name in sheet.inputs]
    text = [*before, *(f"    {name} = []" for name in lists)]
    text += loop([target(sheet, s) for s in program.inputs], inputs)
    text += _commented(function.loop, comments, DEEPER)
    for name, symbol in zip(lists, program.outputs, strict=True):
        text += laid_out(e.bracketed(f"{name}.append(", [listed(sheet, symbol)], ")"), DEEPER)
    return [*text, *_returned([e.atom(name) for name in lists])]


def _commented(lines: Sequence[Line], comments: Comments, indent: str) -> list[str]:
    said = comments.of(lines)
    return [text for line, words in zip(lines, said, strict=True) for text in spoken(line, False, indent, words)]


def _returned(values: Sequence[e.Expression]) -> list[str]:
    return laid_out(values[0], "    return ") if len(values) == 1 else _tuple(values)


def _tuple(values: Sequence[e.Expression]) -> list[str]:
    if all(v.is_name for v in values):
        return several([e.flat(v) for v in values], "    return ")
    return assigned_to(values, "    return ", "")


# ------------------------------------------------------------------ gradients


def gradients_section(sheet: ScalarSheet, spelling: ScalarSpelling) -> str:
    """Over lists of tokens: forward, loss and backward of each, sums growing."""
    program = sheet.program
    assert program.loss is not None
    slopes = [program.gradients[s] for s in sheet.learnt]
    wanted = [program.loss, *sheet.scalars(slopes)]
    function = Function(sheet, spelling, sheet.of_function("gradients"), wanted, sheet.given)
    text = unpacked(sheet, sheet.learnt, function.used)
    samples = [e.atom(name) for name in sheet.samples]
    text += function.opening(f"len({sheet.samples[0]})" if samples else "1")
    if function.loop:
        text += loop([target(sheet, s) for s in sheet.given], samples)
        text += _divided(sheet, function.loop)
    text += plainly(function.after)
    answer = entries(sheet, [(s, listed(sheet, d)) for s, d in zip(sheet.learnt, slopes, strict=True)])
    text += laid_out(answer, f"    return {sheet.names[program.loss]}, ")
    arguments = sheet.samples + sheet.arguments(sheet.learnt)
    return definition("gradients", arguments, "The loss, and its derivative for every weight.", text)


def _divided(sheet: ScalarSheet, lines: Sequence[Line]) -> list[str]:
    """The three parts of the loop, with their headings."""
    program = sheet.flat
    place = {s.symbol: i for i, s in enumerate(program.steps)}
    assert program.loss is not None
    end = place[program.loss]
    early = [line for line in lines if place[line.step.symbol] <= end]
    serving = _last_parts([line for line in early if line.step.symbol not in program.learning])
    loss = [line for line in early if line.step.symbol in program.learning or line.step.symbol in serving]
    forward = [line for line in early if line not in loss]
    backward = [line for line in lines if place[line.step.symbol] > end]
    words = loss_words(sheet.network)
    groups = [
        ("forward", forward),
        (f"loss{': ' + words if words else ''}", loss),
        ("backward: the same lines, read from the last to the first", backward),
    ]
    parts = [[*remark(title, DEEPER), *plainly(group, DEEPER, True)] for title, group in groups if group]
    return [text for i, part in enumerate(parts) for text in ([""] if i else []) + part]


def _last_parts(forward: Sequence[Line]) -> set[Symbol]:
    """Shared parts of the loss that no target enters: they stand behind every node's line."""
    last = max((i for i, line in enumerate(forward) if line.step.symbol.kind != "temporary"), default=-1)
    return {line.step.symbol for line in forward[last + 1 :]}


def learn_section(sheet: ScalarSheet) -> str:
    """`learn(weights, inputs, targets, rate)`: one step of gradient descent."""
    samples = sheet.samples
    L, d, name, w = (local(n, samples) for n in ("L", "d", "name", "w"))
    new = f"moved({w}, {d}[{name}], -rate)" if sheet.lists else f"{w} - rate * {d}[{name}]"
    text = laid_out(e.call("gradients", *samples, "**weights"), f"    {L}, {d} = ")
    whole = e.atom(f"{{{name}: {new} for {name}, {w} in weights.items()}}")
    text += laid_out(whole, f"    return {L}, ")
    arguments = ["weights", *samples, f"rate={number(sheet.rate)}"]
    return definition("learn", arguments, "One step downhill; the loss is that before the step.", text)


# --------------------------------------------------------------------- values


def values_section(sheet: ScalarSheet, spelling: ScalarSpelling, wanted: Mapping[str, Symbol]) -> str:
    """`values(**given)`, of the API: arrays in, by the diagram's names; lists out, by the keys of `wanted`."""
    scalars = sheet.scalars(dict.fromkeys(wanted.values()))
    program = sheet.program
    met = {a for s in needed(sheet.flat.steps, scalars) for a in s.args} | set(scalars)
    targets = [t for t in program.targets if met.intersection(sheet.scalars([t]))]
    given = [*program.inputs, *targets]
    function = Function(sheet, spelling, sheet.of_values(scalars, targets), scalars, given)
    text = []
    for symbol in program.weights:
        if function.used.intersection(sheet.scalars([symbol])) and symbol.owner not in sheet.literals:
            text += assigned_to([target(sheet, symbol)], "    ", f" = {e.flat(_taken(symbol))}")
    text += function.opening(f"len({e.flat(_taken(given[0]))})" if given else "1")
    lists = {key: sheet.names.fresh("rows") for key, s in wanted.items() if given and s.type.batched}
    text += _rows(sheet, function, wanted, lists) if given else []
    text += [*plainly(function.after), "    return {"]
    for key, symbol in wanted.items():
        one = e.flat(listed(sheet, symbol))
        text.append(f"        {quoted(key)}: {lists.get(key) or (f'[{one}]' if symbol.type.batched else one)},")
    return "\n".join(["def values(**given):", *text, "    }"])


def _taken(symbol: Symbol) -> e.Expression:
    return e.atom(f"given[{quoted(symbol.owner)}].tolist()")


def _rows(
    sheet: ScalarSheet, function: Function, wanted: Mapping[str, Symbol], lists: Mapping[str, str]
) -> list[str]:  # fmt: skip
    """The loop, that collects what is wanted of every token."""
    text = [f"    {name} = []" for name in lists.values()]
    text += loop([target(sheet, s) for s in function.given], [_taken(s) for s in function.given])
    body = plainly(function.loop, DEEPER, True)
    for key, name in lists.items():
        body += laid_out(e.bracketed(f"{name}.append(", [listed(sheet, wanted[key])], ")"), DEEPER)
    return [*text, *(body or [f"{DEEPER}pass"])]
