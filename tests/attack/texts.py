"""Mutations of texts and bytes."""

import re
from collections.abc import Callable
from random import Random

TOKENS = re.compile(r"\s+|\w+|\.\.|->|.", re.DOTALL)
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
NAME = re.compile(r"[^\W\d]\w*")
NUMBERS = [
    "0", "1", "2", "3", "7", "-1", "-0", "0.0", "1.0", "0.5", "1e308", "1e-308", "1e-320", "5e-324", "1e400", "-1e400", "nan", "inf",
    "-inf", "1_0", "007", "9" * 20, "9" * 400, "0." + "0" * 400 + "1", "9007199254740993", "2147483648", "18446744073709551616", "1e10",
    "1000", "65536", "0x10", "1e", "1e+", ".5", "5.", "+1", "--1", "1/3", "1/0", "\u00bd", "\u0663", "\u2212" + "1", "",
]  # fmt: skip
NAMES = [
    "x", "y", "f", "h", "h1", "w", "b", "np", "torch", "self", "if", "kind", "given", "input", "output", "node", "target", "index",
    "weight", "loss", "data", "train", "softmax", "tanh", "max", "sum", "mse", "T", "pi", "e", "_", "__class__", "\u03be", "\u03be\u2081",
    "x1", "x_1", "x\u0304", "gr\u00f6\u00dfe", "a" * 60, "a" * 100_000, "1", "nan", "inf", "in", "cat",
]  # fmt: skip
BITS = [
    *"()[]{}|,;:=~+-*/@^.'\"#\n\t 01x\\$%<>&`", "->", "..", "^T", "\r", "\r\n", "\0", "\u2013", "\u00b2", "\u03be\u2081", "\u0301", "\u202e", "\ufeff",
    "\x1b[31m", "\U0001f600", "\ud800", "input ", "data {", "loss ", "\n\n", "1e999", '""', "$\\frac$", "}", "# ", "[1]", "[i, j]", " : ", " ~ 0",
]  # fmt: skip

STATEMENTS = [  # of some names @ and numbers #
    "@ -> @ : ~", "@ -> @ : #", "1 -> @ : @ ~ #", "@, @ -> @ : @ ~ normal(0, #)", "@ -> new : ~", "new = @*@ + #", "new = @^# - #/@", "output new", "@ = @ + @",
    "new = max(@, @, #)", "new = softmax(@)", "new = sum(@)*@", "new = prod(@)", "new = @ . @", "new = @^T @", "new = [@, @, #]", "new = exp(@)/#", "new = sqrt(@)",
    "new = log(@)^#", "loss mse(@, @)", "loss cross_entropy(@, @)", "loss @ + #*sum(@^2)", "loss hinge(@, @)", "loss new = (@ - #)^#", "weight @ ~ #", "weight new[#, #] ~",
    "weight new = @*#", "node @ : tanh", "node new[#] : softmax", "input new[#]", "input new[#, #]", "target new", "output @", "index new = #..#", "node @ \"$@_{#}$\"",
    "train @(rate=#, steps=3)", "train sgd(rate=#, batch=#, steps=3, seed=#)", "train adam(rate=0.1, eps=#, beta1=#, steps=2)", "data { @ @ | @\n # # | # }",
    "data @ = # to #", "data \"data.csv\"", "data test \"held.csv\"", "nodes \"nodes.csv\"", "edges \"edges.csv\"", "@[#] -> @[#] : ~", "@[i] -> @[j] : @[j, i] ~", "new = @[#..#]",
    "flow @ \"a title\"", "node new : leaky_relu(#)", "node new : step(#)", "new = step(@ - #)", "new = tanh(#*@)", "new = -@", "new = @/@", "new = (@ + #)*(@ - #)",
]  # fmt: skip

Text = Callable[[Random, str, str], str]  # of a text and another one


def tokens(draw: Random, text: str, other: str) -> str:
    """Some tokens by others of their kind, taken out, doubled or swapped."""
    parts = TOKENS.findall(text) or ["x"]
    for _ in range(draw.randint(1, 3)):
        place, way = draw.randrange(len(parts)), draw.random()
        pool = parts if draw.random() < 0.5 else TOKENS.findall(other) or ["x"]
        alike = [part for part in pool if _kind(part) == _kind(parts[place])]
        if way < 0.6:
            parts[place] = draw.choice(alike or ["x"])
        elif way < 0.7:
            parts[place] = ""
        elif way < 0.8:
            parts.insert(place, parts[place])
        elif way < 0.9:
            parts.insert(place, draw.choice(pool))
        else:
            second = draw.randrange(len(parts))
            parts[place], parts[second] = parts[second], parts[place]
        parts = [part for part in parts if part] or ["x"]
    return "".join(parts)


def _kind(token: str) -> int:
    if token.isspace():
        return 0
    return 1 if token[0].isdigit() else 2 if token[0].isalpha() else 3 if token in "+-*/@^" else 4


def lines(draw: Random, text: str, other: str) -> str:
    """Lines taken out, doubled, moved, or from elsewhere."""
    parts, pool = text.split("\n"), other.split("\n")
    for _ in range(draw.randint(1, 3)):
        place = draw.randrange(len(parts))
        match draw.randrange(5):
            case 0:
                parts.pop(place)
            case 1:
                parts.insert(place, parts[place])
            case 2:
                parts.insert(draw.randrange(len(parts)), parts.pop(place))
            case 3:
                parts.insert(place, draw.choice(pool))
            case _:
                draw.shuffle(parts)
        parts = parts or [""]
    return "\n".join(parts)


