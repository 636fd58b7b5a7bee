"""Diagnostics for programs."""

import json

import jsonschema

import flowc
from flowc.diagnostics import Diagnostic, Note
from flowc.diagnostics.codes import CODES
from flowc.diagnostics.reports import as_json, as_sarif
from flowc.source import Source, Span

SOURCE = Source("a b/é.flow", "input x\nf = 2*y\n")
PROBLEM = Diagnostic(
    "unknown-keyword",
    "there is no `y`",
    Span(14, 15),
    "error",
    (Note("here", Span(6, 7)), Note("and nowhere")),
    "try `x`",
)
WARNING = Diagnostic("mixed-scripts", "odd", Span(0, 5), "warning")


def test_json():
    report = json.loads(as_json([(SOURCE, [PROBLEM, WARNING])]))
    assert report["flowc"] == flowc.__version__
    first, second = report["diagnostics"]
    assert (first["severity"], first["code"], first["hint"]) == ("warning", "mixed-scripts", None)
    assert second == {
        "file": "a b/é.flow",
        "severity": "error",
        "code": "unknown-keyword",
        "message": "there is no `y`",
        "start": {"line": 2, "column": 7, "offset": 14},
        "end": {"line": 2, "column": 8, "offset": 15},
        "notes": [
            {
                "message": "here",
                "start": {"line": 1, "column": 7, "offset": 6},
                "end": {"line": 1, "column": 8, "offset": 7},
            },
            {"message": "and nowhere"},
        ],
        "hint": "try `x`",
    }


def test_names_that_are_no_text_are_spelled_out():
    report = as_json([(Source("\udcff.flow", SOURCE.text), [PROBLEM])])
    assert json.loads(report)["diagnostics"][0]["file"] == "\\udcff.flow"


MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
NUMBER = {"type": "integer", "minimum": 1}
LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation", "region"],
            "additionalProperties": False,
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {"uri": {"type": "string", "pattern": r"^[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+$"}},
                },
                "region": {
                    "type": "object",
                    "required": ["startLine", "startColumn", "endLine", "endColumn"],
                    "additionalProperties": False,
                    "properties": {k: NUMBER for k in ("startLine", "startColumn", "endLine", "endColumn")},
                },
            },
        },
        "id": {"type": "integer", "minimum": 0},
        "message": MESSAGE,
    },
    "additionalProperties": False,
}

# What the standard, SARIF 2.1.0, asks of the parts that are used here.
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "additionalProperties": False,
                                            "properties": {
                                                "id": {"type": "string"}, "shortDescription": MESSAGE, "help": MESSAGE,
                                            },
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": MESSAGE,
                                "locations": {"type": "array", "items": LOCATION},
                                "relatedLocations": {"type": "array", "uniqueItems": True, "items": LOCATION},
                            },
                        },
                    },
                },
            },
        },
    },
}  # fmt: skip


def checked(found):
    log = json.loads(as_sarif(found))
    jsonschema.validate(log, SARIF)
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])
    return run


def test_sarif():
    run = checked([(SOURCE, [PROBLEM, WARNING])])
    assert [r["level"] for r in run["results"]] == ["warning", "error"]
    second = run["results"][1]
    place = second["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/%C3%A9.flow"
    assert place["region"] == {"startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 8}
    assert [note["message"]["text"] for note in second["relatedLocations"]] == ["here"]
    rules = {rule["id"]: rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"]}
    assert rules == {name: CODES[name].summary for name in ("mixed-scripts", "unknown-keyword")}


def test_sarif_without_problems_and_of_odd_names():
    assert checked([(SOURCE, [])])["results"] == []
    for name in ["<stdin>", "/tmp/a b.flow", "c:d.flow", "\udcff.flow", "a#b?.flow", "-x.flow"]:
        run = checked([(Source(name, "x"), [WARNING])])
        uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.startswith("file:///") == name.startswith("/")
        assert "#" not in uri and "?" not in uri and not uri.startswith("c:")
