"""No pass changes what a program computes: before and after, the interpreter says the same, for each way of printing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

import flowc
from flowc.backends import find
from flowc.backends.backend import Options
from flowc.pipeline import plan
from flowc.program.ir import Program, Step, Symbol
from flowc.program.lowering import Lowering
from flowc.program.notes import FILE, LOOP, ONCE, START
from flowc.program.ops import Copy
from flowc.program.ops.fused import Affine, Backward, Products
from flowc.program.passes.literals import named_as
from flowc.program.passes.passes import Passes, Printing, passes_of, run
from flowc.program.passes.tokens import Entangled
from flowc.program.phases import phases_of, steps_in, with_phases
from flowc.program.run import run as values_of
from flowc.program.scalars import TooLong
from flowc.program.values import SCALAR
from flowc.program.verify import Broken, verify
from flowc.testing import Diagram
from flowc.testing.strategies import diagrams
from tests.agreement.profile import examples

WAYS = {
    "nodes": Printing(),
    "autograd": Printing(explicit=False, loops=True),
    "layers": Printing(loops=True),
    "numpy fast": Printing(loops=True, fast=True, asked=("exponentials", "products")),
    "torch fast": Printing(loops=True, fast=True, asked=("affine", "backward")),
    "torch fast, autograd": Printing(explicit=False, loops=True, fast=True, asked=("affine", "backward")),
    "single numbers": Printing(scalar=True),
    "single numbers of one token": Printing(scalar=True, one_token=True),
}
GIVEN = {"forward": ("output",), "loss": ("loss",), "gradients": ("loss", "gradient"), "fit": ("gradient",)}
Key = tuple[str, str, int]  # output, loss or gradient; of which node or weight; the element of a token
Numbers = dict[Symbol, np.ndarray]


def drawn(program: Program) -> Numbers:
    rng = np.random.default_rng(3)
    given = (*program.inputs, *program.targets, *program.weights)
    return {s: rng.normal(size=((4,) if s.type.batched else ()) + s.type.shape) for s in given}


def stages(passes: Passes, program: Program) -> Iterator[tuple[str, Program]]:
    """The program after each pass."""
    whole = program
    with suppress(TooLong):
        for p in passes.of_file:
            whole = run([p], whole)
            yield p.name, whole
        for function, some in passes.functions.items():
            part = named_as(program, whole) if function in passes.anew else whole
            with suppress(Entangled):
                for p in some:
                    part = run([p], part)
                    yield f"{function}/{p.name}", part


def results(program: Program, numbers: Numbers) -> dict[Key, np.ndarray]:
    """What a program computes, number by number, so that arrays and their elements compare."""
    for whole, elements in program.notes.elements.items():
        if whole in numbers:
            flat = numbers[whole].reshape(*numbers[whole].shape[: whole.type.batched], -1)
            numbers = {**numbers, **{e: flat[..., k] for k, e in enumerate(elements) if isinstance(e, Symbol)}}
    found = values_of(program, numbers)
    kept: dict[Key, np.ndarray] = {}
    for symbol in program.outputs:
        kept |= of_elements("output", symbol, symbol, found)
    if program.loss:
        kept["loss", "", 0] = found[program.loss]
    whole = {s.symbol: s for s in steps_in(program, START)}
    for symbol, gradient in program.gradients.items():
        if symbol in whole:
            kept |= of_parts(whole[symbol], found[gradient])
        else:
            kept |= of_elements("gradient", symbol, gradient, found)
    return kept


def of_elements(what: str, symbol: Symbol, value: Symbol, found: Numbers) -> dict[Key, np.ndarray]:
    flat = found[value].reshape(*found[value].shape[: value.type.batched], -1)
    first = max(symbol.number - 1, 0)  # element 3 of h is a symbol like h
    return {(what, symbol.owner, first + k): flat[..., k] for k in range(flat.shape[-1])}


def of_parts(step: Step, gradient: np.ndarray) -> dict[Key, np.ndarray]:
    """The gradients of the weights that an array is put together from."""
    places = [place for _, place in step.op.entries]  # type: ignore[attr-defined]
    return {("gradient", step.args[p].owner, 0): gradient.ravel()[k] for k, p in enumerate(places)}  # type: ignore[union-attr]


def needed(name: str, printing: Printing) -> tuple[str, ...]:
    """What is still computed after the pass of that name: of a function of the file only what it gives."""
    function = name.rpartition("/")[0]
    return GIVEN[function] if function else ("output", "loss", "gradient")[: 3 if printing.explicit else 2]


def check(printing: Printing, program: Program) -> None:
    numbers = drawn(program)
    expected = results(program, numbers)
    for name, after in stages(passes_of(printing), program):
        found = results(verify(after), numbers)
        assert found.keys() <= expected.keys(), name
        lost = {key for key in expected.keys() - found.keys() if key[0] in needed(name, printing) and expected[key].any()}
        assert not lost, f"{name}: {lost}"
        for key, value in found.items():
            np.testing.assert_allclose(value, expected[key], rtol=1e-7, atol=1e-9, err_msg=f"{name}: {key}")


@pytest.mark.parametrize("way", WAYS)
def test_every_pass_keeps_the_meaning(way: str) -> None:
    @examples(40)
    @given(diagrams())
    def of_random_diagrams(diagram: Diagram) -> None:
        check(WAYS[way], plan(flowc.loads(diagram.text).network))

    of_random_diagrams()


NET = flowc.loads(
    "input x[2]\nnode h[3] : relu\ntarget y[2]\noutput f[2] : softmax\nx -> h : ~\n1 -> h : ~\nh -> f : ~\n1 -> f : ~\n"
    "loss cross_entropy(f, y)"
).network
SINE = flowc.loads("weight a ~ 1, b ~ 2, c ~ 3\ninput x\ntarget y\noutput f\nf = a + b*x + c*x^2\nloss mse(f, y)").network


def of_backend(name: str, options: Options) -> Passes:
    found = find(name).printing(options, plan(NET))
    assert found is not None
    return passes_of(found)


MORE = flowc.loads(
    "weight a ~ 1, b ~ 2\ninput x\ntarget y, t\nnode h[2] : logistic\nnode g[2] : relu\noutput f, p\nx -> h : ~\n1 -> h : ~\n"
    "h -> g : ~\n1 -> g : ~\nf = 2^3 * a * x + g[1] + step(x - 0.25) + tanh(b)\np = logistic(f * x - b*b)\n"
    "loss 0.5 * mse(f, y) - sse(p, t) + mean(g)"
).network
TERMS = flowc.loads(
    "weight W[2,2] ~, v[2] ~, a ~ 1, b ~ 2, c ~ 3, d ~ 4\ninput x[2], u, w\ntarget y[2]\nnode h1, h2 : tanh\noutput f[2]\n"
    "u -> h1 : 2*a\nw -> h1 : b\nu -> h2 : c\nw -> h2 : d\nf = W @ x + v + v + quotient(1, 4) * h1 + h2\nloss mse(f, y)"
).network


SIGNS = flowc.loads(
    "weight a ~ 1, b ~ 2, c ~ 3, d ~ 4, e ~ 5, k ~ 6\ninput x, u\ntarget y, t\noutput f, g\n"
    "f = a - b*x + c*u - sin(d*x)\ng = d + e*x + k*u\nloss mse(f, y) + (g - t)^3"
).network
SHARED = flowc.loads(
    "weight W[2,2] ~, b[2] ~, c[2] ~, a ~ 1, d ~ 2, e ~ 3, k ~ 4\ninput x[2], u\ntarget y[2], t\n"
    "output f[2], g[2], p, h, q, r[3]\nf = W @ x - b\ng = W @ x + c\nxi = a*u\nh = tanh(xi)\np = u*xi\nq = p\n"
    "n = 2.5\nm = d + e\nr = [[1.25, 2.25, 3.25], [4.25, 5.25, 6.25], [7.25, 8.25, 9.25]] @ [x[1], x[2], u]\n"
    "loss mean((f - y)^2) + mse(g, y) + mse(q, t) + n*m^2 + mean(u*x) * k^2 + mean(u*f) + max(p, t) + u*step(h)"
).network
NETS = {"net": NET, "sine": SINE, "more": MORE, "terms": TERMS, "signs": SIGNS, "shared": SHARED}


@pytest.mark.parametrize("net", NETS.values(), ids=NETS)
@pytest.mark.parametrize("way", WAYS)
def test_examples(way, net):
    check(WAYS[way], plan(net))
    if not WAYS[way].scalar:  # which is made of the slide's program
        check(WAYS[way], plan(net, Lowering("layers")))


def test_a_library_is_asked_what_it_has_calls_for():
    fast = Options(style="fast")
    assert "gradients/products" in of_backend("numpy", fast).names()
    assert "gradients/exponentials" in of_backend("numpy", fast).names()
    assert not {"forward/affine", "gradients/products"} <= {*of_backend("torch", fast).names()}
    assert {"forward/affine", "gradients/backward"} <= {*of_backend("torch", fast).names()}
    assert not [n for n in of_backend("numpy", Options()).names() if n.endswith(("products", "affine", "shared"))]
    assert "loss/needed" in of_backend("torch", Options()).names()


def test_a_stage_is_found_by_its_name():
    passes, program = passes_of(WAYS["torch fast"]), plan(NET)
    assert [name for name, _ in stages(passes, program)] == passes.names()
    for name, after in stages(passes, program):
        assert passes.after(name, program) == after, name
    for name in ("after", "fit/after", "nowhere/needed"):
        with pytest.raises(KeyError):
            passes.after(name, program)


def test_what_one_call_does_is_one_step():
    program = plan(NET)
    torch = of_backend("torch", Options(style="fast"))
    ops = [type(s.op) for s in torch.after("gradients/backward", program).steps]
    assert ops.count(Affine) == 2 and ops.count(Backward) == 1
    numpy = of_backend("numpy", Options(style="fast"))
    assert Products in {type(s.op) for s in numpy.after("gradients/products", program).steps}


def test_fit_makes_once_what_hangs_on_the_data():
    program = passes_of(WAYS["layers"]).after("fit/hoist", plan(SINE))
    phases = phases_of(program)
    assert [*phases] == [START, ONCE, LOOP]
    assert [s.op.name for s in phases[START]] == ["assemble"]
    assert [s.op.name for s in phases[ONCE]] == ["power", "spread", "stack"]


def test_long_arrays_are_made_with_the_file():
    text = "input x[4]\noutput f[3]\nx -> f : [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]"
    program = run(passes_of(WAYS["nodes"]).of_file, plan(flowc.loads(text).network))
    assert [(s.symbol.kind, program.notes.names[s.symbol]) for s in steps_in(program, FILE)] == [("weight", "matrix_f")]


def test_phases_that_are_no_program_are_refused():
    program = plan(NET)
    *early, last = program.steps
    divided = verify(with_phases(program, {"early": early, "late": [last]}))
    with pytest.raises(Broken, match="made twice"):
        verify(with_phases(program, {"early": program.steps, "late": [replace(last, op=Copy())]}))
    with pytest.raises(Broken, match="used before"):
        verify(with_phases(program, {"late": [last], "early": early}))
    with pytest.raises(Broken, match="the phases"):
        verify(replace(divided, notes=replace(divided.notes, phases=(("early", 1),))))
    with pytest.raises(Broken, match="without a line"):
        verify(replace(program, notes=replace(program.notes, inside=frozenset(program.outputs))))
    again = verify(with_phases(program, {"early": program.steps, "late": [last]}))
    assert len(again.steps) == len(program.steps) + 1


def test_one_number_stands_for_that_of_every_token_where_arrays_were_taken_apart():
    program = passes_of(WAYS["single numbers"]).after("copies", plan(NET))
    assert verify(program) and all(s.type.shape == SCALAR.shape for s in program.weights)
