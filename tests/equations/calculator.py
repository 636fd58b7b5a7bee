"""Reads equations as they are printed in text, and computes them: it knows their notation, and nothing of flowc's own.

A value is an array, (n, m) for a vector of m elements that every one of n tokens has. In a formula a vector is a column.
"""

import math
import re
from itertools import product

import numpy as np

from flowc.program.notation import Letter, counted

SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ⁻", "0123456789n-")
SUBSCRIPT = str.maketrans("₀₁₂₃₄₅₆₇₈₉₋ᵢⱼₖₗₘₜₛₚᵣ₌", "0123456789-ijklmtspr=")
RAISED = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
LETTERS = "jklmpq"
FUNCTIONS = {
    "tanh": np.tanh, "ln": np.log, "sin": np.sin, "cos": np.cos, "√": np.sqrt, "max": np.maximum, "min": np.minimum, "argmax": None,
}  # fmt: skip
COMPARED = {"=": np.equal, "≥": np.greater_equal, "≤": np.less_equal, ">": np.greater, "<": np.less}


class Names:
    """What a piece of text names: (kind, owner) of an array, and the element there: numbers from 0, and letters with their first value."""

    def __init__(self, notation, network, arrays):
        self.table, self.shapes, self.twice = {}, {}, set()
        self.classes = {c: float(k + 1) for n in network.nodes for a in n.axes for k, c in enumerate(a.names or ())}
        axes = [axis for owner in (*network.nodes, *network.weights) for axis in owner.axes]
        letters = [Letter(c, low) for low in sorted({1, *(a.low for a in axes if not a.names)}) for c in LETTERS]
        for (kind, owner), (shape, spelled) in arrays(notation, network).items():
            self.shapes[kind, owner] = self.shapes["d", kind, owner] = shape
            self.add(spelled(()), (kind, owner), ())
            for places in product(*([*range(n), *letters] for n in shape)):
                if places:
                    self.add(spelled(places), (kind, owner), places)

    def add(self, text, key, places):
        """Of a node that is its own excitation both are one; what else is called the same is in `twice`."""
        old = self.table.setdefault(text, (key, places))
        if old[0][1] != key[1] or old[1] != places:
            self.twice.add(text)


