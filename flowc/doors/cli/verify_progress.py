"""How verifying goes, on standard error: a bar on a terminal, where tqdm is installed; else nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from flowc.doors.cli.terminal import is_terminal

Tell = Callable[[str], None]


@contextmanager
def progress(seconds: float, quiet: bool = False) -> Iterator[Tell]:
    """Takes what is compared next."""
    if quiet or not is_terminal(sys.stderr):
        yield lambda what: None
        return
    try:
        from tqdm import tqdm
    except ModuleNotFoundError:
        yield lambda what: None
        return
    form = "{percentage:3.0f}%|{bar}| {n:.0f} of {total:.0f} s{postfix}"
    with tqdm(total=seconds or 1, leave=False, file=sys.stderr, bar_format=form, miniters=0) as bar:

        begun: list[float] = []  # when the first is compared: until then libraries are loaded

        def tell(what: str) -> None:
            if not begun:
                begun.append(monotonic())
            bar.set_postfix_str(what, refresh=False)
            bar.update(min(monotonic() - begun[0], bar.total) - bar.n)

        yield tell
