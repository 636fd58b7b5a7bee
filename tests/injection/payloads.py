"""Texts that would be more than text somewhere: each stands in every field of a diagram that holds words."""

from __future__ import annotations

import os

ALL = os.environ.get("FLOWC_INJECTION") == "all"

_MARKUP = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "</svg>", "</text></svg>", "</title><b>",
    "</style>", "<!-- x -->", "-->", "<![CDATA[x]]>", "]]>", "<?xml version='1.0'?>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<b>",
    "a<b", "a>b", "<a href=javascript:alert(1)>x</a>", "<br/>", "</pre>", "</code>", "</math>", "<mtext>", "<foreignObject>", "<x",
    "&lt;b&gt;", "&amp;", "&#60;b&#62;", "&#x3c;b&#x3e;", "&unknown;", "&", "a & b", "&nbsp;", "&lt", "&#0;", "&#xD800;",
]
_MARKDOWN = [
    "[x](javascript:alert(1))", "![x](http://a.example/b.png)", "[x]: http://a.example", "**bold**", "_it_ __is__", "`code`", "``", "a ` b",
    "```", "~~~", "# head", "- item", "1. item", "> quote", "---", "===", "| a | b |", "|", "a|b", "\\|", "$x$", "$$", "$", "`$x$`", "$`x`$",
    "~~out~~", "<http://a.example>", "http://a.example", "\\", "\\\\", "\\<b>", "!", "[^1]", "[ ]", ":smile:", "@me", "#1", "*", "***",
    "](x)", "[", "![", "](", "[a][b]", "x](y \"z\")", "[x]{}(y)",
]
_LATEX = [
    r"\input{/etc/passwd}", r"\write18{touch here}", r"\immediate\write18{id}", r"\def\x{y}", r"\csname x\endcsname", r"\end{document}",
    r"\end{tikzpicture}", r"\begin{verbatim}", r"\catcode`\%=12", r"\href{a}{b}", r"\url{a}", r"\unicode{x3c}", r"\require{html}", r"\newline",
    r"\\", r"\\[1ex]", r"\par", "^^41", "^^M", "^^5cinput", "#1", "##", "%", "50% off", "a_b", "a^b", "{", "}", "}{", "{}", "}}}{{{", "$}", "}$",
    r"\{", r"\}", r"\$", r"\%", r"\(", r"\)", r"\[", r"\]", "~", r"\,", r"\ ", r"\text{<b>}", r"\text{a_b}", r"\text{\alpha}", r"\text{a|b}",
    r"\mathrm{<}", r"\frac{<b>}{x}", r"\frac{a}{b}", r"\hat{x}", r"\hat{x}_t", r"x^2'", "x''", "x'^2", "x_1^2", "x^{a}_{b}", "x_{a}_{b}", "x^a^b",
    r"\sqrt{x}", r"\sqrt[3]{x}", r"\alpha\beta", r"\operatorname{a b}", r"\operatorname{<b>}", r"\mathcal{L}", r"\unknown", r"\left(", "'", "''",
    r"\lt", r"\gt", r"\over", r"{a \over b}", r"x\tag{1}", r"\color{red}x", r"\style{color:red}{x}", r"\class{a}{x}", r"\cssId{a}{x}", "x < y > z",
    r"\text{x < 5}", r"\text{a{b}c}", r"\text{`}", r"`x`", r"x`", r"\mathrm{a`b}", "a&b", r"\begin{matrix}a\end{matrix}", r"\vec{\frac{a}{b}}",
    r"\text{(C:\dir)}", r"x\!y", r"\sum_{i}^{n}", r"\prime", r"x^\prime", r"x^{\prime}'", r"\boldsymbol{w}", r"-x", "--", "---", "<=", "<<", ">>",
    "a -- b", "`quoted'", "``quoted''", ",,low", "!`", "?`", "|x|", "x;", "[1]", "(1)", "a/b", "a:b", "a,b", "a=b", 'a"b', "@", "*", "+", "-", ".",
]
_PYTHON = [
    '"""', "'''", '""" + x + """', "'; import os", '"; import os', "\\", "\\n", "\\N{DASH}", "\\x41", "\\u0041", "{x}", "{{", "}}", "{0}", "%s", "%(a)s",
    "f'{x}'", "# noqa", "# type: ignore", "-*- coding: utf-7 -*-", "coding: latin-1", "# fmt: off", "__import__('os')", "None", "True",
    "lambda", "x = 1", "assert 0", "r'\\'", "ends with \\", '" "', "' '", "'\"", "\"'", ")", "(", ");", "):", "]", "@x", ":=", "\\\\\\", "eval(x)",
]
_SHELL = ["$(id)", "`id`", "; id", "| id", "&& id", "> a", "$HOME", "${HOME}", "*", "?", "~", "!!", "-rf", "--help", "-o", "a b", "a'b", 'a"b', "%PATH%", "^"]
_BRACES = ["*/", "/*", "*/ alert(1); /*", "//", "*/}", "${alert(1)}", "??/", "<!--<script>", "</script", "@returns {x} */", "// # sourceMappingURL=x"]
_DATA = ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "a,b", "a;b", "a\tb", '"a"', "a\"b", "nan", "inf", "1e9", "0x10", "1_0", "null", "true", "NaN", "[1]", "{}"]
_PATHS = ["../x", "/etc/passwd", "..", ".", "C:\\x", "file:///x", "a/b", "con", "a.py", "a:b", "-", "--", "~root", "a//b"]
_SIGNS = [
    "\x00", "\x01", "\x07", "\x08", "\x09", "\x0a", "\x0b", "\x0c", "\x0d", "\x0d\x0a", "\x1b[31m", "\x1b]0;x\x07", "\x1c", "\x1d", "\x1e", "\x1f",
    "\x7f", "\x80", "\x85", "\x9b31m", "\xa0", "\xad", "\u034f", "\u061c", "\u115f", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f",
    "\u2028", "\u2029", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2060", "\u2066", "\u2067", "\u2068", "\u2069", "\u2800", "\u3000",
    "\u3164", "\ufeff", "\ufff9", "\ufffc", "\ufffd", "\ufffe", "\uffff", "\ue000", "\ud800", "\udc80", "\udfff", "\U000e0001", "\U000e0041",
    "\U000f0000", "\U0001f600", "\U0001f469\u200d\U0001f4bb", "\u0301", "x\u0302\u0303\u0304", "\u05e9\u05dc\u05d5\u05dd", "\u0639\u0631\u0628\u064a",
    "\u4e2d\u6587", "\u0e44\u0e17\u0e22", "\u1100\u1161", "\ufb01", "\uff1c\uff1e", "\ufe64", "\u2039\u203a", "\u226e", "\u00b5", "\u212b", "\u2126", "\u00df",
    "\u0130", "\u0131", "\u017f", "\u1e9e", "\u03c2", "\u00e4\u00f6\u00fc", "caf\u00e9", "cafe\u0301", "\u201cq\u201d", "\u2014", "\u2212", "\u00d7",
]  # fmt: skip

BASES = list(dict.fromkeys([*_MARKUP, *_MARKDOWN, *_LATEX, *_PYTHON, *_SHELL, *_BRACES, *_DATA, *_PATHS, *_SIGNS]))
AROUND = ["{}", "a{}b", "{} {}"]  # alone, within a word, twice


def payloads() -> list[str]:
    """A thousand and more, each once."""
    found = [around.replace("{}", text) for text in BASES for around in AROUND]
    return list(dict.fromkeys([*found, "w" * 300, "<b>" * 100, "\\" * 99, "{" * 60, "(" * 99, "'" * 50, "x" * 40 + "\u2028" + "y"]))
