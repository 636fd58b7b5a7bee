"""Plain Python for a small diagram, number by number; no library is needed to run it."""
