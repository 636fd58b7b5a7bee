"""The identifiers that printed texts use, found in what is printed of diagrams whose own names are like no others."""

from __future__ import annotations

import ast
import re
from typing import Any

from flowc.nets.net import Net
from flowc.nets.verifying.reference import Reference
from flowc.nets.verifying.ways import Way, by_api, net_of
from tests.backends.names.diagrams import Template

OWN = re.compile(r"q\d+q", re.IGNORECASE)  # is in every name of such a diagram, and in all names that follow from it
PLAIN = re.compile(r"q\d+q")  # as the diagram has it
NUMBERED = re.compile(r"_\d\d+$")  # of names that are counted the first nine will do


def unlike_others(template: Template, block: int) -> str:
    return next(template.texts([f"q{k}q" for k in range(len(template.roles) * block)], block))


def identifiers(text: str) -> set[str]:
    """The names in a text that are not the diagram's, nor an attribute's: of variables, arguments, functions, modules."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.alias(name=name, asname=other):
                found.add(other or name.partition(".")[0])
    return {name for name in found if not OWN.search(name) and not NUMBERED.search(name)}


def following(text: str) -> list[str]:
    """The variables whose names are made of the diagram's."""
    names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    return sorted(name for name in names if PLAIN.search(name) and not PLAIN.fullmatch(name))


def attributes(text: str) -> set[str]:
    """What a module's own attributes are called."""
    found = {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
    return {name for name in found if not OWN.search(name)}


def of_way(way: Way, reference: Reference) -> list[str]:
    """Those of the file, and of the modules that the API executes."""
    net = net_of(way, reference)
    texts = [net.source, *(executed(net, reference) if way.form == "functions" else ())]
    found = set().union(*map(identifiers, texts))
    return sorted(found | attributes(net.source) if way.form == "module" else found)


def executed(net: Net, reference: Reference) -> list[str]:
    """The texts that the API executes for values, loss and gradients."""
    texts: list[str] = []
    library: Any = net.library
    execute = library.execute

    def noted(source: str, *more: Any) -> Any:
        texts.append(source)
        return execute(source, *more)

    library.execute = noted
    by_api(net, reference)
    return texts
