"""A package in which a few notes say something else: the same bytes as if it had been written anew."""

import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from deckbuilder.notes import PinnedNote
from deckbuilder.notetypes import NOTE_TYPES
from deckbuilder.package.write import (
    CHUNK,
    MarkdownDeck,
    first_id,
    indexed_last,
    model_of,
    packed,
    said,
    write_collection,
)
from deckbuilder.spool import Spool, temporary_folder_told


def amended_parts(
    package: Path, deck_id: str, name: str, described: Callable[[int], str], notes: Sequence[PinnedNote]
) -> Spool | None:
    """What `package_parts` gives for a deck that stands in `package` but for these notes, which say something else now.

    `described` tells the deck's description by the time of its last change. None if the package is not one of such a
    deck: a note is not there, has other cards, or there is media. Raises OSError, BadZipFile and sqlite3.Error.
    """
    with temporary_folder_told(), tempfile.TemporaryDirectory(prefix="deckbuilder-") as folder:
        before = Path(folder, "before.anki2")
        with zipfile.ZipFile(package) as archive, before.open("wb") as stream:
            if archive.read("media") != b"{}":
                return None
            with archive.open("collection.anki2") as entry:
                shutil.copyfileobj(entry, stream, CHUNK)
        with closing(sqlite3.connect(before)) as connection:
            if not _reword(connection, notes):
                return None
            connection.commit()
            (latest,) = connection.execute("SELECT max(mod) FROM notes").fetchone()
            (models,) = connection.execute("SELECT models FROM col").fetchone()
        deck = _AmendedDeck(first_id(deck_id), name, described(latest), list(json.loads(models)))
        return packed(lambda file: write_collection(deck, file, before), {})


class _AmendedDeck(MarkdownDeck):
    """A deck whose rows stand in an attached collection, with these note types of ours in their order."""

    def __init__(self, first_id: int, name: str, description: str, type_ids: Sequence[str]) -> None:
        super().__init__(first_id, name, description)
        known = {str(note_type.id): note_type for note_type in NOTE_TYPES}
        for type_id in type_ids:
            if type_id in known:
                self.add_model(model_of(known[type_id]))

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, timestamp, id_gen)
        with indexed_last(cursor):
            cursor.execute("INSERT INTO notes SELECT * FROM before.notes")
            cursor.execute("INSERT INTO cards SELECT * FROM before.cards")


def _reword(connection: sqlite3.Connection, notes: Sequence[PinnedNote]) -> bool:
    """Let notes of a collection say something else; False if one is not there with the same cards."""
    wanted = {note.guid: note for note in notes}
    ids = {guid: id_ for id_, guid in connection.execute("SELECT id, guid FROM notes") if guid in wanted}
    if ids.keys() != wanted.keys():
        return False
    for guid, note in wanted.items():
        cards = connection.execute("SELECT ord FROM cards WHERE nid = ? ORDER BY id", (ids[guid],)).fetchall()
        if tuple(ord_ for (ord_,) in cards) != note.ords:
            return False
        says = "UPDATE notes SET mod = ?, tags = ?, flds = ?, sfld = ?, csum = ? WHERE id = ? AND mid = ?"
        changed = connection.execute(says, (note.mod, *said(note), ids[guid], note.type.id)).rowcount
        connection.execute("UPDATE cards SET mod = ? WHERE nid = ?", (note.mod, ids[guid]))
        if changed != 1:
            return False
    return True
