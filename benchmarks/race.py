"""What is compared: flowc's files and their peers at one task. And that their results agree, before any is timed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from shutil import which
from typing import Any

Work = Callable[[], Any]


@dataclass(frozen=True)
class Task:
    """`work` is what is timed, again and again; `shown` makes of what it returns what all at this task should agree on."""

    work: Work
    shown: Callable[[Any], Any] = lambda result: result


Make = Callable[[], Task]  # prepares everything that is not timed


@dataclass(frozen=True)
class Peer:
    """`limit`: what the time of flowc's file, divided by the peer's, is held to; of several files, the faster one's."""

    name: str
    make: Make
    limit: float | None = None
    package: str | None = None  # what it needs beside numpy


@dataclass(frozen=True)
class Race:
    """`ours` are flowc's files, called by what they calculate with; `tolerance` is relative and absolute."""

    question: str
    ours: Mapping[str, Make]
    peers: tuple[Peer, ...]
    tolerance: float = 1e-4

    @property
    def pairs(self) -> list[tuple[str, Peer]]:
        """Each file with each peer."""
        return [(file, peer) for peer in self.peers for file in self.ours]

    @property
    def makes(self) -> dict[str, Make]:
        """Of all that need nothing that is missing."""
        peers = {peer.name: peer.make for peer in self.peers if not absent(peer.package)}
        return {**{file: make for file, make in self.ours.items() if not absent(file)}, **peers}


def missing(file: str, peer: Peer) -> str | None:
    """What has to be installed before the two can be compared."""
    return absent(file) or absent(peer.package)


def absent(package: str | None) -> str | None:
    """The package, if it is one and is not installed; `python` is always there, and `c` is a compiler."""
    if package in ("c", "c, fast"):
        return None if which("cc") else "cc"
    return package if package and package != "python" and find_spec(package) is None else None


def later(place: str, *arguments: Any) -> Make:
    """The task that a `module.function` of this folder makes; the module's library is not imported before that."""
    module, function = place.split(".")
    return lambda: getattr(import_module(f"benchmarks.{module}"), function)(*arguments)


def difference(found: Any, expected: Any, tolerance: float) -> str | None:
    """How two results differ, if they do: numbers, arrays and tensors, in lists, tuples and dicts."""
    import numpy as np

    ours, theirs = (np.concatenate([*numbers(result)]) for result in (found, expected))
    if ours.shape != theirs.shape:
        return f"results of {len(ours)} and {len(theirs)} numbers"
    if np.allclose(ours, theirs, rtol=tolerance, atol=tolerance):
        return None
    return f"results differ by up to {np.abs(ours - theirs).max():.2g}"


def numbers(result: Any) -> Iterator[Any]:
    """All of a result in their order, as flat arrays of float64."""
    import numpy as np

    if isinstance(result, dict):
        result = [*result.values()]
    if isinstance(result, list | tuple):
        for part in result:
            yield from numbers(part)
    else:
        yield np.asarray(result.detach() if hasattr(result, "detach") else result, float).ravel()
