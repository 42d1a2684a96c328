"""Identity over time: which note is which, when it last changed, and which number hides which fact."""

from deckbuilder.lock.model import Entry, Lock, Tombstone, TypeEntry
from deckbuilder.lock.pin import Pinned, pin
from deckbuilder.lock.restore import restore
from deckbuilder.lock.retire import RETIRED_TAG, retire
from deckbuilder.lock.text import format_lock, lock_parts, parse_lock

__all__ = [
    "RETIRED_TAG",
    "Entry",
    "Lock",
    "Pinned",
    "Tombstone",
    "TypeEntry",
    "format_lock",
    "lock_parts",
    "parse_lock",
    "pin",
    "restore",
    "retire",
]
