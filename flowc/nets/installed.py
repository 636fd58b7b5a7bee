"""Nets on the backends that are installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flowc.nets.net import Net, PrintsAlone


def usable_nets(named: Sequence[str], make: Callable[[str], Net]) -> tuple[dict[str, Net], dict[str, str]]:
    """The nets of the backends named, or of all that are installed; and for each that is left out the reason.

    `make` gives the net of one, and raises where it cannot be used. Raises ValueError for one that is named.
    """
    from flowc.backends import BUILT_IN, Unusable, names

    nets, left_out = {}, {}
    for name in named or names():
        try:
            if not named and _waits_to_be_named(name):
                continue
            nets[name] = make(name)
        except ModuleNotFoundError as error:
            if named:
                raise ValueError(str(error)) from None
            left_out[name] = "is not installed" if name in BUILT_IN else f"cannot be used: {error}"
        except (PrintsAlone, Unusable) as error:
            if named:
                raise
            left_out[name] = f"cannot be used: {error.why}" if isinstance(error, Unusable) else "only prints code"
        except Exception as error:  # a plug-in may raise anything
            if named or name in BUILT_IN:
                raise
            left_out[name] = f"cannot be used: {error}"
    return nets, left_out


def _waits_to_be_named(name: str) -> bool:
    """A backend that only prints is there to be read, and nobody misses its numbers; one that starts a compiler is asked for it."""
    from flowc.backends import BUILT_IN, find

    return name in BUILT_IN and (not find(name).runs or find(name).library == "c")
