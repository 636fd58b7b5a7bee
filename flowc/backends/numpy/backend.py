"""The numpy backend: plain functions on arrays, the gradients written out."""

from __future__ import annotations

from collections.abc import Mapping

from flowc.backends.backend import Options
from flowc.backends.code.build import Group
from flowc.backends.code.tree import Expression, Function, Return
from flowc.backends.numpy.fast_spelling import FastNumpySpelling
from flowc.backends.numpy.functions import print_functions
from flowc.backends.numpy.library import NumpyLibrary
from flowc.backends.numpy.mesh import NumpyMeshSections
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.python import expression as e
from flowc.backends.python.backend import PythonBackend
from flowc.backends.python.ending import ending, forward_call
from flowc.backends.python.helpers import helpers_in_order
from flowc.backends.python.imports import NUMPY, STANDARD
from flowc.backends.python.listing import CodeLine, list_function
from flowc.backends.python.mesh_spelling import name_meshes
from flowc.backends.python.selftest import gradient_test
from flowc.backends.python.shapes import with_checks
from flowc.backends.python.sheet import Sheet, spelling_context
from flowc.backends.python.values_module import ValuesModule
from flowc.backends.python.weights import (
    distribution_of,
    drawn_weights,
    fixed_weights,
    literal_arrays,
    print_initial_weights,
    starts_of_learnt,
)
from flowc.graph.network import Network, Weight
from flowc.program.ir import Program, Symbol
from flowc.program.passes.passes import Printing


class NumpySheet(Sheet):
    importable = (STANDARD, NUMPY)


class NumpyBackend(PythonBackend):
    """numpy source. float64 by default; with float32 every line stays float32."""

    name = "numpy"
    summary = "Readable numpy: forward and backward as plain functions."
    lowerings = ("auto", "dense", "sparse", "scalar", "chunked")
    gradients = ("explicit", "tape")
    dtypes = ("float64", "float32")
    fused = ("exponentials", "products")

    def print_text(self, network: Network, program: Program, chosen: Options) -> str:
        if chosen.gradient == "tape":
            from flowc.backends.numpy.tape_file import check_tape, tape_file

            check_tape(program, chosen)
            if chosen.train:
                from flowc.backends.numpy.tape_train import train_file as train_by_tape

                return train_by_tape(network, program, chosen)
            if program.loss and any(w.learnt for w in network.weights):
                return tape_file(network, program, chosen, self.printing(chosen, program))
        if chosen.train:
            from flowc.backends.numpy.train import train_file

            return train_file(network, program, chosen)
        if program.lowering == "scalar":
            from flowc.backends.plain.file import plain_file

            return plain_file(network, program, chosen, self.printing(chosen, program))
        sheet = NumpySheet(network, program, chosen, self.printing(chosen, program))
        words = FastNumpySpelling if chosen.style == "fast" else NumpySpelling
        spelling = words(chosen.dtype or "float64", meshes=name_meshes(program.steps, sheet.names.fresh))
        return _fill_sheet(sheet, spelling_context(sheet, spelling)).text()

    def list_part(self, network: Network, program: Program, options: Options, part: str) -> tuple[CodeLine, ...]:
        """The lines of a function of the file, `forward` or `gradients`, each with what it computes."""
        chosen = self.complete(options)
        sheet = NumpySheet(network, program, chosen, self.printing(chosen, program))
        code = print_functions(sheet, spelling_context(sheet, NumpySpelling(chosen.dtype or "float64")))[part]
        assert isinstance(code, Function)
        return list_function(code, sheet.names.symbols())

    def gradients_in(self, style: str | None) -> tuple[str, ...]:
        """Only where each node has a line its values are on a tape."""
        return self.gradients if style in (None, "nodes") else self.gradients[:1]

    def emit_values(self, network: Network, program: Program, symbols: Mapping[str, Symbol], options: Options) -> str:
        chosen = self.complete(options)
        if program.lowering == "scalar":
            from flowc.backends.plain.file import plain_values

            return plain_values(network, program, symbols, chosen, self.printing(chosen, program))
        if chosen.gradient == "tape" and any(s.of for s in symbols.values()):
            from flowc.backends.numpy.tape_values import print_values

            return print_values(network, program, symbols, chosen)
        sheet = NumpySheet(network, program, chosen, Printing())
        names = name_meshes(program.steps, sheet.names.fresh)
        spelling = spelling_context(sheet, NumpySpelling(chosen.dtype or "float64", meshes=names))
        literals = literal_arrays(sheet, NumpyLibrary(spelling.dtype))
        return ValuesModule(sheet, spelling, symbols, symbols.values()).print_module(literals, NumpyMeshSections)


def _fill_sheet(sheet: Sheet, spelling: NumpySpelling) -> Sheet:
    bodies = print_functions(sheet, spelling)
    bodies = with_checks(sheet, bodies) if spelling.meshes else bodies
    meshes = NumpyMeshSections(sheet, spelling).of_file() if spelling.meshes else {}
    library, drawn = NumpyLibrary(spelling.dtype), drawn_weights(sheet.network)
    sections: dict[str, Group] = {
        ":scipy": meshes.pop(":csr_matvec", ()),
        **fixed_weights(sheet, library, map(distribution_of, drawn), _shape_draws(sheet, drawn, library)),
        **{name: meshes.pop(name) for name in ("load_numbers", ":mesh tables") if name in meshes},
        **print_initial_weights(sheet, Return(starts_of_learnt(sheet, library))),
        **helpers_in_order(spelling),
        **meshes,
        **{name: [code] for name, code in bodies.items()},
        **ending(sheet, library, forward_call(sheet), gradient_test(sheet, library.test) if sheet.learns else None),
    }
    sheet.sections |= sections
    return sheet


def _shape_draws(sheet: Sheet, drawn: list[Weight], library: NumpyLibrary) -> Expression:
    """The array of drawn numbers. Matrices are kept column by column where speed decides: OpenBLAS multiplies x by W.T faster.

    On two cores of a shared x86-64 machine, one thread, 784-256-128-10 in float32: forward 1.9 times as fast for 8
    tokens, 1.4 for 32, 1.1 for 128; learning 1.2, 1.1 and 1.03 times; for one token and for thousands the same.
    """
    widest = max((len(w.shape) for w in sheet.weights), default=0)
    if sheet.options.style == "fast" and widest == 2 and any(len(w.shape) == 2 for w in drawn):
        return e.call("np.array", "np.reshape(numbers, shape)", *library.kind_if_other, order='"F"')
    return library.shape_draws()
