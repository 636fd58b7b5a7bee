"""Command lines: drawn from what the parsers know, and mutated."""

import argparse
import re
from collections.abc import Sequence
from functools import cache
from random import Random

from flowc.diagnostics.codes import CODES
from flowc.doors.cli.commands import VERBS
from flowc.doors.cli.path_types import Input, Output
from flowc.maths.functions import FUNCTIONS
from tests.attack.folders import DIAGRAM
from tests.attack.texts import BITS, NAME, NAMES, NUMBERS
from tests.doors.command import parser_of

OFTEN = (0, 0, 0.02, 0.05, 0.12, 0.3)  # an option is there
SHORT = {"--steps": "2", "--epochs": "2", "--seconds": "0"}  # what takes as long as one says
CALLS = {"plot": [["--fit", "--steps", "0,2"], ["--regions"], ["--activations"], ["--loss", "WEIGHT"], ["--loss", "WEIGHT", "WEIGHT"]]}
# What the values of an option are, by what its help calls them.
METHODS = ("gd", "sgd", "momentum", "adam", "adamw", "rmsprop", "newton")
VALUES: dict[str, Sequence[str]] = {
    "N": ("0", "1", "2", "3", "8", "17", "100000", "999999999999999"),
    "NUMBER": ("0", "1", "0.1", "0.5", "2", "1e-3", "1e300", "1e-300", "-1"),
    "PIXELS": ("1", "40", "400", "20000", "10000000"),
    "TEXT": ("a picture", "<b>&", "]]>", "", "\x1b[31m", "\u202ea", "a" * 5000),
    "NAME": ("numpy", "torch", "torch", "jax"), "FORM": ("functions", "module", "sequential", "class"), "STYLE": ("nodes", "layers", "fast"),
    "HOW": ("auto", "dense", "sparse", "scalar", "chunked", "autograd", "explicit"), "DTYPE": ("float64", "float32", "bfloat16", "float16", "int8"),
    "DEVICE": ("cpu", "cuda", "meta", "mps", "cpu:7", "\0"), "PART": ("f", "forward", "h"), "CODE": tuple(CODES), "N,...": ("0", "0,2", "2,1,1"),
    "FROM,TO": ("-1,2", "0,1e-300", "-1e308,1e308", "0,1", "5,5"), "FILE": (DIAGRAM, "nowhere.csv", ".", "", "-", "a\0b", "x" * 300),
}  # fmt: skip
ENDINGS = {
    "compile": ("py",), "run": ("csv", "json", "npz", "txt"), "trace": ("md", "tex", "json", "txt"), "equations": ("txt", "tex", "mml", "md"),
    "draw": ("svg", "pdf", "png", "tikz", "tex"), "plot": ("svg", "png", "pdf"),
    "train": ("safetensors",), "train --log": ("csv", "jsonl"), "train --plot": ("svg", "png", "pdf"),
}  # fmt: skip
READS = {"data": "data.", "held_out": "held.", "weights": "weights.", "resume": "point."}  # how the names of fitting files begin


@cache
def actions(verb: str) -> tuple[argparse.Action, ...]:
    return tuple(a for a in parser_of(verb)._actions if a.dest != "help")


def command(draw: Random, verb: str, files: dict[str, bytes]) -> list[str]:
    """A verb, the diagram and some of its options, most with values that they take."""
    often = draw.choice(OFTEN)
    words = [verb, *([DIAGRAM] if any(a.dest in ("file", "files") for a in actions(verb)) else [])]
    for word in draw.choice(CALLS.get(verb, [[]])):
        words.append(_name(draw, files) if word == "WEIGHT" else word)
    for action in actions(verb):
        if action.option_strings and draw.random() < (often * 3 if _fits(action, files) else often):
            words += option(draw, verb, action, files)
        elif not action.option_strings and action.dest not in ("file", "files") and draw.random() < 0.4:
            words += _operand(draw, action, files)
    return _tame(words)


def _operand(draw: Random, action: argparse.Action, files: dict[str, bytes]) -> list[str]:
    match str(action.metavar):
        case "NAME=VALUE":
            names = _inputs(files) if draw.random() < 0.7 else [_name(draw, files)]
            return [f"{name}={draw.choice((*NUMBERS, '1,2', '1,2,3', 'cat'))}" for name in names]
        case "CODE":
            return [draw.choice([*CODES])]
        case _:
            return [draw.choice((*FUNCTIONS, *NAMES))] if draw.random() < 0.5 else []


