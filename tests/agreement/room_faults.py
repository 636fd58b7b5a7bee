"""Faults in the rooms between a program and its text, passes and trees of code, each in a line that a hand may slip in.

Nothing is trained or run for them: the interpreter sees what a pass has done, and Python's own parser what a tree has become.
"""

from __future__ import annotations

from typing import Any

from flowc.backends.code import tree
from tests.agreement.faults import Fault
from tests.agreement.source_faults import edited

# What it is, in which function of the room, the words there, the words instead.
PASSES = (
    ("what stands beside a product and its bias is lost",
     "affine:with_affine", "[(1, product.symbol), *rest]", "[(1, product.symbol)]"),
    ("a product that is used twice is fused with one of its biases",
     "affine:with_affine", "and uses[s.symbol] == 1", ""),
    ("a bias that is subtracted is added",
     "affine:_affine_terms", "if sign > 0 and isinstance(a, Symbol)", "if isinstance(a, Symbol)"),
    ("an activation and what arrives at it change places",
     "backward:_pull_activation", "args=(d, h)", "args=(h, d)"),
    ("a copy that has a name is lost",
     "copies:without_copies", "and is_part(step.symbol) ", ""),
    ("an array of a weight that stands elsewhere, too, is a parameter",
     "descent:_join_arrays", "and all(uses[a] == 1 for a in step.args)", ""),
    ("a parameter is forgotten beside an array of others",
     "descent:descent", "(*(w for w in weights if w not in within), *parts)", "(*parts,) if parts else weights"),
    ("a term of the design matrix loses its sign",
     "design_matrix:_Design._matrix_of_terms", "float(t.sign)", "1.0"),
    ("sums that differ in a sign share a matrix",
     "design_matrix:_Design._matrix_of_terms", "(t.sign, t.factors)", "(1, t.factors)"),
    ("what is no column keeps its place but not its sign",
     "design_matrix:_Design._gather_terms", "(1, *(s for s, _ in rest))", "(1, *(1 for s, _ in rest))"),
    ("the logarithm of a softmax forgets what was taken off",
     "exponentials:_share_exponentials", "args=(z, log.symbol)", "args=(xi, log.symbol)"),
    ("two parts of a formula are one",
     "formulas:opened", "number += 1", "number += 0"),
    ("what is made at the start is lost behind the loop",
     "hoist:hoisted", "{**phases, ONCE: once", "{ONCE: once"),
    ("what is handed on to the loop is made in its reverse order",
     "hoist:hoisted", "loop[::-1]", "loop"),
    ("arrays of numbers are made behind what takes them",
     "literals:in_file", "{FILE: file, **rest}", "{**rest, FILE: file}"),
    ("arrays lose the names that they have in the file",
     "literals:in_file", "names={moved.get(s, s): name for s, name in names.items()}", "names={}"),
    ("the passes of `forward` are those of its gradients",
     "passes:_of_arrays", '(GRADIENTS, *sharing', '(FORWARD, *sharing'),
    ("a part of a name and a number is made of numbers alone",
     "numbers:_number_of_step", "len(numbers) < len(step.args) or not numbers", "not numbers"),
    ("any power is a square",
     "products:_factors_of", "and step.args[1] == 2 ", ""),
    ("a number for each token is as good as a vector",
     "products:_factors_of", "or type_of(a) != type_of(b) ", ""),
    ("gradients come without the loss that they are of",
     "results:gradients", "[*([program.loss] if program.loss else []), *program.gradients.values()]",
     "program.gradients.values()"),
    ("a gradient that is another value's is taken for zero",
     "results:felt", "isinstance(s.op, Copy) and s.args == (0.0,)", "isinstance(s.op, Copy)"),
    ("the factor before a quotient is lost",
     "scales:_split_quotient", "return factor, divisor.symbol", "return 1.0, divisor.symbol"),
    ("a sum over the tokens that nothing changes is set up before them",
     "tokens:round_by_round", " and not isinstance(s.op, Reduce)]", "]"),
    ("a sum over the tokens is made before them",
     "tokens:_phases_by_token", "isinstance(step.op, Reduce) or type_of(step.symbol).batched", "type_of(step.symbol).batched"),
)  # fmt: skip
CODE = (
    ("a sum behind a minus has no brackets",
     "python:_spell_sum", "_at_least(term, t.PRODUCT)) for sign", "_at_least(term, t.SUM)) for sign"),
    ("a quotient behind a divisor has no brackets",
     "python:_spell_product", "_at_least(factor, t.SIGN)", "_at_least(factor, t.PRODUCT)"),
    ("a power of a negative number has no brackets",
     "python:_spell_power", "_at_least(x.base, t.PRIMARY)", "_at_least(x.base, t.SIGN)"),
    ("a product in an exponent has no brackets",
     "python:_spell_power", "_at_least(x.exponent, t.SIGN)", "_at_least(x.exponent, t.PRODUCT)"),
    ("the negative of a sum is that of its first term",
     "python:_spell_negative", "_at_least(x.operand, t.POWER)", "_at_least(x.operand, t.SUM)"),
    ("a value and its condition change places",
     "python:_spell_conditional", '[("", value), ("if", condition)', '[("", condition), ("if", value)'),
    ("a condition inside a condition has no brackets",
     "python:_spell_conditional", "_at_least(x.condition, t.COMPARE)", "spelled(x.condition)"),
    ("`or` inside `and` has no brackets",
     "python:_spell_compare", "t.COMPARE if joins and not _is_joint(operand) else t.SUM", "t.COMPARE"),
    ("a tuple of one has no comma",
     "python:_spell_tuple", '",)" if lonely else ")"', '")"'),
    ("a slice loses its step",
     "python:_spell_slice", 'f"{text}:{flat(x.step)}" if x.step else text', "text"),
    ("braces of a text are taken for a value's",
     "python:_spell_part", ".translate(BRACES)", ""),
    ("a number is read with six digits",
     "quote:Reader._read_constant", "if value is None",
     'if isinstance(value, float):\n        return t.Number(f"{value:.6g}")\n    if value is None'),
    ("columns of a line are counted in letters",
     "quote:Reader._read_constant", "self.lines[node.lineno - 1].encode()[node.col_offset : node.end_col_offset].decode()",
     "self.lines[node.lineno - 1][node.col_offset : node.end_col_offset]"),
    ("the entries of a dictionary are handed on as its keys",
     "quote:Reader.read_arguments", 't.Starred(x, "**")', "t.Starred(x)"),
    ("defaults are those of the first parameters",
     "quote_statements:StatementReader.read_parameters",
     "[None] * (len(plain) - len(arguments.defaults)) + [*arguments.defaults]",
     "[*arguments.defaults] + [None] * (len(plain) - len(arguments.defaults))"),
    ("lines that stay lose their indentation",
     "quote_statements:StatementReader._quote", "line[node.col_offset :]", "line.strip()"),
    ("what a lambda is called with is not filled",
     "fill:_fill_field", "_fill_field(arguments, holes))", "arguments)"),
    ("the branches of a decided `if` change places",
     "fill:_splice_parts", "body if holds else otherwise", "otherwise if holds else body"),
    ("names in quoted lines are not seen",
     "scope:_collect_names", "into |= part.uses", "pass"),
    ("a part of an array is taken for a value",
     "scope:variables", "t.Attribute | t.Index", "t.Attribute"),
    ("a text that is cut loses the blanks there",
     "python_words:text_lines", "drop_whitespace=False", "drop_whitespace=True"),
    ("an operator is lost where a line ends",
     "layout:_fill_lines", "current + glue.lstrip(" + '" "), tail)', "current, tail)"),
    ("the last argument on a line of its own has no comma",
     "layout:_break_inside", 'lines_of(e, deeper, comma, inner=True)', 'lines_of(e, deeper, "", inner=True)'),
    ("`a += b` is `a = b`",
     "build:assign", "value, operator)", "value)"),
    ("a class that is chosen from loses its base",
     "template:Templates.chosen", "reader.read_all(node.bases)", "()"),
    ("a function that gets another name keeps its own",
     "template:Templates.variant", "t.Function(called", "t.Function(name"),
    ("`elif` is an `if` of its own",
     "python_statements:_print_if", '_print_if(other, indent, "elif")', "_print_if(other, indent)"),
    ("what is entered gets no name",
     "python_statements:_print_with", '(f" as {flat(name)}" if name else "")', '""'),
    ("a number that begins with a digit may begin a name",
     "names:in_ascii", "or k and c.isdigit()", "or c.isdigit()"),
    ("a name with a sign's number in it is the sign's",
     "names:in_unicode", "escaped = _NUMBERED.sub(_of_its_own, text)", "escaped = text"),
)  # fmt: skip


def every() -> list[Fault]:
    passes = [Fault(f"program.passes.{f}: {words}", edited(f"program.passes.{f}", a, b), "passes") for words, f, a, b in PASSES]
    code = [Fault(f"backends.code.{f}: {words}", edited(f"backends.code.{f}", a, b), "code") for words, f, a, b in CODE]
    return [*passes, *code, *levels()]


def levels() -> list[Fault]:
    """How tightly kinds of trees bind, wrong."""

    def set_level(kind: Any, level: int) -> Any:
        return lambda m: m.setattr(kind, "level", level)

    kinds = ((tree.Lambda, "a function"), (tree.Not, "`not a`"), (tree.Negative, "the negative of a value"))
    return [
        Fault(f"backends.code.tree: {words} binds as a name does", set_level(kind, tree.PRIMARY), "code")
        for kind, words in kinds
    ]
