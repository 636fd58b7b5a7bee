"""The command, in this process and as one of its own."""

import os
import subprocess
import sys
from pathlib import Path

from flowc.__main__ import main

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
