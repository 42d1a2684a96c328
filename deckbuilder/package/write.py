"""Pinned notes to the bytes of a package, the same bytes for the same notes.

genanki writes the tables; what it does not say (when a note changed, which cards it has) comes in through
its public classes. The zip is written here: sorted, deflated, with a fixed date.
"""

import errno
import hashlib
import itertools
import json
import sqlite3
import tempfile
import zipfile
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from dataclasses import field as with_default
from pathlib import Path
from typing import Any

from deckbuilder.markup import sort_text
from deckbuilder.notes import PinnedNote
from deckbuilder.notetypes import CarriedType, Field, NoteType
from deckbuilder.package.writer import genanki
from deckbuilder.problems import Progress, unwatched
from deckbuilder.shelf import whole
from deckbuilder.spool import Spool, temporary_folder_told

# Of deflate's levels the quickest: a third of the time of the usual sixth, for a tenth more bytes.
_LEVEL = 1
# An entry that could become larger than this, in bytes, needs the larger form of a zip.
_LARGEST_PLAIN = 2_000_000_000
# Ids look like creation times in milliseconds; each deck has a range of its own, so that two decks rarely meet.
_FIRST_ID = 1_400_000_000_000
_ID_SPREAD = 300_000_000_000
# Where SQLite counts the changes of a file, and stamps its own version into it; in bytes, as the others.
_CHANGES = slice(24, 28)
_VERSION_STAMP = slice(92, 100)
_HEADER = 100
CHUNK = 1 << 18


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
    """The .apkg file in one. Raises OSError."""
    return b"".join(package_parts(deck, progress)())


def package_parts(deck: PackageDeck, progress: Progress = unwatched) -> Spool:
    """The .apkg file (legacy format, schema 11, which every Anki reads), part by part.

    A large deck's collection is by far the largest thing that a build makes: it lies in a temporary file, and passes
    into another bit by bit. Raises OSError.
    """
    written = _Deck(first_id(deck.id), deck, progress)
    return packed(lambda file: write_collection(written, file), deck.media)


