"""A diagram tried on what its data say of its outputs, on every backend that is installed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from flowc.backends import find
from flowc.data.dataset import BadData, Dataset
from flowc.data.expected_outputs import Examples, cell_complaint, missing_files, of_file, read_examples, spell_inputs
from flowc.graph.column_names import element_of
from flowc.nets.diagram_data import no_row
from flowc.nets.installed import usable_nets
from flowc.nets.net import Net
from flowc.nets.opened import Opened
from flowc.records import Record

Array = np.ndarray
CLOSE = {"float64": 1e-9, "float32": 1e-4}  # how far two backends may be apart: times 1 + the largest number of the row
COARSE = 0.02  # the same in 16 bits


class Failure(Record):
    """A row that fails: as it counts from 1, as messages call it, what it gives, and a sentence for each thing wrong."""

    row: int
    where: str
    given: str
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.where}{', ' if self.given else ''}{self.given}: {'; '.join(self.wrong)}"


class Computed(Record):
    """The outputs that a backend computes, and for rows that have none the reason."""

    outputs: Mapping[str, Array]
    broken: Mapping[int, str]


class Tables:
    """`examples` are the rows that say something of an output. `nets` are made when they are first asked for.

    backends: those that the rows are tried on; none: all that are installed. weights: learnt ones, or where the diagram
    lets them start, by its own seed or `seed`. file: the name and the bytes of one in place of the diagram's data. row:
    the one that is tried, from 1. Raises ValueError for data that cannot be used, and `nets` for what a backend refuses.
    """

    def __init__(
        self, diagram: Opened, backends: Sequence[str] = (), seed: int | None = None, weights: Mapping[str, Array] | None = None,
        dtype: str = "float64", device: Any = None, file: tuple[str, bytes] | None = None, row: int | None = None,
    ):  # fmt: skip
        self.network = diagram.network
        self._diagram, self._weights = diagram, weights
        self._seed = diagram.network.seed if seed is None else seed
        self._backends, self._dtype, self._device = backends, dtype, device
        self._file = file
        try:
            examples_found = self._find_examples()
        except BadData as error:
            raise ValueError(str(error)) from None
        self.examples = examples_found if row is None else _only_row(row, examples_found)

    def _find_examples(self) -> list[Examples]:
        """Raises BadData."""
        if self._file is None:
            return [*read_examples(self.network, self._diagram.files, self._seed)]
        in_file = of_file(self.network, *self._file)
        return [in_file] if in_file and in_file.outputs else []

    @property
    def why_not(self) -> str:
        """Why there is nothing to try."""
        if self._file is not None:
            return f"{self._file[0]} has no column for an output"
        absent = missing_files(self.network, self._diagram.files)
        return "; ".join(absent) or "no data say what an output should be"

    @property
    def rows(self) -> int:
        return sum(e.data.tokens for e in self.examples)

    @property
    def nets(self) -> dict[str, Net]:
        """The backends that the rows are tried on."""
        return self._made_nets[0]

    @property
    def left_out(self) -> dict[str, str]:
        """The others, and why."""
        return self._made_nets[1]

    def failures(self) -> Iterator[Failure]:
        """Row by row."""
        for place in range(len(self.examples)):
            yield from self.failures_of(place)

    def failures_of(self, place: int) -> Iterator[Failure]:
        """Those of one `data` alone."""
        tried = self.examples[place]
        computed = {name: self._compute_rows(net, tried.data) for name, net in self.nets.items()}
        for row in range(tried.data.tokens):
            if wrong := self._complaints_of_row(tried, computed, row):
                yield Failure(row + tried.first, tried.rows[row], spell_inputs(tried.inputs, row), tuple(wrong))

    # ------------------------------------------------------------------------------------------------------ backends

    @cached_property
    def _made_nets(self) -> tuple[dict[str, Net], dict[str, str]]:
        return usable_nets(self._backends, self._make_net)

    def _make_net(self, name: str) -> Net:
        device = self._device if self._backends or find(name).library == "torch" else None
        net = Net(self._diagram, name, self._dtype, device)
        net.check()
        return net

    @cached_property
    def _start_weights(self) -> Mapping[str, Array]:
        return next(iter(self.nets.values())).init(self._seed) if self._weights is None else self._weights

    # ----------------------------------------------------------------------------------------------------- computing

    def _compute_rows(self, net: Net, data: Dataset) -> Computed:
        """All rows at once; one by one only where a value is not finite."""
        inputs = {name: data.arrays[name] for name in net.inputs}
        try:
            values = net.forward(self._start_weights, inputs)
        except FloatingPointError:
            return self._one_by_one(net, inputs, data.tokens)
        shapes = net.outputs.items()
        return Computed({name: np.broadcast_to(values[name], (data.tokens, *shape)) for name, shape in shapes}, {})

    def _one_by_one(self, net: Net, inputs: Mapping[str, Array], tokens: int) -> Computed:
        outputs = {name: np.zeros((tokens, *shape)) for name, shape in net.outputs.items()}
        broken = {}
        for row in range(tokens):
            try:
                values = net.forward(self._start_weights, {name: array[row : row + 1] for name, array in inputs.items()})
                for name, array in outputs.items():
                    array[row] = values[name][0]
            except FloatingPointError as error:
                broken[row] = str(error).removesuffix(" for token 1 of 1")
        return Computed(outputs, broken)

    # ----------------------------------------------------------------------------------------------------- comparing

    def _complaints_of_row(self, tried: Examples, computed: Mapping[str, Computed], row: int) -> list[str]:
        sentences: dict[str, list[str]] = {}
        for backend, result in computed.items():
            for sentence in _complaints_about(tried, result, row):
                sentences.setdefault(sentence, []).append(backend)
        wrong = [s if len(on) == len(computed) else f"{s}, on {' and '.join(on)}" for s, on in sentences.items()]
        return wrong or [*self._nets_apart(computed, row)]

    def _nets_apart(self, computed: Mapping[str, Computed], row: int) -> Iterator[str]:
        """Where backends differ although each holds."""
        results = [*computed.items()]
        for (first, a), (second, b) in pairwise(results):
            for name in a.outputs:
                x, y = a.outputs[name][row], b.outputs[name][row]
                far = np.abs(x - y) > CLOSE.get(self._dtype, COARSE) * (1 + np.abs(x).max(initial=0))
                if far.any():
                    place = tuple(int(k) for k in np.argwhere(far)[0])
                    element = element_of(self.network.node(name), place)
                    yield f"{element} is {float(x[place])!r} on {first}, {float(y[place])!r} on {second}"


def _only_row(row: int, found: Sequence[Examples]) -> list[Examples]:
    """This row of every `data` that has so many. Raises ValueError where none has."""
    some = [tried.only_row(row) for tried in found if row <= tried.data.tokens]
    if found and not some:
        raise ValueError(no_row(row, max((tried.data for tried in found), key=lambda data: data.tokens)))
    return some


def _complaints_about(tried: Examples, found: Computed, row: int) -> list[str]:
    if row in found.broken:
        return [found.broken[row]]
    return [wrong for column in tried.outputs if (wrong := cell_complaint(column, row, found.outputs))]
