"""All pages of a PDF on one picture, small: to be looked at, and compared with their last known picture."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

from PIL import Image

ACROSS, GAP = 5, 6
DOTS = 34  # to the inch


def pages_of(pdf: Path) -> list[Image.Image]:
    """By pdftoppm."""
    count = int(subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout.split("Pages:")[1].split()[0])
    pages = []
    for number in range(1, count + 1):
        command = ["pdftoppm", "-r", str(DOTS), "-f", str(number), "-l", str(number), "-png", str(pdf)]
        pages.append(Image.open(BytesIO(subprocess.run(command, check=True, capture_output=True).stdout)).convert("RGB"))
    return pages


def make_sheet(pdf: Path) -> Image.Image:
    pages = pages_of(pdf)
    width, height = pages[0].size
    rows = -(-len(pages) // ACROSS)
    sheet = Image.new("RGB", (ACROSS * (width + GAP) + GAP, rows * (height + GAP) + GAP), "#888888")
    for k, page in enumerate(pages):
        sheet.paste(page, place_of(k, page.size))
    return sheet.quantize(64, dither=Image.Dither.NONE)


def place_of(number: int, size: tuple[int, int]) -> tuple[int, int]:
    """The upper left corner of a page, by its number from 0."""
    row, column = divmod(number, ACROSS)
    return GAP + column * (size[0] + GAP), GAP + row * (size[1] + GAP)
