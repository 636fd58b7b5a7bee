"""Equations as Markdown: `$$` blocks, which GitHub and notebooks set."""

from __future__ import annotations

import re

from flowc.equations.document import Document, Equation, Group, Remark
from flowc.equations.latex import aligned, equation
from flowc.equations.tree import Expr
from flowc.equations.typeset import formula


def as_markdown(document: Document) -> str:
    title = f"{document.name}: {document.title}" if document.title else document.name
    blocks = [f"# {words(title)}", *(block for group in document.groups for block in _group_lines(group))]
    if document.where:
        blocks += ["where", "\n".join(f"- {_spell_note(note)}" for note in document.where)]
    return "\n\n".join(blocks) + "\n"


def _group_lines(group: Group) -> list[str]:
    says = "".join(map(_spell_part, group.says))
    lines = ["$$", *map(_on_page, aligned(group.rows, "aligned")), "$$"]
    return [f"## {group.title}", *([f"By {says}:"] if says else []), "\n".join(lines)]


def _spell_note(note: Equation | Remark) -> str:
    return "".join(map(_spell_part, note.parts)) if isinstance(note, Remark) else _inline_formula(equation(note))


def _spell_part(part: str | Expr) -> str:
    return words(part) if isinstance(part, str) else _inline_formula(formula(part))


def _inline_formula(text: str) -> str:
    """GitHub takes what is between these as it is."""
    return f"$`{_on_page(text)}`$"


def _on_page(text: str) -> str:
    """LaTeX in which no reader of Markdown sees HTML or a link."""
    return text.replace("<", r"\lt ").replace(">", r"\gt ").replace("](", "]{}(")


def words(text: str) -> str:
    """Someone's words, no sign of which commands Markdown or HTML."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]()#+!|~$-])", r"\\\1", " ".join(text.split()) + " " * text.endswith(" "))
