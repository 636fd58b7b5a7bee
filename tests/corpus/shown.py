"""The forty and more texts that are kept to be read: every printer, style and form, each where it has something to say."""

from pathlib import Path

from tests.corpus.printing import HERE

GOLDEN = HERE / "golden"

WAYS = {
    "xor": ["javascript", "numpy", "numpy-fast-scalar-batch1", "torch-fast-autograd"],
    "xor_learnt": ["c", "c-train", "javascript", "numpy", "numpy-tape", "numpy-layers", "numpy-fast-scalar", "numpy-train", "torch-autograd", "torch-explicit-train", "torch-module"],
    "worked_example": ["numpy", "torch-explicit", "numpy-layers-train"],
    "net232": ["numpy-layers", "torch-layers-explicit", "torch-sequential", "torch-sequential-train-optimizer"],
    "evolved": ["numpy", "numpy-fast", "torch-fast-explicit", "torch-fast-sparse-autograd"],
    "iris": ["c-float32", "javascript", "numpy-fast", "numpy-fast-chunked", "torch-train-optimizer", "torch-sequential-train"],
    "sine": ["numpy-train", "numpy-tape-train", "torch-train", "numpy-fast-scalar"],
    "autoencoder": ["numpy", "torch-module-train", "numpy-values"],
    "softmax": ["javascript", "numpy", "numpy-tape", "torch-module-layers", "numpy-fast-dense-float32"],
    "skip": ["torch-layers-autograd"],
    "reflex_arc": ["numpy-fast-sparse", "torch-values"],
    "activations": ["numpy", "torch-explicit"],
    "sine_mse": ["numpy-train"],
    "four_scripts": ["c", "numpy-fast-scalar", "torch-module-train"],
}  # fmt: skip
SHOWN = [(diagram, way) for diagram, ways in WAYS.items() for way in ways]


def file_of(diagram: str, way: str) -> Path:
    """Texts in C end in `.c`, in JavaScript in `.js`, those in Python in `.txt`: tests read them back."""
    ending = {"c": ".c", "javascript": ".js"}.get(way.split("-")[0], ".txt")
    return GOLDEN / f"{diagram}.{way}{ending}"
