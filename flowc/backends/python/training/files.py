"""Data from a file beside the script, by the names of its columns: csv, tab-separated, npz."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flowc.backends.backend import Sample
from flowc.backends.code.python import laid_out
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.library import Library
from flowc.backends.python.text import quoted
from flowc.backends.python.training.columns import Found, found_in, spread_out
from flowc.backends.python.training.reading import (
    ARRAY,
    PLACES,
    TOKENS,
    distribution_lines,
    imports_of_readers,
    readers,
)
from flowc.backends.python.training.script import INDENT, Script
from flowc.graph.files.access import delimiter
from flowc.graph.network import Axis, File


def of_csv(script: Script, data: File, library: Library) -> list[str]:
    """Rows by the names of the columns. Raises Refused."""
    sample = script.options.sample
    names = _names(script, sample)
    rows, row, named = (script.local(n) for n in ("rows", "row", "names"))
    lines = laid_out(names, f"{INDENT}{named} = ") if names else []
    lines += laid_out(e.call("read", _path(data), *([named] if names else [])), f"{INDENT}{rows} = ")
    every = found_in(script.network, data, sample)
    script.readers |= readers(names is not None, delimiter(data.path) == "\t", every)
    script.imports += imports_of_readers(every)
    for found in every:
        if found.classes:
            axis = found.node.axes[0]
            classes = script.local("classes")
            lines += laid_out(listed(axis.names), f"{INDENT}{classes} = ") if axis.names else []
            cell = e.call("place", row, quoted(found.classes), classes if axis.names else _numbered(axis))
            lines += _one_hot(script, found, e.repeated(cell, row, e.atom(rows)), library)
        else:
            lines += _numbers(script, found, library)
    return [*lines, *distribution_lines(script)]


def _names(script: Script, sample: Sample | None) -> Expression | None:
    """The names of all columns, where one stands for several: `x[1..64]`; else the file's own first row will do."""
    spread = [spread_out(script.network, head) for head in sample.heads] if sample else []
    if all(len(names) == 1 for names in spread):
        return None
    groups: list[list[str]] = []
    for names in spread:
        if len(names) == 1 and groups and groups[-1][0] in (n for some in spread if len(some) == 1 for n in some):
            groups[-1] += names
        else:
            groups.append([*names])
    return e.total([(1, listed(names)) for names in groups])


def _path(data: File) -> str:
    return f"Path(__file__).parent / {quoted(data.path.replace(chr(92), '/'))}"


def _numbers(script: Script, found: Found, library: Library) -> list[str]:
    """One node's array, from a column or several."""
    node, row, name, columns = found.node, *(script.local(n) for n in ("row", "name", "columns"))
    rows = e.atom(script.local("rows"))
    if not node.axes:
        cell = e.call("number", row, quoted(found.columns[0]))
        return script.put(node, library.array(e.repeated(cell, row, rows)))
    cells = e.repeated(e.call("number", row, name), name, e.atom(columns))
    array = library.array(e.repeated(cells, row, rows))
    return [*laid_out(listed(found.columns), f"{INDENT}{columns} = "), *script.put(node, _shaped(array, found))]


def _shaped(array: Expression, found: Found) -> Expression:
    """Elements in a row as a grid, where the node is one."""
    grid = len(found.node.axes) > 1
    return e.method(array, "reshape", "-1", *map(str, found.node.shape)) if grid else array


def listed(names: Sequence[str]) -> Expression:
    """The names as a list; `[f"x{k}" for k in range(1, 65)]` where they are numbered."""
    stem, digits, end = re.fullmatch(r"(.*?)(\d*)(\]?)", names[0], re.DOTALL).groups()  # type: ignore[union-attr]
    first = int(digits or 0)
    if len(names) > 4 and "{" not in stem and list(names) == [f"{stem}{first + k}{end}" for k in range(len(names))]:
        numbers = f"{first}, {first + len(names)}" if first else f"{len(names)}"
        return e.atom(f'[f{quoted(stem)[:-1]}{{k}}{end}" for k in range({numbers})]')
    return e.bracketed("[", [e.atom(quoted(n)) for n in names], "]")


def _numbered(axis: Axis) -> str:
    """Classes that have numbers for names."""
    return f"range({axis.low}, {axis.high + 1})"


def _one_hot(script: Script, found: Found, places: Expression, library: Library) -> list[str]:
    """One node's array from the places of its classes."""
    script.classes.add(found.node.name)
    return script.put(found.node, library.one_hot(len(found.node.axes[0]), places))


def of_npz(script: Script, data: File, library: Library) -> list[str]:
    """Raises Refused."""
    file, name, columns, classes = (script.local(n) for n in ("file", "name", "columns", "classes"))
    lines = [f"{INDENT}{file} = np.load({_path(data)})"]
    for found in found_in(script.network, data, script.options.sample):
        if found.classes:
            axis = found.node.axes[0]
            lines += laid_out(listed(axis.names), f"{INDENT}{classes} = ") if axis.names else []
            script.readers["places"] = PLACES
            values = f"{file}[{quoted(found.classes)}].tolist()"
            lines += _one_hot(
                script, found, e.call("places", values, classes if axis.names else _numbered(axis)), library
            )
            continue
        script.readers["array"] = ARRAY
        if found.whole or not found.node.axes:
            shape = str(found.node.shape) if found.whole else "()"
            array = e.call("array", file, quoted(found.whole or found.columns[0]), shape)
            lines += script.put(found.node, library.converted(array))
        else:
            lines += laid_out(listed(found.columns), f"{INDENT}{columns} = ")
            arrays = e.repeated(e.call("array", file, name, "()"), name, e.atom(columns))
            array = library.converted(e.call("np.stack", arrays, axis="-1"))
            lines += script.put(found.node, _shaped(array, found))
    if len(script.whole) > 1:
        script.readers["check_tokens"] = TOKENS
        lines += laid_out(e.call("check_tokens", *script.whole.values()), INDENT)
    return [*lines, *distribution_lines(script)]
