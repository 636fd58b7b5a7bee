"""Losses, penalties, and how weights learn."""

from __future__ import annotations

from collections.abc import Callable

from tests.agreement.stranger.nodes import Nodes
from tests.agreement.stranger.words import Part


class Learning(Nodes):
    """The loss and the `train` statement."""

    def learn(self) -> None:
        terms = [self.term() for _ in range(self.pick((1, 1, 2, 3)))]
        if self.chance(0.3):
            terms.append(self.penalty())
        text = terms[0]
        for term in terms[1:]:
            text += f" {self.pick('++-')} {term}"
        name = f"{self.new_name()} = " if self.chance(0.3) or text.startswith("[") else ""
        self.say(f"loss {name}{text}")
        if self.chance(0.6):
            self.say("train " + self.method())

    def target(self, part: Part, form: str) -> Part:
        """A target of a part's sizes, an old one or a new one."""
        same = [
            t
            for t in self.parts.values()
            if t.role == "target" and t.dims == part.dims and self.forms[t.name] in (form, "number")
        ]
        if same and form == "number" and self.chance(0.3):
            return self.pick(same)
        axes = part.axes if part.axes is not None and self.chance(0.5) else self.sized(part.dims)
        target = self.declare("target", axes)
        self.forms[target.name] = form
        return target

    def predicted(self) -> Part:
        return self.pick([p for p in self.parts.values() if p.role not in ("weight", "target") and not p.late])

    def term(self) -> str:
        way = self.random.random()
        scale = self.pick(("", "", "0.5*", "1e-1*", "2 * "))
        if way < 0.35:
            return scale + self.special()
        if way < 0.55:
            part = self.predicted()
            y = self.target(part, "number")
            f = part.name if self.chance(0.7) else self.value(part.dims, 1)[0]
            text = f"{self.pick(('sse', 'sse', 'mse'))}({f}, {y.name})"
            return self.pick(
                (scale + text, text + "/2", f"({text} + {self.penalty()})*0.5", f"-(-{text})", f"{text} * 0.3")
            )
        if way < 0.8:
            part = self.predicted()
            y = self.target(part, "number")
            f = self.pick((part.name, part.name, self.value(part.dims, 1)[0]))
            text = f"{self.pick(('mse', 'mae', 'l1', 'mse'))}({f}, {y.name})"
            return scale + self.pick(
                (
                    text,
                    text,
                    f"log(1 + {text})", f"sqrt({text} + 1)", f"{text}^2", f"{text}/(1 + mae({part.name}, {y.name}))",
                    f"max({text}, 0.5)", f"tanh({text})", f"{text}*{text}", f"exp(-{text})",
                )
            )
        part = self.predicted()
        y = self.target(part, "number")
        if self.chance(0.3):
            error = self.add(Part(self.new_name(), part.dims, None, "node", True))
            if error.name == "loss":
                self.say(f"node loss{self.brackets(self.sized(error.dims))}")
            self.say(f"{error.name} = {part.name} - {y.name}")
            wrong = error.name
        else:
            wrong = f"({part.name} - {y.name})"
        if not part.dims:
            return scale + self.pick((f"{wrong}^2", f"abs({wrong})", f"log(1 + {wrong}^2)"))
        if len(part.dims) == 1 and self.chance(0.3):
            return scale + self.pick((f"max(abs({wrong}))", f"{wrong}@{wrong}", f"dot({wrong}, {wrong})"))
        return scale + self.pick((f"sum({wrong}^2)", f"mean(abs({wrong}))", f"sum({wrong}*{wrong})"))

    def special(self) -> str:
        """A loss that asks for a function of its node."""
        form, function, dims = self.pick((
            ("class", "softmax", self.vector_dims()), ("bit", "logistic", ()), ("bit", "sigmoid", ()), ("class", "argmax", self.vector_dims()),
            ("bit", "step", ()), ("sign", "sign", ()), ("sign", "", self.pick((self.dims(), ()))),
            ("bit", "logistic", self.vector_dims()), ("class", "softmax", (2,)),
        ))  # fmt: skip
        loss = {
            "softmax": "cross_entropy",
            "argmax": "perceptron",
            "step": "perceptron",
            "sign": "perceptron",
            "": "hinge",
        }
        name = loss.get(function) or (
            "binary_cross_entropy" if dims else self.pick(("binary_cross_entropy", "bce", "cross_entropy"))
        )
        if function:
            make: Callable[..., Part] = self.by_arrows if self.chance(0.5) else self.by_equation
            part = make(self.pick(("output", "node")), function, dims)
        else:
            part = self.predicted()
        y = self.target(part, form)
        text = f"{name}({part.name}, {y.name})"
        return self.pick((text, text, f"log(1 + {text})", f"{text}^2")) if name not in ("perceptron",) else text

    def penalty(self) -> str:
        weights = [p for p in self.parts.values() if p.role == "weight"]
        w = self.pick(weights) if weights else self.declare_weight(self.dims())
        scale = self.pick(("1e-3*", "0.1 * ", "0.01*", ""))
        if not w.dims:
            return scale + self.pick((f"{w.name}^2", f"abs({w.name})"))
        return scale + self.pick(
            (f"sum({w.name}^2)", f"sum(abs({w.name}))", f"mean({w.name}^2)", f"sum({w.name}*{w.name})")
        )

    def method(self) -> str:
        name = self.pick(("gd", "sgd", "momentum", "adam", "adamw", "rmsprop"))
        options = {"rate": "0.01", "steps": self.pick(("3", "100"))}
        more = {"seed": "3", "decay": "0.1", "warmup": "2", "cosine": "true", "weight_decay": "0.01"}
        if name != "gd":
            more |= {"batch": self.pick(("1", "2", "3", "16")), self.pick(("replace", "order")): ""}
        if name == "momentum":
            more["momentum"] = "0.5"
        if name in ("adam", "adamw"):
            more |= {"beta1": "0.8", "eps": "1e-6"}
        if name in ("adam", "adamw", "rmsprop"):
            more["beta2"] = "0.9"
        for option in self.some(list(more), 0):
            options[option] = more[option] or {"replace": "true", "order": "data"}[option]
        if "replace" in options and "order" in options:
            del options["order"]
        if self.chance(0.2):
            options |= {"gamma": "0.5", "every": "2"}
        entries = list(options.items())
        self.random.shuffle(entries)
        return f"{name}({self.comma([f'{k}={v}' for k, v in entries])})"
