"""The catalogue's entries as text."""

from __future__ import annotations

from collections.abc import Iterable

from flowc.diagnostics.codes.code import Code
from flowc.diagnostics.render import printable


def explained(code: Code) -> str:
    """What a code means, a text that gives it, and one that does not."""
    wrong = code.wrong.decode("utf-8", "backslashreplace") if isinstance(code.wrong, bytes) else code.wrong
    wrong_files = "".join(f"\n  {name}:\n\n{_indent_text(text)}" for name, text in code.wrong_files)
    right_files = "".join(f"\n  {name}:\n\n{_indent_text(text)}" for name, text in code.right_files)
    sizes = ", with " + " ".join(f"--set {name}={size}" for name, size in code.settings) if code.settings else ""
    return (
        f"{code.name}: {code.summary}\n\nwrong{sizes}:\n\n{_indent_text(wrong)}{wrong_files}"
        f"\nright{sizes}:\n\n{_indent_text(code.right)}{right_files}"
    )


def listed(codes: Iterable[Code]) -> str:
    """A line for each code, in alphabetical order."""
    entries = sorted(codes, key=lambda code: code.name)
    width = max(len(code.name) for code in entries)
    return "".join(f"{code.name:<{width}}  {code.summary}\n" for code in entries)


def _indent_text(text: str) -> str:
    return "".join(f"    {printable(line)}".rstrip() + "\n" for line in text.rstrip("\n").split("\n"))
