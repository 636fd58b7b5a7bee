"""Which tests a change needs, derived from what imports what: `python -m tests.needed [FILES]`, or of what git says changed.

A file of a room needs the tests in the room's folder, and those that import the file itself, straight or through what tests
share, or where none does, those that import its users; every change needs ALWAYS. What stands further right in the row of rooms is held by the printed texts in `tests/corpus`.
The whole suite runs before a release, and where a change is to what all rooms share.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
ALWAYS = ("tests/test_imports.py", "tests/corpus")
FLOWC = sorted((ROOT / "flowc").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def needed(changed: Iterable[str]) -> list[str]:
    """Paths for pytest, folders before files. `changed` are paths from the root of the repository."""
    found = set(ALWAYS)
    for path in map(Path, changed):
        if path.parts[0] == "tests" and path.name.startswith("test_"):
            found.add(str(path))
        elif path.suffix in (".py", ".c", ".js") and path.parts[0] in ("flowc", "tests"):
            found |= _importing(_module(path)) if path.suffix == ".py" else set()
            found |= {str(folder) for folder in [Path("tests", *path.parts[1:2])] if (ROOT / folder).is_dir()}
        elif path.suffix == ".md":
            found.add("tests/docs/test_pages.py")
        elif path.parts[0] in ("examples", "grammar"):
            found |= {"tests/examples", "tests/syntax"}
    return sorted(p for p in found if not any(str(above) in found for above in Path(p).parents))


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _importing(module: str) -> set[str]:
    """The tests that import it; of a module that no test imports, those of the modules in flowc that do."""
    found = {str(test.relative_to(ROOT)) for test in TESTS if test.name.startswith("test_") and module in _reached(test)}
    return found or {test for user in FLOWC if module in _imports(user) for test in _importing(_module(user.relative_to(ROOT)))}


@cache
def _imports(path: Path) -> frozenset[str]:
    """The modules that a file names; of `from a import b` both `a` and `a.b`, which may be one."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            above = _module(path.relative_to(ROOT)).rpartition(".")[0] + "." if node.level else ""
            found |= {above + node.module, *(f"{above}{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


@cache
def _reached(test: Path) -> frozenset[str]:
    """What a test imports, and what the tests' modules import that it imports."""
    found, waiting = set(), {test}
    while waiting:
        more = _imports(waiting.pop()) - found
        found |= more
        waiting |= {path for path in TESTS if _module(path.relative_to(ROOT)) in more}
    return frozenset(found)


def _of_git() -> list[str]:
    command = ["git", "diff", "--name-only", "HEAD"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


if __name__ == "__main__":
    print(*needed(sys.argv[1:] or _of_git()))
