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
_FORMS = "hat tilde bar vec dot frac sqrt mathbf mathrm mathit mathcal boldsymbol operatorname left right"
COMMANDS = frozenset(f"{_LETTERS} {_SIGNS} {_FORMS}".split())
LONGEST = 200  # signs of a label that is set as mathematics


def formula_of(label: str | None) -> str | None:
    """The LaTeX between the dollars of a label; None where it is plain words, or would do more than set signs."""
    found = re.fullmatch(r"\s*\$([^$]+)\$\s*", label or "")
    if not found or len(found[1]) > LONGEST:
        return None
    formula = found[1].strip()
    return formula if formula and _only_signs(formula) else None


def _only_signs(formula: str) -> bool:
    if not formula.isascii() or not formula.isprintable() or set(formula) & set("%#&~") or "^^" in formula:
        return False
    if {*re.findall(r"\\([A-Za-z]+)", formula)} - COMMANDS:
        return False
    rest = re.sub(r"\\[A-Za-z]+|\\[,;:! {}]", "", formula)
    return "\\" not in rest and _balanced(formula)


def _balanced(formula: str) -> bool:
    depth = 0
    for sign in re.findall(r"\\.|[{}]", formula):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            return False
    return depth == 0 and formula.count(r"\left") == formula.count(r"\right")
