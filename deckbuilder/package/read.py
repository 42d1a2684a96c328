"""A package of ours back to notes, as students may have it: built here, or exported from somebody's Anki."""

import io
from collections import Counter
from dataclasses import replace
from pathlib import Path

from deckbuilder.notes import Shipped, ShippedNote, ShippedType
from deckbuilder.package.content import DEFAULT_DECK, Content, TypeContent
from deckbuilder.package.description import is_ours
from deckbuilder.package.open import OpenPackage, content_of, open_package, open_stream
from deckbuilder.package.unreadable import UnreadableError
from deckbuilder.problems import Problem, Severity

# Notes that cannot be read: of a package of ours, not one may be missing.
_MISSING = {"note-damaged", "note-misfit"}


def read_package(file: Path) -> tuple[Shipped | None, list[Problem]]:
    """What a package holds, or why it cannot be read."""
    try:
        with open_package(file) as opened:
            return _shipped(opened)
    except UnreadableError as error:
        return None, [error.problem(file)]


def read_package_bytes(data: bytes, file: Path) -> tuple[Shipped | None, list[Problem]]:
    """The same for a package in memory; `file` is what problems name."""
    try:
        with open_stream(io.BytesIO(data), file) as opened:
            return _shipped(opened)
    except UnreadableError as error:
        return None, [error.problem(file)]


def _shipped(opened: OpenPackage) -> tuple[Shipped | None, list[Problem]]:
    shipped = shipped_of(content_of(opened))
    missing = [problem for problem in opened.problems if problem.rule in _MISSING]
    if missing:
        return None, [replace(problem, severity=Severity.ERROR) for problem in missing]
    return shipped, []


def shipped_of(content: Content) -> Shipped:
    """The notes of a package, and the deck that we described, or else the one that most of its cards are in."""
    types = {one.id: one for one in content.package.types}
    notes = tuple(
        ShippedNote(
            guid=note.guid,
            mod=note.mod,
            type_id=note.type_id,
            type_name=types[note.type_id].name,
            row=note.row,
            tags=note.tags,
            ords=tuple(card.ord for card in note.cards),
        )
        for note in content.notes
    )
    held = Counter(card.deck for note in content.notes for card in note.cards)
    decks = [deck for deck in content.package.decks if deck.id != DEFAULT_DECK or held[deck.id]]
    deck = max(decks, key=lambda deck: (is_ours(deck.description), held[deck.id]), default=None)
    name, description = (deck.name, deck.description) if deck else ("", "")
    return Shipped(name, description, tuple(map(type_of, types.values())), notes)


def type_of(one: TypeContent) -> ShippedType:
    """A note type in short: what decides whether notes conflict, and how they look."""
    look = "\x1f".join([one.css, *(f"{template.front}\x1e{template.back}" for template in one.templates)])
    return ShippedType(
        one.id,
        one.name,
        tuple(field.id or field.name for field in one.fields),
        tuple(template.id or template.name for template in one.templates),
        look,
        one.mod,
    )
