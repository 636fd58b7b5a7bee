"""Do the tests of C notice? Faults in the rooms that print loops, each in a line that a hand may slip in, and all of them caught."""

from __future__ import annotations

import pytest

from flowc.nets.verifying.reference import Reference
from flowc.testing import assert_backends_agree
from tests.agreement.seeded import ELEMENTS, SCALARS, VECTORS, forks, is_noticed
from tests.backends.c_program import COMPILER, CFile, FastFile, assert_computes

pytestmark = [pytest.mark.skipif(COMPILER is None, reason="needs a C compiler, `cc`"), forks]

# What it is, in which function, the words there, the words instead; and which diagram notices.
FAULTS = (
    ("an element is taken from its neighbour's place",
     "loops.elements:flat_place", "shape[k + 1 :]", "shape[k:]", VECTORS),
    ("a range begins at its first element, wherever it begins",
     "loops.elements:shifted", "if by else place", "if by < 0 else place", ELEMENTS),
    ("a mean is a sum",
     "loops.elements:_reduce", 'if op.how == "sum" or op.batch', "if True", ELEMENTS),
    ("the largest is the smallest",
     "loops.elements:_largest", 'e.compare(here, ">", Name(name))', 'e.compare(here, "<", Name(name))', ELEMENTS),
    ("a product of all others has each, too",
     "loops.elements:_others", '"!=", place', '"==", place', ELEMENTS),
    ("a product begins with 0",
     "loops.loops:Loops.total", '1.0 if operator == "*" else 0.0', "0.0", ELEMENTS),
    ("a sum over the tokens has its last one alone",
     "loops.nest:Nest._grow", 'assign(place, value, "+")', "assign(place, value)", SCALARS),
    ("a sum of differences is added",
     "loops.nest:Nest._grow", 'value.operand, "-"', 'value.operand, "+"', VECTORS),
    ("the mean over the tokens is their sum",
     "loops.nest:Nest.end_sum", 'op.how == "sum"', "True", ELEMENTS),
    ("what follows from sums is made before them",
     "loops.stages:staged", "tuple(s for s in single if not depths[s.symbol])", "tuple(single)", VECTORS),
    ("values of tokens stand where those of others do",
     "c.values:_places", "first += prod(symbol.type.shape)", "first += 1", VECTORS),
    ("a fixed weight is read from the row of numbers that learn",
     "c.values:_number_atom", "whole_number(place)", "whole_number(0)", SCALARS),
    ("a row has but one of its tokens",
     "loops.tiles:_Tiles._row", "tuple(sizes), None, self.words.size", "tuple(sizes), None", VECTORS),
    ("a line that is read elsewhere is a number of its own loop",
     "loops.tiles:_Tiles.block", "bool(code.sizes) or any", "bool(code.sizes) and any", VECTORS),
    ("the last tokens of a sum are forgotten",
     "loops.tiles:_Tiles._sum_of_lanes", "w.most", "Name(w.lane)", SCALARS),
    ("what grows in a tile takes the place of what was there",
     "loops.tiles:_Tiles._loop", "self._lane(value, scope), operator))", 'self._lane(value, scope), ""))', SCALARS),
)  # fmt: skip


def check_in_place(text: str) -> None:
    assert_backends_agree(text, ("c",), single=False)


def check_files(text: str, folder) -> None:
    reference = Reference.of(text, batch=70)
    for number, kind in enumerate((CFile, FastFile)):
        (folder / str(number)).mkdir(exist_ok=True)
        assert_computes(kind(reference, folder / str(number)), reference)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.parametrize("text", [SCALARS, VECTORS, ELEMENTS], ids=["scalars", "vectors", "elements"])
def test_without_a_fault_nothing_is_noticed(text, tmp_path):
    check_in_place(text)
    check_files(text, tmp_path)


@pytest.mark.parametrize(("where", "right", "wrong", "text"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_each_fault_is_noticed(where, right, wrong, text, tmp_path, monkeypatch):
    def check():
        check_in_place(text)
        check_files(text, tmp_path)

    assert is_noticed((where, right, wrong), check, monkeypatch)
