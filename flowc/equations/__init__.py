"""A diagram's equations, of the program that its code is printed from: `build.equations`, and printers of what it gives."""
