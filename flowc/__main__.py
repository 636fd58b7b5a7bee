"""The command `flowc`, and `python -m flowc`. It imports nothing that `--version` does not need."""

import sys

from flowc import __version__

SELDOM = 100_000  # new objects: a small diagram is read, and set in code or ink, without looking for circles among them


def main(argv: list[str] | None = None) -> int:
    """Run one command line (`sys.argv` by default). Returns the exit status: 0, 1, 2, 70, 130 or 141."""
    from flowc.doors.cli.errors import guarded

    arguments = sys.argv[1:] if argv is None else [*argv]
    return guarded(_run, arguments)


def _run(arguments: list[str]) -> int:
    if arguments in (["--version"], ["-V"]):
        print(f"flowc {__version__}")
        return 0
    import gc

    from flowc.doors.cli.commands import run

    usual = gc.get_threshold()
    gc.set_threshold(SELDOM, *usual[1:])  # every 700 as usual, most of which are modules, takes a sixth of a command's time
    try:
        return run(arguments)
    finally:
        gc.set_threshold(*usual)


if __name__ == "__main__":
    sys.exit(main())
