"""The words of documents: what they are read as, what goes with what, and that they are all of `flowc.render`'s."""

import pytest

from flowc.doors.documents.vocabulary import PICTURES, SHOWS, WORDS, Request, read_request
from flowc.doors.picture_options import PICTURE_OPTIONS
from flowc.doors.rendering import OF_TOKEN


def test_every_option_of_render_is_a_word_or_the_place_says_it():
    assert {*PICTURE_OPTIONS, *OF_TOKEN} - {*WORDS} == {"name", "width", "standalone", "id_prefix"}


@pytest.mark.parametrize(
    "options, show, read",
    [
        ({}, "structure", {}),
        ({"show": "picture"}, "structure", {}),
        ({"show": "picture", "row": "2"}, "values", {"row": 2}),
        ({"values": "x1=0  x=1,2"}, "values", {"values": {"x1": "0", "x": "1,2"}}),
        ({"show": "gradients", "loss": ""}, "gradients", {"loss": True}),
        ({"loss": "loss", "legend": "no"}, "structure", {"loss": True, "legend": False}),  # as superfences has a word alone
        ({"direction": "up", "many": "5", "alt": "A net"}, "structure", {"direction": "up", "many": 5, "alt": "A net"}),
        ({"steps": ""}, "steps", {"steps": ()}),
        ({"plot": "regions h1 f", "steps": "0,100"}, "plot", {"plot": ("regions", "h1", "f"), "steps": (0, 100)}),
        ({"plot": "loss w", "range": "-1,2 0,1"}, "plot", {"plot": ("loss", "w"), "range": [(-1.0, 2.0), (0.0, 1.0)]}),
        ({"show": "equations", "part": "forward", "digits": "3", "all": ""}, "equations", {"part": "forward", "digits": 3, "all": True}),
        ({"weights": "w.safetensors", "arrows": "both"}, "structure", {"weights": "w.safetensors", "arrows": "both"}),
        ({"blank": "h1,W[1,2]", "hide": "values", "row": "1"}, "values", {"blank": ("h1", "W[1,2]"), "hide": ("values",), "row": 1}),
        ({"show": "trace", "rate": "0.5"}, "trace", {"rate": 0.5}),
        ({"show": "code", "backend": "c"}, "code", {"backend": "c"}),
    ],
)
def test_options_are_read(options, show, read):
    assert read_request(options) == Request(show, read, {})


def test_sizes_are_of_everything():
    for show in SHOWS:
        assert read_request({"show": show, "set": "D=5 K=2"}).settings == {"D": 5, "K": 2}


def test_defaults_of_a_document_are_of_what_they_go_with():
    defaults = {"theme": "dark", "direction": "up", "rate": "2"}
    assert read_request({"theme": "light"}, defaults) == Request("structure", {"theme": "light", "direction": "up"}, {})
    assert read_request({"show": "trace"}, defaults) == Request("trace", {"rate": 2.0}, {})
    assert read_request({"show": "code"}, defaults) == Request("code", {}, {})


@pytest.mark.parametrize(
    "options, said",
    [
        ({"directoin": "up"}, "there is no option `directoin`; did you mean `direction`"),
        ({"show": "pictures"}, r"`show` is one of picture, .* \(did you mean `picture`\?\), not 'pictures'"),
        ({"direction": "left"}, "`direction` is one of right, up, not 'left'"),
        ({"loss": "maybe"}, "`loss` cannot be 'maybe'"),
        ({"show": "trace", "all": "maybe"}, "`all` is yes or no, not 'maybe'"),
        ({"row": "0"}, "a whole number from 1 on"),
        ({"row": "²"}, "a whole number from 1 on"),
        ({"many": "3"}, "`many` is a whole number from 5 on"),
        ({"values": "x1"}, "words NAME=VALUE"),
        ({"values": " "}, "words NAME=VALUE"),
        ({"set": "D=x"}, "words NAME=NUMBER"),
        ({"show": "trace", "rate": "nan"}, "a rate"),
        ({"plot": "region"}, "did you mean `regions`"),
        ({"plot": ""}, "activations, fit, regions, loss"),
        ({"plot": "fit", "range": "1"}, "`-1,2`"),
        ({"form": "nodes"}, "`form` is not of what is shown, `structure`, but of equations, code"),
        ({"show": "equations", "theme": "dark"}, "`theme` is not of what is shown"),
    ],
)
def test_what_is_wrong_is_said(options, said):
    with pytest.raises(ValueError, match=said):
        read_request(options)


def test_every_word_says_what_it_is():
    for word in WORDS.values():
        assert word.says and word.of and {*word.of} <= {*SHOWS}
    assert {*PICTURES} < {*SHOWS}
