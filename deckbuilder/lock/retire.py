"""Withdrawn notes: what students who have them are told, since a package can neither delete nor suspend a card."""

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from deckbuilder.kinds.words import Words
from deckbuilder.lock.hashes import hash_note
from deckbuilder.lock.model import Entry, Lock, Tombstone
from deckbuilder.markup import escape, escape_answer
from deckbuilder.notes import PinnedNote, ShippedNote
from deckbuilder.notetypes import (
    CLASSIFICATION,
    CLOZE,
    NOTE_TYPES,
    OCCLUSION,
    QUESTION,
    CarriedType,
    NoteType,
    OwnType,
    cards_of,
)

RETIRED_TAG = "deckbuilder::retired"
_TYPES = {note_type.name: note_type for note_type in NOTE_TYPES}


def retire(  # noqa: PLR0913 - what withdrawn notes take from all that is known
    lock: Lock,
    withdrawn: Mapping[str, Entry],
    shipped: Callable[[], Iterable[ShippedNote]],
    words: Words,
    types: Mapping[int, NoteType] = MappingProxyType({}),
    *,
    due: int,
    now: int,
) -> tuple[Lock, list[PinnedNote]]:
    """The lock with the words and times of all `withdrawn` notes, and these notes as students get them.

    A newly withdrawn note takes its words from the package that students have; `shipped` is called only for
    such a note. Its old words stand under a banner, with a tag to find them by. As with every note, its time
    moves (to `now`, Unix seconds, or later) only when what it shows has changed. `types` are those that not all decks
    share, by id; a note in a foreign one has no field for a banner: it gets the tag alone.
    """
    notes: list[PinnedNote] = []
    entries: dict[str, Entry] = {}
    by_guid: dict[str, ShippedNote] | None = None
    for key, entry in sorted(withdrawn.items()):
        stone = entry.tombstone or Tombstone("", (), ())
        if not stone.row:
            by_guid = by_guid if by_guid is not None else {note.guid: note for note in shipped()}
            stone = _remember(stone, entry, key, by_guid, types.get(entry.carried))
        note_type = types.get(entry.carried) if entry.carried else _TYPES.get(stone.type)
        if note_type is None or not stone.row:
            continue
        is_foreign = isinstance(note_type, CarriedType)
        row = stone.row if is_foreign else _with_status(note_type, stone.row, _banner(stone, words))
        tags = tuple(sorted({*stone.tags, RETIRED_TAG}, key=lambda tag: (tag.casefold(), tag)))
        content = hash_note(note_type, row, tags)
        mod = entry.mod if content == entry.hash else max(now, entry.mod + 1)
        entries[key] = entry._replace(hash=content, mod=mod, tombstone=stone)
        ords = _ords(note_type, row, entry)
        notes.append(PinnedNote(key, "retired", note_type, entry.guid, mod, row, tags, ords, due))
    if not entries:
        return lock, notes
    return replace(lock, entries=ChainMap(entries, lock.entries)), notes  # type: ignore[arg-type] # it is read alone


def without_banner(note_type: NoteType, row: tuple[str, ...]) -> tuple[str, ...]:
    """A note's fields without what its status says: a withdrawn note has a status of its own."""
    return _with_status(note_type, row, "")


def _with_status(note_type: NoteType, row: tuple[str, ...], words: str) -> tuple[str, ...]:
    status = note_type.positions["Status"]
    return (*row[:status], words, *row[status + 1 :])


def _remember(
    stone: Tombstone, entry: Entry, key: str, by_guid: Mapping[str, ShippedNote], kept: NoteType | None
) -> Tombstone:
    shipped = by_guid.get(entry.guid)
    note_type = kept if entry.carried else _TYPES.get(shipped.type_name) if shipped else None
    if shipped is not None and note_type is not None and len(shipped.row) == len(note_type.fields):
        tags = tuple(tag for tag in shipped.tags if tag != RETIRED_TAG)
        row = shipped.row if isinstance(kept, CarriedType) else without_banner(note_type, shipped.row)
        return replace(stone, type=note_type.name, row=row, tags=tags)
    if entry.carried and not isinstance(kept, OwnType):
        # What it said stood in the package alone.
        return stone
    note_type, row = _without_words(entry, key)
    return replace(stone, type=(kept or note_type).name, row=row)


def _without_words(entry: Entry, key: str) -> tuple[NoteType, tuple[str, ...]]:
    """A note whose package is lost: every card it had must still show something, so it shows its name."""
    name = escape(key.rpartition("/")[2])
    kind = key.split("/")[2]
    if kind == "occlusion":
        nowhere = "image-occlusion:rect:left=0:top=0:width=0:height=0"
        hidden = " ".join(f"{{{{c{number}::{nowhere}}}}}" for number in entry.numbers)
        answers = "".join(f"{{{{c{n}::{escape_answer(escape(item))}}}}}" for n, item in entry.numbers.items())
        return OCCLUSION, OCCLUSION.row({"Occlusion": hidden, "Header": name, "Answers": answers})
    if entry.numbers:
        text = " ".join(f"{{{{c{number}::{escape_answer(escape(item))}}}}}" for number, item in entry.numbers.items())
        return CLOZE, CLOZE.row({"Text": text})
    if kind == "classification":
        return CLASSIFICATION, CLASSIFICATION.row({"Item": name})
    both = {"Reverse": name} if kind in {"definition", "pair"} else {}
    return QUESTION, QUESTION.row({"Front": name, **both})


def _banner(stone: Tombstone, words: Words) -> str:
    parts = [words.retired, stone.why, f"{words.instead}: {stone.instead}" if stone.instead else "", words.retired_todo]
    return " ".join(escape(part if part.endswith((".", "!", "?", "؟")) else f"{part}.") for part in parts if part)


def _ords(note_type: NoteType, row: tuple[str, ...], entry: Entry) -> tuple[int, ...]:
    if isinstance(note_type, CarriedType):
        return cards_of(note_type, row)
    if note_type.is_cloze:
        return tuple(sorted(number - 1 for number in entry.numbers))
    return tuple(ord_ for ord_, gate in enumerate(note_type.gates) if row[gate])
