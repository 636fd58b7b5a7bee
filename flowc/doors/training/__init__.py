"""What `flowc train` and `flow.train` are made of."""
