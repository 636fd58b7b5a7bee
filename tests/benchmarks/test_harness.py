"""The benchmark's arithmetic and its table. Nothing here takes the time of anything."""

import sys
from itertools import count

import numpy as np
import pytest

from benchmarks import harness, side_by_side
from benchmarks.command import output_and_memory, spent
from benchmarks.harness import Effort, Row, faster, run, timed
from benchmarks.made import ROOT
from benchmarks.race import Peer, Race, Task, difference
from benchmarks.table import BEGIN, END, put, table, time


def test_the_ratio_is_the_median_and_the_spread_the_quartiles():
    row = Row("question", "numpy", "peer", ratios=(1.0, 5.0, 2.0, 4.0, 3.0))
    assert row.ratio == 3
    assert row.spread == (2, 4)


@pytest.mark.parametrize("limit, met", [(1.9, False), (2.0, True), (3.0, True), (None, None)])
def test_a_limit_is_met_where_the_lower_quartile_is_within_it(limit, met):
    assert Row("question", "numpy", "peer", limit, ratios=(1.0, 5.0, 2.0, 4.0, 3.0)).met is met


def test_of_two_files_the_faster_one_is_held_to_the_limit():
    rows = [Row("q", "numpy", "peer", 1, ratios=(0.9,)), Row("q", "torch", "peer", 1, ratios=(0.8,))]
    assert [row.limit for row in faster(rows)] == [None, 1]


def race(theirs=2.0, package=None):
    peer = Peer("by hand", lambda: Task(lambda: theirs), 1.0, package)
    return Race("two", {"numpy": lambda: Task(lambda: 2.0)}, (peer,))


def ticking(monkeypatch):
    """A clock on which every reading is a second after the last: all that is timed takes as long."""
    readings = count()
    monkeypatch.setattr(harness.time, "perf_counter", lambda: float(next(readings)))


def test_a_race_gives_a_ratio_for_every_round(monkeypatch):
    ticking(monkeypatch)
    [row] = run(race(), Effort(rounds=7))
    assert row.ratios == (1.0,) * 7 and row.met and row.note == ""


def test_every_other_round_runs_in_the_opposite_order():
    ran = []
    works = {name: lambda name=name: ran.append(name) for name in "ab"}
    times = timed(works, Effort(rounds=3, least=0))
    assert "".join(ran[-6:]) == "abbaab" and [len(found) for found in times.values()] == [3, 3]


def test_a_wrong_result_has_no_ratio():
    [row] = run(race(theirs=3.0), Effort())
    assert row.ratios == () and row.note == "results differ by up to 1"


def test_a_missing_peer_gives_a_row_that_says_so():
    [row] = run(race(package="no_such_package"), Effort())
    assert row.ratios == () and row.note == "`no_such_package` is not installed"


def test_results_are_compared_number_by_number():
    assert difference((1.0, {"W": np.ones((3, 1))}), (1.0, [np.ones(3)]), 1e-6) is None
    assert difference(np.zeros(3), np.array([0, 0, 0.5]), 1e-3) == "results differ by up to 0.5"
    assert difference(np.zeros(3), np.zeros(4), 1e-3) == "results of 3 and 4 numbers"


ROWS = [
    Row("1 XOR", "numpy", "numpy by hand", 0.1, 1.74e-7, (0.05, 0.06, 0.07)),
    Row("3 MLP", "torch", "torch by hand", 1.05, 2e-3, (1.2, 1.2, 1.2)),
    Row("7 network", "numpy", "neat-python", 0.25, note="`neat` is not installed"),
]


def test_the_table_has_a_line_for_every_row():
    assert table(ROWS).splitlines()[2:] == [
        "| 1 XOR | numpy | 0.174 µs | numpy by hand | **0.060** | 0.055 – 0.065 | 0.1 | yes |",
        "| 3 MLP | torch | 2 ms | torch by hand | **1.20** | 1.20 – 1.20 | 1.05 | **no** |",
        "| 7 network | numpy |  | neat-python | `neat` is not installed |  | 0.25 |  |",
    ]


@pytest.mark.parametrize("seconds, shown", [(2.0, "2 s"), (0.0123, "12.3 ms"), (4.5e-5, "45 µs"), (2e-7, "0.2 µs")])
def test_times_have_units(seconds, shown):
    assert time(seconds) == shown


def test_a_page_keeps_what_stands_around_the_table(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n\n{BEGIN}\nold\n{END}\n\nafter\n", encoding="utf-8")
    put(page, "new\n")
    put(page, "newer\n")
    assert page.read_text(encoding="utf-8") == f"before\n\n{BEGIN}\n\nnewer\n\n{END}\n\nafter\n"


def test_a_page_without_a_place_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("no place", encoding="utf-8")
    with pytest.raises(ValueError, match="no place for the table"):
        put(page, "new\n")


def test_a_command_takes_time_and_memory_or_says_why_it_fails(tmp_path):
    (tmp_path / "diagram.flow").write_text("input x\noutput f\nf = 2*x\n")
    took = spent(ROOT, tmp_path, "check", "diagram.flow")
    assert 0 < took.cpu and 0 < took.seconds and took.memory > 2**20
    with pytest.raises(RuntimeError, match=r"(?s)flowc check absent.flow .* ended with 2\n.*absent.flow"):
        spent(ROOT, tmp_path, "check", "absent.flow")


def test_the_memory_of_a_command_is_its_own(tmp_path):
    """Not that of the process which starts it, which Linux counts, too."""
    ballast = bytes(300 << 20)
    said, memory = output_and_memory([sys.executable, "-c", "x = bytearray(50 << 20); print(7)"], tmp_path)
    assert said == "7\n" and 50 << 20 < memory < len(ballast)
    with pytest.raises(RuntimeError, match="ended with 3"):
        output_and_memory([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)


def test_two_checkouts_are_compared_round_by_round(tmp_path, monkeypatch):
    order = []
    monkeypatch.setattr(side_by_side, "spent", lambda checkout, *words: order.append(checkout) or checkout)
    case = side_by_side.Case("two", tmp_path)
    assert side_by_side.rounds(tmp_path, case, ("check",), 2) == [(ROOT, tmp_path)] * 2
    assert order == [tmp_path, ROOT, ROOT, tmp_path, tmp_path, ROOT]
    assert side_by_side.spread([1.0, 5.0, 2.0, 4.0, 3.0]) == (2, 3, 4) and side_by_side.spread([2.0]) == (2, 2, 2)
