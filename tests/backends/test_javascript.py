"""JavaScript: what node computes agrees with the interpreter; where it can be, bit for bit with numpy."""

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import flowc
from flowc.backends.backend import Options, Refused
from flowc.backends.code.tree import Name
from flowc.backends.javascript import JavaScriptBackend
from flowc.backends.javascript.words import JavaScriptWords
from flowc.nets.verifying.reference import Reference
from flowc.testing.strategies import diagrams
from tests.backends.javascript_module import NODE, JavaScriptFile, assert_agree, call_all, run_file

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.flow"))
needs_node = pytest.mark.skipif(NODE is None, reason="needs node, to run JavaScript")
XOR_LEARNT = Path(__file__).parents[2] / "examples" / "xor_learnt.flow"


def text_of(diagram, **options):
    flow = flowc.loads(diagram) if isinstance(diagram, str) else flowc.load(diagram)
    reference = Reference.of(flow)
    return JavaScriptBackend().emit(reference.network, reference.program, Options(**options)).text


@needs_node
def test_every_example_agrees(tmp_path):
    assert_agree([Reference.of(flowc.load(path)) for path in EXAMPLES], tmp_path)


@needs_node
def test_every_example_passes_its_own_test_and_prints_its_table(tmp_path):
    texts = {path.stem: text_of(path) for path in EXAMPLES}
    calls = [[name, part, []] for name, text in texts.items() for part in ("selftest", "table") if f"export function {part}(" in text]
    results = call_all(tmp_path, texts, calls)
    expected = {"selftest": "ok", "table": 0}
    assert len(calls) > len(EXAMPLES) / 2
    assert [r for r in results if r is not None] == [expected[part] for (_, part, _), r in zip(calls, results, strict=True) if r is not None]
    for name, text in texts.items():
        assert all(len(line) <= 79 for line in text.splitlines() if '"' not in line and "* @" not in line), name


@needs_node
def test_random_diagrams_agree(tmp_path):
    """Hundreds of them, in one process."""
    references = []

    @settings(max_examples=300, deadline=None, database=None, phases=[Phase.generate])
    @given(diagram=diagrams(), seed=st.integers(0, 2**16))
    def collect(diagram, seed):
        references.append(Reference.of(diagram, seed=seed))

    collect()
    assert_agree(references, tmp_path)


@needs_node
def test_so_many_steps_of_fit_are_as_many_of_learn(tmp_path):
    """Bit for bit, of random diagrams, and of slopes that are other weights."""
    references = [Reference.of(text) for text in SLOPES_ARE_WEIGHTS]

    @settings(max_examples=200, deadline=None, database=None, phases=[Phase.generate])
    @given(diagram=diagrams(loss=True), seed=st.integers(0, 2**16), batch=st.sampled_from([1, 3, 9, 140]))
    def collect(diagram, seed, batch):
        references.append(Reference.of(diagram, seed=seed, batch=batch))

    collect()
    files = []
    for k, reference in enumerate(references):
        try:
            files.append(JavaScriptFile(reference, f"net{k}"))
        except Refused as why:
            assert "a sum over the tokens" in str(why)
    files = [file for file in files if file.sheet.learns]
    assert len(files) > 100
    calls = [call for file in files for call in file.calls_of_learning()]
    results = call_all(tmp_path, {file.name: file.text for file in files}, calls)
    for file, fitted, learnt in zip(files, results[::2], results[1::2], strict=True):
        np.testing.assert_equal(fitted, learnt, file.text)


SLOPES_ARE_WEIGHTS = [
    "input x\ntarget y\noutput f\nweight a ~ 1\nweight b ~ 2\nf = a*b*x\nloss mse(f, y) + a*b\n",
    "input x\ntarget y\noutput f\nweight a ~ 1\nweight b ~ 2\nf = x\nloss mse(f, y) + a*b\n",
    "input x\ntarget y\noutput f\nweight a[3] ~ 1\nweight b[3] ~ 2\nf = x\nloss mse(f, y) + sum(a*b)\n",
]  # fmt: skip


