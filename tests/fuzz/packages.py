"""Fuzzing of the reader of packages that follows coverage, with atheris: from the zip down to the messages in it.

    python tests/fuzz/packages.py [CORPUS] [-max_total_time=900] [other options of libFuzzer]

CORPUS is a folder that keeps what was found from one run to the next; it is begun with small packages and their parts.
The first byte of an input says what the rest is: a whole package, its database (in either format), its list of media
files (in either format), its note types as JSON, or the settings of a note type, a field, a template, a deck.
All else is then whole, so that the fuzzer need not find its way through a zip file and a database every time.

What is promised: whatever the bytes, reading and counting end in notes or in problems that can be printed, nothing is
left in the temporary folder, and every note fits its note type. What breaks it is written to the folder where the
script was called, as `crash-...`; give that file's name to see it again.
"""

# ruff: noqa: E402 - what is fuzzed is imported under instrumentation

import hashlib
import io
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import atheris
import zstandard

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["deckbuilder", "zipfile", "json"]):
    from deckbuilder.package.content import Kind
    from deckbuilder.package.open import OpenPackage, open_stream
    from deckbuilder.package.unreadable import UnreadableError
    from deckbuilder.problems import Problem
    from deckbuilder.received.survey import survey
    from deckbuilder.received.text import to_record
from tests import packages

LONGEST = 65_536  # bytes: a whole collection of a few notes
COLLECTION = packages.collection()
MODERN_TABLES = """
create table notetypes (id integer primary key, name text, mtime_secs integer, usn integer, config blob);
create table fields (ntid integer, ord integer, name text, config blob, primary key (ntid, ord)) without rowid;
create table templates (ntid integer, ord integer, name text, mtime_secs integer, usn integer, config blob,
  primary key (ntid, ord)) without rowid;
create table decks (id integer primary key, name text, mtime_secs integer, usn integer, common blob, kind blob);
"""
TYPE = packages.field(3, b".card {}") + packages.field(8, packages.number(2, 1) + packages.number(3, 0))
FIELD = packages.field(3, b"Arial") + packages.number(9, 77)
TEMPLATE = packages.field(1, b"{{Front}}") + packages.field(2, b"{{FrontSide}}<hr>{{Back}}") + packages.number(8, 78)
DECK = packages.field(1, packages.number(1, 1) + packages.field(4, b"All of them."))
MEDIA = packages.field(1, packages.field(1, b"owl.png") + packages.number(2, 5))


def modern(config: bytes = TYPE, field: bytes = FIELD, template: bytes = TEMPLATE, deck: bytes = DECK) -> bytes:
    """A collection of schema 18 whose settings are these."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(COLLECTION)
        connection.executescript(MODERN_TABLES)
        connection.execute("insert into notetypes values (1500, 'Basic', 0, 0, ?)", (config,))
        for ord_, name in enumerate(("Front", "Back")):
            connection.execute("insert into fields values (1500, ?, ?, ?)", (ord_, name, field))
        connection.execute("insert into templates values (1500, 0, 'Card 1', 0, 0, ?)", (template,))
        connection.execute("insert into decks values (2, 'Birds', 0, 0, x'', ?)", (deck,))
        connection.commit()
        return connection.serialize()


def with_models(data: bytes) -> bytes:
    return packages.collection(models=data.decode("utf-8", "replace"))


def legacy_zip(collection: bytes, media: bytes = b'{"0": "owl.png"}') -> bytes:
    return packages.zipped([("collection.anki2", collection), ("media", media), ("0", b"12345")], 0)


def modern_zip(collection: bytes, media: bytes = MEDIA) -> bytes:
    packed = (("collection.anki21b", collection), ("media", media), ("0", b"12345"))
    return packages.zipped([(name, zstandard.compress(data, 1)) for name, data in packed], 0)


# What an input may be, by its first byte: a package around it, and examples to begin with.
PARTS: list[tuple[Callable[[bytes], bytes], list[bytes]]] = [
    (bytes, [legacy_zip(COLLECTION), modern_zip(modern()), packages.zipped([])]),
    (legacy_zip, [COLLECTION, modern()]),
    (modern_zip, [COLLECTION, modern()]),
    (lambda data: legacy_zip(COLLECTION, data), [b'{"0": "owl.png", "1": "../x"}', b"{}"]),
    (lambda data: modern_zip(COLLECTION, data), [MEDIA, MEDIA + MEDIA]),
    (lambda data: legacy_zip(with_models(data)), [json.dumps({"1500": packages.BASIC}).encode()]),
    (lambda data: modern_zip(modern(config=data)), [TYPE]),
    (lambda data: modern_zip(modern(field=data)), [FIELD]),
    (lambda data: modern_zip(modern(template=data)), [TEMPLATE]),
    (lambda data: modern_zip(modern(deck=data)), [DECK]),
]


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    options = [word for word in sys.argv[1:] if word.startswith("-")]
    corpus = words or [str(folder / "corpus")]
    if not Path(corpus[0]).is_file():
        seed(Path(corpus[0]))
    home = folder / "temporary"
    home.mkdir()
    tempfile.tempdir = str(home)
    atheris.Setup(
        [sys.argv[0], f"-max_len={LONGEST}", "-timeout=20", *options, *corpus], lambda data: keep_promise(data, home)
    )
    atheris.Fuzz()


def keep_promise(data: bytes, temporary: Path) -> None:
    if not data:
        return
    make, _ = PARTS[data[0] % len(PARTS)]
    file = Path("birds.apkg")
    try:
        with open_stream(io.BytesIO(make(data[1:])), file) as opened:
            problems = look_at_all(opened)
    except UnreadableError as error:
        problems = [error.problem(file)]
    for problem in problems:
        assert problem.message, problem
        assert problem.message.isprintable(), problem
        assert problem.fix.isprintable(), problem
    assert not list(temporary.iterdir())


def look_at_all(opened: OpenPackage) -> list[Problem]:
    """What `deckbuilder inspect --json` does, and every media file read."""
    types = {one.id: one for one in opened.package.types}
    for note in opened.notes():
        assert len(note.row) == len(types[note.type_id].fields), note
        assert types[note.type_id].kind in Kind, note
    json.dumps(to_record(survey(opened), []))
    for media in opened.package.media:
        assert media.name == Path(media.name).name, media
        with suppress(UnreadableError):
            opened.media_bytes(media)
    return opened.problems


def seed(corpus: Path) -> None:
    """Begin a corpus; an input's name is its hash, as libFuzzer has it."""
    corpus.mkdir(parents=True, exist_ok=True)
    for data in seeds():
        corpus.joinpath(hashlib.sha1(data, usedforsecurity=False).hexdigest()).write_bytes(data)


def seeds() -> Iterator[bytes]:
    for number, (_, examples) in enumerate(PARTS):
        yield from (bytes([number]) + example for example in examples)


if __name__ == "__main__":
    main()
