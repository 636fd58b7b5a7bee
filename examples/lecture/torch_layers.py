"""The same in torch, by its layers."""

from .talk import Code, Equations, Picture, Section, Slide, Words

SECTION = Section(
    "Layers from a library",
    (
        Slide(
            "Linear, Sigmoid, Linear",
            (Picture("net232"), Words("Two inputs, three hidden nodes, two outputs.")),
            (Equations("net232", "forward"), Code("net232", "model", {"backend": "torch", "form": "sequential"})),
            0.46,
        ),
        Slide(
            "As a module, with a forward of one's own",
            (Code("net232", "__init__", {"backend": "torch", "form": "module"}), Code("net232", "forward", {"backend": "torch", "form": "module"})),
            (Code("net232", "learn", {"backend": "torch", "form": "module"}), Words("Where the weights are: `model.parameters()` runs through all of them.")),
            0.46,
        ),
        Slide(
            "What to take home",
            (
                Words(
                    """- A neuron adds up and bends: $\\xi_j = b_j + \\sum_k w_{jk} h_k$, $h_j = g(\\xi_j)$. A layer is a matrix and a function.
- A class is a one-hot vector; softmax says how sure, and the cross-entropy how wrong.
- Learning goes downhill: $w \\leftarrow w - \\eta \\, \\partial L / \\partial w$, by all tokens or by one at a time.
- The slope is found backwards, one line for each line forward: by hand, by a tape, or by a library."""
                ),
            ),
        ),
    ),
)
