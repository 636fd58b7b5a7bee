"""Text files of data: columns are found by their names, and what is wrong is said with file, row and column."""

from __future__ import annotations

import random

import numpy as np
import pytest

from flowc.data.dataset import BadData
from tests.data.tables import BASE, GOOD, csv


@pytest.mark.parametrize("text", [
    GOOD,
    "y,z,x2,x1\ncat,3,2,1\ndog,6,5,4\n",
    "x[1],x[2],z,y\n1,2,3,cat\n4,5,6,dog",
    "x[1..2],z,y\n1,2,3,cat\n4,5,6,dog",
    "x\u2081,x\u2082,\uff5a,y\n1,2,3,cat\n4,5,6,dog\n",
    "x1,x2,z,class\n1,2,3,cat\n4,5,6,dog\n",
    "x1,x2,z,y[cat],y[dog]\n1,2,3,1,0\n4,5,6,0,1\n",
    "\ufeffx1,x2,z,y\r\n1,2,3,cat\r\n4,5,6,dog\r\n\r\n",
    "x1,x2,z,y\r1,2,3,cat\r4,5,6,dog\r",
    'x1,x2,"z","y"\n"1", 2 ,+3,"cat"\n4e0,.5e1,6.,dog\n\n \n',
    "id,x1,x2,z,y,remark\na,1,2,3,cat,\nb,4,5,6,dog,nan\n",
    ",x1,x2,z,y,\n0,1,2,3,cat,\n1,4,5,6,dog,\n",
    "x1,x2,z,cat,dog\n1,2,3,1,0\n4,5,6,0,1\n",
    "2019,x1,x2,z,y\n7,1,2,3,cat\n8,4,5,6,dog\n",
])  # fmt: skip
def test_columns_are_found_by_name(text: str) -> None:
    found = csv(text)
    assert found.arrays["x"].tolist() == [[1, 2], [4, 5]] and found.arrays["z"].tolist() == [3, 6]
    assert found.arrays["y"].tolist() == [[1, 0], [0, 1]]
    assert (found.tokens, found.name, found.expected) == (2, "a.csv", {})
    assert csv(text.replace(",", "\t"), "a.TSV").arrays["x"].tolist() == [[1, 2], [4, 5]]


def test_a_minus_is_one_in_data_as_in_a_diagram() -> None:
    found = csv("x1,x2,z,y\n1,\u22122e-1,\u2212.5,cat\n4,5,-6,dog\n")
    assert found.arrays["x"].tolist() == [[1, -0.2], [4, 5]] and found.arrays["z"].tolist() == [-0.5, -6]


