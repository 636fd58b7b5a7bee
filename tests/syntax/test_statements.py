"""What each statement becomes, every keyword as a name in every place, and the corners of the language rules."""

from pathlib import Path

import pytest
from shapes import expression, parsed, shape, statement

from flowc.diagnostics.error import FlowError
from flowc.source import Source, Span
from flowc.syntax import decode, unparse
from flowc.syntax import tree as t
from flowc.syntax.keywords import KEYWORDS
from flowc.syntax.parser import parse, parse_with_warnings

GOOD = sorted((Path(__file__).parent / "good").glob("*.flow"))

# Every place where a name may stand; `N` is the name.
PLACES = (
    "flow N", "flow N 'title'", "index N = 4", "index a = N, b", "index a = 4, N = 3",
    "input N", "target N", "node N", "output N", "node a, N[2] : tanh", "node a[N]", "node a : N", "node a : N(0.1)",
    "weight N", "weight N = 1", "weight a ~ N(0, 1)", "weight a[N] ~", "weight a = N",
    "N -> a : 1", "N -> a : ~", "N, a -> b : 1", "a, N -> b : 1", "a -> N : 1", "a -> N -> b : ~", "a -> b, N : w",
    "N[1] -> a[N] : 1", "a -> b : N", "a -> b : N ~ 0.5", "a -> b : N[i]", "a -> b : N^T",
    "N = a", "N = N(N)", "N[1] = 2", "f = N", "f = a*N[N]", "f = N(a, N=b)", "f = 2^N",
    "loss N", "loss N = a", "loss N(a, N)", "loss a - N",
    "data { N; 1 }", "data { a; N }", "data { a | N; 1 | 2 }", "data { N = 2 }", "data { N[1] N[2]; 1 2 }",
    "train N", "train N(N=1)",
)  # fmt: skip


@pytest.mark.parametrize("keyword", KEYWORDS)
@pytest.mark.parametrize("place", PLACES)
def test_a_keyword_is_a_name(place: str, keyword: str) -> None:
    text = place.replace("N", keyword)
    if keyword == "loss" and text in ("loss loss = a",):
        assert statement(text) == t.Loss("loss", t.Ref("a", None, Span(12, 13)), Span(0, 13), Span(5, 9))
    ordinary = shape(parse(Source("t", place.replace("N", "zz"))))
    assert repr(shape(parse(Source("t", text)))) == repr(ordinary).replace("zz", keyword)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_files(path: Path) -> None:
    tree, warnings = parse_with_warnings(decode(path.read_bytes(), path.name))
    assert tree.statements and not warnings


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("-x^2", "-(x^2)"), ("2^-1", "2^(-1)"), ("a^b^c", "a^(b^c)"), ("-a*b", "(-a)*b"), ("a*-b", "a*(-b)"),
        ("a - b - c", "(a - b) - c"), ("a/b*c", "(a/b)*c"), ("a @ b*c", "(a @ b)*c"), ("a + b*c", "a + (b*c)"),
        ("W^T @ x", "(W^T) @ x"), ("-W^T", "-(W^T)"), ("2^-x^2", "2^(-(x^2))"), ("+x", "x"), ("a − b", "a - b"),
        ("a - -b", "a - (-b)"), ("(a)", "a"), ("f(a,)", "f(a)"), ("[a, b,]", "[a, b]"),
    ],
)  # fmt: skip
def test_precedence(text: str, same: str) -> None:
    assert shape(expression(text)) == shape(expression(same))


def test_transpose_is_one_token() -> None:
    assert isinstance(expression("W^T"), t.Transpose)
    assert isinstance(expression("W^T2"), t.Binary)
    assert isinstance(expression("W^(T)"), t.Binary)


def test_numbers() -> None:
    assert [expression(text).value for text in ("2", "2.", ".5", "1e3", "999999999999999")] == [
        2,
        2.0,
        0.5,
        1e3,
        10**15 - 1,
    ]  # type: ignore[union-attr]
    assert isinstance(expression("2").value, int) and isinstance(expression("2.").value, float)  # type: ignore[union-attr]


def test_ranges() -> None:
    index = statement("index D = 4, digit = 0..9, r = -1..2, c = cat, 'Iris-setosa'")
    assert shape(index)[1] == (
        ("IndexRange", "D", 1, 4, None, True), ("IndexRange", "digit", 0, 9, None, False),
        ("IndexRange", "r", -1, 2, None, False), ("IndexRange", "c", 1, 2, ("cat", "Iris-setosa"), False),
    )  # fmt: skip
    assert unparse(expression("h[1..2, i, 'x y', -1]")) == 'h[1..2, i, "x y", -1]'


def test_what_follows_bare_names_belongs_to_all() -> None:
    node = statement("node a, b : tanh, c : step, d")
    assert [item.activation and item.activation.name for item in node.items] == ["tanh", "tanh", "step", None]  # type: ignore[union-attr]
    weight = statement("weight a, b = 1, c ~, d")
    assert [(w.start.kind, w.start.value is None) for w in weight.items] == [  # type: ignore[union-attr]
        ("fixed", False), ("fixed", False), ("learnt", True), ("learnt", True),
    ]  # fmt: skip


