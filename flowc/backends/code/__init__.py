"""Target code as a typed tree, and a printer for each language it is written in."""
