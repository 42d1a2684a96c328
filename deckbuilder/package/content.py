"""What is in a package, whoever made it: the vocabulary of its reader.

Every text is as it stands in the package: HTML that nobody has looked at. Times are Unix seconds.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

# The deck that every collection has, whether anything is in it or not.
DEFAULT_DECK = 1


class Form(StrEnum):
    """How a package is written: for any Anki, for 2.1.28 and later, or (compressed) for 2.1.50 and later."""

    OLDEST = "collection.anki2"
    LEGACY = "collection.anki21"
    MODERN = "collection.anki21b"


class Kind(StrEnum):
    """How a note type makes its cards: one a template, or one a number in its clozes."""

    NORMAL = "normal"
    CLOZE = "cloze"


@dataclass(frozen=True, slots=True)
class FieldContent:
    """A field of a note type. Old note types have no `id`."""

    name: str
    id: int | None
    ord: int


@dataclass(frozen=True, slots=True)
class TemplateContent:
    """A template of a note type. Old note types have no `id`."""

    name: str
    id: int | None
    ord: int
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class TypeContent:
    """A note type. `stock` is the number of Anki's own note type that it comes from (0: none, or not told).

    `json` is all of it as the legacy format writes it: with it the note type can be written again unchanged.
    """

    id: int
    name: str
    kind: Kind
    stock: int
    mod: int
    css: str
    fields: tuple[FieldContent, ...]
    templates: tuple[TemplateContent, ...]
    json: str


@dataclass(frozen=True, slots=True)
class DeckContent:
    """A deck. `name` has its levels joined by `::`; a description is HTML, or Markdown if `markdown`."""

    id: int
    name: str
    description: str
    markdown: bool
    filtered: bool


@dataclass(frozen=True, slots=True)
class CardContent:
    """A card. `ord` counts its template or cloze number from 0; `queue` 0 is new, negative is suspended or buried.

    `deck` is its own, also where a filtered deck has borrowed it. `interval` is in days, or in seconds if negative.
    """

    ord: int
    deck: int
    due: int
    queue: int
    interval: int
    reviews: int


@dataclass(frozen=True, slots=True)
class NoteContent:
    """A note whose note type is in the package and has as many fields as `row`."""

    id: int
    guid: str
    mod: int
    type_id: int
    row: tuple[str, ...]
    tags: tuple[str, ...]
    cards: tuple[CardContent, ...]


@dataclass(frozen=True, slots=True)
class MediaContent:
    """A file of the package. `name` is a plain file name in NFC, and safe to write; `size` (bytes) is as stated.

    `entry` is where it stands in the package; `sha1` is there in modern packages.
    """

    name: str
    size: int
    entry: str
    sha1: bytes = b""


@dataclass(frozen=True, slots=True)
class Package:
    """A package without its notes. `created` is when its collection was begun, `modified` when it changed last.

    `whole_collection` tells a .colpkg, which replaces all that a student has, from an .apkg, which is added to it.
    """

    file: Path
    form: Form
    whole_collection: bool
    created: int
    modified: int
    decks: tuple[DeckContent, ...]
    types: tuple[TypeContent, ...]
    media: tuple[MediaContent, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A package with all that is in it. `reviews` is the number of entries of its review log."""

    package: Package
    notes: tuple[NoteContent, ...]
    reviews: int
