"""How weights start."""

import pytest

import flowc
from flowc.graph.network import Draw


@pytest.mark.parametrize("written", ["he", "he()"])
def test_a_draw_without_parameters_needs_no_brackets(written):
    flow = flowc.loads(f"input x[3]\noutput f[2]\nx -> f : W ~ {written}\n")
    assert flow.network.weights[0].start == Draw("he", (), 3, 2)


def test_a_name_of_the_diagram_goes_before_a_draw():
    with pytest.raises(flowc.FlowError, match="a weight starts at numbers or by a draw"):
        flowc.loads("input he\noutput f\nhe -> f : w ~ he\n")
