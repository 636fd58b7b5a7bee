"""One command in a folder of its own, in this process and watched: what is wrong with how it ends."""

import argparse
import io
import json
import os
import re
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from xml.dom import minidom

from flowc.__main__ import main
from flowc.doors.cli.commands import VERBS
from flowc.doors.cli.errors import Trouble
from flowc.doors.cli.path_types import Output
from tests.doors.command import parser_of

SECONDS = 5  # of processor time
LONGEST = 1_000  # characters of a line of standard error
STATUSES = (0, 1, 2)
VARIES = re.compile(r"[0-9]+|`.*?`|'.*?'")  # in messages of one kind
FAULT = re.compile(r"not of your diagram: (\w+)(?:: (.*))?\n\s*at (\S+)")


@dataclass(frozen=True)
class Attempt:
    """Files by name, and the words of a command."""

    files: dict[str, bytes]
    words: list[str]


@dataclass(frozen=True)
class Ending:
    """How a command ended. `wrong`: what is wrong with it, "" for nothing; two of one kind have the same."""

    status: int | None
    seconds: float
    out: bytes
    err: str
    wrong: str = ""
    files: dict[str, bytes | None] = field(default_factory=dict)


class TooLong(BaseException):
    """The command has had its time. It passes through what catches exceptions."""


@contextmanager
def scratch(files: dict[str, bytes]) -> Iterator[Path]:
    """A new folder with the files, which is the current one as long."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory(prefix="attack-") as outer:
        folder = Path(outer, "inner")
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        os.chdir(folder)
        try:
            yield folder
        finally:
            os.chdir(before)


def judged(attempt: Attempt) -> Ending:
    """Runs the command; its standard input is the diagram's text."""
    with scratch(attempt.files) as folder:
        ending = _run(attempt)
        after = contents(folder.parent)
    before = {f"inner/{name}": data for name, data in attempt.files.items()}
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    wrong = ending.wrong or _wrong(attempt.words, ending) or _of_files(attempt.words, ending.status, changed, before)
    return Ending(ending.status, ending.seconds, ending.out, ending.err, wrong, after)


def contents(folder: Path) -> dict[str, bytes | None]:
    """Every file below a folder; None for what is no file."""
    paths = (p for p in folder.rglob("*") if p != folder / "inner")
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in paths}


def _run(attempt: Attempt) -> Ending:
    streams = sys.stdin, sys.stdout, sys.stderr
    out, err = io.BytesIO(), io.StringIO()
    sys.stdin = io.TextIOWrapper(io.BytesIO(next(iter(attempt.files.values()), b"")), "utf-8")
    sys.stdout, sys.stderr = io.TextIOWrapper(out, "utf-8"), err
    status, wrong, used = None, "", os.times()
    try:
        with _watched(), warnings.catch_warnings():
            warnings.simplefilter("error")
            status = main(attempt.words)
        sys.stdout.flush()
    except TooLong as late:
        wrong = f"{attempt.words[0]} takes more than {SECONDS} s at {_place(late)}"
    except BaseException as error:  # noqa: BLE001 nothing may leave `main`
        wrong = f"{type(error).__name__} leaves main at {_place(error)}"
    finally:
        with suppress(ValueError):
            sys.stdout.detach()
        sys.stdin, sys.stdout, sys.stderr = streams
    now = os.times()
    return Ending(status, now.user + now.system - used.user - used.system, out.getvalue(), err.getvalue(), wrong)


@contextmanager
def _watched() -> Iterator[None]:
    """Raises TooLong inside of what takes too long, by the processor's time or, sleeping, by ours."""

    def end(number: int, frame: FrameType | None) -> None:
        raise TooLong

    clocks = {signal.SIGPROF: (signal.ITIMER_PROF, SECONDS), signal.SIGALRM: (signal.ITIMER_REAL, 40 * SECONDS)}
    before = {number: signal.signal(number, end) for number in clocks}
    try:
        for clock, seconds in clocks.values():
            signal.setitimer(clock, seconds, 1)
        yield
    finally:
        for number, (clock, _) in clocks.items():
            signal.setitimer(clock, 0)
            signal.signal(number, before[number])


