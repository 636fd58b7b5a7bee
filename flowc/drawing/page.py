"""Ink: a picture, or its steps, as a part of an HTML page: inline SVG, and for reveal.js a fragment for each step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flowc.drawing.picture import Picture
from flowc.drawing.svg import GONE, as_svg, spell_ids, steps_as_svg, xml_text

UNSEEN = "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap"
STYLE = (
    "<style>.reveal .flow svg { max-height: calc(0.8 * var(--slide-height, 700px)) } "
    f".reveal .flow .{GONE} {{ visibility: inherit }} .reveal .flow .{GONE}.visible {{ opacity: 0; visibility: hidden }} "
    f"@media print {{ html:not(.print-pdf) .flow .{GONE} {{ display: none }} }}</style>"
)


def as_page_part(pictures: Sequence[Picture], theme: str, background: bool, id_prefix: str | None) -> str:
    """One element, `div`. Of several steps each has its sentence for those who do not see it, which is read when it appears."""
    if len(pictures) == 1:
        return f'<div class="flow">\n{as_svg(pictures[0], theme, background, id_prefix)}</div>\n'
    lines = [*steps_as_svg(pictures, theme, background), *_sentences(pictures)]
    return spell_ids("\n".join(['<div class="flow">', STYLE, *lines, "</div>"]) + "\n", pictures[-1], id_prefix)


def _sentences(pictures: Sequence[Picture]) -> Iterator[str]:
    for k, picture in enumerate(pictures):
        fragment = f' class="fragment" data-fragment-index="{k - 1}"' if k else ""
        yield f'<div{fragment} style="{UNSEEN}">{xml_text(picture.step)}</div>'
