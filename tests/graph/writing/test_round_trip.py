"""A written network, read again, is the same: of the examples, the corpus, published diagrams, and drawn ones."""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import flowc
from flowc.graph.equality import differences
from flowc.nets.verifying.numbers import some_inputs, some_weights
from flowc.source import Source
from flowc.syntax import format_source
from flowc.testing.checks import Case, second_reading
from flowc.testing.choices import Random
from flowc.testing.make import make
from flowc.testing.runner import of_seed

ROOT = Path(__file__).parents[3]
DIAGRAMS = sorted([*(ROOT / "examples").glob("*.flow"), *(ROOT / "tests/corpus/diagrams").glob("*.flow")])
PUBLISHED = sorted((ROOT / "tests/published").glob("*.toml"))
SEEDS, BATCH = 300, 20  # diagrams that are drawn, and in each test
LATER = [1018, 1702, 4767, 4787, 6380, 7847, 8167, 8824, 9408, 9730, 11206, 11367, 11927, 12167]


def read_again(flow, name):
    """The flow of the text that a flow becomes. Asserts that it is the same network, and that `fmt` leaves its text."""
    text = flow.text()
    assert format_source(Source(name, text)) == text
    again = flowc.loads(text, name)
    assert list(differences(flow.network, again.network)) == []
    return again


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_diagram_of_the_repository_is_written(path):
    read_again(flowc.load(path), str(path))


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_a_published_diagram_is_written(path):
    read_again(flowc.loads(tomllib.loads(path.read_text())["flow"], "published.flow"), "published.flow")


@pytest.mark.parametrize("first", range(1, SEEDS + 1, BATCH))
def test_drawn_diagrams_are_written(first):
    for seed in range(first, first + BATCH):
        read_again(make(Random(seed)).load(), "diagram.flow")


@pytest.mark.parametrize("seed", [7, 12, 29, 132, 274, 451, 487, 533, 807, 891, 1695, 2249, 2927, 3007, 3703, 3786, *LATER])
def test_diagrams_that_once_were_not(seed, tmp_path):
    """With lists in files; operands that are nodes before their turn; weights whose size only their arrow can give."""
    path = of_seed(seed).write(tmp_path)
    read_again(flowc.load(path), str(path))


@pytest.mark.parametrize("seed", range(1, 25))
def test_values_gradients_and_first_weights_are_the_same(seed):
    diagram = make(Random(seed), loss=True)
    before = diagram.load()
    after = read_again(before, "diagram.flow")
    one, other = before.compile("numpy", dtype="float64"), after.compile("numpy", dtype="float64")
    same(one.init(3), other.init(3))
    weights, inputs = some_weights(one.weights, seed, False), some_inputs(diagram, seed, 3)
    same(one.values(weights, inputs), other.values(weights, inputs))
    if one.weights and np.isfinite(one.loss_value(weights, inputs)):
        same(one.gradients(weights, inputs), other.gradients(weights, inputs))


@pytest.mark.parametrize("seed", range(101, 113))
def test_the_written_text_means_it_to_the_oracle_too(seed, tmp_path):
    """Which reads the text by the page of the language alone."""
    diagram = of_seed(seed)
    second_reading(Case(replace(diagram, text=diagram.load().text()), tmp_path, seed, ("numpy",)))


def same(one, other):
    assert one.keys() == other.keys()
    for name, value in one.items():
        assert np.array_equal(value, other[name], equal_nan=True), name
