"""What a verb need not care for: whatever it raises is said, and ends in the status that says so."""

import sys
from types import SimpleNamespace

import pytest

from flowc.doors.cli.commands import VERBS
from flowc.doors.cli.errors import FAULT, INTERRUPTED, PROBLEMS, USAGE, Trouble, guarded, reported
from flowc.doors.cli.path_types import INPUT
from tests.doors.command import BAD, in_process


@pytest.fixture
def verb(monkeypatch):
    """Adds the verb `try`, which does what it is told with the path of a diagram."""

    def add(run):
        module = SimpleNamespace(
            configure=lambda parser: parser.add_argument("file", type=INPUT), run=lambda chosen: run(chosen.file)
        )
        monkeypatch.setitem(VERBS, "try", "do something with a diagram")
        monkeypatch.setitem(sys.modules, "flowc.doors.cli.verbs.try", module)

    return add


def opened(path):
    from flowc.doors.cli.prepare import read_diagram

    read_diagram(path, {})
    return 0


def raising(error):
    def run(*_):
        raise error

    return run


def test_a_new_verb_need_not_know_of_the_problems_of_a_diagram(verb, capsys, tmp_path):
    (tmp_path / "a.flow").write_text(BAD)
    verb(opened)
    status, out, err = in_process(capsys, "try", tmp_path / "a.flow")
    assert status == PROBLEMS and not out
    assert "`y`" in err


@pytest.mark.parametrize(
    "error, status, said",
    [
        (Trouble("no such option"), USAGE, "flowc: no such option"),
        (FileNotFoundError(2, "No such file or directory", "a.flow"), USAGE, "flowc: no such file or directory: a.flow"),
        (MemoryError(), USAGE, "flowc: there is not enough memory for this diagram"),
        (KeyboardInterrupt(), INTERRUPTED, "flowc: interrupted"),
        (RuntimeError("odd"), FAULT, "flowc: a fault of flowc's own, not of your diagram: RuntimeError: odd"),
    ],
)
def test_nor_of_anything_else_that_ends_it(error, status, said, verb, capsys, tmp_path):
    verb(raising(error))
    found, out, err = in_process(capsys, "try", tmp_path / "a.flow")
    assert (found, out) == (status, "")
    assert err.startswith(said)


def test_a_part_of_a_command_ends_alone(capsys):
    assert guarded(lambda _: max(reported(raising(Trouble(word))) for word in ("one", "two")), []) == USAGE
    assert capsys.readouterr().err == "flowc: one\nflowc: two\n"