HEADER = "x1,x2,z,y\n"
SEMICOLONS = "cells are separated by `;` here, and by commas in a file of this name"
WAY_OUT = "\na row needs all of its values: take row 2 out of the file, or write its value"
BAD = {
    # the file
    "": "a.csv: the file is empty; its first row names the columns",
    "\n\n": "a.csv: the file is empty; its first row names the columns",
    "\ufeff": "a.csv: the file is empty; its first row names the columns",
    HEADER: "a.csv: there are no rows below the header",
    "x1,x2,z,y\n\n  \n": "a.csv: there are no rows below the header",
    "1,2,3\n4,5,6\n": "a.csv, row 1: the first row holds numbers; it must name the columns",
    "\n1,2,3,cat\n4,5,6,dog\n": "a.csv, row 2: the first row holds numbers; it must name the columns",
    "x1;x2;z;y\n1;2;3;cat\n": f"a.csv: {SEMICOLONS}; write commas between its cells",
    '\n"x1";"x2";"z, or so";"y"\n1;2;3;cat\n': f"a.csv: {SEMICOLONS}; write commas between its cells",
    'x1;x2;z;y\n1;2;"3,5";cat\n':
        f"a.csv: {SEMICOLONS}; write points in its numbers, then commas between its cells",
    "x1\tx2\n1\t2\n":
        "a.csv: cells are separated by tabulators here, and by commas in a file of this name; name it `a.tsv`",
    "x1 x2 z y\n1 2 3 cat\n": "a.csv: cells are separated by blanks here; write commas between them",
    "# by me; in 2024\n# twice\n" + GOOD:
        "a.csv, row 1: `# by me; in 2024` names no column; take lines that begin with `#` out of the file",
    "# a,b,c,d\n" + GOOD: "a.csv, row 1: `# a` names no column; take lines that begin with `#` out of the file",
    HEADER + "1,2,3,ca\0t\n": "a.csv, row 2: a null character may not stand in a file",
    b"x1,x2,z,y\n1,2,3,c\xe4t\n": "a.csv, row 2: the byte 0xE4 is not UTF-8; save the file as UTF-8",
    **{
        (HEADER + "1,2,3,cat\n").encode(wide): f"a.csv: the file is {wide[:6].upper()}, not UTF-8; save it as UTF-8"
        for wide in ("utf-16", "utf-16-be", "utf-32", "utf-32-le")
    },
    HEADER + '"1,2,3,cat\n': 'a.csv, row 2: a `"` is never closed',
    HEADER + '"1"5,2,3,cat\n': 'a.csv, row 2: after the closing `"` of a cell something else follows',
    f"{HEADER}{'9' * 140_000},2,3,cat\n": "a.csv, row 2: a cell is longer than 131072 characters",
    # its rows
    HEADER + "1,2,3\n": "a.csv, row 2: the row has 3 cells, there are 4 columns",
    HEADER + "1,2,3,cat\n\n1,2,3,cat,5\n": "a.csv, row 4: the row has 5 cells, there are 4 columns",
    HEADER + "1\n": "a.csv, row 2: the row has 1 cell, there are 4 columns",
    "x[1..2],z,y\n1,3,cat\n": "a.csv, row 2: the row has 3 cells, there are 4 columns",
    "z\n1\n1,2\n": "a.csv, row 3: the row has 2 cells, there is 1 column",
    "x1,x2,z,y,\n1,2,3,cat\n4,5,6,dog\n":
        "a.csv, row 1: the header names 5 columns, and every row below it has 4 cells; "
        "take the comma at the header's end away",
    HEADER + "1,2,3,cat,\n4,5,6,dog,\n":
        "a.csv, row 1: the header names 4 columns, and every row below it has 5 cells; "
        "take the comma at every row's end away",
    HEADER + "a,1,2,3,cat\nb,4,5,6,dog\n":
        "a.csv, row 1: the header names 4 columns, and every row below it has 5 cells; the first column may lack its name",
    HEADER + "1,2\n" * 100: "a.csv, row 1: the header names 4 columns, and every row below it has 2 cells",
    # its columns
    "x1,x2,z\n1,2,3\n":
        "a.csv: the target `y[cat]` has no column; name one column `y` for its class, or one for each element",
    "x1,x2,y\n1,2,cat\n": "a.csv: the input `z` has no column",
    "x1,x_2,z,y\n1,2,3,cat\n": "a.csv: the input `x[2]` has no column; is it the column `x_2`?",
    "X1,X2,z,y\n1,2,3,cat\n": "a.csv: the input `x[1]` has no column; is it the column `X1`?",
    "x[2..3],z,y\n1,2,cat\n":
        "a.csv: the input `x[1]` has no column; the column `x[2..3]` is none of its elements: it runs over 1..2",
    "x[2..1],z,y\n1,2,cat\n":
        "a.csv: the input `x[1]` has no column; the column `x[2..1]` is none of its elements: it runs over 1..2",
    "x\u00b9,x2,z,y\n1,2,3,cat\n": "a.csv: the input `x[1]` has no column; is it the column `x\u00b9`?",
    "a,b,c,y\n1,2,3,cat\n":
        "a.csv: the input `x[1]` has no column; columns that belong to no node: `a`, `b`, `c`\n"
        "a.csv: the input `z` has no column; columns that belong to no node: `a`, `b`, `c`",
    "x1,x1,x2,z,y\n1,1,2,3,cat\n": "a.csv, row 1: there are two columns `x1`",
    "x1,x2,z,y,id,id\n1,2,3,cat,1,1\n": "a.csv, row 1: there are two columns `id`",
    "x1,x[1],x2,z,y\n1,1,2,3,cat\n": "a.csv: the columns `x1` and `x[1]` are both `x[1]`",
    "x1,x\u2081,x2,z,y\n1,1,2,3,cat\n": "a.csv: the columns `x1` and `x\u2081` are both `x[1]`",
    "x[1..2],x2,z,y\n1,1,2,3,cat\n": "a.csv: the columns `x[2]` and `x2` are both `x[2]`",
    "x1,x2,z,y,class\n1,2,3,cat,dog\n": "a.csv: the columns `y` and `class` are both `y`",
    "x1,x2,z,y,cat,dog\n1,2,3,cat,1,0\n": "a.csv: `y` is given by its class and by its elements",
    "x1,x2,z,cat\n1,2,3,1\n": "a.csv: the target `y[dog]` has no column",
    "x1,x2,z,y,p[cat]\n1,2,3,cat,1\n": "a.csv: `p[dog]` has no column, but other elements of `p` have",
    "x1,x2,z,\x1b[2J\n1,2,3,cat\n":
        "a.csv: the target `y[cat]` has no column; name one column `y` for its class, or one for each element",
    # its numbers
    HEADER + "1,2,3,cat\nsix,5,6,dog\n": "a.csv, row 3, column `x1`: `six` is not a number",
    HEADER + '1,2,"3,5",cat\n':
        "a.csv, row 2, column `z`: `3,5` is not a number; write a point in place of the comma",
    HEADER + "1,2,,cat\n": "a.csv, row 2, column `z`: the cell is empty" + WAY_OUT,
    HEADER + "1,2,nan,cat\n": "a.csv, row 2, column `z`: `nan` is no number that a diagram can compute with" + WAY_OUT,
    HEADER + "1,2,-Infinity,cat\n":
        "a.csv, row 2, column `z`: `-Infinity` is no number that a diagram can compute with",
    HEADER + "1,2,1e999,cat\n": "a.csv, row 2, column `z`: `1e999` is no number that a diagram can compute with",
    HEADER + "1,2,0x10,cat\n": "a.csv, row 2, column `z`: `0x10` is not a number",
    HEADER + "1,2,1_000,cat\n": "a.csv, row 2, column `z`: `1_000` is not a number",
    HEADER + "1,2,3 4,cat\n": "a.csv, row 2, column `z`: `3 4` is not a number",
    HEADER + "1,2,\uff13,cat\n": "a.csv, row 2, column `z`: `\uff13` is not a number",
    HEADER + "1,2,1/3,cat\n": "a.csv, row 2, column `z`: `1/3` is not a number",
    HEADER + "1,2,5%,cat\n": "a.csv, row 2, column `z`: `5%` is not a number",
    HEADER + "1,2,NA,cat\n": "a.csv, row 2, column `z`: `NA` is not a number" + WAY_OUT,
    HEADER + "1,?,N/A,cat\n1,2,3,dog\n,5,6,\n":
        "a.csv, row 4, column `x1`: the cell is empty\n"
        "a.csv, row 2, column `x2`: `?` is not a number\n"
        "a.csv, row 2, column `z`: `N/A` is not a number\n"
        "a.csv, row 4, column `y`: the cell is empty; `y` needs a class: it runs over cat, dog\n"
        "a row needs all of its values: take the 2 rows 2, 4 out of the file, or write their values",
    HEADER + '1,2,"3\n4",cat\n': "a.csv, row 2, column `z`: `3\u240a4` is not a number",
    HEADER + f"1,2,{'q' * 100},cat\n": f"a.csv, row 2, column `z`: `{'q' * 40}…` is not a number",
    # its classes
    HEADER + "1,2,3,\n": "a.csv, row 2, column `y`: the cell is empty; `y` needs a class: it runs over cat, dog" + WAY_OUT,
    HEADER + "1,2,3,cta\n":
        "a.csv, row 2, column `y`: `cta` is no class of `y`: it runs over cat, dog; did you mean `cat`?",
    HEADER + "1,2,3,Dog\n":
        "a.csv, row 2, column `y`: `Dog` is no class of `y`: it runs over cat, dog; did you mean `dog`?",
    HEADER + "1,2,3,0\n": "a.csv, row 2, column `y`: `0` is no class of `y`: it runs over cat, dog",
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BAD.items(), ids=range(len(BAD)))
def test_what_is_wrong_is_said_with_its_place(text: str | bytes, message: str) -> None:
    with pytest.raises(BadData) as raised:
        csv(text)
    assert str(raised.value) == message


