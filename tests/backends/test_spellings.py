"""Every printer's table of spellings, and what it lacks: an operation without a word is found here, not by a user."""

import pytest

from flowc.backends.c.words import CWords
from flowc.backends.javascript.words import JavaScriptWords
from flowc.backends.loops.meshes import OF_MESHES
from flowc.backends.loops.nest import WRITTEN
from flowc.backends.numpy.fast_spelling import FastNumpySpelling
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.plain.spelling import PlainSpelling
from flowc.backends.torch.mesh import RowWords
from flowc.backends.torch.spelling import TorchSpelling
from flowc.equations import element_form, matrix_form
from flowc.program.ops import OPERATIONS, Elementary
from flowc.program.ops.fused import Affine, Backward, CountOf, Products

MESHES = {"lines", "collect", "mesh", "sums", "take", "put", "deltas", "line_gradients", "pull"}
TABLES = {
    "numpy": (NumpySpelling.table, set()),
    "numpy fast": (FastNumpySpelling.table, set()),
    "torch": (TorchSpelling.table, set()),
    "torch rows": (RowWords.table, set()),
    # A program of numbers has none of them: they are taken apart.
    "plain": (PlainSpelling.table, {"literal", "prod", "assemble", *MESHES}),
    # A step is a formula of one element, or fills an array of its own.
    "c": (CWords.table | dict.fromkeys(WRITTEN), set()),
    "javascript": (JavaScriptWords.table | dict.fromkeys(WRITTEN - OF_MESHES), MESHES),
    # Equations are of programs without meshes.
    "equations": ({**element_form.ELEMENTWISE, **element_form.RULES}, MESHES),
    # The others are written element by element, or by their names.
    "equations of arrays": (
        matrix_form.RULES | dict.fromkeys(op for op in OPERATIONS if issubclass(op, Elementary)),
        {"count", "first_largest", "greatest", "largest", "others", "place", "prod", "reshape", *MESHES},
    ),
}


@pytest.mark.parametrize("printer", TABLES)
def test_a_printer_has_a_word_for_every_operation(printer):
    table, without = TABLES[printer]
    lacking = {op.name for op in OPERATIONS if op not in table}
    assert lacking == without, f"{printer} lacks {', '.join(sorted(lacking ^ without))}"


def test_operations_that_printers_make_have_words_there():
    assert Products in FastNumpySpelling.table and Products not in NumpySpelling.table
    assert {Affine, Backward} <= TorchSpelling.table.keys()
    assert all(CountOf in spelling.table for spelling in (NumpySpelling, TorchSpelling, PlainSpelling))
