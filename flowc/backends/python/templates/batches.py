"""The tokens of each step: functions that scripts have, each as `batches`."""

import random

__all__ = ["InOrder", "Replaced", "Shuffled"]


class Shuffled:
    def batches(tokens, size, seed):
        """The tokens of each step, a batch; each epoch is shuffled anew."""
        stream = random.Random(f"{seed}/order")
        order, waiting = list(range(tokens)), []
        while True:
            if len(waiting) < size:
                for last in range(tokens - 1, 0, -1):  # by Fisher and Yates
                    chosen = int(stream.random() * (last + 1))
                    order[last], order[chosen] = order[chosen], order[last]
                waiting += order
            yield waiting[:size]
            del waiting[:size]


class InOrder:
    def batches(tokens, size):
        """The tokens of each step, a batch, in the order of the data."""
        waiting = []
        while True:
            if len(waiting) < size:
                waiting += range(tokens)
            yield waiting[:size]
            del waiting[:size]


class Replaced:
    def batches(tokens, size, seed):
        """The tokens of each step, drawn among all."""
        stream = random.Random(f"{seed}/order")
        while True:
            yield [int(stream.random() * tokens) for _ in range(size)]
