"""Mutated inputs through every verb end in 0, 1 or 2, and soon, and leave all files as they were but for what is named.

A fixed few of them here; `python -m tests.attack` takes as many as one likes.
"""

import os
import sys
import warnings
from random import Random

import pytest

from flowc.doors.cli.commands import VERBS
from tests.attack import judge, words
from tests.attack.folders import DIAGRAM, complete
from tests.attack.judge import Attempt, judged
from tests.attack.search import search

if os.name == "nt":
    pytest.skip("the clocks of POSIX", allow_module_level=True)

INPUTS = int(os.environ.get("FLOWC_ATTACKS", "25"))


def test_every_verb_stands_mutated_inputs() -> None:
    *_, result = search(seed=0, most=INPUTS)
    assert result.inputs.total() == INPUTS and {verb for verb, _ in result.commands} == set(VERBS)
    assert not result.failures, result.report()


def test_every_option_has_values() -> None:
    """A new one is drawn from the first day on."""
    files = complete()[0].files
    for verb in VERBS:
        for action in words.actions(verb):
            if action.option_strings:
                assert words.option(Random(0), verb, action, files)[0] in action.option_strings


def endless() -> None:
    while True:
        pass


@pytest.mark.parametrize(("fault", "wrong"), [
    (lambda chosen: 1 / 0, "exit 70: ZeroDivisionError"), (lambda chosen: 3, "exits with 3"), (lambda chosen: 1, "without a word"),
    (lambda chosen: open("new", "w").close() or 0, "leaves a file that is not named"),
    (lambda chosen: os.unlink("data.csv") or 0, "changes or loses an input"),
    (lambda chosen: open("../new", "w").close() or 0, "leaves a file that is not named"),
    (lambda chosen: print("x" * 9999, file=sys.stderr) or 0, "too long to be read"),
    (lambda chosen: print("\x1b[31m", file=sys.stderr) or 0, "command a terminal"),
    (lambda chosen: print("{") or 0, "not of its format"), (lambda chosen: endless(), "takes more than"),
    (lambda chosen: sys.exit(2), "SystemExit leaves main"), (lambda chosen: warnings.warn("w") or 0, "exit 70: UserWarning"),
])  # fmt: skip
def test_what_is_wrong_is_seen(monkeypatch, fault, wrong: str) -> None:
    from flowc.doors.cli.verbs import check

    monkeypatch.setattr(check, "run", fault)
    monkeypatch.setattr(judge, "SECONDS", 0.2)
    assert wrong in judged(Attempt(complete()[0].files, ["check", DIAGRAM, "--format", "json"])).wrong


def test_an_output_may_be_written() -> None:
    for name, options in (("a.py", ["compile"]), ("./a.svg", ["draw", "--format", "svg"]), ("a-01.svg", ["draw", "--show", "steps", "x=1", "z=0", "y=1"])):
        ending = judged(Attempt(complete()[0].files, [options[0], DIAGRAM, *options[1:], "-o", name.replace("-01", "")]))
        assert not ending.wrong and ending.status == 0 and os.path.normpath(f"inner/{name}") in ending.files, ending
