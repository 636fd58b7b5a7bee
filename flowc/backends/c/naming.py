"""Names of a diagram as identifiers of C: in ASCII, none of them the language's, of the headers or of the file's own functions."""

from __future__ import annotations

from flowc.backends.c.headers import FUNCTIONS, INTEGERS, MACROS
from flowc.backends.code.names import in_ascii
from flowc.backends.python.naming import NameTable
from flowc.maths.optimisers import OPTIMISERS

KEYWORDS = (  # of C99 and C23, and what every header defines
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float",
    "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof", "static",
    "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "_Bool", "_Complex", "_Imaginary",
    "asm", "typeof", "alignas", "alignof", "bool", "constexpr", "false", "nullptr", "static_assert", "thread_local", "true",
    "typeof_unqual", "main", "errno", "NULL", "EOF", "INFINITY", "NAN", "HUGE_VAL", "size_t", "ptrdiff_t", "wchar_t",
    "offsetof", "stdin", "stdout", "stderr", "FILE", "linux", "unix",
)  # fmt: skip
MATHS = (  # functions of math.h; those of floats end in f, of long doubles in l
    "acos", "asin", "atan", "atan2", "cos", "sin", "tan", "acosh", "asinh", "atanh", "cosh", "sinh", "tanh", "exp", "exp2",
    "expm1", "frexp", "ilogb", "ldexp", "log", "log10", "log1p", "log2", "logb", "modf", "scalbn", "scalbln", "cbrt",
    "fabs", "hypot", "pow", "sqrt", "erf", "erfc", "lgamma", "tgamma", "ceil", "floor", "nearbyint", "rint", "lrint",
    "llrint", "round", "lround", "llround", "trunc", "fmod", "remainder", "remquo", "copysign", "nan", "nextafter",
    "nexttoward", "fdim", "fmax", "fmin", "fma", "fpclassify", "isfinite", "isinf", "isnan", "isnormal", "signbit",
    "isgreater", "isless", "isunordered", "j0", "j1", "jn", "y0", "y1", "yn", "gamma", "signgam", "drem", "significand",
    "scalb", "finite", "exp10", "pow10", "sincos",
)  # fmt: skip
OWN = (  # of the file
    "forward", "forward_all", "gradients", "learn", "fit", "initial_weights", "weights", "table", "selftest", "rows",
    "noise", "tried", "argc", "argv", "descend", "signature", "train",
)  # fmt: skip


class CNames(NameTable):
    """Names that begin with `_` are the compiler's own."""

    reserved = frozenset(
        [*KEYWORDS, *MATHS, *FUNCTIONS, *INTEGERS, *MACROS, *OWN, *OPTIMISERS, *(name + end for name in (*MATHS, *MACROS) for end in "fl")]
    )  # fmt: skip

    @staticmethod
    def spelled(name: str) -> str:
        text = in_ascii(name)
        return f"x{text}" if text.startswith("_") else text
