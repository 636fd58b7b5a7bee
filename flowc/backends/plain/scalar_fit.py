"""`fit`: so many steps of gradient descent on the same tokens, everything in one loop of plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flowc.backends.code.python import laid_out
from flowc.backends.plain.scalar_functions import DEEPER, plainly
from flowc.backends.plain.scalar_sheet import ScalarSheet, hidden_in
from flowc.backends.plain.scalar_spelling import ScalarSpelling
from flowc.backends.plain.scalar_text import assigned_to, entries, listed, loop, target, zeros
from flowc.backends.python import expression as e
from flowc.backends.python.printer import Line, Printer, statement_lines
from flowc.backends.python.sheet import definition
from flowc.backends.python.text import number, quoted
from flowc.program.ir import Step, Symbol
from flowc.program.notes import AFTER, BEFORE, ONCE, SETUP, TOKENS
from flowc.program.ops import Count, Divide, Reduce
from flowc.program.phases import steps_in

DEEPEST = DEEPER + "    "


def fit_section(sheet: ScalarSheet, spelling: ScalarSpelling) -> str:
    """`fit(weights, inputs, targets, rate, steps)`."""
    return _Fit(sheet, spelling).text()


class _Fit:
    def __init__(self, sheet: ScalarSheet, spelling: ScalarSpelling):
        self.sheet = sheet
        program = sheet.of_function("fit")
        self.slopes = program.gradients
        setup, once, *rounds = (list(steps_in(program, phase)) for phase in (SETUP, ONCE, BEFORE, TOKENS, AFTER))
        hidden = hidden_in((setup, once, *rounds), self.slopes.values())
        self.counts = any(isinstance(s.op, Count) for s in program.steps)
        self._spell_scales(setup, hidden)
        printer = Printer(sheet.names, replace(spelling, tokens=sheet.count))
        early = earlier(setup, once)
        self.counts_early = any(isinstance(s.op, Count) for s in early)
        groups = (early, [s for s in setup if s not in early], once, *rounds)
        self.tokens = rounds[1]
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
        used = {a for s in self.tokens for a in s.args}
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


def earlier(setup: Sequence[Step], once: Sequence[Step]) -> list[Step]:
    """Of `setup` what the numbers of the tokens need."""
    wanted = {a for s in once for a in s.args}
    found: list[Step] = []
    for step in reversed(setup):
        if step.symbol in wanted:
            wanted |= set(step.args)
            found.insert(0, step)
    return found
