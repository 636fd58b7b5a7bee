"""The functions of single numbers that a file calls: those of records from their formulas, and a few that operations need."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from flowc.backends.c.naming import MATHS
from flowc.backends.c.words import CWords
from flowc.backends.code.c import block
from flowc.backends.code.text_functions import functions_in
from flowc.backends.code.tree import Quoted, Return
from flowc.backends.code.typed import Declare, Parameter, TypedFunction
from flowc.backends.loops.helpers import formula, helpers_in_order
from flowc.backends.python.text import sentence
from flowc.maths.function import Function

_CALLS = re.compile(rf"\b({'|'.join(MATHS)})\(")


@cache
def _templates(folder: str = ".") -> dict[str, str]:
    """The functions of the files in `templates/`, or in a folder there, by their names."""
    head = r"(?:APART )?static (?:inline )?(?:const )?\w+ \*?(\w+)\([^)]*\)\n\{"
    return functions_in(Path(__file__).parent / "templates" / folder, ".c", head)


def template_names(folder: str = ".") -> tuple[str, ...]:
    """Those of all functions in `templates/`, or in a folder there."""
    return tuple(_templates(folder))


def template(name: str, words: CWords, folder: str = ".", **holes: str) -> str:
    """A function as it stands in `templates/`, of numbers of this kind; words in capitals are put in."""
    text = re.sub(r"\breal\b", words.kind, _templates(folder)[name])
    text = _CALLS.sub(rf"\1{words.ending}(", text)
    return re.sub("|".join(rf"\b{hole}\b" for hole in holes), lambda match: holes[match[0]], text) if holes else text


def quoted_template(name: str, words: CWords, **holes: str) -> Quoted:
    """The same as a statement among others."""
    return Quoted(tuple(template(name, words, **holes).rstrip().split("\n")))


def helper_functions(words: CWords) -> str:
    """A template comes before the formula of a record: it may say in C what a formula must keep from overflowing."""

    def text_of(name: str, record: Function | None) -> str:
        return function_of_record(record, words) if record and name not in _templates() else template(name, words)

    return "".join(text + "\n" for text in helpers_in_order(words, text_of))


def function_of_record(record: Function, words: CWords, scope: str = "static") -> str:
    of_record = formula(record, words)
    parameters = tuple(Parameter(words.kind, name) for name in of_record.arguments)
    body = [*(Declare(words.kind, name, (), value) for name, value in of_record.values), Return(of_record.result)]
    return "\n".join(block([TypedFunction(f"{scope} {words.kind}", record.name, parameters, sentence(record.summary), tuple(body))])) + "\n"
