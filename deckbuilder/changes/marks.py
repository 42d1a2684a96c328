"""The words of two HTML texts that differ, marked where they stand: the HTML around them stays as it is."""

import re
from collections.abc import Collection, Sequence

from deckbuilder.changes.runs import runs

# A tag; what is between the tags of a script, a styling or a sound counts as one with them.
_TAG = re.compile(r"<(script|style|audio)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)
# A formula is read as a whole, and a character by its name is part of its word.
_WORD = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]|\S+?(?=\\[(\[])|\S+|\s+", re.DOTALL)
_SHOWN = re.compile(r"<(?:img|audio)\b", re.IGNORECASE)


def marked(before: str, after: str) -> tuple[str, str]:
    """Both texts: what only the first says stands in `<del>`, what only the second says in `<ins>`.

    Marks stand within a run of text or around a picture or a sound, so that they never cross a tag.
    """
    old, new = _pieces(before), _pieces(after)
    old_words, new_words = _words(old), _words(new)
    gone: set[int] = set()
    come: set[int] = set()
    for operation, i1, i2, j1, j2 in runs([old[at] for at in old_words], [new[at] for at in new_words]):
        if operation != "equal":
            gone.update(old_words[i1:i2])
            come.update(new_words[j1:j2])
    return _with_marks(old, gone, "del"), _with_marks(new, come, "ins")


def _pieces(html: str) -> list[str]:
    """Tags, words and the space between, which make the text again."""
    pieces: list[str] = []
    position = 0
    for tag in _TAG.finditer(html):
        pieces += [word.group() for word in _WORD.finditer(html, position, tag.start())]
        pieces.append(tag.group())
        position = tag.end()
    return [*pieces, *(word.group() for word in _WORD.finditer(html, position))]


def _words(pieces: Sequence[str]) -> list[int]:
    """Where what a reader compares stands: words, pictures and sounds."""
    return [at for at, piece in enumerate(pieces) if _is_shown(piece) or not (_is_tag(piece) or piece.isspace())]


def _with_marks(pieces: Sequence[str], marked: Collection[int], tag: str) -> str:
    made: list[str] = []
    is_open = False
    for at, piece in enumerate(pieces):
        # Space between two marked words belongs to the mark.
        goes_on = at in marked or (is_open and piece.isspace() and at + 1 in marked)
        if goes_on != is_open:
            made.append(f"<{tag}>" if goes_on else f"</{tag}>")
            is_open = goes_on
        made.append(piece)
    return "".join([*made, f"</{tag}>" if is_open else ""])


def _is_tag(piece: str) -> bool:
    return piece.startswith("<")


def _is_shown(piece: str) -> bool:
    return _SHOWN.match(piece) is not None
