"""Prints examples/README.md from the files' headers:  python examples/make_index.py > examples/README.md"""

from pathlib import Path

import flowc

HERE = Path(__file__).parent

SECTIONS = (
    ("Neurons that compute logic", ("or", "and", "xor", "xor_arrows", "reflex_arc")),
    ("Activation functions", ("step", "sign", "logistic", "tanh", "relu", "activations")),
    ("Linear classifiers and regression", ("perceptron", "regression", "softmax", "iris")),
    ("Learning a function", ("sine", "sine_mse", "xor_learnt")),
    ("Layers", ("layers", "net232", "autoencoder", "skip", "worked_example")),
    ("Nodes and edges in files", ("evolved",)),
)

HEAD = """# Examples

One file for every network of the lecture, and a few more; [lecture](lecture/README.md) makes slides of them. Made by `python examples/make_index.py > examples/README.md`.

`flowc compile FILE` prints numpy, `flowc compile FILE --backend torch` torch; the tests compile each file in every form, run what
is printed, and compare it with the reference and with finite differences. `flowc train FILE` learns from the data of a diagram.

`iris.csv` is Fisher's table (R. A. Fisher 1936, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7,
179-188), its 35th and 38th rows as in the paper and not as in the copy that is usually handed on."""


def page():
    lines = [HEAD]
    for title, names in SECTIONS:
        lines += ["", f"## {title}", "", "| | |", "|---|---|"]
        lines += [f"| [{name}.flow]({name}.flow) | {headline(name)} |" for name in names]
    return "\n".join(lines) + "\n"


def headline(name):
    return flowc.load(HERE / f"{name}.flow").network.title


if __name__ == "__main__":
    print(page(), end="")
