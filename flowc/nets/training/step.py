"""A net that learns: the loss and its gradients for some tokens, in the arrays of its library and on its device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from flowc.learning.loop import Descent, descent_by
from flowc.learning.method import Method
from flowc.nets.net import Net
from flowc.nets.training.native import native_descent

Array = np.ndarray


class Learner:
    """`data`: inputs and targets by name, (n, *shape); they are moved to the library once.

    Raises ValueError where the diagram has no loss, or learns nothing.
    """

    def __init__(self, net: Net, data: Mapping[str, Array]):
        self.library, self._net = net.library, net
        self._values = net.training()
        self._data = {name: self.library.own_array(array) for name, array in data.items()}
        self._fixed = {name: self.library.own_array(array) for name, array in net.fixed.items()}

    def descent(self, method: Method) -> Descent:
        """How steps are taken: many at once, where the backend has that, else one by one."""
        return native_descent(self._net, method, self._data) or descent_by(method, self.slopes, self.library.sqrt)

    def own_arrays(self, weights: Mapping[str, Array]) -> dict[str, Any]:
        return {name: self.library.own_array(w) for name, w in weights.items()}

    def numpy_arrays(self, weights: Mapping[str, Any]) -> dict[str, Array]:
        return {name: self.library.numpy_array(w) for name, w in weights.items()}

    def slopes(self, weights: Mapping[str, Any], tokens: Sequence[int]) -> tuple[float, dict[str, Any]]:
        """The loss of these tokens, and its gradients."""
        some = slice(tokens.start, tokens.stop) if isinstance(tokens, range) else tokens
        batch = {name: array[some] for name, array in self._data.items()}
        with np.errstate(all="ignore"):  # what is not finite is reported at its line
            results = self._values(**batch, **weights, **self._fixed)
        return float(results.pop("")), results
