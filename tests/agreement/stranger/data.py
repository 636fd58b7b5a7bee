"""Data: tables, files, formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from tests.agreement.stranger.learning import Learning
from tests.agreement.stranger.words import Part

HELPERS = ("n", "helper", "count", "train", "data", "ξ", "np", "rows", "loss_1", "f_1", "d_x")


class Data(Learning):
    """The `data` statements."""

    def add_data(self) -> None:
        shown = [p for p in self.parts.values() if p.role in ("input", "target")]
        if any(p.axes is None for p in shown) or not shown:
            return
        way = self.pick(("table", "table", "table", "csv", "tsv", "npz", "formulas", "formulas"))
        parts = self.pick((("",), ("",), ("train ",), ("train ", "test ")))
        for part in parts:
            getattr(self, f"data_{way}")(part, shown)

    def cells(self, part: Part, rows: int) -> tuple[list[str], list[list[str]]]:
        """Names of columns and the cells of each, for one part."""
        assert part.axes is not None
        form = self.forms.get(part.name, "number")
        one_hot = len(part.dims) == 1 and form not in ("bit", "sign") and (form == "class" or self.chance(0.15))
        if one_hot and self.chance(0.7):
            return [part.name], [[self.pick(part.axes[0].labels) for _ in range(rows)]]
        places = self.places(part)
        names = [part.name + ("[" + ",".join(p) + "]" if p else "") for p in places]
        if one_hot:
            table = [
                ["1" if k == c else "0" for k in range(len(places))]
                for c in (self.random.randrange(len(places)) for _ in range(rows))
            ]
        elif form in ("bit", "sign"):
            low = "0" if form == "bit" else "-1"
            table = [[self.pick((low, "1")) for _ in places] for _ in range(rows)]
        else:
            table = [
                [self.pick(("0.5", "-1", "2", "1e-1", "+.5", "2.", "-0.75", "1.25", "0")) for _ in places]
                for _ in range(rows)
            ]
        return self.called(part, names), [list(column) for column in zip(*table)]

    def called(self, part: Part, names: list[str]) -> list[str]:
        """Shorter names of the elements of a vector, as `x1` of `x[1]`, or of an element alone."""
        assert part.axes is not None
        if len(part.dims) != 1 or self.chance(0.5):
            return names
        labels = part.axes[0].labels
        if part.axes[0].counts:
            short = [f"{part.name}{label}" for label in labels]
            return short if not any("-" in n or n.replace("₁", "1") in self.names for n in short) else names
        others = [p for p in self.parts.values() if p is not part and p.role in ("input", "target", "output") and p.axes]
        taken = self.names | {label for p in others for axis in p.axes or () for label in axis.labels}
        return list(labels) if not taken & set(labels) else names

    def columns(self, shown: Sequence[Part], rows: int) -> list[tuple[str, list[str], Part]]:
        found: list[tuple[str, list[str], Part]] = []
        outputs = [p for p in self.parts.values() if p.role == "output" and p.axes is not None and self.chance(0.15)]
        for part in (*shown, *outputs):
            names, cells = self.cells(part, rows)
            found += [(n, c, part) for n, c in zip(names, cells)]
        return found

    def data_table(self, which: str, shown: Sequence[Part]) -> None:
        rows = self.pick((1, 2, 3, 4))
        columns = [c for c in self.columns(shown, rows)]
        left = [c for c in columns if c[2].role == "input"]
        right = [c for c in columns if c[2].role != "input"]
        bar = self.chance(0.5) and left and right
        if not bar:
            left = left + right
            self.random.shuffle(left)
            right = []
        gap = self.pick((" ", "  "))
        text = f"data {which}{{\n"
        heads = [self.heads([n for n, _, _ in side]) for side in (left, right)]
        lines = [heads] + [[[self.cell(c[k]) for _, c, _ in side] for side in (left, right)] for k in range(rows)]
        for k, (one, two) in enumerate(lines):
            text += (
                "  "
                + gap.join(one)
                + (f" | {gap.join(two)}" if bar else "")
                + ("  # row" if self.chance(0.1) and k else "")
                + "\n"
            )
            text += "\n" if self.chance(0.1) else ""
        self.say(text + "}")

    def heads(self, names: list[str]) -> list[str]:
        """The first row; `x[1] x[2]` may be `x[1..2]`."""
        found, k = [], 0
        while k < len(names):
            run = [re.fullmatch(r"(.+)\[(-?\d+)\]", name) for name in names[k:]]
            end = 0
            while end < len(run) and run[end] and run[0] and run[end][1] == run[0][1]:  # type: ignore[index]
                if int(run[end][2]) != int(run[0][2]) + end:  # type: ignore[index]
                    break
                end += 1
            if end > 1 and self.chance(0.5):
                found.append(f"{run[0][1]}[{run[0][2]}..{run[end - 1][2]}]")  # type: ignore[index]
                k += end
            else:
                found.append(self.cell(names[k]))
                k += 1
        return found

    def cell(self, text: str) -> str:
        return f'"{text}"' if " " in text else text

    def separated(self, which: str, shown: Sequence[Part], comma: str, ending: str) -> None:
        rows = self.pick((1, 2, 5))
        columns = self.columns(shown, rows)
        if self.chance(0.3):
            columns.append(("a remark of nobody", ["n/a"] * rows, shown[0]))
        self.random.shuffle(columns)
        out = io.StringIO()
        writer = csv.writer(out, delimiter=comma, lineterminator=self.pick(("\n", "\r\n")))
        writer.writerow([h.strip('"') for h in self.heads([n for n, _, _ in columns])])
        for k in range(rows):
            writer.writerow([c[k] for _, c, _ in columns])
        name = f"rows{len(self.files)}{ending}"
        self.files[name] = out.getvalue().encode()
        self.say(f'data {which}"{name}"')

    def data_csv(self, which: str, shown: Sequence[Part]) -> None:
        self.separated(which, shown, ",", ".csv")

    def data_tsv(self, which: str, shown: Sequence[Part]) -> None:
        self.separated(which, shown, "\t", self.pick((".tsv", ".tab")))

    def data_npz(self, which: str, shown: Sequence[Part]) -> None:
        import numpy as np

        rows, arrays = self.pick((1, 2, 5)), {}
        for part in shown:
            names, cells = self.cells(part, rows)
            classes = names == [part.name] and part.dims
            values = np.array(cells[0]) if classes else np.array([[float(c) for c in column] for column in cells]).T
            if values.dtype.kind == "U" and part.axes and part.axes[0].counts:
                values = values.astype(int)
            arrays[part.name] = values if values.dtype.kind in "Ui" else values.reshape((rows, *part.dims))
        out = io.BytesIO()
        np.savez(out, **arrays)
        name = f"rows{len(self.files)}.npz"
        self.files[name] = out.getvalue()
        self.say(f'data {which}"{name}"')

    def data_formulas(self, which: str, shown: Sequence[Part]) -> None:
        count = self.pick((2, 3, 5))
        lines, before = [], []
        if self.chance(0.5):
            helper = self.new_name(HELPERS)
            lines.append(f"{helper} = {count}")
            size = helper
        else:
            size = str(count)
        for part in shown:
            form = self.forms.get(part.name, "number")
            if form == "class" and len(part.dims) == 1:
                for k, (place,) in enumerate(self.places(part)):
                    lines.append(f"{part.name}{self.index([place])} = {int(k == 0)}")
                continue
            for place in self.places(part):
                name = part.name + self.index(place)
                formula = self.formula(size, before)
                lines.append(
                    f"{name} = " + {"bit": f"step({formula})", "sign": f"2*step({formula}) - 1"}.get(form, formula)
                )
                if not place:
                    before.append(part.name)
        if not any(word in line for line in lines for word in ("linspace", "normal(", "uniform(", "arange")):
            lines.append(f"{self.new_name(HELPERS)} = linspace(0, 1, {size})")
        self.say(f"data {which}{{\n  " + self.pick(("\n  ", "\n\n  ")).join(lines) + "\n}")

    def formula(self, size: str, before: Sequence[str]) -> str:
        plain = self.pick(
            (
                f"linspace(-1, 1, {size})", f"linspace(-pi, pi, {size})", f"normal(0, 1, {size})",
                f"uniform(-1, 1, {size})", "0.5", "-1",
            )
        )
        if before and self.chance(0.5):
            one = self.pick(before)
            return self.pick(
                (f"sin({one})", f"{one}^2 - 1", f"{one} + {plain}", f"max({one}, 0.5)", f"-{one}/2", f"2^tanh({one})")
            )
        return plain
