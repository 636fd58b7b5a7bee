"""The command, in this process and as one of its own, and the parsers of its verbs."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from flowc.__main__ import main
from flowc.doors.cli.commands import _parser_of, module_of

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
GOOD = "input x\noutput f\n\nf = 2*x\n"
BAD = "input x\noutput f\n\nf = 2*y\n"
WARNS = GOOD.replace("input x\n", "input x, unused\n")


def in_process(capsys, *arguments):
    """Exit status, standard output, standard error."""
    status = main([os.fspath(a) for a in arguments])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err, err
    return status, out, err


def process(*arguments, data=b"", environment=None, cwd=ROOT, **more):
    """The finished process; `data` is its standard input."""
    variables = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FLOWC_DEBUG", "PYTHONHASHSEED")}
    variables |= {"PYTHONPATH": str(ROOT), **(environment or {})}
    command = [sys.executable, "-m", "flowc", *map(os.fspath, arguments)]
    more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    result = subprocess.run(command, input=data, env=variables, cwd=cwd, timeout=60, check=False, **more)
    assert b"Traceback" not in (result.stdout or b"") + (result.stderr or b"")
    return result


def started(command, **more):
    """A process that an interrupt reaches: a shell lets what it puts into the background ignore them."""
    heard = {} if os.name == "nt" else {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    return subprocess.Popen(command, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | heard | more)


def parser_of(verb: str) -> argparse.ArgumentParser:
    """With all options of a verb."""
    parser = _parser_of(verb)
    module_of(verb).configure(parser)
    return parser
