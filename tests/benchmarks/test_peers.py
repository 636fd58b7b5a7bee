"""What flowc is measured beside calculates the same, at sizes that take no time."""

from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pytest

from benchmarks import javascript
from benchmarks.harness import disagreements
from benchmarks.race import difference

# module, sizes and what else a race is made from, the packages of its peers
RACES = [
    ("xor_forward", [1, 4, 100], {}, [None]),
    ("mlp_forward", [1, 3], {}, [None, "torch"]),
    ("mlp_training", [1, 3], {}, [None, "torch"]),
    ("dag_forward", [120], {"depth": 4}, ["neat", "jax"]),
    ("dag_gradients", [120], {"depth": 4}, ["torch", "jax"]),
    ("xor_fit", [20], {}, [None, "torch"]),
    ("sine_fit", [20], {}, [None, "torch"]),
    ("digits", [2], {}, ["sklearn", "torch"]),
]


@pytest.mark.parametrize(
    "module, sizes, more, package",
    [pytest.param(module, *rest, package, id=f"{module}-{package or 'numpy'}") for module, *rest, p in RACES for package in p],
)
def test_a_peer_agrees(module, sizes, more, package):
    if package and find_spec(package) is None:
        pytest.skip(f"`{package}` is not installed: it comes with flowc[bench]")
    compared = 0
    for race in import_module(f"benchmarks.{module}").races(sizes, **more):
        race = replace(race, peers=tuple(peer for peer in race.peers if peer.package == package))
        if race.peers:
            found = disagreements(race, {name: make() for name, make in race.makes.items()})
            assert not any(found.values()), (race.question, found)
            compared += len(found)
    assert compared


@pytest.mark.skipif(javascript.NODE is None, reason="needs node, to run JavaScript")
def test_a_peer_agrees_in_node():
    for task, steps in ((javascript.xor(), 200), (javascript.rings(50), 20)):
        results, seconds = javascript.run(task, steps, rounds=1)
        assert {*results} == {*seconds} - {*javascript.ALONE} == {"printed", "engine", "playground"}
        assert all(difference(result, results["playground"], 1e-9) is None for result in results.values())
        assert 1e-3 < np.abs(np.subtract(results["playground"], javascript.run(task, 1, rounds=1)[0]["playground"])).max()
