"""The functions that a file calls: those of records from their formulas, and those of `templates/`."""

from __future__ import annotations

from flowc.backends.code.javascript import Documented, Taken, block
from flowc.backends.code.tree import Return
from flowc.backends.code.typed import Declare
from flowc.backends.javascript.templates import TEMPLATES, called_by
from flowc.backends.javascript.words import JavaScriptWords
from flowc.backends.loops.helpers import formula, helpers_in_order
from flowc.backends.python.text import sentence
from flowc.maths.function import Function


def helper_functions(words: JavaScriptWords) -> tuple[list[str], list[str]]:
    """Those of records, and those of `templates/`. The latter stand at the end of a file: functions may be called before they stand."""
    of_records: list[str] = []

    def text_of(name: str, record: Function | None) -> str:
        if record and name not in TEMPLATES:
            of_records.append(_of_record(record, words))
            return of_records[-1]
        words.helpers |= dict.fromkeys(called_by(name))
        return TEMPLATES[name].rstrip("\n")

    texts = helpers_in_order(words, text_of)
    return [text for text in texts if text in of_records], [text for text in texts if text not in of_records]


def _of_record(record: Function, words: JavaScriptWords) -> str:
    of_record = formula(record, words)
    parameters = tuple(Taken("number", name) for name in of_record.arguments)
    body = (*(Declare("const", name, (), value) for name, value in of_record.values), Return(of_record.result))
    return "\n".join(block([Documented(record.name, parameters, "number", sentence(record.summary), body, exported=False)]))
