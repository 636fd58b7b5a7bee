"""What was compared, how far it is apart, and what rounding explains: as text, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from flowc.backends import BUILT_IN
from flowc.graph.column_names import element_of
from flowc.graph.network import Network, Weight
from flowc.graph.sizes import element_name
from flowc.nets.verifying.compare import Difference
from flowc.nets.verifying.verification import Group, Outcome

SHOWN = 10  # differences, as text
WORDS = {"node": "", "loss": "the loss", "gradient": "gradient of ", "excitation": "excitation of ", "learnt": "learnt "}


def as_text(network: Network, outcome: Outcome) -> str:
    table = _table_of_groups(network, outcome)
    blocks = [_head_line(network, outcome), table, *_wrong_lines(network, outcome), _note_lines(outcome)]
    return "\n".join(block for block in blocks if block)


def _head_line(network: Network, outcome: Outcome) -> str:
    drawn = sum(name.startswith("draw ") for name in outcome.rounds)
    on = [name for name in outcome.rounds if not name.startswith("draw ")]
    on += [f"{drawn} draw{'s' if drawn != 1 else ''} of random numbers"] if drawn else []
    return f"{network.name}: {'all agree' if outcome.agrees else 'not all agree'} on {' and '.join(on)}\n"


def _table_of_groups(network: Network, outcome: Outcome) -> str:
    rows = [("", "numbers", "largest difference", "rounding explains", "where")]
    for name, group in outcome.groups.items():
        if group.count:
            ways = f"{name}, {len(group.ways)} ways" if len(group.ways) > 1 else name
            rows.append((ways, f"{group.count:,}", *_worst_cells(network, group)))
    return "".join(line + "\n" for line in _align_columns(rows))


def _align_columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """The first and the last column to the left, numbers to the right."""
    first, *widths, _ = (max(map(len, column)) for column in zip(*rows, strict=True))
    for name, *numbers, where in rows:
        cells = [f"{name:<{first}}", *(f"{cell:>{width}}" for cell, width in zip(numbers, widths, strict=True)), where]
        yield "  ".join(cells).rstrip()


def _worst_cells(network: Network, group: Group) -> tuple[str, str, str]:
    """The difference that is largest beside what rounding explains, that, and where it is."""
    worst = group.worst
    if worst is None:
        return "", "", ""
    if worst.size == 0:
        return "none", "", ""
    way = f", {worst.way}" if len(group.ways) > 1 else ""
    return f"{worst.size:.1e}", f"{worst.allowed:.1e}", f"{place_of(network, worst)}, {_short_round(group.where)}{way}"


def _short_round(round: str) -> str:
    """`iris.csv` of "64 of 150 tokens of iris.csv"."""
    return round.rpartition(" of ")[2]


def _wrong_lines(network: Network, outcome: Outcome) -> list[str]:
    broken = {(way, why): round for round, way, why in reversed(outcome.broken)}  # the first round of each
    lines = [f"{way}: {why}, on {_short_round(round)}" for (way, why), round in broken.items()][::-1]
    lines += [_sentence_about(network, round, d) for round, d in outcome.wrong]
    if len(lines) > SHOWN:
        lines = [*lines[:SHOWN], f"… and {len(lines) - SHOWN} more; `--format json` has all"]
    ways = {d.way for _, d in outcome.wrong} | {way for _, way, _ in outcome.broken}
    is_own = any(way.split()[0].rstrip(",") in BUILT_IN for way in ways)
    if is_own:
        lines.append("this is a fault of flowc's own; please report it with the diagram")
    return ["\n".join(lines) + "\n"] if lines else []


def _sentence_about(network: Network, round: str, d: Difference) -> str:
    return (
        f"{d.way}: {place_of(network, d)} is {d.computed!r}, not {d.expected!r}: "
        f"{d.size:.1e} apart, where rounding explains {d.allowed:.1e}, on {_short_round(round)}"
    )


def _note_lines(outcome: Outcome) -> str:
    decided = outcome.decided
    differ = f"{decided or 'no'} result{'s differ' if decided > 1 else ' differs'} there"
    lines = [f"at a threshold: {where}; the last digit decides, and {differ}" for where in outcome.thresholds]
    lines += [f"not compared: {what}, {why}" for what, why in outcome.left_out.items()]
    if outcome.skipped:
        draws = f"{outcome.skipped} draw{'s' if outcome.skipped != 1 else ''}"
        lines.append(f"not compared: {draws}, too near to a threshold or not finite")
    return "".join(f"{line}\n" for line in lines)


def place_of(network: Network, d: Difference) -> str:
    """`h[2] for token 3`, `gradient of W[1, 2]`; tokens count from 1."""
    kind, name = d.key
    if kind == "loss":
        return WORDS[kind]
    if kind == "learnt" and not name:
        return f"the loss of step {d.place[0] + 1}"
    if kind in ("gradient", "learnt"):
        weight = next(w for w in network.weights if w.name == name)
        return f"{WORDS[kind]}{_element_of(weight, d.place)}"
    node = network.node(name)
    token, element = d.place[: len(d.place) - len(node.shape)], d.place[len(d.place) - len(node.shape) :]
    of = f" for token {token[0] + 1}" if token else ""
    return f"{WORDS[kind]}{element_of(node, element)}{of}"


def _element_of(weight: Weight, at: tuple[int, ...]) -> str:
    if not at:
        return weight.name
    words = [element_name(axis, k) for axis, k in zip(weight.axes, at, strict=True)]
    return f"{weight.name}[{','.join(words)}]"


# ----------------------------------------------------------------------------------------------------------------- JSON


def as_json(network: Network, outcome: Outcome) -> str:
    """One object."""
    document: dict[str, Any] = {
        "diagram": network.name,
        "agrees": outcome.agrees,
        "rounds": outcome.rounds,
        "compared": {name: _group_entry(network, group) for name, group in outcome.groups.items()},
        "differences": [{"on": round, **_difference_entry(network, d)} for round, d in outcome.wrong],
        "broken": [{"on": round, "way": way, "why": why} for round, way, why in outcome.broken],
        "thresholds": outcome.thresholds,
        "decided_there": outcome.decided,
        "not_compared": outcome.left_out,
        "draws_left_out": outcome.skipped,
    }
    return json.dumps(document, indent=2) + "\n"


def _group_entry(network: Network, group: Group) -> dict[str, Any]:
    largest = {"on": group.where, **_difference_entry(network, group.worst)} if group.worst else None
    return {"numbers": group.count, "ways": sorted(group.ways), "largest": largest}


def _difference_entry(network: Network, d: Difference) -> dict[str, Any]:
    numbers = {"found": d.computed, "expected": d.expected, "difference": d.size, "rounding": d.allowed}
    plain = {name: x if abs(x) < float("inf") else str(x) for name, x in numbers.items()}
    return {"way": d.way, "where": place_of(network, d), **plain}
