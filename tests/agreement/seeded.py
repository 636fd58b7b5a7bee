"""Faults in printers, in lines that a hand may slip in, each seeded into a process of its own, which is to notice it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from flowc.backends.javascript.templates import TEMPLATES
from flowc.backends.numpy.templates import TAPE
from flowc.execution.compiler import NotCompiled
from tests.agreement.source_faults import edited

NOTICED = (AssertionError, LookupError, NotCompiled, TypeError, ValueError)
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")

VECTORS = """input x[3]
target y[4]
node h[5] : tanh
output p[4] : softmax
x -> h : W ~
1 -> h : ~
h -> p : ~
loss cross_entropy(p, y) + 0.1*sum(W^2)
"""
SCALARS = "input a, b\ntarget y\nnode h : logistic\noutput f : tanh\na, b, 1 -> h : ~\nh, a -> f : ~\nloss mse(f, y)\n"
ELEMENTS = """input x[4]
target y
node s[4], m
output f
weight w[4] ~
s = w * x - mean(x)
m = product(s) + max(s) + x[2]
f = m * sum(s[2..4])
loss mse(f, y)
"""


def seed_fault(where: str, right: str, wrong: str) -> Callable[[Any], None]:
    """Other words in a function of the backends, `module:name`, in the tape, `tape`, or in what files of JavaScript have, `.js:name`."""
    module, _, name = where.partition(":")
    if module == "tape":
        return lambda monkeypatch: _change_tape(monkeypatch, right, wrong)
    if module == ".js":
        assert right in TEMPLATES[name], (where, right)
        return lambda monkeypatch: monkeypatch.setitem(TEMPLATES, name, TEMPLATES[name].replace(right, wrong, 1))
    return edited(f"backends.{where}", right, wrong)


def _change_tape(monkeypatch: Any, right: str, wrong: str) -> None:
    assert right in TAPE.text, right
    changed = type(TAPE)(TAPE.path)
    changed.text = TAPE.text.replace(right, wrong, 1)
    monkeypatch.setattr(TAPE, "text", changed.text)
    monkeypatch.setattr(TAPE, "nodes", changed.nodes)


def is_noticed(fault: tuple[str, str, str], check: Callable[[], None], monkeypatch: Any) -> bool:
    """Whether the check fails: what stands outside of an array may end the process, which is noticed, too."""
    seed_fault(*fault)(monkeypatch)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, none of which the child needs
        child = os.fork()
    if not child:
        status = 1
        try:
            check()
        except NOTICED:
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) <= 0
