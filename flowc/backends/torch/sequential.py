"""torch as `nn.Sequential`: a diagram that is one chain of layers, in the words of the lecture."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import prod

from flowc.backends.backend import Refused
from flowc.backends.code.build import Group, assign
from flowc.backends.code.python_statements import lines
from flowc.backends.code.tree import Comment, Dict, Name, Noted, Quoted, Statement, Text
from flowc.backends.python import expression as e
from flowc.backends.python.ending import ending
from flowc.backends.python.naming import local, renamed
from flowc.backends.python.printer import Comments
from flowc.backends.python.sheet import Sheet
from flowc.backends.torch.library import TorchLibrary
from flowc.backends.torch.shared import initial_weights, model_test, stream_helpers
from flowc.backends.torch.spelling import TorchSpelling
from flowc.backends.torch.templates import MODULE
from flowc.graph.network import Arrow, Network, Node
from flowc.maths.functions import lookup
from flowc.records import Record

LAYERS = {
    "logistic": "torch.nn.Sigmoid()", "relu": "torch.nn.ReLU()", "tanh": "torch.nn.Tanh()",
    "softmax": "torch.nn.Softmax(dim=-1)", "identity": "",
}  # fmt: skip
LOSSES = {
    "mse": "torch.nn.MSELoss()", "mae": "torch.nn.L1Loss()", "sse": 'torch.nn.MSELoss(reduction="sum")',
    "cross_entropy": "torch.nn.CrossEntropyLoss()", "binary_cross_entropy": "torch.nn.BCEWithLogitsLoss()",
}  # fmt: skip
FROM_EXCITATION = {"cross_entropy": ("torch.softmax", {"dim": "-1"}), "binary_cross_entropy": ("torch.sigmoid", {})}
SPECS = ("i,ji->j", "i,i->", ",i->i", ",->")


class Layer(Record):
    """One node of the chain: its matrix, its bias if it has one, the node that feeds it."""

    node: Node
    source: Node
    weight: str
    bias: str | None

    @property
    def weights(self) -> list[str]:
        return [self.weight, self.bias] if self.bias else [self.weight]


def chain_file(sheet: Sheet, spelling: TorchSpelling) -> Sheet:
    layers = find_chain(sheet.network)
    loss = loss_of(sheet.network, layers)
    sheet.sections |= model_sections(sheet, layers, loss)
    library = TorchLibrary(spelling.dtype)
    outputs = e.call("model", sheet.inputs[0])
    if loss and loss.function in FROM_EXCITATION:
        function, named = FROM_EXCITATION[loss.function]
        outputs = e.call(function, outputs, **named)
    test = None
    if loss:
        sheet.sections["learn"] = [_print_learn(sheet)]
        value = e.call("loss_function", e.call("model", *sheet.inputs), sheet.samples[-1])
        used = ["model", "deepcopy", "loss_function"]
        test = model_test(sheet, library, "trial", e.atom("deepcopy(model).double()"), value, used)
    sheet.sections |= ending(sheet, library, outputs, test)
    return sheet


def model_sections(sheet: Sheet, layers: tuple[Layer, ...], loss: Node | None, seed: int = 0) -> dict[str, Group]:
    """The model, its loss function, and the diagram's weights put into it."""
    model, keys = _print_model(sheet, layers, loss is not None and loss.function in FROM_EXCITATION)
    return {
        **stream_helpers(sheet),
        **initial_weights(sheet),
        "model": [model],
        **({"loss_function": [assign("loss_function", e.atom(LOSSES[loss.function]))]} if loss else {}),
        "NAMES": _print_names(keys),
        ":start": _print_start(sheet, seed),
    }


# -------------------------------------------------------------------- chain


def find_chain(network: Network) -> tuple[Layer, ...]:
    """The layers from the input to the output. Raises Refused with the node that breaks the chain."""
    comments = Comments(network.source)

    def refused(node: Node, why: str) -> Refused:
        place = f" ({comments.place(node.span)})" if node.span.end else ""
        return Refused(f"form `sequential` needs one chain of layers, which `{node.name}` breaks: {why}{place}")

    inputs = [n for n in network.nodes if n.role == "input"]
    rest = [n for n in network.nodes if n.role in ("hidden", "output") and not n.learning_only]
    if not any(n.role == "output" for n in rest):
        raise Refused("form `sequential` needs one chain of layers: this diagram has no output")
    if len(inputs) != 1:
        raise refused(inputs[-1] if inputs else rest[0], "a chain has one input")
    layers: list[Layer] = []
    for source, node in pairwise([*inputs, *rest]):
        layer = _layer_of(network, node, source)
        if isinstance(layer, str):
            raise refused(node, layer)
        if shared := [w for w in layer.weights for other in layers if w in other.weights]:
            raise refused(node, f"it shares the weight `{shared[0]}`")
        layers.append(layer)
    outputs = [n for n in rest if n.role == "output"]
    if outputs != rest[-1:]:
        raise refused(outputs[0], "a chain has one output, its last node")
    return tuple(layers)


