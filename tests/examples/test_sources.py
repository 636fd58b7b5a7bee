"""The printed files as texts: plain, narrow, clean, reproducible."""

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.examples import variants
from tests.examples.variants import CHAINS, EXAMPLES, NAMES, VARIANTS, flowc, source

ROOT = EXAMPLES.parent
IDS = [f"{name}-{form}" for name, form in VARIANTS]


@cache
def everything():
    return variants.everything()


@pytest.mark.parametrize("name, form", VARIANTS, ids=IDS)
def test_it_is_narrow_ascii_python(name, form):
    text = everything()[f"{name}_{form}"]
    assert text.isascii() and text.endswith("\n") and not text.endswith("\n\n")
    assert [line for line in text.splitlines() if len(line) > 79 or line != line.rstrip()] == []
    ast.parse(text)


def test_all_of_them_are_clean_to_ruff(tmp_path):
    for name, text in everything().items():
        (tmp_path / f"{name}_.py").write_text(text)
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--extend-select", "I", str(tmp_path)]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("seed", ["0", "1", "2", "random"])
def test_they_are_the_same_bytes_for_every_hash_seed(seed):
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.examples.variants"]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=True)
    assert json.loads(result.stdout) == everything()


@pytest.mark.parametrize("name", NAMES)
def test_sequential_is_for_chains_alone(name):
    status, out, err = flowc("compile", EXAMPLES / f"{name}.flow", *variants.OPTIONS["torch_sequential"])
    assert (status == 0) == (name in CHAINS)
    assert (out == "") == (name not in CHAINS) and "Traceback" not in err


def imports(text):
    nodes = list(ast.walk(ast.parse(text)))
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return whole | {node.module for node in nodes if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("name, form", VARIANTS, ids=IDS)
def test_it_needs_the_backend_and_the_standard_library_alone(name, form):
    needed = {module.partition(".")[0] for module in imports(everything()[f"{name}_{form}"])}
    assert needed - set(sys.stdlib_module_names) == {form.partition("_")[0]}


def command_of(text):
    """The arguments of `flowc compile` in a file's header, which may break it over lines."""
    header = ast.get_docstring(ast.parse(text), clean=False)
    lines = header[header.index("flowc compile") :].splitlines()
    kept = lines[:1]
    for line in lines[1:]:
        if not kept[-1].endswith("\\") and not line.startswith("     "):
            break
        kept.append(line)
    return shlex.split(" ".join(line.rstrip("\\") for line in kept))[1:]


@pytest.mark.parametrize("name, form", VARIANTS, ids=IDS)
def test_the_command_of_the_header_makes_exactly_this_file(name, form, tmp_path, monkeypatch):
    flow = tmp_path / f"{name}.flow"
    for file in (EXAMPLES / flow.name, *EXAMPLES.glob(f"{name}_*.csv")):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.chdir(tmp_path)
    made = Path(f"{name}_{form}.py")
    status, _, err = flowc("compile", flow.name, *variants.OPTIONS[form], "-o", made)
    assert status == 0, err
    first = made.read_text()
    made.unlink()
    status, _, err = flowc(*command_of(first))
    assert status == 0, err
    assert made.read_text() == first


def test_every_example_is_in_canonical_form():
    status, out, err = flowc("fmt", "--check", *sorted(EXAMPLES.glob("*.flow")))
    assert status == 0, out + err


def test_every_example_checks_without_a_warning():
    status, out, err = flowc("check", *sorted(EXAMPLES.glob("*.flow")))
    assert status == 0 and "warning" not in out + err, out + err


def test_check_and_compile_need_no_data_file(tmp_path):
    path = tmp_path / "iris.flow"
    path.write_text((EXAMPLES / "iris.flow").read_text(encoding="utf-8"), encoding="utf-8")
    for arguments in (("check", path), ("compile", path), ("fmt", "--check", path)):
        assert flowc(*arguments)[0] == 0


SLIDE = """\
xi1 = 0.5 - x1 - x2
h1 = step(xi1)
xi2 = -1.5 + x1 + x2
h2 = step(xi2)
xi3 = 0.5 - h1 - h2
f = step(xi3)
"""


@pytest.mark.parametrize("form", ["numpy", "torch_explicit"])
def test_xor_reads_as_the_slide(form):
    text = source("xor", form)
    tree = ast.parse(text)
    forward = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "forward")
    lines = [ast.unparse(node) for node in forward.body if isinstance(node, ast.Assign)]
    assert "\n".join(lines) + "\n" == SLIDE
    assert imports(text) == {form.partition("_")[0]} or form != "numpy"


LECTURE = """\
torch.nn.Sequential(
    torch.nn.Linear(2, 3),
    torch.nn.Sigmoid(),
    torch.nn.Linear(3, 2),
)
"""


def test_net232_is_the_chain_that_the_lecture_shows():
    text = re.sub(r"[ ]*#[^\n]*", "", source("net232", "torch_sequential"))
    text = re.sub(r"\n[ ]+", "\n    ", text).replace("\n    )", "\n)")
    assert LECTURE.strip() in text
    assert "torch.nn.MSELoss()" in text