def packed(write: Callable[[Path], None], media: Mapping[str, bytes]) -> Spool:
    """A package with the collection that `write` writes into a file. Raises OSError."""
    content = Spool()
    names = sorted(media)
    listed = json.dumps({str(number): name for number, name in enumerate(names)}).encode()
    with (
        temporary_folder_told(),
        zipfile.ZipFile(content.file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive,
    ):
        with tempfile.TemporaryDirectory(prefix="deckbuilder-") as folder:
            collection = Path(folder, "collection.anki2")
            write(collection)
            _add(archive, "collection.anki2", collection.stat().st_size, _chunks(collection))
        for name, data in (("media", listed), *((str(number), media[name]) for number, name in enumerate(names))):
            _add(archive, name, len(data), [data])
    return content


def _add(archive: zipfile.ZipFile, name: str, size: int, chunks: Iterable[bytes]) -> None:
    # A new entry has the date 1980-01-01, the earliest that the format knows.
    with archive.open(name, "w", force_zip64=size > _LARGEST_PLAIN) as packed:
        for chunk in chunks:
            packed.write(chunk)
    # The same on every system.
    archive.getinfo(name).create_system = 3


def _chunks(collection: Path) -> Iterator[bytes]:
    """A collection's bytes, without what tells how often and by which SQLite it was written."""
    with collection.open("rb") as stream:
        head = bytearray(stream.read(_HEADER))
        head[_CHANGES], head[_VERSION_STAMP] = bytes(4), bytes(8)
        yield bytes(head)
        while chunk := stream.read(CHUNK):
            yield chunk


def first_id(deck_id: str) -> int:
    """The first of the ids that a deck's package uses."""
    return _FIRST_ID + int.from_bytes(hashlib.sha256(deck_id.encode()).digest()[:8]) % _ID_SPREAD


def write_collection(deck: genanki.Deck, file: Path, before: Path | None = None) -> None:
    """A collection with a deck; its rows can be taken from the one `before`."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            # Nobody needs this file if the machine stops.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            if before is not None:
                connection.execute("ATTACH ? AS before", (str(before),))
            genanki.Package(deck).write_to_db(connection.cursor(), 0, itertools.count(deck.deck_id))
            connection.commit()
    except sqlite3.OperationalError as error:
        raise OSError(errno.EIO, f"a temporary file cannot be written: {error}", tempfile.gettempdir()) from error


class MarkdownDeck(genanki.Deck):  # type: ignore[misc] # genanki ships no types
    """A deck whose description is Markdown."""

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "md": True}


class _Deck(MarkdownDeck):
    """A deck with its notes, and with the decks that some of them stand in.

    genanki would write the list of all decks anew for each of them, and hold every note twice: here the list is
    written once, and the notes pass by one after the other.
    """

    def __init__(self, first_id: int, deck: PackageDeck, progress: Progress) -> None:
        super().__init__(first_id, deck.name, deck.description)
        self._notes = deck.notes
        # Where the notes of each deck stand among all.
        self._by_deck = defaultdict(lambda: array("L"), {deck.name: array("L")})
        types: dict[int, NoteType] = {}
        for place, note in enumerate(deck.notes):
            self._by_deck[note.deck or deck.name].append(place)
            types[note.type.id] = note.type
        for note_type in types.values():
            self.add_model(model_of(note_type))
        self._progress = progress

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, timestamp, id_gen)
        # Anki knows decks by their names: an id only has to be another one.
        ids = {name: self.deck_id + number for number, name in enumerate(self._by_deck)}
        if len(ids) > 1:
            (known,) = cursor.execute("SELECT decks FROM col").fetchone()
            others = {str(ids[name]): {**genanki.Deck(ids[name], name).to_json(), "md": True} for name in ids}
            cursor.execute("UPDATE col SET decks = ?", (json.dumps({**others, **json.loads(known)}),))
        first, total = next(id_gen), len(self._notes)
        with indexed_last(cursor):
            # One table after the other: so the pages of each lie together.
            for done, (note_id, _, note) in enumerate(self._numbered(first, ids), start=1):
                cursor.execute(_NEW_NOTE, (note_id, note.guid, note.type.id, note.mod, *said(note)))
                self._progress("writing", done, total)
            cursor.executemany(_NEW_CARD, _cards(self._numbered(first, ids)))

    def _numbered(self, first: int, ids: Mapping[str, int]) -> Iterator[tuple[int, int, PinnedNote]]:
        """Each note with its id, behind which those of its cards follow, and the id of the deck that it stands in."""
        for name, places in self._by_deck.items():
            for note in map(self._notes.__getitem__, places) if len(ids) > 1 else self._notes:
                yield first, ids[name], note
                first += 1 + len(note.ords)


@contextmanager
def indexed_last(cursor: sqlite3.Cursor) -> Iterator[None]:
    """Makes the indexes of all tables once these are full: to keep them as rows come in takes longer."""
    indexes = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _, sql in indexes:
        cursor.execute(sql)


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
        # genanki finds out which fields a template needs by rendering it once for each field: here its gate says it.
        self._req = [[number, "all", [gate]] for number, gate in enumerate(note_type.gates)]
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


def model_of(note_type: NoteType) -> genanki.Model:
    """By its id: to hash a whole note type for every note would take longer than to write the note."""
    known = _MODELS.get(note_type.id)
    # Two imported decks can hold one note type in two versions.
    if known is None or known[0] is not note_type:
        made = _ForeignModel(note_type) if isinstance(note_type, CarriedType) else _Model(note_type)
        known = _MODELS[note_type.id] = (note_type, made)
    return known[1]


def model_record(note_type: NoteType) -> dict[str, Any]:
    """A note type as Anki's older format writes it."""
    return dict(model_of(note_type).to_json(0, 0))


_NEW_NOTE = "INSERT INTO notes VALUES(?,?,?,?,-1,?,?,?,?,0,'')"
_NEW_CARD = "INSERT INTO cards VALUES(?,?,?,?,?,-1,0,0,?,0,0,0,0,0,0,0,0,'')"


def said(note: PinnedNote) -> tuple[str, str, str, int]:
    """What a note says: tags, fields, the text that it is sorted by, and Anki's checksum."""
    note_type, row = note.type, whole(note.row)
    sort_field = sort_text(row[note_type.sort])
    first_field = sort_field if note_type.sort == 0 else sort_text(row[0])
    checksum = int.from_bytes(hashlib.sha1(first_field.encode(), usedforsecurity=False).digest()[:4])
    return f" {' '.join(note.tags)} ", "\x1f".join(row), sort_field, checksum


def _cards(numbered: Iterable[tuple[int, int, PinnedNote]]) -> Iterator[tuple[int, ...]]:
    """Exactly the cards that notes were pinned with."""
    for note_id, deck_id, note in numbered:
        for card_id, ord_ in enumerate(note.ords, start=note_id + 1):
            yield card_id, note_id, deck_id, ord_, note.mod, note.due