def _layer_of(network: Network, node: Node, source: Node) -> Layer | str:
    """The node as a layer on `source`, or why it is none."""
    if node.operands or node.function not in LAYERS:
        return f"`{node.function}` is no layer here; layers are {', '.join(f'`{n}`' for n in LAYERS)}"
    if len(source.axes) > 1:
        return f"it is fed by `{source.name}`, a grid"
    if len(node.axes) > 1:
        return "it is a grid"
    lines = [a for a in node.arrows if a.source != "1"]
    biases = [a for a in node.arrows if a.source == "1"]
    if len(lines) != 1 or lines[0].source != source.name:
        fed = ", ".join(dict.fromkeys(f"`{a.source}`" for a in lines)) or "nothing but 1"
        return f"it is fed by {fed}, not by `{source.name}` alone"
    if len(biases) > 1:
        return "it has several biases"
    weights = [a.weight for a in (*lines, *biases)]
    return _reason_against(network, [*lines, *biases]) or Layer(node, source, weights[0] or "", weights[1] if biases else None)


def _reason_against(network: Network, arrows: Sequence[Arrow]) -> str:
    """Why a Linear cannot carry the arrows; "" if it can."""
    learnt = {w.name for w in network.weights if w.learnt}
    for arrow in arrows:
        if arrow.weight not in learnt:
            return "its arrows have weights that are not learnt"
        has_index = arrow.source_index or arrow.weight_index or arrow.target_index
        if not any(map(arrow.spec.is_like, SPECS)) or arrow.coefficient != 1 or has_index:
            return f"the arrow of `{arrow.weight}` is not one of a full layer"
    return ""


def loss_of(network: Network, layers: tuple[Layer, ...]) -> Node | None:
    """The loss node, if torch has its loss. Raises Refused."""
    if network.loss is None:
        return None
    node = network.node(network.loss)
    last = layers[-1].node
    targets = [n.name for n in network.nodes if n.role == "target"]
    plain = [o.node for o in node.operands if not o.index] == [last.name, *targets[:1]] and len(targets) == 1
    if node.function not in LOSSES or not plain:
        names = ", ".join(f"`{n}`" for n in LOSSES)
        raise Refused(f"form `sequential` has the losses {names} of output and target; this one is {_describe_loss(node)}")
    return node


def _describe_loss(loss: Node) -> str:
    """A loss that is not plain, as `mse` of `f` and `x`."""
    function = lookup(loss.function)
    if not function or function.kind != "loss":
        return "an expression"
    if loss.function not in LOSSES:
        return f"`{loss.function}`"
    return f"`{loss.function}` of " + " and ".join(f"`{o.node}`" for o in loss.operands)


# -------------------------------------------------------------------- parts


def _print_model(sheet: Sheet, layers: tuple[Layer, ...], to_excitation: bool) -> tuple[Statement, dict[str, str]]:
    """The model's statement, and for each key of its state the diagram's weight."""
    entries = [] if layers[0].source.axes else [("torch.nn.Unflatten(0, (-1, 1))", "(n,) to (n, 1)")]
    keys: dict[str, str] = {}
    names, program = {symbol.owner: sheet.names[symbol] for symbol in sheet.learnt}, sheet.program
    for layer in layers:
        function, activation = LAYERS[layer.node.function], program.activations[layer.node.name]
        excitation = program.excitations.get(layer.node.name, activation)
        keys |= {f"{len(entries)}.{part}": names[w] for part, w in zip(("weight", "bias"), layer.weights)}
        settings = ({} if layer.bias else {"bias": "False"}) | _named_kind(sheet)
        linear = e.call("torch.nn.Linear", *map(str, (prod(layer.source.shape), prod(layer.node.shape))), **settings)
        entries.append((e.flat(linear), sheet.names[excitation]))
        if function and not (to_excitation and layer is layers[-1]):
            entries.append((function, sheet.names[activation]))
    if not layers[-1].node.axes:
        entries.append(("torch.nn.Flatten(0)", "(n, 1) to (n,)"))
    rows = [line for text, words in entries for line in lines(Noted(Quoted((f"{text},",)), words), "    ")]
    if to_excitation:
        rows.append("    # and no further: the loss function takes the excitations")
    return Quoted(("model = torch.nn.Sequential(", *rows, ")"), frozenset(["torch"])), keys


def _print_names(keys: dict[str, str]) -> Group:
    entries = tuple(e.entry(key, Text(name)) for key, name in keys.items())
    return [Comment("Where the diagram's weights are in the model."), assign("NAMES", Dict(entries, True))]


def _print_start(sheet: Sheet, seed: int) -> Group:
    """The model starts from the diagram's weights."""
    named = ({"seed": str(seed)} if seed else {}) | _named_kind(sheet)
    return [assign("weights", e.call("initial_weights", **named)), *MODULE.body_of("start_from_weights")]


def _named_kind(sheet: Sheet) -> dict[str, str]:
    """The element type as an argument, where it is not torch's own."""
    return {} if sheet.options.dtype == "float32" else {"dtype": f"torch.{sheet.options.dtype}"}


def _print_learn(sheet: Sheet) -> Statement:
    samples = sheet.samples
    f = local("f", sheet.inputs + sheet.arguments(sheet.program.targets))
    return MODULE.variant(
        "learn_chain", "learn", samples=e.arguments_of(*samples), f=Name(f), x=Name(samples[0]), y=Name(samples[-1]),
        **renamed("optimizer", "loss", taken=samples),
    )  # fmt: skip
