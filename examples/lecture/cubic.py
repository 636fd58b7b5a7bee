"""The running example: a cubic learns the sine, in numpy."""

from .talk import Code, Curves, Equations, Picture, Section, Slide, Source, Words

SECTION = Section(
    "A cubic learns the sine",
    (
        Slide(
            "A diagram of one line",
            (Source("sine"),),
            (Picture("sine"), Words("Four weights, one input, and a target that is known at 2000 places.")),
            0.52,
        ),
        Slide("The loss, and its slopes", (Equations("sine", "loss"), Equations("sine", "forward")), (Equations("sine", "backward"),), 0.5),
        Slide("The same in numpy", (Code("sine", "gradients"),), (Code("sine", "learn"), Words("Each line of the backward part is an equation of the slide before."))),
        Slide("After 0, 100, 500 and 2000 steps", (Curves("sine", "fit"),)),
    ),
)
