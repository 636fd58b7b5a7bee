"""The numpy backend: plain functions on arrays, the gradients written out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowc.backends.backend import PROTOCOL, Backend, Options, Printed
from flowc.backends.code.python import laid_out
from flowc.backends.numpy.fast_spelling import LOGISTIC, SIGN, FastNumpySpelling
from flowc.backends.numpy.functions import functions
from flowc.backends.numpy.library import NumpyLibrary
from flowc.backends.numpy.mesh import mesh_sections
from flowc.backends.numpy.mesh_text import IMPORT
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.numpy.values import values_module
from flowc.backends.python import expression as e
from flowc.backends.python.beside import IMPORTS, numbers_beside
from flowc.backends.python.ending import ending, forward_call
from flowc.backends.python.helpers import in_order
from flowc.backends.python.mesh import is_beside, tables
from flowc.backends.python.mesh_spelling import named
from flowc.backends.python.options import printing_of
from flowc.backends.python.packs import with_records
from flowc.backends.python.selftest import gradient_test
from flowc.backends.python.shapes import checked
from flowc.backends.python.sheet import (
    Sheet,
    definition,
    imports,
    spelling_context,
)
from flowc.backends.python.terminal import has_letters
from flowc.backends.python.text import quoted
from flowc.backends.python.weights import distribution, drawn_by, standard_imports, start, streams, summary
from flowc.graph.network import Network, Weight
from flowc.program.ir import Program, Symbol
from flowc.program.mesh.mesh import Pack
from flowc.program.passes.passes import Printing

PLACED = '''\
def placed(x, shape, index):
    """Zeros of this shape, with x at this index."""
    zeros = np.zeros(shape{dtype})
    zeros[index] = x
    return zeros'''

OTHERS = '''\
def others(x):
    """For every element the product of all the others."""
    ones = np.ones_like(x[..., :1])
    before = np.concatenate([ones, x[..., :-1]], axis=-1).cumprod(axis=-1)
    after = np.concatenate([ones, x[..., :0:-1]], axis=-1).cumprod(axis=-1)
    return before * after[..., ::-1]'''


class NumpyBackend(Backend):
    """numpy source. float64 by default; with float32 every line stays float32."""

    protocol = PROTOCOL
    name = "numpy"
    summary = "Readable numpy: forward and backward as plain functions."
    language = "python"
    styles = ("nodes", "layers", "fast")
    lowerings = ("auto", "dense", "sparse", "scalar", "chunked")
    gradients = ("explicit",)
    dtypes = ("float64", "float32")
    fused = ("exponentials", "products")
    trains = runs = True

    def emit(self, network: Network, program: Program, options: Options) -> Printed:
        chosen = self.complete(options)
        return Printed(self._text(with_records(network, program), program, chosen), numbers_beside(program, chosen))

    def _text(self, network: Network, program: Program, chosen: Options) -> str:
        """Raises Refused."""
        if chosen.train:
            from flowc.backends.numpy.train import train_file

            return train_file(network, program, chosen)
        if program.lowering == "scalar":
            from flowc.backends.plain.scalar import scalar_file

            return scalar_file(network, program, chosen, self.printing(chosen, program))
        sheet = Sheet(network, program, chosen, self.printing(chosen, program))
        words = FastNumpySpelling if chosen.style == "fast" else NumpySpelling
        spelling = words(chosen.dtype or "float64", meshes=named(program.steps, sheet.names.fresh))
        return _file(sheet, spelling_context(sheet, spelling)).text()

    def printing(self, options: Options, program: Program) -> Printing:
        return printing_of(self, self.complete(options), program)

    def arrays(self, program: Program) -> dict[str, Any]:
        return tables(program.steps).arrays

    def emit_values(self, network: Network, program: Program, wanted: Mapping[str, Symbol], options: Options) -> str:
        chosen = self.complete(options)
        if program.lowering == "scalar":
            from flowc.backends.plain.scalar import scalar_values

            return scalar_values(network, program, wanted, chosen, self.printing(chosen, program))
        sheet = Sheet(network, program, chosen, Printing())
        names = named(program.steps, sheet.names.fresh)
        spelling = spelling_context(sheet, NumpySpelling(chosen.dtype or "float64", meshes=names))
        literals = constants(sheet, [w for w in sheet.fixed if w.name in sheet.literals], _kind(spelling))
        meshes = mesh_sections(sheet, spelling, program.steps, given=True) if names else {}
        library = f"import sys\n\nimport numpy as np\n\n{IMPORT}" if names else "import numpy as np"
        return values_module(sheet, spelling, wanted, library, helper_texts(spelling), literals, meshes)


def helper_texts(spelling: NumpySpelling) -> dict[str, str]:
    dtype = f", np.{spelling.dtype}" if spelling.single else ""
    return {
        "placed": PLACED.format(dtype=dtype),
        "others": OTHERS,
        "logistic": LOGISTIC,
        "sign": SIGN.format(dtype=spelling.dtype),
    }


def _kind(spelling: NumpySpelling) -> str:
    return f"np.{spelling.dtype}" if spelling.single else ""


def by_columns(sheet: Sheet) -> bool:
    """Whether drawn matrices are kept column by column, as OpenBLAS multiplies x by W.T faster.

    On two cores of a shared x86-64 machine, one thread, 784-256-128-10 in float32: forward 1.9 times as fast for 8
    tokens, 1.4 for 32, 1.1 for 128; learning 1.2, 1.1 and 1.03 times; for one token and for thousands the same.
    """
    ranks = {len(w.shape) for w in sheet.weights}
    return sheet.options.style == "fast" and 2 in ranks and max(ranks) == 2


def _made(drawn: list[Weight], kind: str, columns: bool) -> str:
    """The array of drawn numbers."""
    more = f", {kind}" if kind else ""
    if columns and any(len(w.shape) == 2 for w in drawn):
        return f'np.array(np.reshape(numbers, shape){more}, order="F")'
    return f"np.array(numbers{more}).reshape(shape)"


def _file(sheet: Sheet, spelling: NumpySpelling) -> Sheet:
    bodies = functions(sheet, spelling)
    bodies = checked(sheet, bodies) if spelling.meshes else bodies
    meshes = mesh_sections(sheet, spelling, sheet.program.steps) if spelling.meshes else {}
    table = meshes.pop(":mesh tables", "")
    words = NumpyLibrary(spelling.dtype)
    drawn = [d for w in sheet.network.weights for d in drawn_by(w)]
    kind = _kind(spelling)
    sections = sheet.sections
    sections[":header"] = sheet.header()
    library = f"import numpy as np\n\n{IMPORT}" if spelling.meshes else "import numpy as np"
    beside = bool(table) and is_beside(sheet.program.steps)
    if beside:
        library = f"import numpy as np\nfrom safetensors.numpy import load_file\n\n{IMPORT}"
    tested = sheet.learns or bool(spelling.meshes) or has_letters(sheet.network)
    sections[":imports"] = imports(
        [*standard_imports(drawn, sheet.root), *(IMPORTS if beside else [])], library, tested
    )
    early = [w for w in sheet.fixed if not distribution(w)]
    sections[":constants"] = constants(sheet, early, kind)
    sections |= streams(drawn, _made(drawn, kind, by_columns(sheet)))
    sections[":drawn"] = constants(sheet, [w for w in sheet.fixed if distribution(w)], kind)
    sections[":mesh tables"] = table
    if sheet.weights:
        sections["initial_weights"] = initial_weights(sheet, kind)
    sections |= dict(in_order(spelling, helper_texts(spelling)))
    sections |= meshes
    sections |= bodies
    sections |= ending(sheet, words, forward_call(sheet), gradient_test(sheet, words) if sheet.learns else None)
    return sheet


def constants(sheet: Sheet, weights: list[Weight], kind: str) -> str:
    """Fixed weights, by name."""
    lines: list[str] = []
    for weight in weights:
        name = sheet.names[sheet.constants[weight.name]]
        lines += laid_out(start(weight, "np", kind, sheet.root, seed="0"), f"{name} = ")
    return "\n".join(lines)


def initial_weights(sheet: Sheet, kind: str) -> str:
    entries = []
    for symbol in sheet.learnt:
        weight = sheet.weight_of(symbol)
        beside = isinstance(weight.start, Pack) and not weight.start.drawn and tables(sheet.program.steps).beside
        text = (
            e.call(f"TABLE[{quoted(weight.name)}].astype", kind or "float")
            if beside
            else start(weight, "np", kind, sheet.root)
        )
        entries.append(e.entry(sheet.names[symbol], text))
    body = laid_out(e.bracketed("{", entries, "}"), "    return ")
    return definition("initial_weights", ["seed=0"], summary(sheet.weights), body)
