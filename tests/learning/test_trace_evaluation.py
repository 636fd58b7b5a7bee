"""The number of a formula of a trace: a part that stands in it many times is computed once."""

from flowc.learning.trace.formula import Call, Number, Quantity, Sum, evaluate


def test_a_part_that_is_shared_is_computed_once():
    x = Quantity("", "x")
    formula = Call("exp", (x,))
    for _ in range(60):  # each sum has the one before three times: 3**60 terms, were they told apart
        formula = Sum(((1, formula), (-1, formula), (1, formula)))
    asked = []

    def number(leaf):
        asked.append(leaf)
        return 0.0

    assert evaluate(formula, number) == 1.0
    assert asked == [x]


def test_parts_that_look_alike_are_numbers_of_their_own_leaves():
    x, y = Quantity("", "x"), Quantity("", "y")
    of = {x: 1.0, y: 2.0}.__getitem__
    assert evaluate(Sum(((1, Call("square", (x,))), (1, Call("square", (y,))))), of) == 5.0
    assert evaluate(Sum(((1, Call("square", (x,))), (1, Number(3.0)))), lambda q: 3.0 if q == Number(3.0) else of(q)) == 4.0
