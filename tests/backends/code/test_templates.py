"""Templates are definitions of a file of Python, with trees in the place of names."""

from importlib import import_module
from pathlib import Path
from textwrap import dedent

import pytest

from flowc.backends.code import tree as t
from flowc.backends.code.python_statements import lines
from flowc.backends.code.quote import read
from flowc.backends.code.template import FOLDER, Templates

FILE = '''\
EXACT = True


@cache
def f(x):
    """What it does."""
    # as written
    return array(x)


class A(B):
    """What it is."""

    def g(self):
        y = 1
        if EXACT:
            y = 2  # as exact as it can be
        return y

    def h(self):
        return 3
'''
TEMPLATES = Templates("a file")
TEMPLATES.text = FILE


FILES = sorted(path.relative_to(FOLDER).as_posix() for path in Path(FOLDER).glob("*/templates/[a-z]*.py"))


@pytest.mark.parametrize("path", FILES)
def test_every_template_is_imported_and_printed_as_it_stands(path):
    import_module(f"flowc.backends.{path.removesuffix('.py').replace('/', '.')}")
    file = Templates(path)
    for name in file.nodes:
        assert dedent("\n".join(lines(file.definition(name)))) in dedent(file.text) or "." in name


def test_a_template_computes_what_its_printed_form_does():
    from flowc.backends.plain.templates.helpers import first_largest, nested, power, quotient
    from flowc.backends.python.templates.helpers import uniform

    assert quotient(-1.0, 0.0) == power(-2.0, 1025.0) == float("-inf")
    assert nested([1, 2, 3, 4], (2, 2)) == [[1, 2], [3, 4]] and first_largest(1, 3, 3) == 1
    assert uniform(0, "w", 2, 3, (2, 2)).shape == (2, 2)


def test_a_definition_is_printed_as_it_stands():
    assert "\n".join(lines(TEMPLATES.definition("f"))) in FILE
    assert "\n".join(lines(TEMPLATES.definition("A"))) + "\n" in FILE


def test_names_stand_for_trees():
    assert lines(TEMPLATES.definition("f", array=read("np.array")))[-1] == "    return np.array(x)"


def test_a_class_has_the_methods_that_are_chosen():
    one = lines(TEMPLATES.chosen("A", ["g"], EXACT=False))
    assert one[0] == "class A(B):"
    assert one[3:] == ["    def g(self):", "        y = 1", "        return y"]
    both = lines(TEMPLATES.chosen("A", ["g", "h"], EXACT=True))
    assert both[3:] == [
        "    def g(self):", "        y = 1", "        y = 2  # as exact as it can be", "        return y", "",
        "    def h(self):", "        return 3",
    ]  # fmt: skip
    assert t.Name("EXACT") not in both


def test_a_function_may_have_another_name():
    assert lines(TEMPLATES.variant("f", "g"))[1] == "def g(x):"
    assert lines(TEMPLATES.definition("f"))[1] == "def f(x):"
