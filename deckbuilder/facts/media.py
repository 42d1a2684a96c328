"""Pictures that facts name: read, recognised by their content, and given a name that belongs to this deck alone."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from deckbuilder.facts.deck import Deck, Media
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.facts.references import facts_of
from deckbuilder.problems import Place, Problem

# By ending: the form, and how such a file begins.
_FORMS = {
    ".png": ("PNG", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ".jpg": ("JPEG", re.compile(rb"\xff\xd8\xff")),
    ".jpeg": ("JPEG", re.compile(rb"\xff\xd8\xff")),
    ".gif": ("GIF", re.compile(rb"GIF8[79]a")),
    ".webp": ("WebP", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ".svg": ("SVG", re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<")),
}
_FETCHES = re.compile(r"@import|url\(\s*['\"]?\s*(?!#|data:image/|['\"])", re.IGNORECASE)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
PICTURES = frozenset(_FORMS)
_HASH_LENGTH = 12
_STEM_LENGTH = 40


def media_of(deck: Deck) -> tuple[dict[str, Media], list[Problem]]:
    """Every file that a fact names, by that name, and what is wrong with them."""
    media: dict[str, Media] = {}
    problems: list[Problem] = []
    for origin, name in _named(deck):
        if name in media:
            continue
        file = deck.file.parent / name
        place = place_of(origin)
        data, found = _read(file, place)
        problems += found
        if data is not None:
            problems += _wrong(file, data, place)
            carried = name in _carried(deck)
            media[name] = Media(file.name if carried else _name(deck.heading.id, file, data), file, data, carried)
    for name in _carried(deck):
        if name not in media:
            file = deck.file.parent / name
            data, found = _read(file, Place(deck.carried.file))
            problems += found
            if data is not None:
                media[name] = Media(file.name, file, data, carried=True)
    return media, problems


def _carried(deck: Deck) -> dict[str, None]:
    """The files that an imported deck brought along, as facts would name them."""
    return {f"{deck.carried.folder}/{name}": None for name in deck.carried.media}


def is_picture(name: str, data: bytes) -> bool:
    """Whether a fact can show this file."""
    return not _wrong(Path(name), data, Place(Path(name)))


def _named(deck: Deck) -> Iterator[tuple[Origin, str]]:
    for concept_id in deck.concepts:
        for origin, fact in facts_of(deck, concept_id):
            if fact.image is not None:
                yield origin.at("image", "file"), fact.image.file


def _read(file: Path, place: Place) -> tuple[bytes | None, list[Problem]]:
    if _UNPRINTABLE.search(str(file)):
        message = f"{str(file)!r} cannot be a file's name"
        return None, [Problem(place, "media-missing", message, "write the path as it is, in one line")]
    try:
        if file.exists() and not file.is_file():
            # A device or a pipe would be read without end.
            return None, [Problem(place, "media-missing", f"{file} is not a file", "check the path")]
        return file.read_bytes(), []
    except FileNotFoundError:
        near = _otherwise_written(file)
        fix = f"write it as {near.name!r}" if near else "put the file there, or mend the path"
        return None, [Problem(place, "media-missing", f"there is no file {file}", fix)]
    except OSError as error:
        reason = error.strerror or error
        return None, [Problem(place, "media-missing", f"{file} cannot be read: {reason}", "check the path")]


def _otherwise_written(file: Path) -> Path | None:
    """A file that differs by capitals alone: the same on Windows and macOS, another one on Linux and the web."""
    if not file.parent.is_dir():
        return None
    return next((other for other in file.parent.iterdir() if other.name.casefold() == file.name.casefold()), None)


def _wrong(file: Path, data: bytes, place: Place) -> list[Problem]:
    form, begins = _FORMS.get(file.suffix.lower(), ("", None))
    if begins is None:
        message = f"{file.name!r} is no picture that all devices show"
        return [Problem(place, "media-broken", message, "save it as PNG, JPEG, WebP, GIF or SVG")]
    if not begins.match(data):
        message = f"{file.name!r} does not hold a {form} picture"
        return [Problem(place, "media-broken", message, "save it again in this form, or mend its ending")]
    return _wrong_in_svg(file, data, place) if form == "SVG" else []


def _wrong_in_svg(file: Path, data: bytes, place: Place) -> list[Problem]:
    """A drawing is a document: it could run scripts and fetch from elsewhere, so one that does is refused."""
    if b"<!ENTITY" in data.replace(b"\0", b""):  # also in UTF-16
        return [Problem(place, "media-unsafe", f"{file.name!r} defines entities", "save it as a plain SVG")]
    try:
        root = ET.fromstring(data)  # noqa: S314 - entities, the danger in XML, were refused above
    except (ET.ParseError, ValueError, LookupError) as error:  # the last two: an encoding that it does not know
        return [Problem(place, "media-broken", f"{file.name!r} is not a whole SVG: {error}", "save it again")]
    if not root.tag.endswith("svg"):
        return [Problem(place, "media-broken", f"{file.name!r} does not hold an SVG picture", "save it again")]
    active = next((what for element in root.iter() for what in _active(element)), None)
    fix = "remove it (most editors: save as plain or optimised SVG)"
    return [Problem(place, "media-unsafe", f"{file.name!r} holds {active}", fix)] if active else []


def _active(element: ET.Element) -> Iterator[str]:
    tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    if tag in {"script", "foreignObject", "iframe"}:
        yield f"the element <{tag}>"
    if tag == "style" and _FETCHES.search(element.text or ""):
        yield "a style that fetches a file"
    for key, value in element.attrib.items():
        name = key.rpartition("}")[2]
        if name.lower().startswith("on"):
            yield f"the script {name}"
        elif name == "style" and _FETCHES.search(value):
            yield "a style that fetches a file"
        elif name in {"href", "src"} and not value.strip().startswith(("#", "data:image/")):
            yield f"a link to {value[:60]!r}"


def _name(deck_id: str, file: Path, data: bytes) -> str:
    """The deck, the file, and what it holds: two decks never meet, and a new picture never hides behind an old one."""
    stem = re.sub(r"[^A-Za-z0-9]+", "-", file.stem).strip("-").lower()[:_STEM_LENGTH] or "picture"
    return f"{deck_id}-{stem}-{hashlib.sha256(data).hexdigest()[:_HASH_LENGTH]}{file.suffix.lower()}"
