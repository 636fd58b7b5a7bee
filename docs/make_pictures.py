"""Draws the pictures of these pages, and the sheet of all examples:  python docs/make_pictures.py"""

import json
import re
from pathlib import Path

import flowc
from flowc.drawing.label import Label
from flowc.drawing.lettering import outline
from flowc.drawing.raster import typeset

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"

PICTURES = {  # file -> example, and how it is drawn
    "xor.svg": ("xor", {}),
    "xor-values.svg": ("xor", {"values": {"x1": 0, "x2": 1}, "show": "values"}),
    "xor-up.svg": ("xor", {"direction": "up"}),
    "gradients.svg": ("worked_example", {"show": "gradients", "loss": True}),
    "backprop.svg": ("worked_example", {"show": "backprop", "loss": True}),
    "exercise.svg": ("worked_example", {"show": "backprop", "loss": True, "blank": "h1,w5,h2->o2"}),
    "softmax.svg": ("softmax", {}),
    "skip.svg": ("skip", {}),
    "step.svg": ("worked_example", {"show": "steps", "step": 12, "captions": True, "loss": True}),
    "listing.svg": ("xor", {"row": 2, "show": "steps", "step": 2, "captions": True, "listing": True}),
    "circles.svg": ("layers", {"vectors": "circle", "loss": True}),
    "compact.svg": ("layers", {"compact": True}),
    "boxes.svg": ("gru", {"vectors": "box"}),
}


def picture(name):
    example, options = PICTURES[name]
    folder = HERE / "unit" if (HERE / "unit" / f"{example}.flow").exists() else EXAMPLES
    options = {**options}
    step = options.pop("step", None)
    drawn = flowc.render(folder / f"{example}.flow", "svg", id_prefix=name.removesuffix(".svg"), background=True, **options)
    return drawn if step is None else drawn[step - 1]


SHEET = """#set page(width: 1200pt, height: auto, margin: 16pt, fill: white)
#set text(font: "DejaVu Sans Mono", size: 11pt)
#grid(columns: 4, gutter: 18pt, ..json("names.json").map(name => align(center + horizon, stack(
  spacing: 8pt, image(name + ".svg", width: 100%, height: 190pt, fit: "contain"), name))))
"""


def contact_sheet(folder=EXAMPLES, options=lambda path: {}):
    """Every diagram of a folder, four in a row, under its name."""
    paths = sorted(folder.glob("*.flow"))
    files = {f"{path.stem}.svg": flowc.render(path, **options(path)).encode() for path in paths}
    files["names.json"] = json.dumps([path.stem for path in paths]).encode()
    return typeset(SHEET, files, format="png", ppi=110.0)


def unit_sheet():
    return contact_sheet(HERE / "unit", options_on_page)


def options_on_page(path):
    """Those of the command that `unit.md` names for a diagram."""
    words = re.search(rf"^\| {path.stem} \| ([^|]*)\|", (HERE / "unit.md").read_text(encoding="utf-8"), re.MULTILINE)[1].replace("`", "").split()
    options = {}
    for word in words:
        if word.startswith("--"):
            options[last := word.removeprefix("--")] = True
        else:
            options[last] = word
    return options


FOUR = """#set page(width: 940pt, height: auto, margin: 14pt, fill: white)
#set text(font: "DejaVu Sans Mono", size: 13pt)
#let cell(title, body) = block(width: 100%, height: 225pt, stroke: 0.6pt + luma(200), radius: 6pt, inset: 14pt)[
  #text(font: "New Computer Modern", size: 11pt, fill: luma(110))[#title]
  #v(1fr) #body #v(1.2fr)
]
#grid(columns: (1fr, 1fr), gutter: 12pt,
  cell("the text", raw(read("diagram.flow"), block: true)),
  cell("the picture", align(center, image("picture.svg", width: 96%))),
  cell("the equations", align(center, image("equations.svg", height: 170pt))),
  cell("the code", raw(read("code.py"), lang: "python", block: true)),
)
"""


def four():
    """The text, the picture, the equations and the code of XOR, side by side."""
    flow = flowc.load(EXAMPLES / "xor.flow")
    source = (EXAMPLES / "xor.flow").read_text(encoding="utf-8").split("data")[0]
    files = {
        "diagram.flow": re.sub(r" *#.*", "", source).strip(),
        "picture.svg": flowc.render(flow),
        "equations.svg": aligned(flow.equations("latex", part="forward")),
        "code.py": re.sub(r" *#.*", "", forward(flow.compile().source)).strip(),
    }
    return typeset(FOUR, {name: text.encode() for name, text in files.items()}, format="png", ppi=120.0)


def forward(source):
    """The function `forward` of a printed file."""
    return re.search(r"^def forward.*?(?=^\S)", source, re.MULTILINE | re.DOTALL)[0]


def aligned(latex, size=22.0, step=38.0):
    """The lines of an `align*` as SVG, their signs of equality one below the other."""
    lines = [line.strip().removesuffix("\\\\").strip().split(" &= ") for line in latex.splitlines() if "&=" in line]
    sides = [tuple(outline(Label("", side), size) for side in line) for line in lines]
    sign, middle = outline(Label("", "="), size), max(left.box[2] for left, _ in sides) + 9
    paths = []
    for k, (left, right) in enumerate(sides, 1):
        places = (left, middle - 9 - left.box[2]), (sign, middle), (right, middle + 24)
        paths += [(part, x, k * step) for part, x in places]
    width = middle + 24 + max(right.box[2] for _, right in sides)
    shapes = "".join(f'<path transform="translate({x:.2f} {y:.2f})" d="{o.path}"/>' for o, x, y in paths)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.2f} {(len(sides) + 0.5) * step:.2f}">{shapes}</svg>'


if __name__ == "__main__":
    for name in PICTURES:
        (HERE / name).write_text(picture(name), encoding="utf-8")
    (HERE / "contact-sheet.png").write_bytes(contact_sheet())
    (HERE / "unit-sheet.png").write_bytes(unit_sheet())
    (HERE / "four.png").write_bytes(four())
