"""Notes to pinned notes: every fact keeps the GUID and the number under which students have it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from deckbuilder.facts.deck import Deck
from deckbuilder.kinds import Made
from deckbuilder.lock.carry import Shape, carry, new_in, types_of
from deckbuilder.lock.claim import Claims, Known, claim, moved_and_replaced, never_renamed
from deckbuilder.lock.guid import guid_for
from deckbuilder.lock.hashes import hash_note, hash_type
from deckbuilder.lock.identity_text import identity_text
from deckbuilder.lock.lost import lost_notes, retired_wrongly
from deckbuilder.lock.model import Entry, Lock, Tombstone, TypeEntry
from deckbuilder.lock.numbers import Numbers, name_blanks, number_blanks, without_card
from deckbuilder.lock.own import own_types, without_theme
from deckbuilder.lock.shelved import ShelvedEntries
from deckbuilder.markup import escape_answer, escape_in_cloze
from deckbuilder.notes import Hidden, Named, Note, Outline, PinnedNote
from deckbuilder.notetypes import NOTE_TYPES, CarriedType, NoteType, OwnType
from deckbuilder.problems import Problem
from deckbuilder.shelved import ShelvedRelease

# New cards are placed this far apart, so that a later release can put others between them.
DUE_STEP = 100
_NEVER_SHIPPED = Entry("", "", 0)
_UNSHARED = (CarriedType, OwnType)


@dataclass(frozen=True, slots=True)
class Pinned:
    """A deck's notes as students get them, the lock that goes with them, and what stands in the way.

    `withdrawn` are the entries of the lock whose notes the facts make no longer, by key.
    `types` are the note types that notes can be in beside those that all decks share, by their ids.
    """

    notes: Sequence[PinnedNote]
    lock: Lock
    withdrawn: Mapping[str, Entry]
    problems: tuple[Problem, ...]
    types: Mapping[int, NoteType]


@dataclass(frozen=True, slots=True)
class _Types:
    """Note types beside those that all decks share: of imported notes by id, the deck's own by what they stand for."""

    foreign: Mapping[int, CarriedType]
    own: Mapping[int, OwnType]

    @property
    def by_id(self) -> dict[int, NoteType]:
        return {**self.foreign, **{one.id: one for one in self.own.values()}}


def pin(deck: Deck, made: Made, lock: Lock, now: int, *, accept_removals: bool = False) -> Pinned:
    """Pin a deck's notes to the identities in `lock`, as of `now` (Unix seconds).

    Nothing is guessed: what vanished beside something that appeared is a problem, unless removals are accepted.
    Notes that lie on a shelf are taken out of `made`, and their texts are put there as students get them.
    """
    claimed = _claimed(made, lock)
    claims = claimed.known_as
    problems = [*retired_wrongly(deck, made, claims, lock), *claimed.problems]
    if made.may_have_renamed_items:
        problems += moved_and_replaced(lambda: chain(made.notes, made.unasked))
    if not accept_removals:
        problems += lost_notes(deck, made, claims, lock)
    types = _Types(types_of(deck), own_types(deck, lock, now))
    guids = {entry.guid for entry in lock.entries.values()}
    pinned: list[PinnedNote] | ShelvedRelease = ShelvedRelease(made.shelf) if made.shelf else []
    entries: dict[str, Entry] | ShelvedEntries = ShelvedEntries(lock.entries) if made.shelf else {}
    withdrawn = _tombstones(deck, made, claims, lock)
    for place, note in enumerate(made.taken(), start=1):
        before = lock.entries.get(claims.get(note.key, ""))
        numbers = number_blanks(note, before or _NEVER_SHIPPED, accept_removals=accept_removals)
        problems += numbers.problems or without_card(note, numbers)
        shape = _shape(deck, note, before, numbers, types)
        problems += shape.problems
        guid = before.guid if before else _new_guid(note.key, guids)
        entry = _entry(guid, before, numbers, shape, now)
        entries[note.key] = entry
        pinned.append(_pinned(note, shape, entry, place * DUE_STEP))
    entries.update(withdrawn)
    problems += without_theme(deck, pinned)
    written = {one.name: TypeEntry(hash_type(one), one.changed) for one in (*NOTE_TYPES, *types.own.values())}
    after = Lock(deck.heading.id, entries, written, next((one.home for one in types.own.values()), ""))
    return Pinned(pinned, after, withdrawn, tuple(problems), types.by_id)


def _claimed(made: Made, lock: Lock) -> Claims:
    """Which notes are which of those that students have."""

    def outlines() -> Iterator[Outline]:
        # Facts that are not asked keep their names too: no other fact may come into their history.
        return chain(made.outlines(), made.unasked)

    if not any(note.former for note in outlines()):
        return never_renamed((note.key for note in outlines()), lock.entries)
    named = [Named(note.key, note.former, note.origin) for note in outlines()]
    return claim(named, Known(lock.living, lock.retired), {note.key for note in made.unasked})


