"""Every printed file is clean to ruff's default rules, with no line over 79 columns: hand-picked and random diagrams."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings

import flowc
from flowc.testing.strategies import diagrams

pytest.importorskip("torch")


def lengthened(letter: str, length: int) -> str:
    """`a_long_name_long_name_...` of so many letters."""
    return f"{letter}{'_long_name' * 9}"[:length]


def long_names(length: int) -> dict[str, str]:
    """Weights with names of so many letters; nodes whose arrows have."""
    a, b, c, k = (lengthened(letter, length) for letter in "abck")
    x, y, f, h = (lengthened(letter, length // 2) for letter in "xyfh")
    return {
        "weights": f"weight {a} ~ 0.5, {b} ~ 1, {c}[2] ~, {k} = 2\ninput x, z[2]\ntarget y\noutput f\n"
        f"f = {a}*x + {b}*tanh({k}*x) + dot({c}, z)\nloss mse(f, y)\n",
        "cubic": f"weight {a} ~ 0.5, {b} ~ 1, {c} ~ 2\ninput {x}\ntarget {y}\noutput {f}\n"
        f"{f} = {a} + {b}*{x} + {c}*{x}^2\nloss mse({f}, {y})\n",
        "scalars": f"input {x}\ntarget {y}\noutput {f}\nnode {h} : tanh\n{x}, 1 -> {h} : ~\n"
        f"{h}, {x}, 1 -> {f} : ~\nloss mse({f}, {y})\n",
        "vectors": f"input {x}[3]\ntarget {y}[2]\noutput {f}[2] : softmax\nnode {h}[4] : tanh\n"
        f"{x} -> {h} -> {f} : ~\n1 -> {h}, {f} : ~\nloss cross_entropy({f}, {y})\n",
        "exponents": f"weight {a} ~ 0.5, {b} ~ 1\ninput {x}\ntarget {y}\noutput {f}\n"
        f"{h} = gelu({a}*{x})\n{f} = logistic({h}^2*{b} + exp({h}))\nloss binary_cross_entropy({f}, {y})\n",
    }


PICKED = {
    "a library that nothing needs": "input x\noutput f\nx -> f : 1\n",
    "steps alone": "input x\noutput s\ns = step(x)\n",
    "a weight without a gradient": "input x\ntarget y\noutput f, g\nx -> f, g : ~\nloss mse(f, y)\n",
    "thresholds": "input a, b\ntarget y\noutput f\nnode h : step, g : sign, r : relu\na, b -> h, g, r : ~\n"
    "h, g, r -> f : ~\nloss mse(f, y)\n",
    "packed arrays": "input a, b\ntarget y\noutput f\nnode h, g : tanh\na, b -> h, g : ~\nm = h*g\nm, h -> f : ~ 2\n"
    "loss mse(f, y)\n",
    **{f"{name}, {n} letters": text for n in (26, 33, 45) for name, text in long_names(n).items()},
}
FORMS = [(style, form, None, None) for style in ("nodes", "layers", "fast") for form in ("module", "sequential")]
WAYS = {
    "numpy": [
        ("nodes", None, None, None), ("layers", None, None, None), ("layers", None, "sparse", None),
        *(("fast", None, lower, None) for lower in ("auto", "dense", "sparse", "chunked", "scalar")),
    ],
    "torch": [
        *FORMS,
        *((style, "functions", lower, gradient)
          for gradient in ("autograd", "explicit")
          for style, lower in (("nodes", None), ("layers", None), ("layers", "sparse"), ("fast", "auto"), ("fast", "dense"), ("fast", "sparse"))),
    ],
}  # fmt: skip


def sources(text: str) -> Iterator[str]:
    """All files of a diagram; a form that does not suit it is none."""
    flow = flowc.loads(text, "picked.flow")
    for backend, ways in WAYS.items():
        for style, form, lower, gradient in ways:
            try:
                yield flow.compile(backend, style=style, form=form, lower=lower, gradient=gradient).source
            except ValueError:
                continue


def complaints(folder: Path) -> str:
    rules = ["--select", "E4,E7,E9,F,E501", "--line-length", "79", "--output-format", "concise"]
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", *rules, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode else ""


@pytest.mark.parametrize("name", PICKED)
def test_picked_diagrams(name: str, tmp_path: Path) -> None:
    for k, source in enumerate(sources(PICKED[name])):
        (tmp_path / f"{k}.py").write_text(source)
        compile(source, name, "exec")
    assert complaints(tmp_path) == ""


def test_random_diagrams(tmp_path: Path) -> None:
    found: list[str] = []

    @seed(0)
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(diagrams())
    def draw(diagram) -> None:
        found.append(diagram.text)

    draw()
    for i, text in enumerate(dict.fromkeys(found)):
        for k, source in enumerate(sources(text)):
            (tmp_path / f"{i}_{k}.py").write_text(source)
    assert complaints(tmp_path) == ""


def test_a_file_beside_one_with_a_very_long_name() -> None:
    from flowc.backends.code.python_statements import lines
    from flowc.backends.python.beside import load_table

    for length in (10, 40, 55, 62, 150, 240):
        name = "n" * length + ".safetensors"
        text = "\n".join(lines(load_table(name, 0xC0FFEE)))
        assert max(map(len, text.split("\n"))) <= 79
        found: dict = {"load_numbers": lambda name, checksum: (name, checksum)}
        exec(text, found)
        assert found["TABLE"] == (name, 0xC0FFEE)


def test_a_wide_table_is_cut_into_narrow_lines() -> None:
    names = [f"pressure{k}" for k in range(12)]
    rows = "\n".join("  " + " ".join(f"{k}.{row}25" for k in range(12)) for row in range(2))
    text = f"input {', '.join(names)}\noutput f\nf = {' + '.join(names)}\ndata {{\n  {' '.join(names)}\n{rows}\n}}\n"
    for source in sources(text):
        assert max(map(len, source.splitlines())) <= 79
        module: dict = {"__name__": "wide"}
        exec(source, module)
        assert "ROWS" not in module or [len(row.split()) for row in module["ROWS"]] == [12, 12]
