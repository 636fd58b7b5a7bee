"""Trees of code say what Python says, whatever brackets they are printed with, on lines as wide as may be."""

import ast
from textwrap import dedent

import pytest

from flowc.backends.code import tree as t
from flowc.backends.code.fill import fill
from flowc.backends.code.layout import WIDTH
from flowc.backends.code.python import flat, laid_out
from flowc.backends.code.python_statements import block
from flowc.backends.code.quote import read
from flowc.backends.code.quote_statements import statements
from flowc.backends.code.scope import names, variables
from flowc.backends.python import expression as e
from tests.corpus.shown import GOLDEN

TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(GOLDEN.glob("*.txt"))}


def values(text):
    """Every expression of a printed file that is a statement's value."""
    statements = ast.walk(ast.parse(text))
    found = (getattr(s, "value", None) for s in statements if isinstance(s, ast.Assign | ast.AugAssign | ast.Return | ast.Expr))
    return [v for v in found if v is not None and not isinstance(v, ast.Yield)]


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_read_is_printed_again(name):
    for value in values(TEXTS[name]):
        source = ast.unparse(value)
        tree = read(source)
        assert ast.dump(ast.parse(flat(tree), mode="eval").body) == ast.dump(ast.parse(source, mode="eval").body)


@pytest.mark.parametrize("name", TEXTS)
def test_broken_lines_say_the_same(name):
    for value in values(TEXTS[name]):
        source = ast.unparse(value)
        broken = "\n".join(laid_out(read(source), f"{'t' * 40} = "))
        assert ast.dump(ast.parse(broken).body[0].value) == ast.dump(ast.parse(source, mode="eval").body)


@pytest.mark.parametrize(
    "text",
    [
        "-a**2", "(-a)**2", "a**-1", "(a + b).T", "(2).T", "a - (b - c)", "a / (b * c)", "(a @ b) @ c", "a @ (b @ c)",
        "(a if b else c) + d", "a if b else c if d else f", "(a < b) + c", "a < b < c", "a and (b or c)", "not a",
        "x[:, 0]", "x[i : i + 2]", "x[1:]", "x[::2]", "(a,)", "()", "{a: b, **c}", "{a, b}", "f(*a, b=c, **d)",
        "f(x for x in y if x)", "[a for b, c in d]", "{a: b for a in c}", "lambda t: t + 1", "lambda: 1", 'f"{a:.4g} {{b}}"', '"a\\nb"', "-1.0",
        "a - -1.0", "x[...]", "float('-inf')", "None", "a is None", "a // b % c", "(1e-06) ** 2", "a.b**2",
        "a**(b * c)", "-(a + b)", "-(a * b)", "(-1.0)**2", "a if (b if c else d) else e", "(a if b else c) if d else e",
        "(lambda t: t + 1)(x)", "(not a) + b", "(a < b).sum()", "(a, b)[0]", "[a, b][::-1]",
    ],
)  # fmt: skip
def test_brackets_stand_where_they_must(text):
    assert ast.dump(ast.parse(flat(read(text)))) == ast.dump(ast.parse(text))


def test_a_statement_is_as_wide_as_it_may_be():
    call = e.call("forward", *(f"input_number_{k}" for k in range(9)))
    assert max(map(len, laid_out(call, "    value = "))) <= WIDTH


def test_signs_and_sums_are_joined():
    a, b, c = map(e.atom, "abc")
    assert flat(e.total([(1, e.total([(1, a), (1, b)])), (-1, e.negative(c))])) == "a + b + c"
    assert flat(e.total([(1, a), (-1, e.total([(1, b), (1, c)]))])) == "a - (b + c)"
    assert flat(e.negative(e.product([a, b]))) == "-a * b"
    assert flat(e.matmul(e.product([a, b]), c)) == "(a * b) @ c"
    assert flat(e.lengthened(a, e.quotient(b, c))) == "a * b / c"


def test_holes_are_filled():
    items = [t.Name("a"), t.Number("1")]
    assert flat(fill(read("np.stack([x], axis=-1).T"), {"x": tuple(items)})) == "np.stack([a, 1], axis=-1).T"
    assert flat(fill(read("(x,)"), {"x": items[0]})) == "(a,)"


def test_a_tree_knows_its_names():
    code = read("np.exp(x[i] - other.sum()) + y**z")
    assert names(code) == {"np", "x", "i", "other", "y", "z"}
    assert list(variables(code)) == ["y", "z"]


STATEMENTS = [
    "a = b = forward(first_input, second_input, weights)", "a -= rate * gradient_of_a", "return first_output, second_output, third",
    'print(row, "|", *(f"{value:.4g}" for value in values))', "assert np.allclose(first_output, expected_first, atol=0.5)",
    "x = values_of_all[batch]", 'weight = weights["weight"].clone()', "model.weight.grad = None", "L = model.loss(first_input, second_input)",
]  # fmt: skip


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_statement_that_is_too_wide_says_the_same_on_more_lines(text):
    assert block(statements(text), "    ") == [f"    {text}"]
    indent = " " * 40
    broken = block(statements(text), indent)
    assert len(broken) > 1 or len(indent + text) <= WIDTH
    assert max(map(len, broken)) <= WIDTH
    assert ast.dump(ast.parse(dedent("\n".join(broken)))) == ast.dump(ast.parse(text))
