"""What is mutated: folders of a diagram and the files beside it, valid ones and others."""

import io
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from tests.attack.judge import Attempt, judged
from tests.oracle.constructs import CONSTRUCTS

ROOT = Path(__file__).parents[2]
DIAGRAM = "net.flow"
LENGTH = re.compile(r"\b((?:steps|epochs)\s*=\s*)\d[\d_.e+]*")  # of learning, which takes what it takes
LISTED = '''nodes "nodes.csv"
edges "edges.csv"
target y
loss mse(f, y)
data train "data.csv"
data test "held.csv"
train sgd(rate=0.1, steps=2, batch=1)
'''
VECTORS = '''index i = 1..4
index k = cat, dog, owl
input x[2]
target y[k]
node h[i] : tanh
output f[k] : softmax
x -> h : V ~ normal(0, 0.5)
1 -> h : b ~ 0
h -> f : W ~ uniform(-1, 1)
1 -> f : c ~ 0
loss L = cross_entropy(f, y)
data train "data.csv"
train adam(rate=0.01, steps=3)
'''
SCALARS = '''input x "$x$", z "the other"
target y
weight b ~ -1
node h : leaky_relu(0.1)
output f
x -> h : a ~ 0.5
z -> h : 2
1 -> h : b
g = h*x + max(x, z)^2
g -> f : v ~ normal(0, 1)
h -> f : 0.25
loss mse(f, y)
data { x z | y
 0 1 | 1
 1 2 | 0
 -1.5 0.25 | 0.5 }
train gd(rate=0.1, steps=3)
'''
TABLES = {
    "nodes.csv": "name,role,activation\nx,input,\nz,input,\nh1,hidden,tanh\nh2,node,leaky_relu(0.1)\nf,output,logistic\n",
    "edges.csv": "source,target,weight,learnt\nx,h1,0.5,yes\nz,h1,-1e-3,no\n1,h2,2,~\nx,h2,3,0\nh1,f,1,\nh2,f,-4,=\n",
}


@dataclass(frozen=True)
class Folder:
    """`files` by name, with the diagram among them."""

    name: str
    files: dict[str, bytes]

    @property
    def text(self) -> str:
        return self.files[DIAGRAM].decode("utf-8", "replace")


def tame(text: str) -> str:
    """The same diagram, that learns for no more than three steps."""
    return LENGTH.sub(r"\g<1>3", text)


@cache
def good() -> tuple[Folder, ...]:
    """Diagrams without problems."""
    files = tuple(map(_of_file, [*_diagrams("examples"), *_diagrams("tests/syntax/good")]))
    return files + tuple(Folder(what, {DIAGRAM: tame(text).encode()}) for what, text in CONSTRUCTS.items())


@cache
def bad() -> tuple[Folder, ...]:
    """Each with a problem of its own."""
    return tuple(map(_of_file, _diagrams("tests/bad")))


@cache
def complete() -> tuple[Folder, ...]:
    """Diagrams with every kind of file."""
    return (
        _complete("listed", LISTED, "x,z,y\n1,0,1\n2,0.5,0\n-1,3,1\n", TABLES),
        _complete("vectors", VECTORS, "x1,x2,y\n1,0,cat\n2,0.5,owl\n-1,3,dog\n", {}),
        _complete("scalars", SCALARS, "x,z,y\n1,0,1\n2,0.5,0\n-1,3,1\n", {}),
    )


def _diagrams(below: str) -> list[Path]:
    return sorted((ROOT / below).rglob("*.flow"))


def _of_file(path: Path) -> Folder:
    text = path.read_text(encoding="utf-8", errors="surrogateescape")
    beside = {p.name: p.read_bytes() for p in path.parent.glob("*.csv") if p.name in text}
    return Folder(str(path.relative_to(ROOT)), {DIAGRAM: tame(text).encode("utf-8", "surrogateescape"), **beside})


def _complete(name: str, text: str, rows: str, tables: dict[str, str]) -> Folder:
    """With tables of every kind, and what learning leaves."""
    files = {DIAGRAM: text.encode(), "data.csv": rows.encode(), "held.csv": rows.encode()}
    files |= {"data.tsv": rows.replace(",", "\t").encode(), **{name: table.encode() for name, table in tables.items()}}
    return Folder(name, files | {"data.npz": _npz(rows)} | _learnt(files))


def _npz(rows: str) -> bytes:
    head, *body = [line.split(",") for line in rows.split()]
    buffer = io.BytesIO()
    np.savez(buffer, **{name: np.array([row[k] for row in body]) if not body[0][k][-1].isdigit() else
                        np.array([float(row[k]) for row in body]) for k, name in enumerate(head)})  # fmt: skip
    return buffer.getvalue()


def _learnt(files: dict[str, bytes]) -> dict[str, bytes]:
    learnt = ("weights.safetensors", "point.safetensors")
    words = ["train", DIAGRAM, "--quiet", "-o", learnt[0], "--checkpoint", learnt[1], "--interval", "1"]
    ending = judged(Attempt(files, words))
    assert ending.status == 0 and not ending.wrong, ending
    return {name: data for name in learnt if (data := ending.files[f"inner/{name}"]) is not None}
