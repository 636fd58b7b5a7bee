"""What the groups of a picture are called in its file: SVG's ids and TikZ's names, no two of them alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from flowc.drawing.picture import Group

OF_THE_FILE = ("title", "desc")  # ids that SVG has beside those of its groups


def identifier(name: str) -> str:
    """Letters, digits, `_` and `-`; other signs by their number. Not injective: `ξ` and `u3be` are one here."""
    return re.sub(r"[^A-Za-z0-9_-]", lambda found: f"u{ord(found[0]):x}", name)


def told_apart(groups: Sequence[Group]) -> tuple[Group, ...]:
    """The groups by identifiers, each its own. Circles keep theirs, as people annotate them; others give way: `h-2`."""
    used = {*OF_THE_FILE, ""}
    names = [""] * len(groups)
    for k in sorted(range(len(groups)), key=lambda k: groups[k].kind != "node"):
        if groups[k].name:
            names[k] = _free_identifier(identifier(groups[k].name), used)
            used.add(names[k])
    return tuple(replace(group, name=name) for group, name in zip(groups, names, strict=True))


def _free_identifier(wanted: str, taken: Iterable[str]) -> str:
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}-{count}"
    return name
