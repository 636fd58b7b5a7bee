"""What a neuron makes of its excitation."""

from .talk import Curves, Picture, Section, Slide, Words

SECTION = Section(
    "Functions of one number",
    (
        Slide(
            "A step has no slope to learn from",
            (
                Curves("activations", "activations", ("step", "logistic", "tanh", "relu")),
                Words(
                    """A small change of a weight changes nothing of what a step says. What learns by small changes needs a slope, here dashed: that of the logistic
is $h (1 - h)$, of tanh $1 - h^2$, of relu 0 or 1."""
                ),
            ),
        ),
        Slide(
            "In the picture, the curve is in the circle",
            (
                Picture("xor_learnt", {"loss": True}),
                Words("The same net as before, with logistic functions and with weights that are still to be learnt."),
            ),
        ),
    ),
)