@needs_node
def test_a_table_that_does_not_hold_is_the_files_status(tmp_path):
    wrong = "input x\noutput f\nf = 2*x\ndata { x | f\n1 | 3 }\n"
    said = "x | f | forward: f\n1 | %d | 2\nnumbers that are not what the table expects: %d\n"
    assert run_file(text_of(wrong), tmp_path) == (said % (3, 1), 1)
    assert run_file(text_of(wrong.replace("3 }", "2 }")), tmp_path, "--selftest") == (said % (2, 0), 0)


@needs_node
def test_where_nothing_can_be_tested_the_file_says_so(tmp_path):
    said = "nothing to test: no gradients, and no expected numbers\n"
    assert run_file(text_of("input x\noutput f\nx -> f : ~\ndata { x\n1 }\n"), tmp_path, "--selftest") == (said, 0)


@needs_node
def test_files_run_alone_and_not_where_they_are_imported(tmp_path):
    folder = tmp_path / "a # b%20ü"
    folder.mkdir()
    text = text_of(XOR_LEARNT)
    assert run_file(text, folder)[0].startswith("x1  x2 | y | forward: f\n0   0  | 0 | 0.5508\n")
    assert run_file(text, folder, "--selftest") == ("ok\n", 0)
    (folder / "other.mjs").write_text(text, encoding="utf-8")
    assert run_file('import { forward } from "./other.mjs"; console.log(typeof forward);\n', folder) == ("function\n", 0)


@needs_node
def test_a_loss_that_drawn_numbers_do_not_have_is_told(tmp_path):
    text = text_of("input x\ntarget y\noutput f\nweight a ~ 1\nf = a*log(x)\nloss mse(f, y)\n")
    assert run_file(text, tmp_path, "--selftest") == ("the loss of drawn numbers is none: nothing is compared\n", 0)


def test_a_part_alone():
    text = text_of(XOR_LEARNT, part="learn")
    assert text.startswith("/**\n * One step downhill") and text.endswith("moved(weights, d, -rate) };\n}\n")
    with pytest.raises(Refused, match="there is no part `loss`; the file has `initial_weights`, `forward`, `gradients`, `learn`, `fit`, "):
        text_of(XOR_LEARNT, part="loss")


WORDS = [
    "new", "var", "arguments", "eval", "await", "let", "static", "yield", "undefined", "NaN", "Infinity", "Math", "Array", "Float64Array", "Object", "console",
    "process", "globalThis", "constructor", "prototype", "__proto__", "toString", "sum", "mean", "exp", "log", "zeros", "stream", "uniform",
    "forward", "gradients", "weights", "Weights", "loss", "data", "table", "ROWS", "columns", "outputs", "wrong", "next", "n", "t", "i", "k", "d",
    "rate", "steps", "seed", "node", "script", "result", "long", "of", "get", "length", "terms", "total", "square", "first", "count", "two_sum", "x", "h", "logistic", "größe", "日本",
]  # fmt: skip


def words_as_names():
    names = [name for name in WORDS if is_name(name)]
    assert len(names) > 40
    hidden = "".join(f"node {name} : {('tanh', 'softplus', 'exp')[k % 3]}\nbegin -> {name} : ~\n" for k, name in enumerate(names))
    return f"input begin\n{hidden}output f, g\n" + "".join(f"{name} -> f : ~\n{name} -> g : 0.5\n" for name in names) + "target y\nloss mse(f, y)\n"


def is_name(name):
    try:
        flowc.loads(f"input a\nnode {name}\noutput f\na -> {name} : 1\n{name} -> f : 1\n")
    except flowc.FlowError:
        return False
    return True


@needs_node
def test_names_that_are_words_of_javascript_are_changed_and_listed(tmp_path):
    assert_agree([Reference.of(words_as_names())], tmp_path)
    printed = text_of("input new, Math, größe\noutput f\nf = new + Math*größe\n")
    header = " ".join(printed.partition("*/")[0].split())
    assert "new_ is new" in header and "Math_ is Math" in header and "größe" not in header and "forward(new_, Math_, größe)" in printed


