"""A notebook, executed and exported; and what flows, pictures and nets show of themselves."""

import pickle
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from html.parser import HTMLParser
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

import flowc
from flowc.backends import Printed
from flowc.doors import notebook
from flowc.doors.magic import Told
from flowc.doors.rendering import inked
from flowc.nets import mimes
from tests.doors.command import BAD, GOOD, ROOT, WARNS
from tests.drawing.diagrams import HOSTILE

PAGE = (ROOT / "docs/notebook.md").read_text(encoding="utf-8")
CELLS = re.findall(r"^```(?:python|text)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
WRONG = "%%flow\ninput x\noutput f\n\nf = 2*y\n"
PICTURE = {"text/plain", "text/html", "image/svg+xml", "image/png", "application/pdf"}
BACKSLASHED = r'"\"; \end{document} \input{/etc/passwd} </script><img src=x onerror=alert(1)>"'


# ------------------------------------------------------------------------------------------------- executed, exported


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The cells of docs/notebook.md and some hostile ones, executed by a kernel that knows nothing of its user."""
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    hostile = [f"%%flow{HOSTILE}", "hostile.compile()", f"hostile.show(alt={BACKSLASHED!r})"]
    cells = [new_code_cell(source.rstrip("\n")) for source in [*CELLS, *hostile]]
    cells.append(new_code_cell(WRONG, metadata={"tags": ["raises-exception"]}))
    book = new_notebook(cells=cells)
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in (
            "HOME",
            "JUPYTER_PATH",
            "JUPYTER_DATA_DIR",
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_RUNTIME_DIR",
            "IPYTHONDIR",
        ):
            patch.setenv(name, str(home))
        patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        NotebookClient(book, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}).execute()
    return book


def outputs(book):
    return [output for cell in book.cells for output in cell.outputs]


def pictures(book):
    return [o for o in outputs(book) if "image/svg+xml" in o.get("data", {})]


def test_each_picture_is_there_in_every_form(executed):
    shown = pictures(executed)
    assert len(shown) == 1 + 3 + 1 + 1 + 2
    for output in shown:
        assert set(output.data) == PICTURE
        assert b64decode(output.data["image/png"]).startswith(b"\x89PNG")  # which GitHub shows
        assert b64decode(output.data["application/pdf"]).startswith(b"%PDF")
        width = float(ElementTree.fromstring(output.data["image/svg+xml"]).attrib["width"])
        assert output.metadata["image/png"]["width"] == round(width)


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def exported(exporter, book):
    """The text of a notebook in another format, and the files that go with it."""
    text, resources = exporter.from_notebook_node(book)
    return text, resources.get("outputs", {})


@pytest.fixture(scope="module")
def page(executed):
    from nbconvert import HTMLExporter

    return exported(HTMLExporter(), executed)[0]


def test_the_page_shows_each_picture(executed, page):
    """As wide as the column at most, each with its sentence."""
    images = [a for tag, a in Elements(page).found if tag == "img"]
    assert {a["style"] for a in images} == {"max-width: 100%; height: auto"}
    shown = [(a["alt"], b64decode(a["src"].removeprefix("data:image/svg+xml;base64,")).decode()) for a in images]
    assert shown == [(output.metadata["image/png"]["alt"], output.data["image/svg+xml"]) for output in pictures(executed)]
    assert all(ElementTree.fromstring(svg)[0].text == alt for alt, svg in shown)
    assert [a["aria-description"] for a in images] == [ElementTree.fromstring(svg)[1].text for _, svg in shown]


def test_nothing_of_a_diagram_runs_in_the_page(executed, page):
    found = Elements(page).found
    assert not [a for _, a in found if any(name.startswith("on") for name in a)]
    assert "<script>alert" not in page and "<img src=x" not in page
    for output in pictures(executed):  # also where it stands in the page as it is
        root = ElementTree.fromstring(output.data["image/svg+xml"])
        assert {e.tag.rpartition("}")[2] for e in root.iter()} <= {
            "svg",
            "title",
            "desc",
            "g",
            "path",
            "rect",
            "circle",
            "text",
        }


def test_the_source_of_a_net_is_coloured_in_the_page(executed, page):
    sources = [o.data for o in outputs(executed) if "text/html" in o.get("data", {}) and "image/svg+xml" not in o.data]
    assert len(sources) == 3 and all(data["text/plain"].startswith('"""') for data in sources)
    assert all(data["text/html"] in page for data in sources)
    assert all(
        "<style" not in data["text/html"] and "class=" not in data["text/html"].replace('class="highlight"', "")
        for data in sources
    )


def test_the_ids_of_pictures_that_are_not_the_same_are_apart(executed):
    seen = {}
    for output in pictures(executed):
        svg = output.data["image/svg+xml"]
        for name in re.findall(r'\bid="([^"]+)"', svg):
            assert seen.setdefault(name, svg) == svg


def test_a_diagram_that_is_wrong_is_told_without_a_traceback(executed):
    (output,) = executed.cells[-1].outputs
    assert output.output_type == "error"
    assert output.traceback[:3] == [
        "cell.flow:5:7: error[unknown-node]: there is no node or weight `y`",  # 5 as the editor counts
        "  5 | f = 2*y",
        "    |       ^",
    ]


@pytest.fixture(scope="module")
def latex(executed):
    from nbconvert import LatexExporter

    return exported(LatexExporter(), executed)


def test_latex_includes_each_picture_as_pdf(executed, latex):
    text, files = latex
    included = re.findall(r"\\adjustimage\{[^\n]*\}\{(output_[^}]*)\}", text)
    assert len(included) == len(pictures(executed)) and all(name.endswith(".pdf") for name in included)
    assert [files[name] for name in included] == [b64decode(o.data["application/pdf"]) for o in pictures(executed)]
    assert "tikzpicture" not in text


def test_latex_compiles(latex, tmp_path):
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed (Debian: texlive-latex-extra)")
    text, files = latex
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    text = re.sub(
        r"^.*\\usepackage.*\{(ulem|soul)\}.*\n", "", text, flags=re.MULTILINE
    )  # of Markdown, and not with every TeX
    text = re.sub(
        r"[^\x00-\u04ff\u2000-\u2fff]", "?", text
    )  # letters in the text of a cell that pdflatex has no font for
    (tmp_path / "book.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "book.tex"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    log = result.stdout.decode(errors="replace")
    if missing := re.search(r"File `([^']+\.sty)' not found", log):
        pytest.skip(f"{missing[1]} is not installed (Debian: texlive-latex-extra)")
    assert result.returncode == 0, log[-2000:]
    assert all(f"<./{name}" in log.replace("\n", "") for name in files if name.endswith(".pdf")), log[-2000:]


# ------------------------------------------------------------------------------------------------- what shows itself


XOR = ROOT / "examples/xor.flow"
NET = ROOT / "examples/net232.flow"


def test_a_bundle_holds_what_is_asked_for_and_nothing_else_is_made(monkeypatch):
    made = []
    monkeypatch.setattr(
        "flowc.doors.rendering.inked", lambda p, format, ink: made.append(format) or inked(p, format, ink)
    )
    flow = flowc.load(XOR)
    for shown in (flow, flow.show()):
        assert set(shown._repr_mimebundle_()[0]) == PICTURE and sorted(made) == ["pdf", "png", "svg"]
        made.clear()
        assert set(shown._repr_mimebundle_(include=["image/png", "text/latex"])[0]) == {"image/png"} and made == ["png"]
        made.clear()
        assert set(shown._repr_mimebundle_(include=["text/html"])[0]) == {"text/html"} and made == ["svg"]
        made.clear()
        data, how = shown._repr_mimebundle_(exclude={"image/png", "application/pdf"})
        assert set(data) == {"text/plain", "text/html", "image/svg+xml"} and made == ["svg"] and how == {}
        made.clear()
        assert set(shown._repr_mimebundle_(include={"image/png", "text/plain"}, exclude={"image/png"})[0]) == {
            "text/plain"
        }
        assert made == []


def test_in_a_terminal_nothing_is_drawn(monkeypatch):
    shell = SimpleNamespace(display_formatter=SimpleNamespace(active_types=["text/plain"]))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert flowc.load(XOR)._repr_mimebundle_() == ({"text/plain": "<flow xor: 5 nodes, 0 weights>"}, {})
    assert set(flowc.load(XOR).compile()._repr_mimebundle_()[0]) == {"text/plain"}


@pytest.mark.parametrize(
    "missing, left",
    [("ziamath", ["text/plain"]), ("typst", ["image/svg+xml", "text/html", "text/plain"]), ("pygments", sorted(PICTURE))],
)
def test_without_a_library_less_is_shown(missing, left):
    program = (
        f"import sys; sys.modules['{missing}'] = None; import flowc; flow = flowc.load({str(XOR)!r})\n"
        "print(sorted(flow._repr_mimebundle_()[0]), 'text/html' in flow.compile()._repr_mimebundle_()[0])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.strip() == f"{left} {missing != 'pygments'}" and not result.stderr


def test_a_very_large_flow_shows_itself_as_text(monkeypatch):
    monkeypatch.setattr(notebook, "MOST_PARTS", 5)
    assert set(flowc.load(XOR)._repr_mimebundle_()[0]) == PICTURE
    monkeypatch.setattr(notebook, "MOST_PARTS", 4)
    assert set(flowc.load(XOR)._repr_mimebundle_()[0]) == {"text/plain"}


def test_equations_show_themselves_as_mathematics():
    flow = flowc.load(ROOT / "examples/worked_example.flow")
    equations = flow.equations()
    data, _ = equations._repr_mimebundle_()
    assert data["text/plain"] == equations == str(equations) and type(data["text/plain"]) is str
    lines = data["text/latex"].split("\n")
    assert lines[:4] == ["$$", r"\begin{array}{l}", r"\textbf{Forward} \\", r"\begin{aligned}"] and lines[-2:] == [r"\end{array}", "$$"]
    assert r"\textbf{Update}\text{, gd} \\" in lines and r"\text{where} \\" in lines
    for format, mime in (("mathml", "text/html"), ("markdown", "text/markdown"), ("text", "text/plain")):
        text = flow.equations(format)
        assert text._repr_mimebundle_()[0] == {"text/plain": text, mime: text}
    copy = pickle.loads(pickle.dumps(equations))
    assert copy == equations and copy._repr_mimebundle_() == equations._repr_mimebundle_()


def test_shown_equations_compile(tmp_path):
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed (Debian: texlive-latex-extra)")
    shown = [flowc.load(ROOT / f"examples/{name}.flow").equations()._repr_mimebundle_()[0]["text/latex"] for name in ("worked_example", "net232", "iris", "sine")]
    head = r"\documentclass[a0paper]{article}\usepackage{amsmath}\usepackage[a0paper,landscape]{geometry}"
    (tmp_path / "a.tex").write_text(head + "\n\\begin{document}\n" + "\n\n".join(shown) + "\n\\end{document}\n", encoding="utf-8")
    result = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"], cwd=tmp_path, capture_output=True, check=False)
    assert result.returncode == 0, result.stdout[-1500:].decode(errors="replace")


def test_show_takes_the_options_of_render():
    flow = flowc.load(XOR)
    shown = flow.show(values={"x1": 0, "x2": 1}, theme="dark", direction="up", name="mine", background=False)
    same = flowc.render(flow, show="values", values={"x1": 0, "x2": 1}, theme="dark", direction="up", name="mine")
    assert shown._repr_mimebundle_()[0]["image/svg+xml"] == same
    assert repr(shown) in same  # the sentence for those who do not see it
    with pytest.raises(ValueError, match="did you mean `theme`"):
        flow.show(them="dark")


def test_the_page_is_behind_every_picture():
    flow = flowc.load(XOR)
    for shown in (flow, flow.show(theme="auto"), flow.show(theme="dark")):
        data = shown._repr_mimebundle_()[0]
        svg = ElementTree.fromstring(data["image/svg+xml"])
        page = next(e for e in svg if e.tag.endswith("rect"))
        assert page.attrib["width"] == svg.attrib["width"] and page.attrib["height"] == svg.attrib["height"]
        assert _corner(b64decode(data["image/png"])) == page.attrib["fill"]


def _corner(png):
    from io import BytesIO

    from PIL import Image

    red, green, blue, opaque = Image.open(BytesIO(png)).convert("RGBA").getpixel((3, 3))
    assert opaque == 255
    return f"#{red:02x}{green:02x}{blue:02x}"


def test_steps_show_themselves_one_below_the_other(display):
    steps = flowc.load(XOR).show(show="steps", row=2)
    steps._ipython_display_()
    assert display == [*steps] and len(steps) == 4
    assert len({ElementTree.fromstring(s._repr_mimebundle_()[0]["image/svg+xml"])[0].attrib["id"] for s in steps}) == 4


def test_a_long_source_is_not_shown():
    net = flowc.load(NET).compile()
    assert net._repr_mimebundle_()[0]["text/plain"] == net.source
    net.printed = Printed("pass\n" * (mimes.MOST_LINES + 1))
    assert net._repr_mimebundle_() == ({"text/plain": repr(net)}, {})


# -------------------------------------------------------------------------------------------------------------- magics


@pytest.fixture
def display(monkeypatch):
    """What is shown, in order."""
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *objects: shown.extend(objects))
    return shown


@pytest.fixture
def shell(display):
    """As much of IPython as the magics need: `names` that are bound, and the magic `flow`."""
    names = {}
    made = SimpleNamespace(names=names, push=names.update)
    made.register_magic_function = lambda function, kind, name: vars(made).update({name: function, "kind": kind})
    flowc.load_ipython_extension(made)
    assert made.kind == "line_cell"
    return made


def test_a_cell_is_bound_to_its_own_name_or_the_one_given(shell, display):
    shell.flow("", XOR.read_text())
    shell.flow("other --theme dark", XOR.read_text())
    shell.flow("", GOOD)
    shell.flow(f"{XOR} third")
    assert [*shell.names] == ["xor", "other", "cell", "third"]
    assert all(isinstance(flow, flowc.Flow) for flow in shell.names.values())
    assert [shown.ink.theme for shown in display] == ["light", "dark", "light", "light"]


def test_a_name_that_python_needs_is_not_bound(shell, display, capsys):
    shell.flow("", f"flow sum\n{GOOD}")
    assert not shell.names and len(display) == 1
    assert capsys.readouterr().err == "flowc: `sum` is no free name in Python; give one, as `%%flow net`\n"
    shell.flow("sum", GOOD)  # whoever asks for it gets it
    assert [*shell.names] == ["sum"]


def test_values_and_options_reach_the_picture(shell, display):
    shell.flow(f"{XOR} x1=0 x2=1 --direction up --alt 'a b'")
    assert display[0].picture == flowc.load(XOR).show(values={"x1": 0, "x2": 1}, direction="up", alt="a b").picture
    shell.flow(f"{NET} --row 1 --show gradients --loss --seed 3")
    assert display[1].picture == flowc.load(NET).show(show="gradients", row=1, loss=True, seed=3).picture
    shell.flow(f"{ROOT / 'examples/autoencoder.flow'} net --set M=3")
    assert shell.names["net"].settings == (("M", 3),)


def test_with_a_backend_the_source_comes_below_the_picture(shell, display):
    shell.flow(f"{NET} --backend torch --form module")
    picture, net = display
    assert isinstance(picture, notebook.Shown) and "nn.Module" in net.source


def test_warnings_are_told(shell, display, capsys):
    shell.flow("", WARNS)
    assert "cell.flow:2:10: warning[" in capsys.readouterr().err and "cell" in shell.names


@pytest.mark.parametrize(
    "line, cell, said",
    [
        ("", BAD, "cell.flow:5:7: error[unknown-node]"),
        ("net", BAD, "net.flow:5:7: error[unknown-node]"),
        ("", None, "flowc: `%flow` takes a file"),
        ("nowhere.flow", None, "flowc: no such file or directory: nowhere.flow"),
        ("2x", GOOD, "flowc: `2x` cannot be a name in Python"),
        ("class", GOOD, "flowc: `class` cannot be a name in Python"),
        ("a b", GOOD, "flowc: a diagram is bound to one name"),
        ("x=1 x=2", GOOD, "flowc: `x` is given twice"),
        ("z=1", GOOD, "flowc: cell has no input or target `z`"),
        ("x=1 --row 1", GOOD, "flowc: values and `--row`"),
        ("--row 1", GOOD, "flowc: cell has no data"),
        ("x=1 --show gradients", GOOD, "flowc: there are no gradients"),
        ("--theme pink", GOOD, "flowc: argument --theme: invalid choice"),
        ("--them dark", GOOD, "flowc: unrecognized arguments: --them"),
        ("--backend jax", GOOD, "flowc: there is no backend `jax`"),
        ("--many 2", GOOD, "flowc: argument --many: `many` is a whole number from 5 on"),
        ("--alt 'a", GOOD, "flowc: No closing quotation"),
        ("x=0", "input x\noutput f\nf = log(x)\n", "flowc: "),
        ("--weights none.safetensors", GOOD, "flowc: "),
        ("--set D=5", GOOD, "cell.flow:1:1: error[unknown-index]"),
    ],
)
def test_mistakes_are_told_and_nothing_is_bound(shell, display, line, cell, said):
    with pytest.raises(Told) as raised:
        shell.flow(line, cell)
    assert raised.value._render_traceback_()[0].startswith(said)
    assert not shell.names and not display


def test_help(shell, display, capsys):
    shell.flow("--help")
    assert capsys.readouterr().out == shell.flow.__doc__
    assert not display and "%%flow [NAME]" in shell.flow.__doc__
