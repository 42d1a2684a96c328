"""A package of Anki as an old deck: its notes with the identities and the note types that students have."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from deckbuilder.facts.write import writable
from deckbuilder.importing.media import shown_by
from deckbuilder.importing.old import OldDeck, OldNote, OldType, old_types
from deckbuilder.importing.outcome import Case, What
from deckbuilder.importing.roles import SHAPES
from deckbuilder.markup import visible_text
from deckbuilder.markup.from_html import UnsayableError, to_markdown
from deckbuilder.notetypes import is_ours
from deckbuilder.package.content import DeckContent, NoteContent
from deckbuilder.package.open import OpenPackage
from deckbuilder.package.unreadable import UnreadableError

_LONGEST_SHOWN = 80


class NothingToImportError(ValueError):
    """A package without a note that could be imported; says why."""


def old_deck(opened: OpenPackage, only: str = "") -> tuple[OldDeck, list[Case]]:
    """The deck that a package holds, or of several the one named `only` with its subdecks; and what is left out.

    Raises UnreadableError and NothingToImportError.
    """
    package = opened.package
    # A filtered deck is no card's own: a package that says so is damaged.
    names = {deck.id: deck.name for deck in package.decks if not deck.filtered}
    types = old_types(json.loads(content.json) for content in package.types)
    cases: list[Case] = []
    notes = tuple(_notes(opened.notes(), names, types, only, cases))
    if not notes:
        raise NothingToImportError(_why_nothing(package.decks, cases, only))
    used = {note.type for note in notes}
    types = {type_id: one for type_id, one in types.items() if type_id in used}
    name = only or common_name(note.deck for note in notes if note.deck)
    notes = tuple(note if note.deck else replace(note, deck=name) for note in notes)
    media, missing = _media(opened, notes, types)
    cases += missing
    return OldDeck(name, _description(package.decks, name), types, notes, media), cases


def shown(row: Sequence[str]) -> str:
    """A note in a line, for telling of it."""
    # Shapes over a picture are no words.
    words = (visible_text(SHAPES.sub("", field)) for field in row)
    text = next(filter(None, words), "") or next(filter(None, row), "(an empty note)")
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def common_name(decks: Iterable[str]) -> str:
    """The deck that holds all these, or else the one with most of them."""
    listed = list(decks) or ["Default"]
    levels = [name.split("::") for name in set(listed)]
    common: list[str] = []
    for parts in zip(*levels, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return "::".join(common) or Counter(name.split("::")[0] for name in listed).most_common(1)[0][0]


def _notes(
    contents: Iterable[NoteContent],
    names: Mapping[int, str],
    types: Mapping[int, OldType],
    only: str,
    cases: list[Case],
) -> Iterator[OldNote]:
    taken: set[str] = set()
    for content in contents:
        home = next((names[card.deck] for card in content.cards if card.deck in names), "")
        if only and home != only and not home.startswith(f"{only}::"):
            continue
        reason = _left_out(content, types, taken)
        if reason:
            cases.append(Case(What.LEFT_OUT, shown(content.row), reason))
            continue
        taken.add(content.guid)
        decks = {names[card.deck] for card in content.cards if card.deck in names}
        if len(decks) > 1:
            told = f"its cards are kept in several decks; new students get them in {home!r}"
            cases.append(Case(What.CARDS, shown(content.row), told))
        yield OldNote(
            guid=content.guid,
            mod=content.mod,
            type=content.type_id,
            row=content.row,
            tags=content.tags,
            ords=tuple(sorted({card.ord for card in content.cards})),
            deck=home,
        )


def _left_out(content: NoteContent, types: Mapping[int, OldType], taken: set[str]) -> str:
    if is_ours(content.type_id):
        return "deckbuilder made it: its own deck of facts has it (see deckbuilder absorb)"
    if content.type_id not in types:
        return "its note type is not in the package"
    if not content.cards:
        return "it has no card"
    if content.guid in taken:
        return "another note has the same identity (GUID): the first is taken"
    if not content.guid or not content.guid.isprintable() or content.guid != content.guid.strip():
        return "its identity (GUID) holds signs that no file can keep"
    return ""


def _why_nothing(decks: Sequence[DeckContent], cases: Sequence[Case], only: str) -> str:
    if only:
        known = ", ".join(sorted(deck.name for deck in decks))
        return f"it has no notes in a deck {only!r}; its decks are: {known}"
    reasons = Counter(case.reason for case in cases)
    return f"no note of it can be imported: {reasons.most_common(1)[0][0]}" if reasons else "it holds no notes"


def _description(decks: Sequence[DeckContent], name: str) -> str:
    found = next((deck for deck in decks if deck.name == name), None)
    return "" if found is None else description_of(found.description, markdown=found.markdown)


def description_of(text: str, *, markdown: bool) -> str:
    """A deck's description as Markdown."""
    if markdown or not text.strip():
        return writable(text)
    try:
        return writable(to_markdown(text)[0])
    except UnsayableError:
        return writable(visible_text(text))


def _media(
    opened: OpenPackage, notes: Sequence[OldNote], types: Mapping[int, OldType]
) -> tuple[dict[str, bytes], list[Case]]:
    """The files that notes and note types show, and those beginning with `_`, which scripts may ask for."""
    wanted = shown_by(notes, types.values())
    found: dict[str, bytes] = {}
    cases: list[Case] = []
    for media in opened.package.media:
        if media.name not in wanted and not media.name.startswith("_"):
            cases.append(Case(What.LEFT_OUT, media.name, "no note shows this file"))
            continue
        try:
            found[media.name] = opened.media_bytes(media)
        except UnreadableError as error:
            cases.append(Case(What.LEFT_OUT, media.name, error.reason))
    named = {media.name for media in opened.package.media}
    told = "a note shows this file, and the package does not hold it"
    cases += [Case(What.LEFT_OUT, name, told) for name in sorted(wanted - named)]
    return found, cases
