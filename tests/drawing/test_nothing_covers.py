"""Small random nets with every kind of number in them: in the finished picture no label covers anything."""

import random
from itertools import combinations, pairwise

import numpy as np
import pytest

import flowc
from flowc.doors.rendering import drawn
from flowc.drawing.geometry import around, crosses, overlap, sampled, touches_circle
from flowc.drawing.lettering import size_of
from flowc.drawing.picture import Disk, Lettering, Panel, Stroke
from tests.agreement.profile import FACTOR

SHOWS = ("structure", "values", "gradients", "backprop", "steps")
COUNT = round(10 * (FACTOR or 1))


def small_net(seed: int) -> tuple[str, dict[str, list[float]]]:
    """Layers of scalars, now and then a skip; its text, and a token whose numbers are large, small or plain."""
    pick = random.Random(seed)
    sizes = [pick.randint(1, 4) for _ in range(pick.randint(2, 4))]
    layers = [[f"{letter}{k}" for k in range(1, size + 1)] for letter, size in zip("xhku", sizes)]
    layers[-1] = [f"f{k}" for k in range(1, sizes[-1] + 1)]
    functions = [pick.choice(["tanh", "logistic", "relu", "identity"]) for _ in sizes]
    lines = [f"input {', '.join(layers[0])}", f"target {', '.join(f't{k}' for k in range(1, sizes[-1] + 1))}"]
    for names, function in zip(layers[1:-1], functions):
        lines.append(f"node {', '.join(f'{n} : {function}' for n in names)}")
    lines.append(f"output {', '.join(f'{n} : {functions[-1]}' for n in layers[-1])}")
    for before, after in pairwise(layers):
        lines += [f"{a} -> {b} : w_{a}_{b} ~ {pick.choice([0.5, -1.25, 1e-7, 12345.5, -0.0123456])}" for a in before for b in after]
        lines += [f"1 -> {b} : b_{b} ~ {pick.choice([0.1, -3.5e-6])}" for b in after if pick.random() < 0.7]
    if len(layers) > 2 and pick.random() < 0.4:
        lines.append(f"{layers[0][0]} -> {layers[2][0]} : skip ~ -0.75")
    errors = " + ".join(f"(f{k} - t{k})^2" for k in range(1, sizes[-1] + 1))
    lines.append(f"loss {errors}")
    names = (*layers[0], *(f"t{k}" for k in range(1, sizes[-1] + 1)))
    return "\n".join(lines), {name: pick.choice([0.05, -1, 3.25e-6, 1234.5]) for name in names}


def assert_nothing_covered(picture):
    letters = [(g, m) for g in picture.groups for m in g.marks if isinstance(m, Lettering)]
    boxes = [(g, around(m.middle, *size_of(m.label, m.size)), m.label.text) for g, m in letters]
    for (g, a, said), (k, b, other) in combinations(boxes, 2):
        assert not overlap(a, b) or g is k and g.kind == "node", (said, other)
    circles = {g.name: m for g in picture.groups for m in g.marks if isinstance(m, Disk) and g.kind == "node"}
    panels = {g.name: m.box for g in picture.groups for m in g.marks if isinstance(m, Panel) and g.kind == "node"}
    arrows = {g.name: sampled(m.curve) for g in picture.groups for m in g.marks if isinstance(m, Stroke) and g.kind == "arrow"}
    for group, box, said in boxes:
        assert not any(touches_circle(box, d.center, d.radius) for name, d in circles.items() if name != group.name), said
        assert not any(overlap(box, panel) for name, panel in panels.items() if name != group.name), said
        foreign = {name: line for name, line in arrows.items() if group.kind != "weight" or f"weight-{name}" != group.name}
        assert not any(crosses(line, box) for line in foreign.values()) or group.kind == "node", said


@pytest.mark.parametrize("direction", ["right", "up"])
@pytest.mark.parametrize("show", SHOWS)
@pytest.mark.parametrize("seed", range(COUNT))
def test_labels_cover_nothing(seed, show, direction):
    text, token = small_net(seed)
    options = {"show": show, "direction": direction, "loss": True}
    if show != "structure":
        options["values"] = token
    with np.errstate(all="ignore"):
        pictures, _ = drawn(flowc.loads(text), options)
    for picture in pictures[:: max(1, len(pictures) // 3)]:
        assert_nothing_covered(picture)


@pytest.mark.parametrize("on_arrows", ["numbers", "both"])
@pytest.mark.parametrize("seed", range(COUNT))
def test_numbers_of_weights_cover_nothing(seed, on_arrows):
    text, token = small_net(seed)
    for options in ({"arrows": on_arrows}, {"arrows": on_arrows, "show": "values", "values": token, "digits": 6}):
        (picture,), _ = drawn(flowc.loads(text), options)
        assert_nothing_covered(picture)


@pytest.mark.parametrize("direction", ["right", "up"])
def test_an_exam_of_two_four_and_one_has_all_its_numbers_and_gradients(direction):
    hidden = ["h1", "h2", "h3", "h4"]
    lines = ["input x1, x2", "target y", f"node {', '.join(hidden)} : logistic", "output f"]
    lines += [f"{a} -> {b} : w_{a}_{b} ~ {0.15 + 0.05 * k:.2f}" for k, (a, b) in enumerate((a, b) for b in hidden for a in ("x1", "x2"))]
    lines += [f"{h} -> f : v_{h} ~ -{k}.5" for k, h in enumerate(hidden)]
    lines += ["1 -> h1 : b ~ 0.35", "1 -> f : c ~ 0.6", "loss (f - y)^2"]
    token = {"x1": 0.05, "x2": 0.1, "y": 0.01}
    (picture,), _ = drawn(flowc.loads("\n".join(lines)), {"show": "backprop", "loss": True, "direction": direction, "values": token})
    assert_nothing_covered(picture)
    labels = {g.name: g.marks for g in picture.groups if g.kind == "weight"}
    ends = [f"{x}-{h}" for x in ("x1", "x2") for h in hidden] + [f"{h}-f" for h in hidden]
    assert [len(labels[f"weight-{end}"]) for end in ends] == [2] * 12
