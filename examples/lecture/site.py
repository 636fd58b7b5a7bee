"""The lecture as a site: Markdown with diagrams in it, which MkDocs, or Zensical, and flowc's fences draw."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from flowc.__main__ import main as command
from flowc.doors.documents.places import SUPERFENCES

from . import words
from .talk import HERE, Block, Code, Curves, Equations, Picture, Section, Source, Words

SETTINGS = f"""site_name: {{title}}
use_directory_urls: false
{SUPERFENCES}"""


class Site:
    def __init__(self, folder: Path):
        self.folder = folder
        self.pages = folder / "docs"

    def write(self, title: str, sections: tuple[Section, ...]) -> Path:
        """The path of the settings."""
        self.pages.mkdir(parents=True, exist_ok=True)
        for path in (*HERE.glob("*.flow"), *HERE.parent.glob("*.flow"), *HERE.parent.glob("*.csv")):
            shutil.copy(path, self.pages)
        names = [f"{number}-{section.title.lower().replace(' ', '-').replace(',', '')}.md" for number, section in enumerate(sections, 1)]
        links = "".join(f"- [{section.title}]({name})\n" for name, section in zip(names, sections, strict=True))
        (self.pages / "index.md").write_text(f"# {title}\n\n{links}", encoding="utf-8")
        for name, section in zip(names, sections, strict=True):
            (self.pages / name).write_text(self._page(section), encoding="utf-8")
        settings = self.folder / "mkdocs.yml"
        settings.write_text(SETTINGS.format(title=title), encoding="utf-8")
        return settings

    def _page(self, section: Section) -> str:
        parts = [f"# {section.title}\n"]
        for slide in section.slides:
            parts.append(f"## {slide.title}\n")
            parts += [self._block(block) for block in (*slide.blocks, *slide.beside)]
        return "\n".join(parts)

    def _block(self, block: Block) -> str:
        match block:
            case Words(text):
                return words.as_html(text)
            case Picture(flow, options, steps):
                learnt = {"weights": self._learn(flow, steps)} if steps else {}
                return _fence(flow, **options, **learnt)
            case Equations(flow, part, options):
                return _fence(flow, show="equations", part=part, **options)
            case Code(flow, part, options, methods) if not methods:
                return _fence(flow, show="code", part=part, **options)
            case Code() | Source():
                return f"```{'python' if isinstance(block, Code) else 'text'}\n{block.text}```\n"
            case Curves(flow, kind, names, options):
                return _fence(flow, show="plot", plot=" ".join([kind, *names]), **options)

    def _learn(self, flow: str, steps: int) -> str:
        """The file with the weights after so many steps."""
        name = f"{flow}-{steps}.safetensors"
        if not (self.pages / name).exists():
            arguments = ["train", str(self.pages / f"{flow}.flow"), "--steps", str(steps), "--quiet", "-o", str(self.pages / name)]
            with redirect_stdout(StringIO()):
                status = command(arguments)
            if status:
                raise RuntimeError(f"{flow} cannot be learnt")
        return name


def _fence(flow: str, **options: Any) -> str:
    """A diagram's block."""
    said = {"file": f"{flow}.flow", **{name: "yes" if value is True else "no" if value is False else value for name, value in options.items()}}
    return "```{.flow " + " ".join(f'{name}="{value}"' for name, value in said.items()) + "}\n```\n"


def build_site(settings: Path) -> Path | None:
    """The first page; None without MkDocs. Raises RuntimeError with what it says."""
    if importlib.util.find_spec("mkdocs") is None or importlib.util.find_spec("pymdownx") is None:
        return None
    done = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict"], cwd=settings.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return settings.parent / "site" / "index.html"
