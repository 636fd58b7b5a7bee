"""A trace as LaTeX, for `\\input`: an `align*` of amsmath for each section."""

from __future__ import annotations

from collections.abc import Iterator

from flowc.equations.functions import XI, define_functions
from flowc.equations.tree import Derivative, Name
from flowc.equations.typeset import formula
from flowc.formulas.latex import powers_of_ten
from flowc.learning.trace.formula import Formula
from flowc.learning.trace.formula_latex import WIDE, Setting, in_figures, in_symbols, quantity_in_latex
from flowc.learning.trace.formula_text import in_names, in_numbers
from flowc.learning.trace.model import Gap, Line, Section, Trace
from flowc.learning.trace.prose import CLOSE, title_of
from flowc.learning.trace.symbols import TraceSymbols
from flowc.maths.symbols import latex_signs, latex_words
from flowc.program.notation import Notation


def as_latex(trace: Trace, deltas: bool = True) -> str:
    """Needs `\\usepackage{amsmath}`. `deltas`: the loss's derivative by an excitation is δ, else it is written out."""
    blocks = ["% needs \\usepackage{amsmath}"]
    blocks += [latex_signs(part) for part in (title_of(trace), trace.token) if part]
    blocks += ["\n".join(_section_lines(section, trace, deltas)) for section in trace.sections]
    if meanings := [*spell_meanings(trace, deltas)]:
        blocks.append("\n".join(["where", "\\begin{itemize}", *(f"  \\item ${line}$" for line in meanings), "\\end{itemize}"]))
    if trace.close:
        blocks.append("$\\approx$: " + latex_words(CLOSE.removeprefix("≈: ")))
    return "\n\n".join(blocks) + "\n"


def spell_meanings(trace: Trace, deltas: bool = True) -> Iterator[str]:
    """The functions by name, and what δ is."""
    yield from (f"{formula(left)} = {formula(right)}" for left, right in define_functions(trace.functions))
    if deltas and any(section.name == "backward" for section in trace.sections) and trace.xi:
        yield rf"\delta = {formula(Derivative(_named_loss(trace), XI))}"


def _named_loss(trace: Trace) -> Name:
    loss = Notation(trace.network).node(trace.loss)
    return Name(loss.latex, loss.text)


def _section_lines(section: Section, trace: Trace, deltas: bool) -> Iterator[str]:
    rows = section_rows(section, trace, deltas)
    yield f"\\textbf{{{section_title(section, trace)}}}"
    yield "\\begingroup\\allowdisplaybreaks"
    yield "\\begin{align*}"
    yield from (f"  {row} \\\\" for row in rows[:-1])
    yield f"  {rows[-1]}"
    yield "\\end{align*}"
    yield "\\endgroup"


def section_title(section: Section, trace: Trace) -> str:
    return section.name.capitalize() + (f", by the rate {trace.rate:g}" if section.name == "step" else "")


def section_rows(section: Section, trace: Trace, deltas: bool = True) -> list[str]:
    """The rows between `\\begin{aligned}` and its end, without what parts them."""
    symbols = TraceSymbols(trace.network, trace, deltas)
    return [row for block in section.blocks for line in block.lines for row in _rows_of_line(line, trace, symbols)]


def _rows_of_line(line: Line | Gap, trace: Trace, symbols: TraceSymbols) -> Iterator[str]:
    """A line; where it is long, a row for each sign of equality, and more for long sums."""
    if isinstance(line, Gap):
        yield f"& \\quad\\vdots\\quad \\text{{{line.count} more}}"
        return
    left, sign = quantity_in_latex(symbols, line.left), "=" if trace.holds(line) else "\\approx"
    result = f"{sign} {powers_of_ten(trace.written[line.left])}"
    if line.formula is None:
        yield f"{left} &{result}"
        return
    sides = _sides_of_line(line, line.formula, trace, symbols)
    if sum(len(text) + 3 for text, _ in sides) <= WIDE:
        middle = [f"= {side.print_formula(line.formula)}" for _, side in sides]
        yield f"{left} &{' '.join([*middle, result])}"
        return
    for _, side in sides:
        first, *others = side.break_lines(line.formula)
        yield f"{left} &= {first}".lstrip()
        yield from (f"&\\quad {part}" for part in others)
        left = ""
    yield f"&{result}"


def _sides_of_line(line: Line, x: Formula, trace: Trace, symbols: TraceSymbols) -> list[tuple[str, Setting]]:
    """A line's formula in names and in numbers, as text and how to set it, but nothing that is said already."""
    both = [(in_names(trace, x), in_symbols(trace, symbols)), (in_numbers(trace, x), in_figures(trace))]
    both = both[:1] if both[0][0] == both[1][0] else both
    return [(text, side) for text, side in both if text != trace.written[line.left]]
