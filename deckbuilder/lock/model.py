"""What a lock holds: the identity of every note that was ever shipped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from deckbuilder.lock.identity_text import parse_numbers


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A note that was withdrawn, as students still have it: note type by name, fields, tags."""

    type: str
    row: tuple[str, ...]
    tags: tuple[str, ...]
    why: str = ""
    instead: str = ""


# A tuple, for the same reason as a pinned note.
class Entry(NamedTuple):
    """One shipped note. `mod` is in Unix seconds; `blanks` are its numbers, in the words of `format_numbers`.

    `carried` is the id of the note type that a note stays in, if not all decks share it: that of an imported note,
    or the deck's own; otherwise 0.
    """

    guid: str
    hash: str
    mod: int
    blanks: str = ""
    tombstone: Tombstone | None = None
    carried: int = 0

    @property
    def numbers(self) -> dict[int, str]:
        """The fact behind each number."""
        return parse_numbers(self.blanks)[0]

    @property
    def spent(self) -> dict[int, str]:
        """Numbers whose fact is gone: students may have cards of them, so they are never given again."""
        return parse_numbers(self.blanks)[1]


@dataclass(frozen=True, slots=True)
class TypeEntry:
    """A note type as it was last shipped."""

    hash: str
    mod: int


@dataclass(frozen=True, slots=True)
class Lock:
    """All notes of a deck by key, and its note types by name.

    `home` is the id that a deck had when it got note types of its own; nothing if it has none.
    """

    deck: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    types: Mapping[str, TypeEntry] = field(default_factory=dict)
    home: str = ""

    @property
    def living(self) -> dict[str, Entry]:
        return {key: entry for key, entry in self.entries.items() if entry.tombstone is None}

    @property
    def retired(self) -> dict[str, Entry]:
        return {key: entry for key, entry in self.entries.items() if entry.tombstone is not None}
