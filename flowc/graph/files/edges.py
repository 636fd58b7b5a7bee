"""`edges "edges.csv"`: the arrows that a file lists, read into columns. Imported where a diagram has such a file."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from flowc.diagnostics.suggest import did_you_mean
from flowc.graph.draft import Draft, DraftWeight
from flowc.graph.files.access import read_file
from flowc.graph.files.csv_cells import chunks
from flowc.graph.files.lazy_arrows import Table
from flowc.graph.files.row_problems import Listing, shown
from flowc.graph.network import Axis, Edges
from flowc.graph.problems import Abandon
from flowc.syntax import tree as t
from flowc.syntax.names import is_name

Array = np.ndarray

LEARNT = {"yes": True, "true": True, "1": True, "~": True, "no": False, "false": False, "0": False, "=": False}


def read_edges(draft: Draft, statement: t.EdgesFile) -> None:
    """Read the columns of the file; whether its ends are scalar nodes is checked with all other arrows."""
    listing = draft.listing(statement)
    try:
        data = read_file(listing, draft.files)
        rows = _Rows(listing)
        for numbers, cells in chunks(listing, data, ("source", "target", "weight"), ("learnt",)):
            rows.add(numbers, cells["source"], cells["target"], cells["weight"], cells["learnt"])
        if rows.columns:
            draft.tables[statement] = rows.table(draft)
    except Abandon:
        pass


class _Numbers(dict[str, int]):
    """Names as numbers, in the order of their first use."""

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        return number


class _Rows:
    """The columns of one file while they are read: for each some arrays, one behind the other."""

    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        self.names = _Numbers()
        self.learnt: dict[str, bool] = {"": False, **LEARNT}  # by cell
        self.columns: list[tuple[Array, ...]] = []

    def add(self, numbers: Sequence[int], *cells: Sequence[str]) -> None:
        sources, targets, weights, learnt = cells
        number_of = self.names.__getitem__
        count = len(numbers)
        self.columns.append((
            np.fromiter(numbers, np.int64, count),
            np.fromiter(map(number_of, sources), np.int64, count),
            np.fromiter(map(number_of, targets), np.int64, count),
            self._weights(numbers, weights),
            self._learnt(numbers, learnt),
        ))  # fmt: skip

    def table(self, draft: Draft) -> Table:
        numbers, sources, targets, weights, learnt = (np.concatenate(parts) for parts in zip(*self.columns))
        self.columns.clear()
        folded = _Numbers()
        same = np.array([folded[_fold_name(draft, name)] for name in self.names], np.int64)
        if len(folded) < len(same):  # several spellings of one name
            sources, targets = same[sources], same[targets]
        listing = self.listing
        name = _add_weight(draft, listing, weights[learnt])
        edges = Edges(listing.path, listing.span, tuple(folded), sources, targets, weights, learnt, name)
        return Table(edges, numbers, listing)

    def _weights(self, numbers: Sequence[int], cells: Sequence[str]) -> Array:
        text = "".join(cells)
        if text.isascii() and "_" not in text:  # `float` reads 1_000 and the digits of other scripts
            try:
                values = np.fromiter(map(float, cells), float, len(cells))
            except ValueError:
                pass
            else:
                if np.isfinite(values).all():
                    return values
        return np.array([self._weight(number, cell.strip()) for number, cell in zip(numbers, cells)])

    def _weight(self, number: int, cell: str) -> float:
        """One of those that are not all numbers; what is none is reported."""
        plain = cell.replace("\u2212", "-")
        try:
            value = float(plain) if plain.isascii() and "_" not in plain else None
        except ValueError:
            value = None
        if value is None:
            message = f"{shown(cell)} is not a number" if cell else "the weight is missing"
            self.listing.report("not-a-number", number, message, hint="a weight is a finite number, as 0.5 or -1e-3")
        elif not np.isfinite(value) and any(c.isdigit() for c in cell):
            self.listing.report("number-too-large", number, f"{shown(cell)} is larger than a float64 holds")
        elif not np.isfinite(value):
            message = f"{shown(cell)} is not a number that a diagram can compute with"
            self.listing.report("not-finite", number, message, hint="leave the row out, or write a number")
        return value or 0.0

    def _learnt(self, numbers: Sequence[int], cells: Sequence[str]) -> Array:
        if not self.learnt.keys() >= set(cells):
            for number, cell in zip(numbers, cells):
                if cell not in self.learnt:
                    self.learnt[cell] = self._word(number, cell.strip())
        return np.fromiter(map(self.learnt.__getitem__, cells), bool, len(cells))

    def _word(self, number: int, cell: str) -> bool:
        """A spelling of yes or no that was not met before; reported once."""
        learnt = {"": False, **LEARNT}.get(cell.lower())
        if learnt is None:
            hint = "`learnt` is yes or no"
            if not self.listing.is_full:
                hint = did_you_mean(cell, ("yes", "no", "true", "false"), hint)
            self.listing.report(
                "bad-cell", number, f"{shown(cell)} does not say whether the weight is learnt", hint=hint
            )
        return bool(learnt)


def _add_weight(draft: Draft, listing: Listing, starts: Array) -> str | None:
    """One vector for all that the file lets learn, named after the file; equations may use it."""
    if not len(starts):
        return None
    name = draft.free(_weight_name(listing.path))
    draft.places[name] = listing.span
    axes = (Axis(1, len(starts)),)
    draft.weights[name] = DraftWeight(name, axes, True, tuple(starts.tolist()), False, listing.span, used=True)
    return name


def _weight_name(path: str) -> str:
    """`w_edges` of `net/edges.csv`: what the name has of letters and digits."""
    stem = unicodedata.normalize("NFKC", path.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0])
    return "w_" + ("".join(c if is_name("w" + c) else "_" for c in stem).strip("_") or "edges")


def _fold_name(draft: Draft, cell: str) -> str:
    """The name that a cell stands for."""
    if cell == "1" or cell in draft.nodes:
        return cell
    return unicodedata.normalize("NFKC", cell.strip())
