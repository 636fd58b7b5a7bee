"""Expressions by chance: of scalars, vectors and grids."""

from __future__ import annotations

from collections.abc import Callable

from flowc.nets.verifying.diagram import Shape
from flowc.testing.expression import Expression, Level, number, times
from flowc.testing.functions import LARGE, activation
from flowc.testing.leaves import value
from flowc.testing.products import inner, node_term
from flowc.testing.sketch import Sketch
from flowc.testing.weights import weight


def expression(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """An expression of that shape, from nodes that are there; at most `depth` operations deep."""
    if depth <= 0:
        return affine(sketch, shape)
    drawn = sketch.pick.one(_choose_makers(sketch, shape))(sketch, shape, depth - 1)
    return drawn if drawn.bound < 1e6 else Expression(f"tanh({drawn.text})", 1.0, function="tanh")


Maker = Callable[[Sketch, Shape, int], Expression]


def _choose_makers(sketch: Sketch, shape: Shape) -> tuple[Maker, ...]:
    exact: tuple[Maker, ...] = (_draw_affine, _draw_function, _draw_sum, _draw_largest)
    if sketch.exact:
        return exact
    others: tuple[Maker, ...] = (_draw_product, _draw_run, _draw_power, _draw_quotient, _draw_positive, _draw_factored, _constant_term)
    over: tuple[Maker, ...] = (_over_elements, inner) if not shape else ()
    return (*exact, *others, *over)


# ------------------------------------------------------------------- sums


def affine(sketch: Sketch, shape: Shape) -> Expression:
    """One to four terms: nodes, times numbers or weights, and biases; with at least one node."""
    terms = [node_term(sketch, shape)]
    for _ in range(sketch.pick.count(0, 3)):
        bias = sketch.pick.chance(0.3)
        terms.append(_draw_bias(sketch, shape) if bias else node_term(sketch, shape))
    return _add_terms(sketch, terms)


def _add_terms(sketch: Sketch, terms: list[Expression]) -> Expression:
    text = terms[0].within("product") if len(terms) > 1 else terms[0].text
    for term in terms[1:]:
        sign = sketch.pick.one((" + ", " - "))
        text += sign + (term.within("product") if term.text[0] not in "+-" else f"({term.text})")
    level: Level = "sum" if len(terms) > 1 or text[0] in "+-" else terms[0].level
    return Expression(text, sum(t.bound for t in terms), level)


def _draw_bias(sketch: Sketch, shape: Shape) -> Expression:
    match sketch.pick.one(("weight", "number", "literal")):
        case "weight":
            return Expression(weight(sketch, shape, "b"), 2.0)
        case "literal" if len(shape) == 1:
            return Expression(sketch.numbers(shape), 2.0)
    return number(sketch.number())


# ------------------------------------------------------------- operations


def _draw_affine(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    return affine(sketch, shape)


def _draw_function(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    argument = expression(sketch, shape, depth)
    applied = activation(sketch, argument.bound, bool(shape))
    return Expression(applied.of(argument.text), applied.bound, function=applied.name)


def _draw_sum(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    return _add_terms(sketch, [expression(sketch, shape, depth) for _ in range(sketch.pick.count(2, 3))])


def _draw_product(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """Of two or three; a scalar may meet a vector."""
    factors = [expression(sketch, shape, depth)]
    for _ in range(sketch.pick.count(1, 2)):
        factors.append(expression(sketch, () if sketch.pick.chance(0.3) else shape, depth))
    product = factors[0]
    for factor in factors[1:]:
        product = times(product, factor)
    return product


def _draw_run(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """Nodes, weights and numbers in a row, multiplied and divided from the left."""
    run = value(sketch, shape)
    if sketch.pick.chance():
        run = times(Expression(weight(sketch, ()), 2.0), run)
    for _ in range(sketch.pick.count(2, 5)):
        match sketch.pick.one(("weight", "weight", "node", "node", "number", "over")):
            case "over":
                run = Expression(
                    f"{run.within('product')} / ({_above_zero(sketch, shape, 0).text})", 2 * run.bound, "product"
                )
            case "node":
                run = times(run, value(sketch, () if sketch.pick.chance(0.3) else shape))
            case "weight":
                run = times(run, Expression(weight(sketch, ()), 2.0))
            case _:
                run = times(run, number(sketch.number()))
    return run


def _draw_power(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    match sketch.pick.one(("whole", "whole", "of positive", "by a node", "by a weight", "of a number", "call")):
        case "whole":
            base = expression(sketch, shape, depth)
            n = sketch.pick.one((2, 3, 1, 0))
            inside = base.text if base.level == "atom" and base.text[0] not in "+-" else f"({base.text})"
            return Expression(f"{inside}^{n}", base.bound**n + 1, "power")
        case "call":
            base = expression(sketch, shape, depth)
            return Expression(f"power({base.text}, 2)", base.bound**2)
        case "of a number":
            return Expression(
                f"{sketch.pick.one(('2', '0.5', 'pi'))}^tanh({expression(sketch, shape, depth).text})", 4.0, "power"
            )
        case "by a node":
            below = _above_zero(sketch, shape, depth)
            return Expression(f"({below.text})^tanh({expression(sketch, shape, depth).text})", 2 * below.bound, "power")
        case "by a weight":
            below = _above_zero(sketch, shape, depth)
            return Expression(f"({below.text})^{weight(sketch, ())}", below.bound**2 + 4, "power")
    below = _above_zero(sketch, shape, depth)
    exponent = sketch.pick.one(("-1", "0.5", "1.5", "(-0.5)", "-2", "(1/3)"))
    return Expression(f"({below.text})^{exponent}", below.bound**2 + 4, "power")


def _above_zero(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """Something that is at least 0.5."""
    below = expression(sketch, shape, depth)
    if below.bound > LARGE:
        below = Expression(f"tanh({below.text})", 1.0)
    return Expression(f"square({below.text}) + {sketch.pick.one(('1', '0.5'))}", below.bound**2 + 1, "sum")


def _draw_quotient(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    above = expression(sketch, shape, depth)
    below = _above_zero(sketch, () if sketch.pick.chance(0.3) else shape, depth)
    match sketch.pick.one(("/", "/", "call", "of a number")):
        case "of a number" if len(shape) == 0:
            return Expression(f"{sketch.pick.one(('1', '2', 'pi'))} / ({below.text})", 8.0, "product")
        case "call" if below.bound < LARGE:
            return Expression(f"quotient({above.text}, {below.text})", 2 * above.bound)
    return Expression(f"{above.within('product')} / ({below.text})", 2 * above.bound, "product")


def _draw_positive(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    argument = _above_zero(sketch, shape, depth)
    return Expression(f"{sketch.pick.one(('log', 'sqrt', 'ln'))}({argument.text})", argument.bound)


def _draw_factored(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """A weight or number outside of parentheses: arrows that share it."""
    summed = affine(sketch, shape)
    outside = weight(sketch, ()) if sketch.pick.chance() else sketch.pick.one(("2", "0.5", "1/3"))
    if sketch.pick.chance(0.2):
        return Expression(f"-({summed.text})", summed.bound, "sum")
    return Expression(f"{outside}*({summed.text})", 2 * summed.bound, "product")


def _constant_term(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """A number put together of numbers, beside or times something."""
    constant = sketch.pick.one(("pi/3", "sqrt(2)", "exp(-1)", "max(1, 0.5)", "tanh(0.5)", "2^-2", "(1 + 1/3)"))
    other = expression(sketch, shape, depth)
    if sketch.pick.chance():
        return Expression(
            f"{constant} + {other.within('product') if other.text[0] not in '+-' else f'({other.text})'}",
            other.bound + 2,
            "sum",
        )
    return times(Expression(constant, 2.0, "product"), other)


def _draw_largest(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """max, min or the product of two or three equals, or of something and a number."""
    names = ("max", "min") if sketch.exact else ("max", "min", "product", "maximum", "minimum", "prod")
    items = [expression(sketch, shape, depth) for _ in range(sketch.pick.count(2, 3))]
    name = sketch.pick.one(names)
    bound = max(i.bound for i in items)
    texts = [i.text for i in items]
    if not sketch.exact and sketch.pick.chance(0.2):
        texts[-1] = sketch.pick.one(("0", "0.25", "-1"))
    return Expression(f"{name}({', '.join(texts)})", bound if name not in ("product", "prod") else bound ** len(items))


def _over_elements(sketch: Sketch, shape: Shape, depth: int) -> Expression:
    """A reduction of a vector's or a grid's elements."""
    name = sketch.pick.one(("sum", "mean", "max", "min", "product"))
    grids = [v.shape for v in sketch.nodes if len(v.shape) == 2]
    size = sketch.pick.one(grids) if grids and sketch.pick.chance(0.3) else (sketch.pick.one((2, 3)),)
    n = size[0] * size[-1]
    argument = expression(sketch, size, depth)
    return Expression(f"{name}({argument.text})", argument.bound**n if name == "product" else n * argument.bound)
