"""Names in letters of any script, in every role: printed code keeps them, and no number changes."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from flowc.nets.verifying.ways import Way
from tests.backends.names.diagrams import CHAINS, LEARN, SCALARS, VECTORS
from tests.backends.names.test_loops import learns
from tests.backends.names.test_names import WAYS, held
from tests.backends.scripts import agree, executed, trained

# Latin, Cyrillic, kana and kanji, Greek, hats; right to left; other alphabets; beyond 16 bits; digits; what is no identifier's;
# names that two rules might make one.
NAMES = [
    "größe", "вес", "重み", "α", "ξ_größe", "x̂", "xhat", "ŷ", "yhat", "grosse", "Größe", "ς", "σ", "xi", "ξ", "xi_ξ", "d_α", "λ", "мир", "naïve",
    "משקל", "وزن", "무게", "წონა", "քաշ", "ክብደት", "कमल", "กลม", "𐌰𐌹", "x٣", "h١", "h1", "x⃝", "x_u20dd", "x⃗", "x_u20d7", "β_1", "β1", "größe_", "_ж",
]  # fmt: skip


@pytest.mark.parametrize("template, block", [(SCALARS, 10), (VECTORS, 8)], ids=["scalars", "vectors"])
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_values_gradients_and_tests(template, block: int, way: Way) -> None:
    for text in template.texts(NAMES, -(-len(NAMES) // len(template.roles))):
        held(text, way)


@pytest.mark.parametrize("way", [WAYS[1], WAYS[-1], Way("torch", "nodes", None, None, "sequential")], ids=str)
def test_chains(way: Way) -> None:
    for text in CHAINS.texts(NAMES, 1):
        held(text, way)


@pytest.mark.parametrize("form, how", [*product(["numpy", "torch", "module"], LEARN[:2])])
def test_loops_of_formulas(form: str, how: str, tmp_path: Path) -> None:
    for text in SCALARS.texts(NAMES, -(-len(NAMES) // len(SCALARS.roles))):
        path, loop = learns(text, tmp_path, form, how)
        agree(executed(loop, tmp_path), trained(path), 1e-9)


@pytest.mark.parametrize("form, kind", [*product(["layers", "module_optimizer"], ["", "csv", "npz"])])
def test_loops_of_tables_and_files(form: str, kind: str, tmp_path: Path) -> None:
    for text in VECTORS.texts(NAMES, -(-len(NAMES) // len(VECTORS.roles))):
        path, loop = learns(text, tmp_path, form, LEARN[1], kind)
        agree(executed(loop, tmp_path), trained(path), 1e-9)
