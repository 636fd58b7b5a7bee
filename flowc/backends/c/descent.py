"""A text for learning from Python: many steps of any method at once, each with the weights after it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import prod

from flowc.backends.backend import Options
from flowc.backends.c.file import constants, weights_struct
from flowc.backends.c.functions import gradients
from flowc.backends.c.helpers import helper_functions
from flowc.backends.c.method import method_function, method_numbers
from flowc.backends.c.sheet import CSheet
from flowc.backends.code import tree as t
from flowc.backends.code.c import block
from flowc.backends.code.scope import names
from flowc.backends.code.typed import Declare
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
        const double *before = weights + s * COUNT, *g = (const double *)&slopes;
        double *after = weights + (s + 1) * COUNT;
        losses[s] = gradients(%(arguments)s);
        if (!isfinite(losses[s]))
            return s;
        const double rate = rates[s], t = (double)(first + s);
        for (size_t k = 0; k < COUNT; k++) {
            double *notes = memory + ((s + 1) * COUNT + k) * NOTES;
            for (size_t i = 0; i < NOTES; i++)
                notes[i] = notes[i - COUNT * NOTES];
            after[k] = before[k];
            %(method)s;
        }
        (void)t;
    }
    return steps;
}
"""


def c_descent(network: Network, program: Program, method: Optimiser, values: Mapping[str, float]) -> str:
    """The text that `flowc.execution.native_descent` calls; it computes in double. Raises Refused."""
    sheet = CSheet(network, program, Options(dtype="float64"))
    function = gradients(sheet)
    step = method_function(method, values, sheet.words)
    printed = [*constants(sheet, names(function)), weights_struct(sheet), function, step]
    notes = [f"notes + {k}" for k in range(len(method.state))]
    arguments = [f"data[{k}] + s * forth * {prod(s.type.shape)}" for k, s in enumerate(sheet.samples)]
    weights = ["(const struct weights *)before", "&slopes"]
    descend = DESCEND % {
        "count": sum(prod(s.type.shape) for s in sheet.learnt),
        "notes": len(method.state),
        "arguments": ", ".join(["tokens", *arguments, *weights]),
        "method": f"{step.name}({', '.join(['after + k', 'g[k]', *notes, *method_numbers(method, values)])})",
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
