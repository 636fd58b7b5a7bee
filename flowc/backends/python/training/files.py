"""Data from a file beside the script, by the names of its columns: csv, tab-separated, npz."""

from __future__ import annotations

from flowc.backends.backend import Sample
from flowc.backends.code import tree as t
from flowc.backends.code.build import assign
from flowc.backends.code.quote import read
from flowc.backends.python import expression as e
from flowc.backends.python.library import Library
from flowc.backends.python.training.columns import NodeColumns, columns_of_file
from flowc.backends.python.training.reading import (
    add_reader,
    add_text_readers,
    classes_of,
    list_names,
    put_classes,
    shape_as,
)
from flowc.backends.python.training.script import Script
from flowc.data.name_columns import spread_heads
from flowc.graph.files.access import delimiter_of
from flowc.graph.network import File


def of_csv(script: Script, data: File, library: Library) -> list[t.Statement]:
    """Rows by the names of the columns. Raises BadData."""
    sample = script.options.sample
    names = _names_of_columns(script, sample)
    rows, row, named = (script.local_name(n) for n in ("rows", "row", "names"))
    code: list[t.Statement] = [assign(named, names)] if names else []
    code.append(assign(rows, e.call("read", _path(data), *([named] if names else []))))
    columns = columns_of_file(script.network, data, sample)
    add_text_readers(script, names is not None, delimiter_of(data.path) == "\t", columns)

    def of_every_row(cell: t.Expression) -> t.Expression:
        return e.repeated(cell, row, e.atom(rows))

    for column in columns:
        if column.classes:
            place = e.call("place", row, t.Text(column.classes), classes_of(script, column.node))
            code += put_classes(script, column.node, of_every_row(place), library)
        elif not column.node.axes:
            array = of_every_row(e.call("number", row, t.Text(column.columns[0])))
            code.append(script.put_data(column.node, library.make_array(array)))
        else:
            cells = _of_every_column(script, e.call("number", row, script.local_name("name")))
            code += _put_columns(script, column, library.make_array(of_every_row(cells)))
    return code


def _names_of_columns(script: Script, sample: Sample | None) -> t.Expression | None:
    """The names of all columns, where one stands for several: `x[1..64]`; else the file's own first row will do."""
    spread = [spread_heads(script.network, [head]) for head in sample.heads] if sample else []
    if all(len(names) == 1 for names in spread):
        return None
    groups: list[list[str]] = []
    for names in spread:
        if len(names) == 1 and groups and groups[-1][0] in (n for some in spread if len(some) == 1 for n in some):
            groups[-1] += names
        else:
            groups.append([*names])
    return e.total([(1, list_names(names)) for names in groups])


def _path(data: File) -> t.Expression:
    return e.quotient(read("Path(__file__).parent"), t.Text(data.path.replace("\\", "/")))


def of_npz(script: Script, data: File, library: Library) -> list[t.Statement]:
    """Arrays by their names. Raises BadData."""
    file = script.local_name("file")
    code: list[t.Statement] = [assign(file, e.call("np.load", _path(data)))]
    for column in columns_of_file(script.network, data, script.options.sample):
        add_reader(script, "places" if column.classes else "array")
        if column.classes:
            values = e.method(e.index(e.atom(file), t.Text(column.classes)), "tolist")
            places = e.call("places", values, classes_of(script, column.node))
            code += put_classes(script, column.node, places, library)
        elif column.array or not column.node.axes:
            shape = e.shape(column.node.shape) if column.array else t.Tuple(())
            array = e.call("array", file, t.Text(column.array or column.columns[0]), shape)
            code.append(script.put_data(column.node, library.convert_array(array)))
        else:
            arrays = _of_every_column(script, e.call("array", file, script.local_name("name"), "()"))
            code += _put_columns(script, column, library.convert_array(e.call("np.stack", arrays, axis="-1")))
    if len(script.data_names) > 1:
        add_reader(script, "check_tokens")
        code.append(t.Do(e.call("check_tokens", *script.data_names.values())))
    return code


def _of_every_column(script: Script, value: t.Expression) -> t.Expression:
    return e.repeated(value, script.local_name("name"), e.atom(script.local_name("columns")))


def _put_columns(script: Script, column: NodeColumns, array: t.Expression) -> list[t.Statement]:
    """One node's array from several columns, whose names stand above it."""
    names = assign(script.local_name("columns"), list_names(column.columns))
    return [names, script.put_data(column.node, shape_as(array, column.node))]
