"""A small diagram with a vector, a scalar and a class, and data for it."""

from functools import cache

import flowc
from flowc.data.dataset import Dataset
from flowc.data.read_data import from_file
from flowc.graph.files.access import Unreadable

BASE = """\
index class = cat, dog
input x[2], z
target y[class]
output p[class] : softmax
x, z -> p : ~
loss cross_entropy(p, y)
"""
GOOD = "x1,x2,z,y\n1,2,3,cat\n4,5,6,dog\n"


@cache
def network(text: str = BASE):
    return flowc.loads(text, "net.flow").network


def csv(text: str | bytes, name: str = "a.csv", targets: bool = True, flow: str = BASE) -> Dataset:
    return from_file(network(flow), name, text if isinstance(text, bytes) else text.encode(), targets)


def no_files(name: str) -> bytes:
    raise Unreadable("there is no such file")
