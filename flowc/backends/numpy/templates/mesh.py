"""Nodes in rows, in numpy: sums of lines by scipy where it is installed."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

try:
    from scipy.sparse._sparsetools import csr_matvec, csr_matvecs
except ImportError:
    csr_matvec = csr_matvecs = None
    print("sparse products are slower without scipy", file=sys.stderr)

# What a file decides: which kinds of levels it has, whether it has several meshes, a loss that takes excitations, and float32.
ORDERED = DENSE = SEVERAL = ASKED_FOR = SINGLE = True
COUNT = 1  # lines, and biases of dense levels
ASKED: list[tuple[int, int]] = []
SLOPES: dict[Callable[..., Any], Callable[..., Any]] = {}

HOWS = ("sparse", "ordered")  # the lines are kept row by row
CHUNK = 4096  # lines at a time
KEPT = 4  # numbers of tokens that rows are kept for
ZERO = np.zeros((), np.float32)  # widens nothing
HALF = np.full((), 0.5, np.float32)  # widens nothing
ONE = np.ones(())


def relu(xi, out):
    """max(0, xi)"""
    np.maximum(xi, ZERO, out=out)


# In single precision the second way takes half of the time; of values below 1e-7 nothing is left but 0.
def logistic_rows(xi, out):
    if SINGLE:
        """1 / (1 + exp(-xi)) = (1 + tanh(xi / 2)) / 2"""
        np.multiply(xi, HALF, out)
        np.tanh(out, out)
        np.multiply(out, HALF, out)
        np.add(out, HALF, out)
    else:
        """1 / (1 + exp(-xi)), which is 0 where the exponential overflows."""
        np.negative(xi, out)
        with np.errstate(over="ignore"):
            np.exp(out, out)
        np.add(out, ONE, out)
        np.reciprocal(out, out)


def into(function):
    """The function called as numpy's are, with the array for its result."""

    def called(xi, out):
        out[...] = function(xi)

    return called


def put(x, rows, count):
    """Rows of zeros, with the columns of x as these."""
    result = np.zeros((count, len(x)), x.dtype)
    result[rows] = x.T
    return result


def collected(slots, d, first, last, shape):
    """The gradient of one weight: the sum of those of its lines."""
    sums = np.bincount(slots, d, last)
    return sums[first:last].reshape(shape).astype(d.dtype)


def product(starts, columns, v, result):
    """What adds to result a sparse matrix, kept in rows, times v: a function
    of the numbers of the matrix."""
    rows, tokens = result.shape
    flat, out = v.reshape(-1), result.reshape(-1)
    if csr_matvecs is None:
        full = np.flatnonzero(np.diff(starts))
        own = slice(starts[0], starts[-1])

        def add(numbers):
            if len(full):
                terms = numbers[own, None] * v[columns[own]]
                first = starts[full] - starts[0]
                result[full] += np.add.reduceat(terms, first)

        return add
    if tokens == 1:
        sizes = rows, len(v), starts, columns
        return lambda numbers: csr_matvec(*sizes, numbers, flat, out)
    sizes = rows, len(v), tokens, starts, columns
    return lambda numbers: csr_matvecs(*sizes, numbers, flat, out)


