"""What a note is on its way from facts to a package: made, then pinned to an identity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, Protocol

from deckbuilder.facts.places import Origin
from deckbuilder.notetypes import NoteType


# Tuples, since a large deck has very many of them, and a frozen dataclass takes four times as long to make.
class Named(NamedTuple):
    """Something in an author's file with a name now and names before."""

    name: str
    former: tuple[str, ...]
    origin: Origin


class Hidden(NamedTuple):
    """A blank of a cloze note. `id` names the fact behind it: its item, or `item.answer`, or an answer alone.

    `number` is set only where the author numbered the blank; otherwise the lock gives and keeps one.
    `former` is the id of a blank that was named by its answer until that became a value.
    """

    id: str
    html: str
    origin: Origin
    hint: str = ""
    number: int | None = None
    former: str = ""


class Note(NamedTuple):
    """A note as its facts make it. `cloze` holds the text of a cloze note, whose field in `row` is still empty.

    `beside` are further fields of it, by name: what each says on the card of one blank and on no other.
    `key` is deck/concept/kind[/item], the note's identity; `former` are keys that it had before.
    `concepts` are those that a student must have met to answer it. `items` are the facts of a cloze note that
    have names of their own, with those that have no blank: they may have had one.
    A note that is not `asked` (held back, or skipped) is made for its names alone: no other fact may take them.
    """

    key: str
    kind: str
    type: NoteType
    row: Sequence[str]
    tags: tuple[str, ...]
    origin: Origin
    concepts: tuple[str, ...]
    cloze: tuple[str | Hidden, ...] = ()
    beside: Mapping[str, tuple[Hidden, ...]] = MappingProxyType({})
    items: tuple[Named, ...] = ()
    former: tuple[str, ...] = ()
    asked: bool = True

    @property
    def hidden(self) -> tuple[Hidden, ...]:
        return tuple([piece for piece in self.cloze if isinstance(piece, Hidden)])


class Outline(Protocol):
    """What is at hand of every note of a deck, however large: who it is, and what decides when it is taught."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def row(self) -> Sequence[str]: ...
    @property
    def origin(self) -> Origin: ...
    @property
    def concepts(self) -> tuple[str, ...]: ...
    @property
    def former(self) -> tuple[str, ...]: ...


class PinnedNote(NamedTuple):
    """A note as a student gets it: identity, time of its last change (Unix seconds), cards (0-based), order.

    `deck` is where Anki keeps it; nothing for the deck itself.
    """

    key: str
    kind: str
    type: NoteType
    guid: str
    mod: int
    row: Sequence[str]
    tags: tuple[str, ...]
    ords: tuple[int, ...]
    due: int
    deck: str = ""


@dataclass(frozen=True, slots=True)
class ShippedNote:
    """A note as a package holds it: what students may have. `type_id` and `type_name` may be anybody's."""

    guid: str
    mod: int
    type_id: int
    type_name: str
    row: tuple[str, ...]
    tags: tuple[str, ...]
    ords: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShippedType:
    """A note type as a package holds it: the ids of its fields and templates decide whether notes conflict.

    `look` is what its cards look by (`NoteType.look`), `changed` (Unix seconds) since when.
    """

    id: int
    name: str
    field_ids: tuple[int | str, ...]
    template_ids: tuple[int | str, ...]
    look: str
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Shipped:
    """A package as students may have it."""

    deck: str
    description: str
    types: tuple[ShippedType, ...]
    notes: tuple[ShippedNote, ...]
