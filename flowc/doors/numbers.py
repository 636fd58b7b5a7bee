"""What `run`, `trace`, `test` and `train` share: the options, and what they come to: a net, its weights, its data."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowc.doors.files import name_of, read, read_numbers
from flowc.doors.guard import Trouble, say
from flowc.doors.paths import INPUT
from flowc.doors.settings import setting, settings

if TYPE_CHECKING:
    import numpy as np

    from flowc.learning.dataset import Dataset
    from flowc.nets.net import Net
    from flowc.nets.opened import Opened


DIGITS = 15  # of a whole number on the command line


def configure(
    parser: argparse.ArgumentParser, formats: Sequence[str] = ("text", "json"), training: bool = False
) -> None:  # fmt: skip
    """`training`: the verb learns from data, else it takes values, too."""
    parser.add_argument("file", metavar="FILE", type=INPUT, help="the diagram; `-` is standard input")
    if not training:
        parser.add_argument(
            "values", metavar="NAME=VALUE", nargs="*", default=[], help="inputs and targets: `x1=0`, `x=1,2`, `y=cat`"
        )
    options(parser, formats)


def options(parser: argparse.ArgumentParser, formats: Sequence[str], backend: str | None = "numpy") -> None:
    """Those that say of what, how it is computed and how shown. `backend` None: all that are installed."""
    parser.add_argument("--data", metavar="FILE", type=INPUT, help="a `.csv`, `.tsv` or `.npz` file in place of the diagram's data")
    parser.add_argument("--row", metavar="N", type=row, help="one row of the data alone; rows count from 1")
    parser.add_argument(
        "--weights", metavar="FILE", type=INPUT, help="learnt weights, a `.safetensors` file that `train -o` writes"
    )
    which = f"numpy or torch; {backend or 'all that are installed'} by default"
    parser.add_argument("--backend", metavar="NAME", default=backend, help=which)
    parser.add_argument("--dtype", metavar="DTYPE", default="float64", help="float64 by default, or another")
    parser.add_argument("--device", metavar="DEVICE", help="of torch, as `cuda`")
    parser.add_argument("--seed", metavar="N", type=whole, help="of the weights' draws and the order of tokens")
    parser.add_argument("--format", choices=formats, default=formats[0], help=f"{formats[0]} by default")
    parser.add_argument(
        "--set", metavar="NAME=NUMBER", type=setting, action="append", default=[], help="change an index, as `D=5`"
    )


def row(text: str) -> int:
    """Raises argparse.ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or not text.strip("0"):
        raise argparse.ArgumentTypeError(f"`{text}` is no row; they count from 1, as `--row 2`")
    return positive(text)


def positive(text: str) -> int:
    """A number that counts from 1. Raises argparse.ArgumentTypeError."""
    number = whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from 1 on")
    return number


def whole(text: str) -> int:
    """Raises argparse.ArgumentTypeError."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from 0 on")
    if len(text) > DIGITS:
        raise argparse.ArgumentTypeError(f"`{text}` has more than {DIGITS} digits")
    return int(text)


@dataclass(frozen=True)
class Prepared:
    """`data`: values of the command line, of a file, or the diagram's; None where there are none."""

    diagram: Opened
    net: Net
    weights: dict[str, np.ndarray]
    data: Dataset | None


def prepare(chosen: argparse.Namespace, targets: bool, outputs: bool = True) -> Prepared:
    """`targets`: they are needed; `outputs`: what data say of them is read. Raises Trouble, FlowError; warnings are told."""
    values = getattr(chosen, "values", [])
    if values and (chosen.data or chosen.row):
        raise Trouble(f"values and `--{'data' if chosen.data else 'row'}` say the same in two ways; give one")
    diagram = understood(chosen.file, settings(chosen.set))
    net = net_of(diagram, chosen)
    weights = weights_of(diagram, net, chosen)
    if values:
        from flowc.doors.values import from_values

        data: Dataset | None = from_values(diagram.network, values, targets)
    else:
        data = _of_row(chosen.row, data_of(diagram, chosen, targets, outputs))
    return Prepared(diagram, net, weights, data)


