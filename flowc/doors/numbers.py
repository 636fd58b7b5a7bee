"""What `run`, `trace`, `test` and `train` share: the options, and what they come to: a net, its weights, its data."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowc.doors.files import name_of, read
from flowc.doors.guard import Trouble, say
from flowc.doors.paths import meant
from flowc.doors.settings import setting, settings

if TYPE_CHECKING:
    import numpy as np

    from flowc.doors.api import Flow
    from flowc.doors.net import Net
    from flowc.learning.dataset import Dataset


def configure(
    parser: argparse.ArgumentParser, formats: Sequence[str] = ("text", "json"), training: bool = False
) -> None:  # fmt: skip
    """`training`: the verb learns from all the data, else it takes values or a row."""
    parser.add_argument("file", metavar="FILE", type=meant, help="the diagram; `-` is standard input")
    if not training:
        parser.add_argument(
            "values", metavar="NAME=VALUE", nargs="*", help="inputs and targets: `x1=0`, `x=1,2`, `y=cat`"
        )
        parser.add_argument("--row", metavar="N", type=positive, help="one row of the data; rows count from 1")
    parser.add_argument("--data", metavar="FILE", help="a `.csv`, `.tsv` or `.npz` file in place of the diagram's data")
    parser.add_argument(
        "--weights", metavar="FILE", help="learnt weights, a `.safetensors` file that `train -o` writes"
    )
    options(parser, formats)


def options(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    """Those that say how it is computed and shown."""
    parser.add_argument("--backend", metavar="NAME", default="numpy", help="numpy (the default) or torch")
    parser.add_argument("--dtype", metavar="DTYPE", default="float64", help="float64 by default, or another")
    parser.add_argument("--device", metavar="DEVICE", help="of torch, as `cuda`")
    parser.add_argument("--seed", metavar="N", type=whole, help="of the weights' draws and the order of tokens")
    parser.add_argument("--format", choices=formats, default=formats[0], help=f"{formats[0]} by default")
    parser.add_argument(
        "--set", metavar="NAME=NUMBER", type=setting, action="append", default=[], help="change an index, as `D=5`"
    )


def positive(text: str) -> int:
    """A number that counts from 1. Raises argparse.ArgumentTypeError."""
    number = whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number from 1 on")
    return number


def whole(text: str) -> int:
    """Raises argparse.ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number")
    return int(text)


@dataclass(frozen=True)
class Prepared:
    """`data`: values of the command line, of a file, or the diagram's; None where there are none."""

    flow: Flow
    net: Net
    weights: dict[str, np.ndarray]
    data: Dataset | None


def prepare(chosen: argparse.Namespace, targets: bool) -> Prepared:
    """`targets`: they are needed. Raises Trouble, FlowError; warnings are told."""
    flow = understood(chosen.file, settings(chosen.set))
    net = net_of(flow, chosen)
    weights = weights_of(flow, net, chosen)
    values = getattr(chosen, "values", [])
    if values and (chosen.data or chosen.row):
        raise Trouble(f"values and `--{'data' if chosen.data else 'row'}` say the same in two ways; give one")
    if values:
        from flowc.doors.values import from_values

        return Prepared(flow, net, weights, from_values(flow.network, values, targets))
    return Prepared(flow, net, weights, _row(chosen, data_of(flow, chosen, targets)))


def understood(path: str, given: dict[str, int]) -> Flow:
    """The diagram. Raises Trouble, FlowError."""
    from flowc import pipeline
    from flowc.doors.api import Flow
    from flowc.doors.beside import beside
    from flowc.doors.messages import tell
    from flowc.syntax.text import decode

    source = decode(read(path), name_of(path))
    found = pipeline.understand(source, given, beside(path))
    tell(source, found.warnings)
    return Flow(found.network, found.warnings, tuple(given.items()))


def net_of(flow: Flow, chosen: argparse.Namespace) -> Net:
    """Raises Trouble for what the backend does not have."""
    try:
        net = flow.compile(chosen.backend, dtype=chosen.dtype, device=chosen.device)
        net.library.check()
        return net
    except (ValueError, ModuleNotFoundError) as error:
        raise Trouble(str(error)) from None


def weights_of(flow: Flow, net: Net, chosen: argparse.Namespace) -> dict[str, np.ndarray]:
    """Of the file, or where the diagram lets them start. Raises Trouble."""
    if chosen.weights is None:
        return net.init(seed_of(flow, chosen))
    from flowc.learning.weights import BadWeights, read_weights

    try:
        return read_weights(flow.network, read(chosen.weights))
    except ModuleNotFoundError:
        raise Trouble("weights are read by safetensors: `pip install flowc[train]`") from None
    except BadWeights as why:
        raise Trouble(f"cannot use the weights of `{chosen.weights}`: {why}") from None


def seed_of(flow: Flow, chosen: argparse.Namespace) -> int:
    """That of the command line, else that of the diagram's `train`, else 0."""
    if chosen.seed is not None:
        return chosen.seed
    train = flow.network.train
    return int(train.setting("seed", 0)) if train else 0


def drawn(flow: Flow, chosen: argparse.Namespace) -> bool:
    """Whether the weights are drawn, so that the numbers are an example's only."""
    from flowc.graph.network import Draw

    return chosen.weights is None and any(w.learnt and isinstance(w.start, Draw) for w in flow.network.weights)


def tell_of_draws(flow: Flow, chosen: argparse.Namespace) -> None:
    if drawn(flow, chosen):
        say(f"weights are drawn, with the seed {seed_of(flow, chosen)}; `--weights FILE` gives learnt ones")


def data_of(flow: Flow, chosen: argparse.Namespace, targets: bool) -> Dataset | None:
    """Of the file, or the diagram's. Raises Trouble."""
    from flowc.doors.beside import beside
    from flowc.learning.dataset import BadData, dataset, from_file

    try:
        if chosen.data:
            return from_file(flow.network, chosen.data, read(chosen.data), targets)
        return dataset(flow.network, "train", beside(chosen.file), seed_of(flow, chosen))
    except BadData as error:
        raise Trouble(str(error)) from None


def _row(chosen: argparse.Namespace, data: Dataset | None) -> Dataset | None:
    """One row of the data, if one is asked for. Raises Trouble."""
    row = getattr(chosen, "row", None)
    if row is None:
        return data
    if data is None:
        raise Trouble("`--row` takes a row of the data, and there are none; give `--data FILE`, or values")
    if row > data.tokens:
        raise Trouble(f"there is no row {row}; {data.name} has {data.tokens}")
    return data.take([row - 1])
