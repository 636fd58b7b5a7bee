"""The numpy backend: functions on arrays, gradients written out. It knows nothing of torch."""

from flowc.backends.numpy.backend import NumpyBackend

__all__ = ["NumpyBackend"]
