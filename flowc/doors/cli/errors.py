"""What may go wrong around a command: no traceback is ever shown. It imports next to nothing but what Python has loaded."""

from __future__ import annotations

import os
import sys

from flowc.system import reason

TYPE_CHECKING = False  # as in `typing`, whose import would be most of what `flowc --version` costs
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FINE, PROBLEMS, USAGE, FAULT, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 70, 130, 141

SHORT = 300  # characters of a text that is no longer than a word may be


class Trouble(Exception):
    """Usage or I/O: what was found and the way out, in words for the user. Exit status 2."""


def guarded(command: Callable[[list[str]], int], arguments: Sequence[str]) -> int:
    """The exit status of a command, whatever happens inside it."""
    try:
        status = reported(lambda: command([*arguments]))
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        say("flowc: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _silence_output()
        return PIPE_CLOSED
    except MemoryError:
        say("flowc: there is not enough memory for this diagram")
        return USAGE
    except OSError as error:
        say(f"flowc: {reason(error)}")
        _silence_output()
        return USAGE
    except Exception as error:  # noqa: BLE001 the last line of defence
        return _report_fault(error)


def reported(command: Callable[[], int]) -> int:
    """The exit status of a command, or of its part for one of several files: a diagram's problems and trouble are said."""
    try:
        return command()
    except Trouble as trouble:
        say(f"flowc: {trouble}")
        return USAGE
    except Exception as error:
        from flowc.diagnostics.error import FlowError

        if not isinstance(error, FlowError):
            raise
        from flowc.diagnostics.render import as_text
        from flowc.doors.cli.terminal import coloured

        show(as_text(error.source, error.diagnostics, coloured(sys.stderr)))
        return PROBLEMS


def say(text: str) -> None:
    """A line on standard error, if there is one; nothing in it commands a terminal, and no word is too long to be read."""
    if len(text) > SHORT:
        from flowc.diagnostics.shorten import shortened

        text = shortened(text)
    show(visible(text))


def show(text: str) -> None:
    """The same of a text that holds a terminal's colours."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except OSError:
        pass


def visible(text: str) -> str:
    """The text with whatever could command a terminal spelled out."""
    return "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)


def _silence_output() -> None:
    """Nothing more can be written: the interpreter's own flush at its end must not fail again."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError, AttributeError):  # closed, or no file at all
        pass


def _report_fault(error: Exception) -> int:
    """Anything unforeseen is a fault of flowc's own, and said to be one."""
    if os.environ.get("FLOWC_DEBUG", "") not in ("", "0"):
        import traceback

        say(traceback.format_exc().rstrip())
    words = " ".join(str(error).split())
    say(
        "flowc: a fault of flowc's own, not of your diagram: "
        f"{type(error).__name__}{': ' + words[:300] if words else ''}\n"
        f"  at {_place_of(error)}\n"
        "  please report it with the diagram and the command; FLOWC_DEBUG=1 shows where it comes from"
    )
    return FAULT


def _place_of(error: Exception) -> str:
    """The innermost line of flowc that the error passed through, as `graph/build.py:41`."""
    place = "an unknown place"
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename.replace("\\", "/")
        if "/flowc/" in file:
            place = f"{file.rpartition('/flowc/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
