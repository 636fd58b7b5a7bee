#!/usr/bin/env bash
# pandoc 3.9: the alternative text of a figure reaches HTML, LaTeX, DOCX and EPUB, but neither Typst nor ODT; PPTX shows it to
# everybody in place of the caption.
#
# A figure with a caption and an `alt` of its own, ![A caption](x.png){alt="What a blind reader hears"}, is what the manual
# has for figures whose alternative text differs from the caption. Expected: every format that can hold it has it; Typst's
# image takes `alt: "…"`, and ODT has svg:desc. Seen: the Typst is image("x.png") without it, and no file in the ODT
# has the words. In PPTX they are the text below the picture, whose caption is nowhere, and the picture's own description is
# the name of its file. PDF/UA asks for it: Typst refuses to write `ua-1` without, so that a page from Markdown cannot pass.
#
# It concerns whoever makes accessible papers or slides from Markdown. What to do: a Lua filter that writes Typst's image itself,
# and for PPTX has the caption in place of the alternative text, and that as the image's title, which becomes the description.
# pandoc comes as the binary in the package pypandoc_binary 1.17.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pypandoc_binary==1.17
cd "$folder"
"$folder/venv/bin/python" - <<'P'
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path

import pypandoc

PANDOC, WORDS = pypandoc.get_pandoc_path(), "What a blind reader hears"


def chunk(kind, content):
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
Path("x.png").write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(4))) + chunk(b"IEND", b""))
Path("a.md").write_text(f'![A caption](x.png){{alt="{WORDS}"}}\n')
version = subprocess.run([PANDOC, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
assert version.startswith("3.9"), version


def has_words(format):
    """Whether a document of that format has the alternative text anywhere."""
    if format in ("html", "latex", "typst"):
        return WORDS in subprocess.run([PANDOC, "a.md", "-t", format], capture_output=True, text=True, check=True).stdout
    subprocess.run([PANDOC, "a.md", "-o", f"a.{format}"], check=True)
    with zipfile.ZipFile(f"a.{format}") as file:
        return any(WORDS.encode() in file.read(name) for name in file.namelist())


seen = {format: has_words(format) for format in ("html", "latex", "docx", "epub", "typst", "odt")}
expected = {"html": True, "latex": True, "docx": True, "epub": True, "typst": False, "odt": False}
if seen != expected:
    raise SystemExit(f"changed: {seen}")
subprocess.run([PANDOC, "a.md", "-o", "a.pptx"], check=True)
with zipfile.ZipFile("a.pptx") as file:
    slides = "".join(file.read(name).decode() for name in file.namelist() if name.startswith("ppt/slides/slide"))
if "A caption" in slides or f"<a:t>{WORDS}</a:t>" not in slides or 'descr="x.png"' not in slides:
    raise SystemExit("changed: PPTX")
print(f"as described: pandoc {version} leaves the alternative text of a figure out of Typst and ODT, and shows it as the caption in PPTX")
P