def understood(path: str, given: dict[str, int]) -> Opened:
    """The diagram, apart from whose files outputs stand from now on. Raises Trouble, FlowError."""
    from flowc.doors.beside import beside, declare_data
    from flowc.doors.messages import tell
    from flowc.graph.network import File
    from flowc.nets.opened import opened
    from flowc.syntax.text import decode

    source = decode(read(path), name_of(path))
    diagram = opened(source, given, beside(path))
    declare_data((d.path for d in diagram.network.data if isinstance(d, File)), path)
    tell(source, diagram.warnings)
    return diagram


def net_of(diagram: Opened, chosen: argparse.Namespace) -> Net:
    """Raises Trouble for what the backend does not have."""
    from flowc.nets.net import Net

    try:
        net = Net(diagram, chosen.backend, chosen.dtype, chosen.device)
        net.check()
        return net
    except (ValueError, ModuleNotFoundError) as error:
        raise Trouble(str(error)) from None


# ------------------------------------------------------------------------------------------------------------- weights


def weights_of(diagram: Opened, net: Net, chosen: argparse.Namespace) -> dict[str, np.ndarray]:
    """Of the file, or where the diagram lets them start. Raises Trouble."""
    return learnt(diagram, chosen.weights) if chosen.weights else net.init(seed_of(diagram, chosen))


def learnt(diagram: Opened, path: str) -> dict[str, np.ndarray]:
    """The weights in a file. Raises Trouble."""
    check_safetensors()
    from flowc.learning.weights import BadWeights, read_weights

    try:
        return read_weights(diagram.network, read_numbers(path))
    except BadWeights as why:
        raise Trouble(f"cannot use the weights of `{path}`: {why}") from None


def check_safetensors() -> None:
    """Raises Trouble where the package is not installed."""
    from importlib.util import find_spec

    if find_spec("safetensors") is None:
        raise Trouble("weights are kept in safetensors files: `pip install flowc[train]`")


def seed_of(diagram: Opened, chosen: argparse.Namespace) -> int:
    """That of the command line, else that of the diagram's `train`, else 0."""
    from flowc.nets.diagram_data import own_seed

    return own_seed(diagram.network) if chosen.seed is None else chosen.seed


def drawn(diagram: Opened, chosen: argparse.Namespace) -> bool:
    """Whether the weights are drawn, so that the numbers are an example's only."""
    from flowc.graph.network import Draw

    return chosen.weights is None and any(w.learnt and isinstance(w.start, Draw) for w in diagram.network.weights)


def tell_of_draws(diagram: Opened, chosen: argparse.Namespace) -> None:
    if drawn(diagram, chosen):
        say(f"weights are drawn, with the seed {seed_of(diagram, chosen)}; `--weights FILE` gives learnt ones")


# ---------------------------------------------------------------------------------------------------------------- data


def data_of(diagram: Opened, chosen: argparse.Namespace, targets: bool, outputs: bool = True) -> Dataset | None:
    """Of the file, or the diagram's. `targets`: they are needed; `outputs`: they are read. Raises Trouble."""
    from flowc.learning.dataset import BadData
    from flowc.learning.read_data import dataset, from_file

    part = "train" if targets or any(d.part == "train" for d in diagram.network.data) else "test"  # needs no targets
    try:
        if chosen.data:
            return from_file(diagram.network, chosen.data, read_numbers(chosen.data), targets, outputs)
        return dataset(diagram.network, part, diagram.files, seed_of(diagram, chosen), outputs)
    except BadData as error:
        raise Trouble(str(error)) from None


def _of_row(row: int | None, data: Dataset | None) -> Dataset | None:
    """One row of the data, if one is asked for. Raises Trouble."""
    if row is None:
        return data
    if data is None:
        raise Trouble("`--row` takes a row of the data, and there are none; give `--data FILE`, or values")
    if row > data.tokens:
        from flowc.nets.diagram_data import no_row

        raise Trouble(no_row(row, data))
    return data.take([row - 1])


