"""What to say about characters and operators that the language does not have."""

from __future__ import annotations

import unicodedata

_DASH = "write `-`"
_QUOTE = "write a plain `\"` or `'`"
_ARROW = "an arrow is written `->`"
COMPARED = "there are no comparisons in a diagram"
COMPARISON = (COMPARED, "`step(x - 1)` is 1 where x ≥ 1, and 0 elsewhere")

# Operators of other languages: what it is, and the way out.
OPERATORS = {
    "**": ("a power is written `^`", "write `x^2`"),
    "==": ("an equation has one `=`", "write `=`"),
    ":=": ("an equation has `=` alone", "write `=`"),
    "=>": (_ARROW, "write `->`"),
    "<-": ("arrows point from left to right", "write `source -> target`"),
    "<->": ("arrows point from left to right", "write `source -> target`"),
    "<=": COMPARISON,
    ">=": COMPARISON,
    "<": COMPARISON,
    ">": COMPARISON,
    "!=": COMPARISON,
    "+=": ("a node has one equation", "write the whole sum on its right side"),
    "-=": ("a node has one equation", "write the whole sum on its right side"),
    "*=": ("a node has one equation", "write the whole product on its right side"),
    "~=": ("`=` keeps a weight at its value, `~` lets it learn", "write one of them"),
    "=~": ("`=` keeps a weight at its value, `~` lets it learn", "write one of them"),
    "++": ("`++` is no operator", ""),
    "/*": ("`/*` begins no comment", "a comment begins with `#`"),
    "//": ("`//` is no operator", "division is `/`, a comment begins with `#`"),
    ".*": ("products are taken element by element anyway", "write `*`"),
    "./": ("quotients are taken element by element anyway", "write `/`"),
    ".^": ("powers are taken element by element anyway", "write `^`"),
}

CHARACTERS = {
    "‐": ("a hyphen that is no minus", _DASH),
    "‑": ("a non-breaking hyphen", _DASH),
    "‒": ("a figure dash", _DASH),
    "–": ("an en dash", _DASH),
    "—": ("an em dash", _DASH),
    "―": ("a horizontal bar", _DASH),
    "“": ("a curly quote", _QUOTE),
    "”": ("a curly quote", _QUOTE),
    "„": ("a low quote", _QUOTE),
    "‘": ("a curly quote", _QUOTE),
    "’": ("a curly quote", _QUOTE),
    "«": ("a guillemet", _QUOTE),
    "»": ("a guillemet", _QUOTE),
    "`": ("a backquote", _QUOTE),
    "´": ("an accent without a letter", _QUOTE),
    "×": ("a multiplication sign", "write `*`"),
    "·": ("a middle dot", "write `*`"),
    "⋅": ("a dot operator", "write `*`"),
    "∗": ("an asterisk operator", "write `*`"),
    "÷": ("a division sign", "write `/`"),
    "∕": ("a division slash", "write `/`"),
    "⊙": ("an elementwise product", "write `*`, which is taken element by element"),
    "∘": ("a ring operator", "write `*`, or a function as `f(x)`"),
    "√": ("a root sign", "write `sqrt(x)`"),
    "∑": ("a sum sign", "write `sum(x)`"),
    "∏": ("a product sign", "write `product(x)`"),
    "∞": ("infinity, which is no number here", ""),
    "⟶": ("a long arrow", "write `->`"),
    "➔": ("an ornamental arrow", "write `->`"),
    "➝": ("an ornamental arrow", "write `->`"),
    "⇒": ("a double arrow", "write `->`"),
    "↦": ("a mapping arrow", "write `->`"),
    "←": ("an arrow to the left", "arrows point from left to right: write `source -> target`"),
    "≤": ("a comparison", ""),
    "≥": ("a comparison", ""),
    "≠": ("a comparison", ""),
    "≈": ("an almost-equal sign", "write `=`, or `~` for a weight that learns"),
    "∼": ("a tilde operator", "write `~`"),
    "…": ("an ellipsis", "write every element, or a range as `1..9`"),
    "ᵀ": ("a raised T", "the transpose is written `W^T`"),
    "⊤": ("a tack", "the transpose is written `W^T`"),
    "′": ("a prime", "no name holds a prime: write `h2`, or give the node a label"),
    "\u200b": ("a zero-width space", "delete it"),
    "\u200c": ("a zero-width non-joiner", "delete it"),
    "\u200d": ("a zero-width joiner", "delete it"),
    "\u2060": ("a word joiner", "delete it"),
    "\u00ad": ("a soft hyphen", "delete it"),
    "!": ("no operator of the language", ""),
    "?": ("no operator of the language", ""),
    "%": ("no operator of the language", "a comment begins with `#`"),
    "&": ("no operator of the language", "several nodes are separated by `,`"),
    "$": ("not part of a name", 'mathematics stands in a label: `node h "$h_1$"`'),
    "\\": ("not part of a name", "Greek letters are written as they are, `ξ`, or by their names, `xi`"),
}


def describe(character: str) -> tuple[str, str] | None:
    """What a character is, and the way out; None for one that the language has."""
    if character in CHARACTERS:
        return CHARACTERS[character]
    if ord(character) < 128 or character.isalnum():
        return None
    plain = unicodedata.normalize("NFKC", character)
    name = unicodedata.name(character, "an unknown character").lower()
    if plain != character and len(plain) == 1 and plain in "()[]{}=~+-*/@^|:;,.#'\"":
        return name, f"write `{plain}`"
    return name, "names are made of letters, digits and `_`"
