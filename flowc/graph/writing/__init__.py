"""Writing: a network as canonical text, the inverse of the rest of this room.

write: the way there.  declaring, body, datasets: what stands in a text, from its top.  Of body: folding gives equations (terms:
of sums; kinds: what nodes are in them; making: in which order they are made), and reading holds each to what it will mean;
lines gives arrows, and tiling and joining put them together.  spelling: numbers, elements, indices.  listed: files of arrows.
problem: what has no text.
"""
