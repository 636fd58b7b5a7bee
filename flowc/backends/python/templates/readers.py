"""The functions by which a script reads a file of data, and refuses what `flowc train` does."""

import csv
import re
from math import inf
from typing import Any

import numpy as np

# What stands here in a script: whether the names of the columns are given; how cells are told apart; the cell of a class.
NAMES = DELIMITER = FIRST = CELL = Any


def read(path, NAMES):
    """The rows of a file by the names of its columns; "" says where it is."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, DELIMITER, skipinitialspace=True, strict=True)
        rows = [
            [*map(str.strip, line), f"{path.name}, row {reader.line_num}"]
            for line in reader
            if len(line) > 1 or "".join(line).strip()
        ]
    if len(rows) < 2:
        raise ValueError(f"{path.name}: there are no rows below the first")
    names = [*FIRST, ""]
    for row in rows[1:]:
        if len(row) != len(names):
            raise ValueError(f"{row[-1]}: {len(names) - 1} cells are needed")
    named = [name for name in names if name]
    if len({*named}) < len(named):
        raise ValueError(f"{path.name}: two columns have one name")
    return [dict(zip(names, row)) for row in rows[1:]]


def number(row, name):
    """The number in a cell, written as -1.5e3 is; nan and inf are none."""
    cell = row.get(name, "").replace("\u2212", "-")
    written = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
    value = float(cell) if re.fullmatch(written, cell) else inf
    if abs(value) == inf:
        raise ValueError(f"{row['']}: `{name}` is {cell!r}, not a number")
    return value


def place(row, name, classes):
    """The place of a cell's class among these."""
    cell = CELL
    if cell not in classes:
        raise ValueError(f"{row['']}: `{name}` is {cell!r}, none of {classes}")
    return classes.index(cell)


def places(values, classes):
    """The places of these values among the classes."""
    for value in values:
        if value not in classes:
            raise ValueError(f"{value!r} is none of {classes}")
    return [classes.index(value) for value in values]


def array(file, name, shape):
    """The numbers of an array that has this shape for every token."""
    numbers = np.asarray(file[name], float)
    if numbers.shape != (len(numbers), *shape):
        raise ValueError(f"`{name}` has the shape {numbers.shape}")
    if not np.isfinite(numbers).all():
        raise ValueError(f"`{name}` is not finite for every token")
    return numbers


def check_tokens(*arrays):
    """Every array has a row for each token."""
    counts = [len(array) for array in arrays]
    if len({*counts}) > 1:
        raise ValueError(f"the arrays have {counts} tokens")


def check_distribution(y):
    """cross_entropy compares with numbers from 0 on that sum to 1."""
    for k, shares in enumerate(y.reshape(-1, y.shape[-1]).tolist(), 1):
        if min(shares) < 0 or abs(sum(shares) - 1) > 1e-5:
            raise ValueError(f"target {k}: {shares} is no distribution")


def check_probability(y):
    """binary_cross_entropy compares with numbers from 0 to 1."""
    for k, share in enumerate(y.reshape(-1).tolist(), 1):
        if not 0 <= share <= 1:
            raise ValueError(f"target {k}: {share} is no probability")
