#!/usr/bin/env bash
# nbconvert 7.17.2: `--to rst` loses every figure whose output holds a PDF beside its PNG or SVG.
#
# An output of a notebook is one thing in several formats, and each reader takes the best that it can show. reStructuredText
# can show a PNG. Expected: a figure with image/png and application/pdf becomes `.. image::` of the PNG, as it does where there is
# no PDF. Seen: with the PDF there is no image in the text at all, and no warning; the PDF is written beside it, unused.
#
# It concerns libraries that put a PDF into their outputs for the export to LaTeX, which prefers it. What to do: a `text/html` in
# the output keeps the figure in reStructuredText; or convert to Markdown first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nbconvert==7.17.2
cd "$folder"
"$folder/venv/bin/python" - <<'P'
from base64 import b64encode

import nbformat
from nbconvert import RSTExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output

PNG = b64encode(bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108020000009077" "53de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082")).decode()
PDF = b64encode(b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj trailer<</Root 1 0 R>>").decode()


def images(data):
    """How many images the text has of one output with these formats."""
    output = new_output("display_data", data={"text/plain": "a figure", **data})
    notebook = new_notebook(cells=[new_code_cell("figure", outputs=[output])])
    text, _ = RSTExporter().from_notebook_node(notebook)
    return text.count(".. image::"), "a figure" in text


alone, both = images({"image/png": PNG}), images({"image/png": PNG, "application/pdf": PDF})
if alone[0] != 1:
    raise SystemExit(f"changed: even a PNG alone gives {alone}")
if both[0] != 0:
    raise SystemExit(f"changed: with a PDF beside it {both}")
print(f"as described: a PNG alone is an image, with a PDF beside it there is none ({both})")
P
