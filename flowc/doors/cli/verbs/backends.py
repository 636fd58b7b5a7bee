"""`flowc backends`, and the choice of one."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from flowc.doors.cli.errors import FINE, Trouble
from flowc.doors.cli.files import put

if TYPE_CHECKING:
    from flowc.backends.backend import Backend


def configure(parser: argparse.ArgumentParser) -> None:
    pass


def run(chosen: argparse.Namespace) -> int:
    from flowc.backends import names

    put("\n".join(_describe_backend(name) for name in names()))
    return FINE


def _describe_backend(name: str) -> str:
    from flowc.backends import Unusable, find

    try:
        backend = find(name)
    except Unusable as error:
        return f"{name}: cannot be used: {error.why}\n"
    lines = [f"{name}: {backend.summary}"]
    lines += [f"  --{what:<9} {', '.join(choices)}" for what, choices in backend.choices.items() if choices]
    return "\n".join(lines) + "\n"


def _find_backend(name: str) -> Backend:
    """A backend by its name. Raises Trouble; a plug-in that cannot be used is not flowc's fault."""
    from flowc.backends import Unusable, find, names

    try:
        return find(name)
    except KeyError:
        from flowc.doors.cli.commands import suggestion

        raise Trouble(f"there is no backend `{name}`; {suggestion(name, names(), 'backends')}") from None
    except Unusable as error:
        raise Trouble(str(error)) from None


def chosen_backend(name: str, chosen: argparse.Namespace) -> Backend:
    """The backend `name`, if it knows the form, style, gradient and dtype asked for. Raises Trouble."""
    backend = _find_backend(name)
    for what, choices in backend.choices.items():
        choice = getattr(chosen, what)
        if choice is not None and choice not in choices:
            able = ", ".join(f"`{k}`" for k in choices) or "none"
            raise Trouble(f"the {name} backend has no {what} `{choice}`; it has {able}")
    return backend
