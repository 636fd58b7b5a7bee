"""From one neuron to two layers: what a sum and a step can say, and what it takes two of them to say."""

from .talk import Curves, Equations, Picture, Section, Slide, Source, Words

SECTION = Section(
    "From one neuron to two layers",
    (
        Slide(
            "Two neurons in a row",
            (
                Words(
                    """A finger touches something hot, and the arm is away before anyone has thought about it. The shortest such circuit has two neurons: one
that senses, one that moves.

- Each adds up what arrives, here one number and a constant.
- Each fires, or does not: the unit step $u(\\xi)$ is 1 from $\\xi = 0$ on, else 0.

McCulloch and Pitts took this for a model of every neuron in 1943, and asked what nets of them can compute."""
                ),
            ),
            (Picture("reflex_arc", {"row": 3}),),
            0.5,
        ),
        Slide(
            "A sum and a step can be a word of logic",
            (
                Words("Of inputs that are 0 or 1, a threshold of 0.5 asks whether one of them is 1, ..."),
                Picture("or", {"row": 2, "legend": False}),
                Equations("or", "forward"),
            ),
            (
                Words("... and one of 1.5 whether both are."),
                Picture("and", {"row": 2, "legend": False}),
                Curves("and", "regions"),
            ),
            0.48,
        ),
        Slide(
            "But no single line parts one from two",
            (
                Words(
                    """A neuron says 1 on one side of a line and 0 on the other. Of the four corners, the exclusive or wants two that lie across from
one another. No line does that; Minsky and Papert said so in 1969.

Two lines do, and a third neuron that looks at what the first two say."""
                ),
            ),
            (Curves("xor", "regions", ("f",)),),
            0.5,
        ),
        Slide(
            "One neuron finds neither, one finds both",
            (Curves("xor", "regions", ("h1", "h2", "f")), Words("Where neither $h_1$ nor $h_2$ is 1, just one of the inputs is.")),
        ),
        Slide(
            "The flow diagram",
            (
                Picture("xor"),
                Words(
                    """A circle is a number that is computed; an arrow multiplies by the number on it, and where arrowheads meet their numbers are
added. What comes of that is the excitation $\\xi$, in the upper half; what the step makes of it is the activation, below."""
                ),
            ),
        ),
        Slide("One token, step by step", (Picture("xor", {"row": 2, "show": "steps", "captions": True, "listing": True}),)),
        Slide(
            "As equations, and as the text of the diagram",
            (Equations("xor", "forward"),),
            (Source("xor"),),
            0.56,
        ),
        Slide(
            "Many layers",
            (
                Words(
                    """A net of layers does the same again and again: a matrix leads from the activations of a layer to the excitations of the next,
and a function from these to its activations. The layers may have different functions."""
                ),
                Picture("layers", {"vectors": "circle"}),
            ),
        ),
        Slide(
            "Layer by layer, and element by element",
            (Equations("layers", "forward"),),
            (Equations("layers", "forward", {"form": "indexed"}),),
            0.56,
        ),
    ),
)
