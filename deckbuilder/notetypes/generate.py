"""Which cards a note of any note type has: Anki's own rules, as `tests/test_carried_in_anki.py` holds them."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from deckbuilder.notetypes.types import NoteType

# What Anki holds for empty (rslib: field_is_empty).
_EMPTY = re.compile(r"(?:[ \t\n\r\f\v]|</?(?:br|div) ?/?>)*", re.IGNORECASE)
_TAG = re.compile(r"<!--.*?-->|\{\{\s*([#^/])?\s*([^{}]*?)\s*\}\}", re.DOTALL)
_CLOZE_SIGN = re.compile(r"\{\{c([\d,]+)::|\}\}")
# What a template can show that is no field, and makes no card.
_SPECIAL = {"FrontSide", "Card", "CardFlag", "Deck", "Subdeck", "Tags", "Type", "CardID"}
_HIGHEST_NUMBER = 500

# A template as a run of pieces: a field's name, or a section (its sign, its field, what it holds).
Piece = str | tuple[str, str, tuple["Piece", ...]]


def plain_name(name: str) -> str:
    """The name of a field or a note type as a file of facts can say it."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def is_blank(html: str) -> bool:
    """Whether a field is empty for Anki."""
    return _EMPTY.fullmatch(html) is not None


def cards_of(note_type: NoteType, row: Sequence[str]) -> tuple[int, ...]:
    """The ordinals (from 0) of the cards that Anki makes for a note with these fields."""
    if note_type.is_cloze:
        numbers = {number for content in row if "{{c" in content for number in cloze_numbers(content)}
        return tuple(sorted(number - 1 for number in numbers))
    filled = {
        field.name for field, content in zip(note_type.fields, row, strict=False) if content and not is_blank(content)
    }
    return tuple(
        ord_
        for ord_, template in enumerate(note_type.templates)
        if _shows(pieces_of(template.front), frozenset(filled - _SPECIAL))
    )


def cloze_numbers(html: str) -> set[int]:
    """The numbers of the blanks in a field; one that is never closed is none."""
    found: set[int] = set()
    opened: list[list[int]] = []
    for sign in _CLOZE_SIGN.finditer(html):
        if sign[1]:
            opened.append([int(number) for number in sign[1].split(",") if number])
        elif opened:
            found.update(min(number, _HIGHEST_NUMBER) for number in opened.pop() if number)
    return found


def fields_shown(template: str) -> list[str]:
    """The fields that a side of a template shows, in order; not those that are only asked whether they are empty."""

    def walk(pieces: Sequence[Piece]) -> list[str]:
        return [name for piece in pieces for name in ([piece] if isinstance(piece, str) else walk(piece[2]))]

    return [name for name in dict.fromkeys(walk(pieces_of(template))) if name not in _SPECIAL]


@lru_cache(maxsize=512)
def pieces_of(template: str) -> tuple[Piece, ...]:
    """A side of a template, read: filters are dropped, and what is not closed ends with the template."""
    root: list[Piece] = []
    stack: list[tuple[str, str, list[Piece]]] = [("", "", root)]
    for tag in _TAG.finditer(template):
        sign, name = tag[1], tag[2]
        if name is None:
            continue
        if sign == "/":
            if len(stack) > 1:
                _close(stack)
        elif sign:
            stack.append((sign, plain_name(name), []))
        elif name:
            stack[-1][2].append(plain_name(name.rpartition(":")[2]))
    while len(stack) > 1:
        _close(stack)
    return tuple(root)


def _close(stack: list[tuple[str, str, list[Piece]]]) -> None:
    sign, name, inner = stack.pop()
    stack[-1][2].append((sign, name, tuple(inner)))


def _shows(pieces: Sequence[Piece], filled: frozenset[str]) -> bool:
    for piece in pieces:
        if isinstance(piece, str):
            if piece in filled:
                return True
        elif (piece[1] in filled) is (piece[0] == "#") and _shows(piece[2], filled):
            return True
    return False
