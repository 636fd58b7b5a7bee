"""Graph: what a text means. It knows the tree, and alone knows networkx.

network: what comes out.  build: the way there, in this order, on a draft (draft) that collects problems (problems).
names: the namespace, with unknown for what is not in it; sizes: axes, and the elements that brackets pick.
Equations: equations, expressions (values: what they are worth; products, matrices; constants: of numbers alone; reader:
what these need of whoever reads), calls: functions and activations (parameters: the numbers in their brackets), losses;
loss_statement.
Arrows: arrows (ends: their two sides; carried: what stands after the colon; fitting: of a weight to the lines;
in_place and fresh: weights that an arrow makes), starts: how weights start.
Data: data, columns (by name), cells (to numbers); training; comments.
What must hold: order (of evaluation, cycles), scalar_lines (drawn twice), checks (all else, and the warnings).
fans: how many lines an element has, for the default draw.
files: nodes and arrows that files list.  view: the network for networkx.  dump: a network to read.  same: whether two are one.
writing: a network as text again.
"""
