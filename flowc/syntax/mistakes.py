"""All syntax errors of a text that does not parse: where each is, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lark import Token, UnexpectedInput

from flowc.diagnostics.diagnostic import Diagnostic, Note
from flowc.source import Source, Span
from flowc.syntax.limits import MISTAKES
from flowc.syntax.lines import cut
from flowc.syntax.machine import machine
from flowc.syntax.newlines import TooDeep, too_deep
from flowc.syntax.wording import word
from flowc.syntax.wording.mistake import Mistake
from flowc.syntax.wording.unclosed import unclosed_bracket, unclosed_text

_WORD = re.compile(
    r"""[^\W\d][\w\u0300-\u036f]*|[0-9]+(\.(?!\.)[0-9]*)?([eE][+-]?[0-9]+)?|\.[0-9]+|"[^"\n]*"|'[^'\n]*'|->|\.\."""
)


def mistakes(source: Source) -> list[Diagnostic]:
    """The problems of every logical line, in order; at least one."""
    parts = cut(source.text)
    problems = [unclosed_bracket(source, at) for at in parts.brackets[:MISTAKES]]
    problems += [unclosed_text(source, at) for at in parts.texts[:MISTAKES]]
    broken = sorted((*parts.brackets, *parts.texts))
    for block in _split_blocks(parts.lines, broken):
        _examine_lines(source, block, problems)
        if len(problems) >= MISTAKES:
            break
    problems = problems or [_unexplained_problem(source)]
    return sorted(problems, key=lambda p: p.span)[:MISTAKES]


def _split_blocks(lines: tuple[Span, ...], broken: list[int]) -> Iterator[tuple[Span, ...]]:
    """Stretches of neighbouring lines in which nothing is left open."""
    block: list[Span] = []
    places = iter(broken)
    place = next(places, None)
    for line in lines:
        is_broken = False
        while place is not None and place < line.end:
            is_broken, place = True, next(places, None)
        if is_broken:
            yield tuple(block)
            block = []
        else:
            block.append(line)
    yield tuple(block)


def _examine_lines(source: Source, lines: tuple[Span, ...], problems: list[Diagnostic]) -> None:
    """Adds the problems of these lines. Halves the stretch until it parses, or is one line."""
    if not lines or len(problems) >= MISTAKES:
        return
    lark, build = machine()
    offset = lines[0].start
    text = source.text[offset : lines[-1].end]
    build.begin(text)
    try:
        lark.parse(text)
    except TooDeep as error:
        problems.append(_shift_problem(too_deep(error.span), offset))
    except UnexpectedInput:
        if len(lines) == 1:
            problems.append(_explain_line(source, lines[0]))
        else:
            middle = len(lines) // 2
            _examine_lines(source, lines[:middle], problems)
            _examine_lines(source, lines[middle:], problems)
        return
    problems += [_shift_problem(p, offset) for p in (*build.problems, *build.names.problems)]


def _shift_problem(problem: Diagnostic, offset: int) -> Diagnostic:
    def move(span: Span) -> Span:
        return Span(span.start + offset, span.end + offset)

    notes = tuple(Note(n.message, n.span and move(n.span)) for n in problem.notes)
    return replace(problem, span=move(problem.span), notes=notes)


def _explain_line(source: Source, line: Span) -> Diagnostic:
    return word(_meet_mistake(source, line))


def _meet_mistake(source: Source, line: Span) -> Mistake:
    """Reads a line that does not parse up to its mistake."""
    lark, build = machine()
    text = source.text[line.start : line.end]
    build.begin(text)
    interactive = lark.parse_interactive(text)
    tokens: list[Token] = []
    try:
        for token in interactive.lexer_thread.lex(interactive.parser_state):
            interactive.feed_token(token)
            tokens.append(token)
        at = (tokens[-1].end_pos or 0) if tokens else 0
        word = ""
    except UnexpectedInput as error:
        at = min(error.pos_in_stream or 0, len(text))
        match = _WORD.match(text, at)
        word = match.group() if match else text[at : at + 1]
    span = Span(line.start + at, line.start + at + len(word))
    brackets = tuple(line.start + at for at in _open_brackets(tokens))
    return Mistake(source, line, tuple(tokens), word, span, frozenset(interactive.accepts()), brackets)


def _open_brackets(tokens: list[Token]) -> list[int]:
    stack: list[int] = []
    for token in tokens:
        if token.type in ("LPAR", "LSQB", "LBRACE"):
            stack.append(token.start_pos or 0)
        elif token.type in ("RPAR", "RSQB", "RBRACE") and stack:
            stack.pop()
    return stack


def _unexplained_problem(source: Source) -> Diagnostic:
    """Every line parses and the whole does not: said plainly rather than not at all."""
    return Diagnostic("unexpected-text", "the text does not parse as a whole", Span(0, 0))
