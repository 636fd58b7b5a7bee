"""What people write in a diagram stays what they wrote, in every output: as a parser of its kind reads it.

FLOWC_INJECTION=all takes a thousand texts in place of the few hundred they are made of, and of ways that share a printer all.
"""

import pytest

import flowc
from flowc.__main__ import main
from tests.injection import judges
from tests.injection.diagrams import classes, scalars, words
from tests.injection.payloads import ALL, BASES

COMPILED = [
    [], ["--backend", "torch"], ["--backend", "torch", "--gradient", "explicit"], ["--backend", "torch", "--form", "module"],
    ["--style", "layers"], ["--style", "fast"], ["--style", "fast", "--batch", "1"], ["--style", "fast", "--backend", "torch"],
    ["--train"], ["--train", "--backend", "torch"], ["--train", "--backend", "torch", "--form", "module", "--optimizer"],
]  # fmt: skip
WAYS = [
    *(("compile", options, judges.python) for options in COMPILED), ("compile", ["--backend", "c"], judges.c),
    ("compile", ["--backend", "javascript"], judges.javascript),
    ("equations", ["--format", "latex"], judges.latex), ("equations", ["--format", "latex", "--standalone", "--form", "layers"], judges.latex),
    ("equations", ["--format", "mathml"], judges.mathml), ("equations", ["--format", "markdown"], judges.markdown),
    ("equations", ["--format", "markdown", "--form", "indexed"], judges.markdown),
    ("equations", [], judges.terminal), ("equations", ["--ascii"], judges.terminal),
    ("trace", [], judges.terminal), ("trace", ["--format", "markdown"], judges.markdown),
    ("trace", ["--format", "latex"], judges.latex), ("trace", ["--format", "json"], judges.as_json),
    ("draw", ["--format", "svg", "--loss"], judges.svg), ("draw", ["--format", "svg", "--show", "values"], judges.svg),
    ("draw", ["--format", "tikz", "--loss"], judges.latex), ("draw", ["--format", "tikz", "--standalone"], judges.latex),
    ("run", [], judges.terminal), ("run", ["--format", "csv"], judges.as_csv), ("run", ["--format", "json"], judges.as_json),
    ("check", ["--format", "json"], judges.as_json), ("check", ["--format", "sarif"], judges.as_json), ("train", [], judges.terminal),
]  # fmt: skip
SHARED = [
    ("compile", ["--backend", "torch", "--gradient", "explicit"]), ("compile", ["--style", "fast"]),
    ("compile", ["--style", "fast", "--backend", "torch"]), ("compile", ["--train", "--backend", "torch"]),
    ("equations", ["--format", "latex"]), ("equations", ["--format", "markdown"]), ("equations", ["--ascii"]),
    ("draw", ["--format", "svg", "--loss"]), ("draw", ["--format", "tikz", "--loss"]), ("trace", []), ("check", ["--format", "json"]),
]  # fmt: skip
WAYS = [way for way in WAYS if ALL or way[:2] not in SHARED]


@pytest.mark.parametrize("diagram", [scalars, classes])
@pytest.mark.parametrize(("verb", "options", "judge"), WAYS, ids=lambda part: " ".join(part) if isinstance(part, list) else None)
def test_texts_stay_texts(diagram, verb, options, judge, texts, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def written(some):
        (tmp_path / "a.flow").write_text(diagram(some), encoding="utf-8")
        status = main([verb, "a.flow", *options])
        out, err = capsys.readouterr()
        assert status == 0, err
        judges.terminal(err, "")
        return out

    plain = {count: written(words(count)) for count in {*map(len, texts)}}
    for some in texts:
        judge(written(some), plain[len(some)])


def test_texts_stay_texts_in_notebooks(texts):
    def shown(flow):
        return flow.compile()._repr_mimebundle_()[0]["text/html"]

    for diagram in (scalars, classes):
        plain = {count: shown(flowc.loads(diagram(words(count)))) for count in {*map(len, texts)}}
        for some in texts:
            found = flowc.loads(diagram(some))
            judges.svg(found.show().__dict__ and flowc.render(found, "svg"), "")
            judges.html(shown(found), plain[len(some)])


def test_what_is_formatted_says_the_same(texts, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for some in texts:
        for diagram in (scalars, classes):
            (tmp_path / "a.flow").write_text(diagram(some), encoding="utf-8")
            before = flowc.load("a.flow").network
            assert main(["fmt", "a.flow"]) == 0
            after = flowc.load("a.flow").network
            assert [(n.name, n.label, n.comment, n.axes) for n in after.nodes] == [(n.name, n.label, n.comment, n.axes) for n in before.nodes]
            assert (after.title, after.header_comments) == (before.title, before.header_comments)
    capsys.readouterr()


TRAINS = "input x\ntarget y\noutput f\nweight w ~ 1\nf = w*x\nloss mse(f, y)\ntrain gd(rate=0.1, steps=1)\ndata '{}.csv'\n"
OF_FILES = [
    ("compile", ["--train"], judges.python), ("trace", ["--format", "markdown"], judges.markdown), ("trace", ["--format", "latex"], judges.latex),
    ("check", ["--format", "sarif"], judges.as_json), ("test", [], judges.terminal), ("train", ["--quiet"], judges.terminal),
]  # fmt: skip


def test_names_of_files_stay_names(tmp_path, monkeypatch, capsys):
    """Of the diagram, and of its data."""
    monkeypatch.chdir(tmp_path)

    def results(name, data):
        (tmp_path / f"{name}.csv").write_text("x,y\n1,2\n")
        (tmp_path / f"{name}.flow").write_text(TRAINS.format(data), encoding="utf-8", errors="surrogatepass")
        return [(main([verb, f"{name}.flow", *options]), *capsys.readouterr()) for verb, options, _ in OF_FILES]

    plain = results("word", "word")
    for text in BASES:
        name, fits = f"a{text}", "'" not in text and "\n" not in text
        try:
            found = results(name, name if fits else "word")
        except (OSError, ValueError):  # no file can have this name
            continue
        for (status, out, err), (expected, shown, _), (*_, judge) in zip(found, plain, OF_FILES):
            judges.terminal(err, "")
            assert status == expected or status in (1, 2) and fits  # a name that a diagram cannot hold, or has no place on this machine
            if status == expected:
                judge(out, shown)
