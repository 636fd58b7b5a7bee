"""Declarations: names, numbers, sizes, inputs, weights, and nodes that lists in files declare."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from tests.agreement.stranger.words import ELEMENTS, JUMPS, KINKED, OF_VECTORS, POOLS, SMOOTH, Axis, Dims, Part, words

T = TypeVar("T")


class Declarations:
    """What a stranger has written so far, and what declares more."""

    def __init__(self, seed: int):
        self.random = Random(f"stranger/{seed}")
        self.parts: dict[str, Part] = {}
        self.lines: list[str] = []
        self.files: dict[str, bytes] = {}
        self.indices: list[tuple[str, Axis]] = []
        self.forms: dict[str, str] = {}  # target -> what its loss asks of it
        self.names: set[str] = set()
        self.strange = self.random.random() < 0.5  # names and blanks
        self.tight = self.random.random() < 0.3
        self.alone = False  # whether the expression that is written is one of weights

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, some: Sequence[T]) -> T:
        return self.random.choice(some)

    def some(self, all_of: Sequence[T], least: int = 1) -> list[T]:
        return self.random.sample(list(all_of), self.random.randint(least, len(all_of)))

    def say(self, statement: str) -> None:
        self.lines.append(statement)

    def blank(self) -> str:
        if self.tight:
            return ""
        return self.pick((" ", " ", "  ", "\t", "")) if self.strange else " "

    def comma(self, items: Sequence[str]) -> str:
        return ("," + self.blank()).join(items)

    def new_name(self, pool: Sequence[str] | None = None) -> str:
        while True:
            name = self.pick(pool or (self.pick(POOLS) if self.strange else self.pick(POOLS[:3])))
            if len(self.names) > 25 or pool or self.chance(0.15):
                name += self.pick(("", "_", "2", "3", "7", "_1", "a", "B"))
            key = name.replace("₁", "1")
            if key not in self.names:
                self.names.add(key)
                return name

    def number(self, positive: bool = False) -> str:
        plain = self.pick(("1", "2", "3", "0.5", ".5", "2.", "1e-1", "1.5", "0.25", "0.1", "12e-1", "0.75", "1E0"))
        return plain if positive or self.chance(0.6) else self.pick(("-", "-", "−")) + plain

    def plain_number(self, positive: bool = False) -> str:
        """Also as an expression of numbers."""
        if self.chance(0.85):
            return self.number(positive)
        return self.pick(
            ("pi", "2*pi", "sqrt(2)", "exp(-1)", "1/3", "2^-1", "(1 + 2)*0.5", "max(1, 2)", "pi^0.5", "0.3 + 0.2")
        )

    def literal(self, dims: Dims) -> str:
        if not dims:
            return self.number()
        gap = self.pick(("", "", "\n  ")) if self.strange else ""
        return "[" + gap + self.comma([self.literal(dims[1:]) for _ in range(dims[0])]) + gap + "]"

    def declare_indices(self) -> None:
        found = []
        elements = list(ELEMENTS)
        for _ in range(self.pick((0, 1, 1, 2, 3))):
            name = self.new_name(("digit", "D", "kind", "animal", "colour", "N", "M", "step", "x", "time", "größe"))
            axis = self.new_axis(elements)
            written = axis.written
            found.append(f"{name}{self.blank()}={self.blank()}{written}")
            self.indices.append((name, Axis(name, axis.labels)))
        if found and self.chance(0.5):
            self.say("index " + self.comma(found))
        else:
            self.lines += ["index " + one for one in found]

    def new_axis(self, elements: list[str] | None = None) -> Axis:
        size = self.pick((1, 2, 2, 2, 3, 3, 4))
        if elements and self.chance(0.5):
            names = elements.pop(self.random.randrange(len(elements)))
            parted = [w.strip("'") for w in words(names)][: max(2, size)]
            return Axis(self.comma([w if " " not in w else f'"{w}"' for w in parted]), tuple(parted))
        if self.chance(0.6):
            return Axis(f"{size}", tuple(str(k + 1) for k in range(size)))
        low = self.pick((0, 0, 1, 2, -1, -2, -3, 7))
        return Axis(f"{low}..{low + size - 1}", tuple(str(low + k) for k in range(size)))

    def axis(self, size: int = 0) -> Axis:
        """A new one or that of an index; of `size`, if that is given."""
        fitting = [a for _, a in self.indices if not size or len(a.labels) == size]
        if fitting and self.chance(0.5):
            return self.pick(fitting)
        while True:
            axis = self.new_axis()
            if not size:
                return axis
            low = int(axis.labels[0])
            labels = tuple(str(low + k) for k in range(size))
            return Axis(f"{size}" if low == 1 else f"{low}..{low + size - 1}", labels)

    def dims(self) -> Dims:
        rank = self.pick((0, 0, 0, 1, 1, 1, 1, 2, 2, 3))
        known = [p.dims for p in self.parts.values() if 0 < len(p.dims) < 4]
        if known and rank and self.chance(0.5):
            return self.pick(known)
        return tuple(self.pick((1, 2, 2, 3)) for _ in range(rank))

    def sized(self, dims: Dims) -> tuple[Axis, ...]:
        return tuple(self.axis(d) for d in dims)

    def brackets(self, axes: Sequence[Axis]) -> str:
        return "[" + self.comma([a.written for a in axes]) + "]" if axes else ""

    def label(self) -> str:
        return self.pick((' "a label"', " '$h^{(1)}$'", ' "x < y & z"', " 'größe \"q\"'", r' "$\hat{x}_1$"'))

    def add(self, part: Part) -> Part:
        self.parts[part.name] = part
        return part

    def declare_input(self) -> Part:
        return self.declare("input", self.sized(self.dims()))

    def declare(
        self, role: str, axes: tuple[Axis, ...], activation: str = "", function: str = "", late: bool = False
    ) -> Part:
        part = Part(self.new_name(), tuple(len(a.labels) for a in axes), axes, role, late or role == "target", function)
        text = part.name + self.brackets(axes) + (self.label() if self.chance(0.15) else "")
        text += f"{self.blank()}:{self.blank()}{activation}" if activation else ""
        before = self.lines[-1] if self.lines else ""
        if (
            before.startswith(f"{role} ")
            and ":" not in before
            and "=" not in before
            and "{" not in before
            and self.chance(0.4)
        ):
            self.lines[-1] += f",{self.blank()}{text}"
        else:
            self.say(f"{role} {text}")
        return self.add(part)

    def declare_weight(self, dims: Dims, fixed: bool | None = None) -> Part:
        axes = self.sized(dims)
        fixed = self.chance(0.3) if fixed is None else fixed
        part = Part(self.new_name(), dims, axes, "weight", fixed=fixed)
        self.say(f"weight {part.name}{self.brackets(axes)}{self.start(dims, fixed)}")
        return self.add(part)

    def start(self, dims: Dims, fixed: bool) -> str:
        """What follows a weight's name, as ` ~ normal(0, 1)`."""
        if fixed:
            return f"{self.blank()}={self.blank()}" + (self.literal(dims) if dims else self.plain_number())
        if self.chance(0.25):
            return ""
        if self.chance(0.4):
            return f" ~{self.blank()}" + (self.literal(dims) if dims else self.plain_number())
        return f" ~{self.blank()}" + self.draw()

    def draw(self) -> str:
        return self.pick(
            (
                "normal(0, 1)", "normal(mean=0, sd=0.5)", "normal(0, sd=1)", "uniform(-1, 1)", "he", "he()",
                "glorot", "glorot()", "uniform(low=0.5, high=1.5)",
            )
        )

    def activation(self, dims: Dims) -> str:
        pool = [*SMOOTH, *SMOOTH, *KINKED, *(JUMPS if self.chance(0.5) else [])]
        name = self.pick(pool + (OF_VECTORS * 2 if dims else []))
        return name + self.parameters(name)

    def parameters(self, name: str) -> str:
        if name == "leaky_relu":
            return self.pick(("", "(0.1)", "(slope=0.2)", "(0)"))
        if name == "elu":
            return self.pick(("", "(0.5)", "(alpha=1.5)"))
        return ""
