"""Nodes in rows, in torch: sparse products are sums of rows, as of embeddings."""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch

# What a file decides: which kinds of levels it has, and whether there is a loss that takes excitations.
ORDERED = DENSE = ASKED_FOR = True
ASKED: list[tuple[int, int]] = []
SLOPES: dict[Callable[..., Any], Callable[..., Any]] = {}
TABLE: dict[str, torch.Tensor] = {}

HOWS = ("sparse", "ordered")  # the lines are kept row by row
KEPT = 4  # numbers of tokens that rows are kept for


@cache
def moved(name, dtype, device):
    """An array of TABLE in this type on this device, taken there once."""
    with torch.inference_mode(False):
        return torch.as_tensor(TABLE[name]).to(device, dtype)


@cache
def places(device, *rows):
    """Rows as an index, made once: nothing waits for the device."""
    with torch.inference_mode(False):
        return torch.tensor(rows, device=device)


def joined(end, like, *weights):
    """The weights of all lines: each a factor, or that times a weight."""
    parts = [like.new_ones(1), *(w.reshape(-1) for w in weights)]
    slots = moved(f"slots{end}", torch.int64, like.device)
    factors = moved(f"factors{end}", like.dtype, like.device)
    return factors * torch.cat(parts).index_select(0, slots)


def collected(end, d, first, last, shape):
    """The gradient of one weight: the sum of those of its lines."""
    slots = moved(f"slots{end}", torch.int64, d.device)
    d = d * moved(f"factors{end}", d.dtype, d.device)
    sums = d.new_zeros(last + 1).index_add(0, slots.clamp(max=last), d)
    return sums[first:last].reshape(shape)


def put(x, rows, count):
    """Rows of zeros, with the columns of x as these."""
    result = x.new_zeros(count, len(x))
    if isinstance(rows, slice):
        result[rows] = x.T
        return result
    return result.index_copy(0, places(x.device, *rows), x.T)


def product(lines, w, v):
    """A sparse matrix, kept in rows, times v: each row sums rows of v."""
    first, last, starts, columns = lines
    numbers = w[first:last]
    total = 0  # the way to put rows together: torch counts sum, mean, max
    return torch.embedding_bag(
        v, columns, starts, False, total, False, numbers, True
    )[0]


def rows_of(starts, columns, first, last):
    """Some rows of a sparse matrix: which of its numbers, and where."""
    a, b = starts[first].item(), starts[last].item()
    return a, b, starts[first : last + 1] - a, columns[a:b]


def into(function):
    """The function called as torch's are, with the tensor for its result."""

    def called(xi, out):
        return out.copy_(function(xi))

    return called


def relu_rows(xi, out):
    """max(0, xi)"""
    return torch.clamp_min(xi, 0, out=out)


def terms(first, _, starts, columns):
    """The first lines of all rows, the second lines, and so on."""
    found = []
    fan = starts.diff()
    for k in range(fan.max()):
        rows = (fan > k).nonzero()[:, 0]
        lines = starts[rows] + k
        found.append((rows, lines + first, columns[lines]))
    return found


