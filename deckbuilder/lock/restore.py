"""A lock that was lost, made again from the last package: every note carries its own identity."""

from collections.abc import Mapping, Sequence

from deckbuilder.lock.hashes import hash_note, hash_type
from deckbuilder.lock.identity_text import parse_identity
from deckbuilder.lock.model import Entry, Lock, Tombstone, TypeEntry
from deckbuilder.lock.retire import RETIRED_TAG, without_banner
from deckbuilder.notes import Shipped, ShippedNote, ShippedType
from deckbuilder.notetypes import NOTE_TYPES, NoteType, OwnType, own_type, own_type_from


def restore(shipped: Shipped) -> Lock:
    """The lock that a package was written with.

    Raises ValueError if the package holds a note that this program did not write.
    """
    entries: dict[str, Entry] = {}
    decks: set[str] = set()
    own = [(one, made) for one in shipped.types if (made := own_type_from(one.id, one.name, one.look.split("\x1f")[0]))]
    known = {one.id: one for one in (*NOTE_TYPES, *(made for _, made in own))}
    for note in shipped.notes:
        key, entry = _entry(note, known)
        if key in entries:
            raise ValueError(f"two notes carry the identity {key!r}")
        entries[key] = entry
        if entry.tombstone is None:
            # Withdrawn notes keep the name that their deck had when they were withdrawn.
            decks.add(key.split("/", maxsplit=1)[0])
    if len(decks) != 1:
        raise ValueError("its notes belong to no deck, or to several")
    return Lock(decks.pop(), entries, _type_entries(own), next((made.home for _, made in own), ""))


def _type_entries(own: Sequence[tuple[ShippedType, OwnType]]) -> dict[str, TypeEntry]:
    types = {one.name: TypeEntry(hash_type(one), one.changed) for one in NOTE_TYPES}
    for one, made in own[:1]:
        # Those of the deck that no note is in yet look as the others do.
        others = (own_type(base, made.home, made.theme) for base in NOTE_TYPES)
        types |= {other.name: TypeEntry(hash_type(other), one.changed) for other in others}
    # A look that this program would not make so has no hash here: the next build gives it one, and its time.
    return types | {
        made.name: TypeEntry(hash_type(made) if made.look == one.look else "", one.changed) for one, made in own
    }


def _entry(note: ShippedNote, known: Mapping[int, NoteType]) -> tuple[str, Entry]:
    note_type = known.get(note.type_id)
    if note_type is None or len(note.row) != len(note_type.fields):
        raise ValueError(
            f"a note of the type {note.type_name!r} was not written by this program; "
            "the lock of an imported deck stands in git, or comes from importing the old file once more"
        )
    key, blanks = parse_identity(note.row[note_type.positions["Key"]])
    kind = 2
    if len(key.split("/")) <= kind:
        raise ValueError(f"a note carries no identity: {note.guid}")
    stone = None
    content = hash_note(note_type, note.row, note.tags)
    if RETIRED_TAG in note.tags:
        tags = tuple(tag for tag in note.tags if tag != RETIRED_TAG)
        stone = Tombstone(note_type.name, without_banner(note_type, note.row), tags)
    kept = note_type.id if isinstance(note_type, OwnType) else 0
    return key, Entry(note.guid, content, note.mod, blanks, stone, kept)
