"""Which tokens a step takes."""

import random
from itertools import islice

from flowc.learning.order import draw_batches, shuffle_tokens, steps_of


def first(count: int, *arguments, **named) -> list[list[int]]:
    return [list(batch) for batch in islice(draw_batches(*arguments, **named), count)]


def test_every_token_is_taken_once_before_one_is_taken_again() -> None:
    steps = first(7, 7, 3, 0)
    assert all(len(batch) == 3 for batch in steps)
    tokens = [token for batch in steps for token in batch]
    epochs = [tokens[:7], tokens[7:14], tokens[14:]]
    assert all(sorted(epoch) == list(range(7)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 3
    assert first(3, 7, 3, 1) != steps[:3]


def test_the_order_of_the_data() -> None:
    assert first(2, 4, 4, 0) == [[0, 1, 2, 3]] * 2
    assert first(4, 5, 3, 0, in_order=True) == [[0, 1, 2], [3, 4, 0], [1, 2, 3], [4, 0, 1]]


def test_with_replacement() -> None:
    stream = random.Random("3/order")
    assert first(2, 5, 4, 3, replace=True) == [[int(stream.random() * 5) for _ in range(4)] for _ in range(2)]


def test_the_shuffle_is_written_down() -> None:
    """Worked by hand: the last place is exchanged with place int(0.5 * 4) = 2, then place 2 with int(0 * 3), ..."""

    class Stream:
        numbers = iter([0.5, 0.0, 0.99])

        def random(self) -> float:
            return next(self.numbers)

    assert shuffle_tokens(range(4), Stream()) == [3, 1, 0, 2]


def test_every_order_is_as_likely() -> None:
    stream = random.Random(0)
    counts: dict[tuple[int, ...], int] = {}
    for _ in range(6000):
        order = tuple(shuffle_tokens(range(3), stream))
        counts[order] = counts.get(order, 0) + 1
    assert len(counts) == 6 and all(abs(n - 1000) < 150 for n in counts.values())


def test_epochs() -> None:
    assert steps_of(3, 7, 3) == 7 and steps_of(1, 6, 3) == 2 and steps_of(1, 7, 3) == 3
