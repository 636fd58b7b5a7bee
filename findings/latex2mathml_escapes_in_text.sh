#!/usr/bin/env bash
# latex2mathml 3.81.0: signs that LaTeX escapes inside \text are shown with their backslash, and an escaped brace ends the group.
#
# In LaTeX, \text{sepal\_length} is the word sepal_length, \text{5\%} is 5%, \text{R\&D} is R&D, and \text{a \{b\} c} is
# "a {b} c". Expected: one <mtext> with those letters, `&` as &amp;.
# Seen: the backslash stands in the <mtext>; of \text{a \{b\} c} the element ends at the first brace, and the rest is set
# as mathematics; and the & of \text{R\&D} is not escaped, so that what comes out is no XML.
# In \mathrm the same escapes are read as they should be.
#
# It concerns whoever makes labels from the names of columns (sepal_length) and shows them as MathML, or as outlines by ziamath,
# which reads LaTeX with this library. What to do: write the sign itself inside \text (and &amp; for &), braces outside of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check latex2mathml==3.81.0
"$folder/venv/bin/python" - <<'P'
from xml.etree import ElementTree

from latex2mathml.converter import convert


def words(latex):
    return "|".join(part.text or "" for part in ElementTree.fromstring(convert(latex)).iter() if part.tag.endswith(("mtext", "mi", "mo")))


assert words(r"\text{sepal\_length}") == r"sepal\_length", "the underscore"
assert words(r"\text{5\%}") == r"5\%", "the per cent"
assert words(r"\text{a_b}") == "a_b", "the sign itself"
assert words(r"\mathrm{a\_b}") == "a|_|b", "roman letters"
assert words(r"\text{a \{b\} c}").split("|")[0].endswith("b\\"), "the braces"
try:
    ElementTree.fromstring(convert(r"\text{R\&D}"))
except ElementTree.ParseError:
    print("as described: latex2mathml 3.81.0 shows the backslash of escapes inside \\text, and leaves & as it is")
else:
    raise SystemExit("changed: the ampersand is escaped now")
P