@needs_node
def test_words_as_names_of_inputs_outputs_and_weights(tmp_path):
    names = [name for name in WORDS if is_name(name)]
    text = f"input {', '.join(names[::3])}\ntarget {names[1]}\noutput f, {names[4]}\nweight {', '.join(f'{w} ~ 1' for w in names[2::3])}\n"
    sums = " + ".join(f"{w}*{x}" for w, x in zip(names[2::3], names[::3], strict=False))
    text += f"f = {sums}\n{names[4]} = f + 1\nloss mse(f, {names[1]})\n"
    assert_agree([Reference.of(text)], tmp_path)
    assert run_file(text_of(text), tmp_path, "--selftest") == ("ok\n", 0)


@needs_node
def test_words_as_names_of_weights_that_are_constants_of_the_file(tmp_path):
    names = [name for name in WORDS if is_name(name)]
    text = f"input begin\noutput end\nweight {', '.join(f'{w} = {k + 1}' for k, w in enumerate(names))}\nend = {' + '.join(f'{w}*begin' for w in names)}\n"
    text += f"data {{ begin | end\n1 | {len(names) * (len(names) + 1) // 2} }}\n"
    assert_agree([Reference.of(text)], tmp_path)
    assert run_file(text_of(text), tmp_path)[1] == 0


def test_what_engines_compute_in_their_own_ways_is_refused_where_no_file_has_it():
    with pytest.raises(Refused, match="there is no `erf` in JavaScript files; they have `abs`, .*`tanh`"):
        JavaScriptWords().called("erf", Name("x"))


def test_words_of_the_author_stay_in_comments_and_strings(tmp_path):
    text = 'flow a "ends */ here </script> and \\\\ there"\n# */ alert(1) /*\ninput x\noutput f\nf = 2*x  # */ it "ends" </script>\ndata { x | f\n1 | 2 }\n'
    printed = text_of(text)
    assert "</" not in printed and "*/ " not in printed.replace("} */ ", "")
    if NODE:
        assert run_file(printed, tmp_path) == ("x | f | forward: f\n1 | 2 | 2\nnumbers that are not what the table expects: 0\n", 0)


PAGE = (Path(__file__).parents[2] / "docs/javascript.md").read_text(encoding="utf-8")
DOCUMENT = """
const element = { textContent: "" };
globalThis.document = { getElementById: (id) => (id === "answer" ? element : null) };
"""


@needs_node
def test_the_programs_of_the_page(tmp_path):
    for name in ("xor", "xor_learnt"):
        (tmp_path / f"{name}.js").write_text(text_of(XOR_LEARNT.with_stem(name)), encoding="utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    programs = re.findall(r"```js program\n(.*?)```\n\n<!-- it prints -->\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert len(programs) == PAGE.count("```js program")
    for program, said in programs:
        assert run_file(program, tmp_path) == (said, 0)


@needs_node
def test_the_page_for_a_browser(tmp_path):
    (tmp_path / "xor.js").write_text(text_of(XOR_LEARNT.with_stem("xor")), encoding="utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (page,) = re.findall(r"```html page\n(.*?)```", PAGE, re.DOTALL)
    script = page.partition('<script type="module">')[2].partition("</script>")[0]
    assert run_file(f"{DOCUMENT}{script}\nconsole.log(element.textContent);", tmp_path) == ("0 or else 1: 1\n", 0)
    body = text_of(XOR_LEARNT.with_stem("xor")) + script.replace('import { forward } from "./xor.js";', "")
    assert run_file(f"{DOCUMENT}{body}\nconsole.log(element.textContent);", tmp_path)[0].endswith("\n0 or else 1: 1\n")


TSC = shutil.which("tsc")


@pytest.mark.skipif(TSC is None, reason="needs tsc, to check the types of JavaScript (npm install --global typescript)")
def test_types_hold(tmp_path):
    """Of every example, and of a net with the words of the language as names."""
    (tmp_path / "package.json").write_text('{"type": "module"}')
    for path in EXAMPLES:
        (tmp_path / f"{path.stem}.js").write_text(text_of(path), encoding="utf-8")
    (tmp_path / "words.js").write_text(text_of(words_as_names()), encoding="utf-8")
    files = [str(path) for path in tmp_path.glob("*.js")]
    checks = ["--checkJs", "--allowJs", "--strict", "--noUnusedLocals", "--noEmit", "--target", "es2022", "--module", "esnext"]
    done = subprocess.run([TSC, *checks, *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[:3000]
