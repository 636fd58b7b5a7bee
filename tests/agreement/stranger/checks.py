"""What is checked of a diagram, and what fails made small."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any
from xml.etree import ElementTree

import numpy as np

import flowc
from flowc.__main__ import main as command
from flowc.nets.verifying.diagram import describe_network
from flowc.nets.verifying.numbers import some_inputs
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.tolerance import NEAR
from flowc.nets.verifying.verification import Verification
from flowc.nets.verifying.ways import (
    Way,
    all_ways,
    check_learning,
    check_selftest,
    check_slopes,
    differing_ways,
    plain_way,
)
from tests.agreement.stranger.words import Text

Array = np.ndarray


class Fault(Exception):
    """What is wrong. Its first line, without numbers and names, is its kind."""

    @property
    def kind(self) -> str:
        return re.sub(r"`[^`]*`|\d+", "…", str(self).split("\n")[0])[:150]


# ------------------------------------------------------------------------------------------------------ what is checked


def examine(text: Text, seed: int, everything: bool) -> str:
    """What came of it: "agrees", "not finite". Raises Fault."""
    with TemporaryDirectory() as folder:
        for name, data in text.files.items():
            Path(folder, name).write_bytes(data)
        path = Path(folder, "stranger.flow")
        path.write_bytes(text.text.encode())
        try:
            flow = flowc.load(path)
            data = flow.data()
        except (flowc.FlowError, ValueError) as error:
            raise Fault(f"refused: {str(error).replace(folder, '')}") from None
        except Exception as error:
            raise Fault(f"load: {type(error).__name__}: {error}") from error
        outcome = verified(flow, data if seed % 2 else None, seed)
        if everything and outcome == "agrees":
            by_command(flow, path, seed)
        return outcome


class Sampled(Verification):
    """One round, of some of the ways; the loops of one diagram in three. So more diagrams are seen in an hour."""

    ways = 3  # of plain ones, and of those that gather nodes

    @property
    def learns(self) -> bool:
        return super().learns and self.seed % 3 == 0

    def _all_ways(self, ways: Iterator[Way]) -> list[Way]:
        found = super()._all_ways(ways)
        return Random(self.seed).sample(found, min(self.ways, len(found)))


def verified(flow: Any, data: Any, seed: int) -> str:
    """A round of `flowc verify`. Raises Fault."""
    try:
        weights = flow.compile().init(seed)
        verification = Sampled(flow, ["numpy", "torch"], weights, data, seed, 0)
        outcome = verification.run()
    except FloatingPointError:
        return "not finite"
    except Exception as error:
        raise Fault(f"verify: {type(error).__name__}: {error}") from error
    for where, way, why in outcome.broken:
        raise Fault(f"broken: {way}: {why}\n{where}")
    for where, worst in outcome.wrong:
        raise Fault(f"wrong: {worst.way}: {worst.key[0]} of `{worst.key[1]}`{[*worst.place]}\n{where}: {worst}")
    return "agrees" if outcome.rounds else "not finite"


def run(*arguments: str | Path, status: tuple[int, ...] = (0,)) -> str:
    """What a command line prints. Raises Fault."""
    out, err = StringIO(), StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(err):
            found = command([str(a) for a in arguments])
    except BaseException as error:
        raise Fault(f"{arguments[0]}: {type(error).__name__}: {error}") from error
    if found not in status:
        raise Fault(f"{' '.join(map(str, arguments[::2]))} ends with {found}: {err.getvalue()[-1500:]}")
    return out.getvalue()


def by_command(flow: Any, path: Path, seed: int) -> None:
    """Raises Fault."""
    net = flow.compile(dtype="float64")
    for look in (used, formatted, drawn, equated, computed, traced):
        look(flow, net, path, seed)


def used(flow: Any, net: Any, path: Path, seed: int) -> None:
    """Files test themselves, start and learn as the API does; the slopes of any node are the interpreter's."""
    random = Random(seed)
    about = describe_network(flow.network)
    reference = Reference(flow, about, net.init(seed), some_inputs(about, seed, 4))
    if not reference.finite or reference.scales.nearest <= NEAR:
        return
    ways = differing_ways(flow.network, [*plain_way(), *all_ways()])
    functions = [way for way in ways if way.form == "functions" and way.style != "nodes"]
    nodes = [n for n in net.forward(reference.learnt, reference.inputs) if n not in net.inputs]
    try:
        check_selftest(reference, random.sample(ways, 2))
        if net.weights and flow.network.loss:
            check_learning(reference, random.sample(functions, 2))
        if nodes:
            check_slopes(reference, random.sample(functions, 2), random.choice(nodes))
    except AssertionError as error:
        raise Fault(f"used: {error}") from None
    except Exception as error:
        raise Fault(f"used: {type(error).__name__}: {error}") from error


