"""Identity over time: which note is which, when it last changed, and which number hides which fact."""

from deckbuilder.lock.model import Entry, Lock, Tombstone
from deckbuilder.lock.pin import Pinned, pin
from deckbuilder.lock.text import format_lock, parse_lock

__all__ = ["Entry", "Lock", "Pinned", "Tombstone", "format_lock", "parse_lock", "pin"]
