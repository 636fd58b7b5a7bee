"""The parser as Lark builds it from `grammar/flow.lark`, once for each process."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from lark import Lark

from flowc.syntax.build import Build
from flowc.syntax.keywords import terminals
from flowc.syntax.newlines import Newlines


def grammar() -> str:
    """The grammar's text, beside the package in a checkout, inside it in an installed one; and its keywords."""
    package = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    for folder in (package, os.path.dirname(package)):
        path = os.path.join(folder, "grammar", "flow.lark")
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                return file.read() + terminals()
    raise FileNotFoundError("grammar/flow.lark is missing from this installation of flowc")


def options(**more: Any) -> dict[str, Any]:
    """How Lark is to read the grammar."""
    return {"parser": "lalr", "lexer": "contextual", "postlex": Newlines(), **more}


@cache
def machine() -> tuple[Lark, Build]:
    """The parser, and the builder that its reductions call."""
    from flowc.syntax.table_cache import load

    build = Build()
    return load(grammar(), options(transformer=build, lexer_callbacks={"COMMENT": build.comment})), build
