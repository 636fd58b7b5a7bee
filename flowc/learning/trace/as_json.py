"""A trace as JSON, for programs: every line with its formula, its numbers as they are written and as they are."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from flowc.learning.trace.formula_text import in_names, in_numbers
from flowc.learning.trace.model import Block, Gap, Line, Trace

FORM = 1  # changes when what is here changes its meaning


def as_json(trace: Trace) -> str:
    learnt = {"rate": trace.rate, "rate_from": trace.rate_from} if any(s.name == "step" for s in trace.sections) else {}
    document = {
        "form": FORM,
        "diagram": trace.diagram,
        "title": trace.title,
        "token": trace.token,
        **learnt,
        "sections": [{"name": s.name, "nodes": [_node_entry(b, trace) for b in s.blocks]} for s in trace.sections],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _node_entry(block: Block, trace: Trace) -> dict[str, Any]:
    lines = [{"left_out": line.count} if isinstance(line, Gap) else _line_entry(line, trace) for line in block.lines]
    return {"name": block.name, "lines": lines}


def _line_entry(line: Line, trace: Trace) -> dict[str, Any]:
    value = trace.numbers[line.left]
    entry: dict[str, Any] = {"what": line.what, "name": trace.names.name_of(line.left)}
    if line.formula is not None:
        entry |= {"formula": in_names(trace, line.formula), "numbers": in_numbers(trace, line.formula)}
    entry |= {"written": trace.written[line.left], "value": value if isfinite(value) else None}
    return entry if trace.holds(line) else {**entry, "holds": False}
