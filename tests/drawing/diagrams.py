"""Diagrams that pictures are tried on: every example, and some that no example is like."""

from itertools import pairwise
from pathlib import Path

import flowc

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))


def layered(layers, size):
    """So many layers of so many scalar nodes, each fed by all of the layer before."""
    names = [[f"a{k}_{i}" for i in range(1, size + 1)] for k in range(layers)]
    lines = [f"input {', '.join(names[0])}", f"output {', '.join(names[-1])} : logistic"]
    lines += [f"node {', '.join(layer)} : tanh" for layer in names[1:-1]]
    lines += [f"{', '.join(a)} -> {', '.join(b)} : ~" for a, b in pairwise(names)]
    return flowc.loads("\n".join(lines))


def irregular(count, seed):
    """Nodes that each take two of those shortly before."""
    from random import Random

    draw = Random(seed)
    names, lines, fed = [f"x{i}" for i in range(1, 5)], [], set()
    for i in range(1, count - 3):
        sources = draw.sample(names[-14:], 2)
        lines.append(f"{', '.join(sources)} -> n{i} : {draw.choice(['1', '-1', '0.5', '~', '-2.3'])}")
        fed |= {*sources}
        names.append(f"n{i}")
    outputs = [n for n in names[4:] if n not in fed]
    hidden = [n for n in names[4:] if n in fed]
    heads = [f"input {', '.join(names[:4])}", f"node {', '.join(hidden)} : tanh", f"output {', '.join(outputs)} : logistic"]
    return flowc.loads("\n".join(heads + lines))


HOSTILE = r"""
flow hostile "<script>alert(1)</script> \input{/etc/passwd} & quotes $x$ </svg>"

input  x1 "<b>bold</b> & </text>", x2 "\write18{rm -rf /}", größe, x3 "שלום עולם", x4 "🦊 中文", x5 "$\alpha_1$"
input  x6 "$\input{/etc/passwd}$", x7 "%^_~#&{}", x8 "${\hat{x}}_{12}$", x9 "$\frac{$"
node   h1 "a very very very very very very very long label indeed, longer than anything" : step
output f "]]>'`--%%^_~" : logistic
x1, x2, größe, x3, x4, x5, x6, x7, x8, x9 -> h1 : 1
h1 -> f : -2
"""
