"""Index maps: which elements of arrays are multiplied, and where the product is added; what einsum's letters say, and more.

Each axis of each array has an affine form of loop letters: `j`, or of a convolution `i + k - 1`. All letters run; what meets
in one element of the result is added up, so that a letter that the result lacks is summed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, cached_property

from flowc.records import Record

AXIS_LETTERS = "ijklmnopqrstuvwxyzabcdefgh"  # in the order in which axes get them


class NotPlain(ValueError):
    """A form that is no single letter, where letters alone are understood."""


class AffineForm(Record):
    """A place on an axis, from 0: letters, each times its coefficient, and a constant."""

    terms: tuple[tuple[str, int], ...]
    constant: int = 0

    @property
    def letter(self) -> str | None:
        """The letter, where the form is nothing more."""
        return self.terms[0][0] if len(self.terms) == 1 and self.terms[0][1] == 1 and not self.constant else None

    def at(self, values: Mapping[str, int]) -> int:
        """The place, where the letters are `values`."""
        return self.constant + sum(factor * values[letter] for letter, factor in self.terms)

    def bounds(self, sizes: Mapping[str, int]) -> tuple[int, int]:
        """The least and the greatest place, while each letter runs from 0 up to below its size."""
        ends = [factor * (sizes[letter] - 1) for letter, factor in self.terms]
        return self.constant + sum(min(0, end) for end in ends), self.constant + sum(max(0, end) for end in ends)

    def __str__(self) -> str:
        signed = [("-" if n < 0 else "+", letter if abs(n) == 1 else f"{abs(n)}*{letter}") for letter, n in self.terms]
        if self.constant or not signed:
            signed.append(("-" if self.constant < 0 else "+", str(abs(self.constant))))
        return "".join(sign + word for sign, word in signed).removeprefix("+")


Forms = tuple[AffineForm, ...]  # of an array's axes


class IndexMap(Record):
    """The forms of the operands' axes, and of the result's."""

    __slots__ = ("__dict__",)

    operands: tuple[Forms, ...]
    result: Forms

    def __str__(self) -> str:
        """As einsum writes it, "i,ji->j", where all forms are plain; else with brackets, "[i+k-1],[k]->[i]"."""
        if self.is_plain:
            return f"{','.join(self.letters)}->{self.target}"
        return f"{','.join(map(_bracketed, self.operands))}->{_bracketed(self.result)}"

    @cached_property
    def is_plain(self) -> bool:
        """Whether each form is one letter, as einsum takes them."""
        return all(form.letter for forms in (*self.operands, self.result) for form in forms)

    @cached_property
    def is_scalar(self) -> bool:
        """Whether no array has an axis."""
        return not any(self.operands) and not self.result

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """Those of each operand's axes. Raises NotPlain."""
        return tuple(_letters(forms) for forms in self.operands)

    @cached_property
    def target(self) -> str:
        """The letters of the result's axes. Raises NotPlain."""
        return _letters(self.result)

    @cached_property
    def repeated(self) -> str:
        """The letters of the result that no operand has: along them it is the same. Raises NotPlain."""
        return "".join(c for c in self.target if not any(c in letters for letters in self.letters))

    @cached_property
    def ties(self) -> tuple[int | None, ...]:
        """For each axis of the first operand the result's axis of the same letter, None where it is summed. Raises NotPlain."""
        return tuple(self.target.index(c) if c in self.target else None for c in self.letters[0])

    @cached_property
    def is_one_to_one(self) -> bool:
        """Whether there is at most one letter, so that each element meets its like alone. Raises NotPlain."""
        return len({*"".join(self.letters), *self.target}) <= 1

    @cached_property
    def canonical(self) -> IndexMap:
        """With letters from i on: the first operand's, then the result's, then those that only others have. Raises NotPlain."""
        first, *others = self.letters
        names: dict[str, str] = {}
        for letter in (*first, *self.target, *"".join(others)):
            names.setdefault(letter, AXIS_LETTERS[len(names)])
        table = str.maketrans(names)
        return index_map(f"{','.join(letters.translate(table) for letters in self.letters)}->{self.target.translate(table)}")

    @property
    def swapped(self) -> IndexMap:
        """With the two operands the other way round."""
        return IndexMap(self.operands[::-1], self.result)

    def is_like(self, text: str) -> bool:
        """Whether it is the map that einsum writes so, but for the names of its letters."""
        return self.is_plain and self.canonical == index_map(text).canonical

    def sizes(self, shapes: Sequence[Sequence[int]]) -> dict[str, int]:
        """How far each letter runs, for operands of these shapes. Raises ValueError where they do not fit, NotPlain."""
        sizes: dict[str, int] = {}
        for letters, shape in zip(self.letters, shapes, strict=True):
            for letter, n in zip(letters, shape, strict=True):
                if sizes.setdefault(letter, n) != n:
                    raise ValueError(f"{letter} runs to {sizes[letter]} and to {n}")
        return sizes

    def pullback(self, place: int) -> tuple[IndexMap, tuple[int, ...]]:
        """How a gradient goes back to the operand at `place`: the map of the result's gradient, and after it the other
        operand, and the axes that neither has, along which the gradient is the same. Raises NotPlain."""
        before = [self.target, *self.letters[:place], *self.letters[place + 1 :]]
        here = self.letters[place]
        there = "".join(before)
        missing = tuple(axis for axis, c in enumerate(here) if c not in there)
        return index_map(f"{','.join(before)}->{''.join(c for c in here if c in there)}"), missing

    def einsum(self, batched: Sequence[bool], result_batched: bool) -> str:
        """As numpy and torch take it, with a letter for the tokens in front of what is `batched`. Raises NotPlain."""
        token = "N" if any("n" in letters for letters in self.letters) else "n"
        operands = (token * many + letters for many, letters in zip(batched, self.letters, strict=True))
        return f"{','.join(operands)}->{token * result_batched}{self.target}"


@cache
def index_map(text: str) -> IndexMap:
    """The map that einsum writes so, as "i,ji->j"; one object for each text."""
    operands, result = text.split("->")
    return IndexMap(tuple(map(_plain, operands.split(","))), _plain(result))


@cache
def arrow_map(source: str, weight: str, target: str) -> IndexMap:
    """Of an arrow, from the letters of its source, its weight and its target: with the letters in one order."""
    return index_map(f"{source},{weight}->{target}").canonical


def _plain(letters: str) -> Forms:
    return tuple(AffineForm(((letter, 1),)) for letter in letters)


def _letters(forms: Forms) -> str:
    """Raises NotPlain."""
    letters = [form.letter for form in forms]
    if None in letters:
        raise NotPlain(f"{_bracketed(forms)} is more than letters")
    return "".join(filter(None, letters))


def _bracketed(forms: Forms) -> str:
    return f"[{', '.join(map(str, forms))}]"


SCALAR_LINE = index_map(",->")  # one number times one number, into one
