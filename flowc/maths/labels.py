"""Mathematics that an author writes into a label, `"$\\hat{x}_1$"`: kept where every command in it only sets signs."""

from __future__ import annotations

import re

_LETTERS = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau upsilon "
    "phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell infty partial nabla"
)
_SIGNS = (
    "cdot times pm mp le leq ge geq ne neq approx sim in to rightarrow leftarrow mapsto sum prod int max min arg log ln exp sin "
    "cos tanh circ dots ldots cdots prime top quad mid vee wedge oplus neg land lor"
)
_FORMS = {  # with so many arguments in braces
    "hat": 1, "tilde": 1, "bar": 1, "vec": 1, "dot": 1, "frac": 2, "sqrt": 1, "mathbf": 1, "mathrm": 1, "mathit": 1,
    "mathcal": 1, "boldsymbol": 1, "operatorname": 1,
}  # fmt: skip
WORDS = "text"  # the form whose argument is words, not mathematics
COMMANDS = frozenset([*f"{_LETTERS} {_SIGNS}".split(), *_FORMS, WORDS])
_TOKEN = re.compile(r"\\([A-Za-z]+)|\\[,;:! ]|[{}^_]|[^\\{}^_%#&~$`]")
_SIGN_IN_WORDS = re.compile(r"[<>|]")  # of mathematics: the old fonts of LaTeX's text have others in their places
DEEPEST = 5  # groups within each other: what sets them takes twice as long for each
LONGEST = 200  # signs of a label that is set as mathematics


def formula_of(label: str | None) -> str | None:
    """The LaTeX between the dollars of a label; None where it is plain words, or would do more than set signs."""
    match = re.fullmatch(r"\s*\$([^$]+)\$\s*", label or "")
    if not match or len(match[1]) > LONGEST:
        return None
    formula = match[1].strip()
    return _split_texts(formula) if formula and _is_formula(formula) else None


def _split_texts(formula: str) -> str:
    """`\\text{a}<\\text{b}` for `\\text{a<b}`."""
    words = re.sub(rf"\\{WORDS}{{[^}}]*}}", lambda words: _SIGN_IN_WORDS.sub(_between_words, words[0]), formula)
    return words.replace(f"\\{WORDS}{{}}", "")


def _between_words(sign: re.Match[str]) -> str:
    return f"}}{sign[0]}\\{WORDS}{{"


def _is_formula(formula: str) -> bool:
    """Whether it is whole, and every command in it only sets a sign or a form."""
    if not formula.isascii() or not formula.isprintable():
        return False
    tokens = [match[0] for match in _TOKEN.finditer(formula)]
    if "".join(tokens) != formula:
        return False
    try:
        return _Reader(tokens).sequence(0) and not tokens
    except (IndexError, ValueError):  # it ends too early
        return False


class _Reader:
    """Takes tokens from the front: a sequence of signs, forms and groups, each with at most one index below and one above."""

    def __init__(self, tokens: list[str]):
        self.tokens = tokens

    def sequence(self, depth: int) -> bool:
        while self.tokens and self.tokens[0] != "}":
            prime = self.tokens[0] == "'"
            if not self.item(depth) or not self.indices(depth, "'" * prime):
                return False
        return depth <= DEEPEST

    def indices(self, depth: int, last: str) -> bool:
        """Primes are above; only an index right after them may join them there."""
        seen = {last}
        while self.tokens and self.tokens[0] in ("^", "_", "'", " "):
            sign = self.tokens.pop(0)
            if sign == " ":
                last = ""
                continue
            joins = sign != "_" and last == "'"
            if sign in seen - {last * joins} or not joins and sign != "_" and seen & {"^", "'"}:
                return False
            if sign != "'" and not self.argument(depth):
                return False
            seen.add(sign)
            last = sign
        return True

    def item(self, depth: int) -> bool:
        """A group, a form with its arguments, a sign."""
        token = self.tokens[0]
        if token == "{":
            return self.argument(depth)
        self.tokens.pop(0)
        if token == f"\\{WORDS}":
            return self.words()
        if token.startswith("\\") and token[1:] in _FORMS:
            return all(self.tokens[0] == "{" and self.argument(depth) for _ in range(_FORMS[token[1:]]))
        return token not in ("^", "_") and (not token[1:].isalpha() or token[1:] in COMMANDS)

    def words(self) -> bool:
        """The argument of `\\text`: in it no sign of mathematics, and no group."""
        end = self.tokens.index("}")
        argument, self.tokens[: end + 1] = self.tokens[: end + 1], []
        return argument[0] == "{" and end > 1 and not any(sign[0] in "\\{^_" for sign in argument[1:end])

    def argument(self, depth: int) -> bool:
        """A group, or a single sign."""
        if self.tokens[0] != "{":
            return self.tokens[0] not in (" ", "'") and self.tokens[0][1:] not in (*_FORMS, WORDS) and self.item(depth)
        self.tokens.pop(0)
        return bool(self.tokens[0] != "}" and self.sequence(depth + 1) and self.tokens.pop(0))
