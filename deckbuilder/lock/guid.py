"""GUIDs: how Anki knows a note again."""

import hashlib
import re
from binascii import b2a_base64

_BYTES = 12
# The alphabet of base64 that is safe in addresses.
_SAFE = bytes.maketrans(b"+/", b"-_")
_OURS = re.compile(r"[A-Za-z0-9_-]{16}")


def guid_for(key: str) -> str:
    """A GUID from a note's key alone: 16 letters, digits, '-' and '_' (96 bits of SHA-256)."""
    digest = hashlib.sha256(key.encode()).digest()
    return b2a_base64(digest[:_BYTES], newline=False).translate(_SAFE).decode()


def is_ours(guid: str) -> bool:
    """Whether a GUID looks like ours. Anki's have ten signs."""
    return _OURS.fullmatch(guid) is not None
