"""Diagrams in Sphinx, in reStructuredText and MyST: the directive `flow`, which makes nodes that every builder knows."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from flowc import __version__
from flowc.doors.cli.files import write_whole
from flowc.doors.documents.blocks import ENDINGS, Block, Image, Items, Listing, Mathematics, Spans, Words
from flowc.doors.documents.embed import Embedded, Place, embed
from flowc.doors.documents.problems import Problem
from flowc.doors.documents.vocabulary import WORDS

FORMATS = ("svg", "pdf")  # of HTML and of LaTeX, which share what is read; a builder takes the best that it can show
PAGE = {  # options that are of the page, and not of the diagram
    "align": lambda text: directives.choice(text, ("left", "center", "right")),
    "caption": directives.unchanged_required,
    "name": directives.unchanged_required,
    "class": directives.class_option,
    "width": directives.length_or_percentage_or_unitless,
    "height": directives.length_or_unitless,
}
GROUND = {"background": "yes"}  # that a picture can be read on a dark page too
logger = logging.getLogger(__name__)


class FlowDirective(SphinxDirective):
    """`.. flow:: net.flow`, or the text of a diagram below `.. flow::`."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {**{name: directives.unchanged for name in WORDS}, **PAGE}

    def run(self) -> list[nodes.Node]:
        results = [self._embed_diagram(format) for format in self._choose_formats()]
        first = results[0]
        for path in first.files:
            self.env.note_dependency(os.path.relpath(path, self.env.srcdir))
        for kind, problems in (("problem", first.problems), ("warning", first.warnings)):
            for problem in problems:
                logger.warning(problem.message, location=f"{problem.document}:{problem.line}", type="flowc", subtype=kind)
        if first.problems:
            return [_tell_problems(first.problems)]
        return [*self._make_nodes([result.blocks for result in results])]

    def _choose_formats(self) -> tuple[str, ...]:
        able = [format for format, kind in ENDINGS.items() if kind in self.env.app.builder.supported_image_types]
        return FORMATS if not able or {*able} & {*FORMATS} else (*FORMATS, *able)

    def _embed_diagram(self, format: str) -> Embedded:
        document, line = self.get_source_info()
        file = None
        if self.arguments:
            file = os.path.relpath(self.env.relfn2path(self.arguments[0])[1], os.path.dirname(document))
        options = {name: text or "" for name, text in self.options.items() if name in WORDS}
        place = Place(document, line, self._find_first_line(line), os.path.dirname(document), GROUND | self.config.flowc_options)
        return embed("\n".join(self.content), file, options, place, format)

    def _find_first_line(self, line: int) -> int:
        """Of the text of the diagram. In reStructuredText the lines of a block know theirs; MyST counts them from the fence."""
        offset: int | None = self.content.items[0][1] if self.content else None
        return offset + 1 if offset is not None and offset >= line else line + int(self.content_offset) + 1

    # ------------------------------------------------------------------------------------------------------------ nodes

    def _make_nodes(self, formats: list[tuple[Block, ...]]) -> Iterator[nodes.Node]:
        images = [[block for block in blocks if isinstance(block, Image)] for blocks in formats]
        if images[0]:
            yield self._make_figure([self._make_image(versions) for versions in zip(*images)])
            return
        container = nodes.container(classes=["flow", *self.options.get("class", [])])
        container += [self._make_block(block) for block in formats[0]]
        self.add_name(container)
        yield container

    def _make_image(self, versions: tuple[Image, ...]) -> nodes.image:
        """With the name that stands for all its formats."""
        stem = hashlib.sha256(versions[0].content).hexdigest()[:16]
        folder = Path(self.env.doctreedir) / "flow"
        folder.mkdir(parents=True, exist_ok=True)
        for version in versions:
            path = folder / f"flow-{stem}.{version.format}"
            if not path.exists():
                write_whole(str(path), version.content)
        uri = os.path.relpath(folder / f"flow-{stem}.*", os.path.dirname(self.env.doc2path(self.env.docname)))
        return nodes.image(uri=Path(uri).as_posix(), alt=versions[0].alt, **self._choose_options("width", "height"))

    def _make_figure(self, images: list[nodes.image]) -> nodes.Node:
        """A figure, numbered and referred to, where there is a caption."""
        classes = ["flow", *self.options.get("class", [])]
        if "caption" not in self.options:
            for image in images:
                image["classes"] += classes
                image.update_all_atts(self._choose_options("align"))
            node = images[0] if len(images) == 1 else nodes.container("", *images, classes=["flow-steps"])
        else:
            spans, messages = self.parse_inline(self.options["caption"], lineno=self.lineno)
            node = nodes.figure("", *images, nodes.caption(self.options["caption"], "", *spans), *messages, classes=classes)
            node.update_all_atts({"align": "center"} | self._choose_options("align"))
        self.add_name(node)
        self.set_source_info(node)
        return node

    def _choose_options(self, *names: str) -> dict[str, Any]:
        return {name: self.options[name] for name in names if name in self.options}

    def _make_block(self, block: Block) -> nodes.Node:
        match block:
            case Mathematics(latex):
                text = f"\\begin{{align*}}\n{latex}\n\\end{{align*}}"
                node = nodes.math_block(text, text, docname=self.env.docname, number=None, label=None)
                node["no-wrap"] = node["nowrap"] = True
                return node
            case Listing(text, language):
                return nodes.literal_block(text, text, language=language or "none")
            case Items(items):
                return nodes.bullet_list("", *(nodes.list_item("", _make_paragraph(item)) for item in items))
            case Words(spans):
                return _make_paragraph(spans)
        raise TypeError(block)


def _make_paragraph(spans: Spans) -> nodes.paragraph:
    kinds = {"math": nodes.math, "code": nodes.literal, "strong": nodes.strong}
    return nodes.paragraph("", "", *(kinds[s.kind](s.text, s.text) if s.kind in kinds else nodes.Text(s.text) for s in spans))


def _tell_problems(problems: tuple[Problem, ...]) -> nodes.Node:
    """On the page, in place of the diagram."""
    text = "\n".join(problem.text for problem in problems)
    return nodes.error("", nodes.literal_block(text, text, language="none"), classes=["flow"])


def setup(app: Sphinx) -> Mapping[str, Any]:
    app.add_config_value("flowc_options", {}, "env", dict, "options of all diagrams, as {'direction': 'up'}")
    app.add_directive("flow", FlowDirective)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
