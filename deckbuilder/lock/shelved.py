"""A large lock: its entries lie on a shelf, and come back one by one when it is written."""

from collections.abc import Iterator, Mapping

from deckbuilder.lock.model import Entry
from deckbuilder.shelf import Shelf


class ShelvedEntries(Mapping[str, Entry]):
    """Entries by key, like those of a dict; each is held for as long as somebody asks for it.

    Those that are as they were `before` need no other room, and the few withdrawn ones stay at hand.
    """

    def __init__(self, before: Mapping[str, Entry]) -> None:
        # Not that of the notes: what lies together comes back together, and these are asked for in another order.
        self._shelf = Shelf()
        self._before = before
        self._entries: dict[str, Entry | int] = {}

    def __setitem__(self, key: str, entry: Entry) -> None:
        """Raises OSError when there is no room for it."""
        is_held = entry.tombstone is not None or self._before.get(key) is entry
        self._entries[key] = entry if is_held else self._shelf.put(tuple(entry))

    def update(self, entries: Mapping[str, Entry]) -> None:
        for key, entry in entries.items():
            self[key] = entry

    def __getitem__(self, key: str) -> Entry:
        entry = self._entries[key]
        return Entry._make(self._shelf.get(entry)) if isinstance(entry, int) else entry

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
