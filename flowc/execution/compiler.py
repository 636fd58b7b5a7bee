"""The C compiler of this machine: `$CC`, else `cc`, else the one in the package ziglang."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from flowc.records import Record
from flowc.system import reason

LONGEST = 600  # seconds that a compiler may take
LIBRARY = ("-std=c99", "-shared", *(() if sys.platform == "win32" else ("-fPIC",)))
EXACT = ("-O2", "-ffp-contract=off")  # no sum of products is rounded once where the text rounds twice
FAST = ("-O3", "-march=native")
QUICK = ("-O0", "-ffp-contract=off")  # for a text of many lines
LONG = 1000  # lines from which on a text has many: with -O2 gcc 12 takes 1 s for these, 17 s for 5,000, with -O0 0.1 and 0.6
MATHS = () if sys.platform == "win32" else ("-lm",)


class NoCompiler(ModuleNotFoundError):
    """There is none, or none of the name that `$CC` gives."""


class NotCompiled(OSError):
    """The compiler failed, or what it made cannot be loaded."""


class Compiler(Record):
    """`command`: the words that call it. `identity`: what changes where another program answers to them."""

    command: tuple[str, ...]
    identity: str

    def compile(self, source: Path, library: Path, flags: tuple[str, ...]) -> None:
        """A file of C as a library that can be loaded. Raises NotCompiled."""
        command = [*self.command, *LIBRARY, *flags, str(source), "-o", str(library), *MATHS]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST, check=False)
        except subprocess.TimeoutExpired:
            raise NotCompiled(f"`{self.command[0]}` has not compiled the diagram's C within {LONGEST} seconds") from None
        except OSError as error:
            raise NotCompiled(f"`{self.command[0]}` does not start: {reason(error)}") from None
        if done.returncode or not library.exists():
            raise NotCompiled(f"`{self.command[0]}` cannot compile the diagram's C: {_complaint(done.stderr, done.returncode)}")


def find_compiler() -> Compiler:
    """Raises NoCompiler."""
    if named := os.environ.get("CC", "").strip():
        return _of_words(named)
    if path := shutil.which("cc"):
        return Compiler((path,), _identity(path))
    if find_spec("ziglang"):
        from importlib.metadata import version

        return Compiler((sys.executable, "-m", "ziglang", "cc"), f"ziglang {version('ziglang')}")
    raise NoCompiler(
        "the c backend runs what a C compiler makes, and there is none: neither `$CC` nor `cc`; "
        'install gcc or clang, or `pip install "flowc[c]"`'
    )


def native_machine() -> str:
    """What `-march=native` means here: a library for one processor may not run on another."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    facts = dict(line.split(":", 1) for line in reversed(lines) if ":" in line)
    return "".join(value for name, value in facts.items() if name.strip() in ("model name", "flags", "Features"))


def _of_words(text: str) -> Compiler:
    try:
        first, *rest = shlex.split(text)
    except ValueError as error:
        raise NoCompiler(f"`CC={text}` is no command: {str(error).lower()}") from None
    path = shutil.which(first)
    if path is None:
        raise NoCompiler(f"there is no compiler `{first}`, as `CC` has it; without `CC` it is `cc`, or that of `pip install \"flowc[c]\"`")
    return Compiler((path, *rest), _identity(path))


def _identity(path: str) -> str:
    status = os.stat(path)
    return f"{os.path.realpath(path)} {status.st_size} {status.st_mtime_ns}"


def _complaint(stderr: bytes, status: int) -> str:
    """The compiler's first line that says what is wrong; else its last."""
    lines = [line.strip() for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    wrong = [line for line in lines if "error" in line.lower() or "no space" in line.lower()]
    if status < 0 and not wrong:
        return f"it was ended by signal {-status}"
    silent = f"it ends with status {status}" if status else "it says that it has, and there is no library"
    return (wrong or lines[-1:] or [silent])[0]
