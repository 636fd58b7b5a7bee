"""Plots: numbers in, a figure of matplotlib out. No net, no file, no terminal."""
