"""Data from a file beside the script, by the names of its columns: csv, tab-separated, npz."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.backend import Sample
from flowc.backends.code import tree as t
from flowc.backends.code.build import assign
from flowc.backends.code.quote import read
from flowc.backends.python import expression as e
from flowc.backends.python.library import Library
from flowc.backends.python.training.columns import NodeColumns, match_columns, spread_out
from flowc.backends.python.training.reading import add_reader, add_text_readers, distribution_checks
from flowc.backends.python.training.script import Script
from flowc.graph.files.access import delimiter
from flowc.graph.network import Axis, File


def of_csv(script: Script, data: File, library: Library) -> list[t.Statement]:
    """Rows by the names of the columns. Raises Refused."""
    sample = script.options.sample
    names = _names(script, sample)
    rows, row, named = (script.local(n) for n in ("rows", "row", "names"))
    code: list[t.Statement] = [assign(named, names)] if names else []
    code.append(assign(rows, e.call("read", _path(data), *([named] if names else []))))
    columns = match_columns(script.network, data, sample)
    add_text_readers(script, names is not None, delimiter(data.path) == "\t", columns)
    for column in columns:
        if column.classes:
            axis = column.node.axes[0]
            code += _name_classes(script, axis)
            cell = e.call("place", row, t.Text(column.classes), _classes(script, axis))
            code.append(_one_hot(script, column, e.repeated(cell, row, e.atom(rows)), library))
        else:
            code += _numbers(script, column, library)
    return [*code, *distribution_checks(script)]


def _names(script: Script, sample: Sample | None) -> t.Expression | None:
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


def _path(data: File) -> t.Expression:
    return e.quotient(read("Path(__file__).parent"), t.Text(data.path.replace("\\", "/")))


def _numbers(script: Script, column: NodeColumns, library: Library) -> list[t.Statement]:
    """One node's array, from a column or several."""
    node, row, name, columns = column.node, *(script.local(n) for n in ("row", "name", "columns"))
    rows = e.atom(script.local("rows"))
    if not node.axes:
        cell = e.call("number", row, t.Text(column.columns[0]))
        return [script.put_data(node, library.array(e.repeated(cell, row, rows)))]
    cells = e.repeated(e.call("number", row, name), name, e.atom(columns))
    array = library.array(e.repeated(cells, row, rows))
    return [assign(columns, listed(column.columns)), script.put_data(node, _shaped(array, column))]


def _shaped(array: t.Expression, column: NodeColumns) -> t.Expression:
    """Elements in a row as a grid, where the node is one."""
    grid = len(column.node.axes) > 1
    return e.method(array, "reshape", "-1", *map(str, column.node.shape)) if grid else array


def listed(names: Sequence[str]) -> t.Expression:
    """The names as a list; `[f"x{k}" for k in range(1, 65)]` where they are numbered."""
    inside = names[0].removesuffix("]")
    stem = inside.rstrip("0123456789")
    end, first = names[0][len(inside) :], int(inside[len(stem) :] or 0)
    if len(names) > 4 and "{" not in stem and list(names) == [f"{stem}{first + k}{end}" for k in range(len(names))]:
        parts = (stem, (t.Name("k"), ""), end)
        numbers = [first, first + len(names)] if first else [len(names)]
        return e.repeated(t.Format(parts), "k", e.call("range", *map(str, numbers)))
    return t.List(tuple(map(t.Text, names)))


def _name_classes(script: Script, axis: Axis) -> list[t.Statement]:
    return [assign(script.local("classes"), listed(axis.names))] if axis.names else []


def _classes(script: Script, axis: Axis) -> t.Expression:
    """Classes by the names they were given, or those that have numbers for names."""
    return e.atom(script.local("classes")) if axis.names else e.call("range", str(axis.low), str(axis.high + 1))


def _one_hot(script: Script, column: NodeColumns, places: t.Expression, library: Library) -> t.Statement:
    """One node's array from the places of its classes."""
    script.classes.add(column.node.name)
    return script.put_data(column.node, library.one_hot(len(column.node.axes[0]), places))


def of_npz(script: Script, data: File, library: Library) -> list[t.Statement]:
    """Raises Refused."""
    file, name, columns, _ = (script.local(n) for n in ("file", "name", "columns", "classes"))
    code: list[t.Statement] = [assign(file, e.call("np.load", _path(data)))]
    for column in match_columns(script.network, data, script.options.sample):
        if column.classes:
            axis = column.node.axes[0]
            code += _name_classes(script, axis)
            add_reader(script, "places")
            values = e.method(e.index(e.atom(file), t.Text(column.classes)), "tolist")
            code.append(_one_hot(script, column, e.call("places", values, _classes(script, axis)), library))
            continue
        add_reader(script, "array")
        if column.array or not column.node.axes:
            shape = e.shape(column.node.shape) if column.array else t.Tuple(())
            array = e.call("array", file, t.Text(column.array or column.columns[0]), shape)
            code.append(script.put_data(column.node, library.converted(array)))
        else:
            code.append(assign(columns, listed(column.columns)))
            arrays = e.repeated(e.call("array", file, name, "()"), name, e.atom(columns))
            array = library.converted(e.call("np.stack", arrays, axis="-1"))
            code.append(script.put_data(column.node, _shaped(array, column)))
    if len(script.data_names) > 1:
        add_reader(script, "check_tokens")
        code.append(t.Do(e.call("check_tokens", *script.data_names.values())))
    return [*code, *distribution_checks(script)]
