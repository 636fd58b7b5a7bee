"""Nodes: by arrows, or by an equation."""

from __future__ import annotations

import re

from tests.agreement.stranger.arrows import Arrows
from tests.agreement.stranger.expressions import Expressions
from tests.agreement.stranger.words import Dims, Part


class Nodes(Arrows, Expressions):
    """Nodes of both kinds."""

    def add_node(self, role: str) -> None:
        way = self.random.random()
        if way < 0.45:
            self.by_arrows(role)
        elif way < 0.55:
            self.by_list(role)
        else:
            self.by_equation(role)

    def sources(self) -> list[Part]:
        return [p for p in self.parts.values() if p.role not in ("weight", "target") and not p.late]

    def by_equation(self, role: str, function: str = "", dims: Dims | None = None) -> Part:
        """`f = …`, declared or not; sometimes over an excitation with a name."""
        dims = self.dims() if dims is None else dims
        late = role == "node" and any(p.late for p in self.parts.values()) and self.chance(0.3)
        declared = role == "output" or self.chance(0.4)
        if not declared and not function and self.chance(0.2):
            value = self.pick((self.number(), self.literal(dims) if dims else self.plain_number()))
            dims = dims if value.startswith("[") else ()
        else:
            self.alone = role == "node" and self.chance(0.25)
            value, _ = self.value(dims, self.pick((1, 2, 2, 3)), late)
            self.alone = False
        plain = not set(re.findall(r"[^\W\d]\w*", value)) & self.parts.keys()  # numbers alone
        if declared and dims and not function and self.chance(0.1):
            value, plain = self.number(), True  # a constant of any size
        if not function and not plain and self.chance(0.3):
            function = self.activation(dims)
        if function and plain:
            value = self.declare_weight(dims).name
        if function:
            inner = value
            if self.chance(0.4) and not inner.lstrip("-−.").isalnum():
                name = self.new_name(("xi1", "xi", "xi_h", "ξ2", "z", "net", "exc"))
                self.say(f"{name}{self.blank()}={self.blank()}{value}")
                inner = name
                self.add(Part(name, dims, None, "node", late))
            value = self.call(function, inner)
        if declared:
            part = self.declare(role, self.sized(dims), late=late, function=function.partition("(")[0])
        else:
            part = self.add(Part(self.new_name(), dims, None, role, late, function.partition("(")[0]))
            if part.name == "loss":
                self.say(f"node loss{self.brackets(self.sized(dims))}")
        self.say(f"{part.name}{self.blank()}={self.blank()}{value}")
        return part

    def call(self, function: str, inner: str) -> str:
        name, _, parameters = function.partition("(")
        return f"{name}({inner}{', ' + parameters if parameters else ')'}"
