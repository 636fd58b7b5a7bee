"""Learning: steps downhill, what is written down of them. Numbers in, numbers out."""
