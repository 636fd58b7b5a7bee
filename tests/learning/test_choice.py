"""What the diagram says of learning, changed: one rule for the command line and for Python."""

import pytest

from flowc.graph.network import Training
from flowc.learning.choice import change_training
from flowc.source import NOWHERE

SAID = Training("sgd", (("rate", 0.5), ("batch", 4.0), ("steps", 70.0), ("seed", 3.0), ("gamma", 0.9)), NOWHERE)


@pytest.mark.parametrize(("method", "given", "expected"), [
    (None, {}, dict(SAID.settings)),
    ("sgd", {"rate": "0.1"}, {**dict(SAID.settings), "rate": 0.1}),
    ("adam", {}, {"batch": 4, "steps": 70, "seed": 3, "gamma": 0.9}),  # the rate is another method's
    ("gd", {}, {"steps": 70, "seed": 3, "gamma": 0.9}),  # takes all tokens
    ("momentum", {"epochs": 2, "order": "data"}, {"batch": 4, "seed": 3, "gamma": 0.9, "epochs": 2, "order": 1}),
    (None, {"replace": True}, {**dict(SAID.settings), "replace": 1}),
])  # fmt: skip
def test_what_is_kept_and_what_is_changed(method: str | None, given: dict, expected: dict) -> None:
    found = change_training(SAID, method, given)
    assert (found.method, dict(found.settings)) == (method or "sgd", expected)


def test_without_a_statement() -> None:
    assert change_training(None, None, {"steps": 3}) == Training("gd", (("steps", 3.0),), NOWHERE)


@pytest.mark.parametrize(("method", "given", "message"), [
    ("adan", {}, "there is no method `adan`; did you mean `adam`?"),
    ("", {}, "there is no method ``; methods: gd, sgd, momentum, adam, adamw, rmsprop"),
    ("zzz", {}, "there is no method `zzz`; methods: gd, sgd, momentum, adam, adamw, rmsprop"),
    (None, {"speed": 1}, "`sgd` has no setting `speed`; it has rate, steps"),
    (None, {"steps": 1, "epochs": 1}, "`steps` and `epochs` say the same in two ways; give one"),
    (None, {"rate": "1_0"}, "`rate` is a number, not `1_0`"),
    (None, {"rate": [1, 2]}, "`rate` is a number, not `[1, 2]`"),
    (None, {"rate": float("nan")}, "`rate` is a finite number, not `nan`"),
    (None, {"steps": "inf"}, "`steps` is a finite number, not `inf`"),
    (None, {"order": "sorted"}, "`order` is `shuffled` or `data`, not `sorted`"),
])  # fmt: skip
def test_what_cannot_be(method: str | None, given: dict, message: str) -> None:
    with pytest.raises(ValueError) as error:
        change_training(SAID, method, given)
    assert str(error.value).startswith(message)
