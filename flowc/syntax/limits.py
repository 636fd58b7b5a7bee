"""How large a text may be where size costs more than time. Each limit is tested at its value and one past it."""

DEPTH = 100  # brackets within brackets
LEVELS = 250  # operations within operations; a sum or product written flat is one of them. Who walks a tree may recurse
DIGITS = 15  # of a whole number: it is exact as a float
MISTAKES = 100  # reported of one text
