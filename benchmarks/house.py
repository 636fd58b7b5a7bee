"""The house in numbers: `python -m benchmarks.house [TREE …]`, a column for each checkout; this one by default.

Nothing is timed. What is counted says how far a change goes: how many files know of one primitive, how many modules import
each other in circles, how often a compilation changes rooms, how many names say nothing.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import networkx as nx

PRIMITIVE = "log1p"  # an elementwise operation like any other, in no formula of a function
RIDDLES = (
    "found", "known", "made", "given", "wanted", "kept", "own", "whole", "each", "more", "met", "said", "early", "hidden",
    "taken", "left",
)  # fmt: skip
TEXTUAL = ("replace", "split", "splitlines", "partition", "rpartition", "fullmatch", "finditer", "findall", "sub", "search")
NET = "examples/net232.flow"

Files = list[tuple[Path, ast.Module]]


def counts(tree: Path) -> dict[str, str]:
    """What is counted, and how many there are."""
    files = [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted((tree / "flowc").rglob("*.py"))]
    return {name: count(tree, files) for name, count in COUNTS.items()}


def _lines(tree: Path, files: Files) -> str:
    return f"{sum(_length(path) for path, _ in files):,}"


def _lines_of_backends(tree: Path, files: Files) -> str:
    """Those for numpy, torch and plain Python, with what these share."""
    of_others = ("c.py", "curly.py", "javascript.py", "text_functions.py", "typed.py")
    others = {"backends/c", "backends/javascript", "backends/loops", *(f"backends/code/{name}" for name in of_others)}
    paths = [path.relative_to(tree / "flowc").as_posix() for path, _ in files]
    counted = [not any(f"{name}/".startswith(f"{other}/") for other in others) for name in paths]
    return f"{sum(_length(path) for (path, _), own in zip(files, counted, strict=True) if own and _room(tree, path) == 'backends'):,}"


def _length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _room(tree: Path, path: Path) -> str:
    return path.relative_to(tree / "flowc").parts[0].removesuffix(".py")


def _files_of_a_primitive(tree: Path, files: Files) -> str:
    """Those that say what it is, and those that spell it in code and equations. The oracle has words of its own."""
    word = re.compile(rf"\b{PRIMITIVE}\b", re.IGNORECASE)
    rooms = [_room(tree, path) for path, _ in files if word.search(path.read_text(encoding="utf-8"))]
    spellings = sum(room in ("backends", "equations") for room in rooms)
    return f"{len(rooms) - spellings - rooms.count('oracle')} + {spellings}"


def _circles(tree: Path, files: Files) -> str:
    """Sets of modules that import each other, also within functions and for types alone."""
    graph = nx.DiGraph()
    names = {".".join(path.relative_to(tree).with_suffix("").parts): parsed for path, parsed in files}
    for name, parsed in names.items():
        graph.add_edges_from((name, other) for other in _imported(parsed) if other in names and other != name)
    return str(sum(len(group) > 1 for group in nx.strongly_connected_components(graph)))


def _imported(parsed: ast.Module) -> Iterator[str]:
    for node in ast.walk(parsed):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _texts_taken_apart(tree: Path, files: Files) -> str:
    """In printers: searches by `re`, methods that cut or replace text, and a part of code looked for in a text."""
    return str(
        sum(_takes_apart(n) for path, parsed in files if _room(tree, path) == "backends" for n in ast.walk(parsed))
    )


def _takes_apart(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        part = node.left
        return isinstance(node.ops[0], (ast.In, ast.NotIn)) and isinstance(part, ast.Constant) and "(" in str(part.value)
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr != "compile"
    return of_re or node.func.attr in TEXTUAL


def _room_changes(tree: Path, files: Files) -> str:
    """Calls from one room into another while the example becomes numpy. What makes and compares records is in none."""
    program = (
        "import sys\nchanges = 0\n"
        "def room(code):\n"
        "    parts = code.co_filename.replace('\\\\', '/').partition('/flowc/')[2].split('/')\n"
        "    inside = parts[0] not in ('', 'records.py') and 'site-packages' not in code.co_filename\n"
        "    return parts[0] if inside else None\n"
        "def seen(frame, event, arg):\n"
        "    global changes\n"
        "    if event == 'call' and frame.f_back:\n"
        "        a, b = room(frame.f_back.f_code), room(frame.f_code)\n"
        "        changes += bool(a and b and a != b)\n"
        f"from flowc.__main__ import main\nargs = ['compile', {NET!r}, '-o', '/dev/null']\nmain(args)\n"
        "sys.setprofile(seen)\nmain(args)\nsys.setprofile(None)\nprint(changes)\n"
    )
    return _output(tree, [sys.executable, "-c", program])


def _functions(files: Files) -> list[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    names = [n.name for _, parsed in files for n in ast.walk(parsed) if isinstance(n, kinds)]
    return [name.strip("_") for name in names if not name.startswith("__")]


def _one_word(tree: Path, files: Files) -> str:
    names = _functions(files)
    return f"{100 * sum('_' not in name for name in names) / len(names):.0f} %"


def _riddles(tree: Path, files: Files) -> str:
    """Of all names that something is assigned to."""
    stored = Counter(
        n.id for _, parsed in files for n in ast.walk(parsed) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    )
    return f"{100 * sum(stored[word] for word in RIDDLES) / stored.total():.1f} %"


def _shared_names(tree: Path, files: Files) -> str:
    same = Counter(path.name for path, _ in files if path.name != "__init__.py")
    return str(sum(count for count in same.values() if count > 1))


def _ignores(tree: Path, files: Files) -> str:
    return str(sum(path.read_text(encoding="utf-8").count("type: ignore") for path, _ in files))


def _strict(tree: Path, files: Files) -> str:
    said = _output(tree, [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "flowc"])
    return str(sum(": error:" in line for line in said.splitlines()))


def _output(tree: Path, words: list[str]) -> str:
    return subprocess.run(words, capture_output=True, text=True, cwd=tree, check=False).stdout.strip()


COUNTS: dict[str, Callable[[Path, Files], str]] = {
    "files that a primitive touches, and its spellings": _files_of_a_primitive,
    "lines of backends for numpy, torch and plain Python": _lines_of_backends,
    "lines of flowc": _lines,
    "circles of imports": _circles,
    "places in printers that take text apart": _texts_taken_apart,
    "room changes of net232 on its way to numpy": _room_changes,
    "function names of one word": _one_word,
    "assigned names that are participles": _riddles,
    "files that share their name": _shared_names,
    "`type: ignore`": _ignores,
    "errors of `mypy --strict`": _strict,
}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.house", description=__doc__)
    parser.add_argument("trees", nargs="*", type=Path, metavar="TREE", default=[Path(__file__).parents[1]])
    columns = [counts(tree.resolve()) for tree in parser.parse_args(arguments).trees]
    print(f"| |{' |' * len(columns)}\n|---|{'---:|' * len(columns)}")
    for name in COUNTS:
        print(f"| {name} | {' | '.join(column[name] for column in columns)} |")


if __name__ == "__main__":
    main()
