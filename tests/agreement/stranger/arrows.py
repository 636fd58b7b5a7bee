"""Arrows: whole, by index, by element, by slice, in lists and chains; biases; and those of files."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from itertools import product

from tests.agreement.stranger.declarations import Declarations
from tests.agreement.stranger.words import VARIABLES, Axis, Dims, Part


class Arrows(Declarations):
    """Declared nodes with arrows."""

    def by_arrows(self, role: str, function: str = "", dims: Dims | None = None) -> Part:
        """A declared node with arrows from nodes, whole, by index and by element, and from 1."""
        dims = self.dims() if dims is None else dims
        activation = function or (self.activation(dims) if self.chance(0.75) else "")
        sources = self.sources()
        target = self.declare(role, self.sized(dims), activation, activation.partition("(")[0])
        chosen = self.random.sample(sources, min(len(sources), self.pick((1, 1, 2, 3)))) if sources else []
        for source in chosen:
            self.pick((self.whole, self.whole, self.by_index, self.by_element, self.by_slice))(source, target)
        if self.chance(0.6) or not chosen:
            self.bias(target)
        return target

    def arrow(self, sources: str, targets: str, weight: str) -> None:
        to = self.pick(("->", "->", "→"))
        self.say(f"{sources}{self.blank()}{to}{self.blank()}{targets}{self.blank()}:{self.blank()}{weight}")

    def weight(self, dims: Dims, literals: bool = True) -> str:
        """After the colon: numbers, a weight as a whole, a fresh one."""
        way = self.random.random()
        if way < 0.2 and literals:
            return self.scaled(self.literal(dims), False) if dims else self.plain_number()
        if way < 0.45:
            return self.scaled(*self.known_weight(dims))
        if way < 0.7:
            return "~"
        if way < 0.8:
            return f"~ {self.draw()}"
        name = self.new_name()
        if way < 0.95:
            self.add(Part(name, dims, None, "weight"))
            return name + self.pick((f" ~ {self.draw()}", " ~", f" ~ {self.literal(dims)}"))
        self.add(Part(name, dims, None, "weight", fixed=True))
        return f"{name} = {self.literal(dims)}"

    def known_weight(self, dims: Dims) -> tuple[str, bool]:
        """One of these sizes, as it is, transposed, or a part of a larger one; else a new one."""
        found: list[tuple[str, bool]] = []
        for p in self.parts.values():
            if p.role == "weight":
                if p.dims == dims:
                    found.append((p.name, True))
                if len(dims) == 2 and p.dims == dims[::-1]:
                    found.append((f"{p.name}^T", True))
                if p.axes and len(p.dims) > len(dims):
                    found += [(piece, True) for piece in self.pieces(p, dims)]
        if found and self.chance(0.7):
            return self.pick(found)
        if len(dims) == 2 and self.chance(0.3):
            return f"{self.declare_weight(dims[::-1]).name}^T", True
        return self.declare_weight(dims).name, True

    def scaled(self, weight: str, _: bool = True) -> str:
        if self.chance(0.7):
            return weight
        return self.pick(
            (
                f"-{weight}", f"2*{weight}", f"{weight}*0.5", f"{weight}/2", f"-1.5*{weight}", f"(1 + 2)*{weight}",
                f"pi*{weight}",
            )
        )

    def start_of(self, dims: Dims) -> str:
        return self.pick(("~", f"~ {self.draw()}", self.number()))

    def whole(self, source: Part, target: Part) -> None:
        dims = target.dims + source.dims
        if self.chance(0.15):
            middle = self.declare("node", self.sized(self.dims()), self.activation(()) if self.chance(0.5) else "")
            return self.arrow(source.name, f"{middle.name} -> {target.name}", self.pick(("~", "~ normal(0, 0.5)")))
        self.arrow(source.name, target.name, self.weight(dims))

    def bias(self, target: Part) -> None:
        if target.axes and target.dims and self.chance(0.3):
            variables = self.variables(len(target.dims))
            self.arrow("1", target.name + self.index(variables), self.of_variables(dict(zip(variables, target.axes))))
        elif target.axes and target.dims and self.chance(0.2):
            for place in self.places(target):
                self.arrow("1", target.name + self.index(place), self.weight(()))
        else:
            self.arrow("1", target.name, self.weight(target.dims))

    def index(self, entries: Sequence[str]) -> str:
        return "[" + self.comma([f'"{e}"' if " " in e else e for e in entries]) + "]" if entries else ""

    def places(self, part: Part) -> list[tuple[str, ...]]:
        assert part.axes is not None
        return [*product(*(a.labels for a in part.axes))]

    def variables(self, count: int, without: Sequence[str] = ()) -> list[str]:
        taken = {label for _, axis in self.indices for label in axis.labels} | set(without)
        return self.random.sample([v for v in VARIABLES if v not in taken], count)

    def by_index(self, source: Part, target: Part) -> None:
        """`x[i] -> h[j] : w[j, i]`, the variables of equal axes tied or not, some places fixed."""
        if source.axes is None or target.axes is None or not (source.axes or target.axes):
            return self.whole(source, target)
        of_target = self.variables(len(target.axes))
        runs = dict(zip(of_target, target.axes))
        of_source = []
        for axis in source.axes:
            tied = [v for v, a in runs.items() if a.labels == axis.labels and v not in of_source]
            if tied and self.chance(0.6):
                of_source.append(self.pick(tied))
            elif self.chance(0.2):
                of_source.append(self.pick(axis.labels))
            else:
                name = next(v for v in VARIABLES if v not in runs and v not in self.labels())
                runs[name] = axis
                of_source.append(name)
        self.arrow(source.name + self.index(of_source), target.name + self.index(of_target), self.of_variables(runs))

    def labels(self) -> set[str]:
        return {label for _, axis in self.indices for label in axis.labels}

    def of_variables(self, runs: dict[str, Axis]) -> str:
        """A number, a fresh weight, or one that carries some of the variables, in some order, perhaps with a fixed place."""
        way = self.random.random()
        if way < 0.25:
            return self.plain_number()
        if way < 0.45:
            return self.pick(("~", f"~ {self.draw()}"))
        carried = self.some(list(runs), 0)
        entries, axes = [*carried], [runs[v] for v in carried]
        if axes and self.chance(0.2):
            extra = self.axis()
            at = self.random.randint(0, len(entries))
            entries.insert(at, self.pick(extra.labels))
            axes.insert(at, extra)
        name = self.new_name()
        fixed = self.chance(0.25)
        dims = tuple(len(a.labels) for a in axes)
        self.say(f"weight {name}{self.brackets(axes)}{self.start(dims, fixed)}")
        self.add(Part(name, dims, tuple(axes), "weight", fixed=fixed))
        return self.scaled(name + self.index(entries))

    def by_element(self, source: Part, target: Part) -> None:
        """A line for each pair of elements, or from one element to all."""
        if source.axes is None or target.axes is None:
            return self.whole(source, target)
        froms = self.some(self.places(source))[:3]
        for place in self.places(target)[:9]:
            some = self.comma([source.name + self.index(p) for p in froms])
            self.arrow(
                some, target.name + self.index(place),
                self.pick((self.weight, self.start_of))((len(froms),) if len(froms) > 1 else ()),
            )
        for place in self.places(target)[9:]:
            self.arrow(source.name + self.index(froms[0]), target.name + self.index(place), "~")

    def by_slice(self, source: Part, target: Part) -> None:
        """`x[2..3] -> h : W` by the sizes of what is left."""
        if not source.dims or source.axes is None:
            return self.whole(source, target)
        entries, left = self.cut(source)
        self.arrow(source.name + self.index(entries), target.name, self.weight(target.dims + left))

    def cut(self, part: Part) -> tuple[list[str], Dims]:
        """Entries of an index: elements and ranges; and the sizes that are left."""
        assert part.axes is not None
        entries, left = [], []
        for axis in part.axes:
            if axis.counts and self.chance(0.6):
                low = self.random.randrange(len(axis.labels))
                high = self.random.randrange(low, len(axis.labels))
                entries.append(f"{axis.labels[low]}..{axis.labels[high]}")
                left.append(high - low + 1)
            else:
                entries.append(self.pick(axis.labels))
        return entries, tuple(left)

    def by_list(self, role: str) -> None:
        """Lists and chains of scalars: `x, 1 -> a, b -> f : ~`."""
        scalars = [p.name for p in self.sources() if not p.dims] or [self.declare("input", ()).name]
        froms = self.some(scalars)[:5]
        count = self.pick((1, 2, 2, 3, 5))
        heads = [self.declare(role, (), self.activation(()) if self.chance(0.6) else "") for _ in range(count)]
        names = [h.name for h in heads]
        with_one = self.chance(0.4)
        if with_one:
            froms.insert(self.random.randint(0, len(froms)), "1")
        way = self.random.random()
        dims = tuple(d for d in (len(names), len(froms)) if d > 1)
        if way < 0.4:
            weight = self.pick((self.literal(dims), self.known_weight(dims)[0], self.scaled(self.literal(dims))))
        else:
            weight = self.pick(("~", "~ normal(0, 1)", self.number(), self.known_weight(())[0]))
            if self.chance(0.5) and not with_one:
                last = self.declare(role, (), self.activation(()) if self.chance(0.6) else "")
                return self.arrow(self.comma(froms), f"{self.comma(names)} -> {last.name}", weight)
        self.arrow(self.comma(froms), self.comma(names), weight)

    def list_in_files(self) -> None:
        """Scalar nodes, and arrows between them and those of the text."""
        scalars = [p.name for p in self.parts.values() if p.role == "input" and not p.dims]
        rows, edges = [], []
        for role in ("input", "node", "hidden", "output")[self.pick((0, 1)) :]:
            name = self.new_name()
            activation = self.activation(()) if role != "input" and self.chance(0.7) else ""
            rows.append({"name": name, "role": role, "activation": activation})
            if role != "input":
                for source in {"1", *self.some(scalars, 0)} if scalars else {"1"}:
                    learnt = self.pick(("yes", "true", "1", "~", "no", "false", "0", "=", ""))
                    edges.append(
                        {"source": source, "target": name, "weight": self.number().replace("−", "-"), "learnt": learnt}
                    )
            self.add(Part(name, (), (), "input" if role == "input" else "node", function=activation.partition("(")[0]))
            scalars.append(name)
        learnt = [e for e in edges if e["learnt"] in ("yes", "true", "1", "~")]
        self.random.shuffle(edges)
        first, second = self.new_name(("nodes", "list", "a-b")), self.new_name(("edges", "arrows", "evolved 1")).rstrip("_")
        self.files[f"{first}.csv"] = self.csv(rows, self.some(("name", "role", "activation"), 3))
        self.files[f"{second}.csv"] = self.csv(edges, self.some(("source", "target", "weight", "learnt"), 4))
        self.say(f'nodes "{first}.csv"')
        self.say(f"edges '{second}.csv'")
        if learnt:
            weight = "w_" + "".join(c if c.isalnum() or c == "_" else "_" for c in second)
            if weight not in self.names:
                self.names.add(weight)
                self.add(Part(weight, (len(learnt),), None, "weight"))

    def csv(self, rows: Sequence[dict[str, str]], columns: Sequence[str]) -> bytes:
        out = io.StringIO()
        writer = csv.DictWriter(out, columns, lineterminator=self.pick(("\n", "\r\n")))
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue().encode("utf-8-sig" if self.chance(0.1) else "utf-8")
