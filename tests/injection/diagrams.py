"""Diagrams with a text in every field that holds words: titles, labels, comments, elements, classes in tables."""

from __future__ import annotations

import flowc
from flowc.diagnostics.error import FlowError

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def words(count: int) -> list[str]:
    """As many texts that are nothing but words."""
    return [f"word{LETTERS[k // 26]}{LETTERS[k % 26]}" for k in range(count)]


def quoted(text: str) -> str | None:
    """The text between quotes that it does not hold; None where it cannot be written so."""
    mark = next((mark for mark in "\"'" if mark not in text), None)
    return None if mark is None else f"{mark}{text}{mark}"


def accepted(line: str) -> bool:
    """Whether a diagram may hold this line."""
    try:
        flow = flowc.loads(f"input x\noutput f\nf = x\n{line}\n")
    except FlowError:
        return False
    return bool(flow.network.nodes)


def writable(texts: list[str]) -> list[str]:
    """Those that a label, a comment and an element's name may be. What a diagram refuses cannot get out of it."""
    return [t for t in texts if (q := quoted(t)) and accepted(f"# {t}\ninput y {q}  # {t}\nindex k = word, {q}")]


def scalars(texts: list[str]) -> str:
    """Scalar nodes: for every text a plain label, a label between dollars, and comments."""
    first, count = quoted(texts[0]), range(len(texts))
    return "\n".join([
        *(f"# {text}" for text in texts),
        f"flow it {first}",
        *(f"input x{k} {quoted(text)}  # {text}" for k, text in enumerate(texts)),
        "target y " + str(quoted(texts[-1])),
        "weight w ~ 1  # " + texts[0],
        *(f"node g{k} {quoted(f'${text}$')}\ng{k} = tanh({k + 1}*x{k} + w)  # {text}" for k, text in enumerate(texts)),
        f"output f {quoted(f'${texts[-1]}$')}",
        f"f = {' + '.join(f'g{k}' for k in count)}  # {texts[-1]}",
        f"loss mse(f, y)  # {texts[0]}",
        f"data {{\n {' '.join(f'x{k}' for k in count)} | y\n {' '.join('1' for _ in count)} | 2  # {texts[0]}\n}}",
        f"train gd(rate=0.1, steps=2)  # {texts[0]}\n",
    ])  # fmt: skip


def classes(texts: list[str]) -> str:
    """Vectors over elements with these names, which are classes in a table, too."""
    names = [quoted(text) for text in texts]
    rows = "\n".join(f"  {k} | {name}" for k, name in enumerate(names))
    return "\n".join([
        f"flow it {names[-1]}",
        f"index kind = {', '.join(map(str, names))}",
        "input x\ntarget y[kind]",
        f"node h[kind] {quoted(f'${texts[0]}$')} : tanh",
        f"output p[kind] {names[0]} : softmax",
        "x -> h : W ~ normal(0, 0.1)\nh -> p : V ~ 0\n1 -> p : b ~ 0",
        "loss cross_entropy(p, y)",
        f"data {{\n  x | y\n{rows}\n}}",
        "train gd(rate=0.1, steps=2)\n",
    ])  # fmt: skip
