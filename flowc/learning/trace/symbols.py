"""Names of a diagram as LaTeX: `xi_h1` is \\xi_{h_{1}}, `xhat` a hat over x, Greek names are Greek."""

from __future__ import annotations

import re
import unicodedata

from flowc.backends.python.text import identifier, plain

GREEK = frozenset(
    [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
        "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi",
        "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
    ]
)  # fmt: skip
ACCENTS = {"hat": r"\hat", "tilde": r"\tilde", "bar": r"\bar", "dot": r"\dot"}
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def symbol(name: str) -> str:
    """A name as a symbol: what follows `_`, and digits at the end, are its index."""
    parts = [part for part in identifier(name).split("_") if part]
    if not parts:
        return r"\_"
    base, digits = _split(parts[0])
    below = [*([digits] if digits else []), *map(_index, parts[1:])]
    return base + (f"_{{{','.join(below)}}}" if below else "")


def _index(part: str) -> str:
    base, digits = _split(part)
    return f"{base}_{{{digits}}}" if digits and base else base or digits


def _split(part: str) -> tuple[str, str]:
    """The letters of a name as LaTeX, and the digits at its end."""
    found = re.fullmatch(r"(.*?)(\d*)", part)
    assert found is not None
    return _letters(found[1]), found[2]


def _letters(word: str) -> str:
    if len(word) <= 1:
        return word
    if word in GREEK:
        return f"\\{word}"
    for end, accent in ACCENTS.items():
        stem = word.removesuffix(end)
        if stem != word and (len(stem) == 1 or stem in GREEK):
            return f"{accent}{{{_letters(stem)}}}"
    return f"\\mathrm{{{escaped(word)}}}"


def escaped(text: str) -> str:
    """Someone's words in LaTeX's text mode: no sign commands it, and letters beyond Latin are spelled out."""
    kept = "".join(c if c.isascii() and c.isprintable() or _latin(c) else plain(c) or " " for c in text)
    return "".join(SPECIAL.get(c, c) for c in " ".join(kept.split()))


def _latin(character: str) -> bool:
    return "LATIN" in unicodedata.name(character, "") and unicodedata.normalize("NFKC", character) == character
