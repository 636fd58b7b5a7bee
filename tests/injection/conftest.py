"""The texts of the tests here, found writable once."""

import pytest

from tests.injection.diagrams import writable
from tests.injection.payloads import ALL, BASES, payloads

AT_ONCE = 40 if ALL else 80  # texts in one diagram


@pytest.fixture(scope="package")
def texts():
    found = writable(payloads() if ALL else BASES)
    assert len(found) > 300
    return [found[k : k + AT_ONCE] for k in range(0, len(found), AT_ONCE)]
