"""Names of a diagram as identifiers of JavaScript: letters of any script, none of them the language's or the file's own."""

from __future__ import annotations

from flowc.backends.python.naming import NameTable

KEYWORDS = (  # of modules, which are strict
    "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else", "enum",
    "export", "extends", "false", "finally", "for", "function", "if", "import", "in", "instanceof", "new", "null",
    "return", "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with", "let",
    "static", "yield", "await", "implements", "interface", "package", "private", "protected", "public", "arguments",
    "eval", "undefined", "NaN", "Infinity",
)  # fmt: skip
GLOBALS = (  # what a file may call, and what objects have before they have anything
    "Math", "Array", "Object", "Number", "String", "BigInt", "Uint32Array", "Float64Array", "DataView", "ArrayBuffer", "TextEncoder",
    "globalThis", "console", "process", "decodeURIComponent", "__proto__",
)  # fmt: skip
OWN = (  # of the file
    "forward", "gradients", "learn", "fit", "initial_weights", "weights", "Weights", "data", "table", "selftest", "tried",
    "ROWS", "loss", "seed", "steps", "columns", "outputs", "wrong", "next", "node", "script",
)  # fmt: skip


class JavaScriptNames(NameTable):
    reserved = frozenset([*KEYWORDS, *GLOBALS, *OWN])
