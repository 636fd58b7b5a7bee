"""Draws inputs, puts each through every verb, counts, and keeps what fails."""

import shlex
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from flowc.doors.cli.commands import VERBS
from tests.attack import arrays, texts, words
from tests.attack.folders import DIAGRAM, Folder, bad, complete, good, tame
from tests.attack.judge import Attempt, judged
from tests.attack.smallest import smallest

Change = Callable[[Random, bytes, bytes], bytes]


@dataclass
class Search:
    """What was tried and what is wrong. `failures`: an attempt for each kind."""

    inputs: Counter[str] = field(default_factory=Counter)  # by what is mutated
    commands: Counter[tuple[str, int | None]] = field(default_factory=Counter)  # by verb and exit status
    seconds: Counter[str] = field(default_factory=Counter)  # by verb
    failures: dict[str, Attempt] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)  # that each kind was met

    def one(self, draw: Random, keep: Path | None, verbs: Iterable[str]) -> None:
        """One input through every verb."""
        kind, files = drawn(draw)
        self.inputs[kind] += 1
        for verb in verbs:
            line = words.command(draw, verb, files)
            if kind == "command line":
                line = words.mutated(draw, line, files)
            self._judge(Attempt(files, line), verb, keep)

    def _judge(self, attempt: Attempt, verb: str, keep: Path | None) -> None:
        ending = judged(attempt)
        self.commands[verb, ending.status] += 1
        self.seconds[verb] += ending.seconds
        if not ending.wrong:
            return
        self.times[ending.wrong] += 1
        if ending.wrong not in self.failures:
            self.failures[ending.wrong] = least = smallest(attempt, ending.wrong)
            if keep is not None:
                written(least, ending.wrong, keep / f"{len(self.failures):03}")
            print(f"{ending.wrong}\n    {shown(least)}", file=sys.stderr, flush=True)

    def report(self) -> str:
        lines = [f"{self.inputs.total()} inputs: {_listed(self.inputs)}"]
        for verb in VERBS:
            statuses = {str(s): n for (v, s), n in self.commands.items() if v == verb}
            lines.append(f"{verb:<10} {sum(statuses.values())} commands, exits {_listed(Counter(statuses))}; {self.seconds[verb]:.0f} s")
        lines += [f"{self.times[wrong]} x {wrong}\n    {shown(attempt)}" for wrong, attempt in self.failures.items()]
        return "\n".join([*lines, f"{len(self.failures)} kinds of failure"])


def search(
    seed: int, seconds: float = float("inf"), most: float = float("inf"), keep: Path | None = None, verbs: Iterable[str] = VERBS
) -> Iterator[Search]:  # fmt: skip
    """For so many seconds of processor time, or so many inputs; after each of them how it stands."""
    result, end, number = Search(), time.process_time() + seconds, 0
    while number < most and time.process_time() < end:
        result.one(Random(f"{seed} {number}"), keep, verbs)
        number += 1
        yield result


def drawn(draw: Random) -> tuple[str, dict[str, bytes]]:
    """Files of which one, at times two, are mutated; and what that is called."""
    folder = draw.choice(draw.choice((complete(), complete(), good(), good(), bad())))
    other = draw.choice(draw.choice((complete(), good(), bad())))
    kind = draw.choice(["command line", "text", "text", "bytes", *(_kind(name) for name in folder.files if name != DIAGRAM)])
    files = dict(folder.files)
    names = [name for name in files if _kind(name) in (kind, "text" if kind == "bytes" else "")]
    for name in draw.sample(names, min(len(names), draw.choice((1, 1, 1, 2)))):
        change = texts.raw if kind == "bytes" else _change(draw, name)
        files[name] = change(draw, files[name], _like(draw, name, other))
    files[DIAGRAM] = tame(files[DIAGRAM].decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    return kind, files


def _kind(name: str) -> str:
    return {"point.safetensors": "checkpoint", "weights.safetensors": "weights", DIAGRAM: "text"}.get(name) or name.rpartition(".")[2]


def _change(draw: Random, name: str) -> Change:
    """How a file is mutated, by its name."""
    if name.endswith(".safetensors"):
        return arrays.safetensors
    if name.endswith(".npz"):
        return arrays.npz
    return texts.text if name == DIAGRAM else draw.choice((texts.cells, texts.cells, texts.text, texts.raw))


def _like(draw: Random, name: str, other: Folder) -> bytes:
    """Another file of this name, or another diagram."""
    return other.files.get(name, other.files[DIAGRAM])


def shown(attempt: Attempt) -> str:
    return shlex.join(["flowc", *attempt.words]).encode("utf-8", "backslashreplace").decode()[:500]


def written(attempt: Attempt, wrong: str, folder: Path) -> None:
    """The files and the command, as `command` beside them says."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in attempt.files.items():
        (folder / name).write_bytes(data)
    (folder / "command").write_text(f"{wrong}\n{shown(attempt)}\n{attempt.words!r}\n", encoding="utf-8", errors="backslashreplace")


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
