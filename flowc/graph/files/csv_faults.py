"""Bytes of CSV files that no reader can use: where they are wrong, and what is wrong, for whoever says so."""

from __future__ import annotations

import csv

from flowc.records import Record
from flowc.syntax.text import wide_encoding


class BadBytes(Record):
    """What is wrong in a row, which counts from 1; 0 is the file as a whole. `encoding`: saved as UTF-8 it would be right."""

    row: int
    what: str
    encoding: bool = True


def bad_bytes(data: bytes) -> BadBytes | None:
    """The first bytes that are no text in UTF-8."""
    if wide := wide_encoding(data):
        return BadBytes(0, f"the file is {wide}, not UTF-8")
    if (at := data.find(b"\0")) >= 0:
        return BadBytes(_row(data, at), "a null character may not stand in a file", encoding=False)
    try:
        data.isascii() or data.decode("utf-8")
    except UnicodeDecodeError as error:
        return BadBytes(_row(data, error.start), f"the byte 0x{data[error.start]:02X} is not UTF-8")
    return None


def _row(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def syntax_error(error: csv.Error, after_quote: str, otherwise: str) -> str:
    """What the reader of the standard library does not understand. `after_quote`: what is there, or missing."""
    text = str(error)
    if "field larger" in text:
        return f"a cell is longer than {csv.field_size_limit()} characters"
    if "unexpected end" in text:
        return 'a `"` is never closed'
    return f'after the closing `"` of a cell {after_quote}' if "expected after" in text else otherwise
