"""The lecture as a notebook of Jupyter: words, and cells that show the diagrams."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from .talk import HERE, Block, Code, Curves, Equations, Picture, Section, Source, Words

BEGIN = """import flowc
from IPython.display import Code, Markdown"""


class Notebook:
    def __init__(self, folder: Path):
        self.folder = folder

    def write(self, title: str, sections: tuple[Section, ...]) -> Path:
        """The path of the notebook; its diagrams are beside it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in (*HERE.glob("*.flow"), *HERE.parent.glob("*.flow"), *HERE.parent.glob("*.csv")):
            shutil.copy(path, self.folder)
        cells = [_words(f"# {title}"), _code(BEGIN)]
        for section in sections:
            cells.append(_words(f"# {section.title}"))
            for slide in section.slides:
                cells.append(_words(f"## {slide.title}"))
                cells += [_cell(block) for block in (*slide.blocks, *slide.beside)]
        for number, cell in enumerate(cells):
            cell["id"] = f"cell-{number}"
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        book = {"cells": cells, "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
        path = self.folder / "lecture.ipynb"
        path.write_text(json.dumps(book, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return path


def _cell(block: Block) -> dict[str, Any]:
    match block:
        case Words(text):
            return _words(text)
        case Picture(flow, options, steps):
            learnt = f"weights={_load(flow)}.train(steps={steps}).weights" if steps else ""
            return _code(f"{_load(flow)}.show({_arguments(options, learnt)})")
        case Equations(flow, part, options):
            return _code(f"Markdown({_load(flow)}.equations({_arguments({'format': 'markdown', 'part': part, **options})}))")
        case Code(flow, part, options, methods) if not methods:
            return _code(f'Code({_load(flow)}.compile({_arguments(options)}).part_of_source("{part}"), language="python")')
        case Code():
            return _words(f"```python\n{block.text}```")
        case Source(flow):
            return _code(f'Code(filename="{flow}.flow", language="text")')
        case Curves(flow, kind, names, options):
            return _code(f"{_load(flow)}.plot({', '.join([*map(_spell, (kind, *names)), *filter(None, [_arguments(options)])])})")


def _load(flow: str) -> str:
    return f'flowc.load("{flow}.flow")'


def _arguments(options: dict[str, Any], last: str = "") -> str:
    return ", ".join([*(f"{name}={_spell(value)}" for name, value in options.items()), *([last] if last else [])])


def _spell(value: Any) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _words(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text}
