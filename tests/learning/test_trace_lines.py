"""What a trace prints: every line gives its result, computed again from what is printed, to the last digit."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import flowc
from flowc.learning.trace.precision import unit_of_last, write_number
from flowc.nets.verifying.numbers import some_inputs
from flowc.testing.strategies import diagrams
from tests.agreement.profile import examples
from tests.learning.tracing import assert_recomputed, computed, of_example, rows, traced


@examples(25)
@given(diagrams(), st.integers(0, 2**32 - 1))
def test_random_diagrams(diagram, seed):
    try:
        trace = traced(flowc.loads(diagram.text), some_inputs(diagram, seed, 1), seed=seed)
    except FloatingPointError:
        assume(False)
    _, close = assert_recomputed(trace)
    for row in close:  # only the rounding of the machine's numbers may show
        terms = [abs(float(r.result)) for r in rows(trace) if r.sign == "="] + [1.0]
        assert row.pieces and (not row.numbers or abs(computed(row) - float(row.result)) <= 1e-13 * max(terms))


@pytest.mark.parametrize(
    "path, token",
    [
        ("xor.flow", {"x1": 0, "x2": 1}),
        ("net232.flow", {"x": [0, 1], "y": [1, 0]}),
        ("worked_example.flow", {"i1": 0.05, "i2": 0.1, "t1": 0.01, "t2": 0.99}),
        ("softmax.flow", {"x": [2, 1], "y": [0, 0, 1]}),
        ("layers.flow", {"x": [0.3, -1.2, 0.7, 2], "y": [0, 1]}),
        ("autoencoder.flow", {"x": [0, 1, 0, 0]}),
        ("perceptron.flow", {"x": [0.5, -2], "y": [0] * 7 + [1] + [0] * 12}),
        ("skip.flow", {"x": [1, -1, 0.5]}),
        ("sine.flow", {"x": 0.7, "y": 0.6442}),
        ("activations.flow", {"x": -0.7}),
        ("evolved.flow", {"x1": 1, "x2": 0, "x3": 1, "y": 0}),
        ("regression.flow", {"x": [0.1, 0.2], "y": [1, 2, 3]}),
    ],
)
@pytest.mark.parametrize("least", [3, 4, 9])
def test_examples(path, token, least):
    count, close = assert_recomputed(of_example(path, token, least=least), least)
    assert count > 3 and not close


def test_a_number_is_printed_the_same_wherever_it_stands():
    trace = of_example("worked_example.flow", {"i1": 0.05, "i2": 0.1, "t1": 0.01, "t2": 0.99})
    (value,) = {row.result for row in rows(trace) if row.name == "h1"}
    users = [row.pieces[-1] for row in rows(trace) if row.pieces and "h1" in re.findall(r"\w+", row.pieces[0])]
    assert len(users) == 5 and all(value in numbers for numbers in users)


@pytest.mark.parametrize(
    "value, digits, text",
    [
        (0.5, 4, "0.5"), (-1, 4, "-1"), (-0.0, 4, "0"), (1e3, 2, "1000"), (0.1 + 0.2, 4, "0.3"), (0.3775, 2, "0.3775"),
        (1 / 3, 4, "0.3333"), (2 / 3, 4, "0.6667"), (0.49999999999, 4, "0.5000"), (123456.789123, 4, "123457"),
        (1.23456789e-9, 4, "1.235e-9"), (1.5e-9, 4, "1.5e-9"), (6.02214076e23, 4, "6.022e23"), (1e22, 4, "1e22"),
        (0.00002, 4, "0.00002"), (1 / 3, 16, "0.3333333333333333"),
    ],
)  # fmt: skip
def test_numbers_are_written_with_few_digits_or_rounded(value, digits, text):
    assert write_number(value, digits, 15) == text


def test_a_digit_has_its_place():
    units = [unit_of_last(0.3333, 4), unit_of_last(0, 4), unit_of_last(25.0, 4), unit_of_last(2e-7, 3)]
    assert units == pytest.approx([1e-4, 1e-4, 1e-2, 1e-9])
    assert unit_of_last(123456.7, 4) == 1  # whole digits are never left out


def test_a_long_sum_says_what_it_leaves_out():
    text = "input x[12]\noutput f\nweight w[12] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]\nf = w @ x\n"
    trace = traced(text, {"x": [1] * 12})
    (row,) = [row for row in rows(trace) if row.name == "f"]
    assert row.pieces == ("w[1]*x[1] + w[2]*x[2] + (9 more) + w[12]*x[12]", "1*1 + 2*1 + (9 more, together 63) + 12*1")
    assert row.result == "78"
    whole = traced(text, {"x": [1] * 12}, whole=True)
    (row,) = [row for row in rows(whole) if row.name == "f"]
    assert row.pieces[1].count("*") == 12 and "more" not in row.pieces[1]


def test_a_long_product_and_a_long_maximum_too():
    trace = traced("input x[10]\noutput p, m\np = product(x)\nm = max(x)\n", {"x": [2, 1, 1, 3, 1, 1, 1, 1, 1, 5]})
    assert {row.name: row.pieces[1:] for row in rows(trace) if row.pieces} == {
        "p": ("2*1*(7 more, together 3)*5",),
        "m": ("max(2, 1, (7 more, at most 3), 5)",),
    }


def test_of_many_elements_the_class_in_question_is_shown():
    trace = of_example("perceptron.flow", {"x": [1, 1], "y": [0] * 7 + [1] + [0] * 12})
    assert [row.name for row in rows(trace) if row.name.startswith("y")] == ["y[1]", "y[2]", "y[8]", "y[20]"]
    assert "d_xi_f[8]" in [row.name for row in rows(trace)]


def test_where_terms_cancel_the_line_says_that_it_is_near():
    trace = traced("input x\noutput f\nf = 0.3 - x - 0.2\n", {"x": 0.1})
    (row,) = [row for row in rows(trace) if row.name == "f"]
    assert (row.sign, row.result) == ("≈", "-2.776e-17")
    exact = traced("input x\noutput f\nf = 0.5 - x - 0.25\n", {"x": 0.25})
    assert rows(exact)[-1].sign == "=" and rows(exact)[-1].result == "0"


def test_near_1_more_digits_are_shown():
    trace = traced("input x\noutput f : logistic\nx -> f : w ~ 1\nloss f^2\n", {"x": 20})
    count, close = assert_recomputed(trace)
    slope = next(row for row in rows(trace) if row.name == "logistic'(xi_f)")
    assert count >= 5 and not close and slope.pieces[-1].startswith("0.99999999")


def test_single_precision_prints_what_it_has():
    trace = of_example("net232.flow", {"x": [0.5, 1], "y": [1, 0]}, dtype="float32")
    count, close = assert_recomputed(trace)
    assert count > 40 and len(close) <= 3
