"""The SQLite database in a package, read without trust: its schema was written by anybody.

It is opened read-only, only plain tables are read, every value's type is looked at, and what can be large is
bounded. Whoever makes a database walk in circles is found out by its ids, which must rise.
"""

import json
import math
import sqlite3
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from deckbuilder.package.content import CardContent, DeckContent, NoteContent, TypeContent
from deckbuilder.package.notetypes import model_from_messages, type_from_json
from deckbuilder.package.unreadable import Findings, UnreadableError, shown
from deckbuilder.package.wire import blob, read_message, text, whole

# The longest text that is read, in bytes: all note types together, all decks, and a note with all its fields.
LONGEST_JSON = 64_000_000
LONGEST_NOTE = 16_000_000
# The most values in one JSON; a Python object each, so about as many times 100 bytes.
MOST_VALUES = 1_000_000
# Fields and templates of all note types together.
MOST_PARTS = 200_000
_CACHE_KIB = 8192
# The field of a deck's kind that only filtered decks have.
_FILTERED = 2
_LARGEST_WHOLE = 1 << 63

_NAMES = ("col", "notes", "cards", "revlog", "notetypes", "fields", "templates", "decks")
_NEEDED = {"col", "notes", "cards"}
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA}


class Collection:
    """The tables of a package's database. All methods raise UnreadableError, also while their results are read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._tables = self._plain_tables()
        missing = sorted(_NEEDED - self._tables)
        if missing:
            raise UnreadableError(f"its collection has no table {missing[0]!r}")

    def times(self) -> tuple[int, int]:
        """When the collection was begun and when it was last changed (Unix seconds)."""
        for created, modified in self._rows("SELECT crt, mod FROM col LIMIT 1"):
            return _whole(created), _whole(modified) // 1000
        raise UnreadableError("its collection is empty")

    def types(self) -> list[TypeContent]:
        """The note types, in the order of their ids."""
        with _damage_is_told():
            models = self._models() if "notetypes" in self._tables else self._json("models").values()
            types = [type_from_json(model) for model in models]
        by_id = sorted(types, key=lambda one: one.id)
        for one, two in pairwise(by_id):
            if one.id == two.id:
                raise UnreadableError(f"two of its note types have one id: {shown(one.name)} and {shown(two.name)}")
        return by_id

    def decks(self) -> list[DeckContent]:
        """The decks by name."""
        with _damage_is_told():
            if "notetypes" in self._tables:
                rows = _bounded(self._rows("SELECT id, name, kind FROM decks LIMIT ?", MOST_PARTS))
                decks = [_deck_from_message(_whole(id_), _text(name), _blob(kind)) for id_, name, kind in rows]
            else:
                decks = [_deck_from_json(deck) for deck in self._json("decks").values()]
        return sorted(decks, key=lambda deck: (deck.name, deck.id))

    def notes(self, types: list[TypeContent], findings: Findings) -> Iterator[NoteContent]:
        """The notes in the order of their ids, one by one, each with its cards.

        What cannot be one is left out and told: a note of no known type, with other fields than its type, or of
        values that are no texts.
        """
        widths = {one.id: (one.name, len(one.fields)) for one in types}
        cards = _Cards(self._cards())
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_NOTE)
        query = "SELECT id, guid, mid, mod, tags, flds FROM notes NOT INDEXED ORDER BY rowid"
        for id_, guid, mid, mod, tags, flds in _rising(self._rows(query)):
            own = cards.of(id_)
            if not (isinstance(guid, str) and isinstance(tags, str) and isinstance(flds, str)):
                findings.tell("note-damaged", f"the note {id_} holds something that is no text: left out", _ASK)
                continue
            row = tuple(flds.split("\x1f"))
            name, width = widths.get(_whole(mid), ("", -1))
            if len(row) != width:
                told = f"{len(row)} fields, and its note type {shown(name)} has {width}" if name else "no note type"
                findings.tell("note-misfit", f"the note {shown(guid)} has {told}: left out", _ASK)
                continue
            yield NoteContent(id_, guid, _whole(mod), _whole(mid), row, tuple(tags.split()), own)
        if cards.orphans:
            findings.tell("cards-orphaned", f"{cards.orphans:,} of its cards belong to no note: left out", _CHECK)

    def reviews(self) -> int:
        """How many entries its review log has."""
        if "revlog" not in self._tables:
            return 0
        return sum(1 for _ in _rising(self._rows("SELECT id FROM revlog NOT INDEXED ORDER BY rowid")))

    def _cards(self) -> Iterator[tuple[Any, ...]]:
        # A filtered deck only borrows a card, and Anki remembers beside it from where.
        home = "CASE WHEN odid > 0 THEN odid ELSE did END"
        query = f"SELECT id, nid, ord, {home}, due, queue, ivl, reps FROM cards NOT INDEXED ORDER BY rowid"  # noqa: S608 - names of ours
        return _rising(self._rows(query))

    def _models(self) -> Iterator[dict[str, Any]]:
        fields, templates = self._parts("fields"), self._parts("templates")
        query = "SELECT id, name, mtime_secs, config FROM notetypes LIMIT ?"
        for id_, name, mod, config in _bounded(self._rows(query, MOST_PARTS)):
            row = (_whole(id_), _text(name), _whole(mod), _blob(config))
            yield model_from_messages(row, fields.get(row[0], ()), templates.get(row[0], ()))

    def _parts(self, table: str) -> dict[int, list[tuple[int, str, bytes]]]:
        """Fields or templates by their note type."""
        found: dict[int, list[tuple[int, str, bytes]]] = {}
        query = f"SELECT ntid, ord, name, config FROM {table} LIMIT ?"  # noqa: S608 - a name of ours
        for note_type, ord_, name, config in _bounded(self._rows(query, MOST_PARTS)):
            found.setdefault(_whole(note_type), []).append((_whole(ord_), _text(name), _blob(config)))
        return found

    def _json(self, column: str) -> dict[str, Any]:
        """An object in JSON from the table of the collection. Raises ValueError."""
        for (value,) in self._rows(f"SELECT {column} FROM col LIMIT 1"):  # noqa: S608 - a name of ours
            return json_object(_text(value))
        return {}

    def _plain_tables(self) -> set[str]:
        """The tables that are there; what only looks like one is refused."""
        found = set()
        query = "SELECT type, name, rootpage FROM sqlite_master LIMIT ?"
        for kind, name, page in self._rows(query, MOST_PARTS):
            if kind == "trigger":
                raise UnreadableError("its collection holds a trigger, a program of its own: no Anki writes one")
            if name in _NAMES and (kind != "table" or not page):
                raise UnreadableError(f"{shown(str(name))} in its collection is no plain table")
            found |= {name} & set(_NAMES)
        for name in found:
            for column in self._rows(f"PRAGMA table_xinfo({name})"):
                if column[-1]:
                    raise UnreadableError(f"{name!r} in its collection computes its values: no Anki writes that")
        return found

    def _rows(self, query: str, *values: int) -> Iterator[tuple[Any, ...]]:
        with _damage_is_told():
            # Not `yield from`: whoever stops early would close the cursor, perhaps after its database.
            for row in self._connection.execute(query, values):  # noqa: UP028
                yield row


_ASK = "ask who made the package to check it in Anki: Tools, Check Database"
_CHECK = "nothing to do; in Anki, Tools, Check Database removes them"


@contextmanager
def open_collection(file: Path) -> Iterator[Collection]:
    """The database in `file`, which is not changed. Raises UnreadableError."""
    with _damage_is_told():
        connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        with _damage_is_told():
            _restrain(connection)
        yield Collection(connection)
    finally:
        connection.close()


def json_object(data: str) -> dict[str, Any]:
    """An object in JSON that is not made to fill the memory. Raises ValueError."""
    if data.count(",") + data.count("[") + data.count("{") > MOST_VALUES:
        raise ValueError("more values than an honest package has")
    value = json.loads(data or "{}")
    if not isinstance(value, dict):
        raise ValueError("no object where one belongs")  # noqa: TRY004 - what is wrong is the data
    return value


def _restrain(connection: sqlite3.Connection) -> None:
    connection.text_factory = _decoded
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_JSON)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA mmap_size = 0")
    # A database can ask for a cache as large as itself.
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    # The modern format sorts names in this way; whatever the order, it is not asked for.
    connection.create_collation("unicase", lambda one, two: (one > two) - (one < two))
    connection.set_authorizer(_authorize)


def _authorize(action: int, _one: str | None, _two: str | None, _database: str | None, through: str | None) -> int:
    """Reading tables, and nothing through a view or a trigger."""
    return sqlite3.SQLITE_OK if action in _ALLOWED and through is None else sqlite3.SQLITE_DENY


class _Cards:
    """The cards of a collection, a few dozen bytes each, given out note by note in the order of the notes' ids."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._columns = tuple(array("q") for _ in range(7))
        for _, *values in rows:
            for column, value in zip(self._columns, values, strict=True):
                column.append(_whole(value))
        owners = self._columns[0]
        self._order = array("q", sorted(range(len(owners)), key=owners.__getitem__))
        self._next = 0
        self._skipped = 0

    @property
    def orphans(self) -> int:
        """How many cards no note asked for."""
        return self._skipped + len(self._order) - self._next

    def of(self, note_id: int) -> tuple[CardContent, ...]:
        """The cards of a note by ord; notes must be asked for in the order of their ids."""
        owners = self._columns[0]
        found = []
        while self._next < len(self._order) and owners[self._order[self._next]] <= note_id:
            position = self._order[self._next]
            self._next += 1
            if owners[position] == note_id:
                found.append(CardContent(*(column[position] for column in self._columns[1:])))
            else:
                self._skipped += 1
        return tuple(sorted(found, key=lambda card: card.ord))


