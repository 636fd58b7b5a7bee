"""Gradients by a tape, in numpy: what is computed keeps what it was computed from."""

from contextlib import contextmanager

import numpy as np

from flowc.backends.numpy.templates.helpers import others

# What a file decides: whether an exponent is a tensor, whether vectors are multiplied with matrices; which weights the loss feels.
EXPONENTS = VECTORS = FELT = True
SUM_AXES = MEAN_AXES = NUMBERS = True  # what is along some axes, and of a token all values are numbers
axis, keepdims = None, False
samples = SAMPLES = ()
NAME, RATE = "", 0.1
FIRST = GRADIENT = max

# What the file has besides.
initial_weights = dict
loss = max


class Tensor:
    """A value that answers for its own gradient: it saves its sources."""

    __array_ufunc__ = None  # array * tensor is the tensor's to compute
    saving = True  # see `no_grad`

    def __init__(self, value, saved_tensors=()):
        self.value = value
        self.grad = None  # of the loss, by this tensor
        self.saved_tensors = saved_tensors

    def backward(self):
        """Goes back over the tape, where each tensor hands its gradient on."""
        self.add_gradient(np.ones_like(self.value))  # dL/dL
        while tape:
            tensor = tape.pop()
            if tensor.grad is not None:
                for source, hand_on in tensor.saved_tensors:
                    source.add_gradient(hand_on(tensor.grad))

    def add_gradient(self, d):
        """Adds d to `grad`; of a value that was repeated, the sum of all."""
        shape = np.shape(self.value)
        d = np.broadcast_to(d, np.broadcast_shapes(np.shape(d), shape))
        if NUMBERS:
            if d.ndim > len(shape):  # of a number for all tokens
                d = d.sum()
        else:
            fewer = d.ndim - len(shape)
            copies = [
                k for k in range(d.ndim) if k < fewer or shape[k - fewer] == 1
            ]
            d = d.sum(axis=tuple(copies)).reshape(shape)
        self.grad = d if self.grad is None else self.grad + d

    def __add__(self, other):
        a, b = self.value, array_of(other)
        return save(a + b, (self, lambda d: d), (other, lambda d: d))

    def __radd__(self, other):
        return save(other + self.value, (self, lambda d: d))

    def __sub__(self, other):
        a, b = self.value, array_of(other)
        return save(a - b, (self, lambda d: d), (other, lambda d: -d))

    def __rsub__(self, other):
        return save(other - self.value, (self, lambda d: -d))

    def __isub__(self, other):
        if Tensor.saving:
            return self - other
        self.value = self.value - other
        return self

    def __mul__(self, other):
        a, b = self.value, array_of(other)
        return save(a * b, (self, lambda d: d * b), (other, lambda d: d * a))

    def __rmul__(self, other):
        return save(other * self.value, (self, lambda d: d * other))

    def __truediv__(self, other):
        a, b = self.value, array_of(other)
        h = a / b
        return save(h, (self, lambda d: d / b), (other, lambda d: -(d * h / b)))

    def __rtruediv__(self, other):
        h = other / self.value
        return save(h, (self, lambda d: -(d * h / self.value)))

    def __pow__(self, n):
        if EXPONENTS:
            a, b = self.value, array_of(n)
            h = a**b

            def to_n(d):
                return d * h * np.log(np.where(a == 0, 1, a))

            return save(h, (self, lambda d: d * b * a ** (b - 1)), (n, to_n))
        else:
            x = self.value
            return save(x**n, (self, lambda d: d * n * x ** (n - 1)))

    def __rpow__(self, other):
        h = other**self.value
        slope = np.log(np.where(other == 0, 1, other))
        return save(h, (self, lambda d: d * h * slope))

    def __neg__(self):
        return save(-self.value, (self, lambda d: -d))

    def __matmul__(self, other):
        if VECTORS:
            return product(self, other)
        else:
            a, b = self.value, array_of(other)
            return save(
                a @ b, (self, lambda d: d @ b.T), (other, lambda d: a.T @ d)
            )

    def __rmatmul__(self, other):
        if VECTORS:
            return product(other, self)
        else:
            return save(other @ self.value, (self, lambda d: other.T @ d))

    def __gt__(self, other):
        return self.value > array_of(other)

    def __ge__(self, other):
        return self.value >= array_of(other)

    def __lt__(self, other):
        return self.value < array_of(other)

    def __le__(self, other):
        return self.value <= array_of(other)

    def __eq__(self, other):
        return self.value == array_of(other)

    def __getitem__(self, index):
        def hand_on(d):
            zeros = np.zeros_like(self.value)
            zeros[index] = d
            return zeros

        return save(self.value[index], (self, hand_on))

    @property
    def T(self):
        return save(self.value.T, (self, lambda d: d.T))

    def reshape(self, *shape):
        h = self.value.reshape(*shape)
        return save(h, (self, lambda d: d.reshape(self.value.shape)))

    def sum(self, OF_SUM):
        if SUM_AXES:
            h = self.value.sum(axis=axis, keepdims=keepdims)
            lost = () if axis is None or keepdims else axis
            return save(h, (self, lambda d: np.expand_dims(d, lost)))
        else:
            return save(self.value.sum(), (self, lambda d: d))

    def mean(self, OF_MEAN):
        if MEAN_AXES:
            h = self.value.mean(axis=axis, keepdims=keepdims)
            lost = () if axis is None or keepdims else axis
            share = self.value.size / h.size
            return save(h, (self, lambda d: np.expand_dims(d / share, lost)))
        else:
            n = self.value.size
            return save(self.value.mean(), (self, lambda d: d / n))

    def max(self, axis):
        def hand_on(d):
            x = self.value
            first = x.argmax(axis=axis, keepdims=True)
            return d[..., None] * (np.arange(x.shape[-1]) == first)

        return save(self.value.max(axis=axis), (self, hand_on))

    def prod(self, axis):
        h = self.value.prod(axis=axis)
        return save(h, (self, lambda d: d[..., None] * others(self.value)))


