"""Regions of a plane: where they are, where they end, where their names go."""

import numpy as np
import pytest

from flowc.drawing.label import Label
from flowc.plots.zones import of_classes, of_levels, of_sides, poles

X, Y = np.meshgrid(np.linspace(-1, 1, 80), np.linspace(-1, 1, 80))
NAMES = (Label("a"), Label("b"), Label("c"))
NOWHERE = np.zeros(X.shape, bool)


def test_classes_are_the_largest():
    scores = np.stack([X, Y, -X - Y], axis=-1)
    zones = of_classes(scores, scores, NAMES)
    assert (zones.places == scores.argmax(axis=-1)).all() and not zones.undecided
    for k in range(3):
        assert (zones.places[zones.margins[k] > 0] == k).all()


def test_equal_classes_are_undecided():
    scores = np.zeros((*X.shape, 3))
    zones = of_classes(scores, scores, NAMES)
    assert zones.undecided and zones.names[-1].text == "undecided" and (zones.places == 3).all()


def test_sides_of_a_number():
    zones = of_sides(X + Y, 0.5, (Label("low"), Label("high")))
    assert (zones.places == (X + Y >= 0.5)).all()
    assert ((zones.margins[1] >= 0) == (X + Y >= 0.5)).all()


def test_few_values_are_regions_of_their_own():
    steps = (X > 0).astype(float) + (Y > 0)
    zones = of_levels(steps, Label("f", "f"))
    assert [name.text for name in zones.names] == ["f = 0", "f = 1", "f = 2"]
    assert (zones.places == steps).all()
    assert of_levels(X, Label("f")) is None


def test_no_value_is_in_no_region():
    with np.errstate(invalid="ignore"):
        zones = of_sides(np.log(X), 0.0, (Label("low"), Label("high")))
    assert ((zones.places == -1) == (X < 0)).all()


def test_every_part_is_named_within_itself():
    band = (abs(X + Y) < 0.5).astype(float)
    zones = of_levels(band, Label("f"))
    found = poles(zones, NOWHERE)
    assert sorted(pole.zone for pole in found) == [0, 0, 1]
    assert all(zones.places[pole.row, pole.column] == pole.zone for pole in found)
    (middle,) = (pole for pole in found if pole.zone == 1)
    assert abs(X[middle.row, middle.column] + Y[middle.row, middle.column]) < 0.1


def test_a_name_keeps_away_from_points():
    zones = of_levels(np.zeros(X.shape), Label("f"))
    taken = abs(X) + abs(Y) < 0.6
    (pole,) = poles(zones, taken)
    assert not taken[pole.row, pole.column]


@pytest.mark.parametrize("taken", [NOWHERE, ~NOWHERE])
def test_a_name_is_in_the_middle_where_nothing_or_everything_is_taken(taken):
    (pole,) = poles(of_levels(np.zeros(X.shape), Label("f")), taken)
    assert abs(pole.row - 40) <= 1 and abs(pole.column - 40) <= 1
