"""Faults in a line of flowc's source, by another hand than the tests': where the first generator of diagrams never came."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from importlib import import_module
from textwrap import dedent, indent
from typing import Any

from flowc.maths import optimisers
from tests.agreement.faults import Fault, Patch

# What it is, in which function, the words there, the words instead, and what is to notice: a check of `judges.py`, a way
# of `test_faults.py`, or a test of the room.
PASSES = "passes"
FAULTS = (
    # products, slices, blocks
    ("several nodes in a product drop the weights before them",
     "graph.products:Product._join", '[o for o in self.order if o[0] == "array"] + [("node", 0)]', '[("node", 0)]', "reading"),
    ("a number above a fraction counts twice",
     "graph.products:Product.divide", "self.number = None", "self.number = self.number", "reading"),
    ("`x @ W` sums over the other axis",
     "graph.matrices:_contract_terms", "array.into[-1] if array_first else array.into[0]", "array.into[-1]", "reading"),
    ("the gradient of what no token enters is a mean",
     "program.builder:Builder.fit", '"sum", x, batch=True', '"mean", x, batch=True', "reading"),
    ("elements count from 1, whatever the range",
     "graph.sizes:element", "return number - axis.low", "return number - 1", "reading"),
    ("a slice's elements are counted anew",
     "graph.sizes:part_of", "low=axis.low + low, high=axis.low + high - 1", "low=1, high=high - low", "reading"),
    ("a block of a part of a weight forgets where the part begins",
     "graph.weight_shapes:_compose_picks", "picked[0] + pick if isinstance(pick, int) else (picked[0] + pick[0], picked[0] + pick[1])", "pick",
     "reading"),
    # files of nodes and edges
    ("a learnt row of a file has the weight of the next",
     "graph.files.lazy_arrows:Table.elements", "cumsum() - 1", "cumsum()", "reading"),
    ("learnt rows are counted after some are left out",
     "program.mesh.arrows:_rows_of_file", "np.where(learnt, place, 0)[inside]", "np.cumsum(learnt[inside]) - 1", "mesh of files"),
    ("the parameters of a function in a file are lost",
     "graph.files.nodes:_Nodes._activate", "activation.function, activation.parameters", "activation.function, ()", "reading"),
    ("arrows of a file stand before those of the text above",
     "graph.files.lazy_arrows:joined", "(*parts, more)", "(more, *parts)",
     "tests/graph/test_files.py::test_text_and_files_feed_one_node_in_the_order_of_statements"),
    # what passes do before a printer spells
    ("a product with its matrix is one with the transposed",
     "program.passes.affine:with_affine", "is_like(TRANSPOSED)", "is_like(STRAIGHT)", PASSES),
    ("a bias that is there again is lost",
     "program.passes.affine:with_affine", "rest.remove((1, bias))", "rest = [r for r in rest if r != (1, bias)]", PASSES),
    ("what an activation hands on is made of its excitation",
     "program.passes.backward:_pull_activation", "args=(d, h)", "args=(d, activation.args[0])", PASSES),
    ("a mean over the tokens is one over all elements",
     "program.passes.products:_product_of_sum", '"all" if step.op.axes else "batch"', '"batch" if step.op.axes else "all"', PASSES),
    ("a sum of products loses its minus sign",
     "program.passes.products:_strip_minus", "return True, step.args[0]", "return False, step.args[0]", PASSES),
    ("a softmax divides by another sum",
     "program.passes.exponentials:_share_exponentials", "args=(e, total)", "args=(e, e)", PASSES),
    ("the sign of relu is that of the nearest excitation",
     "program.passes.common_subexpressions:with_signs_of_relu", "relu[s.args[0]], 0.0", "relu[s.args[0]], 0.5", PASSES),
    ("parts of formulas are equal if their operations are",
     "program.passes.common_subexpressions:_merge_equal", "(step.op, step.args, step.symbol.type)", "(step.op, step.symbol.type)", PASSES),
    ("what changes in a loop is made before it",
     "program.passes.hoist:hoisted", "needed([s for s in steps if s.symbol not in alive], used - within)", "needed(steps, used)",
     PASSES),
    ("an array of weights with factors is a parameter",
     "program.passes.descent:_is_whole", "coefficient == 1 and place is not None", "place is not None", PASSES),
    ("a count is that of the tokens",
     "program.passes.counts:_count_of_name", "prod(arg.type.shape)", "1", PASSES),
    ("a sum over the tokens is used while it grows",
     "program.passes.tokens:_phases_by_token", "late.add(step.symbol)", "late.discard(step.symbol)", PASSES),
    ("a copy of a copy is lost",
     "program.passes.copies:without_copies", "same[step.symbol] = step.args[0]", "same[step.args[0]] = step.symbol", PASSES),
    # columns of data, and classes
    ("columns of a table are taken in their order",
     "graph.table_cells:values_of", "[columns[element] for element in product(*(range(n) for n in sizes(axes)))]",
     "[*columns.values()]", "tests/graph/test_data.py"),
    ("classes of a file count from 1, whatever the range",
     "data.cell_numbers:_class_place", "int(number) - axis.low", "int(number) - 1",
     "tests/data/test_csv_data.py::test_numbers_as_classes"),
    ("columns of a file are taken in their order",
     "data.bind_columns:_values_of", "[column_numbers(sheet, elements[place]) for place in product(*map(range, node.shape))]",
     "[column_numbers(sheet, column) for column in elements.values()]", "loops"),
    ("a printed loop takes columns in the order of the file",
     "backends.python.training.columns:_columns_of", "tuple(heads[place] for place in product(*map(range, node.shape)))",
     "tuple(heads.values())", "loops"),
    ("the classes of a hinge are 0 and 1",
     "graph.class_outputs:classified", '-1 if targets_of(node.function) == "sign" or ', "-1 if ", "tests/learning/test_metrics.py"),
    # learning
    ("a batch's rest is dropped at the end of an epoch",
     "backends.python.training.plan:Plan.steps", "-(-epochs * self.tokens // self.batch_size)", "epochs * (self.tokens // self.batch_size)",
     "loops"),
    ("the shuffle leaves the second token where it is",
     "learning.order:shuffle_tokens", "len(places) - 1, 0, -1", "len(places) - 1, 1, -1", "loops"),
    ("momentum of torch.optim is left out where it is our default",
     "backends.torch.optim:_optimizer_settings", '"momentum": "0"', '"momentum": "0.9"', "loops"),
    ("old gradients of all weights but the first stay",
     "backends.torch.train_tensors:TrackedLoop.step_unseen", "for s, w in weights.items() if s in self.felt]",
     "for s, w in weights.items() if s in self.felt][:1]", "loops"),
    ("fixed arrays are part of a module's state",
     "backends.torch.module:_print_init", 'persistent="False"', 'persistent="True"', "tests/backends/test_module_state.py"),
    # files of plain Python, meshes, chunks
    ("a mean over elements divides by the tokens alone",
     "program.passes.scales:_split_quotient", "return factor / size, ", "return factor, ", "scalar"),
    ("a mean over elements and tokens divides by the elements alone",
     "program.scalar_writer:ScalarWriter.mean", "self.multiply(float(size), self.tokens)", "float(size)", "scalar"),
    ("the last chunk counts as a whole one",
     "backends.numpy.chunked:_print_gradients", 'how == "mean"', 'how != "mean"', "numpy fast"),
    ("all nodes of a dense level have the first one's bias",
     "program.mesh.schedule:_weight_numbers", "level.rows * width + row)", "level.rows * width)", "mesh"),
    ("where an excitation is asked for, the value is given",
     "program.mesh.lower:Gathered._take_parts", "arranged.excitations[places[n.name]] for n in excited", "places[n.name] for n in excited", "mesh"),
    # pictures, traces, equations
    ("a number on an arrow lacks the factor of its weight",
     "drawing.states:_carried_number", "what.factor * value", "value",
     "tests/drawing/test_states.py::test_what_arrows_and_biases_say_adds_up_to_the_excitation"),
    ("a circle shows its own delta twice",
     "drawing.numbers:_read_numbers", "program.activations.items() if name in used", "program.excitations.items() if name in used",
     "tests/drawing/test_states.py::test_a_published_example_with_gradients"),
    ("the gradient of a weight lacks the number beside it",
     "learning.trace.build:_weight_block", "times(Number(wire.factor), ", "times(", "trace"),
    ("the way back through a divisor has the wrong sign",
     "learning.trace.derive:derivatives", "negative(over(times(a, d), power(b, Number(2.0))))",
     "over(times(a, d), power(b, Number(2.0)))", "trace"),
    ("a mean over the tokens is one over elements alone",
     "equations.element_form:_spell_reduce", "times(size, e.tokens if op.batch else ONE)", "size", "equations"),
    ("what is put at a place is read from there",
     "equations.indexing:_spell_place", "at.append(place - entry[0])", "at.append(place)", "equations"),
    # weights in files
    ("an array is written as it lies in memory",
     "learning.tensors:tensor_bytes", "np.ascontiguousarray(a).reshape(np.shape(a))", "np.asarray(a)",
     "tests/learning/test_weights.py::test_they_come_back"),
    # what holds flowc to its meaning
    ("verify looks at the nearest number",
     "nets.verifying.compare:largest_difference", "np.argmax(shares)", "np.argmin(shares)",
     "tests/doors/test_verify.py::test_a_backend_that_is_wrong_is_caught_with_node_token_and_way"),
    ("the scale of a sum is its size, however much cancels",
     "program.ops.arithmetic:Add.scale", "sum(s[1:], s[0])", "np.abs(sum(x[1:], x[0]))",
     "tests/doors/test_verify.py::test_sums_in_which_much_cancels_may_differ_by_the_rounding_of_what_does"),
    ("the second reading multiplies by the transpose",
     "oracle.tensor:product_of", "b.items[k * columns + column]", "b.items[column * n + k]", "reading"),
    ("verify draws numbers where there are data",
     "nets.verifying.verification:Verification._of_data", "some.arrays.get(name, value)", "value",
     "tests/doors/test_verify.py::test_a_threshold_is_said_to_be_one"),
)  # fmt: skip


def _step(method: str, right: str, wrong: str) -> Patch:
    """Another line in a method of learning."""
    record = optimisers.OPTIMISERS[method]
    step = tuple(line.replace(right, wrong) for line in record.step)
    return lambda m: m.setitem(optimisers.OPTIMISERS, method, replace(record, step=step))


def _schedule(right: str, wrong: str) -> Patch:
    changed = tuple(replace(s, factor=s.factor.replace(right, wrong)) for s in optimisers.SCHEDULES)
    return lambda m: m.setattr(optimisers, "SCHEDULES", changed)


PULLED = "w = w - weight_decay * w"
RECORDS = (
    ("adam corrects the mean square by the other constant", _step("adam", "beta2**t", "beta1**t"), "loops"),
    ("adamw decays whatever the rate", lambda m: m.setattr(optimisers, "PULLED", PULLED), "loops"),
    ("the rate falls a step early", _schedule("t // every", "(t + 1) // every"), "tests/learning/test_method.py"),
)  # fmt: skip


def edited(where: str, right: str, wrong: str) -> Patch:
    """The function `module:name` with other words in its text, for all who hold it."""
    module, _, name = where.partition(":")
    space = import_module(f"flowc.{module}")
    function: Any = space
    for part in name.split("."):
        function = inspect.getattr_static(function, part)
    function = _plain(function)
    text = dedent(inspect.getsource(function))
    assert right in text, (where, right)

    def patch(monkeypatch: Any) -> None:
        names = dict(vars(space))
        changed = text.replace(right, wrong, 1)
        if function.__code__.co_freevars:  # `super()` in a method
            changed = f"def made(__class__):\n{indent(changed, '    ')}\n    return {function.__name__}\n{function.__name__} = made(None)"
        exec(compile(changed, where, "exec"), names)
        monkeypatch.setattr(function, "__code__", _plain(names[function.__name__]).__code__)

    return patch


def _plain(found: Any) -> Callable[..., Any]:
    """The function within a property."""
    return found.func if isinstance(found, cached_property) else found.fget if isinstance(found, property) else found


def every() -> list[Fault]:
    sources = [Fault(f"{f.partition(':')[0]}: {words}", edited(f, a, b), judge) for words, f, a, b, judge in FAULTS]
    return [*sources, *(Fault(f"maths.optimisers: {words}", patch, judge) for words, patch, judge in RECORDS)]
