"""A diagram put to work: opened, executed on a backend, learnt, tried on its tables, plotted, verified. No terminal, no words of a command."""
