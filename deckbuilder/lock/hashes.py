"""What students see of notes and note types, in short: what tells whether anything changed."""

import hashlib
from collections.abc import Iterable, Sequence

from deckbuilder.notetypes import CarriedType, NoteType

_HASH_LENGTH = 16


def hash_note(note_type: NoteType, row: Sequence[str], tags: Iterable[str]) -> str:
    """The content of a note in short: what a student would see change. The key is not shown, so it does not count."""
    shown = [note_type.name, *row, " ".join(tags)]
    # A foreign note carries no key.
    if not isinstance(note_type, CarriedType):
        del shown[1 + note_type.positions["Key"]]
    return _digest("\x1f".join(shown))


def hash_type(note_type: NoteType) -> str:
    """The look and shape of a note type in short."""
    fields = (f"{field.id}={field.name}" for field in note_type.fields)
    templates = (f"{t.id}={t.name}\x1e{t.front}\x1e{t.back}" for t in note_type.templates)
    return _digest("\x1f".join((note_type.name, str(note_type.id), *fields, *templates, note_type.css)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]
