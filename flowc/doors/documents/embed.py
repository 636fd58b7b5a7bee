"""From a block of a document to what stands in its place, or to what is wrong with it; what was made once is in the cache."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from flowc.diagnostics.error import FlowError
from flowc.doors.documents.blocks import Block, as_data, of_data
from flowc.doors.documents.content import Content, make_content
from flowc.doors.documents.problems import (
    Problem,
    problem_of_words,
    problems_of_file,
    problems_of_text,
    warnings_of_diagram,
)
from flowc.doors.documents.vocabulary import Request, read_request
from flowc.doors.draw_table import LARGEST as LARGEST_TABLE
from flowc.doors.draw_table import path_of_table
from flowc.execution.cache import cached
from flowc.graph.files.access import Files, Unreadable
from flowc.graph.network import File
from flowc.nets.opened import Opened, open_diagram
from flowc.nets.sibling_files import files_beside
from flowc.records import Record
from flowc.syntax.text import decode
from flowc.system import LARGEST_DIAGRAM, ordinary, reason

INLINE = "diagram.flow"  # what a text is called whose header gives no name
CACHE = "documents"


class Place(Record):
    """Where a diagram stands. `line`: of the document, from 1, where the block begins, and `body` where its text does;
    `folder`: where the files are that it names. `defaults`: options of all diagrams of the document, or of the site."""

    document: str
    line: int
    body: int
    folder: str
    defaults: Mapping[str, str] = {}


class Embedded(Record):
    """`files`: those that were read, by their paths."""

    blocks: tuple[Block, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    files: tuple[str, ...] = ()


def embed(text: str, file: str | None, options: Mapping[str, str], place: Place, format: str) -> Embedded:
    """A diagram by its text, or by the path of its file from the folder of the place. `format`: of pictures."""
    reading = _Reading(place)
    try:
        request = read_request(options, place.defaults)
        diagram = reading.diagram(text, file, request)
        content = reading.remembered(diagram, reading.with_files(diagram, request), format)
        warnings = [*warnings_of_diagram(diagram, place.document, None if file is None else place.line)]
        warnings += [problem for words in content.warnings for problem in problem_of_words(words, place.document, place.line)]
        return Embedded(content.blocks, (), tuple(warnings), (*reading.digests,))
    except FlowError as error:
        problems = problems_of_text(error, place.document) if file is None else problems_of_file(error, place.document, place.line)
    except (OSError, Unreadable, ValueError, FloatingPointError, ModuleNotFoundError) as error:
        words = reason(error) if isinstance(error, OSError) else str(error)
        problems = problem_of_words(words, place.document, place.line)
    return Embedded(problems=tuple(problems), files=(*reading.digests,))


class _Reading:
    """What is read for one block. `digests` of the files, by their paths."""

    def __init__(self, place: Place):
        self.place, self.digests = place, dict[str, str]()

    def diagram(self, text: str, file: str | None, request: Request) -> Opened:
        """Raises FlowError, OSError, ValueError. Lines of a text are those of the document."""
        if file is None:
            if not text.strip():
                raise ValueError("there is no diagram: neither a text nor a file")
            name = os.path.join(self.place.folder, INLINE)
            data = "\n" * (self.place.body - 1) + text
            return open_diagram(decode(data.encode("utf-8", "surrogatepass"), name), request.settings, self._opens(name))
        if text.strip():
            raise ValueError(f"a diagram is a text or a file, not both; leave the text or `{file}` away")
        name = os.path.join(self.place.folder, file)
        return open_diagram(decode(self._read(name, LARGEST_DIAGRAM), name), request.settings, self._opens(name))

    def _opens(self, name: str) -> Files:
        files = files_beside(name)

        def opened(path: str) -> bytes:
            data = files(path)
            self._remember(os.path.join(os.path.dirname(name), path), data)
            return data

        return opened

    def _read(self, path: str, largest: int) -> bytes:
        self.digests[path] = ""
        return self._remember(path, ordinary(path, largest))

    def _remember(self, path: str, data: bytes) -> bytes:
        self.digests[path] = hashlib.sha256(data).hexdigest()
        return data

    def with_files(self, diagram: Opened, request: Request) -> Request:
        """With the numbers of weights in place of their file's name; all files besides the diagram's are read. Raises OSError, ValueError."""
        for data in diagram.network.data:
            if isinstance(data, File):
                self._opens(diagram.source.name)(data.path)
        if os.path.exists(table := path_of_table(diagram)):
            self._read(table, LARGEST_TABLE)
        path = request.options.get("weights")
        if path is None:
            return request
        from flowc.learning.weights import BadWeights, read_weights

        try:
            weights = read_weights(diagram.network, self._opens(os.path.join(self.place.folder, INLINE))(path))
        except (BadWeights, Unreadable) as why:
            raise ValueError(f"cannot use the weights of `{path}`: {why}") from None
        return replace(request, options={**request.options, "weights": weights})

    def remembered(self, diagram: Opened, request: Request, format: str) -> Content:
        """From the cache, or made now and kept there."""
        asked = [request.show, sorted((n, repr(v)) for n, v in request.options.items() if n != "weights"), sorted(request.settings.items())]
        files = sorted(digest for digest in self.digests.values())
        told = json.dumps([_version_of_flowc(), diagram.source.text.strip(), asked, files, format])

        def make(path: Path) -> None:
            content = make_content(diagram, request, format)
            data = {"blocks": [as_data(block) for block in content.blocks], "warnings": content.warnings}
            path.write_text(json.dumps(data), encoding="utf-8")

        key = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:40]
        with cached(f"{key}.json", make, CACHE) as path:
            data = json.loads(path.read_text(encoding="utf-8"))
        return Content(tuple(map(of_data, data["blocks"])), tuple(data["warnings"]))


@cache
def _version_of_flowc() -> int:
    """Of every file of it: a picture in the cache is as this flowc draws it."""
    package = Path(__file__).parents[2]
    return max(path.stat().st_mtime_ns for path in package.rglob("*.py"))
