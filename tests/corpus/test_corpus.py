"""What flowc prints stays as it is, byte for byte: forty texts to be read, and the digests of all.

`python -m tests.corpus` writes both anew, after a change that was meant.
"""

import pytest

from tests.corpus.printing import HERE, PATHS, digests, printed
from tests.corpus.shown import GOLDEN, SHOWN, file_of


@pytest.mark.parametrize("diagram", PATHS)
def test_every_text_is_the_one_that_was_kept(diagram):
    assert digests(diagram).splitlines() == (HERE / f"digests/{diagram}.txt").read_text().splitlines()


@pytest.mark.parametrize("diagram, way", SHOWN)
def test_a_text_reads_as_it_did(diagram, way):
    assert printed(diagram)[way] == file_of(diagram, way).read_text(encoding="utf-8")


def test_every_file_is_held_to_something():
    assert {*GOLDEN.iterdir()} == {file_of(*text) for text in SHOWN}
    assert {path.stem for path in (HERE / "digests").iterdir()} == PATHS.keys()
    assert len(SHOWN) == 53
