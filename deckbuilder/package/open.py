"""A package of anybody, opened: `.apkg` or `.colpkg`, of any Anki. Nothing in the file is trusted.

What it may cost is bounded, whatever its bytes are (`archive` and `collection` say by what): the database is
unpacked to a temporary file of 2 GB at most, which is always removed; notes pass through one by one.
"""

import contextlib
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from deckbuilder.package.archive import Archive, open_archive
from deckbuilder.package.collection import Collection, json_object, open_collection
from deckbuilder.package.content import Content, Form, MediaContent, NoteContent, Package
from deckbuilder.package.unreadable import Findings, UnreadableError, shown
from deckbuilder.package.wire import Value, blob, read_message, text, whole
from deckbuilder.problems import Problem

LARGEST_COLLECTION = 2_000_000_000
LARGEST_MEDIA_LIST = 64_000_000
# The word may stand in notes too, and in some it does.
MOST_TABLES = 100_000
# What is held in memory at once, in letters.
MOST_TEXT = 500_000_000
# Anki itself takes no larger ones.
LARGEST_MEDIA = 100_000_000
# A media file is named by its entry here, where that is not its number.
_ENTRY_NUMBER = 255
_LONGEST_NAME = 255
# Windows gives these a meaning in names; others give one to the slash alone.
_UNSAFE = frozenset('\\/:*?"<>|')


class OpenPackage:
    """A package that is open: `package` tells what it holds, and notes and media are read when they are asked for."""

    def __init__(self, package: Package, archive: Archive, collection: Collection, findings: Findings) -> None:
        self.package = package
        self._archive = archive
        self._collection = collection
        self._findings = findings

    @property
    def problems(self) -> list[Problem]:
        """What is wrong so far with what could be read all the same."""
        return self._findings.problems

    def notes(self) -> Iterator[NoteContent]:
        """The notes, one by one. Raises UnreadableError."""
        return self._collection.notes(list(self.package.types), self._findings)

    def reviews(self) -> int:
        """How many entries the review log has. Raises UnreadableError."""
        return self._collection.reviews()

    def media_bytes(self, media: MediaContent) -> bytes:
        """A media file's content. Raises UnreadableError."""
        import hashlib  # noqa: PLC0415 - only who wants the bytes pays for it

        data = self._archive.read(media.entry, LARGEST_MEDIA, zstd=self.package.form is Form.MODERN)
        if media.sha1 and hashlib.sha1(data, usedforsecurity=False).digest() != media.sha1:
            raise UnreadableError(f"the file {shown(media.name)} is damaged: it is not what it was when it was packed")
        return data


@contextlib.contextmanager
def open_package(file: Path) -> Iterator[OpenPackage]:
    """The package in `file`. Raises UnreadableError, also while it is read; OSError if the disk does."""
    try:
        stream = file.open("rb")
    except OSError as error:
        raise UnreadableError(
            f"cannot be read: {error.strerror or error}", "check the path and its permissions"
        ) from error
    with stream, open_stream(stream, file) as opened:
        yield opened


@contextlib.contextmanager
def open_stream(stream: IO[bytes], file: Path) -> Iterator[OpenPackage]:
    """The same of a package that is open already; `file` is what problems name."""
    findings = Findings(file)
    with open_archive(stream) as archive, tempfile.TemporaryDirectory(prefix="deckbuilder-") as folder:
        form = _form(archive)
        unpacked = Path(folder, "collection")
        with unpacked.open("wb") as target:
            for chunk in _few_tables(archive.chunks(form.value, LARGEST_COLLECTION, zstd=form is Form.MODERN)):
                target.write(chunk)
        with open_collection(unpacked) as collection:
            created, modified = collection.times()
            package = Package(
                file=file,
                form=form,
                whole_collection=file.suffix.lower() == ".colpkg",
                created=created,
                modified=modified,
                decks=tuple(collection.decks()),
                types=tuple(collection.types()),
                media=tuple(_media(archive, form, findings)),
            )
            yield OpenPackage(package, archive, collection, findings)


