"""Data from a file beside the script, by the names of its columns: csv, tab-separated, npz."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from flowc.backends.backend import Sample
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.layout import laid_out
from flowc.backends.python.text import quoted
from flowc.backends.python.training.columns import Found, found_in, spread_out
from flowc.backends.python.training.script import INDENT, Script
from flowc.backends.python.training.words import DataWords, comprehension, shifted
from flowc.graph.files import delimiter
from flowc.graph.network import File


def of_csv(script: Script, data: File, words: DataWords) -> list[str]:
    """`csv.DictReader` keeps the names of the columns. Raises Refused."""
    sample = script.options.sample
    more = {"delimiter": quoted("\t")} if delimiter(data.path) == "\t" else {}
    if sample and any(head != head.lstrip() for head in sample.heads):
        more["skipinitialspace"] = "True"
        sample = replace(sample, heads=tuple(head.lstrip() for head in sample.heads))
    path, file, rows = (script.local(n) for n in ("path", "file", "rows"))
    names, arguments, lines = _names(script, sample), [file], []
    if names:
        arguments.append(script.local("names"))
        lines = laid_out(names, f"{INDENT}{arguments[1]} = ")
    lines += [
        f"{INDENT}{path} = {_path(data)}",
        f'{INDENT}with open({path}, encoding="utf-8-sig", newline="") as {file}:',
        *([f"{INDENT * 2}next({file})  # its first row names several columns at once"] if names else []),
        *laid_out(e.call("list", e.call("csv.DictReader", *arguments, **more)), f"{INDENT * 2}{rows} = "),
    ]
    row = script.local("row")
    for found in found_in(script.network, data, sample):
        if found.classes:
            cell = f"{row}[{quoted(found.classes)}]{_stripped(found.classes, sample)}"
            lines += _one_hot(script, found, cell, f"{row} in {rows}", sample, words)
        else:
            lines += _numbers(script, found, words)
    return lines


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


def _numbers(script: Script, found: Found, words: DataWords) -> list[str]:
    """One node's array, from a column or several."""
    node, row, name, columns = found.node, *(script.local(n) for n in ("row", "name", "columns"))
    over = f"{row} in {script.local('rows')}"
    if not node.axes:
        cell = e.atom(f"float({row}[{quoted(found.columns[0])}])")
        return script.put(node, words.array(comprehension(cell, over)))
    cells = comprehension(e.atom(f"float({row}[{name}])"), f"{name} in {columns}")
    array = words.array(comprehension(cells, over))
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


def _one_hot(
    script: Script, found: Found, cell: str, over: str, sample: Sample | None, words: DataWords
) -> list[str]:  # fmt: skip
    """One node's array from a column of classes, which stand in a cell by name or number."""
    axis = found.node.axes[0]
    lines: list[str] = []
    if axis.names:
        classes = script.local("classes")
        lines = laid_out(listed(axis.names), f"{INDENT}{classes} = ")
        place = f"{classes}.index({cell})"
    else:
        place = shifted(f"int({cell})" if _is_whole(found.classes, sample) else f"int(float({cell}))", axis.low)
    return [*lines, *script.put(found.node, words.one_hot(len(axis), comprehension(e.atom(place), over)))]


def _stripped(head: str, sample: Sample | None) -> str:
    """What takes blanks away from a column's cells, where its first has some; numbers do without."""
    first = dict(zip(sample.heads, sample.first)).get(head, "") if sample else ""
    return ".strip()" if first != first.strip() else ""


def _is_whole(head: str, sample: Sample | None) -> bool:
    """Whether a column's first cell is written without a point, as far as it is known."""
    first = dict(zip(sample.heads, sample.first)).get(head, "0") if sample else "0"
    return first.strip().lstrip("+-").isdigit()


def of_npz(script: Script, data: File, words: DataWords) -> list[str]:
    """Raises Refused."""
    file, name, columns = (script.local(n) for n in ("file", "name", "columns"))
    lines = [f"{INDENT}{file} = np.load({_path(data)})"]
    for found in found_in(script.network, data, script.options.sample):
        if found.classes:
            over = f"{name} in {file}[{quoted(found.classes)}].tolist()"
            lines += _one_hot(script, found, name, over, None, words)
        elif found.whole or not found.node.axes:
            lines += script.put(found.node, words.taken(f"{file}[{quoted(found.whole or found.columns[0])}]"))
        else:
            lines += laid_out(listed(found.columns), f"{INDENT}{columns} = ")
            array = words.taken(f"np.stack([{file}[{name}] for {name} in {columns}], axis=-1)")
            lines += script.put(found.node, _shaped(array, found))
    return lines
