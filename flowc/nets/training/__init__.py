"""Learning of a net: one step's loss and gradients, all steps, and why they failed."""
