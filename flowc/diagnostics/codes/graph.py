"""Codes of the graph stage."""

from __future__ import annotations

from flowc.diagnostics.codes.code import Code

_LINE = "input x\noutput f\nf = x\n"
_SIZED = "input x[D]\noutput f\nf = sum(x)\n"
_VECTOR = "input x[3]\noutput f[3]\n"
_LEARNT = "input x\ntarget y\noutput f\nx -> f : ~\nloss mse(f, y)\n"

_NAMES = (
    Code(
        "unknown-node",
        "A name that is nowhere declared or defined.",
        _LINE + "g = z\n",
        _LINE.replace("x\no", "x, z\no") + "output g\ng = z\n",
    ),
    Code(
        "unknown-weight",
        "An arrow's weight that is nowhere declared.",
        "input x\noutput f\nx -> f : w\n",
        "input x\noutput f\nx -> f : w ~ 0\n",
    ),
    Code(
        "unknown-function",
        "A function that flowc does not have.",
        "input x\noutput f\nf = tahn(x)\n",
        "input x\noutput f\nf = tanh(x)\n",
    ),
    Code(
        "unknown-index",
        "An index that is not declared, or whose size cannot be set.",
        "input x[D]\noutput f\nx -> f : 1\n",
        "index D = 4\ninput x[D]\noutput f\nx -> f : 1\n",
    ),
    Code("duplicate-name", "Two declarations of one name.", "input x\noutput x\nf = x\n", _LINE),
    Code("second-header", "A second `flow` line.", "flow a\nflow b\n" + _LINE, "flow a\n" + _LINE),
    Code(
        "not-an-index",
        "A size that is the name of something else.",
        "input x, z[x]\noutput f\nf = x + sum(z)\n",
        "index D = 2\ninput x, z[D]\noutput f\nf = x + sum(z)\n",
    ),
    Code(
        "not-a-node",
        "A weight, an index or the loss in the place of a node.",
        "input x\nweight w ~ 0\noutput f\nw -> f : 1\nf2 = w*x\n",
        "input x\nweight w ~ 0\noutput f\nx -> f : w\n",
    ),
    Code(
        "not-a-weight",
        "An index or the loss in the place of a weight.",
        "index D = 2\ninput x[D]\noutput f\nx -> f : D\n",
        "index D = 2\ninput x[D]\noutput f\nx -> f : 2\n",
    ),
    Code(
        "not-a-value",
        "An index or the loss in an equation.",
        "index D = 2\ninput x[D]\noutput f\nf = sum(x)/D\n",
        "index D = 2\ninput x[D]\noutput f\nf = mean(x)\n",
    ),
)

_SIZES = (
    Code(
        "shape-mismatch",
        "Sizes that do not fit; a weight has rows for targets and columns for sources.",
        "input x[3]\noutput f[2]\nx -> f : [[1, 2], [3, 4], [5, 6]]\n",
        "input x[3]\noutput f[2]\nx -> f : [[1, 2, 3], [4, 5, 6]]\n",
    ),
    Code(
        "too-large",
        "An array of more elements than a machine holds.",
        "input x[200000]\noutput f[200000]\nx -> f : ~\n",
        "input x[200]\noutput f[200]\nx -> f : ~\n",
    ),
    Code(
        "not-a-vector",
        "Brackets after a scalar.",
        "input x\noutput f\nx[1] -> f : 1\n",
        "input x[1]\noutput f\nx[1] -> f : 1\n",
    ),
    Code(
        "wrong-index",
        "An element that is not there.",
        "input x[3]\noutput f\nx[4] -> f : 1\n",
        "input x[3]\noutput f\nx[3] -> f : 1\n",
    ),
    Code(
        "index-variable",
        "An index variable where none can stand, or that runs over nothing.",
        _VECTOR + "f = x[i]\n",
        _VECTOR + "x[i] -> f[i] : 1\n",
    ),
    Code(
        "bad-list",
        "A list whose elements are no scalars, or whose rows differ.",
        _VECTOR + "x -> f : [[1, 2, 3], [4, 5]]\n",
        _VECTOR + "x -> f : [[1, 2, 3], [4, 5, 6], [7, 8, 9]]\n",
    ),
    Code(
        "transpose",
        "A transpose of what has none.",
        "input x[2, 2]\noutput f[2, 2]\nf = x^T\n",
        "input x[2, 2]\noutput f[2, 2]\nx[i, j] -> f[j, i] : 1\n",
    ),
)

