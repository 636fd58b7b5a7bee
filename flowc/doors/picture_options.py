"""The options of a picture: one record each, which the command line, the magic, documents, `render` and `flowc.toml` follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Literal, get_args

from flowc.diagnostics.shorten import in_code
from flowc.diagnostics.suggest import closest
from flowc.drawing.draw import Drawing, OnArrows, Show
from flowc.drawing.exercise import Hidden, names_in
from flowc.drawing.formats import Ink
from flowc.drawing.sketch import LEAST
from flowc.nets.arguments import is_one_of
from flowc.records import Record

Shows = Show | Literal["steps"]
SHOWS = (*get_args(Show), "steps")
WIDEST = 20_000  # pixels of a PNG
MOST_DIGITS = 15


class PictureOption(Record):
    """`check` gives a value of Python or TOML as the pictures have it, and raises ValueError. `read`: what a word on a
    command line says, for `check`; None: nothing but `choices`, or a flag, that is or is not there."""

    name: str
    help: str
    check: Callable[[Any], Any]
    read: Callable[[str], Any] | None = None
    metavar: str = ""
    choices: tuple[str, ...] = ()

    @property
    def flag(self) -> bool:
        return self.read is None and not self.choices

    def parse(self, word: str) -> Any:
        """A word of a command line or a document. Raises ValueError."""
        if self.flag:
            return self.check({"": True, "yes": True, "true": True, "no": False, "false": False}.get(word.lower(), word))
        return self.check(word if self.read is None else self.read(word))


def _choice(name: str, choices: Sequence[str], help: str) -> PictureOption:
    def check(value: Any) -> Any:
        if not is_one_of(value, choices):
            raise ValueError(f"`{name}` is one of {', '.join(choices)}, not {in_code(value)}")
        return value

    return PictureOption(name, help, check, choices=tuple(choices))


def _flag(name: str, help: str) -> PictureOption:
    return PictureOption(name, help, _of_type(name, bool))


def _text(name: str, help: str, metavar: str = "TEXT") -> PictureOption:
    return PictureOption(name, help, _of_type(name, str), read=str, metavar=metavar)


def _of_type(name: str, kind: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if not isinstance(value, kind):
            raise ValueError(f"`{name}` cannot be {in_code(value)}")  # noqa: TRY004  as for all options
        return value

    return check


def _number(name: str, least: int, most: int | None, help: str, metavar: str = "N", why: str = "") -> PictureOption:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least or most is not None and value > most:
            reach = f"{least} {f'to {most}' if most else 'on'}"
            raise ValueError(f"`{name}` is a whole number from {reach}, not {in_code(value)}{why}")
        return value

    def read(word: str) -> int | str:
        return int(word) if word.isascii() and word.isdigit() and len(word) <= MOST_DIGITS else word

    return PictureOption(name, help, check, read, metavar)


def _list(name: str, help: str, choices: Sequence[str] = ()) -> PictureOption:
    """Of names; `a,b` or a list of them."""

    def check(value: Any) -> tuple[str, ...]:
        names = names_in(value) if isinstance(value, str) else tuple(value) if isinstance(value, (list, tuple)) else None
        silent = isinstance(value, str) and not names  # as of a shell's variable without a value: not what was to be hidden
        if names is None or silent or not all(isinstance(n, str) for n in names):
            raise ValueError(f"`{name}` takes names, not {in_code(value)}")
        for one in names:
            if choices and one not in choices:
                raise ValueError(f"`{name}` takes {' and '.join(choices)}, not {in_code(one)}")
        return names

    return PictureOption(name, help, check, read=str, metavar=",".join(choices).upper() or "NAMES")


WHAT = (
    _choice("show", SHOWS, "numbers of one token; backprop: values and gradients; steps: forward and backward, in one file, of SVG and PNG numbered ones"),
    _flag("loss", "targets and the loss, too"),
    _flag("captions", "under each step the equations that are computed in it"),
    _flag("listing", "beside each step the code in numpy, its lines marked"),
    _choice("vectors", ("column", "circle", "box"), "a vector as a column, or one circle or box"),
    _number("many", LEAST, None, "of a layer with more circles the middle is dots; 8", why=", since first, dots and last have to be seen"),
    _flag("compact", "for half a slide: names in large letters, no labels on arrows"),
    _flag("symbolic", "sizes, and the last index after dots, by the name of an `index`: x₁ … x_D"),
    _flag("inhibition", "arrows with negative weights end in a bar, as of nerves that inhibit"),
    _choice("arrows", get_args(OnArrows), "what stands on arrows: names of weights, numbers, or both, as w = 0.5"),
    _number("digits", 1, MOST_DIGITS, "of numbers, those that count; 3"),
    _list("blank", "an exercise: empty boxes in place of these numbers, `h1,W[1,2],x1->h1`"),
    _list("hide", "an exercise: weights or values are not there", get_args(Hidden)),
    _flag("legend", "always, or never; where needed by default"),
    _text("alt", "the sentence for those who do not see it, in place of flowc's"),
)
HOW = (
    _choice("direction", ("right", "up"), "where the arrows lead; right by default"),
    _choice("theme", ("light", "dark", "print", "auto"), "light by default"),
    _flag("background", "the page's colour behind the picture; by default behind a PNG"),
    _number("width", 1, WIDEST, "of a PNG", metavar="PIXELS"),
    _flag("standalone", "TikZ as a document of its own"),
    _text("id_prefix", "of an SVG's ids, as fig1; by default no two pictures share one", "NAME"),
)
PICTURE_OPTIONS: Mapping[str, PictureOption] = {o.name: o for o in (*WHAT, *HOW, _text("name", "of the picture, in its ids", "NAME"))}


def check_options(options: Mapping[str, Any], others: Sequence[str] = ()) -> dict[str, Any]:
    """The options that have a value, each as pictures have it; `others` may stand among them. Raises ValueError."""
    checked = {}
    for name, value in options.items():
        if name not in PICTURE_OPTIONS and name not in others:
            names = (*PICTURE_OPTIONS, *others)
            nearest = closest(name, names)
            raise ValueError(f"there is no option `{name}`; {f'did you mean `{nearest}`?' if nearest else ', '.join(names)}")
        if value is not None:
            checked[name] = PICTURE_OPTIONS[name].check(value) if name in PICTURE_OPTIONS else value
    return checked


def as_records(options: Mapping[str, Any]) -> tuple[Drawing, Ink]:
    """Options that are checked, as records."""
    drawing, ink = ({f.name: options[f.name] for f in fields(kind) if f.name in options} for kind in (Drawing, Ink))
    return replace(Drawing(), **drawing), replace(Ink(), **ink)
