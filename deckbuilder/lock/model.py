"""What a lock holds: the identity of every note that was ever shipped."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A note that was withdrawn, as students still have it: note type by name, fields, tags."""

    type: str
    row: tuple[str, ...]
    tags: tuple[str, ...]
    why: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One shipped note. `mod` is in Unix seconds; `numbers` names the fact behind each blank.

    `spent` are numbers whose fact is gone: students may have cards of them, so they are never given again.
    `carried` is the id of the note type that a note stays in, if not all decks share it: that of an imported note,
    or the deck's own; otherwise 0.
    """

    guid: str
    hash: str
    mod: int
    numbers: Mapping[int, str] = field(default_factory=dict)
    spent: Mapping[int, str] = field(default_factory=dict)
    tombstone: Tombstone | None = None
    carried: int = 0


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
