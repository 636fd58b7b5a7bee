"""Downhill: the loss as a landscape, its slope, one step; and how the slope is found, backwards."""

from .talk import Curves, Equations, Picture, Section, Slide, Words

SECTION = Section(
    "Downhill, by the slope",
    (
        Slide(
            "The loss is a landscape",
            (
                Words(
                    """Every choice of weights is a place, and the loss its height. Nobody sees the whole of it, but the slope can be had where one stands: go a little
way against it, look again, and so on."""
                ),
                Equations("by_hand", "loss"),
            ),
            (Curves("by_hand", "loss", ("w1", "w2")),),
            0.5,
        ),
        Slide(
            "All tokens, or one at a time",
            (
                Words(
                    """The loss is a mean over the tokens, and so is its slope. With many tokens one step costs much, and says little more than a step by some of
them, or by one drawn at random: stochastic gradient descent.

- The way is less straight, each step far cheaper.
- The rate $\\eta$ says how far a step goes. Too small is slow; too large climbs out of the valley."""
                ),
            ),
            (Curves("sine", "loss", ("a", "b"), {"steps": 300}),),
            0.48,
        ),
        Slide("Forward, then backward, step by step", (Picture("by_hand", {"loss": True, "show": "steps", "captions": True}),)),
        Slide(
            "All the slopes of one token",
            (
                Picture("by_hand", {"loss": True, "show": "backprop"}),
                Words("In each circle the numbers of the way there and of the way back; on each arrow its weight, and what that has to answer for."),
            ),
        ),
    ),
)
