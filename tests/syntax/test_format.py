"""The formatter: one form, nothing lost, nothing changed by doing it twice."""

from pathlib import Path

import pytest
from shapes import shape

from flowc.source import Source
from flowc.syntax import format_source
from flowc.syntax.comments import owners
from flowc.syntax.parser import parse

GOOD = sorted((Path(__file__).parent / "good").glob("*.flow"))
FORMATTED = Path(__file__).parent / "formatted"


def formatted(text: str) -> str:
    return format_source(Source("t", text))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_files(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    once = formatted(text)
    before, after = parse(Source("t", text)), parse(Source("t", once))
    assert shape(before) == shape(after)
    assert [c.text for c in before.comments] == [c.text for c in after.comments]
    assert formatted(once) == once


@pytest.mark.parametrize("name", ["xor", "autoencoder", "worked"])
def test_the_design_is_written_in_canonical_form(name: str) -> None:
    text = (Path(__file__).parent / "good" / f"{name}.flow").read_text(encoding="utf-8")
    assert formatted(text) == text


UNTIDY = """\
# what it is
# in two lines

# of the input
input  x ;node h : sigmoid # hidden


# of f
f = ((a)   # first term
  + (b*c)^(T))^T  # the result
data { # a table
  x   y  # the head
  # half way
  1 2; 3 -40 # a row
  # at the end
} # after it
data train {
  x =  sin(1, # an argument
 2) # of x
 y[1,2] = x }
loss ([1,2]@f)
x->h:1;y2 → h : −2;  x,y2->h->g:W~normal( 0,1 )   # weights
# tail
"""

TIDY = """\
# what it is
# in two lines

# of the input
input x
node  h : logistic  # hidden

# of f
# first term
f = (a + (b*c)^(T))^T  # the result
data {
  # a table
  x y  # the head
  # half way
  1 2
  3 -40  # a row
  # at the end
}  # after it
data train {
  # an argument
  x       = sin(1, 2)  # of x
  y[1, 2] = x
}
loss ([1, 2] @ f)
x     -> h      : 1
y2    -> h      : -2
x, y2 -> h -> g : W ~ normal(0, 1)  # weights
# tail
"""


def test_untidy_becomes_tidy() -> None:
    def spell(name: str) -> str:
        return {"sigmoid": "logistic"}.get(name, name)

    assert format_source(Source("t", UNTIDY), spell) == TIDY
    assert format_source(Source("t", TIDY), spell) == TIDY


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("flow  x 'a \"b\"'", "flow x 'a \"b\"'"),
        ("index c=cat,'dog','a-b',\"ξ₁\",D=4,r=- 1 .. 2", 'index c = cat, dog, "a-b", "ξ₁", D = 4, r = -1..2'),
        ("node a,b:tanh,c:step(1,k=2),d 'lab',e[2,3]", 'node a, b : tanh, c : step(1, k=2), d "lab", e[2, 3]'),
        ("node a:tanh,b:tanh", "node a : tanh, b : tanh"),
        ("weight a,b=1,c~,d,e", "weight a, b = 1, c ~, d, e"),
        ("x->h", "x -> h"), ("x->h:~", "x -> h : ~"), ("x->h:[[1,2],[3,4]]", "x -> h : [[1, 2], [3, 4]]"),
        ("f=a*(b*c)/-d-(e-f)+(-x)^2", "f = a*(b*c)/-d - (e - f) + (-x)^2"),
        ("f=(a^b)^c^(d+e)", "f = (a^b)^c^(d + e)"), ("f=-(a*b)", "f = -(a*b)"), ("f=(W @ x)^T", "f = (W @ x)^T"),
        ("data  test 'a.csv'", 'data test "a.csv"'), ("train  gd( )", "train gd"), ("train gd(rate=.1)", "train gd(rate=.1)"),
        ("loss  L=mse( f,y )", "loss L = mse(f, y)"), ("data{x|'a b';1|c d}".replace(" d", ""), 'data {\n  x | "a b"\n  1 | c\n}'),
    ],
)  # fmt: skip
def test_statements(text: str, canonical: str) -> None:
    assert formatted(text) == canonical + "\n"
    assert shape(parse(Source("t", text))) == shape(parse(Source("t", canonical)))


def test_blank_lines_are_kept_one_at_most() -> None:
    assert formatted("\n\ninput x\n\n\n\noutput f\nnode h\n\n\n") == "input x\n\noutput f\nnode   h\n"


def test_to_whom_comments_belong() -> None:
    source = Source("t", "# file\n# too\n\n# of x\ninput x # x\nf = (a # in\n + b) # f\na = 1; b = 2 # b\n# end")
    found = owners(source, parse(source))
    assert [c.text for c in found.header] == ["# file", "# too"]
    assert [[c.text for c in o.before] for o in found.statements] == [["# of x"], [], [], []]
    assert [[c.text for c in o.inside] for o in found.statements] == [[], ["# in"], [], []]
    assert [o.trailing and o.trailing.text for o in found.statements] == ["# x", "# f", None, "# b"]
    assert [c.text for c in found.end] == ["# end"]


def test_a_header_may_touch_its_statement() -> None:
    source = Source("t", "# file\ninput x")
    assert [c.text for c in owners(source, parse(source)).header] == ["# file"]


@pytest.mark.parametrize("bar", [" | ", " "])
def test_the_cells_under_a_range_stay(bar: str) -> None:
    text = f"data {{\n  x[1..2] 'long name'{bar}y\n  1 20 5{bar}3\n  400 5 6{bar}a\n}}\n"
    between = bar.rstrip() and f"{bar.rstrip()} " or " "
    expected = (
        "data {\n"
        f'  x[1..2] "long name"{between}y\n'
        f"  1   20  5          {between}3\n"
        f"  400 5   6          {between}a\n"
        "}\n"
    )
    assert formatted(text) == expected == formatted(expected)
