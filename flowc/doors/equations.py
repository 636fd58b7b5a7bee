"""A diagram's equations as text: what the command line, the Python API and notebooks ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from flowc.diagnostics.shorten import in_code
from flowc.doors.cli.errors import visible
from flowc.nets.arguments import is_one_of
from flowc.nets.mimes import HTML, LATEX, MARKDOWN, TEXT, Bundle, Mimes, make_bundle

if TYPE_CHECKING:
    from flowc.equations.document import Document
    from flowc.graph.network import Network
    from flowc.nets.opened import Opened

FORMATS = ("text", "latex", "mathml", "markdown")
FORMS = ("nodes", "layers", "augmented", "indexed")
PARTS = ("forward", "loss", "backward", "update", "all")
TOKENS = ("one", "all")
GRADIENTS = ("delta", "partial")  # δ, or ∂L/∂ξ


class NoEquations(ValueError):
    """What is asked for has no equations, or cannot be printed here: why, and what would do."""


def print_equations(
    diagram: Opened, format: str = "latex", form: str | None = None, part: str = "all",
    weights: Mapping[str, Any] | None = None, digits: int = 4, whole: bool = False, tokens: str | None = None,
    standalone: bool = False, ascii: bool = False, gradients: str = "delta",
) -> str:  # fmt: skip
    """The equations as a text. `weights`: numbers in place of the learnt weights' names. Raises NoEquations."""
    document = document_of(diagram, form, part, weights, digits, whole, tokens, gradients)
    return _print_document(document, format, standalone, ascii)


def document_of(
    diagram: Opened, form: str | None = None, part: str = "all", weights: Mapping[str, Any] | None = None, digits: int = 4,
    whole: bool = False, tokens: str | None = None, gradients: str = "delta",
) -> Document:  # fmt: skip
    """The equations, not yet printed. Raises NoEquations."""
    from flowc.equations.build import Settings, equations, one_token

    network = diagram.network
    all_tokens = not one_token(network) if tokens is None else tokens == "all"
    numbers = None if weights is None else {**_fixed_weights(network), **weights}
    asked = Settings(numbers, digits, all_tokens, None if whole else Settings().most, gradients == "delta")
    document = equations(network, form, part, asked)
    if not document.groups:
        raise NoEquations(f"{network.name} has no equations for `--part {part}`: {_say_lack(part)}")
    return document


def equations_of(
    diagram: Opened, format: str = "latex", form: str | None = None, part: str = "all",
    weights: Mapping[str, Any] | None = None, tokens: str | None = None, whole: bool = False, gradients: str = "delta",
) -> str:  # fmt: skip
    """For the Python API. Raises ValueError, TypeError."""
    for name, asked, choices in (("format", format, FORMATS), ("part", part, PARTS), ("form", form, (None, *FORMS)),
                               ("tokens", tokens, (None, *TOKENS)), ("gradients", gradients, GRADIENTS)):  # fmt: skip
        if not is_one_of(asked, choices):
            raise ValueError(f"{name} is one of {', '.join(repr(k) for k in choices)}, not {in_code(asked)}")
    if weights is not None:
        if not isinstance(weights, Mapping):
            raise TypeError(f"weights are given by name, as a dict, not as {type(weights).__name__}")
        _check_shapes(diagram.network, weights)
    document = document_of(diagram, form, part, weights, whole=whole, tokens=tokens, gradients=gradients)
    text = _print_document(document, format, standalone=False, ascii=False)
    if format == "latex":
        from flowc.equations.latex import as_display

        return Equations(text, LATEX, as_display(document))
    return Equations(text, {"mathml": HTML, "markdown": MARKDOWN, "text": TEXT}[format], text)


class Equations(str):
    """The text of equations, which a notebook shows as mathematics: `shown`, of the type `mime`."""

    mime: str
    shown: str

    def __new__(cls, text: str, mime: str, shown: str) -> Self:
        equations = super().__new__(cls, text)
        equations.mime, equations.shown = mime, shown
        return equations

    def _repr_mimebundle_(self, include: Mimes = None, exclude: Mimes = None, **_: Any) -> Bundle:
        return make_bundle({TEXT: lambda: str(self), self.mime: lambda: self.shown}, include, exclude), {}

    def __reduce__(self) -> tuple[type[Equations], tuple[str, str, str]]:
        return Equations, (str(self), self.mime, self.shown)


def _check_shapes(network: Network, weights: Mapping[str, Any]) -> None:
    """Raises ValueError where a learnt weight is missing, or has another shape."""
    import numpy as np

    for weight in network.weights:
        if weight.learnt and weight.name not in weights:
            raise ValueError(f"the weight `{weight.name}` is missing")
        if weight.learnt and np.shape(weights[weight.name]) != weight.shape:
            raise ValueError(f"`{weight.name}` has the shape {weight.shape}, not {np.shape(weights[weight.name])}")


def _fixed_weights(network: Network) -> dict[str, Any]:
    from flowc.nets.initial_weights import start

    return {w.name: start(w, 0) for w in network.weights if not w.learnt}


def _say_lack(part: str) -> str:
    return "it computes nothing" if part in ("forward", "all") else "it has no loss, or nothing in it learns"


def _print_document(document: Document, format: str, standalone: bool, ascii: bool) -> str:
    if format == "latex":
        from flowc.equations.latex import as_latex

        return as_latex(document, standalone)
    if format == "markdown":
        from flowc.equations.markdown import as_markdown

        return visible(as_markdown(document))
    if format == "mathml":
        from flowc.equations.mathml import as_mathml
        from flowc.equations.mathml_formula import NoConverter

        try:
            return as_mathml(document)
        except NoConverter:
            raise NoEquations("MathML is made by latex2mathml: `pip install flowc[draw]`") from None
    from flowc.equations.text import as_text

    return visible(as_text(document, ascii))
