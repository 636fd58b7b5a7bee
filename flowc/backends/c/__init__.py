"""C99: one file, nothing but math.h."""

from flowc.backends.c.backend import CBackend

__all__ = ["CBackend"]
