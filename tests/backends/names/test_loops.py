"""The same of the loops that learn: they end where `flowc train` ends, whatever the parts of the diagram are called."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

import flowc
from tests.backends.names.diagrams import CHAINS, LEARN, SCALARS, VECTORS, Template
from tests.backends.names.vocabulary import identifiers, unlike_others
from tests.backends.scripts import FORMS, agree, executed, script, trained


def learns(text: str, folder: Path, form: str, how: str, kind: str = "") -> tuple[Path, str]:
    """The diagram in a file, and its loop; with a `kind`, its table stands in a file of that kind beside it."""
    body, _, end = text.partition("data {\n")
    rows, _, _ = end.partition("\n}")
    path = folder / "net.flow"
    path.write_text(f'{body}data "net.{kind}"\ntrain {how}\n' if kind else f"{body}data {{\n{rows}\n}}\ntrain {how}\n")
    if kind == "csv":
        table = [line.replace("|", " ").split() for line in rows.splitlines()]
        (folder / "net.csv").write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in table))
    elif kind == "npz":
        data = flowc.loads(text).data()
        assert data is not None
        _write_npz(folder / "net.npz", data.arrays)
    return path, script(path, *FORMS[form])


def _write_npz(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Arrays of any names, also those of the arguments of numpy's `savez`."""
    with ZipFile(path, "w") as file:
        for name, array in arrays.items():
            with file.open(f"{name}.npy", "w") as entry:
                np.save(entry, array)


def tried(template: Template, block: int, folder: Path, form: str, how: str, kind: str = "") -> None:
    _, plain = learns(unlike_others(template, block), folder, form, how, kind)
    names = sorted(identifiers(plain))
    size = -(-len(names) // len(template.roles)) if block > 1 else 1
    for text in template.texts(names, size):
        path, loop = learns(text, folder, form, how, kind)
        agree(executed(loop, folder), trained(path), 1e-9)


@pytest.mark.parametrize("how", LEARN)
@pytest.mark.parametrize("form", ["numpy", "torch", "optimizer", "module"])
def test_formulas(form: str, how: str, tmp_path: Path) -> None:
    tried(SCALARS, 16, tmp_path, form, how)


@pytest.mark.parametrize("kind", ["", "csv", "npz"])
@pytest.mark.parametrize("form", ["layers", "explicit", "module_optimizer"])
def test_tables_and_files(form: str, kind: str, tmp_path: Path) -> None:
    tried(VECTORS, 12, tmp_path, form, LEARN[1], kind)


@pytest.mark.parametrize("form", ["module", "sequential", "sequential_optimizer"])
def test_chains(form: str, tmp_path: Path) -> None:
    tried(CHAINS, 1, tmp_path, form, LEARN[0])