def option(draw: Random, verb: str, action: argparse.Action, files: dict[str, bytes]) -> list[str]:
    """An option with a value."""
    word = draw.choice(action.option_strings)
    if action.nargs == 0:
        return [word]
    if action.nargs in ("*", "+"):
        return [word, *(_name(draw, files) for _ in range(draw.randint(1, 2)))]
    return [word, value(draw, verb, action, files)]


def value(draw: Random, verb: str, action: argparse.Action, files: dict[str, bytes]) -> str:
    if action.choices:
        return draw.choice([*action.choices])
    if isinstance(action.type, Output):
        return "-" if draw.random() < 0.1 else f"{action.dest}.{draw.choice(ENDINGS.get(f'{verb} --{action.dest}', ENDINGS[verb]))}"
    if isinstance(action.type, Input):
        fitting = [name for name in files if name.startswith(READS[action.dest])]
        return draw.choice(fitting) if fitting and draw.random() < 0.9 else draw.choice((*files, *VALUES["FILE"]))
    metavar = str(action.metavar)
    if action.dest == "method":
        return draw.choice(METHODS)
    if metavar == "NAME=NUMBER":
        return f"{draw.choice(('D', 'n', 'i', _name(draw, files)))}={draw.choice(('1', '2', '3', '0', '40', '-1', '999999999999999', '1.5', 'x'))}"
    if metavar not in VALUES:  # a few words, as `true|false`
        return draw.choice(metavar.split("|"))
    return _name(draw, files) if metavar == "PART" and draw.random() < 0.5 else draw.choice(VALUES[metavar])


def _fits(action: argparse.Action, files: dict[str, bytes]) -> bool:
    """Whether an option names a file that is there."""
    return isinstance(action.type, Input) and any(name.startswith(READS[action.dest]) for name in files)


def _name(draw: Random, files: dict[str, bytes]) -> str:
    return draw.choice(NAME.findall(files[DIAGRAM].decode("utf-8", "replace")[:5000]) or ["x"])


def _inputs(files: dict[str, bytes]) -> list[str]:
    said = re.findall(r"^(?:input|target) ([^\"\n]*)", files[DIAGRAM].decode("utf-8", "replace"), re.MULTILINE)
    return [name for line in said for name in NAME.findall(line)][:6]


def mutated(draw: Random, words: list[str], files: dict[str, bytes]) -> list[str]:
    """A command line with words swapped, doubled, missing, of another verb, or of a wrong kind."""
    words = [*words]
    for _ in range(draw.randint(1, 3)):
        place = draw.randrange(len(words))
        match draw.randrange(8):
            case 0:
                second = draw.randrange(len(words))
                words[place], words[second] = words[second], words[place]
            case 1:
                words.insert(draw.randrange(len(words) + 1), words[place])
            case 2 if len(words) > 1:
                del words[place]
            case 3:
                words[place] = draw.choice((*NUMBERS, *NAMES[:-6], *BITS, *files))
            case 4:
                verb = draw.choice([*VERBS])
                options = [a for a in actions(verb) if a.option_strings]
                words += option(draw, verb, draw.choice(options), files) if options else [verb]
            case 5 if place and words[place].startswith("--") and place + 1 < len(words):
                words[place : place + 2] = [f"{words[place]}={words[place + 1]}"]
            case 6:
                words[place] = words[place] + draw.choice(BITS) if draw.random() < 0.5 else words[place][:-1]
            case _:
                words.insert(place, draw.choice(("--", "-", "", "-h", "--version", "-o", "--set", "@net.flow", "%s", "{0}", "\udcff")))
    return _tame(words)


def _tame(words: list[str]) -> list[str]:
    """Without lengths that nobody waits for."""
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        head, equals, tail = word.rpartition("=")
        asked = head if equals else before
        if asked in SHORT and any(c.isdigit() for c in tail):
            words[place] = f"{head}{equals}{SHORT[asked]}"
    missing = {"verify": "--seconds", "train": "--steps"}.get(words[0])
    if missing and not any(word.partition("=")[0] == missing for word in words):
        words += [missing, SHORT[missing]]
    return words
