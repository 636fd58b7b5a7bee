"""A printed C file as a library: compiled by the compiler that is here, its functions called on numpy's arrays."""

import ctypes
import shutil
import subprocess
from functools import cached_property
from math import prod

import numpy as np

from flowc.backends.backend import Options
from flowc.backends.c import CBackend
from flowc.nets.verifying.reference import Reference

COMPILER = shutil.which("cc")
STRICT = ["-std=c99", "-O2", "-ffp-contract=off", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Werror"]
CHECKED = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


def compile_file(text, folder, *options):
    """The program's path. What the compiler says fails the test."""
    source, program = folder / "net.c", folder / "net"
    source.write_text(text, encoding="utf-8")
    made = subprocess.run([COMPILER, *STRICT, *options, str(source), "-o", str(program), "-lm"], capture_output=True, text=True, check=False)
    assert made.returncode == 0, f"{made.stderr[:2000]}\n{text}"
    return program


def run_file(text, folder, *arguments):
    """What the program prints, and its exit status; with every check that the compiler has."""
    done = subprocess.run([compile_file(text, folder, *CHECKED), *arguments], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr, done.returncode


class CFile:
    """The file of a diagram, and its functions on the reference's numbers. Raises Refused."""

    def __init__(self, reference: Reference, folder, dtype="float64"):
        self.reference, self.dtype, self.folder = reference, np.dtype(dtype), folder
        self.text = CBackend().emit(reference.network, reference.program, Options(dtype=dtype)).text

    @cached_property
    def library(self):
        return ctypes.CDLL(str(compile_file(self.text, self.folder, "-shared", "-fPIC")))

    @property
    def number(self):
        return ctypes.c_float if self.dtype == np.float32 else ctypes.c_double

    @cached_property
    def learnt(self):
        """The symbols of the weights that learn, in the order of the struct."""
        names = {w.name for w in self.reference.network.weights if w.learnt}
        return [s for s in self.reference.program.weights if s.owner in names]

    def array(self, value):
        return np.array(value, self.dtype, order="C").reshape(-1)

    def weights(self):
        """The struct, as the numbers that it is."""
        return np.concatenate([self.array(self.reference.given[s]) for s in self.learnt] or [np.zeros(0, self.dtype)])

    def samples(self, symbols):
        return [self.array(self.reference.given[s]) for s in symbols]

    @property
    def batch(self):
        program = self.reference.program
        return next((len(self.reference.given[s]) for s in (*program.inputs, *program.targets)), 1)

    def call(self, name, *arguments):
        """Arrays by where they are."""
        words = [ctypes.c_void_p(a.ctypes.data) if isinstance(a, np.ndarray) else a for a in arguments]
        function = getattr(self.library, name)
        function.restype = self.number
        return function(*words)

    def initial_weights(self):
        numbers = np.empty_like(self.weights())
        self.call("initial_weights", numbers)
        return numbers

    def forward(self):
        """The outputs of all tokens."""
        program, n = self.reference.program, self.batch
        outputs = {s: np.full(((n,) if s.type.batched else ()) + s.type.shape, np.nan, self.dtype) for s in program.outputs}
        weights = [self.weights()] if self.learnt else []
        self.call("forward_all", ctypes.c_size_t(n), *self.samples(program.inputs), *weights, *outputs.values())
        return outputs

    def gradients(self):
        """The loss, and the gradients by their symbols."""
        program, slopes = self.reference.program, np.full_like(self.weights(), np.nan)
        samples = self.samples((*program.inputs, *program.targets))
        loss = self.call("gradients", ctypes.c_size_t(self.batch), *samples, self.weights(), slopes)
        ends = np.cumsum([prod(s.type.shape) for s in self.learnt])
        parts = np.split(slopes, ends[:-1])
        return loss, {program.gradients[s]: part.reshape(s.type.shape) for s, part in zip(self.learnt, parts, strict=True)}
