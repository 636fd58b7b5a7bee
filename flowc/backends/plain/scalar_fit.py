"""`fit`: so many steps of gradient descent on the same tokens, everything in one loop of plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flowc.backends.code.python import laid_out
from flowc.backends.plain.scalar_functions import DEEPER, plainly
from flowc.backends.plain.scalar_sheet import Phases, ScalarSheet, hidden_in, phases
from flowc.backends.plain.scalar_spelling import ScalarSpelling
from flowc.backends.plain.scalar_text import assigned_to, entries, listed, loop, target, zeros
from flowc.backends.python import expression as e
from flowc.backends.python.printer import Line, Printer, statement_lines
from flowc.backends.python.sheet import definition
from flowc.backends.python.text import number, quoted
from flowc.program.differentiate import active
from flowc.program.ir import Arg, Step, Symbol
from flowc.program.ops import Copy, Count, Divide, Multiply, Reduce
from flowc.program.values import type_of

DEEPEST = DEEPER + "    "


@dataclass(frozen=True)
class Parts:
    """`setup` and `once` hang on no weight: numbers, and what every token brings along. The rest is for every step of
    descent: before its tokens, for each of them, and after."""

    setup: list[Step]
    once: list[Step]
    round: Phases

    @property
    def groups(self) -> list[list[Step]]:
        return [self.setup, self.once, *self.round.groups]


def fit_section(sheet: ScalarSheet, spelling: ScalarSpelling) -> str:
    """`fit(weights, inputs, targets, rate, steps)`."""
    return _Fit(sheet, spelling).text()


class _Fit:
    def __init__(self, sheet: ScalarSheet, spelling: ScalarSpelling):
        self.sheet = sheet
        program = sheet.flat
        learnt = sheet.scalars(sheet.learnt)
        zero = {s.symbol for s in program.steps if isinstance(s.op, Copy) and s.args == (0.0,)}
        self.slopes = {w: program.gradients[w] for w in learnt if program.gradients[w] not in zero}
        steps = scaled(sheet.flat_steps(self.slopes.values()))
        self.parts = parts = parted(steps, set(learnt), bool(sheet.given))
        hidden = hidden_in(parts.groups, self.slopes.values())
        self.counts = any(isinstance(s.op, Count) for s in steps)
        self._spell_scales(parts.setup, hidden)
        printer = Printer(sheet.names, replace(spelling, tokens=sheet.count))
        early = earlier(parts)
        self.counts_early = any(isinstance(s.op, Count) for s in early)
        groups = (early, [s for s in parts.setup if s not in early], *parts.groups[1:])
        lines = [printer.lines(group, hidden) for group in groups]
        self.early, self.setup, self.once, self.before, self.loop, self.after = lines
        self.handed_on = self._handed_on()

    def text(self) -> str:
        sheet = self.sheet
        text = [line for w in sheet.learnt for line in self._start(w)]
        if self.counts_early:
            text.append(f"    {sheet.count} = len({sheet.samples[0]})")
        text += plainly(self.early)
        if self.loop:
            text += self._tokens()
        text += plainly(self.setup)
        if self.slopes:
            text += ["", f"    for {sheet.names.fresh('_')} in range(steps):", *self._round()]
        text += laid_out(entries(sheet, [(w, listed(sheet, w)) for w in sheet.learnt]), "    return ")
        steps = int(sheet.network.train.setting("steps", 100)) if sheet.network.train else 100
        arguments = ["weights", *sheet.samples, f"rate={number(sheet.rate)}", f"steps={steps}"]
        return definition("fit", arguments, "The weights after so many steps of gradient descent on these data.", text)

    def _start(self, weight: Symbol) -> list[str]:
        taken = f"weights[{quoted(self.sheet.names[weight])}]"
        if not weight.type.shape:
            return statement_lines(f"{self.sheet.names[weight]} = {taken}")
        return assigned_to([target(self.sheet, weight)], "    ", f" = {taken}")

    def _spell_scales(self, setup: Sequence[Step], hidden: set[Symbol]) -> None:
        """The factors that all tokens share."""
        shared = [s.symbol for s in setup if isinstance(s.op, Divide) and s.symbol not in hidden]
        for symbol in shared:
            base = "scale" if len(shared) == 1 else f"scale_{shared.index(symbol) + 1}"
            self.sheet.names.spell({self.sheet.names.fresh(base): symbol})

    # ---------------------------------------------------------------- tokens

    def _handed_on(self) -> list[Symbol]:
        """What the loop takes of each token: its own numbers, and what was made once."""
        made = [*self.sheet.scalars(self.sheet.given), *(line.step.symbol for line in self.once)]
        used = {a for s in self.parts.round.loop for a in s.args}
        return [s for s in made if s in used] or made[:1]

    def _tokens(self) -> list[str]:
        """`tokens`: a list of what every token brings along."""
        sheet = self.sheet
        samples = [e.atom(name) for name in sheet.samples]
        if not self.once:
            whole = e.call("zip", *samples, strict="True") if len(samples) > 1 else samples[0]
            text = laid_out(e.call("list", whole), "    tokens = ")
        else:
            names = [e.atom(sheet.names[s]) for s in self.handed_on]
            row = names[0] if len(names) == 1 else e.bracketed("(", names, ")")
            given = [target(sheet, s) for s in sheet.given]
            text = ["    tokens = []", *loop(given, samples, sheet.names.fresh("samples"))]
            text += plainly(self.once, DEEPER)
            text += laid_out(e.bracketed("tokens.append(", [row], ")"), DEEPER)
        return [*text, *([f"    {sheet.count} = len(tokens)"] if self.counts and not self.counts_early else [])]

    def _round(self) -> list[str]:
        """One step of descent."""
        sheet = self.sheet
        text = plainly(self.before, DEEPER)
        if self.loop:
            sums = dict.fromkeys(line.name for line in self.loop if isinstance(line.step.op, Reduce))
            row = [e.atom(sheet.names[s]) for s in self.handed_on]
            targets = row if self.once else [target(sheet, s) for s in sheet.given]
            text += [*zeros(list(sums), DEEPER), *assigned_to(targets, f"{DEEPER}for ", " in tokens:")]
            text += _both_ways(sheet, self.loop)
        text += plainly(self.after, DEEPER)
        text += ["", f"{DEEPER}# one step downhill"] if text else []
        changes = [f"{sheet.names[w]} -= rate * {sheet.names[d]}" for w, d in self.slopes.items()]
        return text + [line for change in changes for line in statement_lines(change, DEEPER)]


def _both_ways(sheet: ScalarSheet, lines: Sequence[Line]) -> list[str]:
    """Forward without the loss, then backward."""
    place = {s.symbol: i for i, s in enumerate(sheet.flat.steps)}
    assert sheet.flat.loss is not None
    end = place[sheet.flat.loss]
    forward = [line for line in lines if place.get(line.step.symbol, end) < end]
    backward = [line for line in lines if line not in forward]
    text = [f"{DEEPEST}# forward", *plainly(forward, DEEPEST, True), ""] if forward else []
    return [*text, f"{DEEPEST}# backward", *plainly(backward, DEEPEST, True)]


def parted(steps: Sequence[Step], learnt: set[Symbol], given: bool) -> Parts:
    """Every step where it has to be done no more often than needed."""
    alive = active(tuple(steps), learnt)
    fixed = [s for s in steps if s.symbol not in alive and not isinstance(s.op, Reduce)]
    sums = {s.symbol for s in steps if isinstance(s.op, Reduce)}
    late = active(tuple(steps), sums) - sums
    setup = [s for s in fixed if not type_of(s.symbol).batched and s.symbol not in late]
    once = [s for s in fixed if type_of(s.symbol).batched]
    before = {s.symbol for s in (*setup, *once)}
    rest = [s for s in steps if s.symbol not in before]
    if not given:
        return Parts([*setup, *once], [], Phases(rest, [], []))
    return Parts(setup, once, phases(rest))


def earlier(parts: Parts) -> list[Step]:
    """Of `setup` what the numbers of the tokens need."""
    wanted = {a for s in parts.once for a in s.args}
    found: list[Step] = []
    for step in reversed(parts.setup):
        if step.symbol in wanted:
            wanted |= set(step.args)
            found.insert(0, step)
    return found


def scaled(steps: Sequence[Step]) -> list[Step]:
    """2 * x / n as (2 / n) * x: the quotient is the same for all tokens."""
    made: dict[object, Step] = {s.symbol: s for s in steps}
    number = 1 + max((s.symbol.number for s in steps), default=0)
    scales: dict[tuple[float, Arg], Step] = {}
    result: list[Step] = []
    for step in steps:
        quotient = _quotient(step, made)
        if quotient is None:
            result.append(step)
            continue
        if quotient not in scales:
            symbol = Symbol("temporary", "", type_of(quotient[1]), number=number + len(scales))
            scales[quotient] = Step(symbol, Divide(), quotient, step.span)
            result.append(scales[quotient])
        rest = made[step.args[0]].args[1:]
        result.append(replace(step, op=Multiply(), args=(scales[quotient].symbol, *rest)))
    used = {a for s in result for a in s.args}
    return [s for s in result if s.symbol in used or s.symbol.kind != "temporary"]


def _quotient(step: Step, made: Mapping[object, Step]) -> tuple[float, Arg] | None:
    """2 and n, of a step 2 * x / n; 1 and n, of 2 * x / (2 * n)."""
    product = made.get(step.args[0]) if isinstance(step.op, Divide) else None
    if product is None or not isinstance(product.op, Multiply) or product.symbol.kind != "temporary":
        return None
    factor, divisor = product.args[0], made.get(step.args[1])
    if isinstance(factor, Symbol) or divisor is None:
        return None
    if isinstance(divisor.op, Count):
        return factor, divisor.symbol
    size = divisor.args[0]
    if not isinstance(divisor.op, Multiply) or isinstance(size, Symbol) or not isinstance(made[divisor.args[1]].op, Count):
        return None
    return factor / size, divisor.args[1]
