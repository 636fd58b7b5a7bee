"""Which of several: one-hot vectors, the perceptron, softmax and the cross-entropy."""

from .talk import Curves, Equations, Picture, Section, Slide, Words

LEARNT = {"steps": 100}

SECTION = Section(
    "Which of several",
    (
        Slide(
            "A class is a vector with a single 1",
            (
                Words(
                    """Cat, dog or bird: a target has an element for each, and the true one is 1. The perceptron's output can be such a vector, too: 1 where the
excitation is largest.

Then its error is a vector, $f - y$: $-1$ for the class that was missed, $+1$ for the one that was said instead, 0 for all others."""
                ),
            ),
            (Picture("animals", {"row": 2}, 20),),
            0.52,
        ),
        Slide(
            "The perceptron's rule has three cases",
            (
                Equations("animals", "update"),
                Words("All three are one: each weight less the rate times the error of its target times its source. For an element that is right, the error is 0."),
            ),
        ),
        Slide(
            "Perceptron and regression learn by that one rule",
            (Words("The perceptron: which excitation is largest."), Equations("animals", "forward"), Picture("animals", {"vectors": "circle"})),
            (Words("Linear regression: the excitation itself."), Equations("regression", "forward"), Equations("regression", "update")),
        ),
        Slide(
            "Softmax: how sure",
            (
                Words(
                    """The largest wins, whether by far or by a hair. Softmax gives every class a share instead: positive, together 1, the more the larger
its excitation. Shares can be read as probabilities, $p_c = P(c \\mid x)$. The numbers are those after 100 steps of learning."""
                ),
                Equations("softmax", "forward"),
            ),
            (Picture("softmax", {"row": 3}, 100),),
            0.42,
        ),
        Slide(
            "Near the border, nobody is sure",
            (Curves("softmax", "regions", (), LEARNT),),
            (Curves("softmax", "regions", (), LEARNT | {"soft": True}), Words("After 100 steps: which class is likeliest, and how likely.")),
        ),
        Slide(
            "What to make large, and what small",
            (
                Words(
                    """Good weights make what was seen likely: the product, over all tokens, of the probability of the true class.

The logarithm turns the product into a sum, a minus turns it upside down, and a division by $n$ makes it the same for few tokens and for many. What is left is the
cross-entropy, and is to be small."""
                ),
            ),
            (Equations("softmax", "loss"),),
            0.5,
        ),
        Slide(
            "Its slope is the error, once more",
            (Words("Of softmax and cross-entropy together, the derivative by the excitation is what is said less what is true."), Equations("softmax", "backward")),
            (Picture("softmax", {"row": 3, "show": "gradients"}, 100),),
            0.52,
        ),
    ),
)
