"""A diagram about to be printed as a script that learns."""

from __future__ import annotations

from collections.abc import Callable

from flowc.backends.backend import Options, Refused
from flowc.backends.code.build import assign
from flowc.backends.code.tree import Assign, Expression, Number, Statement, Together
from flowc.backends.python import expression as e
from flowc.backends.python.imports import NUMPY, SCRIPT, STANDARD, TORCH
from flowc.backends.python.mesh import has_mesh
from flowc.backends.python.naming import MODULE
from flowc.backends.python.sheet import Sheet, functions_of
from flowc.backends.python.training.plan import plan_of
from flowc.backends.python.weights import distribution_of
from flowc.data.formula_facts import functions_called, series_drawn, tokens_of
from flowc.graph.distributions import distributions
from flowc.graph.network import File, Formulas, Network, Node, Table
from flowc.program.ir import Program, Step, Symbol, Type
from flowc.program.ops import Apply
from flowc.program.passes.passes import Printing
from flowc.program.reach import cuts_path, reaches

# What the script calls by name, beside what all files do.
RESERVED = (
    "train", "batches", "csv", "Path", "pi", "ceil", "cos", "min", "max", "float", "int", "open", "enumerate",
)  # fmt: skip
# What the functions of `readers.py` are called, and call.
READING = (
    "read", "number", "place", "places", "array", "check_distribution", "check_probability", "check_tokens", "re", "inf", "normalize", "abs",
    "sum", "isinstance", "ValueError",
)  # fmt: skip
NUMBER = Symbol("temporary", "", Type(False, ()))


class Script(Sheet):
    """`plan` says how to learn, `data` from what; `data_names` are those of all the data, of which a step may take a
    batch. Raises Refused where there is nothing to learn, or nothing to learn from."""

    functions: tuple[str, ...] = ()  # what it calls besides
    cuts = staticmethod(cuts_path)  # whether a step's value is a constant for whoever finds the gradients

    def __init__(self, network: Network, program: Program, options: Options, printing: Printing):
        self.data = data_of(network)
        formulas = self.data.formulas if isinstance(self.data, Formulas) else ()
        called = [Step(NUMBER, Apply(name), ()) for name in functions_called(formulas)]
        reading = READING if isinstance(self.data, File) or distributions(network.nodes) else ()
        self.reserved = (*RESERVED, *self.functions, *reading, *functions_of(called))
        of_scripts = {name: SCRIPT[name] for name in SCRIPT if name in self.reserved}
        self.importable = (STANDARD | of_scripts, NUMPY | TORCH)
        super().__init__(network, program, options, printing)
        check_learnable(self)
        tokens = len(self.data.cells) if isinstance(self.data, Table) else tokens_of(formulas)
        self.plan = plan_of(network, tokens)
        self.series_drawn = series_drawn(formulas)
        self._locals: dict[str, str] = {}
        self.readers: dict[str, Statement] = {}  # functions that bring the data, by name
        self.classes: set[str] = set()  # the nodes whose data are rows of 0 and 1, made of classes
        samples = [*self.program.inputs, *self.program.targets]
        self.batched = self.plan.in_batches and bool(samples)  # a step takes a batch of the data
        self.data_names = {s: self.local_name(f"all_{self.names[s]}") if self.batched else self.names[s] for s in samples}

    @property
    def felt_weights(self) -> set[Symbol]:
        """The weights that the loss feels, where gradients are not formulas. Raises Refused if it feels none."""
        felt = reaches(self.program, self.learnt, self.cuts)
        if not felt:
            raise Refused(
                "the loss does not feel any weight: no way leads to one, or each is cut by a comparison, as of `step`"
            )
        return felt

    def local_name(self, name: str) -> str:
        """A variable of `train` besides the diagram's own, always the same one of that name."""
        if name in MODULE:  # no name of the diagram's is spelled so
            return name
        if name not in self._locals:
            self._locals[name] = self.names.fresh(name)
        return self._locals[name]

    def data_name(self, node: Node) -> str:
        """What all the data of a node are called."""
        return next(name for symbol, name in self.data_names.items() if symbol.owner == node.name)

    def put_data(self, node: Node, value: Expression) -> Assign:
        """Gives an input or target its data."""
        return assign(self.data_name(node), value)

    def take_data(self, part: Callable[[Expression], Expression]) -> Together:
        """Gives the diagram's names a part of all data, or all of them."""
        return Together(tuple([assign(self.names[s], part(e.atom(name))) for s, name in self.data_names.items()]))

    @property
    def drawn_distributions(self) -> set[str]:
        """Of everything that is drawn."""
        return {*map(distribution_of, self.network.weights), *self.series_drawn}

    @property
    def tokens(self) -> Expression:
        """How many tokens there are."""
        if self.plan.tokens is not None:
            return Number(str(self.plan.tokens))
        first = next(iter(self.data_names.values()), "")
        return e.call("len", first) if first else Number("1")


def data_of(network: Network) -> Table | File | Formulas | None:
    """What is learnt from: the data that are not for tests alone."""
    return next((d for d in network.data if d.part != "test"), None)


def check_learnable(sheet: Script) -> None:
    """Raises Refused where there is nothing to learn, nothing to learn from, or no loop to be printed."""
    network = sheet.network
    if network.loss is None:
        raise Refused("`--train` needs a loss, and there is none; say what is to become small: `loss mse(f, y)`")
    if not sheet.learnt:
        raise Refused("`--train` needs weights that learn, and all of these are fixed; `~` makes one learnt")
    if sheet.data is None:
        way_out = 'add `data "file.csv"`, or a table or formulas: `data { … }`'
        raise Refused(f"`--train` needs data to learn from; {way_out}")
    if sheet.options.style == "fast" or has_mesh(sheet.program):
        raise Refused("`--train` prints the slide's loop: style `nodes` or `layers`; style `fast` has `fit`")