_ARROWS = (
    Code("no-weight", "An arrow without a weight.", "input x\noutput f\nx -> f\n", "input x\noutput f\nx -> f : 1\n"),
    Code(
        "bare-number",
        "One number between two vectors: one to one, or all to all?",
        _VECTOR + "x -> f : 1\n",
        _VECTOR + "x[i] -> f[i] : 1\n",
    ),
    Code(
        "doubled-arrow",
        "A line that two statements draw.",
        "input x\noutput f\nx -> f : 1\nx -> f : 2\n",
        "input x\noutput f\nx -> f : 3\n",
    ),
    Code(
        "arrow-into-input",
        "An arrow into an input or a target.",
        "input x, z\noutput f\nx -> z : 1\nf = x + z\n",
        "input x\noutput f\nx -> z : 1\nnode z\nf = x + z\n",
    ),
    Code(
        "no-arrow-in",
        "A node, or an element of one, that nothing leads into.",
        "input x\noutput f, g\nf = x\n",
        "input x\noutput f, g\nf = x\ng = 2*x\n",
    ),
    Code(
        "cycle",
        "Nodes that need each other.",
        "input x\noutput f\nf = x + g\ng = tanh(f)\n",
        "input x\noutput f\nf = x + g\ng = tanh(x)\n",
    ),
    Code(
        "node-as-weight",
        "A node in the place of a weight.",
        "input x, g\noutput f\nx -> f : g\nh = g\n",
        "input x, g\noutput f\nf = g*x\n",
    ),
    Code(
        "weight-expression",
        "A weight with more than a factor on an arrow.",
        "input x\nweight w ~ 0\noutput f\nx -> f : w + 1\n",
        "input x\nweight w ~ 0\noutput f\nx -> f : 2*w\n",
    ),
    Code(
        "two-weights",
        "Two weights on one arrow.",
        "input x\nweight v, w ~ 0\noutput f\nx -> f : v*w\n",
        "input x\nweight v, w ~ 0\noutput f\nf = v*w*x\n",
    ),
    Code(
        "weight-in-chain",
        "A weight named where an arrow has several hops.",
        "input x\nnode h\noutput f\nx -> h -> f : w ~ 0\n",
        "input x\nnode h\noutput f\nweight w ~ 0\nx -> h -> f : w\n",
    ),
    Code(
        "unknown-draw",
        "A way to draw numbers that flowc does not have.",
        "input x\noutput f\nx -> f : ~ norml(0, 1)\n",
        "input x\noutput f\nx -> f : ~ normal(0, 1)\n",
    ),
    Code(
        "bad-draw",
        "A draw whose numbers make no sense.",
        "input x\noutput f\nx -> f : ~ uniform(1, -1)\n",
        "input x\noutput f\nx -> f : ~ uniform(-1, 1)\n",
    ),
    Code(
        "fixed-draw",
        "A fixed weight that is drawn.",
        "input x\nweight w = normal(0, 1)\noutput f\nx -> f : w\n",
        "input x\nweight w ~ normal(0, 1)\noutput f\nx -> f : w\n",
    ),
    Code(
        "draw-without-tilde",
        "A draw without `~`.",
        "input x\noutput f\nx -> f : normal(0, 1)\n",
        "input x\noutput f\nx -> f : ~ normal(0, 1)\n",
    ),
)

