"""Which tokens a step takes."""

import random
from itertools import islice

from flowc.learning.order import batches, shuffled, steps_of


def first(count: int, *arguments, **named) -> list[list[int]]:
    return [list(batch) for batch in islice(batches(*arguments, **named), count)]


def test_an_epoch_takes_every_token_once_and_the_last_batch_is_smaller() -> None:
    epoch = first(3, 7, 3, 0)
    assert [len(b) for b in epoch] == [3, 3, 1]
    assert sorted(token for batch in epoch for token in batch) == list(range(7))
    again = first(6, 7, 3, 0)
    assert again[:3] == epoch and again[3:] != epoch
    assert first(3, 7, 3, 1) != epoch


def test_all_at_once_keeps_its_order() -> None:
    assert first(2, 4, 4, 0) == [[0, 1, 2, 3]] * 2
    assert first(4, 5, 3, 0, in_order=True) == [[0, 1, 2], [3, 4]] * 2


def test_with_replacement() -> None:
    stream = random.Random("3/order")
    assert first(2, 5, 4, 3, replace=True) == [[int(stream.random() * 5) for _ in range(4)] for _ in range(2)]


def test_the_shuffle_is_written_down() -> None:
    """Worked by hand: the last place is exchanged with place int(0.5 * 4) = 2, then place 2 with int(0 * 3), ..."""

    class Stream:
        numbers = iter([0.5, 0.0, 0.99])

        def random(self) -> float:
            return next(self.numbers)

    assert shuffled(range(4), Stream()) == [3, 1, 0, 2]


def test_every_order_is_as_likely() -> None:
    stream = random.Random(0)
    counts: dict[tuple[int, ...], int] = {}
    for _ in range(6000):
        order = tuple(shuffled(range(3), stream))
        counts[order] = counts.get(order, 0) + 1
    assert len(counts) == 6 and all(abs(n - 1000) < 150 for n in counts.values())


def test_epochs() -> None:
    assert steps_of(3, 7, 3) == 9 and steps_of(1, 6, 3) == 2