class Calculator:
    """Computes the lines of a text one after the other; `values` are those of inputs, targets and weights at first."""

    def __init__(self, text, names, values, tokens):
        self.shapes, self.classes = names.shapes, names.classes
        self.names = {**names.table, "P(𝒟)": (("likelihood", ""), ())}
        self.values, self.tokens, self.losses, self.gathered = dict(values), tokens, [], {}
        self.functions, self.seen = dict(FUNCTIONS), set()
        blocks = [block.split("\n") for block in text.rstrip("\n").split("\n\n")[1:]]
        counted = re.search(r"(\w) counts the (\w) tokens|(\w) is the number of tokens", text)
        self.token, self.count = (counted[1], counted[2] or counted[3]) if counted else ("i", "n")
        blocks = {title: [line.strip() for line in lines] for title, *lines in blocks}
        for line in 2 * blocks.pop("where", []):  # a function may be of another
            self.define(line)
        for line in blocks.pop("Vectors and matrices", []):
            self.gather(*re.split(r" += ", line))
        update = [line for title, lines in blocks.items() if title.startswith("Update") for line in lines]
        self.updates = {left.strip(): right for left, right in (re.split(" ← | = ", line, maxsplit=1) for line in update)}
        for line in [line for title, lines in blocks.items() if not title.startswith("Update") for line in lines]:
            self.line(line)

    def define(self, line):
        found = re.fullmatch(r"([\wσ′ ]+?)\(ξ\)(ⱼ?) = (.*)", line)
        if found and not self.functions.get(found[1].strip()) and line not in self.seen:
            self.seen.add(line)
            self.functions[found[1].strip()] = None
        elif found:
            name, letter, right = found.groups()
            local = {"ξ": (("local", ""), ()), "ξⱼ": (("local", ""), (Letter("j"),)), "ξₖ": (("local", ""), (Letter("k"),))}
            self.functions[name.strip()] = self.vector(right, local) if letter else self.scalar(right, local)
        found = re.fullmatch(r"(\S+) = (\[.*\])", line)
        if found and found[1] in self.names:
            self.values[self.names[found[1]][0]] = np.squeeze(self.parsed(found[2])(self, 0, {}))

    def gather(self, name, right):
        """`W = [a, b; c, d]`, which is known, or `h = [h₁; h₂]`, whose elements are known when h is."""
        rows = [row.split(", ") for row in right[1:-1].split("; ")]
        shape = (len(rows), len(rows[0])) if len(rows[0]) > 1 else (len(rows),)
        kinds = {self.names[e][0] for row in rows for e in row if e in self.names}
        kind = "node" if any(k[0] == "node" for k in kinds) else "weight"
        self.gathered[name] = rows
        self.shapes |= {(*d, which, name): shape for which in (kind, "xi", "delta") for d in ((), ("d",))}
        for which, base in [(kind, name), *([("xi", f"ξ⁽{name}⁾"), ("delta", f"δ⁽{name}⁾")] if kind == "node" else [])]:
            raised = base if base == name else base[0] + f"⁽{re.sub('[⁽⁾]', '', base[1:]).translate(RAISED)}⁾"
            self.names[raised] = (which, name), ()
            small = raised[0].lower() + raised[1:] if len(shape) == 2 else raised
            for places in product(*([*range(n), *map(Letter, LETTERS)] for n in shape)):
                below = "".join(str(p + 1) if isinstance(p, int) else p.name for p in places)
                self.names.setdefault(
                    small + below.translate(str.maketrans("0123456789jklm", "₀₁₂₃₄₅₆₇₈₉ⱼₖₗₘ")), ((which, name), places)
                )
        if kind == "node" and any(k not in self.values for k in kinds):
            for k, (entry,) in enumerate(rows):
                self.names[entry] = (kind, name), (k,)
            return
        run = self.parsed(right)
        found = [run(self, t, {}) for t in range(self.tokens)]
        self.values[kind, name] = np.stack([f[:, 0] for f in found]) if kind == "node" else np.reshape(found[0], shape)

    def updated(self, left, rate):
        """What a weight is after a step."""
        self.names["η"] = ("η", ""), ()
        self.values["η", ""] = np.full(self.tokens, rate)
        line, _, spans = self.updates[left].partition("   for ")
        key, places = self.names[left]
        run, found = self.parsed(line), np.array(self.values[key])
        if not places:
            return np.reshape(run(self, 0, {}), found.shape)
        for letters in every(spans):
            found[at(places, letters)] = run(self, 0, letters)
        return found

    def scalar(self, right, local):
        run = Parser(self, right, local).whole()

        def function(x):
            return np.vectorize(lambda v: float(run(Local(self, v), 0, {})), otypes=[float])(x)

        return function

    def vector(self, right, local):
        run = Parser(self, right, local).whole()

        def function(x):
            column = np.ravel(x)
            rows = [run(Local(self, column), 0, {"j": j + 1}) for j in range(len(column))]
            return np.reshape(rows, (-1, 1))

        return function

    def parsed(self, text):
        return Parser(self, text, {}).whole()

    def line(self, line):
        """`left = right   for j = 1, …, 3`"""
        line, _, spans = line.partition("   for ")
        left, right = re.split(r" +=+ ", line, maxsplit=1)
        run = self.parsed(right)
        if "[" in left:
            return self.blocks(left, run)
        key, places = self.left(left)
        for letters in every(spans):
            self.store(key, at(places, letters), [run(self, t, letters) for t in range(self.tokens)])

    def left(self, left):
        if left.startswith("∂"):
            key, places = self.names[left.split("/∂")[1]]
            return ("d", *key), places
        if left not in self.names and (part := re.fullmatch(r"(\w)(?:([₀-₉]+)|_(\d+),.*)", left)):
            self.part(part[1], part[3] or part[2].translate(SUBSCRIPT))
        return self.names[left]

    def part(self, letter, number):
        """A part of a long formula, `a₁`, or of an array, `a_1,2` and `a_1,j`."""
        key = "part", letter + number
        small = number.translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
        self.names[letter + small] = key, ()
        letters = [Letter(c, low) for c in LETTERS for low in (-1, 0, 1, 2, 7)]
        for places in [*product([*range(6), *letters]), *product([*range(6), *letters], repeat=2)]:
            below = ",".join(counted(p, 1).text for p in places)
            self.names[f"{letter}_{number},{below}"] = key, places

    def store(self, key, index, found):
        """Of every token; a whole at once, or an element into what there is of the others."""
        if key[0] == "loss":
            self.losses.append(float(np.squeeze(found[0])))
        if not index:
            shape = self.shapes.get(key)
            self.values[key] = np.stack([f if shape is None else self.shaped(f, shape) for f in found])
            return
        old = self.values.get(key, np.zeros((self.tokens, *(0 for _ in index))))
        shape = tuple(max(n, i + 1) for n, i in zip(old.shape[1:], index, strict=True))
        new = np.zeros((self.tokens, *shape))
        new[tuple(map(slice, old.shape))] = old
        new[(slice(None), *index)] = [float(np.squeeze(f)) for f in found]
        self.values[key] = new

    @staticmethod
    def shaped(value, shape):
        """A column as a vector; `0` and `c 𝟏` are of any shape."""
        value = np.asarray(value, float)
        return np.reshape(value, shape) if value.size == np.prod(shape, dtype=int) else np.broadcast_to(value, shape)

    def blocks(self, left, run):
        """∂L/∂[W, b]: the columns belong to each."""
        found, at = run(self, 0, {}), 0
        for name in re.search(r"\[(.*)\]", left)[1].split(", "):
            key, _ = self.names[name]
            wide = self.values[key].shape[1] if self.values[key].ndim == 2 else 1
            part = found[:, at : at + wide]
            self.values["d", *key] = np.stack([part if self.values[key].ndim == 2 else part[:, 0]] * self.tokens)
            at += wide

    def lookup(self, key, places, token, letters):
        value = self.values[key]
        if key[0] not in ("weight", "L"):
            value = value[token]
        if places:
            return value[at(places, letters)]
        return value.reshape(-1, 1) if np.ndim(value) == 1 else value


