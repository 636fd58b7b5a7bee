"""Whether an output holds what people wrote as words alone. Each judge raises AssertionError."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from functools import lru_cache
from html.parser import HTMLParser
from xml.etree import ElementTree

import mistune

from flowc.backends.code.names import may_stand

SVG, MATHML = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1998/Math/MathML}"
PICTURE = {
    "svg": {"width", "height", "viewBox", "role", "aria-labelledby"}, "title": {"id"}, "desc": {"id"}, "style": set(),
    "g": {"id", "class", "fill", "stroke", "stroke-width"}, "circle": {"cx", "cy", "r"}, "rect": {"x", "y", "width", "height", "rx"},
    "path": {"d", "transform", "stroke-linejoin", "stroke-linecap", "opacity"},
    "text": {"x", "y", "font-size", "font-family", "text-anchor"},
}  # fmt: skip
PAINT = {"class", "fill", "stroke", "stroke-width", "stroke-dasharray"}
FORMULA = {
    "math", "mtable", "mtr", "mtd", "mrow", "mtext", "mi", "mo", "mn", "msub", "msup", "msubsup", "mfrac", "msqrt", "mroot", "mover", "munder",
    "munderover", "mspace", "mstyle", "mpadded", "mphantom", "menclose", "semantics",
}  # fmt: skip


def python(text: str, plain: str) -> None:
    """The same code as of plain words, but for the strings in it."""
    assert all(c.isascii() or may_stand(c) for c in text) and "\r" not in text
    assert code(text) == code(plain)


@lru_cache(maxsize=16)  # that of plain words is asked for with each text
def code(text: str) -> str:
    """The tree without its strings; names, some of which are made of elements' names, as numbers in their order."""
    tree = _Apart().visit(ast.parse(text))
    numbers: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
        for field in ("id", "arg", "name"):
            name = getattr(node, field, None)
            if isinstance(name, str) and not isinstance(node, ast.alias):
                setattr(node, field, numbers.setdefault(name, f"_{len(numbers)}"))
    return ast.dump(tree)


C_TOKEN = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|[A-Za-z_]\w*|\S', re.DOTALL)


def c(text: str, plain: str) -> None:
    """The same code as of plain words, but for comments, strings and the names of things."""
    assert "\r" not in text and "??" not in text
    assert code_tokens(text, C_TOKEN) == code_tokens(plain, C_TOKEN)


@lru_cache(maxsize=16)
def code_tokens(text: str, token_of: re.Pattern[str]) -> list[str]:
    """Without comments, strings empty, names by the order in which they come."""
    numbers: dict[str, str] = {}
    tokens = []
    for token in token_of.findall(text):
        if token.startswith(("/*", "//")):
            assert "/*" not in token[2:] and all(c.isascii() or may_stand(c) for c in token)
        elif token.startswith('"'):
            assert all(c.isascii() and c.isprintable() or may_stand(c) for c in token)
            tokens.append('""')
        elif token[0].isalpha() or token[0] == "_":
            tokens.append(numbers.setdefault(token, f"_{len(numbers)}"))
        else:
            assert token.isascii()
            tokens.append(token)
    return tokens


