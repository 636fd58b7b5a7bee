"""The functions by which a script reads a file of data, and refuses what `flowc train` does."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.backends.code.tree import Import
from flowc.backends.python.printer import statement_lines
from flowc.backends.python.training.columns import Found
from flowc.backends.python.training.script import INDENT, Script
from flowc.graph.distributions import distributions

READ = '''\
def read(path{names}):
    """The rows of a file by the names of its columns; "" says where it is."""
    with open(path, encoding="utf-8-sig", newline="") as file:
{reader}
        rows = [
            [*map(str.strip, line), f"{{path.name}}, row {{reader.line_num}}"]
            for line in reader
            if len(line) > 1 or "".join(line).strip()
        ]
    if len(rows) < 2:
        raise ValueError(f"{{path.name}}: there are no rows below the first")
    names = [*{first}, ""]
    for row in rows[1:]:
        if len(row) != len(names):
            raise ValueError(f"{{row[-1]}}: {{len(names) - 1}} cells are needed")
    named = [name for name in names if name]
    if len({{*named}}) < len(named):
        raise ValueError(f"{{path.name}}: two columns have one name")
    return [dict(zip(names, row)) for row in rows[1:]]'''

NUMBER = '''\
def number(row, name):
    """The number in a cell, written as -1.5e3 is; nan and inf are none."""
    cell = row.get(name, "").replace("\\u2212", "-")
    written = r"[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?"
    value = float(cell) if re.fullmatch(written, cell) else inf
    if abs(value) == inf:
        raise ValueError(f"{row['']}: `{name}` is {cell!r}, not a number")
    return value'''

PLACE = '''\
def place(row, name, classes):
    """The place of a cell's class among these."""
{cell}
    if cell not in classes:
        raise ValueError(f"{{row['']}}: `{{name}}` is {{cell!r}}, none of {{classes}}")
    return classes.index(cell)'''

PLACES = '''\
def places(values, classes):
    """The places of these values among the classes."""
    for value in values:
        if value not in classes:
            raise ValueError(f"{value!r} is none of {classes}")
    return [classes.index(value) for value in values]'''

ARRAY = '''\
def array(file, name, shape):
    """The numbers of an array that has this shape for every token."""
    numbers = np.asarray(file[name], float)
    if numbers.shape != (len(numbers), *shape):
        raise ValueError(f"`{name}` has the shape {numbers.shape}")
    if not np.isfinite(numbers).all():
        raise ValueError(f"`{name}` is not finite for every token")
    return numbers'''

TOKENS = '''\
def check_tokens(*arrays):
    """Every array has a row for each token."""
    counts = [len(array) for array in arrays]
    if len({*counts}) > 1:
        raise ValueError(f"the arrays have {counts} tokens")'''

DISTRIBUTION = '''\
def check_distribution(y):
    """cross_entropy compares with numbers from 0 on that sum to 1."""
    for k, shares in enumerate(y.reshape(-1, y.shape[-1]).tolist(), 1):
        if min(shares) < 0 or abs(sum(shares) - 1) > 1e-5:
            raise ValueError(f"target {k}: {shares} is no distribution")'''

PROBABILITY = '''\
def check_probability(y):
    """binary_cross_entropy compares with numbers from 0 to 1."""
    for k, share in enumerate(y.reshape(-1).tolist(), 1):
        if not 0 <= share <= 1:
            raise ValueError(f"target {k}: {share} is no probability")'''


def readers(names: bool, tabs: bool, found: Sequence[Found]) -> dict[str, str]:
    """The functions that a text file needs. `names`: its first row is not the names; `tabs` stand between its cells."""
    first = "names" if names else "rows[0][:-1]"
    delimiter = 'delimiter="\\t", ' if tabs else ""
    reader = statement_lines(f"reader = csv.reader(file, {delimiter}skipinitialspace=True, strict=True)", "        ")
    sections = {"read": READ.format(names=", names" if names else "", reader="\n".join(reader), first=first)}
    classes = _classes(found)
    if _has_numbers(found):
        sections["number"] = NUMBER
    if classes:
        sections["place"] = PLACE.format(cell="\n".join(statement_lines(f"cell = {_cell(classes)}")))
    return sections


def imports_of_readers(found: Sequence[Found]) -> list[Import]:
    """What these functions need of the standard library."""
    numbers = [Import("re"), Import("math", ("inf",))] if _has_numbers(found) else []
    return [*numbers, *([Import("unicodedata", ("normalize",))] if _has_letters(_classes(found)) else [])]


def _classes(found: Sequence[Found]) -> list[tuple[str, ...] | None]:
    """For each column of classes their names; None where they have numbers."""
    return [f.node.axes[0].names for f in found if f.classes]


def _has_numbers(found: Sequence[Found]) -> bool:
    return any(not f.classes for f in found) or None in _classes(found)


def _has_letters(classes: Sequence[tuple[str, ...] | None]) -> bool:
    """Other letters than ASCII's, which may be spelled in several ways."""
    return not all(name.isascii() for names in classes for name in names or ())


def _cell(classes: Sequence[tuple[str, ...] | None]) -> str:
    """The cell as it is compared: a number, or a text spelled as the diagram's names are."""
    word = 'row.get(name, "")'
    if _has_letters(classes):
        word = f'normalize("NFKC", {word})'
    if None not in classes:
        return word
    numbered = "number(row, name)"
    return numbered if set(classes) == {None} else f"{numbered} if isinstance(classes, range) else {word}"


def distribution_lines(script: Script) -> list[str]:
    """What is asked of targets that the loss takes for distributions; rows made of classes are some."""
    losses = distributions(script.network.nodes)
    lines: list[str] = []
    for symbol, name in script.whole.items():
        if symbol.owner in losses and symbol.owner not in script.classes:
            binary = losses[symbol.owner] == "binary_cross_entropy"
            check = "check_probability" if binary else "check_distribution"
            script.readers[check] = PROBABILITY if binary else DISTRIBUTION
            lines.append(f"{INDENT}{check}({name})")
    return lines
