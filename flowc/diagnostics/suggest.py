"""The words of a way out: the name that was probably meant, and lists of names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

LONGEST_COMPARED = 60  # letters of a misspelt name
MOST_COMPARED = 2000  # names that one misspelt name is compared with


def closest(name: str, names: Iterable[str]) -> str:
    """The one of `names` that is spelled most like `name`, or ""."""
    if len(name) > LONGEST_COMPARED:
        return ""
    candidates = sorted(n for n in names if abs(len(n) - len(name)) <= 1 + len(name) // 3)
    folded = {n.lower(): n for n in reversed(candidates)}
    if name.lower() in folded:
        return folded[name.lower()]
    if len(candidates) > MOST_COMPARED:
        candidates = [n for n in candidates if n[0] == name[0] and n[-1] == name[-1]][:MOST_COMPARED]
    if len(name) < 4:  # `b1` is not meant by `x1`
        candidates = [n for n in candidates if n[:1].lower() == name[:1].lower()]
    from difflib import get_close_matches

    matches = get_close_matches(name, candidates, 1, 0.5 if len(name) < 4 else 0.6)
    return matches[0] if matches else ""


def did_you_mean(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """A hint: the closest name there is, or `otherwise`."""
    nearest = closest(name, names)
    return f"did you mean `{nearest}`?" if nearest else otherwise


def and_list(names: Iterable[str], last: str = "and") -> str:
    """`a`, `b` and `c`."""
    return joined_by_and([f"`{name}`" for name in names], last)


def joined_by_and(parts: Sequence[str], last: str = "and") -> str:
    """The same of words as they are."""
    return " ".join(filter(None, (", ".join(parts[:-1]), last if len(parts) > 1 else "", parts[-1])))
