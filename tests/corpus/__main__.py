"""`python -m tests.corpus`: writes the digests and the texts anew, from what flowc prints now."""

from tests.corpus.printing import HERE, PATHS, digests, printed
from tests.corpus.shown import GOLDEN, SHOWN, file_of

for folder in (GOLDEN, HERE / "digests"):
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
for diagram in PATHS:
    (HERE / f"digests/{diagram}.txt").write_text(digests(diagram), encoding="utf-8")
for text in SHOWN:
    file_of(*text).write_text(printed(text[0])[text[1]], encoding="utf-8")
