"""The irregular network of the benchmark: every node is read, no two weights are alike."""

import pytest

from benchmarks.dag import FUNCTIONS, INPUTS, INTO, OUTPUTS, dag, edges, nodes


@pytest.mark.parametrize("hidden, depth", [(60, 6), (300, 3)])
def test_the_irregular_network(hidden, depth):
    network = dag(hidden, depth)
    read = {source for level in network.levels for into in level.sources for source in into}
    assert read >= {*range(INPUTS, network.levels[-1].first)}, "a node that nobody reads"
    for level in network.levels:
        assert all(len({*into}) == len(into) >= INTO and max(into) < level.first for into in level.sources)
        assert [*level.functions] == [function for function in FUNCTIONS if function in level.functions]
        assert sum(level.functions.values()) == len(level.sources) == len(level.biases)
    weights = [row.split(",")[2] for row in edges(network)]
    assert len(weights) == len({*weights}), "weights are found by their values"
    assert len([*nodes(network)]) == network.size + OUTPUTS
