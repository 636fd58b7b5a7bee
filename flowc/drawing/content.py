"""What a picture is to show of a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flowc.drawing.label import DIGITS


@dataclass(frozen=True, slots=True)
class Content:
    """`loss`: targets and loss are drawn, too. `vectors`: a vector is the column of its elements, or one circle or box.
    `many`: of a layer with more circles than this some are left out. `arrows`: names of weights, their numbers where they
    are known, with so many `digits`, or both. `names_outside`: beside every circle, since numbers fill it. `symbolic`: the
    last circle after dots has the name of its size as its index. `inhibition`: what is negative ends in a bar. `numbered`:
    elements of weights by their places, not by the names of classes."""

    loss: bool = False
    vectors: Literal["column", "circle", "box"] = "column"
    many: int = 8
    arrows: Literal["names", "numbers", "both"] = "names"
    digits: int = DIGITS
    names_outside: bool = False
    symbolic: bool = False
    inhibition: bool = False
    numbered: bool = False
