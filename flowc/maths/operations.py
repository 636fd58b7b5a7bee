"""Operations of several nodes, or over the elements of one vector. Their gradients follow from their values."""

from __future__ import annotations

from flowc.maths.function import Function, Rule

ALGEBRA = "elementary algebra"

OPERATIONS = (
    Function(
        "sum", "reduction", "The sum of a vector's elements.", Rule("sum(xi)"), r"\sum_k \xi_k", ALGEBRA,
    ),
    Function(
        "mean", "reduction", "The mean of a vector's elements.", Rule("mean(xi)"), r"\frac1n \sum_k \xi_k", ALGEBRA,
    ),
    Function(
        "product", "operation", "The product.", Rule("a * b"), r"a \, b", ALGEBRA,
        arguments=("a", "b"), many=True, aliases=("prod",),
        elements=Rule("prod(xi)"),
    ),
    Function(
        "max", "operation", "The larger of two; the first of equals.",
        Rule("where(a >= b, a, b)"), r"\max(a, b)", "the lecture, 'Activation functions'",
        kink="the first of equals gets the whole gradient", arguments=("a", "b"), many=True, aliases=("maximum",),
        elements=Rule("greatest(xi)"),
    ),
    Function(
        "min", "operation", "The smaller of two; the first of equals.",
        Rule("where(a <= b, a, b)"), r"\min(a, b)", ALGEBRA,
        kink="the first of equals gets the whole gradient", arguments=("a", "b"), many=True, aliases=("minimum",),
        elements=Rule("-greatest(-xi)"),
    ),
    Function(
        "power", "operation", "a to the power b.",
        Rule("a**b"), r"a^{b}", ALGEBRA,
        arguments=("a", "b"), aliases=("pow",),
        kink="x^0 = 1 with slope 0; that of 0^x in x is 0; a number as exponent never takes ln a; x^0.5 has an infinite slope at 0, unlike sqrt",
    ),
    Function(
        "quotient", "operation", "The quotient.", Rule("a / b"), r"\frac{a}{b}", ALGEBRA,
        arguments=("a", "b"),
    ),
    Function(
        "dot", "operation", "The inner product of two vectors.", Rule("sum(a * b)"), r"a^\top b", ALGEBRA,
        arguments=("a", "b"),
    ),
)  # fmt: skip