def numbers(draw: Random, text: str, other: str) -> str:
    """One number, or all, to an extreme."""
    places = [*NUMBER.finditer(text)]
    if not places:
        return text + draw.choice(NUMBERS)
    number = draw.choice(NUMBERS)
    if draw.random() < 0.1:
        return NUMBER.sub(number, text)
    place = draw.choice(places)
    return text[: place.start()] + number + text[place.end() :]


def names(draw: Random, text: str, other: str) -> str:
    """A name by another, everywhere or in one place."""
    places = [*NAME.finditer(text)]
    if not places:
        return text + draw.choice(NAMES)
    place, name = draw.choice(places), draw.choice(NAMES)
    if draw.random() < 0.6:
        return re.sub(rf"\b{re.escape(place[0])}\b", name, text)
    return text[: place.start()] + name + text[place.end() :]


def splices(draw: Random, text: str, other: str) -> str:
    """The beginning of one and the end of another, cut between lines or anywhere."""
    if draw.random() < 0.5:
        return text[: draw.randint(0, len(text))] + other[draw.randint(0, len(other)) :]
    first, second = text.split("\n"), other.split("\n")
    return "\n".join(first[: draw.randint(0, len(first))] + second[draw.randint(0, len(second)) :])


def bits(draw: Random, text: str, other: str) -> str:
    """A few characters by bits of the language."""
    for _ in range(draw.randint(1, 3)):
        at = draw.randint(0, len(text))
        text = text[:at] + draw.choice(BITS) * draw.choice((1, 1, 1, 2, 30)) + text[at + draw.choice((0, 0, 1, 3, 20)) :]
    return text


def repeats(draw: Random, text: str, other: str) -> str:
    """A piece again and again."""
    start = draw.randint(0, len(text))
    piece = text[start : start + draw.choice((1, 2, 5, 40))]
    return text[:start] + piece * draw.choice((2, 10, 200, 2000)) + text[start:]


def statements(draw: Random, text: str, other: str) -> str:
    """A statement more, of the names that are there."""
    there = [*dict.fromkeys(NAME.findall(text)), "new"]
    for _ in range(draw.randint(1, 2)):
        line = re.sub("@", lambda _: draw.choice(there), draw.choice(STATEMENTS))
        line = re.sub("#", lambda _: draw.choice(NUMBERS[:12]), line)
        rows = text.split("\n")
        rows.insert(draw.choice((len(rows), draw.randint(0, len(rows)))), line)
        text = "\n".join(rows)
    return text


TEXTS: tuple[Text, ...] = (statements, statements, tokens, tokens, lines, numbers, numbers, names, splices, bits, repeats)


def text(draw: Random, data: bytes, other: bytes) -> bytes:
    """A text, mutated as a text."""
    change = draw.choice(TEXTS)
    found = change(draw, data.decode("utf-8", "replace"), other.decode("utf-8", "replace"))
    return found.encode("utf-8", "surrogatepass")


def raw(draw: Random, data: bytes, other: bytes) -> bytes:
    """Bytes, mutated as bytes: other encodings, cut short, damaged."""
    match draw.randrange(8):
        case 0:
            return data[: draw.randint(0, len(data))]
        case 1:
            return data.decode("utf-8", "replace").encode(draw.choice(("utf-16", "utf-32", "utf-16-le", "utf-8-sig", "cp037")), "replace")
        case 2:
            return data.decode("utf-8", "replace").encode("latin-1", "replace")
        case 3:
            return data.replace(b"\n", draw.choice((b"\r", b"\r\n", b"\n\r", b"\x0b", b"\xe2\x80\xa8", b"", b"\0")))
        case 4:
            return data[: draw.randint(0, len(data))] + other[draw.randint(0, len(other)) :]
        case 5:
            return draw.choice((b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\n", draw.randbytes(40)))
        case _:
            for _ in range(draw.choice((1, 1, 2, 8))):
                at = draw.randint(0, len(data))
                data = data[:at] + draw.randbytes(draw.choice((0, 1, 1, 2))) + data[at + draw.choice((0, 1, 1, 4)) :]
            return data


def cells(draw: Random, data: bytes, other: bytes) -> bytes:
    """A table: cells to extremes, rows and columns too many or too few."""
    text = data.decode("utf-8", "replace")
    mark = "\t" if "\t" in text else ","
    rows = [line.split(mark) for line in text.split("\n")]
    for _ in range(draw.randint(1, 3)):
        row = draw.choice(rows)
        place = draw.randrange(len(row))
        match draw.randrange(7):
            case 0 | 1:
                row[place] = draw.choice(NUMBERS)
            case 2:
                row[place] = draw.choice(NAMES)
            case 3:
                row[place] = draw.choice(draw.choice(rows))
            case 4:
                row.insert(place, draw.choice(("", "1", row[place])))
            case 5:
                row[place] = draw.choice(BITS) + row[place]
            case _:
                rows.append([*draw.choice(rows)])
    if draw.random() < 0.05:
        rows = [rows[0], *([[draw.choice(NAMES[:40]) + str(k), *row[1:]] for k in range(3000) for row in rows[1:2]])]
    if draw.random() < 0.1:
        mark = draw.choice((";", "\t", ",", "|", " "))
    return "\n".join(map(mark.join, rows)).encode("utf-8", "surrogatepass")
