"""The wheel: what is in it, and that it works alone, without torch."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import torch

import flowc

ROOT = Path(__file__).parents[1]
BUILD = "import sys, hatchling.build; hatchling.build.build_wheel(sys.argv[1])"
COMPILE = """
import sys
sys.modules["torch"] = None  # an import of it fails
from flowc.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The contents of a freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-c", BUILD, str(folder)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    assert wheel.name == f"flowc-{flowc.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_the_package_and_the_grammar(installed):
    assert (installed / "flowc/grammar/flow.lark").read_bytes() == (ROOT / "grammar/flow.lark").read_bytes()
    templates = {p.relative_to(ROOT) for kind in ("c", "js") for p in ROOT.glob(f"flowc/backends/*/templates/**/*.{kind}")}
    templates.add(Path("flowc/doors/documents/flow.lua"))
    sources = {path.relative_to(ROOT) for path in ROOT.glob("flowc/**/*.py")} | {Path("flowc/py.typed")} | templates
    held = {path.relative_to(installed) for path in installed.glob("flowc/**/*") if path.is_file()}
    assert held == sources | {Path("flowc/grammar/flow.lark")}
    (information,) = installed.glob("*.dist-info")
    assert "flowc = flowc.__main__:main" in (information / "entry_points.txt").read_text()
    assert list(information.glob("**/LICENSE"))


def test_it_compiles_xor_to_torch_without_torch(installed):
    environment = os.environ | {"PYTHONPATH": str(installed)}
    command = [sys.executable, "-c", COMPILE, "compile", "xor.flow", "--backend", "torch"]
    result = subprocess.run(
        command, cwd=ROOT / "examples", env=environment, check=False, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert "import torch" in result.stdout
    made = {"__name__": "made"}
    exec(compile(result.stdout, "xor_torch.py", "exec"), made)
    x1, x2 = torch.tensor([0.0, 0.0, 1.0, 1.0]), torch.tensor([0.0, 1.0, 0.0, 1.0])
    assert made["forward"](x1, x2).tolist() == [0, 1, 1, 0]


def test_the_versions_of_the_tests_are_all_of_what_the_extra_asks_for():
    pinned = {
        line.partition("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [
        *project["dependencies"],
        *project["optional-dependencies"]["test"],
        *project["optional-dependencies"]["torch"],
    ]
    names = {line.partition(">")[0].partition("[")[0].lower() for line in asked} - {"flowc"}
    assert names <= pinned
