"""The talk as a deck of reveal.js: `index.html` and the folder `reveal.js` beside it."""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path

from flowc.plots.ink import as_bytes

from . import words
from .talk import Block, Code, Curves, Equations, Picture, Section, Slide, Source, Words, diagram

TOP = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="reveal.js/dist/reveal.css"><link rel="stylesheet" href="reveal.js/dist/theme/white.css">
<style>
.reveal {{ font-size: 24px }}
.reveal h2 {{ font-size: 1.5em; text-transform: none }}
.reveal .columns {{ display: flex; gap: 24px; align-items: flex-start; text-align: left }}
.reveal section p, .reveal section ul {{ text-align: left; display: block }}
.reveal pre {{ font-size: 15px; width: 100%; margin: 6px 0; box-shadow: none; line-height: 1.3; white-space: pre-wrap }}
.reveal .equations math {{ font-size: 0.85em }}
.reveal .equations > math > mtable > mtr:first-child {{ display: none }}
.reveal .room {{ margin-bottom: 12px }}
.reveal .room img, .reveal .room .flow svg {{ max-height: var(--room); max-width: 100%; margin: 0 }}
</style></head>
<body><div class="reveal"><div class="slides">
"""
END = """</div></div>
<script src="reveal.js/dist/reveal.js"></script>
<script>Reveal.initialize({ hash: true, transition: "none", width: 1120, height: 700, center: false });</script>
</body></html>
"""
ROOM = 560  # px of height under a title


class RevealDeck:
    def __init__(self, folder: Path):
        self.folder = folder
        self._count = 0

    def write(self, title: str, sections: tuple[Section, ...], reveal: Path | None = None) -> Path:
        """The path of the page. `reveal`: the package of npm, which is copied beside it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lines = [TOP.format(title=escape(title)), f"<section><h1>{escape(title)}</h1></section>\n"]
        for section in sections:
            lines.append(f"<section><h1>{escape(section.title)}</h1></section>\n")
            lines += [self._section(slide) for slide in section.slides]
        path = self.folder / "index.html"
        path.write_text("".join([*lines, END]), encoding="utf-8")
        if reveal is not None:
            shutil.copytree(reveal / "dist", self.folder / "reveal.js" / "dist", dirs_exist_ok=True)
        return path

    def _section(self, slide: Slide) -> str:
        body = self._blocks(slide.blocks)
        if slide.beside:
            right = self._blocks(slide.beside)
            body = f'<div class="columns"><div style="flex: {1 - slide.share:.2f}">{body}</div><div style="flex: {slide.share:.2f}">{right}</div></div>'
        title = words.as_html(slide.title).strip().removeprefix("<p>").removesuffix("</p>")
        return f"<section><h2>{title}</h2>\n{body}</section>\n"

    def _blocks(self, blocks: tuple[Block, ...]) -> str:
        """Pictures share the height that words and lines leave."""
        lines = sum(len(block.text) / 55 + 1.5 for block in blocks if isinstance(block, Words))
        lines += sum(5.0 for block in blocks if isinstance(block, Equations))
        pictures = sum(isinstance(block, Picture | Curves) for block in blocks)
        room = max(160, ROOM - 32 * lines) / max(pictures, 1)
        return "".join(f'<div class="room" style="--room: {room:.0f}px">{self._block(block)}</div>\n' for block in blocks)

    def _block(self, block: Block) -> str:
        match block:
            case Words(text):
                return words.as_html(text)
            case Picture():
                return block.draw("html")
            case Curves(flow, kind, names, options):
                self._count += 1
                name = f"plot-{self._count:02}.svg"
                plot = diagram(flow).plot(kind, *names, **options)
                (self.folder / name).write_bytes(as_bytes(plot, "svg"))
                return f'<img src="{name}" alt="{escape(plot.alt)}">\n'
            case Equations(flow, part, options):
                return f'<div class="equations">{diagram(flow).equations("mathml", part=part, **options)}</div>'
            case Code() | Source():
                return f"<pre><code>{escape(block.text)}</code></pre>\n"
