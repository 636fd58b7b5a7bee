"""Diagrams in MkDocs, Zensical and whatever else has Python-Markdown with `pymdownx.superfences`."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from pymdownx.superfences import SuperFencesException

from flowc.doors.documents.embed import embed
from flowc.doors.documents.html import find_prefix, print_page
from flowc.doors.documents.lines import Lines

PAGE = ("file", "caption", "width")  # options that are of the page, and not of the diagram
DEFAULTS = {"background": "yes"}  # that a picture can be read on a dark page too
logger = logging.getLogger("mkdocs.flowc")  # whose warnings are counted by `mkdocs build --strict`


class _Page:
    """What is known of the page that is being made: where its blocks are, and the ids that it has."""

    def __init__(self, md: Any):
        path = _find_path(md)
        self.lines = Lines([path] if path else [], "the page")
        self.prefixes = Counter[str]()

    def apart(self, svg: str) -> str:
        """A picture that stands twice on the page has other ids the second time."""
        prefix = find_prefix(svg)
        self.prefixes[prefix] += 1
        times = self.prefixes[prefix]
        return svg if times == 1 or not prefix else svg.replace(f"{prefix}-", f"{prefix}-{times}-")


_pages: WeakKeyDictionary[Any, _Page] = WeakKeyDictionary()


def validator(language: str, inputs: Mapping[str, str], options: dict[str, Any], attrs: dict[str, Any], md: Any) -> bool:
    """Every option is taken: what is wrong with one is said when the block is made."""
    options.update(inputs)
    return True


def fence(
    source: str, language: str, css_class: str, options: Mapping[str, str], md: Any, classes: Any = None, id_value: str = "",
    attrs: Any = None, **_: Any,
) -> str:  # fmt: skip
    """The HTML of a block. Raises SuperFencesException, which ends the build: all else would be swallowed."""
    if md not in _pages:
        _pages[md] = _Page(md)
    page = _pages[md]
    place = replace(page.lines.place_of_next(source, language), defaults=DEFAULTS)
    words = {name: text for name, text in options.items() if name not in PAGE}
    try:
        result = embed(source, options.get("file"), words, place, "svg")
    except Exception as error:  # which would be swallowed
        raise SuperFencesException(f"{place.document}:{place.line}: a fault of flowc's own: {error!r}") from error
    for warning in result.warnings:
        logger.warning(warning.where)
    if result.problems:
        raise SuperFencesException("\n".join(problem.text for problem in result.problems))
    try:
        return print_page(result.blocks, page.apart, id_value, options.get("caption", ""), options.get("width", ""))
    except ValueError as error:
        raise SuperFencesException(f"{place.document}:{place.line}: {error}") from None


def _find_path(md: Any) -> str | None:
    """The page's file, as MkDocs and Zensical let it be found out."""
    try:
        return str(md.treeprocessors["relpath"].file.abs_src_path)
    except (KeyError, AttributeError, ValueError):
        pass
    try:
        context = md.preprocessors["rendering_context"]
        return os.path.join(str(context.config["docs_dir"]), str(context.page.path))
    except (KeyError, AttributeError, ValueError, TypeError):
        return None
