"""The types of options that name files: whether they are read or written."""

from __future__ import annotations

from flowc.nets.command_words import path_of_word
from flowc.records import Record


class Input(Record):
    """The type of an argument that names a file to read."""

    def __call__(self, word: str) -> str:
        return path_of_word(word)


class Output(Record):
    """The type of an option that names a file to write. `continues`: the option of a file in which it may go on."""

    continues: str = ""

    def __call__(self, word: str) -> str:
        return path_of_word(word)


INPUT, OUTPUT = Input(), Output()
