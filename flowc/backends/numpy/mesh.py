"""A mesh in numpy: the class, its tables and functions, one object for each mesh."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.backend import Refused
from flowc.backends.numpy import mesh_text as text
from flowc.backends.numpy.spelling import NumpySpelling
from flowc.backends.python import expression as e
from flowc.backends.python.layout import laid_out
from flowc.backends.python.mesh import Functions, Table, array_text, defined, levels_text, meshes_of, names_text, tables
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.text import quoted
from flowc.program.ir import Step
from flowc.program.mesh import Mesh

OWN = {"tanh": "np.tanh", "sin": "np.sin", "cos": "np.cos", "exp": "np.exp", "relu": "relu", "logistic": "logistic_rows"}

CONSTANTS = '''\
HOWS = ("sparse", "ordered")  # the lines are kept row by row
CHUNK = 4096  # lines at a time'''

RELU = '''\
def relu(xi, out):
    """max(0, xi)"""
    np.maximum(xi, ZERO, out=out)'''

LOGISTIC = '''\
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
    ops = {s.op for s in steps}
    table = tables(steps)
    functions = Functions(found, OWN, sheet.names.fresh)
    slopes = functions.slopes(spelling) if "deltas" in ops else {}
    values = functions.values(spelling)
    sections = {":mesh tables": "" if given else _tables(table, spelling.dtype, sheet.options.beside)}
    sections[":names"] = "" if given else names_text(sheet.program)
    sections[":mesh constants"] = CONSTANTS
    if values:
        sections["into"] = text.INTO
    sections |= {f":{name}": body for name, body in _own(functions).items()}
    sections |= values
    sections |= {defined(body): body for body in slopes.values()}
    if "put" in ops:
        sections["put"] = text.PUT
    if "collect" in ops:
        sections["collected"] = text.COLLECTED
    sections["product"] = text.MULTIPLY
    if "deltas" in ops:
        sections[":slopes"] = _slopes(slopes, found)
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


def _own(functions: Functions) -> dict[str, str]:
    used = set(functions.names.values())
    found = {}
    if "relu" in used:
        found["zero"] = "ZERO = np.zeros((), np.float32)  # widens nothing"
        found["relu"] = RELU
    if "logistic_rows" in used:
        found["half"] = "HALF = np.full((), 0.5, np.float32)  # widens nothing"
        found["logistic_rows"] = LOGISTIC
    return found


def _slopes(slopes: dict[str, str], found: Sequence[Mesh]) -> str:
    """Which function has which slope; whose excitations the loss asks for."""
    entries = [e.atom(f"{called}: {defined(body)}") for called, body in slopes.items()]
    lines = laid_out(e.bracketed("{", entries, "}"), "SLOPES = ")
    asked = [g for mesh in found for level in mesh.levels for g in level.groups if g.asked]
    if asked:
        rows = [e.atom(f"({g.first}, {g.last})") for g in asked]
        lines += laid_out(e.bracketed("[", rows, "]"), "ASKED = ", "  # rows of nodes whose excitations the loss takes")
    return "\n".join(lines)


def _tables(table: Table, dtype: str, beside: str | None) -> str:
    """The arrays, in the source or loaded from the file beside it."""
    if table.beside:
        if beside is None:
            count = sum(len(a) for name, a in table.arrays.items() if name.startswith("sources"))
            raise Refused(f"{count} arrows are too many to read in a source; name an output, `-o NAME.py`, for a file beside it")
        return f"TABLE = load_file(Path(__file__).with_name({quoted(beside)}))"
    entries = []
    for name, numbers in table.arrays.items():
        kind = "int" if numbers.dtype.kind == "i" else f"np.{dtype}"
        inner = "".join(line.strip() + " " for line in array_text(numbers, "", "")).strip()
        items = [e.atom(n.strip()) for n in inner[1:-1].split(",") if n.strip()]
        entries.append(e.bracketed(f"{quoted(name)}: np.array(", [e.bracketed("[", items, "]"), e.atom(kind)], ")"))
    return "\n".join(laid_out(e.bracketed("{", entries, "}"), "TABLE = "))


def _class(found: Sequence[Mesh], ops: set[str]) -> str:
    """The class, with the methods that the file calls."""
    hows = {level.how for mesh in found for level in mesh.levels}
    adding = "\n".join(t for how, t in (("ordered", text.ORDERED), ("dense", text.DENSE)) if how in hows)
    parts = [text.CLASS.replace("{adding}\n", adding + "\n" if adding else "")]
    if len(found) > 1:
        parts = [parts[0].replace("starts, sources):", "starts, sources, count):").replace(
            "        self.prepared = {}", "        self.count = count\n        self.prepared = {}")]
    dense = "dense" in hows
    if "deltas" in ops or "line_gradients" in ops or "pull" in ops:
        asked = any(g.asked for mesh in found for level in mesh.levels for g in level.groups)
        back = text.BACK.replace("{asked}", text.BACK_ASKED if asked else "")
        back = back.replace("{how}", "how" if dense else "_")
        back = back.replace("{dense}", text.BACK_DENSE if dense else "")
        back = back.replace("{matrices}", text.PRODUCTS_DENSE if dense else "")
        parts.append(back.replace("{count}", str(found[0].count) if len(found) == 1 else "self.count"))
    if "pull" in ops:
        parts.append(text.PULL.replace("{dense}", text.PULL_DENSE if dense else ""))
    if "sums" in ops:
        parts.append(text.SUMS)
    return "\n".join(parts)
