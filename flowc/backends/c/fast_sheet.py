"""One diagram about to be printed in fast C: names of tiles, its meshes, and nests that know both."""

from __future__ import annotations

from math import prod

from flowc.backends.backend import Options
from flowc.backends.c.fast_nest import TileNest, TokenNest
from flowc.backends.c.fast_words import FastCWords
from flowc.backends.c.helpers import template_names
from flowc.backends.c.mesh import Meshes
from flowc.backends.c.sheet import CSheet
from flowc.backends.code.tree import Expression, Index, Name, Number
from flowc.backends.loops.elements import flat_place
from flowc.backends.loops.loops import At, Atom
from flowc.backends.loops.tiles import Words
from flowc.backends.python import expression as e
from flowc.graph.network import Network
from flowc.program.ir import Program, Symbol
from flowc.program.ops import MeshValues

WIDTH = 64  # tokens of a tile
RESERVED = ("TILE", "APART", "group", "level", "mesh", "apply_function", "apply_slope", "function", "uint32_t", "uint64_t")


class FastSheet(CSheet):
    """`lane`: the token within a tile, of which there are `count`, and `most` in the first one."""

    words: FastCWords
    longest = 4_000_000

    def __init__(self, network: Network, program: Program, options: Options):
        super().__init__(network, program, options, (*template_names(), *template_names("fast"), *RESERVED))
        self.words = FastCWords(self.kind)
        fresh = self.names.fresh
        self.lane, self.count, self.most = fresh("u"), fresh("tokens"), fresh("most")
        self.tiles = {s: fresh(f"{self.names[s]}_rows") for s in (*self.samples, *self.outputs) if s.type.shape}
        self.meshes = Meshes(self.words, fresh)

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def has_mesh(self) -> bool:
        return any(isinstance(s.op, MeshValues) for s in self.program.steps)

    # ------------------------------------------------------------------------------------------------------------- atoms

    def lane_atom(self, symbol: Symbol) -> Atom:
        """An input, a target or an output of one token of the tile: a number in its array, or rows of the tile's own."""
        if not symbol.type.shape:
            place = e.total([(1, Name(self.token)), (1, Name(self.lane))])
            return lambda at: Index(Name(self.names[symbol]), (place,))
        rows, shape = Name(self.tiles[symbol]), symbol.type.shape
        return lambda at: Index(rows, (flat_place(at, shape),)) if at else rows

    # ------------------------------------------------------------------------------------------------------------- nests

    def nest(self, atoms: dict[Symbol, Atom]) -> TokenNest:
        return self._nest(TokenNest, atoms).with_meshes(self.meshes)

    def tile_nest(self, atoms: dict[Symbol, Atom]) -> TileNest:
        nest = self._nest(TileNest, atoms)
        nest.with_meshes(self.meshes)
        return nest

    def tile_words(self) -> Words:
        return Words(
            self.lane, Name(self.count), Name(self.most), "TILE", self.width, self.kind, self.words.number(0.0), self.words.row_functions,
            self.names.fresh, self.words.helper,
        )  # fmt: skip

    def numbers_of(self, symbol: Symbol) -> Number:
        """How many each token has."""
        return Number(str(prod(symbol.type.shape)))

    def flat(self, at: At, symbol: Symbol) -> Expression:
        return flat_place(at, symbol.type.shape)
