"""The spelling of names in code: injective, valid, what Python reads is what was written."""

from __future__ import annotations

import ast
import random
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from unicodedata import normalize

import pytest

import flowc
from flowc.backends.code.names import in_ascii, in_unicode, may_stand
from flowc.backends.code.python_words import quoted
from flowc.backends.python.text import named
from flowc.syntax.names import is_name
from tests.examples.variants import flowc as command

UNICODE = {
    "größe": "größe", "вес": "вес", "重み": "重み", "ξ_1": "ξ_1", "x̂": "x̂", "x⃗": "x⃗", "x⃝": "x_u20dd", "x_u20dd": "x_u005fu20dd", "x⃝́": "x_u20dd_u0301",
    "x_u00f6": "x_u00f6", "x_u0301": "x_u005fu0301", "x͏y": "x_u034fy", "lambda": "lambda", "under 30": "under_30", "über 30": "über_30", "ein Öl": "ein_Öl",
    "ﬁ": "_ufb01", "_ufb01": "_u005fufb01", "µ": "_u00b5", "μ": "μ", "𝐱": "_U0001d431", "e\u0301": "e_u0301", "é": "é", "≤30": "_u226430", "a·b": "a_u00b7b", "": "",
}  # fmt: skip
ASCII = {
    "größe": "gr_u00f6_u00dfe", "xi_1": "xi_1", "ξ": "_u03be", "x_u00f6": "x_u005fu00f6", "_u00f": "_u00f", "7up": "_u0037up", "x7": "x7",
    "a b": "a_u0020b", "𝐱": "_U0001d431", "_U0001d431": "_u005fU0001d431", "_": "_", "": "",
}  # fmt: skip


@pytest.mark.parametrize("text", UNICODE)
def test_spelled_in_unicode(text: str) -> None:
    assert in_unicode(text) == UNICODE[text]


@pytest.mark.parametrize("text", ASCII)
def test_spelled_in_ascii(text: str) -> None:
    assert in_ascii(text) == ASCII[text]


# Letters of scripts, marks that stand and that do not, jamo that make syllables, what begins a number of ours, twins.
SIGNS = [*"abexuU059dfh_ößéξвみ重가가\u11a8\u0301\u0302\u0323\u20d7\u20dd\u20de\u034f", "u20dd", "_u0301", "_u20dd", "_u005f", "_u00f6", "_U0001", "d431"]


def drawn(rng: random.Random, count: int) -> list[str]:
    """So many texts."""
    return ["".join(rng.choices(SIGNS, k=rng.randint(1, 5))) for _ in range(count)]


def test_two_thousand_pairs_of_names_stay_apart() -> None:
    """Each name beside one that differs a little; and all of them."""
    rng = random.Random(0)
    names = {n for text in drawn(rng, 12000) if is_name(n := normalize("NFKC", text))}
    pairs = [(a, b) for a in sorted(names) for b in (f"{a}{rng.choice(SIGNS)}", a[:-1], a.replace("\u20dd", "_u20dd")) if b != a and is_name(b)]
    assert len(pairs) > 2000
    for spelled in (in_unicode, in_ascii):
        assert all(spelled(a) != spelled(b) for a, b in pairs)
        assert len({*map(spelled, names)}) == len(names)
    for name in names:
        ours = in_unicode(name)
        assert ours.isidentifier() and normalize("NFKC", ours) == ours and in_ascii(name).isidentifier() and in_ascii(name).isascii()


def test_any_texts_stay_apart_in_ascii() -> None:
    texts = {*drawn(random.Random(1), 5000), *(f"{a}{b}" for a, b in combinations(["1", " ", ".", "-", "é", "e\u0301", "ﬁ", "fi", "😀", "\n"], 2))}
    assert len({*map(in_ascii, texts)}) == len(texts)
    numbered = re.compile("_u([0-9a-f]{4})|_U([0-9a-f]{8})")
    for text in texts:
        assert numbered.sub(lambda found: chr(int(found[1] or found[2], 16)), in_ascii(text)) == text


def test_strings_are_what_was_written_and_show_what_can_be_seen() -> None:
    texts = [*drawn(random.Random(2), 2000), "\u202eevil", "a\u200bb", "\u0301a", '"', "\\", "\n", "\ud800", "a\u0301", "ﬁ", "١", "😀", "a b", "Ä–Ö"]
    for text in texts:
        assert ast.literal_eval(quoted(text)) == text
        assert all(c.isascii() or may_stand(c) for c in quoted(text))
    assert quoted("größe, ﬁ, \u202e, Å–") == '"größe, \\ufb01, \\u202e, Å\\u2013"'
    assert named("Ä–Ö 😀 …") == "Ä-Ö U+1F600 ..."


# --------------------------------------------------------------------------------------------- two names that fold alike

def test_elements_that_fold_alike_stay_apart() -> None:
    """Elements in quotes are as they are written, and Python would read some of them as others."""
    flow = flowc.loads("index k = 'under 30', under_30, 'ﬁ', fi, 'µ', μ, 'a·b', 'a b', 'e\u0301', é\ninput x[k]\noutput p[k] : softmax\nx -> p : ~\n")
    for batch in (1, 4):
        source = flow.compile(style="fast", lower="scalar", batch=batch).source
        names = {n.arg for n in ast.walk(ast.parse(source)) if isinstance(n, ast.arg)} | {n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)}
        assert {"x_under_30", "x_under_30_", "x__ufb01", "x_fi", "x__u00b5", "x_μ", "x_a_u00b7b", "x_a_b", "x_e_u0301", "x_é"} <= names
        assert all(normalize("NFKC", name) == name for name in names)


# -------------------------------------------------------------------------------------------------- terminals and places

TOLD = """\
flow größe
input вес[2]
target 重み
weight α ~ normal(0, 1)
output ŷ
ŷ = α*sum(вес)
loss mse(ŷ, 重み)
data {
  вес[1] вес[2] | 重み
  1 2 | 3
  2 3 | 4
}
train gd(rate=0.01, steps=2)
"""
FORMS = [
    [], ["--style", "fast"], ["--style", "fast", "--lower", "scalar"], ["--backend", "torch", "--form", "module"], ["--train"],
    ["--train", "--backend", "torch"], ["--train", "--backend", "torch", "--form", "module"], ["--backend", "torch"],
]  # fmt: skip
POOR = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii", "PATH": ""}


@pytest.mark.parametrize("options", FORMS, ids=" ".join)
def test_files_run_where_there_is_ascii_alone(options: list[str], tmp_path: Path) -> None:
    path, file = tmp_path / "net.flow", tmp_path / "net.py"
    path.write_text(TOLD, encoding="utf-8")
    status, out, err = command("compile", path, *options)
    assert status == 0, err
    file.write_bytes(out.encode("utf-8"))
    for arguments in ([], ["--selftest"]) if "--train" not in options else ([],):
        done = subprocess.run([sys.executable, file, *arguments], env=POOR, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        assert arguments or b"\\u0432\\u0435\\u0441" in done.stdout


def test_a_file_without_such_names_says_nothing_of_terminals() -> None:
    text = TOLD
    for theirs, ours in {"größe": "size", "вес": "x", "重み": "y", "α": "a", "ŷ": "f"}.items():
        text = text.replace(theirs, ours)
    assert "reconfigure" not in flowc.loads(text).compile().source
    assert "reconfigure" in flowc.loads(TOLD).compile().source
