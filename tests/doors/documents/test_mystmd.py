"""The plugin of mystmd: what it answers, and a project that mystmd builds."""

import json
import shutil

import pytest

from flowc.__main__ import main
from flowc.doors.documents.mystmd import make_nodes, print_specification
from flowc.doors.documents.vocabulary import WORDS

from .programs import BAD, NET, ROOT, SAID, run

PROJECT = "version: 1\nproject:\n  plugins:\n    - type: executable\n      path: flowc-plugin\nsite:\n  title: Nets\n  template: ./none\n"
PAGE = f"""\
# Nets

```{{flow}} xor.flow
:label: fig-xor
:caption: The or
:width: 60%
```

[](#fig-xor)

```{{flow}}
{NET}```
"""
WRONG = f"""\

- in a list

  ```{{flow}}
  :theme: dark

  {BAD.replace(chr(10), chr(10) + "  ").rstrip()}
  ```

The end.
"""


def nodes(body="", arg=None, start=1, end=None, **options):
    data = {"name": "flow", "arg": arg, "body": body, "options": options}
    data["node"] = {"position": {"start": {"line": start}, "end": {"line": end or start + body.count("\n") + 2}}}
    return make_nodes(data)


def test_the_directive_has_every_word():
    (directive,) = json.loads(print_specification())["directives"]
    assert directive["name"] == "flow" and {*WORDS} < {*directive["options"]}
    assert all(option["type"] == "string" and option["doc"] for option in directive["options"].values())


def test_nodes_of_everything(monkeypatch):
    monkeypatch.chdir(ROOT / "examples")
    (image,) = nodes(NET)
    assert image["type"] == "image" and image["url"].startswith("data:image/svg+xml;base64,") and image["alt"].startswith("Both: ")
    (figure,) = nodes(arg="xor.flow", caption="The or", label="Fig-Xor", width="60%")
    assert (figure["type"], figure["kind"], figure["identifier"]) == ("container", "figure", "fig-xor")
    assert figure["children"][0]["width"] == "60%" and figure["children"][1]["children"][0]["children"][0]["value"] == "The or"
    assert [node["type"] for node in nodes(arg="xor.flow", show="equations")] == ["paragraph", "math", "paragraph", "list"]
    (code,) = nodes(arg="xor.flow", show="code", part="forward")
    assert (code["type"], code["lang"]) == ("code", "python") and code["value"].startswith("def forward")
    (steps,) = nodes(arg="xor.flow", steps="", row="2")
    assert len(steps["children"]) == 4


@pytest.mark.parametrize("end, line", [(14, 13), (17, 16)])
def test_a_problem_is_a_node_with_its_line(end, line):
    """The text ends above the last fence; between it and the first one there may be options."""
    told, missing = nodes(BAD.rstrip("\n"), start=10, end=end)
    assert told["type"] == "admonition" and told["kind"] == "error"
    assert told["children"][1]["value"].startswith(f"line:{line}:5: error[unknown-node]: {SAID}")
    assert missing["type"] == "image" and missing["url"].startswith(f"line {line}: {SAID}")


def test_the_command_prints_a_program(tmp_path, capsys):
    assert main(["myst-plugin"]) == 0
    (tmp_path / "plugin").write_text(capsys.readouterr().out)
    (tmp_path / "plugin").chmod(0o755)
    status, said = run(tmp_path, "./plugin")
    assert status == 0 and json.loads(said) == json.loads(print_specification())
    (tmp_path / "input.json").write_text(json.dumps({"body": NET}))
    status, said = run(tmp_path, "./plugin --directive flow < input.json")
    assert status == 0 and json.loads(said) == make_nodes({"body": NET})
    assert run(tmp_path, "./plugin --directive flow < plugin")[0] == 2


def test_a_project_is_built(tmp_path):
    """With `--strict` a broken diagram ends the build, and its page stays."""
    if shutil.which("myst") is None:
        pytest.skip("npm's `mystmd` is not installed")
    shutil.copy(ROOT / "examples/xor.flow", tmp_path)
    for name, text in {"myst.yml": PROJECT, "index.md": PAGE, "bad.md": "# Bad\n" + WRONG}.items():
        (tmp_path / name).write_text(text)
    assert run(tmp_path, "flowc myst-plugin > flowc-plugin && chmod +x flowc-plugin")[0] == 0
    status, said = run(tmp_path, "myst build --site --strict")
    line = next(number for number, line in enumerate(f"# Bad\n{WRONG}".splitlines(), 1) if "x3" in line)
    assert status == 1 and f"line {line}: {SAID}" in said
    pages = {name: (tmp_path / f"_build/site/content/{name}.json").read_text() for name in ("index", "bad")}
    assert "The end." in pages["bad"] and SAID in pages["bad"]
    assert pages["index"].count('"alt":"') >= 2 and "The exclusive or of two bits" in pages["index"] and ".svg" in pages["index"]
    (tmp_path / "bad.md").unlink()
    said = run(tmp_path, "myst build --site --strict")[1]
    assert "Built 1 page for project" in said and "⛔" not in said  # and then mystmd asks the net for a template
