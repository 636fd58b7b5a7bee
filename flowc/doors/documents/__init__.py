"""Diagrams in documents: what a block of a page shows, the same in every place, and a small module for each place."""
