"""What stands in files of data, weights, nodes and edges commands no terminal, and stays words in what is made of it.

Each text stands in some of the fields, read by one verb; with FLOWC_INJECTION=all in all of them.
"""

import io
import json
import re
import sys
from functools import cache

import pytest

from flowc.__main__ import main
from tests.injection import judges
from tests.injection.diagrams import words
from tests.injection.files import FIELDS, of_classes
from tests.injection.payloads import ALL, BASES, payloads

APART = 1 if ALL else 6  # every so many-th text stands in a field
PAINT = re.compile(r"\x1b\[(1;31|1;33|36|1|0)m")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def said(arguments, capsys, monkeypatch, coloured):
    """Exit status and output; what is said, without the colours in it."""
    if not coloured:
        return main(arguments), *capsys.readouterr()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", Terminal())
        patched.setenv("TERM", "xterm")
        patched.delenv("NO_COLOR", raising=False)
        status, err = main(arguments), sys.stderr.getvalue()
    return status, capsys.readouterr().out, PAINT.sub("", err)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.__name__)
def test_words_of_a_file_command_nothing(field, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    some = list(enumerate(payloads() if ALL else BASES))[FIELDS.index(field) % APART :: APART]
    for k, text in some:
        try:
            files, lines = field(text)
        except (UnicodeError, ValueError):  # no such file has this text
            continue
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        verb, *options = lines[k // APART % len(lines)]
        status, out, err = said([verb, "net.flow", *options], capsys, monkeypatch, coloured=k % 5 == 0)
        assert status in (0, 1, 2), (text, verb, options, err)
        assert status or out or verb == "check", (text, verb, options)
        judges.terminal(err, "")
        if verb != "draw":
            judges.terminal(out, "")
        if "json" in options or "sarif" in options:
            json.loads(out)


WAYS = [
    ("compile", ["--train"], judges.python), ("compile", ["--train", "--backend", "torch"], judges.python),
    ("run", [], judges.terminal), ("run", ["--format", "csv"], judges.as_csv), ("run", ["--format", "json"], judges.as_json),
    ("trace", ["--format", "markdown"], judges.markdown), ("trace", ["--format", "latex"], judges.latex), ("trace", ["--format", "json"], judges.as_json),
    ("train", [], judges.terminal), ("draw", ["--show", "values", "--row", "1", "--format", "svg"], judges.svg), ("check", [], judges.terminal),
]  # fmt: skip


@pytest.mark.parametrize("diagram", ["inner.flow", "outer.flow"])
@pytest.mark.parametrize(("verb", "options", "judge"), WAYS, ids=lambda part: " ".join(part) if isinstance(part, list) else None)
def test_names_and_cells_of_data_stay_words(diagram, verb, options, judge, texts, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def made(some):
        for name, data in of_classes(some).items():
            (tmp_path / name).write_bytes(data)
        status = main([verb, diagram, *options])
        out, err = capsys.readouterr()
        assert status == 0, err
        judges.terminal(err, "")
        return out

    plain = cache(lambda count, ascii: made(words(count) if ascii else ["wört", *words(count)[1:]]))
    for some in texts:  # printed code reads other letters as the diagram does, in one spelling
        judge(made(some), plain(len(some), all(map(str.isascii, some))))
