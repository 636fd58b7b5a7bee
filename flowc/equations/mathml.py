"""Equations as MathML: one `math` element, a row of a table for each line. latex2mathml makes the formulas of the LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from flowc.equations.document import Document, Equation, Group, Remark
from flowc.equations.latex import equation, split_rows
from flowc.equations.mathml_formula import ALIGNED, convert_formula
from flowc.equations.tree import Expr
from flowc.equations.typeset import formula

BOLD = 'mathvariant="bold" style="font-weight: bold"'
# Cells beside a sign of equality, which keeps its own distance.
LEFT, RIGHT = (f'columnalign="{side}" style="{ALIGNED[side]["style"]}; padding-{side}: 0"' for side in ("left", "right"))


def as_mathml(document: Document) -> str:
    """Raises NoConverter."""
    title = f"{document.name}: {document.title}" if document.title else document.name
    rows = [_text_element(title), *(row for group in document.groups for row in _group_rows(group))]
    if document.where:
        rows.append(_text_element("where"))
        rows += [_spell_note(note) for note in document.where]
    inside = "\n".join(f"    <mtr><mtd {LEFT}>{row}</mtd></mtr>" for row in rows)
    return (
        '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">\n'
        f'  <mtable displaystyle="true" columnalign="left" rowspacing="3pt">\n{inside}\n  </mtable>\n</math>\n'
    )


def _group_rows(group: Group) -> Iterator[str]:
    says = "".join(_spell_part(p) for p in ((", ", *group.says) if group.says else ()))
    yield f"<mrow>{_text_element(group.title, BOLD)}{says}</mrow>"
    yield table_of_rows(split_rows(group.rows))


def table_of_rows(rows: Iterable[tuple[str, str]]) -> str:
    """Lines of LaTeX, each in two parts, which are aligned where these meet. Raises NoConverter."""
    lines = "".join(
        f"<mtr><mtd {RIGHT}>{convert_formula(left)}</mtd><mtd {LEFT}>{convert_formula(right)}</mtd></mtr>" for left, right in rows
    )
    return f'<mtable displaystyle="true" columnalign="right left" rowspacing="3pt" columnspacing="0em">{lines}</mtable>'


def _spell_note(note: Equation | Remark) -> str:
    if isinstance(note, Equation):
        return convert_formula(equation(note))
    return f"<mrow>{''.join(_spell_part(p) for p in note.parts)}</mrow>"


def _spell_part(part: str | Expr) -> str:
    return _text_element(part) if isinstance(part, str) else convert_formula(formula(part))


def _text_element(text: str, attributes: str = "") -> str:
    words = escape(text, quote=False).replace(" ", chr(0xA0))
    return f"<mtext{' ' * bool(attributes)}{attributes}>{words}</mtext>"
