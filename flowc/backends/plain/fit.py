"""`fit`: so many steps of gradient descent on the same tokens, everything in one loop of plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flowc.backends.code.build import assign, headed, in_row, paragraphs
from flowc.backends.code.tree import Comment, Do, For, Function, List, Name, Return, Statement, Text
from flowc.backends.plain.elements import loop_over_tokens, start_sums, statements_of
from flowc.backends.plain.sheet import PlainSheet, hidden_in
from flowc.backends.plain.spelling import PlainSpelling
from flowc.backends.python import expression as e
from flowc.backends.python.fit import DESCENT, arguments_of_fit, rounds_of
from flowc.backends.python.printer import Line, Printer
from flowc.program.dependencies import needed
from flowc.program.ir import Step, Symbol
from flowc.program.notes import AFTER, BEFORE, ONCE, SETUP, TOKENS
from flowc.program.ops import Count, Divide
from flowc.program.phases import steps_in


def fit_function(sheet: PlainSheet, spelling: PlainSpelling) -> Function:
    """`fit(weights, inputs, targets, rate, steps)`."""
    return _Fit(sheet, spelling).function()


class _Fit:
    def __init__(self, sheet: PlainSheet, spelling: PlainSpelling):
        self.sheet = sheet
        program = sheet.of_function("fit")
        self.slopes = program.gradients
        setup, once, *rounds = (list(steps_in(program, phase)) for phase in (SETUP, ONCE, BEFORE, TOKENS, AFTER))
        hidden = hidden_in((setup, once, *rounds), self.slopes.values())
        self.counts = any(isinstance(s.op, Count) for s in program.steps)
        self._spell_scales(setup, hidden)
        printer = Printer(sheet.names, replace(spelling, tokens=sheet.count))
        first = needed(setup, [a for s in once for a in s.args if isinstance(a, Symbol)])
        self.counts_early = any(isinstance(s.op, Count) for s in first)
        groups = (first, [s for s in setup if s not in first], once, *rounds)
        self.tokens = rounds[1]
        lines = [printer.lines(group, hidden) for group in groups]
        self.first, self.setup, self.once, self.before, self.loop, self.after = lines
        self.handed_on = self._handed_on()

    def function(self) -> Function:
        sheet = self.sheet
        counted = [assign(sheet.count, e.call("len", sheet.samples[0]))] if self.counts_early else []
        before = [*map(self._start_weight, sheet.learnt), *counted, *statements_of(self.first)]
        before += [*(self._list_tokens() if self.loop else []), *statements_of(self.setup)]
        rounds = [rounds_of(sheet, self._one_round())] if self.slopes else []
        answer = Return(sheet.weights_by_name([(w, sheet.as_list(w)) for w in sheet.learnt]))
        return Function("fit", arguments_of_fit(sheet), DESCENT, (*paragraphs(before, rounds), answer))

    def _start_weight(self, weight: Symbol) -> Statement:
        return assign(self.sheet.as_target(weight), e.index(Name("weights"), Text(self.sheet.names[weight])))

    def _spell_scales(self, setup: Sequence[Step], hidden: set[Symbol]) -> None:
        """The factors that all tokens share."""
        shared = [s.symbol for s in setup if isinstance(s.op, Divide) and s.symbol not in hidden]
        for symbol in shared:
            base = "scale" if len(shared) == 1 else f"scale_{shared.index(symbol) + 1}"
            self.sheet.names.spell({self.sheet.names.fresh(base): symbol})

    # ---------------------------------------------------------------- tokens

    def _handed_on(self) -> list[Symbol]:
        """What the loop takes of each token: its own numbers, and what was made once."""
        symbols = [*self.sheet.scalars_of(self.sheet.sample_symbols), *(line.step.symbol for line in self.once)]
        used = {a for s in self.tokens for a in s.args}
        return [s for s in symbols if s in used] or symbols[:1]

    def _list_tokens(self) -> list[Statement]:
        """`tokens`: a list of what every token brings along."""
        sheet = self.sheet
        samples = [e.atom(name) for name in sheet.samples]
        counted = [assign(sheet.count, e.call("len", "tokens"))] if self.counts and not self.counts_early else []
        if not self.once:
            values = e.call("zip", *samples, strict="True") if len(samples) > 1 else samples[0]
            return [assign("tokens", e.call("list", values)), *counted]
        row = e.row([sheet.names[s] for s in self.handed_on])
        targets = [sheet.as_target(s) for s in sheet.sample_symbols]
        body = [*statements_of(self.once), Do(e.call("tokens.append", row))]
        return [assign("tokens", List(())), *loop_over_tokens(targets, samples, body, sheet.names.fresh("samples")), *counted]

    def _one_round(self) -> Sequence[Statement]:
        """One step of descent."""
        sheet = self.sheet
        code = statements_of(self.before)
        if self.loop:
            row = [e.atom(sheet.names[s]) for s in self.handed_on]
            targets = row if self.once else [sheet.as_target(s) for s in sheet.sample_symbols]
            code += [*start_sums(self.loop), For(in_row(targets), Name("tokens"), tuple(_both_ways(sheet, self.loop)))]
        code += statements_of(self.after)
        changes = [assign(sheet.names[w], e.product([Name("rate"), Name(sheet.names[d])]), "-") for w, d in self.slopes.items()]
        return paragraphs(code, headed("one step downhill", changes)) if code else changes


def _both_ways(sheet: PlainSheet, lines: Sequence[Line]) -> Sequence[Statement]:
    """Forward without the loss, then backward."""
    place = {s.symbol: i for i, s in enumerate(sheet.flat.steps)}
    assert sheet.flat.loss is not None
    end = place[sheet.flat.loss]
    forward = [line for line in lines if place.get(line.step.symbol, end) < end]
    backward = [line for line in lines if line not in forward]
    return paragraphs(headed("forward", statements_of(forward, True)), [Comment("backward"), *statements_of(backward, True)])