def test_tsv_files() -> None:
    with pytest.raises(BadData) as raised:
        csv(GOOD, "a.tsv")
    said = "a.tsv: cells are separated by commas here, and by tabulators in a file of this name; name it `a.csv`"
    assert str(raised.value) == said


def test_a_comma_in_brackets_is_part_of_a_name() -> None:
    """Where tabulators stand between cells, and there is one column."""
    flow = "input x[1, 1]\noutput f[1, 1]\nf = x\n"
    assert csv("x[1, 1]\n0.5\n1.25\n", "a.tab", targets=False, flow=flow).arrays["x"].tolist() == [[[0.5]], [[1.25]]]


def test_ten_problems_are_told_and_the_others_counted() -> None:
    rows = "".join(f"{'a' if k % 2 else 1},2,{'b' if k % 3 else 3},cat\n" for k in range(30))
    with pytest.raises(BadData) as raised:
        csv(HEADER + rows)
    problems = raised.value.problems
    assert len(problems) == 11 and problems[-1] == "… and 25 more"
    assert problems[0] == "a.csv, row 3, column `x1`: `a` is not a number"
    with pytest.raises(BadData, match="… and 91 more"):
        csv(HEADER + "1,2\n" * 100 + "1\n")


def test_a_column_of_something_else_is_one_problem() -> None:
    with pytest.raises(BadData) as raised:
        csv(HEADER + "m,2,,Cat\n" * 5)
    assert raised.value.problems == (
        "a.csv, row 2, column `x1`: `m` is not a number (and none of the 4 cells below it can be used)",
        "a.csv, row 2, column `z`: the cell is empty (and none of the 4 cells below it can be used)",
        "a.csv, row 2, column `y`: `Cat` is no class of `y`: it runs over cat, dog; did you mean `cat`?"
        + " (and none of the 4 cells below it can be used)",
    )