_EQUATIONS = (
    Code(
        "two-equations",
        "A node with two equations.",
        "input x\noutput f\nf = x\nf = 2*x\n",
        "input x\noutput f\nf = x + 2*x\n",
    ),
    Code(
        "equation-and-arrow",
        "A node with an equation and an arrow into it.",
        "input x\noutput f\nf = x\nx -> f : 2\n",
        "input x\noutput f\nx -> f : 3\n",
    ),
    Code(
        "two-activations",
        "A node with an equation and an activation in its declaration.",
        "input x\noutput f : step\nf = x - 1\n",
        "input x\noutput f\nf = step(x - 1)\n",
    ),
    Code(
        "equation-of-input",
        "An equation of an input or a target.",
        "input x, z\noutput f\nz = x\nf = z\n",
        "input x\noutput f\nz = x\nf = z\n",
    ),
    Code(
        "activated-input",
        "An activation of an input or a target.",
        "input x : tanh\noutput f\nf = x\n",
        "input x\noutput f\nf = tanh(x)\n",
    ),
    Code(
        "indexed-equation",
        "An equation of a part of a node.",
        "input x\noutput f\nh[1] = 2*x\nf = x\n",
        "input x\noutput f\nh = 2*x\nf = h\n",
    ),
    Code(
        "not-an-activation",
        "A function of several nodes after a declaration's `:`.",
        "input x\noutput f : max\nx -> f : 1\n",
        "input x\noutput f\nf = max(x, 0)\n",
    ),
    Code(
        "needs-a-vector",
        "A function of a vector, given a scalar.",
        "input x\noutput p : softmax\nx -> p : 1\n",
        "input x\noutput p[2] : softmax\nx -> p : ~\n",
    ),
    Code(
        "needs-a-number",
        "Something else where a number is needed.",
        "input x\noutput f : leaky_relu(x)\nx -> f : 1\n",
        "input x\noutput f : leaky_relu(0.1)\nx -> f : 1\n",
    ),
    Code(
        "wrong-arguments",
        "Arguments that a function does not take.",
        "input x, z\noutput f\nf = tanh(x, z)\n",
        "input x, z\noutput f\nf = tanh(x + z)\n",
    ),
    Code(
        "matrix-product",
        "A product `@` of what has none.",
        "input x\nweight w ~ 0\noutput f\nf = w @ x\n",
        "input x\nweight w ~ 0\noutput f\nf = w*x\n",
    ),
    Code(
        "division-by-zero",
        "A division by the number 0.",
        "input x\noutput f\nf = x/0\n",
        "input x\noutput f\nf = x/2\n",
    ),
    Code(
        "not-a-number",
        "A number that is not finite, or a word among numbers.",
        "input x\noutput f\nf = x + log(0)\n",
        "input x\noutput f\nf = x + log(2)\n",
    ),
)

_LOSSES = (
    Code(
        "loss-equation",
        "`loss = …`, where no node is called `loss`.",
        _LINE + "target y\nloss = mse(f, y)\n",
        _LINE + "target y\nloss mse(f, y)\n",
    ),
    Code(
        "second-loss",
        "A second loss.",
        _LEARNT + "loss mae(f, y)\n",
        _LEARNT.replace("mse(f, y)", "mse(f, y) + mae(f, y)"),
    ),
    Code(
        "loss-not-scalar",
        "A loss that is not one number.",
        "input x[2]\ntarget y[2]\noutput f[2]\nf = x\nloss (f - y)^2\n",
        "input x[2]\ntarget y[2]\noutput f[2]\nf = x\nloss sum((f - y)^2)\n",
    ),
    Code(
        "loss-outside",
        "A loss outside the loss.",
        _LINE + "target y\ne = mse(f, y)\n",
        _LINE + "target y\nloss mse(f, y)\n",
    ),
    Code(
        "loss-needs-excitation",
        "A loss of excitations whose first argument has not the function that it needs.",
        _LEARNT.replace("mse", "cross_entropy"),
        _LEARNT.replace("mse", "cross_entropy").replace("output f", "output f : logistic"),
    ),
    Code(
        "swapped-arguments",
        "A loss of excitations with the target first.",
        _LEARNT.replace("mse(f, y)", "cross_entropy(y, f)").replace("output f", "output f : logistic"),
        _LEARNT.replace("mse", "cross_entropy").replace("output f", "output f : logistic"),
    ),
    Code(
        "sse-inside",
        "`sse`, which adds up over the batch, inside another function.",
        _LEARNT.replace("mse(f, y)", "log(sse(f, y))"),
        _LEARNT.replace("mse(f, y)", "log(mse(f, y))"),
    ),
    Code(
        "output-of-target",
        "An output that depends on a target.",
        "input x\ntarget y\noutput f\nf = x - y\n",
        "input x\ntarget y\noutput f\nf = x\ne = f - y\nloss e^2\n",
    ),
)

