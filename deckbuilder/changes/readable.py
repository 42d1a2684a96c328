"""A field as words in a line, for showing what changed in it."""

import re

from deckbuilder.markup import visible_text

CLOZE = re.compile(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}", re.DOTALL)
PICTURE = re.compile(r'<img src="([^"]*)" alt="([^"]*)">')
_MASK = "image-occlusion:"


def readable(html: str) -> str:
    """A field's words; a blank as `[1: answer (hint)]`, a mask by its shape, a picture by file and alt text."""

    def blank(match: re.Match[str]) -> str:
        hint = f" ({match[3]})" if match[3] else ""
        shown = match[2]
        if shown.startswith(_MASK):
            shown = shown.removeprefix(_MASK).replace(":", " ")
        return f"[{match[1]}: {shown}{hint}]"

    return visible_text(PICTURE.sub(r"<p>picture \1 \2</p>", CLOZE.sub(blank, html)))
