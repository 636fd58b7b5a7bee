"""What stands in the circle of an operation: ×, a/b, (·)², 3/·, max(·, 0.5)."""

from __future__ import annotations

from collections.abc import Mapping

from flowc.drawing.label import Label, mathematics, shortest, words
from flowc.graph.network import Node
from flowc.maths.symbols import latex_words

SIGNS = {"product": ("×", r"\times"), "dot": ("·", r"\cdot"), "sum": ("Σ", r"\Sigma")}
OF_VECTORS = {"product": ("⊙", r"\odot")}  # element by element
SUM = Label("⊕", r"\oplus")
SHORT = {"cross_entropy": "CE", "binary_cross_entropy": "BCE", "perceptron": "perc."}
ORDERED = ("quotient", "power")  # where it counts which node comes first


def letters(node: Node) -> dict[int, str]:
    """Operand -> the letter that it has in the circle and on its arrow, where two nodes may not be exchanged."""
    ordered = node.function in ORDERED and all(o.node is not None for o in node.operands)
    return {0: "a", 1: "b"} if ordered else {}


def adds_up(node: Node) -> bool:
    """Whether it is a plain sum of others."""
    terms = [arrow for arrow in node.arrows if arrow.source != "1" and arrow.weight is None and abs(arrow.coefficient) == 1]
    return not node.operands and node.function == "identity" and len(node.arrows) == len(terms) > 1


def operation(node: Node, vector: bool = False) -> Label:
    """The sign of an operation, with its numbers; a dot stands for a node. `vector`: of vectors, element by element."""
    signs = {**SIGNS, **OF_VECTORS} if vector else SIGNS
    label = _label_of_call(node, signs)
    return label if label.latex is None else mathematics(label.text, label.latex)


def _label_of_call(node: Node, signs: Mapping[str, tuple[str, str]]) -> Label:
    named = letters(node)
    parts = [_sign_or_dot(named.get(k) or (None if o.node else shortest(o.number))) for k, o in enumerate(node.operands)]
    if node.function == "quotient":
        return _join_parts(parts, "/", "/")
    if node.function == "power":
        (base, base_latex), (exponent, latex) = parts
        base, base_latex = (f"({base})", f"({base_latex})") if base == "·" else (base, base_latex)
        return Label(f"{base}^{exponent}", rf"{base_latex}^{{{latex}}}")
    if all(o.node is not None for o in node.operands):
        return Label(*signs[node.function]) if node.function in signs else words(SHORT.get(node.function, node.function))
    if node.function == "product":
        text, latex = signs["product"]
        return _join_parts(parts, text, f"{latex} ")
    name, inner = SHORT.get(node.function, node.function), _join_parts(parts, ", ", ",")
    return Label(f"{name}({inner.text})", rf"\mathrm{{{latex_words(name)}}}({inner.latex})")


def _sign_or_dot(text: str | None) -> tuple[str, str]:
    return ("·", r"\cdot") if text is None else (text, text)


def _join_parts(parts: list[tuple[str, str]], sign: str, latex: str) -> Label:
    return Label(sign.join(text for text, _ in parts), latex.join(f"{{{part}}}" for _, part in parts))
