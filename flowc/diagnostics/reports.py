"""Diagnostics for programs: JSON for scripts and editors, SARIF for code hosts and their checks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from flowc import __version__
from flowc.diagnostics.codes import CODES
from flowc.diagnostics.diagnostic import Diagnostic
from flowc.diagnostics.render import in_order
from flowc.source import Source, Span

Found = Iterable[tuple[Source, Iterable[Diagnostic]]]  # each file with its diagnostics


def as_json(found: Found) -> str:
    """`{"diagnostics": [...]}`. Lines and columns count characters from 1, offsets from 0; ends are exclusive."""
    items = [_diagnostic_object(source, d) for source, diagnostics in found for d in in_order(diagnostics)]
    return json.dumps({"flowc": __version__, "diagnostics": items}, indent=2)


def _diagnostic_object(source: Source, d: Diagnostic) -> dict[str, Any]:
    notes = [
        {"message": note.message, **(_range_object(source, note.span) if note.span is not None else {})} for note in d.notes
    ]
    return {
        "file": _name_as_text(source.name), "severity": d.severity, "code": d.code, "message": d.message,
        **_range_object(source, d.span), "notes": notes, "hint": d.hint or None,
    }  # fmt: skip


def _name_as_text(name: str) -> str:
    """A file's name as text; bytes that are none are spelled out, since JSON cannot hold them."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _range_object(source: Source, span: Span) -> dict[str, Any]:
    return {"start": _point_object(source, span.start), "end": _point_object(source, max(span.start, span.end))}


def _point_object(source: Source, offset: int) -> dict[str, int]:
    offset = min(offset, len(source.text))
    line, column = source.position(offset)
    return {"line": line, "column": column, "offset": offset}


# -------------------------------------------------------------------------------------------------------------- SARIF


def as_sarif(found: Found) -> str:
    """A SARIF 2.1.0 log with one run; a rule for every code that occurs."""
    listed = [(source, d) for source, diagnostics in found for d in in_order(diagnostics)]
    codes = sorted({d.code for _, d in listed})
    driver = {"name": "flowc", "version": __version__, "semanticVersion": __version__, "rules": [*map(_rule_object, codes)]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result_object(source, d, codes.index(d.code)) for source, d in listed],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule_object(code: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": code}
    if code in CODES:
        rule["shortDescription"] = {"text": CODES[code].summary}
    rule["help"] = {"text": f"flowc explain {code}"}
    return rule


def _result_object(source: Source, d: Diagnostic, rule: int) -> dict[str, Any]:
    message = f"{d.message}\n{d.hint}" if d.hint else d.message
    result = {
        "ruleId": d.code, "ruleIndex": rule, "level": d.severity,
        "message": {"text": message}, "locations": [_location_object(source, d.span)],
    }  # fmt: skip
    related = [
        {"id": number, "message": {"text": note.message}, **_location_object(source, note.span)}
        for number, note in enumerate(d.notes)
        if note.span is not None
    ]
    return {**result, "relatedLocations": related} if related else result


def _location_object(source: Source, span: Span) -> dict[str, Any]:
    start, end = _point_object(source, span.start), _point_object(source, max(span.start, span.end))
    region = {
        "startLine": start["line"], "startColumn": start["column"],
        "endLine": end["line"], "endColumn": end["column"],
    }  # fmt: skip
    return {"physicalLocation": {"artifactLocation": {"uri": _uri_of(source.name)}, "region": region}}


def _uri_of(name: str) -> str:
    """A relative reference, or file: for an absolute path; bytes that are no text are escaped as they are."""
    path = PurePath(name)
    if path.is_absolute():
        return path.as_uri()
    relative = quote(path.as_posix() if name else name, errors="surrogateescape")
    return f"./{relative}" if re.match(r"[^/]*:", relative) else relative
