"""Files that flowc prints, made by its command line and imported from a folder that is gone in the end."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from collections.abc import Mapping
from ctypes import CDLL
from importlib.util import module_from_spec, spec_from_file_location
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from flowc.execution.native import compiled as compiled_c

ROOT = Path(__file__).resolve().parent.parent
_numbers = count()


def folder() -> Path:
    """A new one, for as long as this process lives."""
    temporary = TemporaryDirectory(prefix="benchmark-")
    atexit.register(temporary.cleanup)
    return Path(temporary.name)


def made(diagram: str, *options: str, beside: Mapping[str, str] | None = None) -> ModuleType:
    """The file that `flowc compile diagram.flow --style fast OPTIONS` prints, as a module."""
    place = folder()
    for name, text in {"diagram.flow": diagram, **(beside or {})}.items():
        (place / name).write_text(text, encoding="utf-8")
    return compiled(place, *options)


def compiled(place: Path, *options: str) -> ModuleType:
    """The same of a `diagram.flow` that is there already."""
    printed = f"printed_{next(_numbers)}"
    flowc("compile", "diagram.flow", "--style", "fast", *options, "-o", f"{printed}.py", cwd=place)
    spec = spec_from_file_location(printed, place / f"{printed}.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def library(diagram: str, *options: str, fast: bool = False) -> CDLL:
    """The file that `flowc compile diagram.flow --backend c OPTIONS` prints, compiled. `fast`: for this processor."""
    place = folder()
    (place / "diagram.flow").write_text(diagram, encoding="utf-8")
    flowc("compile", "diagram.flow", "--backend", "c", *options, "-o", "printed.c", cwd=place)
    return compiled_c((place / "printed.c").read_text(encoding="utf-8"), fast)


def flowc(*arguments: str, cwd: Path) -> None:
    """The command, from this checkout. Raises RuntimeError with what it says where it fails."""
    command = [sys.executable, "-m", "flowc", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, check=False, cwd=cwd, env=environment, capture_output=True, text=True)
    if ended.returncode:
        raise RuntimeError(f"flowc {' '.join(arguments)}\n{ended.stderr}")