def test_rows_are_the_lines_of_an_editor() -> None:
    text = 'x1,x2,z,y,remark\n1,2,3,cat,"two\nlines"\n\n1,2,?,cat,\n'
    for ends in ("\n", "\r\n", "\r"):
        with pytest.raises(BadData, match="row 5, column `z`"):
            csv(text.replace("\n", ends))


def test_the_columns_of_a_grid() -> None:
    flow = "input x[2, 2]\noutput f\nx -> f : ~\n"
    for head in ('"x[1,1]","x[1,2]","x[2,1]","x[2, 2]"', '"x[1..2,1..2]"', '"x[1,1..2]","x[2,1..2]"'):
        assert csv(f"{head}\n1,2,3,4\n", flow=flow).arrays["x"].tolist() == [[[1, 2], [3, 4]]]
    with pytest.raises(BadData) as raised:
        csv("x[1,1],x[1,2]\n1,2,3,4\n", flow=flow)
    assert str(raised.value) == "a.csv, row 1: `x[1` is half a name; one with a comma stands in quotes"


def test_ranges_of_names() -> None:
    flow = "index k = a, b, c\ninput x[k]\noutput f\nx -> f : ~\n"
    assert csv("x[b..c],a\n2,3,1\n", flow=flow).arrays["x"].tolist() == [[1, 2, 3]]


def test_elements_with_commas_quotes_and_blanks() -> None:
    flow = """index k = "a,b", "it's", 'say "x"', " c", "c"\ninput x[k]\noutput f\nx -> f : ~\n"""
    heads = """x["a,b"] x[a,b]|x[it's] x["it's"]|x[say "x"] x['say "x"']|x[ c] x[" c"]|x[c] x["c"] x['c']"""
    for choice in range(3):
        chosen = [words[min(choice, len(words) - 1)] for words in (part.replace("] x", "]\0x").split("\0") for part in heads.split("|"))]
        row = ",".join('"' + head.replace('"', '""') + '"' for head in chosen)
        assert csv(f"{row}\n1,2,3,4,5\n", flow=flow).arrays["x"].tolist() == [[1, 2, 3, 4, 5]]


def test_elements_with_commas_of_a_grid() -> None:
    flow = 'index k = "a,b", c\nindex l = d, "e,f,g"\ninput x[k, l]\noutput f\nx -> f : ~\n'
    row = '"x[a,b,d]","x[""a,b"",""e,f,g""]","x[c,d]","x[ c, e,f,g ]"'
    assert csv(f"{row}\n1,2,3,4\n", flow=flow).arrays["x"].tolist() == [[[1, 2], [3, 4]]]
    two = 'index k = a, "a,b"\nindex l = c, "b,c"\ninput x[k, l]\noutput f\nx -> f : ~\n'
    with pytest.raises(BadData, match=r"`x\[a,b,c\]`"):  # two of them
        csv('"x[a,c]","x[a,b,c]","x[a,b,b,c]",z\n1,2,3,4\n', flow=two)


