"""Documents of LaTeX, compiled by pdflatex, and what can be read on their pages; skipped where it is not installed."""

import shutil
import subprocess

import pytest


def compile_latex(folder, text, name="picture"):
    """The path of the PDF; the log is beside it."""
    if shutil.which("pdflatex") is None:
        pytest.skip("`pdflatex` (Debian: texlive-latex-extra, texlive-pictures) is not installed")
    (folder / f"{name}.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", f"{name}.tex"]
    done = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True, errors="replace")
    if done.returncode and "not found" in done.stdout and "Unknown arrow" not in done.stdout:
        pytest.skip(f"a package of LaTeX is not installed: {done.stdout[done.stdout.index('not found') - 80 :][:100]}")
    assert done.returncode == 0, done.stdout[-900:]
    return folder / f"{name}.pdf"


def read_pages(pdf):
    """The text of each page."""
    if shutil.which("pdftotext") is None:
        pytest.skip("`pdftotext` (Debian: poppler-utils) is not installed")
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True)
    return done.stdout.decode("utf-8").split("\f")[:-1]