def test_arrows() -> None:
    chain = statement("a, 1 -> b -> c[1] : W ~ normal(0, 1)")
    assert isinstance(chain, t.Arrows) and chain.carried and chain.carried.start
    assert [len(ends) for ends in chain.ends] == [2, 1, 1]
    assert (chain.carried.name and chain.carried.name.name, chain.carried.start.kind) == ("W", "learnt")
    assert statement("a -> b").carried is None  # type: ignore[union-attr]


def test_runs_of_plain_arrows() -> None:
    text = "x -> h : 1\n\ty→h:−2.5e1  \r\n1 -> h : .5 # its own\nx -> g : 0.5; y -> g : 1\nx -> f : w\n"
    runs = parsed(text)
    assert [type(run).__name__ for run in runs] == ["PlainArrows", "Arrows", "PlainArrows", "PlainArrows", "Arrows"]
    assert isinstance(runs[0], t.PlainArrows)
    assert [arrow[:3] for arrow in runs[0].arrows] == [("x", "h", 1.0), ("y", "h", -25.0)]
    assert [text[start:end] for *_, start, end in runs[0].arrows] == ["x -> h : 1", "y→h:−2.5e1"]


@pytest.mark.parametrize("count", [499, 500, 501, 1001])
def test_a_long_run_loses_no_line(count: int) -> None:
    lines = [f"a{i} -> b{i} : {i}" for i in range(count)]
    arrows = [arrow for run in parsed("\n".join(lines)) for arrow in run.arrows]  # type: ignore[union-attr]
    assert [arrow[:3] for arrow in arrows] == [(f"a{i}", f"b{i}", float(i)) for i in range(count)]


def test_spans_are_the_text_of_their_items() -> None:
    text = "input x ; f = (a + b)*step(c[1], k=2)^T  # so\nnode h[2] 'lab' : tanh"
    declaration, equation, node = parsed(text)
    spans = [declaration.span, equation.span, equation.right.left.span, equation.right.right.operand.span, node.span]  # type: ignore[union-attr]
    assert [text[s.start : s.end] for s in spans] == [
        "input x", "f = (a + b)*step(c[1], k=2)^T", "(a + b)", "step(c[1], k=2)", "node h[2] 'lab' : tanh",
    ]  # fmt: skip


def test_newlines_and_semicolons() -> None:
    assert len(parsed("\n\n;; input x ;\n;\n f = (a\n + b\n)\n\n output f")) == 3


def test_a_table() -> None:
    table = statement("data train {\n x[1] x[2] 'a b' | f\n\n 1 −2 word | 'a text'; +3 .5 w2 | 1e3\n}")
    assert isinstance(table, t.DataTable)
    assert [column.text for column in table.columns] == ["x[1]", "x[2]", "a b", "f"]
    assert (table.bar, table.part) == (3, "train")
    assert [[cell.value for cell in row] for row in table.rows] == [[1, -2, "word", "a text"], [3, 0.5, "w2", 1000.0]]


def test_the_loss_may_be_called_anything() -> None:
    assert isinstance(statement("loss[2] -> h : 1"), t.Arrows)
    assert isinstance(statement("loss = 3"), t.Equation)
    assert statement("loss mse(f, y)").name is None  # type: ignore[union-attr]
    assert statement("loss L = mse(f, y)").name == "L"  # type: ignore[union-attr]


def test_comments() -> None:
    tree = parse(Source("t", "# one\ninput x  # two \r\n f = (a # three\n + b)"))
    assert [(c.text, c.own_line) for c in tree.comments] == [("# one", True), ("# two", False), ("# three", False)]


def test_texts_are_raw() -> None:
    assert statement(r"""input x "$\xi_1$ isn't # a comment" """).items[0].label == r"$\xi_1$ isn't # a comment"  # type: ignore[union-attr]


def test_bytes() -> None:
    assert decode(b"\xef\xbb\xbfinput x\r\n", "t").text == "input x\n"
    assert decode("input\tξ\n".encode(), "t").text == "input\tξ\n"
    with pytest.raises(FlowError):
        decode(b"input x\r", "t")


def test_spaces_of_other_kinds() -> None:
    assert len(parsed("input\u00a0x\u2009,\u3000y")) == 1


def test_long_lists_of_bare_names_are_as_short_ones():
    names = [f"n{i}" for i in range(1200)]
    names[40], names[700] = "ξ₁", "x2[3]"
    (statement,) = parse(Source("t", f"node {' , '.join(names)} \"last\" : tanh, b")).statements
    assert [item.name for item in statement.items] == [*names[:40], "ξ1", *names[41:700], "x2", *names[701:], "b"]
    assert [item.activation.name for item in statement.items[:-1]] == ["tanh"] * 1200
    assert statement.items[700].size and statement.items[1199].label == "last" and not statement.items[-1].activation
    for item, name in zip(statement.items[700:], names[700:], strict=False):
        assert f"node {' , '.join(names)}"[item.span.start : item.span.end] == name.partition("[")[0]