def at(places, letters):
    """Where an element is in its array."""
    return tuple(p if isinstance(p, int) else letters[p.name] - p.low for p in places)


def every(spans):
    """What the letters are in turn: `j = 1, …, 3, k = −1, 0`."""
    found = re.findall(r"(\w) = (−?\d+)(?:, (?:…, )?(−?\d+))?", spans)
    ranges = {c: range(signed(low), signed(high or low) + 1) for c, low, high in found}
    return [dict(zip(ranges, values, strict=True)) for values in product(*ranges.values())]


def signed(text):
    return int(text.replace("−", "-"))


class Local:
    """A calculator in which `ξ` is an argument."""

    def __init__(self, outer, value):
        self.outer, self.value = outer, value
        self.functions, self.tokens, self.classes = outer.functions, outer.tokens, outer.classes

    def lookup(self, key, places, token, letters):
        if key[0] != "local":
            return self.outer.lookup(key, places, token, letters)
        return self.value[at(places, letters)] if places else self.value

    @property
    def size(self):
        return len(self.value)


def beside(a, b):
    """Side by side: a product of numbers, or of matrices."""
    if np.ndim(a) < 2 or np.ndim(b) < 2 or np.size(a) == 1 and np.ndim(a) < 2:
        return a * b
    return a @ b


def number_of(value):
    """What stands in parentheses, and is one number, is that: (aᵀ b) c."""
    return float(np.squeeze(value)) if np.shape(value) == (1, 1) else value