def formatted(flow: Any, net: Any, path: Path, seed: int) -> None:
    """`fmt` is done at once, and what it prints means the same."""
    copy = path.with_name("formatted.flow")
    copy.write_bytes(path.read_bytes())
    run("fmt", copy, status=(0, 1))
    once = copy.read_bytes()
    run("fmt", "--check", copy)
    try:
        other = flowc.load(copy)
        of_other = other.compile(dtype="float64")
    except flowc.FlowError as error:
        raise Fault(f"fmt: what it printed is refused: {error}") from None
    copy.unlink()
    if (net.inputs, net.targets, net.outputs, net.weights) != (
        of_other.inputs, of_other.targets, of_other.outputs, of_other.weights,
    ):  # fmt: skip
        raise Fault("fmt: another diagram")
    if code(net.source) != code(of_other.source):
        raise Fault(f"fmt: another meaning\n{once.decode()}")
    before, after = flow.data(), other.data()
    if (before is None) != (after is None) or (before and not all(
        np.array_equal(before.arrays[n], after.arrays[n]) for n in before.arrays
    )):  # fmt: skip
        raise Fault("fmt: other data")


def code(source: str) -> str:
    """Without comments, docstrings and blanks."""
    import ast

    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def drawn(flow: Any, net: Any, path: Path, seed: int) -> None:
    """Pictures that parsers take."""
    options = ["--loss"] * (seed % 3 == 0) + ["--direction", "up"] * (seed % 2) + ["--legend"] * (seed % 5 == 0)
    options += ["--vectors", "circle"] * (seed % 7 == 0)
    for format in ("svg", "tikz"):
        output = path.with_suffix(f".{format}")
        run("draw", path, "-o", output, *options)
        text = output.read_text()
        if format == "svg":
            xml = well_formed(text, "draw svg")
            ids = [e.get("id") for e in xml.iter() if e.get("id")]
            if len(set(ids)) < len(ids):
                raise Fault("draw svg: an id stands twice")
        elif text.count("{") != text.count("}") or text.count(r"\begin{") != text.count(r"\end{"):
            raise Fault("draw tikz: braces or environments that do not close")


def equated(flow: Any, net: Any, path: Path, seed: int) -> None:
    for form in ("nodes", "layers", "augmented", "indexed"):
        for format in ("text", "latex", "markdown", "mathml"):
            text = run("equations", path, "--form", form, "--format", format)
            if format == "mathml":
                well_formed(text, f"equations {form} mathml")
            elif not text.strip():
                raise Fault(f"equations {form} {format}: nothing")


def well_formed(text: str, what: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise Fault(f"{what}: {error}") from None


def computed(flow: Any, net: Any, path: Path, seed: int) -> None:
    """`run` gives what `net.forward` gives, and `test` has an answer."""
    data = flow.data()
    if data is None:
        return
    run("test", path, status=(0, 1))
    weights = net.init(seed)
    values = net.forward(weights, data.arrays)
    printed = json.loads(run("run", path, "--seed", str(seed), "--format", "json", status=(0, 1)) or "{}")
    for name in net.outputs if flow.data(seed=seed) and data.tokens and not computed_data(path) else ():
        same(f"run: `{name}`", printed[name], values[name])


def computed_data(path: Path) -> bool:
    """Whether the data are formulas, whose draws are of the seed."""
    return "normal(" in path.read_text() or "uniform(" in path.read_text()


def same(what: str, found: Any, expected: Array) -> None:
    found = np.asarray(found, float)
    if found.shape != np.shape(expected) or not np.allclose(found, expected, rtol=1e-12, atol=1e-12, equal_nan=True):
        raise Fault(f"{what} is {found}, not {expected}")


def traced(flow: Any, net: Any, path: Path, seed: int) -> None:
    """A trace of its data has the numbers of `net.forward`, in the order of the elements."""
    data = flow.data()
    if data is None or computed_data(path):
        return
    run("trace", path)
    run("trace", path, "--format", "latex")
    found = json.loads(run("trace", path, "--all", "--format", "json", "--seed", str(seed)))
    values = net.forward(net.init(seed), {name: a[:1] for name, a in data.arrays.items()})
    numbers: dict[str, list[float]] = {}
    for section in found["sections"]:
        if section["name"] not in ("forward", "loss"):
            continue
        for line in (line for node in section["nodes"] for line in node["lines"]):
            if line["what"] in ("given", "excitation", "value"):
                numbers.setdefault(line["name"].partition("[")[0], []).append(line["value"])
    for name, value in values.items():
        if name in numbers:
            same(f"trace: `{name}`", numbers[name], np.ravel(value))


# ---------------------------------------------------------------------------------------------------- what is made small


def smaller(text: Text, seed: int, everything: bool, kind: str, seconds: float = 40) -> Text:
    """The same fault with fewer statements."""
    end = monotonic() + seconds

    def fails(some: Sequence[str]) -> bool:
        try:
            examine(Text("\n".join(some) + "\n", (), text.files), seed, everything)
        except Fault as fault:
            return fault.kind == kind
        return False

    left = [*text.statements]
    if kind.startswith("refused") or not fails(left):
        return text
    size = len(left) // 2
    while size and monotonic() < end:
        at, before = 0, len(left)
        while at < len(left) and monotonic() < end:
            some = left[:at] + left[at + size :]
            if fails(some):
                left = some
            else:
                at += size
        size = size if len(left) < before else size // 2
    return Text("\n".join(left) + "\n", (), text.files)