def _shape(deck: Deck, note: Note, before: Entry | None, numbers: Numbers, types: _Types) -> Shape:
    """What a student gets of a note: in a note type of ours, or in that of the deck from which it was imported."""
    where = deck.carried.decks.get(note.concepts[0], "")
    own = types.own.get(note.type.id)
    if before is not None and before.carried and (own is None or before.carried != own.id):
        return carry(deck, note, types.foreign.get(before.carried), deck.carried.notes.get(before.guid), numbers)
    if isinstance(note.type, CarriedType):
        return new_in(note.type, note, where)
    row = _row(note, identity_text(note.key, numbers.told), numbers)
    stays = before is not None and not before.carried
    return Shape(note.type if own is None or stays else own, row, note.tags, _ords(note, row, numbers), where)


def _entry(guid: str, before: Entry | None, numbers: Numbers, shape: Shape, now: int) -> Entry:
    content = hash_note(shape.type, shape.row, shape.tags)
    kept = shape.type.id if isinstance(shape.type, _UNSHARED) else 0
    entry = Entry(guid, content, _mod(before, content, now), numbers.told, None, kept)
    # Most notes of a release are those of the last.
    return before if before == entry else entry


def _pinned(note: Note, shape: Shape, entry: Entry, due: int) -> PinnedNote:
    ords = _shared(shape.ords)
    return PinnedNote(
        note.key, note.kind, shape.type, entry.guid, entry.mod, shape.row, shape.tags, ords, due, shape.deck
    )


@lru_cache(maxsize=1000)
def _shared(ords: tuple[int, ...]) -> tuple[int, ...]:
    """One tuple for all notes with the same cards."""
    return ords


def _new_guid(key: str, taken: set[str]) -> str:
    """From the key alone; a key used anew after its first note was renamed gets another."""
    guid, turn = guid_for(key), 1
    while guid in taken:
        turn += 1
        guid = guid_for(f"{key}#{turn}")
    if turn > 1:
        # No other key gives the guid that a key gives first: to remember those of all new notes takes much room.
        taken.add(guid)
    return guid


def _row(note: Note, identity: str, numbers: Numbers) -> tuple[str, ...]:
    made, positions = tuple(note.row), note.type.positions
    if not note.cloze and not note.beside and made[positions["Key"]] == identity:
        return made
    row = list(made)
    row[positions["Key"]] = identity
    for name, pieces in note.beside.items():
        row[positions[name]] = _text(pieces, numbers)
    if note.type.is_cloze:
        row[0] = _text(note.cloze, numbers)
    return tuple(row)


def _text(pieces: Sequence[str | Hidden], numbers: Numbers) -> str:
    by_id = numbers.by_id
    return "".join(
        [
            _cloze(piece, piece.number or by_id[piece.id]) if isinstance(piece, Hidden) else escape_in_cloze(piece)
            for piece in pieces
        ]
    )


def _cloze(hidden: Hidden, number: int) -> str:
    hint = f"::{escape_answer(hidden.hint)}" if hidden.hint else ""
    return f"{{{{c{number}::{escape_answer(hidden.html)}{hint}}}}}"


def _ords(note: Note, row: Sequence[str], numbers: Numbers) -> tuple[int, ...]:
    """The cards that a note has, exactly as Anki would make them."""
    if note.type.is_cloze:
        return numbers.ords
    return tuple([ord_ for ord_, gate in enumerate(note.type.gates) if row[gate]])


def _mod(before: Entry | None, content: str, now: int) -> int:
    """Anki delivers a change only if it is newer than what a student has; what did not change must not be."""
    if before is None:
        return now
    unchanged = before.hash == content and before.tombstone is None
    return before.mod if unchanged else max(now, before.mod + 1)


def _tombstones(deck: Deck, made: Made, claims: Mapping[str, str], lock: Lock) -> dict[str, Entry]:
    """What students have and the facts no longer ask; `retire` gives it words and a time."""
    told = {retired.key: retired for retired in deck.retired}
    silent = {note.key: note for note in made.unasked}
    unasked = {claims[key]: note for key, note in silent.items() if key in claims}
    asked = {known for key, known in claims.items() if key not in silent}
    stones: dict[str, Entry] = {}
    for key, entry in lock.entries.items():
        if key in asked:
            continue
        note = unasked.get(key)
        names = (key,) if note is None else (note.key, *note.former)
        said = next((told[name] for name in names if name in told), None)
        stone = entry.tombstone or Tombstone("", (), ())
        if said is not None:
            stone = replace(stone, why=said.why or "", instead=said.instead or "")
        named = entry if note is None else name_blanks(note, entry)
        stones[names[0]] = named._replace(tombstone=stone)
    return stones
