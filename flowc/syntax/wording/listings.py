"""`nodes` and `edges` without their file, and files after other words."""

from __future__ import annotations

import re

from flowc.syntax.wording.mistake import Mistake
from flowc.syntax.wording.shared import Said, example, rest_of_line

_PATH = re.compile(r"[^\s\"',;()\[\]{}=:~]*\.\w+")


def listing(m: Mistake) -> Said:
    """`nodes nodes.csv`, `nodes h1, h2 : tanh`, `edges a -> b : 1`, `node "nodes.csv"`."""
    if not m.tokens or m.brackets:
        return None
    word = str(m.tokens[0])
    if len(m.tokens) == 1 and m.kind in ("NODE", "INPUT", "OUTPUT", "TARGET") and m.word.endswith((".csv'", '.csv"')):
        return "unexpected-text", f"`{word}` is followed by names, not by a file", f"write `nodes {m.word}`"
    if m.kind not in ("NODES", "EDGES") or not m.word.strip():
        return None
    if len(m.tokens) > 1:
        return _after_file(m, word)
    path = rest_of_line(m, 0).removeprefix(word).strip()
    if _PATH.fullmatch(path):
        return "incomplete", "the name of a file stands in quotes", f'write `{word} "{path}"`'
    if m.kind == "EDGES" and re.search("->|→", path):
        return "unexpected-text", "`edges` takes a file; an arrow needs no keyword", f"write `{path}`"
    if m.kind == "NODES" and re.match(r"[^\W\d]", path):
        return "unexpected-text", "`nodes` takes a file; nodes of the text follow `node`", f"write `node {path}`"
    return "unexpected-text", f"`{word}` takes the name of a file in quotes", example(word)


def _after_file(m: Mistake, word: str) -> Said:
    if m.tokens[1].type == "STRING":
        return "unexpected-text", f"`{word}` takes one file, and nothing after it", f"another file: `{word}` once more"
    if m.tokens[1].type == "EQUAL" and m.word.endswith((".csv'", '.csv"')):
        return "unexpected-text", f"a file follows `{word}` without `=`", f"write `{word} {m.word}`"
    return None  # a node of that name
