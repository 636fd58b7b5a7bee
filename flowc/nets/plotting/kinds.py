"""What can be plotted of a diagram."""

KINDS = ("activations", "fit", "regions", "loss")