def _rising(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Rows whose first value, the id, rises."""
    last = -_LARGEST_WHOLE
    for row in rows:
        id_ = row[0]
        if not isinstance(id_, int) or id_ <= last:
            raise UnreadableError("its collection is damaged (ids that do not rise)")
        last = id_
        yield row


def _bounded(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Rows that are all kept, as long as they are not too large together."""
    size = 0
    for row in rows:
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        if size > LONGEST_JSON:
            raise UnreadableError("its note types or decks are larger than in any honest collection")
        yield row


def _deck_from_json(deck: dict[str, Any]) -> DeckContent:
    description = _text(deck.get("desc") or "")
    markdown, filtered = bool(deck.get("md")), bool(deck.get("dyn"))
    return DeckContent(int(deck["id"]), _text(deck["name"]), description, markdown, filtered)


def _deck_from_message(id_: int, name: str, kind: bytes) -> DeckContent:
    message = read_message(kind)
    normal = read_message(blob(message, 1))
    # Levels of a name are joined by the sign that joins fields.
    parts = name.replace("\x1f", "::")
    return DeckContent(id_, parts, text(normal, 4), bool(whole(normal, 5)), filtered=_FILTERED in message)


@contextmanager
def _damage_is_told() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise UnreadableError(f"its collection is damaged ({_in_words(error)})") from error


def _in_words(error: Exception) -> str:
    return f"no {error}" if isinstance(error, KeyError) else str(error)


def _decoded(data: bytes) -> str | bytes:
    """A text, or its bytes if they are none."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise UnreadableError("its collection is damaged (no text where one belongs)")


def _blob(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    raise UnreadableError("its collection is damaged (no settings where they belong)")


def _whole(value: Any) -> int:
    """A whole number; old programs wrote some of them with a fraction."""
    if isinstance(value, float) and math.isfinite(value) and abs(value) < _LARGEST_WHOLE:
        return int(value)
    if isinstance(value, int):
        return value
    raise UnreadableError("its collection is damaged (no number where one belongs)")