tape = []  # the tensors that were made of others, in this order


def save(value, *sources):
    """A tensor on the tape, each source with its way back; of arrays none."""
    tensors = [pair for pair in sources if isinstance(pair[0], Tensor)]
    if not tensors:
        return value
    if not Tensor.saving:
        return Tensor(value)
    tape.append(Tensor(value, tensors))
    return tape[-1]


def array_of(x):
    """The value of a tensor; anything else is one."""
    return x.value if isinstance(x, Tensor) else x


@contextmanager
def no_grad():
    """Within it nothing is saved: no way leads back."""
    Tensor.saving = False
    try:
        yield
    finally:
        Tensor.saving = True


def product(x, y):
    """x @ y, of matrices and vectors."""
    a, b = array_of(x), array_of(y)

    def to_x(d):
        return d @ b.T if b.ndim == 2 else np.multiply.outer(d, b)

    def to_y(d):
        return a.T @ d if a.ndim == 2 else np.multiply.outer(a, d)

    return save(a @ b, (x, to_x), (y, to_y))


def einsum(letters, *factors):
    """np.einsum: what it sums over, the way back repeats."""
    arrays = [array_of(x) for x in factors]
    *inside, result = letters.replace("->", ",").split(",")

    def way_to(k):
        here = inside[k]
        back = ",".join([result, *inside[:k], *inside[k + 1 :], here])
        others = [*arrays[:k], *arrays[k + 1 :], np.ones_like(arrays[k])]
        return lambda d: np.einsum(f"{back}->{here}", d, *others)

    ways = map(way_to, range(len(factors)))
    return save(np.einsum(letters, *arrays), *zip(factors, ways))


def where(condition, x, y):
    """x where the condition holds, else y; what is not chosen gets 0."""
    h = np.where(condition, array_of(x), array_of(y))
    to_x = (x, lambda d: np.where(condition, d, 0))
    return save(h, to_x, (y, lambda d: np.where(condition, 0, d)))


def stack(parts):
    """Values side by side: a vector of every token."""
    h = np.stack(np.broadcast_arrays(*map(array_of, parts)), axis=-1)
    ways = [lambda d, k=k: d[..., k] for k in range(len(parts))]
    return save(h, *zip(parts, ways))


def repeat(x, shape):
    """x in every place of a shape."""
    return save(np.broadcast_to(array_of(x), shape), (x, lambda d: d))


def place(x, shape, index):
    """Zeros of this shape, with x at this index."""
    h = np.zeros(shape, np.result_type(array_of(x)))
    h[index] = array_of(x)
    return save(h, (x, lambda d: d[index]))


def expm1(x):
    """exp(x) - 1"""
    h = np.expm1(array_of(x))
    return save(h, (x, lambda d: d * (h + 1)))


def log1p(x):
    """ln(1 + x)"""
    xi = array_of(x)
    return save(np.log1p(xi), (x, lambda d: d / (1 + xi)))


def gradient_of(tensor):
    """Its gradient: zeros, where none came back to it."""
    if tensor.grad is None:
        return np.zeros_like(tensor.value)
    return tensor.grad


def gradients_by_tape(*samples, **weights):
    """The loss, and its derivative for every weight, by the tape."""
    tensors = {name: Tensor(w) for name, w in weights.items()}
    L = loss(*samples, **tensors)
    if FELT:
        L.backward()
        return L.value, {name: GRADIENT(w) for name, w in tensors.items()}
    else:
        # the loss does not feel any weight
        return array_of(L), {name: GRADIENT(w) for name, w in tensors.items()}


def mistakes():
    """Easily made: gradients are not zeroed, and steps downhill are saved."""
    SAMPLES
    weights = {name: Tensor(w) for name, w in initial_weights().items()}
    w = weights[NAME]
    loss(*samples, **weights).backward()
    print(f"backward once, and the gradient is {FIRST(w.grad):.4g}")
    loss(*samples, **weights).backward()
    print(f"twice, and it was added to the old: {FIRST(w.grad):.4g}")
    w.grad = None  # zeroed
    loss(*samples, **weights).backward()
    print(f"zeroed before, it is {FIRST(w.grad):.4g}")

    down = RATE * w.grad
    w = w - down
    print(f"a step downhill leaves {len(tape)} on the tape")
    tape.clear()
    with no_grad():
        w = w - down
    print(f"within no_grad() it leaves {len(tape)}")
