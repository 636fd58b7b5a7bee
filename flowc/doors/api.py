"""The Python API: `flowc.load`, `flowc.loads`, and what they give."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowc.diagnostics.shorten import in_brief
from flowc.nets.opened import Opened, opened_file, opened_text

if TYPE_CHECKING:
    import networkx as nx

    from flowc.data.dataset import Dataset
    from flowc.doors.notebook import Shown, Steps
    from flowc.doors.tracing import Traced
    from flowc.nets.mimes import Bundle
    from flowc.nets.net import Net
    from flowc.nets.plotting.request import Others
    from flowc.nets.tables import Failure
    from flowc.nets.training.learn import Learnt
    from flowc.plots.plot import Plot


def load(path: str | os.PathLike[str], settings: Mapping[str, int] | None = None) -> Flow:
    """The diagram in a file; `settings` as in `{"D": 5}` for its `index D = 4`.

    Raises FlowError, which carries every diagnostic, and OSError where the file cannot be read, or is no ordinary one.
    """
    return _flow_of(opened_file(path, settings))


def loads(
    text: str | bytes, name: str | os.PathLike[str] = "diagram.flow", settings: Mapping[str, int] | None = None
) -> Flow:
    """The diagram in a text; `name` is what messages and generated code call it. Raises FlowError.

    Files that the text names are looked for in the folder of `name`.
    """
    return _flow_of(opened_text(text, name, settings))


def _flow_of(diagram: Opened) -> Flow:
    return Flow(diagram.network, diagram.warnings, diagram.settings)


@dataclass(frozen=True)
class Flow(Opened):
    """A valid diagram. `warnings` are the diagnostics that are no errors."""

    @property
    def graph(self) -> nx.MultiDiGraph:
        """The diagram as a graph of networkx: a copy, new each time. `flowc.graph.to_networkx` lists its attributes."""
        from flowc.graph.to_networkx import as_networkx

        return as_networkx(self.network)

    def text(self) -> str:
        """The diagram as a `.flow` text in canonical form, written anew from `network`, which may be made in code.

        Read again it is the same network. Raises ValueError, with a sentence, where no text means the network.
        """
        from flowc.graph.writing.write import write

        return write(self.network)

    def compile(
        self, backend: str = "numpy", dtype: Any = None, device: Any = None, form: str | None = None,
        gradient: str | None = None, style: str | None = None, lower: str | None = None, batch: int | None = None,
    ) -> Net:  # fmt: skip
        """The diagram as code that can be printed (`source`) and run. None is the backend's default.

        style, lower, batch: as of `flowc compile`. dtype: "float64", "float32", ..., or numpy's or torch's own. device: of torch, as "cuda". Neither torch nor the
        device is touched before something runs. Raises ValueError for what the backend does not have or cannot do.
        """
        from flowc.nets.net import Net

        return Net(self, backend, _dtype_name(dtype), device, form, gradient, style, lower, batch)

    def data(self, part: str = "train", seed: int = 0) -> Dataset | None:
        """The diagram's data for "train" or "test": a table, a file beside it, or formulas, whose draws are of `seed`.

        None where it has none. Raises ValueError where they cannot be used, with file, row and column.
        """
        from flowc.nets.diagram_data import diagram_data

        return diagram_data(self, part, seed)

    def test(
        self, backends: str | Sequence[str] = (), weights: Mapping[str, Any] | None = None, seed: int | None = None,
        dtype: Any = "float64", device: Any = None,
    ) -> list[Failure]:  # fmt: skip
        """The rows of its data whose outputs do not come out: an empty list where the diagram reproduces its table.

        backends: those tried, all that are installed if none is given. weights: learnt ones; None: where the diagram lets
        them start, with its seed or `seed`. Raises ValueError where no data say what an output should be.
        """
        from flowc.nets.tables import Tables

        named = (backends,) if isinstance(backends, str) else backends
        tried = Tables(self, named, seed, weights, _dtype_name(dtype) or "float64", device)
        if not tried.examples:
            raise ValueError(f"{self.network.name} cannot be tested: no data say what an output should be")
        return [*tried.failures()]

    def train(
        self, data: Mapping[str, Any] | None = None, weights: Mapping[str, Any] | None = None, backend: str = "numpy",
        dtype: Any = "float64", device: Any = None, method: str | None = None, **settings: Any,
    ) -> Learnt:  # fmt: skip
        """The weights after learning, and the loss of each step.

        data: inputs and targets by name, as for `Net`; None: the diagram's. weights: where learning starts; None: where
        the diagram says. method, settings: as in the `train` statement, in place of what it says there: `method="adam",
        rate=0.01, steps=200, seed=3`. Raises ValueError for what cannot be, FloatingPointError where the loss is no number.
        """
        from flowc.nets.training.learn import train

        return train(self, data, weights, backend, _dtype_name(dtype), device, method, settings)

    def equations(
        self, format: str = "latex", form: str | None = None, part: str = "all",
        weights: Mapping[str, Any] | None = None, tokens: str | None = None, whole: bool = False,
        gradients: str = "delta",
    ) -> str:  # fmt: skip
        """The diagram's equations: "text", "latex", "mathml" or "markdown".

        form, part, tokens, gradients: as of `flowc equations`. weights: numbers in place of their names, as `net.init(seed)` gives
        them. whole: every equation and term, however many. Raises ValueError for what there is not.
        """
        from flowc.doors.equations import equations_of

        return equations_of(self, format, form, part, weights, tokens, whole, gradients)

    def trace(
        self, values: Mapping[str, Any] | None = None, row: int | None = None, weights: Mapping[str, Any] | None = None,
        seed: int | None = None, part: str = "all", digits: int = 4, whole: bool = False, rate: float | None = None,
        gradients: str = "delta", backend: str = "numpy", dtype: Any = "float64", device: Any = None,
    ) -> Traced:  # fmt: skip
        """Every number of one token put into its formula, which a notebook shows as tables; `print(…)` prints the text.

        values: inputs and targets by name, else the row of the diagram's data, from 1. weights: learnt ones; None: where they
        start. part, digits, rate, gradients: as of `flowc trace`. whole: every element and every term, however many. Raises
        ValueError for what there is not, FloatingPointError where a number is not finite.
        """
        from flowc.doors.tracing import trace_of

        return trace_of(self, values, row, weights, seed, part, digits, whole, rate, gradients, backend, _dtype_name(dtype), device)

    def plot(
        self, kind: str, *names: str, data: Mapping[str, Any] | None = None, weights: Mapping[str, Any] | None = None,
        steps: int | Sequence[int] | None = None, range: Sequence[Any] | None = None, soft: bool = False,
        others: Others = "learnt", theme: str = "light", backend: str = "numpy", dtype: Any = "float64",
        method: str | None = None, **settings: Any,
    ) -> Plot:  # fmt: skip
        """A figure of matplotlib: "activations", "fit", "regions" of the nodes named, or the "loss" over the weights named.

        data, weights, method, settings: as of `train`. range: (-1, 2), or one for each axis. Others: as of `flowc plot`.
        Raises ValueError for what there is not, FloatingPointError, and ModuleNotFoundError without the extra `plot`.
        """
        from flowc.nets.plotting.plot import plot

        return plot(
            self, kind, names, data, weights, steps, range, soft, others, theme, backend, _dtype_name(dtype), method, settings
        )

    def show(self, **options: Any) -> Shown | Steps:
        """A picture that a notebook shows: `flow.show(values={"x1": 0, "x2": 1}, theme="dark")`.

        options: as of `flowc.render`; with values, weights or a row `show` is "values" by default. With `show="steps"` a
        tuple of pictures. Raises as `render`.
        """
        from flowc.doors.notebook import show

        return show(self, options)

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None, **_: Any
    ) -> Bundle:
        """A notebook shows the picture of a flow."""
        from flowc.doors.notebook import of_flow

        return of_flow(self, include, exclude)

    def __repr__(self) -> str:
        return f"<flow {self.network.name}: {len(self.network.nodes)} nodes, {len(self.network.weights)} weights>"


def _dtype_name(dtype: Any) -> str | None:
    """ "float32" of "float32", np.float32, np.dtype("float32"), torch.float32."""
    if dtype is None or isinstance(dtype, str):
        return dtype
    return getattr(dtype, "__name__", in_brief(dtype)).removeprefix("torch.")
