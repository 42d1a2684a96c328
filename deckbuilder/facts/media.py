"""Files that facts name: read, recognised by their content, and given a name that belongs to this deck alone."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from deckbuilder.facts.carried import mark_of_file
from deckbuilder.facts.deck import Deck, Frame, Media
from deckbuilder.facts.models import Audio
from deckbuilder.facts.pictures import FORMS, BrokenFileError, measure
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.facts.references import files_of
from deckbuilder.facts.scale import scaled
from deckbuilder.facts.shown import media_in
from deckbuilder.facts.sounds import SOUNDS, check_sound
from deckbuilder.problems import Place, Problem, Severity

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ON_THE_WEB = re.compile(r"(?:^|/)https?:/")
_DRAWING = ".svg"
PICTURES_AND_SOUNDS = frozenset({*FORMS, _DRAWING, *SOUNDS})
_HASH_LENGTH = 12
_STEM_LENGTH = 40


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file that a fact names: where, and how large it may be at most (pixels of the longer side)."""

    origin: Origin
    name: str
    longest_side: int | None = None
    is_sound: bool = False


def media_of(deck: Deck) -> tuple[dict[str, Media], list[Problem]]:
    """Every file that a fact names, by that name, and what is wrong with them."""
    media: dict[str, Media] = {}
    problems: list[Problem] = []
    first: dict[str, _Wanted] = {}
    carried = _carried(deck)
    for wanted in _named(deck):
        earlier = first.setdefault(wanted.name, wanted)
        if earlier is not wanted:
            problems += _clash(earlier, wanted)
            continue
        file, place = as_stored(deck.file.parent / wanted.name), place_of(wanted.origin)
        data, found = read_named(file, place)
        problems += found
        if data is not None:
            made, found = _made(deck.heading.id, file, data, wanted, place)
            problems += found
            if wanted.name in carried:
                # Students have it under this name, so it stays what it is.
                made = replace(made, name=file.name, data=data, carried=True)
            media[wanted.name] = made
    for name in carried:
        if name not in media:
            file = deck.file.parent / name
            data, found = read_named(file, Place(deck.carried.file))
            problems += found
            if data is not None:
                media[name] = Media(file.name, file, data, carried=True)
    if deck.carried.models:
        added, found = _of_notes(deck, media)
        problems += [*_replaced(deck, media), *found]
        media |= added
    return media, problems


def _replaced(deck: Deck, media: Mapping[str, Media]) -> Iterator[Problem]:
    """Files of an imported deck that hold something else now, which reaches no student who has it."""
    known = deck.carried.files or {}
    for one in media.values():
        if one.carried and known.get(one.name, mark_of_file(one.data)) != mark_of_file(one.data):
            message = "students have another file under this name, and keep it: Anki replaces no file"
            fix = "for them to get this one, give it a new name, and write that where it is shown"
            yield Problem(Place(one.file), "media-replaced", message, fix, Severity.INFO)


def _of_notes(deck: Deck, known: Mapping[str, Media]) -> tuple[dict[str, Media], list[Problem]]:
    """Files that an author has put into the HTML of an imported deck's notes, beside those that came with it."""
    media: dict[str, Media] = {}
    problems: list[Problem] = []
    folder = deck.carried.folder or f"media/{deck.heading.id}"
    notes = ((name, index, note) for name, one in deck.concepts.items() for index, note in enumerate(one.notes))
    for concept, index, note in notes:
        for shown in sorted(media_in(note.fields.values())):
            name = f"{folder}/{shown}"
            if name in known or name in media or "{{" in shown:
                continue
            file = deck.file.parent / name
            # Whatever stands in HTML: pathlib would raise for a name that is too long.
            if Path(shown).name == shown and os.path.isfile(file):  # noqa: PTH113
                data, found = read_named(file, Place(file))
                problems += found
                if data is not None:
                    media[name] = Media(shown, file, data, carried=True)
            elif deck.carried.files is not None and shown not in deck.carried.files:
                place = place_of(Origin(deck.homes[concept], ("concepts", concept, "notes", index, "fields")), key=True)
                message = f"this note shows {shown!r}, and {deck.file.parent / folder} holds no such file"
                fix = "put it there, and name it without its folder"
                problems.append(Problem(place, "note-file-missing", message, fix, Severity.WARNING))
    return media, problems


def as_stored(file: Path) -> Path:
    """A file as it and its folders are called on the disk: a Mac writes a letter and its accent as two signs."""
    if str(file).isascii() or file.exists():
        return file
    folder = as_stored(file.parent)
    if not folder.is_dir():
        return file
    same = (other for other in folder.iterdir() if unicodedata.normalize("NFC", other.name) == file.name)
    return next(same, file)


def _clash(earlier: _Wanted, wanted: _Wanted) -> list[Problem]:
    """What two facts want of one file, which the package holds once."""
    if earlier.is_sound != wanted.is_sound:
        message = f"{wanted.name!r} is shown as a picture and played as a sound"
        return [Problem(place_of(wanted.origin), "media-broken", message, "name another file")]
    if earlier.longest_side != wanted.longest_side:
        message = f"{wanted.name!r} is scaled to another size at another fact"
        return [Problem(place_of(wanted.origin), "media-clash", message, "write the same 'longest_side' at both")]
    return []


