"""What happens between a program and its printing: pure functions of programs, the lists of them in `passes.py`."""
