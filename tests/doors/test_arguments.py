"""Arguments of the Python API that are of the wrong kind or size: a sentence, as of everything else."""

import numpy as np
import pytest

import flowc

TEXT = """\
index D = 3
input x[D]
target y
output f
weight a ~ 1
x -> f : ~
loss mse(f, y) + a^2
data {
  x[1] x[2] x[3] | y
  1    2    3    | 4
}
train gd(rate=0.1, steps=1)
"""


@pytest.fixture(scope="module")
def flow():
    return flowc.loads(TEXT)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda flow: flowc.load(1.5), TypeError, "a diagram's file is a path, not 1.5"),
        (lambda flow: flowc.loads(TEXT, None), TypeError, "a diagram's name is a path, not None"),
        (lambda flow: flowc.loads(TEXT, settings=np.array([1, 2])), TypeError, "settings are a dict"),
        (lambda flow: flowc.loads(TEXT, settings=[]), TypeError, "settings are a dict"),
        (lambda flow: flowc.loads(TEXT, settings={"D": 10**49}), ValueError, "the size `D` is too large"),
        (lambda flow: flowc.loads(TEXT, settings={"D": -(10**49)}), ValueError, "the size `D` is too large"),
        (lambda flow: flowc.loads(TEXT, settings={"D": 10**14}), flowc.FlowError, "more than the limit"),
        (lambda flow: flow.compile([]), ValueError, r"`backend` is a name, not \[\]"),
        (lambda flow: flow.compile(form=np.array([1, 2])), ValueError, "`form` is a name"),
        (lambda flow: flow.compile(style=["fast"]), ValueError, "`style` is a name"),
        (lambda flow: flow.compile(style="fast", batch=int), ValueError, "the batch is how many tokens"),
        (lambda flow: flow.train(method=["gd"]), ValueError, "`method` is a name"),
        (lambda flow: flow.train(rate=10**400), ValueError, "`rate` is a finite number"),
        (lambda flow: flow.equations(format=np.array([])), ValueError, "format is one of"),
        (lambda flow: flow.equations(weights=5), TypeError, "weights are given by name, as a dict, not as int"),
        (lambda flow: flowc.render(flow, ["svg"]), ValueError, "`format` is a name"),
        (lambda flow: flowc.render(flow, theme=np.array([1, 2])), ValueError, "`theme` is one of light, dark"),
        (lambda flow: flowc.render(flow, "png", width=10**49), ValueError, "`width` is a whole number from 1 to"),
        (lambda flow: flow.plot("loss", "a", range={}), ValueError, "a range is two numbers"),
        (lambda flow: flow.plot("loss", "a", range=(0, 10**400)), ValueError, "a range is two numbers"),
        (lambda flow: flow.plot(np.array([1, 2])), ValueError, "there is no plot"),
        (lambda flow: flow.plot("loss", "a", theme=[]), ValueError, "`theme` is one of"),
        (lambda flow: flow.compile().gradients(flow.compile().init(), {"x": [[1, 2, 3]], "y": 1}, wrt=5), TypeError, "`wrt` names weights"),
    ],
)
def test_the_wrong_kind_or_size_is_said(flow, call, error, said):
    with pytest.raises(error, match=said):
        call(flow)


def test_a_seed_may_be_written_as_a_number_is(flow):
    assert flow.plot("loss", "a", seed="1e1") is not None


LEARNS = "input x\ntarget y\noutput f\nweight w ~ 0\nf = w*x\nloss mse(f, y)\ndata { x y\n1 3\n2 5 }\n"
HUGE = [10**5000, 10**400, "1" * 5000, "x" * 5000, ["1"] * 5000, (10**5000,)]
TAKEN = {
    "rate": lambda flow, v: flow.train(rate=v),
    "steps": lambda flow, v: flow.train(steps=v),
    "batch": lambda flow, v: flow.train(method="sgd", batch=v),
    "method": lambda flow, v: flow.train(method=v),
    "backend": lambda flow, v: flow.train(backend=v),
    "another": lambda flow, v: flow.train(**{"x" * 5000: v}),
    "fast": lambda flow, v: flow.compile(style="fast", batch=v),
    "style": lambda flow, v: flow.compile(style=v),
    "dtype": lambda flow, v: flow.compile(dtype=v),
    "size": lambda flow, v: flowc.loads(LEARNS, settings={"D": v}),
    "format": lambda flow, v: flow.equations(format=v),
}


@pytest.mark.parametrize("value", HUGE, ids=["5001 digits", "401 digits", "digits", "letters", "list", "tuple"])
@pytest.mark.parametrize("taken", TAKEN)
def test_no_message_repeats_what_is_long(taken: str, value: object) -> None:
    with pytest.raises((ValueError, TypeError, flowc.FlowError)) as error:
        TAKEN[taken](flowc.loads(LEARNS), value)
    assert len(str(error.value)) < 300 and "sys.set_int_max_str_digits" not in str(error.value)


def test_more_steps_than_are_ever_reached_are_fine() -> None:
    with pytest.raises(FloatingPointError):
        flowc.loads(LEARNS).train(steps=1e300, rate=1e10)
