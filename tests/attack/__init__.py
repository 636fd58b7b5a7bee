"""Mutated inputs through every verb: no traceback, no exit 70, no hang, no file lost, changed or left.

folders.py  what is mutated: a diagram and the files beside it
texts.py    mutations of texts and bytes: diagrams, tables
arrays.py   mutations of files of arrays: npz, safetensors, checkpoints
words.py    command lines, drawn from the parsers, and their mutations
judge.py    one command in a folder of its own, watched: what is wrong with how it ends
smallest.py the least input that fails in the same way
search.py   draws, judges, counts, and keeps what fails
`python -m tests.attack --seconds 600 --seed 1 --keep FOLDER` searches for long; test_attack.py a little, as part of the suite.
"""
