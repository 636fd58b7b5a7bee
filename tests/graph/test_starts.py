"""How weights start."""

import pytest

import flowc
from flowc.graph.network import Draw


@pytest.mark.parametrize("written", ["he", "he()"])
def test_a_draw_without_parameters_needs_no_brackets(written):
    flow = flowc.loads(f"input x[3]\noutput f[2]\nx -> f : W ~ {written}\n")
    assert flow.network.weights[0].start == Draw("he", (), 3, 2)


def test_a_draw_is_one_whatever_nodes_are_called():
    flow = flowc.loads("input he\noutput f\nhe -> f : w ~ he\n")
    assert flow.network.weights[0].start == Draw("he", (), 1, 1)
