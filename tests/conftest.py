"""What all tests share: a text is parsed once, however many commands, ways and backends it is handed to; programs are verified
after every pass; every process has one thread, as there is one for each core."""

import gc
import os
from functools import lru_cache

os.environ |= {name: os.environ.get(name, "1") for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}  # before numpy

import pytest

from flowc.program.passes import passes
from flowc.syntax import parser

LONG = 50_000  # letters; the trees of longer texts are not kept
READ = parser._read_tree
SHORT = lru_cache(maxsize=64)(READ)


def pytest_collection_finish():
    """What has been imported and collected stays to the end: it is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()


def remembered(source):
    tree, problems = (SHORT if len(source.text) < LONG else READ)(source)
    return tree, [*problems]  # which the parser sorts in place


@pytest.fixture(scope="module", autouse=True)
def parsed_once(request):
    """But for tests of the parser itself."""
    with pytest.MonkeyPatch.context() as patch:
        if "syntax" not in request.path.parts:
            patch.setattr(parser, "_read_tree", remembered)
        yield


@pytest.fixture(scope="session", autouse=True)
def every_pass_verified():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passes, "watched", lambda: True)
        yield
