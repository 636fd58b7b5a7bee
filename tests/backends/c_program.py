"""A printed C file as a library: compiled by the compiler that is here, its functions called on numpy's arrays."""

import ctypes
import shutil
import subprocess
from functools import cache, cached_property
from math import prod
from zlib import crc32

import numpy as np

from flowc import pipeline
from flowc.backends.backend import Options, lowering
from flowc.backends.c import CBackend
from flowc.backends.python.packs import with_records
from flowc.nets.verifying.reference import Reference
from flowc.program.mesh.mesh import Pack

COMPILER = shutil.which("cc")
STRICT = ["-std=c99", "-O2", "-ffp-contract=off", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Werror"]
CHECKED = ["-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]  # checks, made faster, take longer to make than to run


@cache
def compile_file(text, folder, *options):
    """The program's path, which is made once. What the compiler says fails the test."""
    mark = crc32(repr((text, options)).encode())
    source, program = folder / f"net_{mark:08x}.c", folder / f"net_{mark:08x}"
    source.write_text(text, encoding="utf-8")
    made = subprocess.run([COMPILER, *STRICT, *options, str(source), "-o", str(program), "-lm"], capture_output=True, text=True, check=False)
    assert made.returncode == 0, f"{made.stderr[:2000]}\n{text}"
    return program


def run_file(text, folder, *arguments):
    """What the program prints, and its exit status; with every check that the compiler has."""
    done = subprocess.run([compile_file(text, folder, *CHECKED), *arguments], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr, done.returncode


def assert_computes(printed, reference):
    """Outputs, loss and gradients, near enough for the terms that they are sums of."""
    rounding = 1e-11 if printed.dtype == np.float64 else 2e-4
    for symbol, value in printed.computed().items():
        scale = np.max(reference.scales.of[symbol], initial=0)
        where = f"{symbol.kind} {symbol.owner}\n{printed.text}"
        np.testing.assert_allclose(value, reference.values[symbol], rtol=0, atol=rounding * scale, err_msg=where)


class CFile:
    """The file of a diagram, and its functions on the reference's numbers. Raises Refused."""

    flags = ()

    def __init__(self, reference: Reference, folder, dtype="float64"):
        self.reference, self.dtype, self.folder = reference, np.dtype(dtype), folder
        self.network, self.program = reference.network, reference.program
        self.text = CBackend().emit(self.network, self.program, Options(dtype=dtype)).text

    @cached_property
    def library(self):
        return ctypes.CDLL(str(compile_file(self.text, self.folder, "-shared", "-fPIC", *self.flags)))

    @property
    def number(self):
        return ctypes.c_float if self.dtype == np.float32 else ctypes.c_double

    @cached_property
    def learnt(self):
        """The symbols of the weights that learn, in the order of the struct."""
        names = {w.name for w in self.network.weights if w.learnt}
        return [s for s in self.program.weights if s.owner in names]

    def array(self, value):
        return np.array(value, self.dtype, order="C").reshape(-1)

    def weights(self):
        """The struct, as the numbers that it is."""
        return np.concatenate([self.array(self.weight(s)) for s in self.learnt] or [np.zeros(0, self.dtype)])

    def weight(self, symbol):
        return self.reference.given[symbol]

    def samples(self, symbols):
        return [self.array(self.sample(s)) for s in symbols]

    def sample(self, symbol):
        return self.reference.given[symbol]

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
        program, n = self.program, self.batch
        outputs = {s: np.full(((n,) if s.type.batched else ()) + s.type.shape, np.nan, self.dtype) for s in dict.fromkeys(program.outputs)}
        weights = [self.weights()] if self.learnt else []
        self.call("forward_all", ctypes.c_size_t(n), *self.samples(program.inputs), *weights, *outputs.values())
        return outputs

    def gradients(self):
        """The loss, and the gradients by their symbols."""
        program, slopes = self.program, np.full_like(self.weights(), np.nan)
        samples = self.samples((*program.inputs, *program.targets))
        loss = self.call("gradients", ctypes.c_size_t(self.batch), *samples, self.weights(), slopes)
        ends = np.cumsum([prod(s.type.shape) for s in self.learnt])
        parts = np.split(slopes, ends[:-1])
        return loss, {program.gradients[s]: part.reshape(s.type.shape) for s, part in zip(self.learnt, parts, strict=True)}

    def computed(self):
        """All that the file computes, by the symbols of the reference."""
        values = self.forward() if self.program.inputs and self.program.outputs else {}
        if self.program.loss and self.learnt:
            loss, slopes = self.gradients()
            values |= {self.program.loss: loss, **slopes}
        return values


class FastFile(CFile):
    """The same in style fast: what is packed there is taken apart again."""

    def __init__(self, reference: Reference, folder, dtype="float64", lower=None, flags=("-O1",)):
        self.flags = flags
        self.reference, self.dtype, self.folder = reference, np.dtype(dtype), folder
        backend = CBackend()
        how = lowering(reference.network, backend, None, "fast", lower, None)
        self.program = pipeline.plan(reference.network, how)
        self.network = with_records(reference.network, self.program)
        self.text = backend.emit(reference.network, self.program, Options(dtype=dtype, style="fast", lower=lower)).text

    def weight(self, symbol):
        start = next(w.start for w in self.network.weights if w.name == symbol.owner)
        return self.all_numbers()[start.order] if isinstance(start, Pack) else self.by_owner(symbol)

    def by_owner(self, symbol):
        return next(value for s, value in self.reference.given.items() if s.owner == symbol.owner)

    def all_numbers(self):
        """What the diagram learns, weight after weight."""
        learnt = [w.name for w in self.reference.network.weights if w.learnt]
        return np.concatenate([np.ravel(self.reference.learnt[name]) for name in learnt] or [np.zeros(0)])

    def sample(self, symbol):
        role = "input" if symbol in self.program.inputs else "target"
        names = self.program.columns.get(role)
        if names and symbol == getattr(self.program, f"{role}s")[0]:
            return np.stack([self.reference.inputs[name] for name in names], 1)
        return self.reference.inputs[symbol.owner]

    def computed(self):
        reference, values = self.reference.program, {}
        for symbol, value in super().computed().items():
            if symbol.kind == "gradient":
                values |= self.gradient(symbol, value)
            elif self.program.columns.get("output") and symbol == self.program.outputs[0]:
                names = self.program.columns["output"]
                values |= {reference.activations[name]: value[:, k] for k, name in enumerate(names)}
            elif symbol == self.program.loss:
                values[reference.loss] = value
            else:
                values[next(s for s in reference.outputs if s.owner == symbol.owner)] = value
        return values

    def gradient(self, symbol, value):
        """Of a packed vector those of the weights that it is made of, as far as all of their elements are there."""
        by_name = {w.owner: s for w, s in self.reference.program.gradients.items()}
        start = next(w.start for w in self.network.weights if w.name == symbol.owner)
        if not isinstance(start, Pack):
            return {by_name[symbol.owner]: value}
        whole = np.full(len(self.all_numbers()), np.nan)
        whole[start.order] = value
        ends = np.cumsum([prod(w.shape) for w in self.reference.network.weights if w.learnt])
        learnt = [w for w in self.reference.network.weights if w.learnt]
        parts = zip(learnt, np.split(whole, ends[:-1]), strict=True)
        return {by_name[w.name]: part.reshape(w.shape) for w, part in parts if not np.isnan(part).any()}
