"""Blocks are found in their document, one after the other, though it does not say where they are."""

import pytest

from flowc.doors.documents.lines import Lines

PAGE = """\
# Nets

```flow
input x
```

```python
input x
```

- ```flow
  input x
  output f
  ```

> ~~~{.flow width="50%"}
> input y
> ~~~

~~~{.flow width="50%"}

input x
~~~

```{.flow file="net.flow"}
```

```{flow}
:theme: dark

input z
```
"""


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.md").write_text(PAGE)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/second.md").write_text("```flow\ninput x\n```\n")
    return tmp_path


def places(lines, *texts):
    return [(p.document, p.line, p.body) for p in (lines.place_of_next(text) for text in texts)]


def test_each_block_has_its_place(page):
    lines = Lines(["page.md", "docs/second.md"], "a page")
    assert places(lines, "input x", "input x\noutput f", "input y", "\ninput x\n", "", "input z", "input x\n") == [
        ("page.md", 3, 4), ("page.md", 11, 12), ("page.md", 16, 17), ("page.md", 20, 22), ("page.md", 25, 26), ("page.md", 28, 31), ("docs/second.md", 1, 2),
    ]  # fmt: skip
    assert lines.place_of_next("input x").folder == "."


def test_a_block_that_is_not_there_has_its_number(page):
    lines = Lines(["docs/second.md"], "a page")
    (place,) = [lines.place_of_next("input q")]
    assert (place.document, place.line, place.body, place.folder) == ("docs/second.md, flow block 1", 1, 1, "docs")
    assert places(lines, "input x") == [("docs/second.md", 1, 2)]
    assert places(Lines([], "standard input"), "a", "b")[1] == ("standard input, flow block 2", 1, 1)
    assert places(Lines(["nowhere.md"], "a page"), "a") == [("nowhere.md, flow block 1", 1, 1)]
