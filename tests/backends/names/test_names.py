"""Whatever a printed text calls its own may be the name of anything in the diagram, and no number changes."""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from functools import lru_cache
from io import StringIO

import pytest

import flowc
from flowc.nets.verifying.compare import compare_result
from flowc.nets.verifying.forms import file_of
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.ways import Way, by_api, check_learning, net_of
from tests.backends.names.diagrams import CHAINS, SCALARS, VECTORS, Template
from tests.backends.names.vocabulary import PLAIN, following, of_way, unlike_others

# One for every kind of text: what `auto` and the other lowerings print is made of these.
WAYS = [
    Way("numpy", "nodes", None, "explicit"), Way("numpy", "layers", "dense", "explicit"),
    Way("numpy", "fast", "sparse", "explicit"), Way("numpy", "fast", "scalar", "explicit", batch=1),
    Way("numpy", "fast", "scalar", "explicit", batch=2), Way("numpy", "fast", "chunked", "explicit"),
    Way("torch", "layers", "dense", "autograd"), Way("torch", "fast", "sparse", "explicit"),
    Way("torch", "nodes", None, None, "module"),
]  # fmt: skip


def tried(template: Template, block: int, way: Way) -> None:
    """Every identifier of a way's texts in every role: values, gradients, learning, and the file's own test."""
    names = of_way(way, reference(unlike_others(template, block)))
    size = -(-len(names) // len(template.roles)) if block > 1 else 1
    for text in template.texts(names, size):
        held(text, way)


@lru_cache(maxsize=32)
def reference(text: str) -> Reference:
    """What a text means, whatever the way."""
    return Reference.of(flowc.loads(text))


def held(text: str, way: Way) -> None:
    """What a way prints of a text does what the text means."""
    meant = reference(text)
    net = net_of(way, meant)
    file = file_of(net, meant)
    results = file.results() | (by_api(net, meant) if way.form == "functions" else {})
    for key, result in results.items():
        compare_result(meant, str(way), key, result)
    if way.form == "functions" and way.style != "nodes":
        check_learning(meant, [way])
    said = StringIO()
    with redirect_stdout(said):
        (file if way.form == "functions" else file_of(net, meant)).module["selftest"]()
    assert said.getvalue() == "ok\n", text


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_scalars(way: Way) -> None:
    tried(SCALARS, 16, way)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_vectors(way: Way) -> None:
    tried(VECTORS, 12, way)


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("template, block", [(SCALARS, 8), (VECTORS, 5)], ids=["scalars", "vectors"])
def test_names_that_follow_from_others(template: Template, block: int, way: Way) -> None:
    """Half of the parts are called as the other half's gradients, elements, excitations."""
    text = unlike_others(template, block)
    names = sorted({*PLAIN.findall(text)})
    free, others = names[::2], {*names[1::2]}
    followed = [n for n in following(way.net(flowc.loads(text)).source) if {*PLAIN.findall(n)} <= others]
    for first in range(0, len(followed), len(free)):
        called = dict(zip(free, followed[first:]))
        held("".join(called.get(word, word) for word in re.split(r"(\w+)", text)), way)


@pytest.mark.parametrize("way", [WAYS[1], WAYS[-1], Way("torch", "nodes", None, None, "sequential")], ids=str)
def test_chains(way: Way) -> None:
    tried(CHAINS, 1, way)
