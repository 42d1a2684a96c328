"""A package back to notes. Nothing in the file is trusted: sizes are capped, names and counts checked."""

import io
import json
import sqlite3
import zipfile
import zlib
from pathlib import Path
from typing import Any

from deckbuilder.notes import Shipped, ShippedNote, ShippedType
from deckbuilder.problems import Place, Problem

# A collection of 100,000 notes is about 40 MB; what is larger than this was not written by deckbuilder.
LARGEST_COLLECTION = 1_000_000_000
_COLLECTION = "collection.anki2"


def read_package(file: Path) -> tuple[Shipped | None, list[Problem]]:
    """What a package (legacy format) holds, or why it cannot be read."""
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
        return None, [Problem(Place(file), "package-unreadable", reason, "check the path and its permissions")]
    return read_package_bytes(data, file)


def read_package_bytes(data: bytes, file: Path) -> tuple[Shipped | None, list[Problem]]:
    """The same for a package in memory; `file` is what problems name."""
    try:
        return _read(data), []
    except _Unreadable as error:
        return None, [Problem(Place(file), "package-unreadable", str(error), "take a package that deckbuilder built")]


class _Unreadable(Exception):  # noqa: N818 - it says why, in the author's words
    pass


def _read(data: bytes) -> Shipped:
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(_unpack(data))
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        return _query(connection)
    except (sqlite3.Error, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _Unreadable(f"its collection is damaged ({error})") from error
    finally:
        connection.close()


def _unpack(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if _COLLECTION not in names or "collection.anki21b" in names or "collection.anki21" in names:
                raise _Unreadable("this is no package in the legacy format (in Anki: 'support older Anki versions')")
            with archive.open(_COLLECTION) as entry:
                collection = entry.read(LARGEST_COLLECTION + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _Unreadable(f"this is no whole .apkg file ({error})") from error
    if len(collection) > LARGEST_COLLECTION:
        raise _Unreadable(f"its collection is larger than {LARGEST_COLLECTION:,} bytes")
    return collection


def _query(connection: sqlite3.Connection) -> Shipped:
    decks_json, models_json = connection.execute("SELECT decks, models FROM col").fetchone()
    decks: dict[str, Any] = json.loads(decks_json)
    named = [deck for key, deck in decks.items() if key != "1"]
    types = {int(key): _type(int(key), model) for key, model in json.loads(models_json).items()}
    ords: dict[int, list[int]] = {}
    for note_id, ord_ in connection.execute("SELECT nid, ord FROM cards ORDER BY nid, ord"):
        ords.setdefault(int(note_id), []).append(int(ord_))
    notes = [
        ShippedNote(
            guid=str(guid),
            mod=int(mod),
            type_id=int(mid),
            type_name=types[mid].name if mid in types else "",
            row=tuple(fields.split("\x1f")),
            tags=tuple(tags.split()),
            ords=tuple(ords.get(nid, ())),
        )
        for nid, guid, mid, mod, tags, fields in connection.execute(
            "SELECT id, guid, mid, mod, tags, flds FROM notes ORDER BY id"
        )
    ]
    name, description = (named[0]["name"], named[0]["desc"]) if named else ("", "")
    return Shipped(str(name), str(description), tuple(types.values()), tuple(notes))


def _type(model_id: int, model: dict[str, Any]) -> ShippedType:
    fields = sorted(model["flds"], key=lambda field: int(field["ord"]))
    templates = sorted(model["tmpls"], key=lambda template: int(template["ord"]))
    look = "\x1f".join([model["css"], *(f"{t['qfmt']}\x1e{t['afmt']}" for t in templates)])
    return ShippedType(
        model_id,
        str(model["name"]),
        tuple(field.get("id") or str(field["name"]) for field in fields),
        tuple(template.get("id") or str(template["name"]) for template in templates),
        look,
    )
