"""What the tests here share: the texts, found writable once; and each diagram is parsed once for all ways that print it."""

from functools import lru_cache

import pytest

from flowc.syntax import parser
from tests.injection.diagrams import writable
from tests.injection.payloads import ALL, BASES, payloads

AT_ONCE = 40 if ALL else 80  # texts in one diagram


@pytest.fixture(scope="package")
def texts():
    found = writable(payloads() if ALL else BASES)
    assert len(found) > 300
    return [found[k : k + AT_ONCE] for k in range(0, len(found), AT_ONCE)]


@pytest.fixture(scope="package", autouse=True)
def parsed_once():
    read = lru_cache(maxsize=64)(parser._read)

    def remembered(source):
        tree, problems = read(source)
        return tree, [*problems]  # which the parser sorts in place

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parser, "_read", remembered)
        yield
