"""What `flowc plot` and `flow.plot` are made of: the numbers of a net, as plots take them."""
