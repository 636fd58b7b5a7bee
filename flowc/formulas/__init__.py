"""What printers of equations and of traces share: what binds tighter, signs, words of LaTeX."""
