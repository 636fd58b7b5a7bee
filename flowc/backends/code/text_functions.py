"""Functions of a language that flowc does not read, as they stand in files beside a printer."""

from __future__ import annotations

import re
from pathlib import Path


def functions_in(folder: Path, ending: str, head: str) -> dict[str, str]:
    """By their names, each with the comment before it. `head`: a pattern of the line in which one begins, with a group for its
    name; it ends at the first brace that begins a line."""
    comment = r"(?:/\*(?:[^*]|\*(?!/))*\*/\n)?"
    definition = re.compile(rf"^{comment}{head}\n.*?^\}}\n", re.MULTILINE | re.DOTALL)
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob(f"*{ending}"))]
    return {match[1]: match[0] for text in texts for match in definition.finditer(text)}
