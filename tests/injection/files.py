"""Files with a text in every field that holds words: names and cells of tables, keys of arrays, names in lists of nodes and edges.

A field is a function of a text: the files of a folder, and the command lines that read it there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

import numpy as np

from flowc.learning.tensors import tensor_bytes
from tests.injection.diagrams import quoted

Files = dict[str, bytes]
Field = Callable[[str], tuple[Files, list[list[str]]]]

NET = """index kind = cat, dog
input x, u[kind]
target y[kind]
output p[kind] : softmax
x, u -> p : W ~ 0.5
loss cross_entropy(p, y)
data "{data}"
train gd(rate=0.1, steps=1)
"""
READ = [["run"], ["train", "--quiet"], ["trace"], ["test"], ["compile", "--train"], ["draw", "--show", "values"]]
USES = [["run"], ["test"], ["trace"], ["draw", "--show", "values"], ["equations", "--numbers"]]
CHECKED = [["check"], ["check", "--format", "json"], ["check", "--format", "sarif"], ["run"], ["compile"]]


def table(rows: Sequence[Sequence[str]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue().encode("utf-8", "surrogatepass")


def arrays(**named: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **named)
    return file.getvalue()


def _of_rows(*rows: Sequence[str]) -> tuple[Files, list[list[str]]]:
    return {"net.flow": NET.format(data="d.csv").encode(), "d.csv": table(rows)}, READ


def a_column_of_nothing(text: str) -> tuple[Files, list[list[str]]]:
    return _of_rows(["x", "u[cat]", "u[dog]", "y", text], ["1", "2", "3", "cat", "4"])


def a_column_in_place_of_another(text: str) -> tuple[Files, list[list[str]]]:
    return _of_rows(["x", "u[cat]", f"u[{text}]", "y"], ["1", "2", "3", "cat"])


def a_class(text: str) -> tuple[Files, list[list[str]]]:
    return _of_rows(["x", "u[cat]", "u[dog]", "y"], ["1", "2", "3", text])


def a_number(text: str) -> tuple[Files, list[list[str]]]:
    return _of_rows(["x", "u[cat]", "u[dog]", "y"], [text, "2", "3", "cat"])


def a_row_of_another_length(text: str) -> tuple[Files, list[list[str]]]:
    return _of_rows(["x", "u[cat]", "u[dog]", "y"], ["1", "2", "3", "cat", text])


def a_text_without_quotes(text: str) -> tuple[Files, list[list[str]]]:
    raw = f"x,u[cat],u[dog],y,{text}\n1,2,3,cat,{text}\n".encode("utf-8", "surrogatepass")
    return {"net.flow": NET.format(data="d.csv").encode(), "d.csv": raw}, READ


def a_table_in_the_diagram(text: str) -> tuple[Files, list[list[str]]]:
    word = quoted(text) or text
    rows = f"data {{\n x u[{word}] u[dog] {word} | y\n 1 2 3 4 | {word}\n}}"
    diagram = NET.replace('data "{data}"', rows.replace("{", "{{").replace("}", "}}"))
    return {"net.flow": diagram.replace("{{", "{").replace("}}", "}").encode("utf-8", "surrogatepass")}, CHECKED


def a_key_of_npz(text: str) -> tuple[Files, list[list[str]]]:
    data = arrays(**{"x": np.ones(2), "u": np.ones((2, 2)), "y": np.array(["cat", "dog"]), f"{text}": np.ones(2)})
    return {"net.flow": NET.format(data="d.npz").encode(), "d.npz": data}, READ


def a_class_of_npz(text: str) -> tuple[Files, list[list[str]]]:
    data = arrays(x=np.ones(2), u=np.ones((2, 2)), y=np.array(["cat", text]))
    return {"net.flow": NET.format(data="d.npz").encode(), "d.npz": data}, READ


def _with_weights(kept: bytes) -> tuple[Files, list[list[str]]]:
    rows = [["x", "u[cat]", "u[dog]", "y"], ["1", "2", "3", "cat"]]
    files = {"net.flow": NET.format(data="d.csv").encode(), "d.csv": table(rows), "w.safetensors": kept}
    return files, [[*line, "--weights", "w.safetensors"] for line in USES]


def a_key_of_weights(text: str) -> tuple[Files, list[list[str]]]:
    return _with_weights(tensor_bytes({"W": np.ones((2, 3)), text.encode("utf-8", "replace").decode(): np.ones(2)}, {}))


def a_weight_in_place_of_another(text: str) -> tuple[Files, list[list[str]]]:
    return _with_weights(tensor_bytes({text.encode("utf-8", "replace").decode(): np.ones((2, 3))}, {"diagram": text}))


def what_a_checkpoint_says(text: str) -> tuple[Files, list[list[str]]]:
    name = f"weight {text.encode('utf-8', 'replace').decode()}"
    kept = tensor_bytes({name: np.ones(2)}, {"format": "flowc checkpoint 1", "step": text})
    files, _ = _with_weights(kept)
    return files, [["train", "--quiet", "--resume", "w.safetensors"], ["run", "--weights", "w.safetensors"]]


def _listed(nodes: Sequence[Sequence[str]], edges: Sequence[Sequence[str]]) -> tuple[Files, list[list[str]]]:
    return {"net.flow": b'nodes "n.csv"\nedges "e.csv"\n', "n.csv": table(nodes), "e.csv": table(edges)}, CHECKED


HEADS = ["name", "role", "activation"], ["source", "target", "weight", "learnt"]


def a_name_of_a_node(text: str) -> tuple[Files, list[list[str]]]:
    return _listed([HEADS[0], ["x", "input", ""], [text, "output", ""]], [HEADS[1], ["x", text, "1", "no"]])


def the_role_of_a_node(text: str) -> tuple[Files, list[list[str]]]:
    return _listed([HEADS[0], ["x", "input", ""], ["f", text, text]], [HEADS[1], ["x", "f", "1", "no"]])


def a_column_of_nodes(text: str) -> tuple[Files, list[list[str]]]:
    return _listed([[*HEADS[0], text], ["x", "input", "", "1"], ["f", "output", "", ""]], [HEADS[1], ["x", "f", "1", "no"]])


def an_end_of_an_edge(text: str) -> tuple[Files, list[list[str]]]:
    return _listed([HEADS[0], ["x", "input", ""], ["f", "output", ""]], [HEADS[1], ["x", "f", "1", "no"], [text, "f", "1", "no"]])


def the_weight_of_an_edge(text: str) -> tuple[Files, list[list[str]]]:
    return _listed([HEADS[0], ["x", "input", ""], ["f", "output", ""]], [HEADS[1], ["x", "f", text, text]])


def words_of_a_command(text: str) -> tuple[Files, list[list[str]]]:
    files, _ = _of_rows(["x", "u[cat]", "u[dog]", "y"], ["1", "2", "3", "cat"])
    word = text.replace("\0", "\1")  # no command line holds it
    return files, [
        ["run", f"{word}=1"], ["run", f"x={word}"], ["run", "--set", word], ["run", "--row", f"{word}"], ["draw", "--show", word], ["plot", word],
        ["run", f"u={word}"], ["compile", "--backend", word], ["compile", "--part", word], ["equations", "--part", word], ["train", "--method", word],
    ]  # fmt: skip


FIELDS: list[Field] = [
    a_column_of_nothing, a_column_in_place_of_another, a_class, a_number, a_row_of_another_length, a_text_without_quotes, a_table_in_the_diagram,
    a_key_of_npz, a_class_of_npz, a_key_of_weights, a_weight_in_place_of_another, what_a_checkpoint_says, a_name_of_a_node,
    the_role_of_a_node, a_column_of_nodes, an_end_of_an_edge, the_weight_of_an_edge, words_of_a_command,
]  # fmt: skip


def of_classes(texts: Sequence[str]) -> Files:
    """Data whose columns and cells are elements of these names: in the diagram, and in a file beside it."""
    texts = [text if text == text.strip() else f"a{text}z" for text in texts]  # the blanks around a cell are none of it
    names = [quoted(text) for text in texts]
    heads = ["x", *(f"u[{text}]" for text in texts), "y", "of nothing"]
    rows = [["1", *("1" if k == j else "0" for j in range(len(texts))), text, text] for k, text in enumerate(texts)]
    inline = "\n".join(" ".join([*row[:-2], "|", str(name)]) for row, name in zip(rows, names))
    head = f"index kind = {', '.join(map(str, names))}\ninput x, u[kind]\ntarget y[kind]\noutput p[kind] : softmax\n"
    head += "x, u -> p : W ~ 0.5\nloss cross_entropy(p, y)\ntrain gd(rate=0.1, steps=1)\n"
    columns = " ".join(f"u[{name}]" for name in names)
    diagrams = {"inner.flow": f"{head}data {{\nx {columns} | y\n{inline}\n}}\n", "outer.flow": f"{head}data 'd.csv'\n"}
    return {**{name: text.encode() for name, text in diagrams.items()}, "d.csv": table([heads, *rows])}
