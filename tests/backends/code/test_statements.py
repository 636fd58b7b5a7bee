"""Statements are printed as printed files have them, whether they come as trees or as quoted lines."""

import ast
from textwrap import dedent

import pytest

from flowc.backends.code import tree as t
from flowc.backends.code.build import assign
from flowc.backends.code.fill import fill, fill_in
from flowc.backends.code.python import flat
from flowc.backends.code.python_statements import block, lines
from flowc.backends.code.python_words import text_lines
from flowc.backends.code.quote import read
from flowc.backends.code.quote_statements import StatementReader, statement, statements
from flowc.backends.code.scope import names
from tests.corpus.shown import GOLDEN

TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(GOLDEN.glob("*.txt"))}
# Ends of lines that stand in templates alone, and what has no tree: `del`, a raw string, a text in pieces, `finally`.
BY_HAND = {"Mesh", "read", "number", "place", "batches", "product", "no_grad"}


def definitions(text):
    rows = text.split("\n")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name not in BY_HAND:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            yield "\n".join(rows[first - 1 : node.end_lineno])


@pytest.mark.parametrize("name", [name for name in TEXTS if "numpy" in name or "torch" in name])
def test_what_is_printed_is_read_and_printed_again(name):
    for text in definitions(TEXTS[name]):
        again = "\n".join(block(statements(text)))
        assert again == text or "requires_grad_()" in text or 'print(\n        f"' in text


def printed(text):
    return "\n".join(block(statements(dedent(text)))) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        "if a:\n    pass\nelif b:\n    f()\nelse:\n    # how\n    continue\n",
        "while a < b:\n    a += 1\n\n    break\n",
        "with open(path) as file, lock:\n    yield file\n",
        "try:\n    return f(x)\nexcept (ValueError, TypeError):\n    raise Refused(x)\n",
        "def f(a, b=1, *c, d, e=2, **more):\n    return a\n",
        '@cache\ndef f(x):\n    """What it does."""\n    # first\n    assert x  # it holds\n    return x, {"x": x}\n',
        'class A(B):\n    """What it is."""\n\n    x = 1\n\n    def f(self):\n        return 1\n\n    def g(self):\n        return 2\n',
    ],
)
def test_every_statement_has_a_tree(text):
    assert printed(text) == text


def test_a_comment_without_room_is_above():
    code = t.Noted(statement(f"x = {'a' * 70}"), "words")
    assert lines(code) == ["# words", f"x = {'a' * 70}"]


def test_many_names_are_broken_before_the_value_is():
    names_, wide = ", ".join(f"name_{i}" for i in range(9)), "values_of_all[0]"
    assert lines(statement(f"{names_} = {wide}"))[-1] == f") = {wide}"
    assert lines(statement(f"for {names_} in {wide}: pass"))[0] == "for ("


def test_names_are_filled_with_trees():
    code = fill_in(statement("f(x, *more, k=x)"), {"x": t.Name("y"), "more": (t.Name("a"), t.Name("b"))})
    assert block(code) == ["f(y, a, b, k=y)"]
    assert block(fill_in(statement('f(f"{x} is {x:.4g}")'), {"x": t.Name("y")})) == ['f(f"{y} is {y:.4g}")']
    twice = fill(read("double(x + 1)"), {"double": read("lambda a: a * 2"), "x": t.Name("y")})
    assert flat(twice) == "(y + 1) * 2"
    body = {"BODY": statements("a()\nb()"), "EXACT": False}
    code = fill_in(statement("def f():\n    BODY\n    if EXACT:\n        c()\n    else:\n        d()"), body)
    assert block(code) == ["def f():", "    a()", "    b()", "    d()"]


def test_what_has_no_hole_stays_as_it_stands():
    text = "def f( x ):\n    y = x+z  # as written\n    return (y *\n            HOLE)"
    (code,) = StatementReader(text, {"HOLE"}).read_block(ast.parse(text).body, 0)
    (code,) = fill_in(code, {"HOLE": read("a + b")})
    assert lines(code) == ["def f(x):", "    y = x+z  # as written", "    return y * (a + b)"]
    assert {*names(code)} >= {"x", "y", "z", "a", "b"}


def test_an_assignment_has_its_operator():
    assert lines(assign("a", t.Name("b"), "+")) == ["a += b"]


def test_a_text_that_is_cut_says_the_same():
    text = "words and blanks " * 12
    code = text_lines(text, "x = ", "")
    assert len(code) > 3 and ast.literal_eval("\n".join(code).removeprefix("x = ")) == text


LONG = [t.Name(letter * 30) for letter in "abc"]


def test_assignments_together_are_a_line_each_where_one_is_too_short():
    short = t.Together(tuple(t.Assign((t.Name(x),), t.Name(y)) for x, y in ("ab", "cd")))
    wide = t.Together(tuple(t.Assign((name,), t.Name("x")) for name in LONG))
    assert lines(short) == ["a, c = b, d"]
    assert lines(wide) == [f"{name.name} = x" for name in LONG]


def test_a_number_is_given_to_as_many_names_as_a_line_holds():
    first, second, third = (name.name for name in LONG)
    assert lines(t.Assign(tuple(LONG), t.Number("0.0"))) == [f"{first} = {second} = 0.0", f"{third} = 0.0"]


def test_a_call_that_is_broken_begins_behind_its_names():
    names = t.Tuple(tuple(LONG[:2]))
    short, wide = t.Call(t.Name("f"), (LONG[0],)), t.Call(t.Name("f"), tuple(LONG))
    assert lines(t.Assign((names,), short)) == ["(", f"    {'a' * 30}, {'b' * 30}", f") = f({'a' * 30})"]
    assert lines(t.Assign((names,), wide))[0] == f"{'a' * 30}, {'b' * 30} = f("


def test_a_text_in_pieces_ends_lines_between_them():
    pieces = tuple(t.Format((f"{' + ' * bool(k)}{'x' * 20}", (t.Name("w"), ".4g"))) for k in range(4))
    inside = ["x" * 20 + "{w:.4g}", *[f" + {'x' * 20}{{w:.4g}}"] * 3]
    printed_lines = lines(t.Do(t.Call(t.Name("print"), (t.Pieces(pieces),))))
    assert printed_lines == ["print(", f'    f"{inside[0]}{inside[1]}"', f'    f"{inside[2]}{inside[3]}"', ")"]
    assert lines(t.Do(t.Call(t.Name("print"), (t.Pieces(pieces[:1]),)))) == [f'print(f"{inside[0]}")']
