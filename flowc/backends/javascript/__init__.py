"""JavaScript: one module of plain functions, for pages and for node."""

from flowc.backends.javascript.backend import JavaScriptBackend

__all__ = ["JavaScriptBackend"]
