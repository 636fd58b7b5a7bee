"""Packages as if they were installed: a folder with a module, and what an installer writes beside it."""

from pathlib import Path


def installed(site: Path, name: str, module: str, entry_points: str) -> Path:
    """The folder `site`, for the path of modules, with a module and its entry points."""
    site.mkdir(exist_ok=True)
    (site / f"{name}.py").write_text(module, encoding="utf-8")
    information = site / f"{name}-0.1.dist-info"
    information.mkdir(exist_ok=True)
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1\n", encoding="utf-8")
    (information / "entry_points.txt").write_text(entry_points, encoding="utf-8")
    return site