class Parser:
    """A formula as a function of the calculator, the token and the letters."""

    def __init__(self, calculator, text, local):
        self.text, self.at = text, 0
        self.known = {**calculator.names, **local} if local else calculator.names
        self.functions, self.classes = calculator.functions, calculator.classes
        self.defined = []
        self.token, self.count = calculator.token, calculator.count
        self.sizes = sorted({*map(len, self.known)} - {0}, reverse=True)

    def whole(self):
        found = self.cases()
        assert self.at == len(self.text), f"{self.text[self.at :]!r} is left of {self.text!r}"
        return found

    def ahead(self, *words):
        """The word that is next, which is then behind."""
        for word in words:
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return word
        return ""

    def name(self):
        """The longest name that is next, which is then behind. There are thousands, of few lengths."""
        for size in self.sizes:
            word = self.text[self.at : self.at + size]
            if word in self.known:
                self.at += len(word)
                return word
        return ""

    def cases(self):
        value = self.sum()
        if not self.ahead(" if "):
            return value
        condition = self.condition()
        if not self.ahead(" else "):
            raise AssertionError(self.text)
        other = self.cases()
        return lambda c, t, k: np.where(condition(c, t, k), value(c, t, k), other(c, t, k))[()]

    def condition(self):
        a = self.comparison()
        if not self.ahead(" and "):
            return a
        b = self.condition()
        return lambda c, t, k: np.logical_and(a(c, t, k), b(c, t, k))

    def comparison(self):
        a = self.sum()
        sign = self.ahead(*(f" {s} " for s in COMPARED))
        b = self.sum()
        return lambda c, t, k: COMPARED[sign.strip()](a(c, t, k), b(c, t, k))

    def sum(self):
        terms = [(-1 if self.ahead("−") else 1, self.product())]
        while sign := self.ahead(" + ", " − "):
            terms.append((1 if sign == " + " else -1, self.product()))
        if len(terms) == 1 and terms[0][0] == 1:
            return terms[0][1]
        return lambda c, t, k: sum(sign * term(c, t, k) for sign, term in terms)

    def product(self):
        found = self.factor()
        while True:
            if self.ahead(" ⊙ "):
                found = self.both(np.multiply, found, self.factor())
            elif self.ahead("/"):
                found = self.both(np.divide, found, self.factor())
            elif self.text.startswith(" ", self.at) and self.begins(self.at + 1):
                self.at += 1
                found = self.both(beside, found, self.factor())
            else:
                return found

    def begins(self, at):
        """Whether a factor begins there, not a sign or a word."""
        return not re.match(r"[+−=≥≤><⊙/]|if |else |and |for | ", self.text[at:])

    @staticmethod
    def of(operation, a):
        return lambda c, t, k: operation(a(c, t, k))

    @staticmethod
    def both(operation, a, b):
        return lambda c, t, k: operation(a(c, t, k), b(c, t, k))

    def factor(self):
        found = self.base()
        while True:
            if digits := re.match(r"⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+", self.text[self.at :]):
                self.at += len(digits[0])
                power = float(digits[0].translate(SUPERSCRIPT))
                found = self.both(np.power, found, lambda c, t, k, power=power: power)
            elif self.ahead("ᵀ"):
                found = self.of(np.transpose, found)
            elif self.ahead("^"):
                found = self.both(np.power, found, self.base())
            else:
                return found

    def base(self):
        if sign := self.ahead("Σ", "∏"):
            return self.total(sign)
        if many := re.match(r"(argmax|max)([ⱼₖₗₘ]) ", self.text[self.at :]):
            return self.many(many)
        for name in sorted(self.functions, key=len, reverse=True):
            if self.text.startswith(name + "(", self.at):
                return self.call(name)
            if name in ("ln", "sin", "cos") and self.ahead(name + " "):
                return self.of(self.functions[name], self.factor())
        if found := re.match(r"∂\w+/∂", self.text[self.at :]):
            self.at += len(found[0])
            key, places = self.known[self.name()]
            return lambda c, t, k: c.lookup(("d", *key), places, t, k)
        for name in sorted(self.classes, key=len, reverse=True):
            if self.text.startswith(f"{name} = argmax", self.at) and self.ahead(name):
                return lambda c, t, k, name=name: c.classes[name]
        if name := self.name():
            key, places = self.known[name]
            return lambda c, t, k: c.lookup(key, places, t, k)
        return self.simple()

    def simple(self):
        if digits := re.match(r"\d+(\.\d+)?(·10⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?", self.text[self.at :]):
            self.at += len(digits[0])
            number = float(digits[0].replace("·10", "e").translate(SUPERSCRIPT))
            return lambda c, t, k: number
        if self.ahead("√"):
            return self.of(np.sqrt, self.base())
        if self.ahead("("):
            inner = self.closed(self.cases(), ")")
            return lambda c, t, k: number_of(inner(c, t, k))
        if self.ahead("‖"):
            inner = self.closed(self.sum(), "‖")
            assert self.ahead("²")
            return lambda c, t, k: np.sum(np.square(inner(c, t, k)))
        if self.ahead("|"):
            inner = self.closed(self.sum(), "|")
            return lambda c, t, k: np.abs(inner(c, t, k))
        if self.ahead("["):
            return self.brackets()
        if self.ahead("𝟏"):
            return lambda c, t, k: 1.0
        if self.ahead("e"):
            return lambda c, t, k: math.e
        if self.ahead("π"):
            return lambda c, t, k: math.pi
        letter = self.ahead(self.count, *LETTERS)
        assert letter, f"what is {self.text[self.at :]!r} in {self.text!r}?"
        return (lambda c, t, k: float(c.tokens)) if letter == self.count else (lambda c, t, k: k[letter])

    def closed(self, inner, end):
        assert self.ahead(end), f"{end} before {self.text[self.at :]!r} in {self.text!r}"
        return inner

    def call(self, name):
        self.at += len(name) + 1
        arguments = [self.cases()]
        while self.ahead(", "):
            arguments.append(self.cases())
        self.closed(None, ")")

        def run(c, t, k):
            values = [a(c, t, k) for a in arguments]
            if name == "argmax" and len(values) > 1:
                return float(np.argmax(np.ravel(values))) + 1
            found = c.functions[name](values[0]) if len(values) == 1 else c.functions[name](*values[:2])
            for more in values[2:]:
                found = c.functions[name](found, more)
            return found

        return run

    def brackets(self):
        """[condition], or rows of a matrix."""
        start = self.at
        try:
            condition = self.closed(self.condition(), "]")
            return lambda c, t, k: np.asarray(condition(c, t, k), float)[()]
        except (AssertionError, KeyError):
            self.at = start
        rows = [[self.cases()]]
        while separator := self.ahead(", ", "; "):
            rows = rows if separator == ", " else [*rows, []]
            rows[-1].append(self.cases())
        self.closed(None, "]")
        return lambda c, t, k: np.block([[np.atleast_2d(entry(c, t, k)) for entry in row] for row in rows])

    def span(self):
        """`ₖ₌₁³` or `[k=1…20]` or `ₖ`: the letter, the first, the last as text."""
        if found := re.match(r"\[(\w)=(−?\d+)…(−?\w+)\] ", self.text[self.at :]):
            self.at += len(found[0])
            return found[1], signed(found[2]), found[3].replace("−", "-")
        found = re.match(r"(\S)(?:₌(₋?[₀-₉]+)([⁻⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ]+))? ", self.text[self.at :])
        self.at += len(found[0])
        letter = found[1].translate(SUBSCRIPT)
        return letter, int((found[2] or "1").translate(SUBSCRIPT)), (found[3] or "").translate(SUPERSCRIPT)

    def total(self, sign):
        letter, low, high = self.span()
        body = self.product()
        put_together = np.prod if sign == "∏" else np.sum
        if letter == self.token and high == self.count:
            return lambda c, t, k: put_together([body(c, token, k) for token in range(c.tokens)], axis=0)

        def run(c, t, k):
            last = int(high) if high else c.size
            return put_together([body(c, t, {**k, letter: v}) for v in range(low, last + 1)], axis=0)

        return run

    def many(self, found):
        self.at += len(found[0])
        name, letter = found[1], found[2].translate(SUBSCRIPT)
        start = self.at
        body = self.product()
        within = self.text[start : self.at]
        named = [self.known[t] for t in sorted((t for t in self.known if t in within), key=len, reverse=True)]
        (kind, owner), axis, low = next(
            (key, axis, p.low)
            for key, places in named
            for axis, p in enumerate(places)
            if isinstance(p, Letter) and p.name == letter
        )

        def run(c, t, k):
            size = c.size if isinstance(c, Local) else c.shapes[kind, owner][axis]
            values = [float(np.squeeze(body(c, t, {**k, letter: v + low}))) for v in range(size)]
            return float(np.argmax(values)) + low if name == "argmax" else max(values)

        return run
