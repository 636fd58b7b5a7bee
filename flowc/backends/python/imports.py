"""What a file imports: of the names that it uses, those that are not its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flowc.backends.code import scope
from flowc.backends.code.build import paragraphs
from flowc.backends.code.tree import Import, Node, Statement

STANDARD = {
    "cache": Import("functools", ("cache",)),
    "contextmanager": Import("contextlib", ("contextmanager",)),
    "crc32": Import("zlib", ("crc32",)),
    "deepcopy": Import("copy", ("deepcopy",)),
    "math": Import("math"),
    "NormalDist": Import("statistics", ("NormalDist",)),
    "Path": Import("pathlib", ("Path",)),
    "prod": Import("math", ("prod",)),
    "random": Import("random"),
    "sqrt": Import("math", ("sqrt",)),
    "sys": Import("sys"),
    "warnings": Import("warnings"),
}
SCRIPT = {
    "ceil": Import("math", ("ceil",)),
    "cos": Import("math", ("cos",)),
    "csv": Import("csv"),
    "inf": Import("math", ("inf",)),
    "normalize": Import("unicodedata", ("normalize",)),
    "pi": Import("math", ("pi",)),
    "re": Import("re"),
}
NUMPY = {"np": Import("numpy", alias="np"), "load_file": Import("safetensors.numpy", ("load_file",))}
TORCH = {"torch": Import("torch"), "load_file": Import("safetensors.torch", ("load_file",))}


def imports(code: Collection[Node], defined: Collection[str], *tables: Mapping[str, Import]) -> tuple[Statement, ...]:
    """The imports of a file of this code, which defines some names itself. `tables`: what may be imported, by name, each in a
    paragraph."""
    used = scope.names(*code) - {*defined}
    return paragraphs(*(_sort_imports([table[name] for name in table if name in used]) for table in tables))


def _sort_imports(chosen: Collection[Import]) -> list[Import]:
    """Each module once, as `ruff` sorts: whole modules, then those of which names are taken."""
    modules = {one.module: one for one in chosen if not one.names}
    names: dict[str, set[str]] = {}
    for one in chosen:
        if one.names:
            names.setdefault(one.module, set()).update(one.names)
    parts = [Import(module, tuple(sorted(some))) for module, some in sorted(names.items())]
    return [*(modules[module] for module in sorted(modules)), *parts]
