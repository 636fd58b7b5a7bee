"""How fast the code is that flowc prints: `python -m benchmarks`. Not part of the package."""
