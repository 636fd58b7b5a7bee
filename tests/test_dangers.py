"""What no file of flowc does: run a text, unpickle, ask a shell; and `flowc.execution` is the one place that executes."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "flowc"
FILES = sorted(PACKAGE.rglob("*.py"))
ALLOWED = {
    PACKAGE / "execution" / "python.py": {"exec", "compile"},
    PACKAGE / "execution" / "compiler.py": {"subprocess"},
    PACKAGE / "execution" / "native.py": {"ctypes"},
    PACKAGE / "execution" / "native_descent.py": {"ctypes"},
}
BUILTINS = {"eval", "exec", "compile", "__import__"}
MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "yaml", "subprocess", "ctypes", "pty", "code"}
METHODS = {"system", "popen", "sympify", "lambdify", "literal_eval"}  # of any module


def dangers(tree):
    """Calls and imports that could run what a user wrote, each as words."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in BUILTINS:
                yield name
            case ast.Call(func=ast.Attribute(attr=name)) if name in METHODS:
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id="torch"), attr="load")):
                yield "torch.load"
            case ast.keyword(arg="allow_pickle" | "shell", value=value) if not (
                isinstance(value, ast.Constant) and value.value is False
            ):
                yield node.arg
            case ast.Import(names=names):
                yield from (alias.name for alias in names if alias.name.split(".")[0] in MODULES)
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in MODULES:
                yield module


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_runs_what_a_user_wrote(path):
    assert set(dangers(ast.parse(path.read_text(encoding="utf-8")))) == ALLOWED.get(path, set())


@pytest.mark.parametrize(
    "text",
    [
        "eval(text)", "exec(text)", "compile(text, '', 'exec')", "import pickle", "from pickle import loads",
        "import subprocess", "run(text, shell=True)", "np.load(path, allow_pickle=True)", "torch.load(path)",
        "os.system(text)", "sympy.sympify(text)",
    ],
)  # fmt: skip
def test_each_danger_would_be_seen(text):
    assert list(dangers(ast.parse(text)))
