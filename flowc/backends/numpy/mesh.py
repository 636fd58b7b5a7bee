"""A mesh in numpy: the class, its tables and functions, one object for each mesh."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flowc.backends.code.python import laid_out
from flowc.backends.numpy import mesh_text as text
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.python import expression as e
from flowc.backends.python import shapes
from flowc.backends.python.beside import table_section
from flowc.backends.python.mesh import (
    Functions,
    asked,
    defined,
    levels_text,
    meshes_of,
    slopes_text,
)
from flowc.backends.python.packs import names_text
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.text import quoted
from flowc.program.ir import Step
from flowc.program.mesh.mesh import Mesh
from flowc.program.ops import Collect, Deltas, LineGradients, MeshSums, Operation, Pull, Put

OWN = {
    "tanh": "np.tanh",
    "sin": "np.sin",
    "cos": "np.cos",
    "exp": "np.exp",
    "relu": "relu",
    "logistic": "logistic_rows",
}

CONSTANTS = """\
HOWS = ("sparse", "ordered")  # the lines are kept row by row
CHUNK = 4096  # lines at a time
KEPT = 4  # numbers of tokens that rows are kept for"""

RELU = '''\
def relu(xi, out):
    """max(0, xi)"""
    np.maximum(xi, ZERO, out=out)'''

LOGISTIC = '''\
def logistic_rows(xi, out):
    """1 / (1 + exp(-xi)), which is 0 where the exponential overflows."""
    np.negative(xi, out)
    with np.errstate(over="ignore"):
        np.exp(out, out)
    np.add(out, ONE, out)
    np.reciprocal(out, out)'''

# In single precision half of the time; of values below 1e-7 nothing is left but 0.
LOGISTIC_SINGLE = '''\
def logistic_rows(xi, out):
    """1 / (1 + exp(-xi)) = (1 + tanh(xi / 2)) / 2"""
    np.multiply(xi, HALF, out)
    np.tanh(out, out)
    np.multiply(out, HALF, out)
    np.add(out, HALF, out)'''


def mesh_sections(
    sheet: Sheet, spelling: NumpySpelling, steps: Sequence[Step], given: bool = False
) -> dict[str, str]:  # fmt: skip
    """The sections of a file with meshes. `given`: whoever executes it provides the arrays, TABLE.

    Raises Refused where the arrays need a file beside the output, and there is none.
    """
    found = meshes_of(steps)
    ops = {type(s.op) for s in steps}
    functions = Functions(found, OWN, sheet.names.fresh)
    slopes = functions.slopes(spelling) if Deltas in ops else {}
    values = functions.values(spelling)
    sections = {
        ":mesh tables": ""
        if given
        else table_section(sheet.planned, steps, sheet.options, partial(_array, spelling.dtype), "array")
    }
    sections[":names"] = "" if given else names_text(sheet.program)
    sections |= {} if given else shapes.sections(sheet, "np.shape(array)")
    sections[":mesh constants"] = CONSTANTS
    if values:
        sections["into"] = text.INTO
    sections |= {f":{name}": body for name, body in _own(functions, spelling.single).items()}
    sections |= values
    sections |= {defined(body): body for body in slopes.values()}
    if Put in ops:
        sections["put"] = text.PUT
    if Collect in ops:
        sections["collected"] = text.COLLECTED
    sections["product"] = text.MULTIPLY
    if Deltas in ops:
        sections[":slopes"] = slopes_text(slopes, found)
    sections["Mesh"] = _class(found, ops)
    for k, mesh in enumerate(found):
        end = f"_{k + 1}" if len(found) > 1 else ""
        name = spelling.meshes[id(mesh)]
        arguments = [e.atom(str(mesh.places)), levels_text(mesh, functions), e.atom(f"TABLE[{quoted('starts' + end)}]")]
        arguments.append(e.atom(f"TABLE[{quoted('sources' + end)}]"))
        if len(found) > 1:
            arguments.append(e.atom(f"count={mesh.count}"))
        sections[f":{name}"] = "\n".join(laid_out(e.bracketed("Mesh(", arguments, ")"), f"{name} = "))
    return sections


def _own(functions: Functions, single: bool) -> dict[str, str]:
    used = set(functions.names.values())
    found = {}
    if "relu" in used:
        found["zero"] = "ZERO = np.zeros((), np.float32)  # widens nothing"
        found["relu"] = RELU
    if "logistic_rows" in used:
        found["half"] = "HALF = np.full((), 0.5, np.float32)  # widens nothing" if single else "ONE = np.ones(())"
        found["logistic_rows"] = LOGISTIC_SINGLE if single else LOGISTIC
    return found


def _array(dtype: str, kind: str, numbers: e.Expression) -> e.Expression:
    return e.bracketed("np.array(", [numbers, e.atom("int" if kind == "i" else f"np.{dtype}")], ")")


def _class(found: Sequence[Mesh], ops: set[type[Operation]]) -> str:
    """The class, with the methods that the file calls."""
    hows = {level.how for mesh in found for level in mesh.levels}
    adding = "\n".join(t for how, t in (("ordered", text.ORDERED), ("dense", text.DENSE)) if how in hows)
    parts = [text.CLASS.replace("{adding}\n", adding + "\n" if adding else "")]
    if len(found) > 1:
        parts = [
            parts[0]
            .replace("starts, sources):", "starts, sources, count):")
            .replace("        self.out, ", "        self.count = count\n        self.out, ")
        ]
    dense = "dense" in hows
    if Deltas in ops or LineGradients in ops or Pull in ops:
        back = text.BACK.replace("{asked}", text.BACK_ASKED if asked(found) else "")
        back = back.replace("{how}", "how" if dense else "_")
        back = back.replace("{dense}", text.BACK_DENSE if dense else "")
        back = back.replace("{matrices}", text.PRODUCTS_DENSE if dense else "")
        parts.append(back.replace("{count}", str(found[0].count) if len(found) == 1 else "self.count"))
    if Pull in ops:
        parts.append(text.PULL.replace("{dense}", text.PULL_DENSE if dense else ""))
    if MeshSums in ops:
        parts.append(text.SUMS)
    return "\n".join(parts)
