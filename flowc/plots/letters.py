"""Labels in a plot: mathematics where it is some, else the words as they stand, whatever is in them."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font
from matplotlib.mathtext import MathTextParser

from flowc.drawing.label import Label
from flowc.plots.look import FONTS

MISSING = "□"


@lru_cache(maxsize=1024)
def spelled(label: Label) -> tuple[str, bool]:
    """What matplotlib is given, and whether it is to read that as mathematics."""
    if label.latex is not None and "$" not in label.latex and _is_mathematics(f"${label.latex}$"):
        return f"${label.latex}$", True
    return "".join(MISSING if is_foreign(sign) else sign for sign in label.text), False


def foreign(label: Label) -> str:
    """The signs of a label for which a box stands."""
    return "" if spelled(label)[1] else "".join(sign for sign in label.text if is_foreign(sign))


@lru_cache(maxsize=4096)
def is_foreign(sign: str) -> bool:
    """Whether no font has it, or it is of a script from right to left, which matplotlib would set the wrong way."""
    if sign.isspace():
        return False
    backward = unicodedata.bidirectional(sign) in ("R", "AL")
    return backward or not any(font.get_char_index(ord(sign)) for font in _load_fonts())


def _is_mathematics(text: str) -> bool:
    try:
        MathTextParser("path").parse(text, 72, FontProperties(math_fontfamily="stix"))
    except (ValueError, RuntimeError):
        return False
    return True


@cache
def _load_fonts() -> tuple[FT2Font, ...]:
    return tuple(FT2Font(findfont(FontProperties(family=name))) for name in FONTS)
