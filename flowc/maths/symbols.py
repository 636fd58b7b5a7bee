"""Names of a diagram as symbols: `xi_h1` is ξ with the index h₁, `xhat` a hat over x, Greek names are Greek."""

from __future__ import annotations

import re
import unicodedata

from flowc.maths.ascii import identifier, plain
from flowc.records import Record

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
ACCENTS = {
    "hat": (r"\hat", "\u0302"),
    "tilde": (r"\tilde", "\u0303"),
    "bar": (r"\bar", "\u0304"),
    "dot": (r"\dot", "\u0307"),
}
BELOW = str.maketrans("0123456789+−aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")  # all that Unicode has
ABOVE = str.maketrans("0123456789abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
EXACT = {
    "<": "$<$", ">": "$>$", "|": "$|$", "-": "-{}", ",": ",{}", "'": r"\textquotesingle{}", "`": r"\textasciigrave{}",
    '"': r"\textquotesingle\textquotesingle{}",
}  # fmt: skip
_LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=,)(?=,)|(?<=')(?=')|(?<=[`?!])(?=`)")  # between signs that would become one
_OTHER_SIGNS = re.compile("""[<>|"'`]|-(?=-)|,(?=,)""")


class Sign(Record):
    """A letter or a word of mathematics, in LaTeX and in plain text."""

    latex: str
    text: str


def signs(name: str) -> tuple[Sign, ...]:
    """What a name stands for: a letter or word, and after it its indices. What follows `_`, and digits at the end, are indices."""
    parts = [_split_digits(part) for part in unicodedata.normalize("NFC", name).split("_") if part]
    if not parts:
        return (Sign(r"\_", name),)
    (word, digits), *others = parts
    below = [Sign(digits, digits)] if digits and word else []
    return (_sign_of_word(word or digits), *below, *(_sign_with_index(letters, end) for letters, end in others))


def _sign_of_word(word: str) -> Sign:
    return Sign(_latex_letters(_spell_word(word)), _unicode_sign(word))


def _sign_with_index(word: str, digits: str) -> Sign:
    if not word or not digits:
        return _sign_of_word(word or digits)
    return Sign(f"{_latex_letters(_spell_word(word))}_{{{digits}}}", _unicode_sign(word) + digits)


def _spell_word(word: str) -> str:
    """Latin words as they are, `größe`; `xhat` for x̂, `sigma` for σ."""
    accented = len(word) == 1 and identifier(word) not in (word, identifier(unicodedata.normalize("NFD", word)[0]))
    return word if not accented and all(c.isascii() or is_latin(c) for c in word) else identifier(word)


def latex(name: str) -> str:
    """A name in LaTeX's mathematics: `\\xi_{h_{1}}` of `xi_h1`."""
    word, *below = signs(name)
    return word.latex + (f"_{{{','.join(sign.latex for sign in below)}}}" if below else "")


def unicode(name: str) -> str:
    """A name in plain text: `ξₕ₁`; `W_h,x` where Unicode has no such index."""
    word, *below = signs(name)
    return word.text + lowered(",".join(sign.text for sign in below))


def lowered(index: str) -> str:
    """An index in Unicode's small letters; after `_` where one is missing."""
    small = index.translate(BELOW)
    return small if not set(small) & set(index) else f"_{index}"


def raised(index: str) -> str | None:
    """An index in Unicode's raised letters, in brackets; None where one is missing."""
    high = index.translate(ABOVE)
    return f"⁽{high}⁾" if not set(high) & set(index) else None


def latex_words(text: str) -> str:
    """Someone's words in LaTeX's text mode: no sign commands it, and letters beyond Latin are spelled out."""
    return _escape_line(_one_line(text))


def latex_signs(text: str) -> str:
    """The same as it stands: no ligature, no sign in whose place the old fonts have another."""
    return _OTHER_SIGNS.sub(lambda found: EXACT[found[0]], latex_words(text))


def latex_text(text: str) -> str:
    """Someone's words within LaTeX's mathematics: `\\text{age }<\\text{ 30}`."""
    parts = re.split(r"([<>|])", _one_line(text) or " ")
    return "".join(part if k % 2 else _text_box(part) for k, part in enumerate(parts) if part)


def _text_box(words: str) -> str:
    """Signs of which LaTeX would make one, as `--`, stand in boxes of their own."""
    return "".join(f"\\text{{{_escape_line(part)}}}" for part in _LIGATURE.split(words))


def _one_line(text: str) -> str:
    letters = "".join(c if c.isascii() and c.isprintable() or is_latin(c) else plain(c) or " " for c in text)
    return " ".join(letters.split())


def _escape_line(line: str) -> str:
    return "".join(SPECIAL.get(c, c) for c in line)


def _split_digits(part: str) -> tuple[str, str]:
    """The letters of a part of a name, and the digits at its end."""
    match = re.fullmatch(r"(.*?)([0-9]*)", part, re.DOTALL)
    assert match is not None
    return match[1], match[2]


def _latex_letters(word: str) -> str:
    if not word.isascii() or not word.isalnum():
        return latex_text(word) if word else ""
    if len(word) == 1:
        return word
    if word in GREEK:
        return f"\\{word}"
    stem, end = _split_accent(word)
    return f"{ACCENTS[end][0]}{{{_latex_letters(stem)}}}" if end else f"\\mathrm{{{word}}}"


def _unicode_sign(word: str) -> str:
    stem, end = _split_accent(word)
    return GREEK.get(word) or (_unicode_sign(stem) + ACCENTS[end][1] if end else word)


def _split_accent(word: str) -> tuple[str, str]:
    """`xhat` as `x` and `hat`; other words whole."""
    for end in ACCENTS:
        stem = word.removesuffix(end)
        if stem != word and (len(stem) == 1 or stem in GREEK):
            return stem, end
    return word, ""


def is_latin(character: str) -> bool:
    return ord(character) < 0x180 and "LATIN" in unicodedata.name(character, "") and unicodedata.normalize("NFKC", character) == character
