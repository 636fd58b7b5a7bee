"""Labels: mathematics or words, and how they are read aloud."""

from __future__ import annotations

from collections.abc import Sequence

from flowc.maths.labels import formula_of
from flowc.maths.symbols import is_latin, latex_signs, latex_text
from flowc.program.notation import Symbol
from flowc.records import Record

DIGITS = 3  # of the numbers of a token
LONG = 7  # signs of a number: one with more is rounded
LONGEST = 24  # signs of a label's words; the alt text has them all
MOST = 600  # signs of a formula in LaTeX: of a longer one the words are set, as far as there is room


class Label(Record):
    """`latex` is what mathematics says; None for words, which are `text` as it stands."""

    text: str
    latex: str | None = None

    @property
    def tex(self) -> str:
        """For LaTeX's text mode."""
        return f"${self.latex}$" if self.latex is not None else latex_signs(self.text)


BLANK = Label("to be filled in", r"\square")  # drawn as an empty box
BOX = Label("□", r"\square")  # behind the name of what is to be filled in


def of_symbol(symbol: Symbol) -> Label:
    """Mathematics; where the name has letters that mathematics does not, its words."""
    plain = all(c.isascii() or c in _SET or is_latin(c) for c in symbol.text)
    return mathematics(symbol.text, symbol.latex) if plain else words(symbol.text)


def of_author(label: str) -> Label:
    """What an author wrote between quotes."""
    formula = formula_of(label)
    return words(label) if formula is None else mathematics(label.strip().strip("$"), formula)


def mathematics(text: str, latex: str) -> Label:
    """A formula, and how it is read aloud; of one that is very long its words."""
    return Label(text, latex) if len(latex) <= MOST else words(text)


def sized(named: Label | None, sizes: Sequence[str]) -> Label:
    """`h ∈ ℝ³`, `h ∈ ℝᴰ`, or the size alone."""
    text, latex = f"ℝ^{'×'.join(sizes)}", "\\mathbf{R}^{" + "\\times ".join(sizes) + "}"
    if named is None:
        return Label(text, latex)
    return Label(f"{named.text} ∈ {text}", rf"{named.latex if named.latex is not None else latex_text(named.text)} \in {latex}")


def equated(name: Label, value: Label) -> Label:
    """`w₁₁ = 0.5`."""
    return Label(f"{name.text} = {value.text}", f"{name.latex} = {{{value.latex}}}" if name.latex and value.latex else None)


def words(text: str) -> Label:
    """On one line, and not too long."""
    line = " ".join("".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text).split())
    return Label(shortened(line, LONGEST))


def shortened(line: str, most: int) -> str:
    """So many signs at most."""
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def with_function(title: str, function: str) -> Label:
    """`a layer (tanh)`: where there is too much, what it computes is read, and less of its title."""
    computed = words(f"({function})").text
    return Label(f"{shortened(words(title).text, max(LONGEST - len(computed) - 1, 2))} {computed}")


def number(value: float, digits: int | None = None) -> Label:
    """A number with so many digits that count, `−0.593`, `1.2·10⁻⁵`; without `digits` as it is, if that is short."""
    text = shortest(value)
    if digits is not None or len(text) > LONG:
        text = rounded(value, digits or 4)
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return Label(text.replace("-", "−").replace("inf", "∞"), text.replace("inf", r"\infty").replace("nan", r"\mathrm{nan}"))
    power = str(int(exponent))
    return Label(f"{mantissa}e{power}".replace("-", "−"), rf"{mantissa}{{\cdot}}10^{{{power}}}")


def shortest(value: float) -> str:
    """The shortest digits that give the number."""
    text = repr(float(value))
    return text.removesuffix(".0") if "e" not in text else text.replace(".0e", "e")


def rounded(value: float, digits: int) -> str:
    """So many digits that count, and all before the point; without zeros at the end, never a zero with a minus."""
    if 10**digits <= abs(value) < 10**6:
        return f"{value:.0f}"
    text = f"{value:.{digits}g}"
    short = shortest(float(text)) if float(text) else "0"
    return short if len(short) <= digits + 3 else text


_SET = frozenset("ξδαβγεζηθικλμνπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ⁽⁾⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ\u0302\u0303\u0304\u0307−∞")