SCRIPT_TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|`[^`]*`|[A-Za-z_]\w*|\S', re.DOTALL)


def javascript(text: str, plain: str) -> None:
    """As in C; and nothing ends the script of a page that the text stands in, or begins another line."""
    assert not re.search(r"</|<!|[\r\u2028\u2029]", text)
    assert code_tokens(text, SCRIPT_TOKEN) == code_tokens(plain, SCRIPT_TOKEN)


class _Apart(ast.NodeTransformer):
    """`a = b = 0.0` in statements of their own: where such a line breaks hangs on the length of names. Without what is done for
    terminals that lack a letter."""

    def visit_Import(self, node: ast.Import) -> ast.stmt | None:
        return None if node.names[0].name == "sys" else node

    def visit_If(self, node: ast.If) -> ast.stmt | None:
        self.generic_visit(node)
        return None if "reconfigure" in ast.dump(node.test) else node

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        if not isinstance(node.value, ast.Constant):
            return [node]
        return [ast.Assign(targets=[target], value=ast.Constant(node.value.value)) for target in node.targets]


def svg(text: str, plain: str) -> None:
    for element in ElementTree.fromstring(text).iter():
        name = element.tag.removeprefix(SVG)
        assert set(element.attrib) <= PICTURE[name] | PAINT, element.attrib
    shown = [e.text or "" for e in ElementTree.fromstring(text).iter() if e.tag.endswith(("title", "desc", "text"))]
    assert all(is_printable(words) for words in shown)


ALIGNED = r"(text-align: -webkit-(left|right)(; padding-(left|right): 0)?|font-weight: bold)?"  # the styles that flowc writes


def mathml(text: str, plain: str) -> None:
    for element in ElementTree.fromstring(text).iter():
        assert element.tag.removeprefix(MATHML) in FORMULA, element.tag
        assert not any(name.startswith("on") or name in ("href", "src") for name in element.attrib)
        assert re.fullmatch(ALIGNED, element.get("style", "")), element.attrib
        assert not re.search(r"\\[A-Za-z]+", element.text or "") or element.tag.endswith("mtext"), element.text


def markdown(text: str, plain: str) -> None:
    """No element of HTML, no link and no picture, for a parser that allows all of them; as many blocks as of plain words."""
    tokens, expected = blocks_of(text), blocks_of(plain)
    kinds = set(_kinds(tokens))
    assert not kinds & {"block_html", "inline_html", "link", "image"}, kinds
    assert [t["type"] for t in tokens] == [t["type"] for t in expected]
    bare = re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", text)
    assert is_printable(text) and all(len(re.findall(r"(?<!\\)\$", line)) % 2 == 0 for line in bare.split("\n"))


@lru_cache(maxsize=16)
def blocks_of(text: str):
    return mistune.create_markdown(renderer="ast", escape=False, plugins=["table", "strikethrough"])(text)


def _kinds(tokens):
    for token in tokens:
        yield token["type"]
        yield from _kinds(token.get("children") or [])


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _ in attrs)))


def html(text: str, plain: str) -> None:
    """The same elements with the same attributes, apart from how often those of letters stand."""
    found, expected = _Tags(), _Tags()
    found.feed(text)
    expected.feed(plain)
    assert set(found.tags) <= set(expected.tags) | {("span", ("class",))}, set(found.tags) - set(expected.tags)


COMMANDS = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
SPECIAL = {"textbackslash", "textasciitilde", "textasciicircum", "{", "}", "$", "&", "#", "%", "_"}


def latex(text: str, plain: str) -> None:
    """Groups that are whole, mathematics that ends, and no command but those of plain words, of letters and of labels."""
    from flowc.maths import labels

    known = {*COMMANDS.findall(plain), *SPECIAL, *labels.COMMANDS, ",", ";", ":", "!", " ", "\\", "in", "text", "textbar"}
    known |= {"textquotesingle", "textasciigrave", "left", "right", "fontsize", "selectfont", "small", "footnotesize", "scriptsize", "colon"}
    assert "^^" not in text
    depth = 0
    mathematics = False
    for line in text.split("\n"):
        line = re.sub(r"(?<!\\)((?:\\\\)*)%.*", r"\1", line)
        for found in re.finditer(r"\\([A-Za-z]+|.)|([{}$])|(.)", line):
            if found[1]:
                assert found[1] in known, found[0]
            elif found[2] == "$":
                mathematics = not mathematics
            elif found[2]:
                depth += 1 if found[2] == "{" else -1
                assert depth >= 0
    assert depth == 0 and not mathematics
    assert is_printable(text)


def as_json(text: str, plain: str) -> None:
    assert _shape(json.loads(text)) == _shape(json.loads(plain))


def _shape(value):
    if isinstance(value, dict):
        return [_shape(v) for v in value.values()]
    if isinstance(value, list):
        return [_shape(v) for v in value]
    return type(value).__name__ if not isinstance(value, int | float) else "number"


def as_csv(text: str, plain: str) -> None:
    found, expected = (list(csv.reader(io.StringIO(t), strict=True)) for t in (text, plain))
    assert [len(row) for row in found] == [len(row) for row in expected]


def terminal(text: str, plain: str) -> None:
    """Nothing that a terminal obeys."""
    assert is_printable(text), [c for c in text if not c.isprintable() and c != "\n"]


def is_printable(text: str) -> bool:
    return all(c.isprintable() or c in "\n\t" for c in text)
