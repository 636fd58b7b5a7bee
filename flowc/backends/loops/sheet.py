"""One diagram about to be printed as loops: its program, its names, its weights, and what is said of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flowc.backends.backend import Options, Refused
from flowc.backends.code.tree import Statement
from flowc.backends.loops.loops import ZERO
from flowc.backends.loops.passes import for_loops
from flowc.backends.python.naming import NameTable
from flowc.backends.python.printer import Comments, Line
from flowc.backends.python.sections import BACKWARD, loss_heading
from flowc.backends.python.text import decimal, told_apart
from flowc.graph.network import Network
from flowc.maths.functions import FUNCTIONS, HELPERS
from flowc.program.dependencies import needed, owners_of
from flowc.program.headings import forward_loss_backward
from flowc.program.ir import Program, Step, Symbol

MOST_NAMED = 20  # elements of a vector whose names are listed


class LoopSheet:
    """`names_of`: the language's table of names; `functions` are those that a file may have of its own."""

    def __init__(
        self, network: Network, program: Program, options: Options, names_of: type[NameTable], functions: Iterable[str]
    ):  # fmt: skip
        self.network, self.options = network, options
        self.program = for_loops(program)
        records = [name for name, record in {**FUNCTIONS, **HELPERS}.items() if record.kind == "elementwise"]
        self.names = names_of(network, program, (*records, *functions))
        self.names.owners = owners_of(self.program.steps)
        learnt = {w.name for w in network.weights if w.learnt}
        self.learnt = [s for s in program.weights if s.owner in learnt]
        self.fixed = [s for s in program.weights if s.owner not in learnt]
        self.records = {w.name: w for w in network.weights}

    @property
    def outputs(self) -> list[Symbol]:
        """Each once."""
        return list(dict.fromkeys(self.program.outputs))

    @property
    def samples(self) -> list[Symbol]:
        return [*self.program.inputs, *self.program.targets]

    @property
    def learns(self) -> bool:
        return self.program.loss is not None and bool(self.learnt)

    @property
    def rate_written(self) -> str:
        """Of plain descent, where the diagram says so."""
        train = self.network.train
        return decimal(train.setting("rate", 0.1)) if train and train.method == "gd" else ""

    def chosen_part(self, sections: Mapping[str, Sequence[Statement]]) -> Sequence[Statement] | None:
        """The section that is asked for alone, if one is: those that have a name of a function may be. Raises Refused."""
        part = self.options.part
        if part is None:
            return None
        parts = {name: section for name, section in sections.items() if section and name.isidentifier()}
        if part not in parts:
            raise Refused(f"there is no part `{part}`; the file has {', '.join(f'`{name}`' for name in parts)}")
        return parts[part]

    def steps(self, results: Iterable[Symbol]) -> list[Step]:
        return needed(self.program.steps, results)

    def remarks(self, steps: Sequence[Step]) -> dict[Symbol, str]:
        """The author's words beside each line, and its place in the diagram."""
        named = [s for s in steps if s.symbol.kind != "temporary" and not s.symbol.anonymous]
        words = Comments(self.network.source).of([Line("", ZERO, step) for step in named])
        functions_begun = {s.symbol: s.comment for s in steps if s.symbol.kind == "temporary" and s.comment}
        return {**functions_begun, **{step.symbol: text for step, text in zip(named, words, strict=True)}}

    def parts(self, steps: Sequence[Step]) -> list[tuple[str, list[Step]]]:
        """The three parts of a loop that learns, with their headings."""
        heads = ("forward", loss_heading(self.network), BACKWARD)
        parts = forward_loss_backward(self.program, steps)
        grouped = [(head, [s for s in steps if s.symbol in part]) for head, part in zip(heads, parts, strict=True)]
        return [(head, some) for head, some in grouped if some]

    def element_names(self) -> list[str]:
        """What the elements of a vector are called in the diagram, where they have names."""
        sentences = []
        for node in self.network.nodes:
            symbol = self.program.activations.get(node.name)
            if symbol is None or node.anonymous or node.role == "target" or len(node.axes) != 1:
                continue
            names_of, name = node.axes[0].names, self.names[symbol]
            if names_of and len(names_of) <= MOST_NAMED:
                sentences.append(f"Elements of {name}, from {name}[0] on: {', '.join(told_apart(names_of))}.")
        return sentences
