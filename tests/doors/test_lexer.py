"""The lexer for Pygments."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, String

from tests.doors.command import EXAMPLES, ROOT

GOOD = [*EXAMPLES.glob("*.flow"), *(ROOT / "tests/syntax/good").glob("*.flow")]
WORDS = ["flow", "index", "input", "target", "node", "nodes", "output", "weight", "edges", "loss", "data", "train"]


def lexed(text):
    return [(kind, part) for _, kind, part in get_lexer_by_name("flow").get_tokens_unprocessed(text)]


def of(kind, text):
    return [part for found, part in lexed(text) if found in kind]


def test_it_is_found_by_the_name_of_a_file():
    assert type(get_lexer_for_filename("xor.flow")) is type(get_lexer_by_name("flow"))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_a_diagram_is_lexed_without_errors(path):
    text = path.read_bytes().decode()
    found = lexed(text)
    assert "".join(part for _, part in found) == text
    assert not [part for kind, part in found if kind in Error]


PARTS = [*"xW1. \n\r;:,~^T@|#\"'()[]{}=-→", *(f"{word} " for word in WORDS)]


@given(st.text() | st.lists(st.sampled_from(PARTS)).map("".join))
def test_any_text_is_lexed_whole(text):
    assert "".join(part for _, part in lexed(text)) == text


def test_keywords_are_keywords_where_a_statement_begins():
    text = "".join(f"{word} x\n" for word in WORDS)
    assert of(Keyword, text) == WORDS
    assert of(Keyword, "index D = 2; input x[D]; output f") == ["index", "input", "output"]


@pytest.mark.parametrize("behind", [" -> h", "→h", ", x -> h", " = 2", "[1] -> h", "_"])
@pytest.mark.parametrize("word", WORDS)
def test_keywords_are_names_elsewhere(word, behind):
    assert not of(Keyword, f"{word}{behind}\n")
    assert of(Keyword, f"input {word}\n") == ["input"]
    assert not of(Keyword, f"h = max(x,\n{word}, {word})\n")
    assert of(Keyword, f"data {{ {word} | f\n {word} 1 | 0 }}\n") == ["data"]


def test_what_is_what():
    text = (
        'flow a "t"\nnode h[0..9] "ξ" : tanh, k : leaky_relu(.1)\nx -> h : W ~ normal(0, 1)  # c\nf = −2e-3*W^T @ h\n'
    )
    assert of(Name.Class, text) == ["a"]
    assert of(String, text) == ['"t"', '"ξ"']
    assert of(Name.Function, text) == ["tanh", "leaky_relu", "normal"]
    assert of(Operator, text) == ["..", "->", "~", "=", "−", "*", "^T", "@"]
    assert of(Number, text) == ["0", "9", ".1", "0", "1", "2e-3"]
    assert of(Comment, text) == ["# c"]


def test_numbers_of_a_table_have_their_signs():
    assert of(Number, "data { x y | f\n -1 +.5 | −2e3\n}\n") == ["-1", "+.5", "−2e3"]


def test_what_no_diagram_holds_is_an_error():
    assert of(Error, "input x\nf = x > 2 ! 'a\n") == [">", "!", "'"]
    found = lexed("f = $\ninput x\n")  # and the next statement begins anew
    assert (Keyword, "input") in found and all(a != b for a, b in pairwise(found))