class Mesh:
    """Nodes in rows, a column for each token: row 0 is the constant 1, then
    come the values from outside, then the nodes, level after level."""

    def __init__(self, rows, levels, end, count):
        self.rows, self.levels, self.count = rows, levels, count
        self.starts = moved(f"starts{end}", torch.int64, "cpu")
        self.sources = moved(f"sources{end}", torch.int64, "cpu")
        self.prepared, self.made = {}, {}

    def lines(self, device):
        """The lines into each level, on this device, found once."""
        if device not in self.prepared:
            starts, sources = self.starts.to(device), self.sources.to(device)
            found, place = [], 0
            for first, last, how, _ in self.levels:
                end = place + last - first
                lines = None
                if how in HOWS:
                    lines = rows_of(starts, sources, place, end)
                    place = end
                if ORDERED:
                    if how == "ordered":
                        lines = terms(*lines)
                found.append(lines)
            self.prepared[device] = found
        return self.prepared[device]

    def rows_for(self, *key):
        """What `prepare` makes, kept for the KEPT kinds of calls used last."""
        found = self.made.pop(key, None) or self.prepare(*key)
        self.made[key] = found
        if len(self.made) > KEPT:
            del self.made[next(iter(self.made))]
        return found

    @torch.inference_mode(False)
    def prepare(self, device, dtype, tokens):
        """The rows of so many tokens, and what is done to them, made once."""
        v = torch.zeros(self.rows, tokens, dtype=dtype, device=device)
        v[0] = 1
        steps = []
        levels = zip(self.levels, self.lines(device), strict=True)
        for (first, last, how, functions), lines in levels:
            add = self.adding(v, v[first:last], how, lines)
            calls = [
                (f, v[a:b], v[k : k + b - a] if k else None)
                for f, a, b, k in functions
                if f or k
            ]
            steps.append((add, calls))
        return v, steps

    def adding(self, v, xi, how, lines):
        """What adds up the excitations of a level, given the weights."""
        if ORDERED:
            if how == "ordered":  # term by term, as written: a threshold follows

                def add(w):
                    xi.zero_()
                    for rows, numbers, columns in lines:
                        xi[rows] += w[numbers, None] * v[columns]

                return add

        if DENSE:
            if how not in HOWS:
                start, low, high, bias = how
                end = start + len(xi) * (high - low)
                rows = v[low:high]

                def add(w):
                    matrix = w[start:end].reshape(len(xi), -1)
                    if bias:
                        b = w[end : end + len(xi), None]
                        torch.addmm(b, matrix, rows, out=xi)
                    else:
                        torch.mm(matrix, rows, out=xi)

                return add

        return lambda w: xi.copy_(product(lines, w, v))

    @torch.no_grad()
    def values(self, w, *outside, keep=False):
        """Every row: each level is a matrix times the rows before it. `keep`:
        also the excitations that slopes need. The next call overwrites it."""
        tokens = len(outside[0])
        v, steps = self.rows_for(w.device, w.dtype, tokens)
        row = 1
        for x in outside:
            x = x.reshape(tokens, x.shape[1:].numel()).T
            v[row : row + len(x)] = x
            row += len(x)
        for add, calls in steps:
            add(w)
            for function, xi, kept in calls:
                if keep and kept is not None:
                    kept.copy_(xi)
                if function:
                    function(xi, out=xi)
        return v

    @torch.no_grad()
    def back(self, w, v, d):
        """From the gradients of all values, in the rows of d, to those of the
        excitations, in place: the levels from the last to the first."""
        order, backwards, _ = self.backwards(w.device)
        numbers = w.index_select(0, order)
        levels = reversed([*zip(self.levels, backwards, strict=True)])
        for (first, last, how, functions), lines in levels:
            d[first:last].add_(product(lines, numbers, d))
            for function, a, b, kept in functions:
                if function in SLOPES:
                    xi = v[kept : kept + b - a] if kept else None
                    d[a:b].mul_(SLOPES[function](xi, v[a:b]))
                if ASKED_FOR:
                    if (a, b) in ASKED:
                        d[a:b].add_(d[kept : kept + b - a])
            if DENSE:
                if how not in HOWS:
                    start, low, high, _ = how
                    end = start + (last - first) * (high - low)
                    matrix = w[start:end].reshape(last - first, -1)
                    d[low:high].addmm_(matrix.T, d[first:last])
        return d

    def ends(self, device):
        """Where each line comes from, and where it leads."""
        key = "ends", device
        if key not in self.prepared:
            nodes = [
                torch.arange(first if how in HOWS else last, last)
                for first, last, how, _ in self.levels
            ]
            targets = torch.cat(nodes).repeat_interleave(self.starts.diff())
            self.prepared[key] = self.sources.to(device), targets.to(device)
        return self.prepared[key]

    def backwards(self, device):
        """The lines by where they come from: their order, those out of each
        level, and all."""
        key = "back", device
        if key not in self.prepared:
            sources, targets = self.ends(device)
            order = sources.argsort(stable=True)
            edges = torch.arange(self.rows + 1, device=device)
            starts = torch.searchsorted(sources[order], edges)
            rows = [(a, b) for a, b, _, _ in self.levels] + [(0, self.rows)]
            found = [rows_of(starts, targets[order], *some) for some in rows]
            self.prepared[key] = order, found[:-1], found[-1]
        return self.prepared[key]

    @torch.no_grad()
    def products(self, d, v):
        """The gradient of the lines: over the tokens, target times source."""
        sources, targets = self.ends(d.device)
        result = v.new_zeros(self.count)
        if len(sources):
            # what torch has for the weights of `product`, of all lines at once
            pairs = torch.ops.aten._embedding_bag_per_sample_weights_backward
            found = pairs(d, v, sources, targets[:1], targets, 0)
            result[: len(sources)] = found
        if DENSE:
            for first, last, how, _ in self.levels:
                if how in HOWS:
                    continue
                start, low, high, bias = how
                end = start + (last - first) * (high - low)
                matrix = d[first:last] @ v[low:high].T
                result[start:end] = matrix.reshape(-1)
                if bias:
                    result[end : end + last - first] = d[first:last].sum(dim=1)
        return result

    @torch.no_grad()
    def pull(self, w, d):
        """What the lines carry back, from every node to every row."""
        order, _, lines = self.backwards(w.device)
        result = product(lines, w.index_select(0, order), d)
        if DENSE:
            for first, last, how, _ in self.levels:
                if how not in HOWS:
                    start, low, high, bias = how
                    end = start + (last - first) * (high - low)
                    matrix = w[start:end].reshape(last - first, -1)
                    result[low:high].addmm_(matrix.T, d[first:last])
                    if bias:
                        result[0] += w[end : end + last - first] @ d[first:last]
        return result

    @torch.no_grad()
    def sums(self, w, v):
        """The excitation of every node, in its row."""
        xi = torch.zeros_like(v)
        levels = zip(self.levels, self.lines(w.device), strict=True)
        for (first, last, how, _), lines in levels:
            self.adding(v, xi[first:last], how, lines)(w)
        return xi


class Traced(torch.autograd.Function):
    """The values of a mesh, for autograd: its own way back."""

    @staticmethod
    def forward(ctx, mesh, w, *outside):
        v = mesh.values(w, *outside, keep=True)
        if any(ctx.needs_input_grad):
            v = v.clone()  # kept for the way back
        ctx.mesh, ctx.shapes = mesh, [x.shape for x in outside]
        ctx.save_for_backward(w, v)
        return v

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, d):
        w, v = ctx.saved_tensors
        d = d.clone(memory_format=torch.contiguous_format)
        d = ctx.mesh.back(w, v, d)
        found = [ctx.mesh.products(d, v) if ctx.needs_input_grad[1] else None]
        if not any(ctx.needs_input_grad[2:]):
            return None, *found, *(None for _ in ctx.shapes)
        pulled, row = ctx.mesh.pull(w, d), 1
        for shape in ctx.shapes:
            count = shape[1:].numel()
            found.append(pulled[row : row + count].T.reshape(shape))
            row += count
        return None, *found
