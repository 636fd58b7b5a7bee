"""A printed file, run as a script in this process: a process of its own would read numpy and torch each time."""

import runpy
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch


def as_script(path: Path, *arguments: str) -> str:
    """What it prints. Raises what it raises, and AssertionError where it ends with another status than 0."""
    told = StringIO()
    with redirect_stdout(told), patch.object(sys, "argv", [str(path), *arguments]):
        try:
            runpy.run_path(str(path), run_name="__main__")
        except SystemExit as end:
            assert not end.code, end.code
    return told.getvalue()
