"""How symbols are spelled: the diagram's own names, changed only where two would be one or Python objects."""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import ClassVar

from flowc.backends.code.fill import Tree
from flowc.backends.code.names import in_unicode
from flowc.backends.code.tree import Name
from flowc.graph.network import Network
from flowc.program.ir import Program, Symbol
from flowc.syntax.names import free

# What the generated module itself calls by name, on every backend: the same diagram has the same names everywhere.
MODULE = frozenset(
    [
        "np", "torch", "math", "random", "statistics", "sys", "NormalDist", "prod", "sqrt", "len", "range", "zip",
        "dict", "list", "tuple", "print", "slice", "super", "self", "initial_weights", "forward", "loss", "gradients",
        "learn", "selftest", "table", "data", "ROWS", "model", "loss_function", "NAMES", "uniform", "normal", "placed",
        "others", "weights", "rate", "seed", "fit", "steps", "CHUNK", "put", "collected", "product", "into", "relu",
        "logistic_rows", "Mesh", "TABLE", "SLOPES", "INPUTS", "TARGETS", "OUTPUTS", "WEIGHTS", "ORDER", "NODES", "HOWS",
        "SHAPES", "KEPT", "check_shapes", "ZERO", "ONE", "HALF", "csr_matvec", "csr_matvecs", "moved", "places",
        "joined", "terms", "rows_of", "Traced", "cache", "load_file", "load_numbers", "crc32", "Path", "few_forward",
        "few_gradients", "warnings", "deepcopy", "relu_backward", "logistic_backward", "tanh_backward", "__debug__",
        "__name__", "__doc__", "__file__", "__class__",
    ]
)  # fmt: skip

# What functions that hold inputs and targets, but nothing else of the diagram, use besides.
BESIDE_SAMPLES = frozenset(["abs", "rng", "eps", "_"])

# What a fixed weight, which is a global of the file, would take from all of its functions.
BESIDE_FIXED = frozenset(dir(builtins))

_DIGITS = re.compile(r"[^\d_]+(\d+)")


class NameTable:
    """Symbol -> identifier, injective. The author's names come first; derived ones give way to them.

    A language other than Python has a subclass: `reserved` are its own words and those of its files, `spelled` makes an
    identifier of a name.
    """

    reserved: ClassVar[frozenset[str]] = frozenset(keyword.kwlist) | MODULE

    @staticmethod
    def spelled(name: str) -> str:
        return in_unicode(name)

    def __init__(self, network: Network, program: Program, functions: Iterable[str] = ()):
        self._taken = {*self.reserved, *functions}
        self._next_counts: dict[str, int] = {}
        self._counted: dict[str, int] = {}  # of `f_1`, `f_2`, …: the numbers before this one are taken
        self._spelled: dict[Symbol, str] = {}
        self.owners: dict[Symbol, str] = {}  # temporary -> the node in whose formula it stands
        self.renamed: list[tuple[str, str]] = []  # (the diagram's name, ours) of inputs, targets, weights, nodes
        self._spell_as_written(network, program)
        self._spell_excitations(network, program)
        if program.loss:
            owner = program.loss.owner
            self._spelled[program.loss] = self.fresh("L" if owner in ("loss", "loss_") else self.spelled(owner))

    def __getitem__(self, symbol: Symbol) -> str:
        if symbol not in self._spelled:
            self._spelled[symbol] = self.fresh(self._derive_name(symbol))
        return self._spelled[symbol]

    def spell(self, symbols: Mapping[str, Symbol]) -> None:
        """Give these symbols these names, each of which `fresh` gave."""
        self._spelled |= {symbol: name for name, symbol in symbols.items()}

    def has(self, symbol: Symbol) -> bool:
        """Whether the symbol has a name already."""
        return symbol in self._spelled

    def symbols(self) -> dict[str, Symbol]:
        """All that have a name, by it."""
        return {name: symbol for symbol, name in self._spelled.items()}

    def fresh(self, base: str) -> str:
        """A name that nothing else has: `base`, `base_`, `base_2`, ...

        `__w` becomes `_w`: within a class Python takes it for a name of the class's own.
        """
        if base.startswith("__") and not base.endswith("__"):
            base = "_" + base.lstrip("_")
        name, count = base, self._next_counts.get(base, 1)
        while name in self._taken:
            name = base + "_" if count == 1 else f"{base}_{count}"
            count += 1
        self._next_counts[base] = count  # of thousands of one base none is tried twice
        self._taken.add(name)
        return name

    def _spell_as_written(self, network: Network, program: Program) -> None:
        """Names that code takes as they are keep them; then the others."""
        values = [s for s in program.activations.values() if not s.anonymous]
        symbols = dict.fromkeys([*program.inputs, *program.targets, *program.weights, *values])
        fixed = {w.name for w in network.weights if not w.learnt}
        beside = {s for s in symbols if s.kind in ("input", "target") and s.owner in BESIDE_SAMPLES}
        beside |= {s for s in symbols if s.kind == "weight" and s.owner in BESIDE_FIXED & fixed}
        as_written = [s for s in symbols if self.spelled(s.owner) == s.owner and s.owner not in self._taken and s not in beside]
        for symbol in as_written:
            self._spelled[symbol] = self.fresh(symbol.owner)
        for symbol in symbols:
            if symbol not in self._spelled:
                self._spelled[symbol] = self.fresh(self.spelled(symbol.owner) + "_" * (symbol in beside))
        self.renamed = [(s.owner, self._spelled[s]) for s in symbols if s.owner != self._spelled[s]]

    def _spell_excitations(self, network: Network, program: Program) -> None:
        """The author's `xi1`; else `xi1` for the h1 that alone has this digit; else `xi_h`."""
        by_author = {n.name: n.excitation_name for n in network.nodes if n.excitation_name}
        named = {name: s for name, s in program.excitations.items() if not s.anonymous}
        for node, name in by_author.items():
            if node in named:
                self._spelled[named[node]] = self.fresh(self.spelled(name))
        digits = {n: match[1] for n in named if n not in by_author and (match := _DIGITS.fullmatch(n))}
        counts = Counter(digits.values())
        for node, symbol in named.items():
            if node in by_author:
                continue
            numbered = f"xi{digits[node]}" if node in digits and counts[digits[node]] == 1 else ""
            short = numbered and numbered not in self._taken
            self._spelled[symbol] = self.fresh(numbered if short else f"xi_{self.spelled(node)}")

    def _next_part(self, owner: str) -> str:
        """The next of `f_1`, `f_2`, ... that is free; of a gradient's formula `t1`, `t2`, ..."""
        base = f"{self.spelled(owner)}_" if owner else "t"
        count = self._counted.get(base, 1)
        while f"{base}{count}" in self._taken:
            count += 1
        self._counted[base] = count
        return f"{base}{count}"

    def _derive_name(self, symbol: Symbol) -> str:
        if symbol.of is not None:
            return f"d_{self[symbol.of]}"
        if symbol.kind == "temporary":
            return self._next_part(self.owners.get(symbol, ""))
        return ("xi_" if symbol.kind == "excitation" else "") + self.spelled(symbol.owner)


def local(wanted: str, taken: Iterable[str]) -> str:
    """A name for a variable of a helper that is in none's way."""
    return free(wanted, set(taken))


def renamed(*names: str, taken: Iterable[str]) -> dict[str, Tree]:
    """For variables of a template other names, where their own are taken."""
    others = set(taken)
    return {name: Name(local(name, others)) for name in names if name in others}
