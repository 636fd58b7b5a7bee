"""What `python -m benchmarks.house` counts, on a house of three files."""

from benchmarks.house import COUNTS, counts

FILES = {
    "graph/a.py": "import flowc.graph\n\ndef made():\n    from flowc.graph.b import read_text\n    found = kept = 1\n    wide = 2\n",
    "graph/b.py": "from flowc.graph.a import made\n\ndef read_text(): ...\n",
    "backends/a.py": 'def spell(text):\n    names = text.split(",")\n    return names, "log1p(" in text\n',
}


def test_counts_of_a_small_house(tmp_path, monkeypatch):
    for name, text in FILES.items():
        path = tmp_path / "flowc" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for slow in ("errors of `mypy --strict`", "room changes of net232 on its way to numpy"):
        monkeypatch.delitem(COUNTS, slow)
    assert counts(tmp_path) == {
        "files that a primitive touches, and its spellings": "0 + 1",
        "lines of backends for numpy, torch and plain Python": "3",
        "lines of flowc": "12",
        "circles of imports": "1",
        "places in printers that take text apart": "2",
        "function names of one word": "67 %",
        "assigned names that are participles": "50.0 %",
        "files that share their name": "2",
        "`type: ignore`": "0",
    }
