"""A page in Debian's Chromium, and packages of npm; what needs them skips where they are not installed."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def opened_page(path, query=""):
    """A file in a browser without a network."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("`chromium` (Debian: chromium) is not installed")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            page = browser.new_page()
            errors: list[str] = []
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(f"{path.as_uri()}{query}")
            yield page
            assert not errors
        finally:
            browser.close()


def find_node_package(name):
    """Where a package of npm is: in $NODE_PATH, or installed for all by `npm install --global`."""
    npm = shutil.which("npm")
    places = [*filter(None, os.environ.get("NODE_PATH", "").split(os.pathsep))]
    if npm is not None:
        places.append(subprocess.run([npm, "root", "--global"], check=True, capture_output=True, text=True).stdout.strip())
    for place in places:
        if (Path(place) / name / "package.json").exists():
            return Path(place) / name
    pytest.skip(f"`{name}` of npm is in none of the folders of $NODE_PATH")
