"""What to paste to have diagrams in a place: `flowc docs` prints it, the page of documents shows it, and tests follow it."""

from __future__ import annotations

from flowc.records import Record

DIAGRAM = """\
flow net "Both, by a threshold"

input  x1, x2
output f : step
x1, x2 -> f : 1
1 -> f : -1.5
"""


class Guide(Record):
    """`files`: what stands in them, by their names; `command`: what makes the document. `extra`: of flowc, to be installed."""

    name: str
    title: str
    extra: str
    files: dict[str, str]
    command: str

    def text(self) -> str:
        parts = {f"==> {name} <==": text for name, text in self.files.items()}
        install = f'pip install "flowc[{self.extra}]"\n'
        every = {f"==> {self.title} <==": install, **parts, "==> and then <==": f"{self.command}\n"}
        return "\n".join(f"{head}\n{text}" for head, text in every.items())


def _indent_lines(text: str, by: str = "   ") -> str:
    return "".join(f"{by}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


_FENCE = f"```flow\n{DIAGRAM}```\n"
_OPTIONS = 'show="values" values="x1=1 x2=1" caption="A token"'
SUPERFENCES = """\
markdown_extensions:
  - attr_list
  - pymdownx.superfences:
      custom_fences:
        - name: flow
          class: flow
          format: !!python/name:flowc.markdown.fence
          validator: !!python/name:flowc.markdown.validator
"""
_SITE_PAGE = f"# A net\n\n{_FENCE}\nFrom a file, with a token:\n\n```{{.flow #fig-token file=\"net.flow\" {_OPTIONS}}}\n```\n"
_PANDOC_PAGE = f"---\ntitle: A net\n---\n\n{_FENCE}\nFrom a file, with a token:\n\n```{{.flow #fig-token file=net.flow {_OPTIONS}}}\n```\n"
_FILTER = '--lua-filter="$(flowc pandoc-filter)"'
_TALK = r"""\documentclass{beamer}
\usepackage{amsmath,tikz}
\begin{document}
\begin{frame}{A net}
  \input{net.tikz}
\end{frame}
\begin{frame}{Step by step}
  \resizebox{\linewidth}{!}{\input{steps.tikz}}
\end{frame}
\end{document}
"""
_README = """# A net

<picture>
  <source media="(prefers-color-scheme: dark)" srcset="net-dark.svg">
  <img src="net.svg" alt="Both, by a threshold: two inputs and one output">
</picture>
"""
_EXTENSION = """\
title: flowc
author: the flowc authors
version: 0.1.0
quarto-required: ">=1.3"
contributes:
  filters:
    - flow.lua
"""

GUIDES: dict[str, Guide] = {
    guide.name: guide
    for guide in (
        Guide(
            "sphinx", "Sphinx, with reStructuredText", "sphinx",
            {
                "conf.py": 'project = "Nets"\nextensions = ["flowc.sphinx"]\nnumfig = True\n',
                "index.rst": (
                    f"A net\n=====\n\n.. flow::\n\n{_indent_lines(DIAGRAM)}\n:numref:`fig-token` is from a file:\n\n.. flow:: net.flow\n   :name: fig-token\n"
                    "   :caption: A token\n   :values: x1=1 x2=1\n"
                ),
                "net.flow": DIAGRAM,
            },
            "python -m sphinx -W --keep-going -b html . site",
        ),
        Guide(
            "myst-parser", "Sphinx, with MyST-Parser", "myst",
            {
                "conf.py": 'project = "Nets"\nextensions = ["myst_parser", "flowc.sphinx"]\nmyst_fence_as_directive = ["flow"]\nnumfig = True\n',
                "index.md": (
                    f"# A net\n\n{_FENCE}\n{{numref}}`fig-token` is from a file:\n\n```{{flow}} net.flow\n:name: fig-token\n:caption: A token\n"
                    ":values: x1=1 x2=1\n```\n"
                ),
                "net.flow": DIAGRAM,
            },
            "python -m sphinx -W --keep-going -b html . site",
        ),
        Guide(
            "mkdocs", "MkDocs", "mkdocs",
            {"mkdocs.yml": f"site_name: Nets\n{SUPERFENCES}", "docs/index.md": _SITE_PAGE, "docs/net.flow": DIAGRAM},
            "mkdocs build --strict",
        ),
        Guide(
            "zensical", "Zensical", "zensical",
            {"mkdocs.yml": f"site_name: Nets\n{SUPERFENCES}", "docs/index.md": _SITE_PAGE, "docs/net.flow": DIAGRAM},
            "zensical build",
        ),
        Guide(
            "pandoc", "pandoc", "draw",
            {"page.md": _PANDOC_PAGE, "net.flow": DIAGRAM},
            f"pandoc page.md {_FILTER} --standalone --mathml -o page.html",
        ),
        Guide(
            "quarto", "Quarto", "draw",
            {"_extensions/flowc/_extension.yml": _EXTENSION, "page.qmd": _PANDOC_PAGE.replace("---\n\n", "filters: [flowc]\n---\n\n", 1), "net.flow": DIAGRAM},
            'cp "$(flowc pandoc-filter)" _extensions/flowc/flow.lua && quarto render page.qmd',
        ),
        Guide(
            "mystmd", "mystmd, and Jupyter Book from 2 on", "draw",
            {
                "myst.yml": "version: 1\nproject:\n  plugins:\n    - type: executable\n      path: flowc-plugin\nsite:\n  title: Nets\n",
                "page.md": (
                    f"# A net\n\n```{{flow}}\n{DIAGRAM}```\n\n[](#fig-token) is from a file:\n\n```{{flow}} net.flow\n:label: fig-token\n"
                    ":caption: A token\n:values: x1=1 x2=1\n```\n"
                ),
                "net.flow": DIAGRAM,
            },
            "flowc myst-plugin > flowc-plugin && chmod +x flowc-plugin && myst build --html --strict",
        ),
        Guide(
            "beamer", "LaTeX and Beamer", "draw",
            {"talk.tex": _TALK, "net.flow": DIAGRAM},
            "flowc draw net.flow -o net.tikz && flowc draw net.flow x1=1 x2=1 --show steps -o steps.tikz && pdflatex talk.tex",
        ),
        Guide(
            "revealjs", "reveal.js, by pandoc", "draw",
            {"slides.md": "## A net\n\n```{.flow file=net.flow}\n```\n\n## Step by step\n\n```{.flow file=net.flow steps=yes values=\"x1=1 x2=1\"}\n```\n", "net.flow": DIAGRAM},
            f"pandoc slides.md {_FILTER} -t revealjs --standalone -o slides.html",
        ),
        Guide(
            "marp", "Marp", "draw",
            {"slides.md": "# A net\n\n![w:500 Both, by a threshold: two inputs and one output](net.svg)\n", "net.flow": DIAGRAM},
            "flowc draw net.flow -o net.svg && marp slides.md",
        ),
        Guide(
            "github", "GitHub, light and dark", "draw",
            {"README.md": _README, "net.flow": DIAGRAM},
            "flowc draw net.flow -o net.svg && flowc draw net.flow --theme dark -o net-dark.svg",
        ),
        Guide(
            "notebook", "Jupyter", "notebook",
            {"a cell": "%load_ext flowc\n", "another cell": f"%%flow net x1=1 x2=1\n{DIAGRAM}"},
            "jupyter lab",
        ),
    )
}  # fmt: skip
