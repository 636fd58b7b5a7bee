"""Small diagrams that between them reach every step of the compiler; each fault must disturb one of them."""

from __future__ import annotations

from flowc.maths.functions import FUNCTIONS

CASES = (
    # scalars, named excitations, order of sums, every place of a bias
    """
input x1, x2
target y
output f
weight a ~ 0.3, b ~ 0.7, c ~ -0.2
xi1 = 0.5 - a*x1 - b*x2
h1 = logistic(xi1)
f = c*h1 + a*x2 + b - 0.25
loss mse(f, y)
""",
    # layers
    """
input x[2]
target y[2]
node h[2] : tanh
output f[2]
x -> h -> f : ~
1 -> h, f : ~
loss mse(f, y)
""",
    # a shared weight and its transpose
    """
input x[2]
node h[2] : tanh
output g[2]
weight W[2, 2] ~ normal(0, 1)
x -> h : W
h -> g : W^T
loss sse(g, x)
""",
    # literals, slices, elements, one to one, a scalar into a vector, parts of a node
    """
input x[3], z
target y[3]
node h[3] : silu
output f[3]
x -> h : [[1, 2, 0], [0.5, -1, 3], [0, 1, -2]]
z -> h : ~
x[i] -> f[i] : w[i] ~
h[1..2] -> f : V ~
z -> f[2] : 0.7
x[3] -> f[1] : v ~
loss mae(f, y)
""",
    # products, powers, quotients, functions inside
    """
input x, z
target y
output f
weight a, b, c ~ 0.6
f = a*x*z + b*x^3 / (z^2 + 1) - c*(x^2 + 1)^tanh(b*z) + 2^(a*x)
loss mse(f, y)
""",
    # a classifier, a penalty, two terms
    """
input x[3]
target t[3]
output p[3] : softmax
weight W[3, 3] ~ normal(0, 1)
x -> p : W
1 -> p : ~
loss cross_entropy(p, t) + 1e-1*sum(W^2)
""",
    # two classes
    """
input x[2]
target t
output p : logistic
x -> p : ~
1 -> p : ~
loss 2*binary_cross_entropy(p, t)
""",
    # perceptrons
    """
input x[2]
target t[3]
output p[3] : argmax
x -> p : ~
1 -> p : ~
loss perceptron(p, t)
""",
    """
input x[2]
target t
output p : step
x -> p : ~
loss perceptron(p, t)
""",
    # several, and over elements
    """
input x[3], z
target y
output f
weight W[3, 3] ~, a ~
h = W @ x
f = max(a*z, x[1], h[2]) + min(a*z, h[1]) + product(h) + sum(h) + 2*mean(h) + max(h) - min(h) + h @ x
loss mse(f, y)
""",
    # hinge, a list of scalars, an error node
    """
input x, z
target y
target v[2]
output f, g[2]
weight a, b ~ 0.4
f = a*x + b
g = relu([f, b*z])
e = g - v
loss hinge(f, y) + mean(e^2)
""",
    # grids
    """
input x[2, 2], z[2, 2]
target y[2]
output f[2]
node h[2, 2] : softplus
z[i, j] -> h[j, i] : 1
x -> h : ~
h -> f : ~
loss mse(f, y)
""",
    # scalars beside vectors, numbers over elements of a grid, a constant
    """
input x[2, 2], z
target y
output f
weight a ~
c = 3
f = a*product(x)*c + max(x)*z + sum(z*x) / 2
loss mse(f, y)
""",
    # what comes before a place, a quotient, a repetition, a grid's product
    """
input x[3], z
target y[3]
output f[3], g
node c[3]
weight a, b ~ 0.5, c0[3] ~
s = tanh(a*z)
r = b*s
c = c0
x[1..2] -> f[2..3] : V ~
s, r, c -> f : ~
g = tanh(a*z) / ((b*z)^2 + 1)
loss mse(f, y) + g^2
""",
    """
input x[2, 2]
target y
output f
weight a ~
g = tanh(a*x)
f = product(g) + max(g)
loss mse(f, y)
""",
    # ties, exactly
    """
input x[2]
output f[2], g, s
f = argmax(0*x)
g = step(0*x[1])
s = sign(0*x[2]) + step(x[1] - x[1])
""",
)

# What files of drawn arrays and of single numbers have besides: several layers, their biases, and each function's own way back.
CLASSES = (
    """
input x[3]
target t[2], y
node h[3] : relu, g[2] : logistic
output p[2] : softmax, f : tanh
weight W[3, 3] ~ normal(0, 1)
x -> h : W
1 -> h : ~
h -> g : ~
1 -> g : b ~
g -> p : [[1, 0.5], [-1, 2]]
1 -> p : ~
g -> f : ~
1 -> f : ~
loss cross_entropy(p, t) + mse(f, y) + 1e-1*sum(W^2)
""",
    """
input x, z
target y
output f
weight a, b ~ 0.4
h = logistic(a*x) - 0.5*z
f = max(h, b*z, x) + step(z) / 2 + product(x, z)*b + sum(x*[z, h])
loss mse(f, y)
""",
    """
input x[3], z
target y[3], t
output f[3], g
weight a ~ 0.5, V[2, 2] ~ 0.3
h = [1, 2, -1]*(a*[z, x[1], x[3]])
x[1..2] -> f[2..3] : V
h -> f : ~
g = max(h) - 2*product(h) + a*z
loss mse(f, y) + mse(g, t)
""",
)

# A threshold at which the order of a sum decides.
DECIDED = """
input a, b, c
output f, g
h = 0.3*a - 0.1*b - 0.2*c
f = step(h)
g = step(a + b - c)
"""


def activation_case(name: str) -> str:
    """One function alone between two weights."""
    if FUNCTIONS[name].kind == "vector":
        return f"input x[3]\ntarget y[3]\noutput f[3] : {name}\nx -> f : ~ 0.7\n1 -> f : b ~ 0.3\nloss mse(f, y)\n"
    inside = "a*x^2 + 0.3" if name in ("log", "sqrt") else "a*x + 0.3"
    return f"input x\ntarget y\noutput f\nweight a ~ 0.7\nf = {name}({inside})\nloss mse(f, y)\n"
