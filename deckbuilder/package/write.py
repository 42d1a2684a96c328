"""Pinned notes to the bytes of a package, the same bytes for the same notes.

genanki writes the tables; what it does not say (when a note changed, which cards it has) comes in through
its public classes. The zip is written here: sorted, deflated, with a fixed date, and with no temporary file.
"""

import hashlib
import io
import itertools
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as with_default
from functools import partial
from typing import Any

import genanki

from deckbuilder.markup import sort_text
from deckbuilder.notes import PinnedNote
from deckbuilder.notetypes import CarriedType, Field, NoteType
from deckbuilder.problems import Progress, unwatched

# The date of every zip entry: the earliest that the format knows.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_COMPRESSION = 6
# Ids look like creation times in milliseconds; each deck has a range of its own, so that two decks rarely meet.
_FIRST_ID = 1_400_000_000_000
_ID_SPREAD = 300_000_000_000
# Where SQLite stamps its own version into a file.
_VERSION_STAMP = slice(92, 100)


@dataclass(frozen=True, slots=True)
class PackageDeck:
    """A deck as a package holds it. `description` is Markdown; `id` names it across versions.

    `media` are the files that its notes show, by name.
    """

    id: str
    name: str
    description: str
    notes: Sequence[PinnedNote]
    media: Mapping[str, bytes] = with_default(default_factory=dict)


def package_bytes(deck: PackageDeck, progress: Progress = unwatched) -> bytes:
    """The .apkg file (legacy format, schema 11, which every Anki reads)."""
    content = io.BytesIO()
    names = sorted(deck.media)
    listed = json.dumps({str(number): name for number, name in enumerate(names)}).encode()
    files = [(str(number), deck.media[name]) for number, name in enumerate(names)]
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in (("collection.anki2", _collection(deck, progress)), ("media", listed), *files):
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            archive.writestr(entry, data, compresslevel=_COMPRESSION)
    return content.getvalue()


def _collection(deck: PackageDeck, progress: Progress) -> bytes:
    seed = int.from_bytes(hashlib.sha256(deck.id.encode()).digest()[:8])
    first = _FIRST_ID + seed % _ID_SPREAD
    decks = {deck.name: _Deck(first, deck.name, deck.description)}
    for done, note in enumerate(deck.notes, start=1):
        # Anki knows decks by their names: an id only has to be another one.
        name = note.deck or deck.name
        if name not in decks:
            decks[name] = _Deck(first + len(decks), name, "")
        decks[name].add_note(_Note(note, partial(progress, "writing", done, len(deck.notes))))
    connection = sqlite3.connect(":memory:")
    try:
        genanki.Package(list(decks.values())).write_to_db(connection.cursor(), 0, itertools.count(first))
        connection.commit()
        data = bytearray(connection.serialize())
    finally:
        connection.close()
    data[_VERSION_STAMP] = bytes(8)
    return bytes(data)


class _Deck(genanki.Deck):  # type: ignore[misc] # genanki ships no types
    """A deck whose description is Markdown."""

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "md": True}


class _Model(genanki.Model):  # type: ignore[misc]
    """A note type with a time of change of its own, and fields and templates known by id."""

    def __init__(self, note_type: NoteType) -> None:
        super().__init__(
            note_type.id,
            note_type.name,
            fields=[_field(field) for field in note_type.fields],
            templates=[
                {"name": template.name, "id": template.id, "qfmt": template.front, "afmt": template.back}
                for template in note_type.templates
            ],
            css=note_type.css,
            model_type=genanki.Model.CLOZE if note_type.is_cloze else genanki.Model.FRONT_BACK,
        )
        self._changed = note_type.changed
        self._stock_kind = {"originalStockKind": note_type.stock_kind} if note_type.stock_kind else {}

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        del timestamp
        return {**super().to_json(self._changed, deck_id), **self._stock_kind}


def _field(field: Field) -> dict[str, Any]:
    named = {"name": field.name, "id": field.id}
    return named if field.tag is None else {**named, "tag": field.tag, "preventDeletion": True}


# What Anki wants to find in a note type, and other programs may leave out.
_MODEL: dict[str, Any] = {
    "css": "",
    "did": None,
    "latexPost": "",
    "latexPre": "",
    "mod": 0,
    "req": [],
    "sortf": 0,
    "type": 0,
    "usn": 0,
}
_FIELD = {"font": "Arial", "rtl": False, "size": 20, "sticky": False}
_TEMPLATE = {"bafmt": "", "bqfmt": "", "did": None}


class _ForeignModel(genanki.Model):  # type: ignore[misc]
    """A note type of another deck, written as it was read."""

    def __init__(self, note_type: CarriedType) -> None:
        super().__init__(note_type.id, note_type.name)
        self._record = json.loads(note_type.model)

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        del timestamp, deck_id
        return {
            **_MODEL,
            **self._record,
            "flds": [{**_FIELD, **field} for field in self._record["flds"]],
            "tmpls": [{**_TEMPLATE, **template} for template in self._record["tmpls"]],
        }


_MODELS: dict[int, tuple[NoteType, genanki.Model]] = {}


def _model(note_type: NoteType) -> genanki.Model:
    """By its id: to hash a whole note type for every note would take longer than to write the note."""
    known = _MODELS.get(note_type.id)
    # Two imported decks can hold one note type in two versions.
    if known is None or known[0] is not note_type:
        made = _ForeignModel(note_type) if isinstance(note_type, CarriedType) else _Model(note_type)
        known = _MODELS[note_type.id] = (note_type, made)
    return known[1]


class _Note(genanki.Note):  # type: ignore[misc]
    """A note with its own time of change, exactly the cards it was pinned with, and Anki's checksum."""

    def __init__(self, note: PinnedNote, written: Callable[[], None]) -> None:
        super().__init__(_model(note.type), list(note.row), tags=note.tags, guid=note.guid, due=note.due)
        self._pinned = note
        self._written = written

    @property
    def cards(self) -> list[genanki.Card]:
        return [genanki.Card(ord_) for ord_ in self._pinned.ords]

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        del timestamp
        note = self._pinned
        note_id = next(id_gen)
        sort_field = sort_text(note.row[note.type.sort])
        first_field = sort_field if note.type.sort == 0 else sort_text(note.row[0])
        checksum = int(hashlib.sha1(first_field.encode(), usedforsecurity=False).hexdigest()[:8], 16)
        cursor.execute(
            "INSERT INTO notes VALUES(?,?,?,?,-1,?,?,?,?,0,'')",
            (
                note_id,
                note.guid,
                note.type.id,
                note.mod,
                f" {' '.join(note.tags)} ",
                "\x1f".join(note.row),
                sort_field,
                checksum,
            ),
        )
        for card in self.cards:
            card.write_to_db(cursor, note.mod, deck_id, note_id, id_gen, note.due)
        self._written()
