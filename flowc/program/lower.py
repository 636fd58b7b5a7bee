"""Network to program: each circle's sum, then its function; then the loss, put together over the batch."""

from __future__ import annotations

from dataclasses import replace

from flowc.graph.network import Arrow, Network, Node, Operand
from flowc.maths.function import Function
from flowc.maths.functions import lookup
from flowc.program.builder import Builder, alive
from flowc.program.formula import value
from flowc.program.ir import Application, Arg, Contraction, Program, Symbol, Type
from flowc.program.types import selected, type_of


def lower(network: Network) -> Program:
    """The program of a valid network: forward and, where there is one, the loss."""
    return _Lowering(network).program()


class _Lowering:
    def __init__(self, network: Network):
        self.network = network
        self.builder = Builder()
        self.nodes = {n.name: n for n in network.nodes}
        self.weights = {w.name: Symbol("weight", w.name, Type(False, w.shape)) for w in network.weights}
        self.values: dict[str, Arg] = {}  # each node's value; for anonymous nodes perhaps a number
        self.excitations: dict[str, Symbol] = {}

    def program(self) -> Program:
        for node in self.network.nodes:
            if node.role in ("input", "target"):
                self.values[node.name] = Symbol(node.role, node.name, Type(True, node.shape))
        for node in self.network.nodes:
            self.builder.span = node.span
            if node.role not in ("input", "target", "loss"):
                self._node(node)
        loss = self._loss()
        named = {n: s for n, s in self.values.items() if isinstance(s, Symbol) and s.kind != "temporary"}
        return Program(
            inputs=self._of_role("input"),
            targets=self._of_role("target"),
            weights=tuple(self.weights.values()),
            steps=alive(self.builder.steps, set(named.values())),
            outputs=self._of_role("output"),
            loss=loss,
            excitations=self.excitations,
            activations=named,
            learning=self._learning(loss),
        )

    def _of_role(self, role: str) -> tuple[Symbol, ...]:
        return tuple(self.values[n.name] for n in self.network.nodes if n.role == role)  # type: ignore[misc]

    def _learning(self, loss: Symbol | None) -> frozenset[Symbol]:
        """What follows from a target, and what serves the loss alone."""
        tainted: set[Symbol] = {s for s in self._of_role("target")} | ({loss} if loss else set())
        for node in self.network.nodes:
            if node.learning_only and not self._of_the_loss(node):
                found = (self.values.get(node.name), self.excitations.get(node.name))
                tainted.update(s for s in found if isinstance(s, Symbol))
        for step in self.builder.steps:
            if any(a in tainted for a in step.args if isinstance(a, Symbol)):
                tainted.add(step.symbol)
        return frozenset(tainted)

    # ---------------------------------------------------------------- nodes

    def _node(self, node: Node) -> None:
        """The excitation, then the activation; or the operation on the operands."""
        symbol = Symbol("activation", node.name, Type(True, node.shape), anonymous=node.anonymous)
        if node.operands:
            self._finish(node, self._operation(node), symbol)
        elif node.function == "identity":
            self._finish(node, self._sum(node), symbol)
        else:
            xi = replace(symbol, kind="excitation")
            xi = self._name(node, self._sum(node), xi, node.excitation_span, node.excitation_comment)
            self.excitations[node.name] = xi
            result = self.builder.emit("apply", xi, data=Application(node.function, node.parameters))
            self._finish(node, result, symbol)

    def _finish(self, node: Node, result: Arg, symbol: Symbol) -> None:
        if node.anonymous and (not isinstance(result, Symbol) or self._of_the_loss(node)):
            self.values[node.name] = result  # a part of the loss needs no name
        else:
            self.values[node.name] = self._name(node, result, symbol, node.span, node.comment)

    def _name(self, node: Node, result: Arg, symbol: Symbol, span, comment) -> Symbol:
        """Declared nodes always have a batch axis; an anonymous sum of weights alone needs none."""
        own = type_of(result)
        free = node.anonymous and not own.batched and own.shape == node.shape
        wanted = Type(False, node.shape) if free else symbol.type
        if free and not isinstance(result, Symbol):
            result = self.builder.emit("copy", result)
        result = self.builder.spread(result, wanted)
        where = span if span.end else node.span
        return self.builder.name(result, replace(symbol, type=wanted), where, comment)

    # ----------------------------------------------------------------- sums

    def _sum(self, node: Node) -> Arg:
        """The terms in the order written; arrows into single elements are gathered into a vector."""
        terms: list[Arg] = []
        run: list[Arrow] = []
        for arrow in node.arrows:
            if _into_element(arrow, node):
                run.append(arrow)
                continue
            terms += self._elements(run, node)
            run = []
            terms.append(self._placed(arrow, node))
        terms += self._elements(run, node)
        return self._added(terms)

    def _added(self, terms: list[Arg]) -> Arg:
        if any(isinstance(t, Symbol) for t in terms):
            return self.builder.add(tuple(terms))
        return float(sum(terms))  # type: ignore[arg-type]

    def _elements(self, run: list[Arrow], node: Node) -> list[Arg]:
        """A vector from the sums into its elements; an element without a term here is 0."""
        if not run:
            return []
        into: list[list[Arg]] = [[] for _ in range(node.shape[0])]
        for arrow in run:
            into[arrow.target_index[0]].append(self._term(arrow))  # type: ignore[index]
        sums = [self._added(terms) for terms in into]
        if not any(isinstance(s, Symbol) for s in sums):
            return [self.builder.emit("literal", data=tuple(sums))]
        batched = any(type_of(s).batched for s in sums)
        return [self.builder.emit("stack", *(self.builder.spread(s, Type(batched, ())) for s in sums))]

    def _placed(self, arrow: Arrow, node: Node) -> Arg:
        """The term of an arrow into the whole node, or into a part of it."""
        term = self._term(arrow)
        if not arrow.target_index or all(i == (0, n) for i, n in zip(arrow.target_index, node.shape, strict=False)):
            return term
        batched = type_of(term).batched
        part = self.builder.spread(term, Type(batched, selected(node.shape, arrow.target_index)))
        return self.builder.emit("place", part, data=arrow.target_index, given=Type(batched, node.shape))

    def _term(self, arrow: Arrow) -> Arg:
        """coefficient · weight · source, as the arrow's spec says."""
        weight, source = self._weight(arrow), self._source(arrow)
        operands, target = arrow.spec.split("->")
        source_axes, weight_axes = operands.split(",")
        if not isinstance(source, Symbol):
            term, axes = self._scaled(arrow.coefficient * source, weight), weight_axes
        elif weight is None:
            term, axes = self._scaled(arrow.coefficient, source), source_axes
        else:
            term, axes = self._line(arrow, weight, weight_axes, source, source_axes, target)
        return self._aligned(term, axes, target)

    def _weight(self, arrow: Arrow) -> Arg | None:
        if arrow.literal is not None:
            numbers = arrow.literal
            whole: Arg = self.builder.emit("literal", data=numbers) if isinstance(numbers, tuple) else numbers
        elif arrow.weight is not None:
            whole = self.weights[arrow.weight]
        else:
            return None
        return self._part(whole, arrow.weight_index)

    def _source(self, arrow: Arrow) -> Arg:
        return 1.0 if arrow.source == "1" else self._part(self.values[arrow.source], arrow.source_index)

    def _part(self, whole: Arg, index: tuple) -> Arg:
        if not isinstance(whole, Symbol) or not index:
            return whole
        if all(i == (0, n) for i, n in zip(index, whole.type.shape, strict=False)):
            return whole
        return self.builder.emit("select", whole, data=index)

    def _scaled(self, coefficient: float, x: Arg | None) -> Arg:
        """A weight of 0 stays in sight."""
        if x is None:
            return coefficient
        if coefficient == 0 and isinstance(x, Symbol):
            return self.builder.emit("multiply", 0.0, x)
        return self.builder.multiply(coefficient, x)

    def _line(
        self, arrow: Arrow, weight: Arg, weight_axes: str, source: Symbol, source_axes: str, target: str
    ) -> tuple[Arg, str]:
        """Weight times source, and the axes of the result: a product where nothing is summed, else a contraction."""
        summed = [c for c in source_axes + weight_axes if c not in target]
        if not summed and (not weight_axes or not source_axes or weight_axes == source_axes):
            axes = weight_axes or source_axes
            if weight_axes and not source_axes:
                source = self._lifted(source, "", axes)
            if arrow.coefficient == 0:
                return self.builder.emit("multiply", 0.0, weight, source), axes
            return self.builder.multiply(arrow.coefficient, weight, source), axes
        axes = "".join(c for c in target if c in source_axes + weight_axes)
        if not isinstance(weight, Symbol) or not weight_axes:
            term: Arg = self._summed(source, source_axes, axes)
            return self._scaled(arrow.coefficient, self.builder.multiply(weight, term)), axes
        spec = f"{source_axes},{weight_axes}->{axes}"
        term = self.builder.emit("contract", source, weight, data=Contraction(spec))
        return self._scaled(arrow.coefficient, term), axes

    def _summed(self, x: Arg, axes: str, kept: str) -> Arg:
        """x without the axes that the target lacks, in the target's order."""
        lost = tuple(i for i, c in enumerate(axes) if c not in kept)
        x = self.builder.reduce("sum", x, axes=lost)
        left = "".join(c for c in axes if c in kept)
        return self._turned(x, left, kept)

    def _turned(self, x: Arg, axes: str, target: str) -> Arg:
        """x with its axes in the target's order."""
        if axes == target or not isinstance(x, Symbol):
            return x
        return self.builder.emit("contract", x, data=Contraction(f"{axes}->{target}"))

    def _aligned(self, term: Arg, axes: str, target: str) -> Arg:
        """The term with the target's axes: summed, turned, and single axes where it repeats."""
        if not isinstance(term, Symbol) or axes == target:
            return term
        kept = "".join(c for c in target if c in axes)
        return self._lifted(self._summed(term, axes, kept), kept, target)

    def _lifted(self, term: Arg, axes: str, target: str) -> Arg:
        """Single axes where the target has more; a number or weight without axes repeats by itself."""
        missing = tuple(i for i, c in enumerate(target) if c not in axes)
        if not missing or not isinstance(term, Symbol) or term.type == Type(False, ()):
            return term
        return self.builder.emit("lift", term, data=missing)

    # ----------------------------------------------------------- operations

    def _operation(self, node: Node) -> Arg:
        function = lookup(node.function)
        assert function is not None, node.function
        args = tuple(self._operand(o) for o in node.operands)
        if function.of_excitation:
            return self._of_excitation(node, function, args)
        if function.name == "dot":
            return self._dot(args)
        if function.elements and len(args) == 1:
            return self._over_elements(function, args[0])
        args = self._same_rank(args)
        taken = len(function.arguments)
        result = self._applied(function, args[:taken], node.parameters)
        for more in args[taken:]:
            result = self._applied(function, (result, more), node.parameters)
        return result

    def _applied(self, function: Function, args: tuple[Arg, ...], parameters: tuple[float, ...]) -> Arg:
        """One step where the record knows the gradient; else its formula, whose gradient follows."""
        if function.rule.pullback:
            return self.builder.emit("apply", *args, data=Application(function.name, parameters))
        return value(self.builder, function, args, parameters)

    def _operand(self, operand: Operand) -> Arg:
        if operand.node is None:
            return operand.number
        return self._part(self.values[operand.node], operand.index)

    def _same_rank(self, args: tuple[Arg, ...]) -> tuple[Arg, ...]:
        """Scalars beside vectors get single axes, to repeat along them."""
        rank = max((len(type_of(a).shape) for a in args), default=0)
        letters = "abcdefgh"[:rank]
        return tuple(self._lifted(a, "" if not type_of(a).shape else letters, letters) for a in args)

    def _over_elements(self, function: Function, x: Arg) -> Arg:
        t = type_of(x)
        if len(t.shape) > 1:
            count = 1
            for n in t.shape:
                count *= n
            x = self.builder.emit("reshape", x, given=Type(t.batched, (count,)))
        return value(self.builder, function, (x,), elements=True)

    def _dot(self, args: tuple[Arg, ...]) -> Arg:
        """a @ b: over the last axis of a and the first but one of b, as numpy."""
        a, b = (len(type_of(x).shape) for x in args)
        left = "ik"[2 - a :]
        right = "kj"[:b]
        spec = f"{left},{right}->{left[:-1]}{right[1:]}"
        return self.builder.emit("contract", *args, data=Contraction(spec))

    def _of_excitation(self, node: Node, function: Function, args: tuple[Arg, ...]) -> Arg:
        """A loss of a node's excitation: that, the node's value, the target."""
        found = node.operands[0].node
        assert found is not None
        excitation = self._part(self.excitations[found], node.operands[0].index)
        return self.builder.emit("apply", excitation, *args, data=Application(function.name))

    # ----------------------------------------------------------------- loss

    def _loss(self) -> Symbol | None:
        """Term by term: tokens are averaged, `sse` adds over the batch, terms of weights alone count once."""
        if self.network.loss is None:
            return None
        node = self.nodes[self.network.loss]
        self.builder.span = node.span
        total = self._over_batch(node)
        symbol = Symbol("loss", node.name, Type(False, ()))
        if not isinstance(total, Symbol):
            total = self.builder.emit("copy", total)
        return self.builder.name(total, symbol, node.span, node.comment)

    def _over_batch(self, node: Node) -> Arg:
        """A loss term's value for the whole batch."""
        if node.function == "identity" and not node.operands and node.arrows and self._of_the_loss(node):
            return self.builder.add(tuple(self._share(arrow) for arrow in node.arrows))
        function = lookup(node.function)
        how = function.over_batch if function and function.kind == "loss" else "mean"
        return self._batch(how, self._token(node))

    def _of_the_loss(self, node: Node) -> bool:
        return node.role == "loss" or (node.anonymous and node.owner == self.network.loss)

    def _share(self, arrow: Arrow) -> Arg:
        """One arrow into the loss: its weight times its source's value for the batch."""
        weight = self._weight(arrow)
        if arrow.source == "1":
            return self._scaled(arrow.coefficient, weight)
        node = self.nodes[arrow.source]
        if arrow.source_index or not self._of_the_loss(node):
            source = self._batch("mean", self._source(arrow))
        else:
            source = self._over_batch(node)
        return self._scaled(arrow.coefficient, source if weight is None else self.builder.multiply(weight, source))

    def _token(self, node: Node) -> Arg:
        """The value for one token; the loss node itself has none that is stored."""
        if node.role != "loss":
            return self.values[node.name]
        if node.operands:
            return self._operation(node)
        assert node.arrows
        xi = self._sum(node)
        return self.builder.emit("apply", xi, data=Application(node.function, node.parameters))

    def _batch(self, how: str, token: Arg) -> Arg:
        return self.builder.reduce(how, token, batch=True) if type_of(token).batched else token


def _into_element(arrow: Arrow, node: Node) -> bool:
    return len(node.shape) == 1 and len(arrow.target_index) == 1 and isinstance(arrow.target_index[0], int)