def is_picture(name: str, data: bytes) -> bool:
    """Whether a fact can show this file as it is."""
    _, problems = _made("", Path(name), data, _Wanted(Origin(Path(name)), name), Place(Path(name)))
    return not problems


def as_picture(owner: str, file: Path, data: bytes, place: Place) -> tuple[Media, list[Problem]]:
    """A picture that is named at `place`, as it goes into the package; its name begins with that of its owner."""
    return _made(owner, file, data, _Wanted(Origin(file), file.name), place)


def _carried(deck: Deck) -> dict[str, None]:
    """The files that an imported deck brought along, as facts would name them."""
    return {f"{deck.carried.folder}/{name}": None for name in deck.carried.media}


def _named(deck: Deck) -> Iterator[_Wanted]:
    longest = deck.heading.media.longest_side if deck.heading.media else None
    for origin, file in files_of(deck):
        if isinstance(file, Audio):
            yield _Wanted(origin.at("file"), file.file, is_sound=True)
        else:
            yield _Wanted(origin.at("file"), file.file, file.longest_side or longest)


def read_named(file: Path, place: Place) -> tuple[bytes | None, list[Problem]]:
    """What a file holds that the author names at `place`."""
    if _UNPRINTABLE.search(str(file)):
        message = f"{str(file)!r} cannot be a file's name"
        return None, [Problem(place, "media-missing", message, "write the path as it is, in one line")]
    try:
        if file.exists() and not file.is_file():
            # A device or a pipe would be read without end.
            return None, [Problem(place, "media-missing", f"{file} is not a file", "check the path")]
        return file.read_bytes(), []
    except FileNotFoundError:
        return None, [Problem(place, "media-missing", f"there is no file {file}", _remedy_without_file(file))]
    except OSError as error:
        reason = error.strerror or error
        return None, [Problem(place, "media-missing", f"{file} cannot be read: {reason}", "check the path")]


def _remedy_without_file(file: Path) -> str:
    near = _otherwise_written(file)
    if near is not None:
        return f"write it as {near.name!r}"
    if _ON_THE_WEB.search(file.as_posix()):
        return "nothing is fetched from the web: save the file beside the deck, and name it from there"
    if "\\" in file.name:
        return "copy the file into the deck's folder, and name it from there, with '/': media/picture.png"
    return "put the file there, or mend the path"


def _otherwise_written(file: Path) -> Path | None:
    """A file that differs by capitals alone: the same on Windows and macOS, another one on Linux and the web."""
    if not file.parent.is_dir():
        return None
    return next((other for other in file.parent.iterdir() if other.name.casefold() == file.name.casefold()), None)


def _made(deck_id: str, file: Path, data: bytes, wanted: _Wanted, place: Place) -> tuple[Media, list[Problem]]:
    """A file as it goes into the package, and what is wrong with it."""
    try:
        if wanted.is_sound:
            check_sound(file.suffix.lower(), data)
            return Media(media_name(deck_id, file, data), file, data), []
        if file.suffix.lower() == _DRAWING:
            return _of_drawing(deck_id, file, data, place)
        return _of_picture(deck_id, file, data, wanted.longest_side), []
    except BrokenFileError as error:
        problem = Problem(place, "media-broken", f"{file.name!r} {error}", error.fix)
    return Media(media_name(deck_id, file, data), file, data), [problem]


def _of_picture(deck_id: str, file: Path, data: bytes, longest_side: int | None) -> Media:
    ending = file.suffix.lower()
    size = measure(ending, data)
    frame = Frame(0, 0, size.width, size.height)
    if longest_side is None or max(size.width, size.height) <= longest_side or ending == ".gif":
        return Media(media_name(deck_id, file, data), file, data, frame=frame)
    # Named by what it was made of: another release of Pillow may write other bytes for the same picture.
    name = media_name(deck_id, file, data + f"\0{longest_side}".encode())
    return Media(name, file, scaled(ending, data, longest_side), frame=frame)


def _of_drawing(deck_id: str, file: Path, data: bytes, place: Place) -> tuple[Media, list[Problem]]:
    # Not above: a deck without drawings needs no XML.
    from deckbuilder.facts.drawings import UnsafeDrawingError, read_drawing  # noqa: PLC0415

    try:
        drawing = read_drawing(data)
    except UnsafeDrawingError as error:
        fix = "remove it (most editors: save as plain or optimised SVG)"
        problem = Problem(place, "media-unsafe", f"{file.name!r} {error}", fix)
        return Media(media_name(deck_id, file, data), file, data), [problem]
    frame = Frame(drawing.left, drawing.top, drawing.width, drawing.height) if drawing.width else None
    media = Media(media_name(deck_id, file, drawing.data), file, drawing.data, frame=frame)
    if not drawing.taken_out:
        return media, []
    message = f"{file.name!r} goes into the package without {', '.join(drawing.taken_out)}"
    fix = "nothing of the picture is lost; to be rid of this line, save it as plain SVG"
    return media, [Problem(place, "media-cleaned", message, fix, Severity.INFO)]


def media_name(deck_id: str, file: Path, data: bytes) -> str:
    """The deck, the file, and what it holds: two decks never meet, and a new picture never hides behind an old one."""
    stem = re.sub(r"[^A-Za-z0-9]+", "-", file.stem).strip("-").lower()[:_STEM_LENGTH] or "file"
    return f"{deck_id}-{stem}-{hashlib.sha256(data).hexdigest()[:_HASH_LENGTH]}{file.suffix.lower()}"
