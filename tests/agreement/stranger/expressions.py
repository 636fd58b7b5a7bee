"""Expressions of given sizes, of every operation and function."""

from __future__ import annotations

from tests.agreement.stranger.declarations import Declarations
from tests.agreement.stranger.words import ATOM, MINUS, POWER, PRODUCT, SUM, Dims, Part


class Expressions(Declarations):
    """An expression is its text, and how tightly it binds."""

    def value(self, dims: Dims, depth: int, late: bool = False) -> tuple[str, int]:
        """An expression of these sizes, and how tightly it binds."""
        if depth <= 0 or self.chance(0.1):
            return self.leaf(dims, late)
        return self.pick(
            (
                self.sum_of, self.sum_of, self.product_of, self.product_of, self.quotient_of, self.power_of,
                self.function_of, self.function_of, self.several, self.matrix, self.matrix, self.negative, self.reduced,
            )
        )(dims, depth - 1, late)

    def within(self, expression: tuple[str, int], least: int) -> str:
        text, binds = expression
        if binds < least or self.chance(0.08):
            return f"({text})"
        return text

    def operand(self, dims: Dims, depth: int, late: bool) -> tuple[str, int]:
        """Of the sizes, or a scalar, or a number."""
        way = self.random.random()
        if way < 0.15:
            text = self.plain_number(True)
            return (text, ATOM if text.replace(".", "").isalnum() else SUM)
        return self.value(() if way < 0.3 else dims, depth, late)

    def pair(self, dims: Dims, depth: int, late: bool) -> list[tuple[str, int]]:
        both = [self.value(dims, depth, late), self.operand(dims, depth, late)]
        self.random.shuffle(both)
        return both

    def sum_of(self, dims: Dims, depth: int, late: bool) -> tuple[str, int]:
        left, right = self.pair(dims, depth, late)
        sign = self.pick("+-")
        gap = self.blank()
        return f"{self.within(left, SUM)}{gap}{sign}{gap}{self.within(right, PRODUCT)}", SUM

    def product_of(self, dims: Dims, depth: int, late: bool) -> tuple[str, int]:
        left, right = self.pair(dims, depth, late)
        return f"{self.within(left, PRODUCT)}{self.pick(('*', ' * '))}{self.within(right, MINUS)}", PRODUCT

    def quotient_of(self, dims: Dims, depth: int, late: bool) -> tuple[str, int]:
        if self.chance(0.3):
            below = self.number(True), ATOM
            return f"{self.within(self.value(dims, depth, late), PRODUCT)}/{below[0]}", PRODUCT
        both = [self.value(dims, depth, late), self.positive(self.pick((dims, ())), depth, late)]
        return f"{self.within(both[0], PRODUCT)}/{self.within(both[1], MINUS)}", PRODUCT

    def negative(self, dims: Dims, depth: int, late: bool) -> tuple[str, int]:
        return "-" + self.within(self.value(dims, depth, late), POWER), MINUS

    def power_of(self, dims: Dims, depth: int, late: bool) -> tuple[str, int]:
        if self.chance(0.5):
            base = self.within(self.value(dims, depth, late), ATOM)
            return f"{base}^{self.pick(('2', '2', '3', '1', '0', '(1 + 1)', '2^1', '2.'))}", POWER
        base = self.within(self.positive(dims, depth, late), ATOM)
        exponent = self.pick(("0.5", "-1", "-0.5", "-2", "1.5", "(1/3)", "-1^2", None, None))
        if dims and self.chance(0.1):
            exponent = self.literal(dims)
        if exponent is None:
            exponent = self.within(self.pair_with(dims, late), ATOM)
        return f"{base}^{exponent}", POWER

    def pair_with(self, dims: Dims, late: bool) -> tuple[str, int]:
        text, _ = self.leaf(self.pick((dims, ())), late)
        return f"tanh({text})", ATOM

    def positive(self, dims: Dims, depth: int, late: bool) -> tuple[str, int]:
        """An expression that is well above 0, whatever numbers stand in it."""
        inner = self.value(dims, depth, late)
        text = inner[0]
        return self.pick((
            (f"1 + {self.within(inner, ATOM)}^2", SUM), (f"({text})^2 + 0.5", SUM), (f"exp(tanh({text}))", ATOM),
            (f"softplus({text}) + 0.1", SUM), (f"logistic({text}) + 1", SUM), (f"2 - tanh({text})", SUM),
            (f"max({text}, 0.5)", ATOM), (f"abs({text}) + 0.3", SUM), (f"2^tanh({text})", POWER),
        ))  # fmt: skip

    def function_of(self, dims: Dims, depth: int, late: bool) -> tuple[str, int]:
        way = self.random.random()
        if way < 0.15:
            return f"{self.pick(('log', 'ln', 'sqrt'))}({self.positive(dims, depth, late)[0]})", ATOM
        if way < 0.25:
            return f"exp({self.pick(('tanh', 'sin', '-abs', '-softplus'))}({self.value(dims, depth, late)[0]}))", ATOM
        return self.call(self.activation(dims), self.value(dims, depth, late)[0]), ATOM

    def several(self, dims: Dims, depth: int, late: bool) -> tuple[str, int]:
        name = self.pick(("max", "min", "maximum", "minimum", "product", "prod", "power", "pow", "quotient"))
        if name in ("power", "pow"):
            return (
                f"{name}({self.positive(dims, depth, late)[0]}, {self.pick((self.pair_with(dims, late)[0], '2', '-0.5'))})",
                ATOM,
            )
        if name == "quotient":
            return f"{name}({self.value(dims, depth, late)[0]}, {self.positive(dims, depth, late)[0]})", ATOM
        some = [self.value(dims, depth, late)] + [self.operand(dims, depth, late) for _ in range(self.pick((1, 1, 2)))]
        self.random.shuffle(some)
        return f"{name}({self.comma([t for t, _ in some])})", ATOM

    def reduced(self, dims: Dims, depth: int, late: bool) -> tuple[str, int]:
        """A scalar of a vector."""
        if dims:
            return self.sum_of(dims, depth, late)
        grids = [p.dims for p in self.parts.values() if len(p.dims) > 1]
        inner = self.pick(grids) if grids and self.chance(0.3) else self.vector_dims()
        if self.chance(0.2) and len(inner) == 1:
            pair = [self.value(inner, depth, late) for _ in range(2)]
            return self.pick((
                (f"dot({pair[0][0]}, {pair[1][0]})", ATOM),
                (f"{self.within(pair[0], PRODUCT)}{self.pick(('@', ' @ '))}{self.within(pair[1], MINUS)}", PRODUCT),
            ))  # fmt: skip
        name = self.pick(("sum", "mean", "max", "min", "product", "prod", "sum", "mean"))
        return f"{name}({self.value(inner, depth, late)[0]})", ATOM

    def vector_dims(self) -> Dims:
        known = [p.dims for p in self.parts.values() if len(p.dims) == 1]
        return self.pick(known) if known and self.chance(0.7) else (self.pick((1, 2, 3)),)

    def matrix(self, dims: Dims, depth: int, late: bool) -> tuple[str, int]:
        """`W @ h`."""
        if len(dims) != 1:
            return self.function_of(dims, depth, late)
        inner = self.vector_dims()
        at, vector = self.pick(("@", " @ ")), self.value(inner, depth, late)
        if self.chance(0.2):
            weight, _ = self.known_weight(inner + dims)
            return f"{self.within(vector, PRODUCT)}{at}{weight}", PRODUCT
        if self.chance(0.15):
            return f"{self.literal(dims + inner)}{at}{self.within(vector, MINUS)}", PRODUCT
        weight, _ = self.known_weight(dims + inner)
        weight = self.pick((weight, weight, f"2*{weight}", f"({weight}*0.5)", f"(-{weight})"))
        return f"{weight}{at}{self.within(vector, MINUS)}", PRODUCT

    def leaf(self, dims: Dims, late: bool) -> tuple[str, int]:
        """A part, a piece of one, a list of scalars, a literal, or a new weight."""
        usable = [p for p in self.parts.values() if (late or not p.late) and (p.role == "weight" or not self.alone)]
        found = [p.name for p in usable if p.dims == dims and p.role != "weight"] * 3
        found += [p.name for p in usable if p.dims == dims and p.role == "weight"]
        for p in usable:
            if p.axes and len(p.dims) >= len(dims) and p.dims:
                found += self.pieces(p, dims)
        if len(dims) == 1 and self.chance(0.3):
            scalars = [p.name for p in usable if not p.dims]
            scalars += [piece for p in usable if p.dims and p.axes for piece in self.pieces(p, ())]
            if scalars:
                scalars += [self.number()] if self.chance(0.3) else []
                return "[" + self.comma([self.pick(scalars) for _ in range(dims[0])]) + "]", ATOM
        if dims and self.chance(0.1):
            return self.literal(dims), ATOM
        if found and self.chance(0.9):
            return self.pick(found), ATOM
        return self.declare_weight(dims).name, ATOM

    def pieces(self, part: Part, dims: Dims) -> list[str]:
        """Elements, rows and slices of a part that have these sizes."""
        assert part.axes is not None
        tries = []
        for _ in range(3):
            entries, left = self.cut(part)
            if left == dims:
                tries.append(part.name + self.index(entries))
        if len(part.dims) > 1 and part.dims[1:] == dims:
            tries.append(part.name + self.index([self.pick(part.axes[0].labels)]))
        return tries
