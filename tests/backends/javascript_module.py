"""Printed JavaScript files as modules: many of them imported by one process of node, their functions called on numbers."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from math import isfinite, prod

import numpy as np

from flowc.backends.backend import Options, Refused
from flowc.backends.javascript import JavaScriptBackend
from flowc.backends.javascript.sheet import JavaScriptSheet
from flowc.nets.verifying.reference import Reference

NODE = shutil.which("node")
RUNNER = """
import { readFileSync } from "node:fs";
const given = JSON.parse(readFileSync(0, "utf8"), (_, x) => (x?.special ? Number(x.special) : x));
const results = [], print = console.log;
console.log = () => {};
for (const [name, fn, args] of given) {
    const module = await import(`./${name}.mjs`);
    results.push(module[fn](...args));
}
print(JSON.stringify(results, (_, x) => (typeof x === "number" && !Number.isFinite(x) ? { special: String(x) } : x) ?? null));
"""


def as_json(value):
    """Numbers that JSON lacks by their names."""
    if isinstance(value, dict):
        return {name: as_json(x) for name, x in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(x) for x in value]
    if isinstance(value, float) and not isfinite(value):
        return {"special": {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "NaN")}
    return value


def call_all(folder, texts, calls):
    """What functions give: `texts` are modules by their names, `calls` are a module, a function and arguments each."""
    for name, text in texts.items():
        (folder / f"{name}.mjs").write_text(text, encoding="utf-8")
    (folder / "runner.mjs").write_text(RUNNER, encoding="utf-8")
    given = json.dumps(as_json(calls))
    done = subprocess.run([NODE, "runner.mjs"], cwd=folder, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[:3000]
    return json.loads(done.stdout, object_hook=lambda x: float(x["special"].replace("Infinity", "inf")) if "special" in x else x)


def run_file(text, folder, *arguments):
    """What node prints of a file, and its exit status."""
    (folder / "net.mjs").write_text(text, encoding="utf-8")
    done = subprocess.run([NODE, str(folder / "net.mjs"), *arguments], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr, done.returncode


class JavaScriptFile:
    """The file of a diagram, and calls of its functions with the reference's numbers. Raises Refused."""

    def __init__(self, reference: Reference, name="net"):
        self.reference, self.name = reference, name
        self.text = JavaScriptBackend().emit(reference.network, reference.program, Options()).text
        self.sheet = JavaScriptSheet(reference.network, reference.program, Options())

    def samples(self, symbols, token=None):
        values = [self.reference.given[s] for s in symbols]
        return [(v if token is None or not s.type.batched else v[token]).tolist() for s, v in zip(symbols, values, strict=True)]

    @property
    def batch(self):
        program = self.reference.program
        return next((len(self.reference.given[s]) for s in (*program.inputs, *program.targets)), 1)

    @property
    def weights(self):
        return [{self.sheet.names[s]: self.reference.given[s].tolist() for s in self.sheet.learnt}] if self.sheet.learnt else []

    def calls(self):
        """One for each token, and one for all of them."""
        program = self.reference.program
        of_tokens = [[self.name, "forward", [*self.samples(program.inputs, t), *self.weights]] for t in range(self.batch)]
        of_all = [self.name, "gradients", [*self.samples(self.sheet.samples), *self.weights]]
        return of_tokens + [of_all] * self.sheet.learns

    def calls_of_learning(self, rate=0.3, steps=3):
        """One of `fit`, and one that does the same with `learn`."""
        samples = self.samples(self.sheet.samples)
        learn_often = f"[...Array({steps})].reduce((w) => learn(w, ...samples, {rate}).weights, weights)"
        self.text += f"export const learn_often = (weights, ...samples) => {learn_often};\n"
        return [[self.name, "fit", [*self.weights, *samples, rate, steps]], [self.name, "learn_often", [*self.weights, *samples]]]

    def values(self, results: Sequence):
        """By their symbols."""
        outputs, names = self.sheet.outputs, self.sheet.names
        values = {}
        for s in outputs:
            rows = [r if len(outputs) == 1 else r[names[s]] for r in results[: self.batch]]
            values[s] = np.array(rows if s.type.batched else rows[0], float)
            assert values[s].size == (self.batch if s.type.batched else 1) * prod(s.type.shape)
        if self.sheet.learns:
            values[self.reference.program.loss] = results[-1]["loss"]
            slopes = results[-1]["gradients"]
            assert [*slopes] == [names[s] for s in self.sheet.learnt]
            values |= {self.reference.program.gradients[s]: np.array(slopes[names[s]], float) for s in self.sheet.learnt}
        return values


def assert_agree(references, folder):
    """Outputs, loss and gradients of many diagrams, near enough for the terms that they are sums of."""
    files = []
    for k, reference in enumerate(references):
        try:
            files.append(JavaScriptFile(reference, f"net{k}"))
        except Refused as why:
            assert "a sum over the tokens" in str(why)
    calls = [file.calls() for file in files]
    results = call_all(folder, {file.name: file.text for file in files}, [call for some in calls for call in some])
    for file, some in zip(files, calls, strict=True):
        own, results = results[: len(some)], results[len(some) :]
        for symbol, value in file.values(own).items():
            reference = file.reference
            limit = 1e-11 * np.max(reference.scales.of[symbol], initial=0)
            expected = reference.values[symbol]
            message = f"{symbol.kind} {symbol.owner}\n{reference.diagram.text}\n{file.text}"
            np.testing.assert_allclose(value, expected, rtol=0, atol=limit, err_msg=message)