_DATA = (
    Code(
        "second-data",
        "More data than one `data`, or one each of `data train` and `data test`.",
        _LINE + 'data "a.csv"\ndata "b.csv"\n',
        _LINE + 'data train "a.csv"\ndata test "b.csv"\n',
    ),
    Code("bad-file", "A file without a name.", _LINE + 'data ""\n', _LINE + 'data "a.csv"\n'),
    Code(
        "unknown-column",
        "A column that belongs to no node.",
        _LINE + "data { x z ; 1 2 }\n",
        _LINE + "data { x f ; 1 1 }\n",
    ),
    Code(
        "missing-column",
        "An input or target without a column.",
        _LINE + "data { f ; 1 }\n",
        _LINE + "data { x f ; 1 1 }\n",
    ),
    Code("duplicate-column", "Two columns of one value.", _LINE + "data { x x ; 1 1 }\n", _LINE + "data { x ; 1 }\n"),
    Code(
        "ambiguous-column",
        "A column that two nodes may have.",
        "index c = a, b\ninput x[c], z[c]\noutput f\nx, z -> f : ~\ndata { a x[b] z ; 1 2 b }\n",
        "index c = a, b\ninput x[c], z[c]\noutput f\nx, z -> f : ~\ndata { x[a] x[b] z ; 1 2 b }\n",
    ),
    Code(
        "bad-column",
        "Data for what takes none.",
        _LINE + "weight w = 1\ndata { w = 2 ; x = linspace(0, 1, 3) }\n",
        _LINE + "data { w = 2 ; x = linspace(0, w, 3) }\n",
    ),
    Code(
        "wrong-side",
        "A column on the wrong side of the bar.",
        _LINE + "data { f | x ; 1 | 1 }\n",
        _LINE + "data { x | f ; 1 | 1 }\n",
    ),
    Code(
        "not-a-class",
        "A value that is no class of its node.",
        "input x[2]\noutput f\nx -> f : 1\ndata { x ; 0 }\n",
        "input x[0..1]\noutput f\nx -> f : 1\ndata { x ; 0 }\n",
    ),
    Code(
        "not-a-distribution",
        "A target of `cross_entropy` that does not sum to 1, or of `binary_cross_entropy` that is not from 0 to 1.",
        _LEARNT.replace("mse", "binary_cross_entropy").replace("output f", "output f : logistic")
        + "data { x | y ; 1 | 2 }\n",
        _LEARNT.replace("mse", "binary_cross_entropy").replace("output f", "output f : logistic")
        + "data { x | y ; 1 | 0.5 }\n",
    ),
    Code("second-train", "A second `train`.", _LEARNT + "train gd()\ntrain sgd()\n", _LEARNT + "train gd()\n"),
    Code(
        "train-without-loss",
        "`train` in a diagram without a loss.",
        "input x\noutput f\nx -> f : ~\ntrain gd()\n",
        _LEARNT + "train gd()\n",
    ),
    Code(
        "unknown-method",
        "A way to learn that flowc does not have.",
        _LEARNT + "train sdg()\n",
        _LEARNT + "train sgd()\n",
    ),
    Code(
        "unknown-setting",
        "A setting that the method does not have.",
        _LEARNT + "train sgd(lr=0.1)\n",
        _LEARNT + "train sgd(rate=0.1)\n",
    ),
    Code(
        "bad-training", "A setting out of its range.", _LEARNT + "train sgd(rate=-1)\n", _LEARNT + "train sgd(rate=1)\n"
    ),
)

_WARNINGS = (
    Code(
        "unused-input",
        "An input or target that nothing uses.",
        "input x, z\noutput f\nf = x\n",
        "input x, z\noutput f\nf = x + z\n",
    ),
    Code(
        "unused-weight",
        "A weight that nothing uses.",
        _LINE + "weight w ~ 0\n",
        "input x\noutput f\nweight w ~ 0\nf = w*x\n",
    ),
    Code(
        "unreachable",
        "A node that leads to no output and not to the loss.",
        _LINE + "h = tanh(x)\n",
        "input x\noutput f\nf = tanh(h)\nh = tanh(x)\n",
    ),
    Code("no-output", "A diagram without an output.", "input x\nh = x\n", "input x\noutput h\nh = x\n"),
    Code(
        "constant-output",
        "An output that depends on no input.",
        _LINE + "output g\ng = 3\n",
        _LINE + "output g\ng = 3*x\n",
    ),
    Code(
        "data-left-out",
        "A table or formulas that do not fit a size which was set; other data may be given.",
        "index D = 2\n" + _SIZED + "data {\n  x1 x2\n  1  2\n}\n",
        "index D = 2\n" + _SIZED + 'data "rows.csv"\n',
        settings=(("D", 3),),
    ),
    Code(
        "loss-without-weights",
        "A loss to which no weight that is learnt leads.",
        _LEARNT.replace("output f", "output f, g").replace("loss mse(f, y)", "x -> g : 1\nloss mse(g, y)"),
        _LEARNT,
    ),
    Code(
        "cannot-learn",
        "A learnt weight behind a step, so that its gradient is always 0.",
        _LEARNT.replace("output f", "output f : step"),
        _LEARNT.replace("output f", "output f : logistic"),
    ),
)

CODES: tuple[Code, ...] = (*_NAMES, *_SIZES, *_ARROWS, *_EQUATIONS, *_LOSSES, *_DATA, *_WARNINGS)
