"""The catalogue: every code of every stage, once."""

from __future__ import annotations

from flowc.diagnostics.codes import files, graph, syntax
from flowc.diagnostics.codes.code import Code

_ALL = (*syntax.CODES, *graph.CODES, *files.CODES)

CODES: dict[str, Code] = {code.name: code for code in _ALL}

assert len(CODES) == len(_ALL), "two entries of the catalogue share a name"
