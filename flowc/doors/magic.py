"""`%load_ext flowc`: the magics `%%flow`, which reads a cell, and `%flow`, which reads a file."""

from __future__ import annotations

import argparse
import builtins
import keyword
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from flowc.doors.cli.errors import Trouble, say, visible
from flowc.doors.cli.picture_words import add_picture_option, options_of
from flowc.doors.cli.prepare import learnt_weights, tell_of_draws
from flowc.doors.cli.settings import setting, settings
from flowc.doors.cli.shared_options import row_number, whole_number
from flowc.system import reason

if TYPE_CHECKING:
    from flowc.doors.api import Flow
    from flowc.doors.notebook import Shown, Steps
    from flowc.nets.net import Net

USAGE = """\
%%%%flow [NAME] [NAME=VALUE ...] [options]      above the text of a diagram
       %%flow FILE [NAME] [NAME=VALUE ...] [options]"""
ABOUT = """\
Shows a diagram and binds it, as `flowc.load` gives it, to NAME; to the diagram's own name by default.
Values of inputs and targets are shown in the picture. Options are those of `flowc draw`; with a backend the
compiled source is shown, too. `{name}` is the value of a variable of Python."""
CELL = "cell.flow"
CODE = ("backend", "form", "style", "gradient")  # options of `Flow.compile`


class Told(Exception):
    """What was wrong, in words for the user. The cell fails, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return str(self).split("\n")


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Trouble(f"{message}; `%flow --help` shows the options")


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext flowc` calls."""

    def flow(line: str, cell: str | None = None) -> None:
        told(shell, line, cell)

    flow.__doc__ = parser().format_help()
    shell.register_magic_function(flow, "line_cell", "flow")


def told(shell: Any, line: str, cell: str | None) -> None:
    """The magic. Raises Told."""
    from flowc.diagnostics.error import FlowError

    try:
        magic(shell, line, cell)
    except FlowError as error:
        raise Told(str(error)) from None
    except OSError as error:
        raise Told(f"flowc: {visible(reason(error))}") from None
    except (Trouble, ValueError, FloatingPointError) as error:
        raise Told(f"flowc: {visible(str(error))}") from None


def magic(shell: Any, line: str, cell: str | None) -> None:
    """Raises FlowError, Trouble, OSError, ValueError, FloatingPointError."""
    try:
        chosen = parser().parse_intermixed_args(shlex.split(line))
    except SystemExit:  # argparse has printed its help
        return
    path, name, values = _sorted_out(chosen.words, cell is None)
    flow = _read_diagram(path, cell, name, settings(chosen.set))
    picture, net = _draw_picture(flow, chosen, values), _compile_net(flow, chosen)
    _bind_name(shell, name, flow)
    _display_all(flow, picture, net)


def parser() -> Parser:
    """The options are those of `flowc.render`, by their names, and those of a net."""
    from flowc.doors.picture_options import PICTURE_OPTIONS

    options = Parser(prog="%flow", usage=USAGE, description=ABOUT, allow_abbrev=False)
    options.add_argument("words", metavar="NAME, NAME=VALUE", nargs="*", help="`x1=0`, `x=1,2`, `y=cat`")
    for option in PICTURE_OPTIONS.values():
        add_picture_option(options, option)
    options.add_argument("--row", metavar="N", type=row_number, help="the row of the diagram's data that is shown")
    options.add_argument("--weights", metavar="FILE", help="learnt weights, a `.safetensors` file")
    options.add_argument("--seed", metavar="N", type=whole_number, help="of the weights' draws")
    options.add_argument("--set", metavar="NAME=NUMBER", type=setting, action="append", default=[], help="change an index")
    for name in CODE:
        options.add_argument(f"--{name}", metavar="NAME", help="as of `flowc compile`")
    return options


def _sorted_out(words: Sequence[str], file: bool) -> tuple[str, str | None, dict[str, str]]:
    """The path, the name that is bound and the values among the words of a line. Raises Trouble."""
    values, names = [w.partition("=") for w in words if "=" in w], [w for w in words if "=" not in w]
    if file and not names:
        raise Trouble("`%flow` takes a file, as `%flow xor.flow`; `%%flow` stands above the text of a diagram")
    path = names.pop(0) if file else ""
    if len(names) > 1:
        raise Trouble(f"a diagram is bound to one name, not to `{names[0]}` and `{names[1]}`; values are `NAME=VALUE`")
    if names and not _is_name(names[0]):
        raise Trouble(f"`{names[0]}` cannot be a name in Python")
    numbers = {head.strip(): value.strip() for head, _, value in values}
    if len(numbers) < len(values):
        twice = next(head for head in numbers if sum(head == other[0].strip() for other in values) > 1)
        raise Trouble(f"`{twice}` is given twice")
    return path, names[0] if names else None, numbers


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)


def _read_diagram(path: str, cell: str | None, name: str | None, sizes: dict[str, int]) -> Flow:
    """The diagram. Lines of a cell count from that of the magic. Raises FlowError, OSError."""
    from flowc.doors.api import load, loads
    from flowc.doors.cli.messages import tell

    flow = load(path, sizes) if cell is None else loads(f"\n{cell}", f"{name}.flow" if name else CELL, sizes)
    tell(flow.network.source, flow.warnings)
    return flow


def _draw_picture(flow: Flow, chosen: argparse.Namespace, values: dict[str, str]) -> Shown | Steps | None:
    """None where it cannot be drawn here, which is told. Raises Trouble, ValueError, FloatingPointError."""
    if values and chosen.row:
        raise Trouble("values and `--row` say the same in two ways; give one")
    options = {name: value for name in ("row", "seed") if (value := getattr(chosen, name)) is not None} | options_of(chosen)
    if values:
        options["values"] = values
    if chosen.weights:
        options["weights"] = learnt_weights(flow, chosen.weights)
    try:
        picture = flow.show(**options)
    except ModuleNotFoundError as error:
        say(f"flowc: {error}")
        return None
    pictures = picture if isinstance(picture, tuple) else (picture,)
    if pictures[0].ink.show != "structure":
        tell_of_draws(flow, chosen)
    for warning in dict.fromkeys(warning for one in pictures for warning in one.warnings):
        say(f"flowc: {warning}")
    return picture


def _compile_net(flow: Flow, chosen: argparse.Namespace) -> Net | None:
    """Where options of one are given. Raises ValueError."""
    options = {name: value for name in CODE if (value := getattr(chosen, name)) is not None}
    return flow.compile(**options) if options else None


def _bind_name(shell: Any, name: str | None, flow: Flow) -> None:
    """The diagram's own name may be one that Python needs."""
    flow_name = flow.network.name
    if name is None and (not _is_name(flow_name) or hasattr(builtins, flow_name)):
        say(f"flowc: `{flow_name}` is no free name in Python; give one, as `%%flow net`")
        return
    shell.push({name or flow_name: flow})


def _display_all(flow: Flow, picture: Shown | Steps | None, net: Net | None) -> None:
    from IPython.display import display

    display(flow if picture is None else picture)
    if net is not None:
        display(net)
