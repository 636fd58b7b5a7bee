"""Text of equations in plain ASCII: letters by their names, indices after `_` and `^`."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from flowc.maths.ascii import plain
from flowc.maths.symbols import ABOVE, BELOW, GREEK

MINUS = "−"
HIGH = str.maketrans("0123456789−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿ")
WORDS = {
    MINUS: "-", "∂": "d", "Σ": "sum", "∏": "prod", "⊙": ".*", "ᵀ": "^T", "←": "<-", "√": "sqrt", "≥": ">=", "≤": "<=",
    "…": "...", "⋯": "...", "⋮": "...", "⋱": "...", "‖": "||", "𝟏": "1", "𝒟": "D", "′": "'", "⌊": "floor(", "⌋": ")", "₌": "=",
    "⁽": "(", "⁾": ")", "⁻": "-", "×": "x", "·": "*", "ϵ": "epsilon", "ℒ": "loss",
}  # fmt: skip
SMALL = {chr(v): chr(k) for k, v in BELOW.items()} | {"₋": "-"}
RAISED = {chr(v): chr(k) for k, v in {**ABOVE, **HIGH}.items()} | {"⁽": "(", "⁾": ")", "⁻": "-"}
LETTERS = {letter: word for word, letter in GREEK.items()}


def in_ascii(text: str) -> str:
    """Letters by their names, indices after `_` and `^`."""
    words = []
    text = re.sub(r"√(\w+)", r"√(\1)", text)
    for kind, run in groupby(unicodedata.normalize("NFC", text), _kind_of_sign):
        signs = "".join(run)
        if kind == "below":
            words.append("_" + "".join(SMALL.get(c) or WORDS[c] for c in signs))
        elif kind == "above":
            words.append("^" + "".join(RAISED.get(c) or WORDS[c] for c in signs))
        else:
            words += [c if c.isascii() else WORDS.get(c) or LETTERS.get(c) or plain(c) for c in signs]
    return "".join(words)


def _kind_of_sign(c: str) -> str:
    return "below" if c in SMALL or c == "₌" else "above" if c in RAISED else ""
