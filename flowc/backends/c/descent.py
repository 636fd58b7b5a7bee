"""A text for learning from Python: many steps of any method at once, each with the weights after it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import prod
from typing import Any

from flowc.backends.backend import Options
from flowc.backends.c.file import constants, weights_struct
from flowc.backends.c.functions import gradients
from flowc.backends.c.helpers import helper_functions
from flowc.backends.c.sheet import CSheet
from flowc.backends.code import tree as t
from flowc.backends.code.c import block
from flowc.backends.code.fill import fill_in
from flowc.backends.code.quote_statements import statement
from flowc.backends.code.scope import names
from flowc.backends.code.typed import Declare
from flowc.backends.python import expression as e
from flowc.graph.network import Network
from flowc.maths.optimisers import Optimiser
from flowc.program.ir import Program

DESCEND = """\
/* So many steps: each row of `weights` and `memory` is what follows from the row before it. The steps taken: a loss that is
   not finite is the last. `forth`: how many tokens further on the next step begins. */
size_t descend(
    size_t steps, size_t tokens, size_t forth, const double *const *data, const double *rates, size_t first,
    double *weights, double *memory, double *losses
)
{
    enum { COUNT = %(count)d, NOTES = %(notes)d };
    static struct weights slopes;
    for (size_t s = 0; s < steps; s++) {
        const double *before = weights + s * COUNT, *g_all = (const double *)&slopes;
        double *after = weights + (s + 1) * COUNT;
        losses[s] = gradients(%(arguments)s);
        if (!isfinite(losses[s]))
            return s;
        const double rate = rates[s], t = (double)(first + s);
        for (size_t k = 0; k < COUNT; k++) {
            const double *then = memory + (s * COUNT + k) * NOTES;
            double *now = memory + ((s + 1) * COUNT + k) * NOTES;
            double w = before[k], g = g_all[k];
%(step)s
            after[k] = w;
            (void)then; (void)now; (void)t; (void)rate;
        }
    }
    return steps;
}
"""


def c_descent(network: Network, program: Program, method: Optimiser, values: Mapping[str, float]) -> str:
    """The text that `flowc.execution.native_descent` calls; it computes in double. Raises Refused."""
    sheet = CSheet(network, program, Options(dtype="float64"))
    function = gradients(sheet)
    printed = [*constants(sheet, names(function)), weights_struct(sheet), function]
    arguments = [f"data[{k}] + s * forth * {prod(s.type.shape)}" for k, s in enumerate(sheet.samples)]
    weights = ["(const struct weights *)before", "&slopes"]
    descend = DESCEND % {
        "count": sum(prod(s.type.shape) for s in sheet.learnt),
        "notes": len(method.state),
        "arguments": ", ".join(["tokens", *arguments, *weights]),
        "step": "\n".join(_step_lines(method, values)),
    }
    signature = {
        "data": [s.owner for s in sheet.samples],
        "weights": [[s.owner, s.type.shape] for s in sheet.learnt],
        "notes": len(method.state),
    }
    told = Declare("const char", "signature[]", (), t.Text(json.dumps(signature)))
    texts = ["#include <math.h>\n#include <stddef.h>", helper_functions(sheet.words).rstrip("\n")]
    texts += ["\n".join(block([code])) for code in (told, *printed)]
    return "\n\n".join([*filter(None, texts), descend])


def _step_lines(method: Optimiser, values: Mapping[str, float]) -> list[str]:
    """The method's lines, with its numbers put in; what it keeps is read before them and written after."""
    holes = {name: e.number(value) for name, value in values.items()}
    read = [Declare("double", name, (), t.Index(t.Name("then"), (t.Number(str(k)),))) for k, name in enumerate(method.state)]
    stored = [t.Assign((t.Index(t.Name("now"), (t.Number(str(k)),)),), t.Name(name)) for k, name in enumerate(method.state)]
    lines: list[t.Statement] = []
    declared = {"w", "g", *method.state}
    for line in method.lines(values):
        (code,) = fill_in(statement(line), {name: hole for name, hole in holes.items() if name != "rate"})
        assert isinstance(code, t.Assign)
        (target,) = code.targets
        assert isinstance(target, t.Name)
        value = _in_doubles(code.value)
        lines.append(t.Assign(code.targets, value) if target.name in declared else Declare("double", target.name, (), value))
        declared.add(target.name)
    return block([*read, *lines, *stored], " " * 12)


def _in_doubles(x: Any) -> Any:
    """An expression of Python as C computes the same: whole numbers as doubles, powers by a function, squares as products."""
    match x:
        case t.Number(digits) if digits.isdigit():
            return t.Number(f"{digits}.0")
        case t.Power(base, t.Number("2")):
            return e.product([_in_doubles(base), _in_doubles(base)])
        case t.Power(base, exponent):
            return e.call("pow", _in_doubles(base), _in_doubles(exponent))
        case t.Node():
            return type(x)(*[_in_doubles(value) for value in x.field_values])
        case tuple():
            return tuple(map(_in_doubles, x))
    return x