class Mesh:
    """Nodes in rows, a column for each token: row 0 is the constant 1, then
    come the values from outside, then the nodes, level after level."""

    def __init__(self, rows, levels, starts, sources, *counts):
        self.rows, self.levels = rows, levels
        self.starts = np.asarray(starts, np.int32)
        self.sources = np.asarray(sources, np.int32)
        nodes = [np.arange(a, b) for a, b, how, _ in levels if how in HOWS]
        nodes = np.concatenate([*nodes, np.arange(0)])
        self.targets = np.repeat(nodes, np.diff(self.starts)).astype(np.int32)
        if SEVERAL:
            self.count = counts
        self.out, self.prepared = None, {}

    def rows_for(self, *key):
        """What `prepare` makes, kept for the KEPT kinds of calls used last."""
        found = self.prepared.pop(key, None) or self.prepare(*key)
        self.prepared[key] = found
        if len(self.prepared) > KEPT:
            del self.prepared[next(iter(self.prepared))]
        return found

    def prepare(self, tokens, dtype, keep):
        """The rows of so many tokens, and what is done to them, made once."""
        v = np.zeros((self.rows, tokens), dtype)
        v[0] = 1
        steps, place = [], 0
        for first, last, how, functions in self.levels:
            count = last - first
            starts = self.starts[place : place + count + 1]
            place += count if how in HOWS else 0
            add = self.adding(v, v[first:last], how, starts)
            calls = [
                (f, v[a:b], v[k : k + b - a] if keep and k else None)
                for f, a, b, k in functions
                if f or k
            ]
            steps.append((add, calls))
        return v, steps

    def adding(self, v, xi, how, starts):
        """What adds up the excitations of a level, given the weights."""
        if ORDERED:
            if how == "ordered":  # term by term, as written: a threshold follows
                fan = np.diff(starts)
                terms = []
                for k in range(max(fan)):
                    rows = np.flatnonzero(fan > k)
                    terms.append((rows, starts[rows] + k))

                def add(w):
                    for rows, lines in terms:
                        xi[rows] += w[lines, None] * v[self.sources[lines]]

                return add
        if DENSE:
            if how != "sparse":
                start, low, high, bias = how
                end = start + len(xi) * (high - low)

                def add(w):
                    np.dot(w[start:end].reshape(len(xi), -1), v[low:high], xi)
                    if bias:
                        xi[...] += w[end : end + len(xi), None]

                return add
        return product(starts, self.sources, v, xi)

    def values(self, w, *outside, keep=False):
        """Every row: each level is a matrix times the rows before it. `keep`:
        also the excitations that slopes need. The next call overwrites it."""
        tokens = len(outside[0])
        w = w.astype(np.result_type(w, np.float32), copy=False)
        v, steps = self.rows_for(tokens, w.dtype, keep)
        row = 1
        for x in outside:
            x = x.reshape(tokens, int(np.prod(x.shape[1:]))).T
            v[row : row + len(x)] = x
            row += len(x)
        v[row:] = 0
        for add, calls in steps:
            add(w)
            for function, xi, kept in calls:
                if kept is not None:
                    kept[...] = xi
                if function:
                    function(xi, xi)
        return v

    def back(self, w, v, d):
        """From the gradients of all values, in the rows of d, to those of the
        excitations, in place: the levels from the last to the first."""
        order, starts, targets = self.backwards()
        numbers = w[order].astype(v.dtype, copy=False)
        d = d.astype(v.dtype, copy=False)
        for first, last, kind, functions in reversed(self.levels):
            rows = starts[first : last + 1]
            product(rows, targets, d, d[first:last])(numbers)
            for function, a, b, kept in functions:
                if function in SLOPES:
                    xi = v[kept : kept + b - a]
                    d[a:b] *= SLOPES[function](xi, v[a:b])
                if ASKED_FOR:
                    if (a, b) in ASKED:
                        d[a:b] += d[kept : kept + b - a]
            if DENSE:
                if kind not in HOWS:
                    start, low, high, _ = kind
                    end = start + (last - first) * (high - low)
                    matrix = w[start:end].reshape(last - first, -1)
                    d[low:high] += matrix.T @ d[first:last]
        return d

    def backwards(self):
        """The lines by where they come from: their order, starts, targets."""
        if self.out is None:
            order = np.argsort(self.sources, kind="stable")
            edges = np.arange(self.rows + 1)
            starts = np.searchsorted(self.sources[order], edges)
            self.out = order, starts.astype(np.int32), self.targets[order]
        return self.out

    def products(self, d, v):
        """The gradient of the lines: over the tokens, target times source."""
        result = np.zeros(COUNT, v.dtype)
        lines = result[: len(self.sources)]
        buffers = np.empty((2, min(CHUNK, len(lines)), d.shape[1]), d.dtype)
        for i in range(0, len(lines), CHUNK):
            some = slice(i, i + CHUNK)
            a, b = buffers[:, : len(lines[some])]
            d.take(self.targets[some], 0, a, "clip")  # "clip" needs no copy
            v.take(self.sources[some], 0, b, "clip")
            np.einsum("ij,ij->i", a, b, out=lines[some])
        if DENSE:
            for first, last, how, _ in self.levels:
                if how in HOWS:
                    continue
                start, low, high, bias = how
                end = start + (last - first) * (high - low)
                matrix = result[start:end].reshape(last - first, -1)
                np.dot(d[first:last], v[low:high].T, matrix)
                if bias:
                    result[end : end + last - first] = d[first:last].sum(axis=1)
        return result

    def pull(self, w, d):
        """What the lines carry back, from every node to every row."""
        order, starts, targets = self.backwards()
        result = np.zeros_like(d)
        product(starts, targets, d, result)(w[order].astype(d.dtype))
        if DENSE:
            for first, last, how, _ in self.levels:
                if how not in HOWS:
                    start, low, high, bias = how
                    end = start + (last - first) * (high - low)
                    matrix = w[start:end].reshape(last - first, -1)
                    result[low:high] += matrix.T @ d[first:last]
                    if bias:
                        result[0] += w[end : end + last - first] @ d[first:last]
        return result

    def sums(self, w, v):
        """The excitation of every node, in its row."""
        xi = np.zeros_like(v)
        place = 0
        for first, last, how, _ in self.levels:
            starts = self.starts[place : place + last - first + 1]
            place += last - first if how in HOWS else 0
            self.adding(v, xi[first:last], how, starts)(w)
        return xi
