"""The libraries that know letters, loaded when the first label is set; what they would read or measure in vain is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import Any
from unicodedata import category

LEVEL = frozenset(",.+-−=·")  # signs of labels that are as high as they are
LETTERS = ("Lu", "Ll", "Nd")  # and digits, as Unicode has them


class NoLettering(Exception):
    """What sets labels is not installed."""


@lru_cache(maxsize=1)
def check_lettering() -> None:
    """Raises NoLettering."""
    from importlib.util import find_spec

    if find_spec("ziamath") is None:
        raise NoLettering


@lru_cache(maxsize=1)
def load_ziamath() -> Any:
    """What sets mathematics. Raises NoLettering."""
    module = _import_quietly("ziamath")
    module.config.svg2 = False
    module.config.precision = 3
    row = module.nodes.mrow.Mrow
    row._get_height_nostretch = _measure_beside_brackets(row._get_height_nostretch)
    return module


def _measure_beside_brackets(measure: Callable[..., Any]) -> Callable[..., Any]:
    """Each row is set twice, the first time to see how high its brackets are, and so are the rows within: 2ⁿ times n levels deep."""

    @wraps(measure)
    def height(row: Any, line: Iterable[Any], **how: Any) -> Any:
        parts = list(line)
        level = all(is_level(sign) for part in parts for text in part.itertext() for sign in text)
        return (0.0, 0.0) if level else measure(row, parts, **how)

    return height


def is_level(sign: str) -> bool:
    """Whether it is never set higher than it is, whatever stands beside it."""
    return sign in LEVEL or category(sign) in LETTERS


def find_glyph(sign: str) -> Any:
    """A sign in STIX Two Math or, where that has none, in DejaVu Sans; None where that has none either. Raises NoLettering."""
    fonts = (load() for load in (_load_serif, _load_sans))
    return next((font.glyph(sign) for font in fonts if font.glyphindex(sign)), None)


def _load_serif() -> Any:
    return load_ziamath().zmath.loadedfonts["default"]


@lru_cache(maxsize=1)
def _load_sans() -> Any:
    from importlib.resources import files

    ziafont = _import_quietly("ziafont")

    def read_tables(font: Any) -> None:
        """But how signs move and join beside others, which takes most of a second to read: they are set one by one."""
        ziafont.Font._readtables(font)
        for pairs in ("GPOS", "GSUB"):
            font.tables.pop(pairs, None)

    font: Any = type("Signs", (ziafont.Font,), {"_readtables": read_tables})
    return font(str(files(ziafont) / "fonts" / "DejaVuSans.ttf"))


def _import_quietly(name: str) -> Any:
    from importlib import import_module
    from warnings import catch_warnings, simplefilter

    try:
        with catch_warnings():
            simplefilter("ignore")  # ziamath finds its font by a function that is deprecated
            return import_module(name)
    except ImportError:
        raise NoLettering from None