def read_content(file: Path) -> tuple[Content | None, list[Problem]]:
    """All of a package in memory but its media, or why it cannot be read; also what had to be left out."""
    try:
        with open_package(file) as opened:
            return content_of(opened), opened.problems
    except UnreadableError as error:
        return None, [error.problem(file)]


def content_of(opened: OpenPackage) -> Content:
    """All of an open package but its media. Raises UnreadableError."""
    notes: list[NoteContent] = []
    size = 0
    for note in opened.notes():
        size += sum(map(len, note.row))
        if size > MOST_TEXT:
            raise UnreadableError(f"its notes have more than {MOST_TEXT:,} letters, too many to hold", "split the deck")
        notes.append(note)
    return Content(opened.package, tuple(notes), opened.reviews())


def _few_tables(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """A database as it is unpacked: SQLite holds all its tables' descriptions in memory before anybody can look."""
    count = 0
    for chunk in chunks:
        folded = chunk.lower()
        count += folded.count(b"create") + folded.count(b"c\0r\0e\0a\0t\0e")
        if count > MOST_TABLES:
            raise UnreadableError("its collection describes more tables than any honest one")
        yield chunk


def _form(archive: Archive) -> Form:
    """The newest that is there: beside it stands an older one for old programs, which only says "please update"."""
    form = next((form for form in reversed(Form) if form.value in archive), None)
    if form is None:
        raise UnreadableError("it is a zip file, and no package of Anki: it holds no collection", "check the file")
    return form


def _media(archive: Archive, form: Form, findings: Findings) -> Iterator[MediaContent]:
    """The media files whose names are safe and whose entries are there."""
    taken: set[str] = set()
    for name, entry, size, sha1 in _listed(archive, form):
        plain = unicodedata.normalize("NFC", name)
        if not is_plain_name(plain):
            told = f"the media file {shown(name)} has a name that could reach beyond a folder: left out"
            findings.tell("media-name", told, "rename it in Anki, if you know whose package it is")
        elif plain in taken:
            findings.tell("media-twice", f"two media files are named {shown(plain)}: the first is taken", "rename one")
        elif entry not in archive or entry in archive.twice:
            findings.tell("media-gone", f"the media file {shown(plain)} is listed and not there", "ask who made it")
        else:
            taken.add(plain)
            yield MediaContent(plain, archive.size(entry) if size is None else size, entry, sha1)


def _listed(archive: Archive, form: Form) -> Iterator[tuple[str, str, int | None, bytes]]:
    """Name, entry, size and SHA-1 of all files that the package says it holds."""
    if "media" not in archive:
        return
    data = archive.read("media", LARGEST_MEDIA_LIST, zstd=form is Form.MODERN)
    try:
        if form is Form.MODERN:
            for number, value in enumerate(read_message(data).get(1, [])):
                yield _media_entry(number, value)
        else:
            for entry, name in json_object(data.decode()).items():
                yield str(name), entry, None, b""
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"its list of media files is damaged ({error})") from error


def _media_entry(number: int, value: Value) -> tuple[str, str, int, bytes]:
    if not isinstance(value, bytes):
        raise ValueError("a number stands where a message belongs")  # noqa: TRY004 - what is wrong is the data
    message = read_message(value)
    return text(message, 1), str(whole(message, _ENTRY_NUMBER, number)), whole(message, 2), blob(message, 3)


def is_plain_name(name: str) -> bool:
    """Whether a file of this name can be written into a folder, on any system, and nowhere else."""
    return (
        0 < len(name.encode(errors="replace")) <= _LONGEST_NAME
        and name.isprintable()
        and not _UNSAFE & set(name)
        and name.strip(". ") != ""
        and name == name.rstrip(". ")
    )
