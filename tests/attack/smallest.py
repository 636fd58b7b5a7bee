"""The least input that fails in the same way."""

import time
from collections.abc import Iterator
from dataclasses import replace

from tests.attack.judge import Attempt, judged

SECONDS = 20  # of processor time at most


def smallest(attempt: Attempt, wrong: str) -> Attempt:
    """Takes away words, files, lines and characters as long as the same is wrong."""
    end = time.process_time() + SECONDS
    while time.process_time() < end:
        smaller = next((o for o in _smaller(attempt) if time.process_time() < end and judged(o).wrong == wrong), None)
        if smaller is None:
            break
        attempt = smaller
    return attempt


def _smaller(attempt: Attempt) -> Iterator[Attempt]:
    words, files = attempt.words, attempt.files
    for size in (2, 1):
        for place in range(1, len(words) - size + 1):
            yield replace(attempt, words=words[:place] + words[place + size :])
    for name in files:
        yield replace(attempt, files={other: data for other, data in files.items() if other != name})
    for name, data in files.items():
        for less in _shorter(data, b"\n") if b"\0" not in data else ():
            yield replace(attempt, files={**files, name: less})
    for name, data in files.items():
        for less in _cut(data) if b"\0" not in data else ():
            yield replace(attempt, files={**files, name: less})


def _shorter(data: bytes, mark: bytes) -> Iterator[bytes]:
    """Without some lines, first of many."""
    lines = data.split(mark)
    size = len(lines) // 2
    while size:
        for place in range(0, len(lines), size):
            yield mark.join(lines[:place] + lines[place + size :])
        size //= 2


def _cut(data: bytes) -> Iterator[bytes]:
    """Without some bytes, first without many."""
    size = len(data) // 2
    while size:
        for place in range(0, len(data), size):
            yield data[:place] + data[place + size :]
        size //= 2


