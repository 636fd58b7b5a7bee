"""A small diagram for every construct of docs/language.md."""

CONSTRUCTS = {
    "the transpose of what has one axis, or none": (
        "input x[2]\ntarget y[2]\noutput f[2]\nweight w[2] ~, a ~\nf = (square(w*x) + 0.5)^T + [1, 2]^T + a^T\nloss mse(f, y)\n"
    ),
    "a list of nodes is one vector": "input x1, x2\noutput h1, h2\nx1, x2 -> h1, h2 : [[1, 2], [3, 4]]\n",
    "a matrix of numbers": "input x[2]\noutput h[3]\nx -> h : [[1, 2], [3, 4], [5, 6]]\n",
    "a weight turned and multiplied": "input x[2]\noutput h[3]\nweight W[2, 3] ~\nx -> h : -2*W^T/3\n",
    "a chain of fresh weights": "input x[2]\nnode h[3] : tanh\noutput f\nx -> h -> f : ~\n",
    "a weight that a chain shares": "input x[2]\nnode h[2] : tanh\noutput f[2]\nweight W[2, 2] ~\nx -> h -> f : W\n",
    "a fresh weight with a name, used again": (
        "input x[2]\ntarget y\noutput f\nx -> f : V ~ normal(0, 1)\n1 -> f : b = 0.35\nloss mse(f, y) + sum(V^2) + b\n"
    ),
    "a bias of each element": "input x[2]\noutput h[2]\nx[i] -> h[i] : 1\n1 -> h : b ~\n",
    "a bias that all elements share": "input x[2]\noutput h[2]\nx[i] -> h[i] : 1\n1 -> h[i] : b ~\n",
    "one to one": "input x[0..2]\noutput h[0..2]\nx[i] -> h[i] : w[i] ~\n",
    "one to one, a fresh weight each": "input x[3]\noutput h[3]\nx[i] -> h[i] : ~\n",
    "all to all": "input x[2]\noutput h[3]\nx[i] -> h[j] : w[j, i] ~\n",
    "all to all, turned": "input x[2]\noutput h[3]\nx[i] -> h[j] : w[i, j] ~\n",
    "a grid summed along one axis": "input x[2, 3]\noutput h[2]\nx[i, j] -> h[i] : w[j] ~\n",
    "a grid summed along one axis, fresh": "input x[2, 3]\noutput h[2]\nx[i, j] -> h[i] : ~\n",
    "a column of a grid": "input x[2, 3]\noutput h[2]\nx[i, 2] -> h[i] : ~\n",
    "a run and a variable": "input x[2, 3]\noutput h[2]\nx[i, 2..3] -> h[i] : ~\n",
    "a grid into a vector": "input x[2, 3]\noutput h[2]\nx -> h : ~\n",
    "a vector into a grid": "input x[2]\noutput h[2, 3]\nx -> h : W ~\n",
    "elements and runs": "input x[4], z\noutput f\nx[1], x[2..3] -> f : -1\nx[4], z -> f : ~\n",
    "a run of sources": "input x[4]\noutput h[2]\nx[2..4] -> h : ~\n",
    "elements by name": (
        'index K = cat, dog, "guinea pig"\ninput x[K]\noutput h[K]\nx[cat..dog] -> h["guinea pig"] : ~\n'
        "x[cat] -> h[cat] : ~\nx -> h[dog] : w ~\n"
    ),
    "names with marks": "input x̂\nindex K = a-b, c\noutput ŷ[K]\nx̂ -> ŷ : ~\n1 -> ŷ[c] : ~\n".replace("a-b", '"a-b"'),
    "negative numbers as indices": "input x[-1..1]\noutput f\nx[-1], x[0..1] -> f : ~\n",
    "two lists": "input x[2], z\noutput h[2], g\nx, z, 1 -> h, g : ~\n",
    "several arrows into one node": "input x[2], z\noutput f\nx -> f : ~\nz -> f : 2\n1 -> f : -1\n",
    "a name that a fresh weight would have": "input x, w_f_x\noutput f\nx, w_f_x -> f : ~\n",
    "an activation with a number": "input x\noutput f, g : leaky_relu(0.2), h : elu(alpha=2)\nx -> f, g, h : -1\n",
    "a sum with factors": "input x1, x2\noutput f\nweight w ~, v\nf = w*(x1 + x2) - 1 + v*x1 + w*x1/2\n",
    "powers from the right": "input x\noutput f\nf = 2^-1 - x^2^0 + -x^2 + (x + 3)^1.5\n",
    "a power called T": "input x\noutput f\nweight T = 2\nf = x^(T)\n",
    "an exponent that is a node": "input x\noutput f\nf = (x^2 + 1)^x\n",
    "a vector of weights times matrices": (
        "input x[2]\ntarget y\noutput f\nweight w[2] ~, U[2, 2] ~, V[2, 3] ~, u[3] ~\nf = w @ U^T @ U @ x + w @ U @ V @ u + sum(w @ U @ V)\nloss mse(f, y)\n"
    ),
    "matrix products": "input x[2]\noutput f\nweight W[3, 2] ~, U[3] ~\nf = U @ (W @ x) + x @ x + x @ W^T @ U\n",
    "elements and rows in equations": "input x[2, 3], z[0..2]\noutput f\nf = x[2, 1] + sum(x[1]*z) + z[0]\n",
    "runs in equations": "input x[0..3]\noutput f\nh = x[1..2]\nf = h[1]*x[3] + sum(x[0..1]^2)\n",
    "names that a sum takes from its first vector": "input x[0..1], z[2]\noutput f\nh = x + z\ng = z + x\nf = h[0]*g[1]\n",
    "names that a product takes from what does not count from 1": (
        "index K = cat, dog\ninput x[0..1], z[K]\noutput f\nweight w[2] ~, v[5..6] ~\nh = w*x + [1, 2]\ng = x/(1 + w^2)*v\n"
        "k = max(w*w, z)\nf = h[0]*g[1] + k[cat]\n"
    ),
    "lists as vectors": "input a, b\noutput f\nf = sum(softmax([a, b, 2*a])*[1, 2, 3]) + max([a, b, 1])\n",
    "several arguments, and elements": (
        "input x[3], z[3]\noutput f[3], g\nf = max(x, z, 0) + min(x, 2*z)*product(x, z, x)\ng = max(x)*min(z) + product(z)\n"
    ),
    "numbers with anything": "input x[2]\noutput f[2]\nf = 1/(x^2 + 1) + 2^x - x/sqrt(2) + exp(1)*pi\n",
    "a constant vector": "input x[3]\noutput f\nnode h0[3]\nh0 = 0.5\nf = x @ h0\n",
    "a node called pi, and functions' names": "input pi, exp\noutput f\nf = pi*exp + exp(exp)\n",
    "an excitation's name": "input x1, x2\noutput h1\nxi1 = 0.5 - x1 - x2\nh1 = logistic(xi1)\n",
    "a node of a weight and a number": "input x\ntarget y\noutput f\nweight a ~ 1\nc = 2*a + 1\nf = c*x\nloss mse(f, y)\n",
    "a fixed number with one element": "input x[1]\noutput f\nweight W[1, 1] = 2\nf = sum(W @ x)\n",
    "softmax over the last index": "input x[2, 3]\noutput p[2, 3]\np = softmax(x)*log_softmax(x)\n",
    "functions of functions": "input x\noutput f\nf = gelu(silu(softplus(x)) + relu(x) - abs(sin(x)*cos(x)))\n",
    "mean squares": "input x[2]\ntarget y[2]\noutput f[2] : tanh\nx -> f : ~\nloss L = mse(f, y)\n",
    "sums over the batch, and penalties": (
        "input x\ntarget y, z\noutput f\nweight w ~\nf = w*x\nloss 0.5*sse(f, y) + 1e-3*w^2 - 2*mae(f, z)/3 + w\n"
    ),
    "an error node": "input x\ntarget y\noutput f\nweight w ~\nf = w*x\ne = f - y\nloss e^2 + sum([e, 1]^2)\n",
    "cross-entropy": "input x[2]\ntarget y[3]\noutput p[3] : softmax\nx -> p : ~\nloss cross_entropy(p, y)\n",
    "cross-entropy of one yes or no": "input x[2]\ntarget y\noutput p\np = logistic(x @ x)\nloss cross_entropy(p, y)\n",
    "cross-entropy of an equation": (
        "input x[3]\ntarget y[3]\noutput p[3]\nweight b[3] ~\nxi = x + b\np = softmax(xi)\nloss cross_entropy(p, y)\n"
    ),
    "binary cross-entropy": "input x[2]\ntarget y[3]\noutput p[3] : σ\nx -> p : ~\nloss bce(p, y)\n",
    "a perceptron": "input x[2]\ntarget y[3]\noutput f[3] : argmax\nx -> f : ~\nloss perceptron(f, y)\n",
    "a perceptron's step": "input x[2]\ntarget y\noutput f : step\nx, 1 -> f : ~\nloss perceptron(f, y)\n",
    "a hinge": "input x[2]\ntarget y[2]\noutput f[2]\nx -> f : ~\nloss hinge(f, y)\n",
    "a loss with a number": "input x\noutput f\nweight w ~\nf = w*x\nloss mse(f, 1)\n",
    "keywords as names": "input data, loss\nnode train[2] : tanh\noutput flow\ndata, loss -> train : index ~\nflow = 2*loss + sum(train)\n",
}
