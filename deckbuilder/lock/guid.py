"""GUIDs: how Anki knows a note again."""

import base64
import hashlib

_BYTES = 12


def guid_for(key: str) -> str:
    """A GUID from a note's key alone: 16 letters, digits, '-' and '_' (96 bits of SHA-256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()[:_BYTES]).decode()
