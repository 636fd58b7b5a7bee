"""One sign where another belongs, and statements run together."""

from __future__ import annotations

from flowc.syntax.wording.mistake import Mistake
from flowc.syntax.wording.shared import DECLARING, Said, rest, shown


def wrong_sign(m: Mistake) -> Said:
    """`=` where `:` belongs, and the reverse."""
    types = [t.type for t in m.tokens]
    if m.word == "=":
        if m.kind in DECLARING:
            message = "an activation follows `:`; an equation stands on a line of its own"
            return "activation-after-equals", message, ""
        if "_ARROW" in types and "COLON" not in types:
            return "weight-after-equals", "the weight follows `:`, not `=`", f"write `: {rest(m)}`"
        if "EQUAL" in types and not m.brackets:
            return "odd-operator", "an equation has one `=`", "write a line for each"
        if "COMMA" in types and m.kind in ("NAME", *DECLARING):
            return "left-side", "an equation defines one name", "write a line for each"
        if m.kind == "TRAIN":
            return "missing-parenthesis", f"`{m.tokens[-1]} = …` stands in parentheses", "as `train gd(rate=0.1)`"
    if m.word == ":":
        if m.kind == "WEIGHT":
            return (
                "odd-operator",
                "a weight's value follows `=` or `~`",
                "`=` keeps it there, `~` lets it learn from there",
            )
        if m.kind == "INDEX":
            return "odd-operator", "an index's range follows `=`", ""
        if "EQUAL" in types and not m.brackets and "_ARROW" not in types:
            message = "an equation has no `:`"
            return "odd-operator", message, "the activation is a function on the right side: `f = step(…)`"
        if m.brackets:
            return "odd-operator", "a range is written `1..2`", ""
        if m.kind in DECLARING and "COLON" in types:
            return "odd-operator", "a node has one activation", ""
    if m.word == "~" and m.kind in DECLARING:
        return "missing-keyword", "`~` is for weights; a node has an activation after `:`", ""
    if m.word == "~" and "_ARROW" in types and "COLON" not in types:
        return "missing-colon", "`:` is missing before `~`", "write `: ~`"
    if m.word == "~" and "_ARROW" in types and "TILDE" not in types:
        hint = "declare the weight, `weight w ~ 1`, and write here what it is multiplied by, `: -w`"
        return "unexpected-text", "before `~` an arrow has a weight's name alone", hint
    if m.word == "->" and "EQUAL" in types:
        return "odd-operator", "an equation has no arrow", "an equation and an arrow are two statements"
    if m.word in ("->", "→") and "COLON" in types:
        return (
            "odd-operator",
            "the weight ends an arrow statement: nothing follows it",
            "write the chain first, `a -> b -> c : w`",
        )
    return None


def factor_on_target(m: Mistake) -> Said:
    types = [t.type for t in m.tokens]
    if m.word in ("*", "/", "+", "-", "−", "^", "@") and "_ARROW" in types and "COLON" not in types:
        return (
            "unexpected-text",
            "an arrow points at nodes, not at an expression",
            "numbers and weights stand after `:`",
        )
    return None


def range_bounds(m: Mistake) -> Said:
    negative = [t.type for t in m.tokens[-2:]] == ["MINUS", "NUMBER"] and m.kind in (*DECLARING, "WEIGHT", "INDEX")
    if negative and m.word in ("]", ",", "", "\n", ";"):
        return "empty-range", f"a size of -{m.tokens[-1]} holds nothing", "a size is 1 or more, or a range `-1..1`"
    if m.tokens and str(m.tokens[-1]) == "..":
        if m.word in ("", "\n", ";", "]", ","):
            return "incomplete", "the range has no end after `..`", "as `1..9`"
        return "not-whole", f"a range ends at a number, not at `{m.word}`", "as `1..9`"
    if m.kind == "INDEX" and m.word[:1].isdigit() and m.last == "COMMA":
        hint = "numbers are written as a range, `1..3`; other elements stand in quotes"
        return "unexpected-text", f"`{m.word}` is no name of an element", hint
    return None


def declared_too_much(m: Mistake) -> Said:
    if m.kind in (*DECLARING, "WEIGHT", "INDEX") and m.word in ("->", "→"):
        return "odd-operator", "an arrow cannot stand in a declaration", "draw it on a line of its own"
    if m.kind in (*DECLARING, "WEIGHT", "INDEX") and m.last == "NAME" and m.word in ("-", "−"):
        return "odd-character", "a name holds no `-`", f"write `{m.tokens[-1]}_1`"
    if m.kind == "FLOW" and len(m.tokens) > 1 and m.word not in ("=", "->"):
        hint = 'as `flow xor "The exclusive or"`'
        return "unexpected-text", f"`flow` has a name and a title in quotes; `{shown(m)}` is neither", hint
    return None


def list_in_loss(m: Mistake) -> Said:
    if m.kind != "LOSS":
        return None
    if m.last == "RSQB" and len(m.tokens) > 1 and m.tokens[1].type == "LSQB":
        return "loss-list", "a loss without a name cannot begin with `[`", "give it a name: `loss L = [1, 2] @ f`"
    return None
