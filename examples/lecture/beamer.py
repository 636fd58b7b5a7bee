"""The talk as a document of Beamer: a folder with `lecture.tex` and the files that it takes, `handout.tex`, in which a frame is a page, and what
pdflatex makes of them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from flowc.plots.ink import as_bytes

from . import words
from .talk import Block, Code, Curves, Equations, Picture, Section, Slide, Source, Words, diagram

TOP = r"""\documentclass[aspectratio=169, 11pt]{beamer}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{amsmath, lmodern, tikz, listings}
\setbeamertemplate{navigation symbols}{}
\setbeamertemplate{footline}[frame number]
\setbeamerfont{frametitle}{size=\large}
\lstset{basicstyle=\ttfamily\fontsize{7}{8.6}\selectfont, columns=fullflexible, keepspaces=true, showstringspaces=false, breaklines=true, language=Python,
  keywordstyle=\color{blue!60!black}, commentstyle=\color{black!60}, stringstyle=\color{green!35!black}, basewidth=0.5em}
\newsavebox{\picturebox}
% \fitted{HEIGHT}{FILE}: no wider than the column, no higher than that
\newcommand{\fitted}[2]{\sbox{\picturebox}{#2}%
  \ifdim\wd\picturebox>\linewidth \sbox{\picturebox}{\resizebox{\linewidth}{!}{\usebox{\picturebox}}}\fi
  \ifdim\dimexpr\ht\picturebox+\dp\picturebox>#1 \sbox{\picturebox}{\resizebox*{!}{#1}{\usebox{\picturebox}}}\fi
  {\centering\usebox{\picturebox}\par}}
\title{TITLE}
\date{}
\begin{document}
\begin{frame}\titlepage\end{frame}
"""


class BeamerDeck:
    def __init__(self, folder: Path):
        self.folder = folder
        self._count = 0

    def write(self, title: str, sections: tuple[Section, ...]) -> Path:
        """The path of the document."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lines = [TOP.replace("TITLE", title)]
        for section in sections:
            lines.append(f"\\section{{{section.title}}}\n\\begin{{frame}}\\centering\\Large {section.title}\\end{{frame}}\n")
            lines += [self._frame(slide) for slide in section.slides]
        path = self.folder / "lecture.tex"
        path.write_text("\n".join([*lines, "\\end{document}\n"]), encoding="utf-8")
        (self.folder / "handout.tex").write_text("\\PassOptionsToClass{handout}{beamer}\n\\input{lecture}\n", encoding="utf-8")
        return path

    def _frame(self, slide: Slide) -> str:
        height = 0.78 if not slide.beside else 0.74
        body = self._blocks(slide.blocks, height)
        if slide.beside:
            left = f"\\column{{{0.98 - slide.share:.2f}\\textwidth}}\n{body}"
            right = f"\\column{{{slide.share:.2f}\\textwidth}}\n{self._blocks(slide.beside, height)}"
            body = f"\\begin{{columns}}[T]\n{left}{right}\\end{{columns}}\n"
        return f"\\begin{{frame}}[t]{{{words.as_latex(slide.title).removesuffix(chr(10)).removesuffix(chr(92) + 'par')}}}\n{body}\\end{{frame}}\n"

    def _blocks(self, blocks: tuple[Block, ...], height: float) -> str:
        """What is no words shares the height that these leave, and is made smaller where it needs more."""
        written = sum(len(block.text) / 70 + 1.2 for block in blocks if isinstance(block, Words))
        others = sum(not isinstance(block, Words) for block in blocks)
        room = max(0.25, height - 0.055 * written) / max(others, 1)
        return "".join(self._block(block, room) for block in blocks)

    def _block(self, block: Block, height: float) -> str:
        if isinstance(block, Words):
            return f"{words.as_latex(block.text)}\\medskip\n"
        return f"\\fitted{{{height:.2f}\\textheight}}{{{self._inside(block)}}}\n\\smallskip\n"

    def _inside(self, block: Picture | Equations | Code | Source | Curves) -> str:
        match block:
            case Picture():
                return f"\\input{{{self._keep(block.draw('tikz'), 'tikz')}}}"
            case Curves(flow, kind, names, options):
                name = self._name("pdf")
                (self.folder / name).write_bytes(as_bytes(diagram(flow).plot(kind, *names, **options), "pdf"))
                return f"\\includegraphics{{{name}}}"
            case Equations(flow, part, options):
                name = self._keep(diagram(flow).equations("latex", part=part, **options), "tex")
                return f"\\begin{{minipage}}{{\\linewidth}}\\footnotesize\\input{{{name}}}\\end{{minipage}}"
            case Code() | Source():
                return f"\\begin{{minipage}}{{\\linewidth}}\\lstinputlisting{{{self._keep(block.text, 'txt')}}}\\end{{minipage}}"

    def _keep(self, text: str, ending: str) -> str:
        name = self._name(ending)
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def _name(self, ending: str) -> str:
        self._count += 1
        return f"part-{self._count:03}.{ending}"


def compile_deck(path: Path) -> Path | None:
    """The PDF; None without pdflatex. Raises RuntimeError with the end of the log."""
    if shutil.which("pdflatex") is None:
        return None
    for _ in range(2):  # the second knows how many frames there are
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", path.name]
        done = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode:
            raise RuntimeError(done.stdout[-1500:])
    return path.with_suffix(".pdf")
