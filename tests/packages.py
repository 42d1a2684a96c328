"""Packages written by hand, so that anything can stand in them: the tables of Anki's formats, and the zip around."""

import io
import json
import sqlite3
import zipfile
from contextlib import closing

import zstandard

LEGACY_TABLES = """
create table col (id integer primary key, crt integer not null, mod integer not null, scm integer not null,
  ver integer not null, dty integer not null, usn integer not null, ls integer not null, conf text not null,
  models text not null, decks text not null, dconf text not null, tags text not null);
create table notes (id integer primary key, guid text not null, mid integer not null, mod integer not null,
  usn integer not null, tags text not null, flds text not null, sfld integer not null, csum integer not null,
  flags integer not null, data text not null);
create table cards (id integer primary key, nid integer not null, did integer not null, ord integer not null,
  mod integer not null, usn integer not null, type integer not null, queue integer not null, due integer not null,
  ivl integer not null, factor integer not null, reps integer not null, lapses integer not null,
  left integer not null, odue integer not null, odid integer not null, flags integer not null, data text not null);
create table revlog (id integer primary key, cid integer not null, usn integer not null, ease integer not null,
  ivl integer not null, lastIvl integer not null, factor integer not null, time integer not null,
  type integer not null);
create index ix_cards_nid on cards (nid);
"""
BASIC = {
    "id": 1500,
    "name": "Basic",
    "type": 0,
    "mod": 7,
    "css": ".card {}",
    "flds": [{"name": "Front", "ord": 0}, {"name": "Back", "ord": 1}],
    "tmpls": [{"name": "Card 1", "ord": 0, "qfmt": "{{Front}}", "afmt": "{{Back}}"}],
}
DECKS = {"1": {"id": 1, "name": "Default", "desc": ""}, "2": {"id": 2, "name": "Birds", "desc": "All of them."}}
OWL = (10, "owl", 1500, 1_700_000_000, " birds ", "Owl\x1fIt hunts at night.")
HAWK = (11, "hawk", 1500, 1_700_000_000, " birds ", "Hawk\x1fIt hunts by day.")


def collection(*statements, notes=(OWL, HAWK), models=None, decks=None):
    """A collection of schema 11 as bytes, with a card for each note; `statements` (SQL) are run at the end."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(LEGACY_TABLES)
        models = json.dumps({"1500": BASIC} if models is None else models) if not isinstance(models, str) else models
        decks = json.dumps(DECKS if decks is None else decks) if not isinstance(decks, str) else decks
        connection.execute(
            "insert into col values (1, 1600000000, 1700000000000, 0, 11, 0, 0, 0, '{}', ?, ?, '{}', '{}')",
            (models, decks),
        )
        for number, (id_, guid, mid, mod, tags, fields) in enumerate(notes):
            connection.execute(
                "insert into notes values (?, ?, ?, ?, -1, ?, ?, '', 0, 0, '')", (id_, guid, mid, mod, tags, fields)
            )
            connection.execute(
                "insert into cards values (?, ?, 2, 0, 0, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')",
                (1000 + number, id_, number),
            )
        connection.commit()
        for statement in statements:
            connection.executescript(statement)
        connection.commit()
        return connection.serialize()


def zipped(entries, compression=zipfile.ZIP_DEFLATED):
    """A zip of entries (name, bytes) in this order; a name may stand in it twice."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return content.getvalue()


def legacy_package(*statements, media=None, files=(), **parts):
    """A package in the oldest format; `media` is the list of media files, by entry."""
    entries = [("collection.anki2", collection(*statements, **parts)), ("media", json.dumps(media or {}).encode())]
    return zipped([*entries, *files])


def modern_package(data, media=(), files=(), meta=b"\x08\x03"):
    """A package in the modern format: `data` is its collection, `media` are pairs of name and stated size."""
    listed = b"".join(field(1, field(1, name.encode()) + number(2, size)) for name, size in media)
    return zipped(
        [
            ("meta", meta),
            ("collection.anki21b", zstandard.compress(data)),
            ("media", zstandard.compress(listed)),
            *files,
        ],
        zipfile.ZIP_STORED,
    )


def varint(value):
    data = bytearray()
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*data, value])


def number(tag, value):
    """A field of a message that holds a whole number."""
    return varint(tag << 3) + varint(value)


def field(tag, data):
    """A field of a message that holds bytes."""
    return varint(tag << 3 | 2) + varint(len(data)) + data
