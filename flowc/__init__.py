"""flowc compiles flow diagrams of neural networks to readable numpy, torch, C and JavaScript source, forward and backward."""

__version__ = "0.1.0"
__all__ = ["Flow", "FlowError", "Net", "__version__", "load", "loads", "render"]

TYPE_CHECKING = False  # as in `typing`, whose import would cost more than all of this file
if TYPE_CHECKING:
    from flowc.diagnostics.error import FlowError
    from flowc.doors.api import Flow, load, loads
    from flowc.doors.rendering import render
    from flowc.nets.net import Net

_HOMES = {
    "Flow": "flowc.doors.api",
    "FlowError": "flowc.diagnostics.error",
    "Net": "flowc.nets.net",
    "load": "flowc.doors.api",
    "load_ipython_extension": "flowc.doors.magic",
    "loads": "flowc.doors.api",
    "render": "flowc.doors.rendering",
}


def __getattr__(name: str) -> object:
    """Imported on demand: `import flowc` and `flowc --version` cost next to nothing."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'flowc' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
