"""Templates are definitions of a file of Python, with trees in the place of names."""

import pytest

from flowc.backends.code import tree as t
from flowc.backends.code.python_statements import lines
from flowc.backends.code.quote import read
from flowc.backends.code.template import Templates

FILE = '''\
EXACT = True


@cache
def f(x):
    """What it does."""
    # as written
    return array(x)


class A:
    """What it is."""

    def g(self):
        y = 1
        if EXACT:
            y = 2  # as exact as it can be
        return y

    def h(self):
        return 3
'''


@pytest.fixture
def templates(tmp_path):
    path = tmp_path / "templates.py"
    path.write_text(FILE, encoding="utf-8")
    return Templates(str(path))


def test_a_definition_is_printed_as_it_stands(templates):
    assert "\n".join(lines(templates.definition("f"))) in FILE
    assert "\n".join(lines(templates.definition("A"))) + "\n" in FILE


def test_names_stand_for_trees(templates):
    assert lines(templates.definition("f", array=read("np.array")))[-1] == "    return np.array(x)"


def test_a_class_has_the_methods_that_are_chosen(templates):
    one = lines(templates.chosen("A", ["g"], EXACT=False))
    assert one[3:] == ["    def g(self):", "        y = 1", "        return y"]
    both = lines(templates.chosen("A", ["g", "h"], EXACT=True))
    assert both[3:] == [
        "    def g(self):", "        y = 1", "        y = 2  # as exact as it can be", "        return y", "",
        "    def h(self):", "        return 3",
    ]  # fmt: skip
    assert t.Name("EXACT") not in both
