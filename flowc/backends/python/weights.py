"""How weights start, as Python: numbers as they are, draws from each weight's own stream."""

from __future__ import annotations

from collections.abc import Iterable

from flowc.backends.code.build import Group, assign
from flowc.backends.code.fill import Tree, fill
from flowc.backends.code.quote import read
from flowc.backends.code.tree import Dict, Function, Lambda, List, Statement, Text
from flowc.backends.python import expression as e
from flowc.backends.python.expression import Expression
from flowc.backends.python.library import Library
from flowc.backends.python.mesh import is_beside
from flowc.backends.python.sheet import Sheet
from flowc.backends.python.spelling import nested_numbers
from flowc.backends.python.templates import HELPERS
from flowc.graph.network import Draw, Network, Weight
from flowc.maths.initialisers import INITIALISERS
from flowc.program.mesh.mesh import Pack

DEFAULT = "Uniform between plus and minus 1/sqrt(fan_in), as torch.nn.Linear."


def distribution_of(weight: Weight) -> str:
    """ "uniform", "normal", or "" where nothing is drawn."""
    return INITIALISERS[weight.start.initialiser].distribution if isinstance(weight.start, Draw) else ""


def bounds_of_draw(draw: Draw, root: str) -> list[Expression]:
    """The two numbers of a draw, as the initialiser's formula with its numbers put in."""
    initialiser = INITIALISERS[draw.initialiser]
    values = dict(zip(initialiser.parameters, draw.parameters, strict=True))
    values |= {"fan_in": float(draw.fan_in), "fan_out": float(draw.fan_out)}
    holes: dict[str, Tree] = {name: e.number(value) for name, value in values.items()}
    return [fill(read(formula), {**holes, "sqrt": e.atom(root)}) for formula in initialiser.spelled]


def draw_weight(weight: Weight, root: str, seed: str = "seed") -> Expression:
    """The numbers of a weight that draws. `root`: what the square root is called."""
    assert isinstance(weight.start, Draw)
    name = "uniform" if distribution_of(weight) == "uniform" else "normal"
    return e.call(name, seed, Text(weight.name), *bounds_of_draw(weight.start, root), e.shape(weight.shape))


def start_array(weight: Weight, library: Library, root: str, seed: str = "seed") -> Expression:
    """The array that a weight starts from. `root`: what the square root is called."""
    match weight.start:
        case Pack() as pack:
            return library.make_array(List(tuple(packed_elements(pack, root, seed))))
        case Draw():
            return draw_weight(weight, root, seed)
        case tuple() as numbers:
            return library.start_array(nested_numbers(numbers))
        case value:
            return library.constant_start(weight.shape, value) if weight.shape else e.decimal(value)


def constant_weights(sheet: Sheet, weights: Iterable[Weight], library: Library) -> Group:
    """Fixed weights, by their names."""
    return [assign(sheet.names[sheet.constants[w.name]], start_array(w, library, sheet.root, seed="0")) for w in weights]


def literal_arrays(sheet: Sheet, library: Library) -> Group:
    """Arrays of numbers in the formulas themselves."""
    return constant_weights(sheet, [w for w in sheet.fixed if w.name in sheet.literals], library)


def fixed_weights(sheet: Sheet, library: Library, distributions: Iterable[str], array: Expression) -> dict[str, Group]:
    """The constants of a file, those that are drawn below what draws them, with the helpers of these `distributions`; `array`: as of `streams`."""
    return {
        ":constants": constant_weights(sheet, [w for w in sheet.fixed if not distribution_of(w)], library),
        **stream_functions(distributions, array),
        ":drawn": constant_weights(sheet, [w for w in sheet.fixed if distribution_of(w)], library),
    }


def starts_of_learnt(sheet: Sheet, library: Library) -> Dict:
    """Where each learnt weight starts, by its name."""
    return Dict(tuple([e.entry(sheet.names[s], _start_or_table(sheet, sheet.weight_of(s), library)) for s in sheet.learnt]))


def _start_or_table(sheet: Sheet, weight: Weight, library: Library) -> Expression:
    """Numbers in the source, or those beside it."""
    if isinstance(weight.start, Pack) and not weight.start.drawn and is_beside(sheet.planned.steps):
        return library.from_table(e.index(e.atom("TABLE"), Text(weight.name)))
    return start_array(weight, library, sheet.root)


def packed_elements(pack: Pack, root: str, seed: str) -> list[Expression]:
    """Each element: its number, or the draw of the weight that it was."""
    items = [e.decimal(n) for n in pack.numbers.tolist()]
    for place, weight, element in pack.drawn:
        drawn = draw_weight(weight, root, seed)
        items[place] = e.index(e.method(drawn, "ravel"), e.atom(str(element))) if weight.shape else drawn
    return items


def drawn_by(weight: Weight) -> list[Weight]:
    """The weights that draw when this one starts."""
    if isinstance(weight.start, Pack):
        return list({w.name: w for _, w, _ in weight.start.drawn}.values())
    return [weight] if distribution_of(weight) else []


def drawn_weights(network: Network) -> list[Weight]:
    """All that draw."""
    return [drawn for weight in network.weights for drawn in drawn_by(weight)]


def stream_functions(distributions: Iterable[str], array: Expression) -> dict[str, Group]:
    """The helpers that draw, those in use. `array`: that of `numbers` in a `shape`."""
    used = {*distributions}
    maker = Lambda(("numbers", "shape"), array)
    return {name: [HELPERS.definition(name, array=maker)] for name in ("uniform", "normal") if name in used}


def print_initial_weights(sheet: Sheet, *body: Statement, **arguments: str) -> dict[str, Group]:
    """`initial_weights(seed)`, where there are any."""
    if not sheet.weights:
        return {}
    signature = e.arguments_of(seed="0", **arguments)
    return {"initial_weights": [Function("initial_weights", signature, summarize_starts(sheet.weights), body)]}


def summarize_starts(weights: list[Weight]) -> str:
    weights = [d for w in weights for d in drawn_by(w) or [w]]
    draws = [w.start for w in weights if isinstance(w.start, Draw)]
    if draws and all(draw.initialiser == "default" for draw in draws):
        return DEFAULT
    return "Where learning starts; every weight draws from a stream of its own." if draws else "Where learning starts."
