"""The words that say in a document what a diagram shows, and how: one vocabulary for every place, each word a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from flowc.diagnostics.shorten import in_code
from flowc.diagnostics.suggest import closest
from flowc.doors import picture_options
from flowc.doors.equations import FORMS, GRADIENTS, TOKENS
from flowc.doors.picture_options import HOW, WHAT
from flowc.doors.tracing import read_rate
from flowc.nets.plotting.kinds import KINDS as PLOTS
from flowc.records import Record

PICTURES = picture_options.SHOWS
NUMBERS = (*(show for show in PICTURES if show != "structure"), "trace")
ALL = (*PICTURES, "equations", "code", "trace", "plot")
SHOWS = ("picture", *ALL)
TRUE, FALSE = ("", "true", "yes"), ("false", "no")
LARGEST_NUMBER = 10**9


class Word(Record):
    """An option. `read`: its value from the text of a document; raises ValueError with a sentence. `of`: what is shown with
    it. `says`: for the page of documents."""

    name: str
    read: Callable[[str], Any]
    of: tuple[str, ...]
    says: str


class Request(Record):
    """What a block of a document asks for. `options`: by name, read; of words that say what is shown, and how."""

    show: str
    options: Mapping[str, Any]
    settings: Mapping[str, int]

    def of(self, *names: str) -> dict[str, Any]:
        """Those of these options that are there."""
        return {name: self.options[name] for name in names if name in self.options}


def _read_flag(text: str) -> bool:
    word = text.strip().lower()
    if word not in (*TRUE, *FALSE):
        raise ValueError("is yes or no")
    return word in TRUE


def _reader_of_number(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 10 or not least <= int(text) <= LARGEST_NUMBER:
            raise ValueError(f"is a whole number from {least} on")
        return int(text)

    return read


def _read_rate(text: str) -> float:
    rate = read_rate(text)
    if rate is None:
        raise ValueError("is a rate, as 0.1")
    return rate


def _reader_of_choice(choices: Iterable[Any]) -> Callable[[str], str]:
    words = [*choices]

    def read(text: str) -> str:
        if text not in words:
            nearest = closest(text, words)
            raise ValueError(f"is one of {', '.join(words)}" + (f" (did you mean `{nearest}`?)" if nearest else ""))
        return text

    return read


def _read_pairs(text: str) -> dict[str, str]:
    """`x1=0 x=1,2` by name."""
    pairs = [word.partition("=") for word in text.split()]
    if not pairs or not all(name and sign and value for name, sign, value in pairs):
        raise ValueError("is words NAME=VALUE, as `x1=0 x2=1`")
    return {name: value for name, _, value in pairs}


def _read_sizes(text: str) -> dict[str, int]:
    import argparse

    from flowc.doors.cli.settings import setting

    try:
        return dict(setting(word) for word in text.split())
    except argparse.ArgumentTypeError:
        raise ValueError("is words NAME=NUMBER, as `D=5`") from None


def _read_steps(text: str) -> tuple[int, ...]:
    """Of learning; none where the word alone says that steps are shown."""
    return tuple(_reader_of_number(0)(word.strip()) for word in text.split(",")) if text.strip().lower() not in TRUE else ()


def _read_ranges(text: str) -> list[tuple[float, float]]:
    try:
        pairs = [tuple(float(number) for number in word.split(",")) for word in text.split()]
    except ValueError:
        pairs = []
    if not 1 <= len(pairs) <= 2 or any(len(pair) != 2 for pair in pairs):
        raise ValueError("is `-1,2`, or two of them: the horizontal and the vertical one")
    return [(low, high) for low, high in pairs]


def _read_plot(text: str) -> tuple[str, ...]:
    """`regions h1 f`: what is plotted, and of what."""
    kind, *names = text.split() or [""]
    return (_reader_of_choice(PLOTS)(kind), *names)


def _make_word(name: str, read: Callable[[str], Any], of: tuple[str, ...], says: str) -> Word:
    """A word whose reader ends the sentence that is begun here."""

    def reading(text: str) -> Any:
        try:
            return read(text)
        except ValueError as error:
            raise ValueError(f"`{name}` {error}, not {in_code(text)}") from None

    return Word(name, reading, of, says)


_NOT_HERE = ("show", "width", "standalone", "id_prefix")  # options of pictures that the place says itself
_OF_MORE = {"theme": ("plot",), "alt": ("plot",), "digits": ("equations", "trace")}  # besides pictures
_TOKEN_WORDS: Mapping[str, tuple[Callable[[str], Any], tuple[str, ...], str]] = {
    "values": (_read_pairs, NUMBERS, "inputs and targets, as `x1=0 x2=1`; a picture with them shows values"),
    "row": (_reader_of_number(1), NUMBERS, "the row of the diagram's data, from 1"),
    "weights": (str, (*PICTURES, "trace", "equations", "plot"), "learnt ones: a `.safetensors` file beside the document"),
    "seed": (_reader_of_number(0), (*PICTURES, "trace", "equations", "plot"), "of the weights' draws"),
}
_OWN_WORDS = (
    _make_word("form", _reader_of_choice((*FORMS, "functions", "module", "sequential")), ("equations", "code"), "of equations `nodes`, `layers`, `augmented`, `indexed`; of code as of `flowc compile`"),
    _make_word("part", str, ("equations", "trace", "code"), "of equations and traces `forward`, `loss`, `backward`, `update`; of code one function, as `forward`"),
    _make_word("gradients", _reader_of_choice(GRADIENTS), ("equations", "trace"), "`delta`: δ of an excitation; `partial`: ∂L/∂ξ throughout"),
    _make_word("tokens", _reader_of_choice(TOKENS), ("equations",), "of `one` token, or `all` of a batch"),
    _make_word("numbers", _read_flag, ("equations",), "numbers in place of the weights' names"),
    _make_word("all", _read_flag, ("equations", "trace"), "every line and term, however many"),
    _make_word("rate", _read_rate, ("trace",), "of the step, in place of the diagram's"),
    _make_word("backend", str, ("code",), "`numpy`, `torch`, `c`, `javascript`"),
    _make_word("style", str, ("code",), "`nodes`, `layers`, `fast`"),
    _make_word("gradient", str, ("code",), "`explicit`, `tape`, `autograd`"),
    _make_word("plot", _read_plot, ("plot",), "`activations`, `fit`, `regions`, `loss`, and names behind it: `regions h1 f`"),
    _make_word("steps", _read_steps, ("steps", "plot"), "alone: the same as `show=steps`; of a plot the steps of learning, as `0,100,2000`"),
    _make_word("range", _read_ranges, ("plot",), "what the axes show, as `-1,2`"),
    _make_word("soft", _read_flag, ("plot",), "shades of a node's value in `regions`"),
    _make_word("others", _reader_of_choice(("learnt", "start")), ("plot",), "where the `loss` leaves the other weights"),
)


def _make_picture_words() -> Iterator[Word]:
    """Every option that says how a picture is drawn."""
    for option in (*WHAT, *HOW):
        if option.name not in _NOT_HERE:
            yield Word(option.name, option.parse, (*PICTURES, *_OF_MORE.get(option.name, ())), option.help)


WORDS: dict[str, Word] = {
    word.name: word
    for word in (
        _make_word("show", _reader_of_choice(SHOWS), ALL, "what is shown; a `picture` by default"),
        *_make_picture_words(),
        *(_make_word(name, *rest) for name, rest in _TOKEN_WORDS.items()),
        _make_word("set", _read_sizes, ALL, "the size of an `index`, as `D=5`"),
        *_OWN_WORDS,
    )
}


def read_request(options: Mapping[str, str], defaults: Mapping[str, str] = {}) -> Request:
    """The options of a block, as texts by name; one without a value has its name, or nothing, for one. `defaults`: of the
    document; those that go with what the block shows. Raises ValueError."""
    values = {name: _read_word(name, text) for name, text in options.items()}
    usual = {name: _read_word(name, text) for name, text in defaults.items()}
    show = _find_show(values)
    for name in values:
        if show not in WORDS[name].of:
            raise ValueError(f"`{name}` is not of what is shown, `{show}`, but of {', '.join(WORDS[name].of)}")
    values = {name: value for name, value in usual.items() if show in WORDS[name].of} | values
    rest = {name: value for name, value in values.items() if name not in ("show", "set")}
    return Request(show, rest, values.get("set", {}))


def _read_word(name: str, text: str) -> Any:
    """Raises ValueError."""
    if name not in WORDS:
        nearest = closest(name, WORDS)
        raise ValueError(f"there is no option `{name}`; {f'did you mean `{nearest}`?' if nearest else ', '.join(WORDS)}")
    return WORDS[name].read("" if text == name else text)


def _find_show(values: Mapping[str, Any]) -> str:
    """What is shown: whoever names a plot, steps or a token says it, too."""
    show: str = values.get("show", "picture")
    if show != "picture":
        return show
    if "plot" in values or "steps" in values:
        return "plot" if "plot" in values else "steps"
    return "values" if "values" in values or "row" in values else "structure"
