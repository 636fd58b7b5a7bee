"""Autograd: numbers that answer for their own gradients."""

from .talk import Code, Section, Slide, Words

TAPE = {"gradient": "tape"}

SECTION = Section(
    "Numbers that know where they come from",
    (
        Slide(
            "Write forward, and have backward made",
            (
                Words(
                    """Every derivative of the slide before followed from a line of the forward pass. So let the numbers do it: a tensor is a value that remembers
what it was made of, and how to hand a gradient on to that.

- Operators are methods: `b * x` calls `b.__mul__(x)`, which computes, and saves.
- `loss.backward()` goes the way back and adds up, in each tensor, what arrives."""
                ),
            ),
            (Code("sine", "Tensor", TAPE, ("__init__", "backward")),),
            0.6,
        ),
        Slide(
            "What an operator saves",
            (Code("sine", "Tensor", TAPE, ("__mul__", "__pow__", "sum")),),
            (Words("Beside the value, each operator keeps its sources, and for each of them a function that hands a gradient on: of a product, times the other factor."), Code("sine", "save", TAPE)),
            0.44,
        ),
        Slide(
            "The whole of learning",
            (
                Code("sine", "forward", TAPE),
                Code("sine", "loss", TAPE),
                Words("Tensors are new in each step: gradients add up, and what is left of the last step would add to the next. That, and to have the step of the weights recorded, are the two easy mistakes."),
            ),
            (Code("sine", "gradients", TAPE), Code("sine", "learn", TAPE)),
            0.5,
        ),
    ),
)
