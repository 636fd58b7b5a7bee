"""Data: what a table, a file or formulas give as arrays, by the names of columns; or what is wrong with them."""