def test_numbers_as_classes() -> None:
    flow = "input x\ntarget y[0..2]\noutput p[0..2] : softmax\nx -> p : ~\nloss cross_entropy(p, y)\n"
    assert csv("x,y\n1,2\n1,0.0\n1,1e0\n", flow=flow).arrays["y"].tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    for cell in ("0.5", "3", "-1", "nan", "1_0", "two"):
        with pytest.raises(BadData, match=f"`{cell}` is no class of `y`: it runs over 0..2"):
            csv(f"x,y\n1,{cell}\n", flow=flow)
    with pytest.raises(BadData, match=r"do the classes start at 0\? declare `target y\[0..2\]`"):
        csv("x,y\n1,0\n", flow=flow.replace("0..2", "3"))


def test_numbers_in_a_column_of_classes_have_a_way_out() -> None:
    flow = "input x[1]\ntarget y[3]\noutput f[3]\nx -> f : ~\nloss mse(f, y)\n"
    with pytest.raises(BadData) as raised:
        csv("x,y\n4,7\n", flow=flow)
    assert str(raised.value) == (
        "a.csv, row 2, column `x`: `4` is no class of `x`: it runs over 1..1; "
        "for a number name the column `x[1]`, or declare `input x`\n"
        "a.csv, row 2, column `y`: `7` is no class of `y`: it runs over 1..3; "
        "numbers for each element are columns of their own: `y[1]`, …, `y[3]`"
    )


def test_names_of_classes_in_any_spelling() -> None:
    flow = BASE.replace("cat, dog", '"guinea pig", \u00e9t\u00e9, "m\u00b2"').replace("z", "w")
    text = "x1,x2,w,y\n1,2,3,guinea pig\n1,2,3,e\u0301te\u0301\n1,2,3,m\u00b2\n"
    assert csv(text, flow=flow).arrays["y"].tolist() == np.eye(3).tolist()
    with pytest.raises(BadData, match="`m2` is no class"):
        csv(text.replace("m\u00b2", "m2"), flow=flow)


def test_a_column_may_be_of_two_vectors() -> None:
    flow = "index k = a, b\ninput x[k], z[k]\noutput f\nx, z -> f : ~\n"
    assert csv("x[a],xb,z[a],z[b]\n1,2,3,4\n".replace("xb", "x[b]"), flow=flow).arrays["z"].tolist() == [[3, 4]]
    with pytest.raises(BadData) as raised:
        csv("a,b,z[a],z[b]\n1,2,3,4\n", flow=flow)
    assert raised.value.problems[0] == "a.csv: the column `a` may be `x[a]` or `z[a]`; name it so"


def test_many_classes_and_many_columns_are_no_burden() -> None:
    flow = "input x\ntarget y[50000]\noutput f\nf = x\n"
    assert csv("x,y\n1,2\n1,50000\n", flow=flow).arrays["y"].argmax(axis=1).tolist() == [1, 49999]
    with pytest.raises(BadData, match="`y` becomes too many numbers, 3000 tokens of 50000 classes"):
        csv("x,y\n" + "1,2\n" * 3000, flow=flow)
    names = [f"a{k}" for k in range(2000)]
    wide = f"input {', '.join(names)}\noutput f\nf = {' + '.join(names)}\n"
    assert csv(f"{','.join(names)}\n{','.join('1' * 2000)}\n", flow=wide).arrays["a1999"].tolist() == [1]
    with pytest.raises(BadData, match="… and 1990 more"):
        csv(f"{','.join(f'b{k}' for k in range(2000))}\n{','.join('1' * 2000)}\n", flow=wide)


def test_numbers_are_read_as_they_are_written() -> None:
    numbers = np.random.default_rng(0).normal(size=(20_000, 3))
    text = HEADER + "".join(f"{a!r},{b!r},{c!r},dog\n" for a, b, c in numbers.tolist())
    assert np.array_equal(csv(text).arrays["x"], numbers[:, :2])


def test_damaged_files_are_read_or_refused() -> None:
    draw = random.Random(0)
    letters = [b"\n", b'"', b",", b"\r", b"\xff", b"\0", b"nan", b"[", b"..", "ξ₁".encode(), b""]
    for _ in range(3000):
        data = bytearray(GOOD.encode())
        for _ in range(draw.choice((1, 2, 5))):
            place = draw.randrange(len(data) + 1)
            data[place : place + draw.randrange(3)] = draw.choice(letters)
        try:
            found = csv(bytes(data))
        except BadData:
            continue
        assert all(np.isfinite(array).all() and len(array) == found.tokens for array in found.arrays.values())