def _place(error: BaseException) -> str:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/flowc/" in f.filename]
    return f"{frames[-1].filename.rpartition('/flowc/')[2]}:{frames[-1].name}" if frames else "an unknown place"


def _wrong(words: list[str], ending: Ending) -> str:
    """What is wrong with status and streams."""
    verb, out = words[0] if words else "", ending.out.decode("utf-8", "backslashreplace")
    if found := FAULT.search(ending.err):
        return f"exit {ending.status}: {found[1]} at {found[3].partition(':')[0]}: {VARIES.sub('…', found[2] or '')[:80]}"
    if ending.status not in STATUSES:
        return f"{verb} exits with {ending.status}"
    if "Traceback" in ending.err or "Warning" in ending.err:
        return "a traceback, or a warning of Python's"
    if ending.status and not (ending.err.strip() or out.strip()):
        return f"{verb} exits with {ending.status} without a word"
    if len(max(ending.err.split("\n"), key=len)) > LONGEST:
        return "a message is too long to be read"
    if any(not c.isprintable() and c not in "\n\t\r" for c in ending.err):
        return "characters that command a terminal"
    return _format(words, ending.status, out)


def _format(words: list[str], status: int | None, out: str) -> str:
    """Whether standard output is of the format asked for."""
    verb, chosen = words[0] if words else "", _chosen(words)
    if chosen is None or not out:
        return ""
    form = getattr(chosen, "format", None)
    try:
        if verb == "compile" and status == 0 and not chosen.emit:
            compile(out, "printed", "exec")
        elif form in ("json", "sarif") and status in (0, 1):
            json.loads(out)
        elif verb in ("draw", "plot") and status == 0 and form in (None, "svg"):
            minidom.parseString(out)
    except Exception as error:  # noqa: BLE001 each parser has its own
        return f"{verb} writes what is not of its format: {type(error).__name__}"
    return ""


def _of_files(words: list[str], status: int | None, changed: set[str], before: dict[str, bytes]) -> str:
    """Only outputs that are named may change, and only where all goes well."""
    verb = words[0] if words else ""
    may = _may_change(words, status)
    for name in sorted(changed):
        if not any(re.fullmatch(pattern, name) for pattern in may):
            what = "changes or loses" if name in before else "leaves"
            return f"{verb} exits with {status} and {what} {'an input' if name in before else _kind(name)}"
    return ""


def _kind(name: str) -> str:
    return "a temporary file" if name.endswith(".tmp") else "a file that is not named"


def _may_change(words: list[str], status: int | None) -> list[str]:
    """Patterns of names. Learning leaves what it had learnt where it ends early."""
    chosen = _chosen(words)
    if chosen is None:
        return []
    verb = words[0]
    if verb == "fmt":
        return [] if chosen.check or chosen.diff else [re.escape(f"inner/{os.path.normpath(path)}") for path in chosen.files]
    if status != 0 and not (verb == "train" and status == 1):
        return []
    paths = [getattr(chosen, a.dest) for a in parser_of(verb)._actions if isinstance(a.type, Output)]
    stems = [os.path.splitext(os.path.normpath(os.path.join("inner", path))) for path in paths if path]
    more = {"draw": r"(-\d+)?", "compile": ""}.get(verb, "")
    beside = [re.escape(stem) + r"\.safetensors" for stem, _ in stems] if verb == "compile" else []
    return [re.escape(stem) + more + re.escape(ending) for stem, ending in stems] + beside


def _chosen(words: list[str]) -> argparse.Namespace | None:
    """What the command line says, None where it says nothing valid."""
    if not words or words[0] not in VERBS:
        return None
    try:
        with redirect_stdout(io.StringIO()):
            return parser_of(words[0]).parse_intermixed_args(words[1:])
    except (Trouble, SystemExit):
        return None
