"""What the options that commands share come to: a diagram, its net, its weights, its data."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from flowc.doors.cli.errors import Trouble, say
from flowc.doors.cli.files import name_of, read, read_numbers
from flowc.doors.cli.settings import settings
from flowc.records import Record

if TYPE_CHECKING:
    import numpy as np

    from flowc.data.dataset import Dataset
    from flowc.nets.net import Net
    from flowc.nets.opened import Opened


class Prepared(Record):
    """`data`: values of the command line, of a file, or the diagram's; None where there are none."""

    diagram: Opened
    net: Net
    weights: dict[str, np.ndarray]
    data: Dataset | None


def prepare(chosen: argparse.Namespace, targets: bool, outputs: bool = True) -> Prepared:
    """`targets`: they are needed; `outputs`: what data say of them is read. Raises Trouble, FlowError; warnings are told."""
    check_token(chosen)
    return prepare_opened(read_diagram(chosen.file, settings(chosen.set)), chosen, targets, outputs)


def check_token(chosen: argparse.Namespace) -> None:
    """Raises Trouble."""
    if getattr(chosen, "values", []) and (chosen.data or chosen.row):
        raise Trouble(f"values and `--{'data' if chosen.data else 'row'}` say the same in two ways; give one")


def prepare_opened(diagram: Opened, chosen: argparse.Namespace, targets: bool, outputs: bool = True) -> Prepared:
    """Likewise, of a diagram that is read. Raises Trouble."""
    net = net_of(diagram, chosen)
    weights = weights_of(diagram, net, chosen)
    if values := getattr(chosen, "values", []):
        data: Dataset | None = _of_words(diagram, values, targets)
    else:
        data = _of_row(chosen.row, data_of(diagram, chosen, targets, outputs))
    return Prepared(diagram, net, weights, data)


def _of_words(diagram: Opened, words: list[str], targets: bool) -> Dataset:
    """The token of the command line. Raises Trouble."""
    from flowc.data.dataset import BadData
    from flowc.data.word_data import read_words

    try:
        return read_words(diagram.network, words, targets)
    except BadData as error:
        raise Trouble(str(error)) from None


def read_diagram(path: str, given: dict[str, int]) -> Opened:
    """The diagram, apart from whose files outputs stand from now on. Raises Trouble, FlowError."""
    from flowc.doors.cli.diagram_files import beside, declare_data
    from flowc.doors.cli.messages import tell
    from flowc.graph.network import File
    from flowc.nets.opened import open_diagram
    from flowc.syntax.text import decode

    source = decode(read(path), name_of(path))
    diagram = open_diagram(source, given, beside(path))
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
    return learnt_weights(diagram, chosen.weights) if chosen.weights else net.init(seed_of(diagram, chosen))


def learnt_weights(diagram: Opened, path: str) -> dict[str, np.ndarray]:
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
    return diagram.network.seed if chosen.seed is None else chosen.seed


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
    from flowc.data.dataset import BadData
    from flowc.data.read_data import from_file, read_dataset

    part = "train" if targets or any(d.part == "train" for d in diagram.network.data) else "test"  # needs no targets
    try:
        if chosen.data:
            return from_file(diagram.network, chosen.data, read_numbers(chosen.data), targets, outputs)
        return read_dataset(diagram.network, part, diagram.files, seed_of(diagram, chosen), outputs)
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
