"""The command `flowc`, and `python -m flowc`. It imports nothing that `--version` does not need."""

import sys

from flowc import __version__


def main(argv: list[str] | None = None) -> int:
    """Run one command line (`sys.argv` by default). Returns the exit status: 0, 1, 2, 70, 130 or 141."""
    from flowc.doors.cli.errors import guarded

    arguments = sys.argv[1:] if argv is None else [*argv]
    return guarded(_run, arguments)


def _run(arguments: list[str]) -> int:
    if arguments in (["--version"], ["-V"]):
        print(f"flowc {__version__}")
        return 0
    from flowc.doors.cli.commands import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
