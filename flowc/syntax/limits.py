"""How large a text may be where size costs more than time. Each limit is tested at its value and one past it."""

DEPTH = 100  # brackets within brackets
LEVELS = 250  # operations within operations; a sum or product written flat is one of them. Who walks a tree may recurse
DIGITS = 15  # of a whole number: it is exact as a float
LETTERS = 255  # of a name: a picture sets each of them, and looks at all the others
MISTAKES = 100  # reported of one text
