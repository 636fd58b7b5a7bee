"""The search of `python -m flowc.testing`: a share of it, what it keeps, and how small it makes what fails."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pytest

from flowc.testing import checks, runner
from flowc.testing.__main__ import main
from flowc.testing.diagram import Diagram
from flowc.testing.runner import Search, of_seed, search
from flowc.testing.shrink import shrunk


def test_a_share_of_the_search() -> None:
    report = search(Search(first=1, seconds=600, count=4))
    assert [f"{f.name}: {f.message}\n{f.diagram.text}" for f in report.failures] == []
    assert report.checks["ways"] == report.census.diagrams == 4


def test_the_diagram_of_a_seed_stays() -> None:
    assert all(of_seed(seed) == of_seed(seed) for seed in range(1, 20))


def test_what_fails_is_kept_small(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    def no_weights(case: checks.Case) -> None:
        assert not case.flow.network.weights, "there is a weight"

    monkeypatch.setattr(runner, "shrunk", lambda diagram, fails, seconds: shrunk(diagram, fails, inf))
    monkeypatch.setitem(checks.SHARES, "values", (no_weights,))
    assert main(["--share", "values", "--count", "4", "--seed", "1", "--keep", str(tmp_path)]) == 1
    assert "there is a weight" in capsys.readouterr().out
    kept = sorted(tmp_path.iterdir())
    assert kept and all("--seed" in (place / "note.txt").read_text() for place in kept)
    for place in kept:
        text = (place / "diagram.flow").read_text()
        assert len(text.splitlines()) <= 5, text


def test_files_that_are_not_named_any_more_go() -> None:
    files = (("edges1.csv", b"source,target,weight\nx,f,1\n"), ("nodes1.csv", b"name,role\nf,output\n"))
    text = 'input x, z\nnodes "nodes1.csv"\nedges "edges1.csv"\noutput g\ng = tanh(x + 2*z)\n'
    smallest = shrunk(Diagram(text, (("x", ()), ("z", ())), files=files), lambda d: "tanh" in d.text)
    assert smallest.files == () and len(smallest.text.splitlines()) <= 3 and "tanh" in smallest.text
