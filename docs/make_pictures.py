"""Draws the pictures of these pages, and the sheet of all examples:  python docs/make_pictures.py"""

from pathlib import Path

import flowc
from flowc.drawing.raster import sheet

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"

PICTURES = {  # file -> example, and how it is drawn
    "xor.svg": ("xor", {}),
    "xor-values.svg": ("xor", {"values": {"x1": 0, "x2": 1}, "show": "values"}),
    "xor-up.svg": ("xor", {"direction": "up"}),
    "gradients.svg": ("worked_example", {"show": "gradients", "loss": True}),
    "softmax.svg": ("softmax", {}),
    "skip.svg": ("skip", {}),
    "circles.svg": ("layers", {"vectors": "circle", "loss": True}),
}


def picture(name):
    example, options = PICTURES[name]
    return flowc.render(EXAMPLES / f"{example}.flow", "svg", name=name.removesuffix(".svg"), background=True, **options)


def contact_sheet():
    """Every example, four in a row, under its name."""
    paths = sorted(EXAMPLES.glob("*.flow"))
    return sheet({path.stem: flowc.render(path, "svg") for path in paths}, columns=4)


if __name__ == "__main__":
    for name in PICTURES:
        (HERE / name).write_text(picture(name), encoding="utf-8")
    (HERE / "contact-sheet.png").write_bytes(contact_sheet())
