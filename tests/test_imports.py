"""Who may import whom: rooms strictly from left to right, and little when little is asked for."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "flowc"
ROOMS = [
    "records", "source", "system", "execution", "diagnostics", "maths", "syntax", "oracle", "graph", "program", "data", "formulas", "equations", "drawing", "backends", "learning", "plots",
    "pipeline", "nets", "doors", "testing",
]  # fmt: skip
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE)
FILES += [PACKAGE / "records.py", PACKAGE / "source.py", PACKAGE / "system.py", PACKAGE / "pipeline.py"]


def room(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imported(path):
    """The modules that a file names."""
    return list(_imported(path))


def _imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_rooms_import_from_left_to_right(path):
    others = {module.split(".")[1] for module in imported(path) if module.startswith("flowc.")}
    assert all(ROOMS.index(other) <= ROOMS.index(room(path)) for other in others)


def test_modules_do_not_import_each_other_in_circles():
    """Not within functions either, nor for types alone."""
    paths = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in PACKAGE.rglob("*.py")}
    above = {name: {other for other in named(path) if other in paths and other != name} for name, path in paths.items()}
    assert [*TopologicalSorter(above).static_order()]


def named(path):
    """The modules that a file imports, and what it imports from them, which may be modules."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("library, home", [("lark", "syntax"), ("hypothesis", "testing"), ("argparse", "doors testing"), ("mpmath", "oracle")])
def test_a_library_is_known_to_one_room(library, home):
    assert {room(path) for path in FILES if any(m.split(".")[0] == library for m in imported(path))} <= {*home.split()}


def test_trees_of_code_know_of_no_program():
    """Another language is another printer of these trees, beside Python's."""
    for path in (PACKAGE / "backends/code").glob("*.py"):
        assert all(module.startswith(("flowc.backends.code", "flowc.records")) for module in imported(path) if module.startswith("flowc."))


def test_the_oracle_shares_nothing_but_the_parser():
    others = {m for path in FILES if room(path) == "oracle" for m in imported(path) if m.startswith("flowc.")}
    assert {m.split(".")[1] for m in others} <= {"source", "diagnostics", "syntax", "oracle"}


def modules_after(code):
    """What Python has loaded after `code`, and had not before."""
    program = f"import sys; before = set(sys.modules)\n{code}\nprint(*sorted(set(sys.modules) - before))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(result.stdout.split("\n")[-2].split())


def test_importing_flowc_imports_nothing_else():
    assert modules_after("import flowc") == {"flowc"}


def test_the_version_needs_next_to_nothing():
    loaded = modules_after("from flowc.__main__ import main; main(['--version'])")
    assert loaded == {"flowc", "flowc.__main__", "flowc.doors", "flowc.doors.cli", "flowc.doors.cli.errors", "flowc.system", "__future__"}


@pytest.mark.parametrize(
    "code",
    [
        "from flowc.__main__ import main; main(['check', 'examples/net232.flow'])",
        "from flowc.__main__ import main; main(['compile', 'examples/net232.flow', '-o', '/dev/null'])",
        "from flowc.__main__ import main; main(['compile', 'examples/xor.flow', '--backend', 'torch', '-o', '/dev/null'])",
        "from flowc.__main__ import main; main(['compile', 'examples/iris.flow', '--train', '-o', '/dev/null'])",
    ],
    ids=["check", "compile", "torch", "train"],
)
def test_compiling_imports_neither_torch_nor_numpy_nor_networkx(code):
    assert not modules_after(code) & {"torch", "numpy", "networkx"}


def test_the_source_of_a_net_needs_no_torch():
    code = "import flowc; flowc.load('examples/net232.flow').compile(backend='torch', device='cuda').source"
    assert "torch" not in modules_after(code)
