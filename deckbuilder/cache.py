"""What is kept from one run to the next in the user's cache folder: only to save time, and safe to delete.

Nothing is trusted that this user did not write: a folder that others could write into is not used, an entry that is
damaged counts as not there, and an entry is text, never code. Two runs at once replace whole entries.
"""

import contextlib
import os
import stat
import sys
import zlib
from pathlib import Path

# Bytes in front of an entry: a checksum, against damage. Against anybody else the folder itself is closed.
_CHECKSUM = 4


def folder() -> Path:
    """Where the system has such folders."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "deckbuilder" / "cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "deckbuilder"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "deckbuilder"


def read(name: str) -> bytes | None:
    """An entry as it was written; None if there is none, or if it cannot be trusted."""
    try:
        if not _is_ours(folder()):
            return None
        content = folder().joinpath(name).read_bytes()
    except (OSError, RuntimeError):
        return None
    data = content[_CHECKSUM:]
    return data if content[:_CHECKSUM] == _checksum(data) else None


def write(name: str, data: bytes) -> None:
    """Keep an entry; where that is not possible, nothing is kept and nothing is told."""
    with contextlib.suppress(OSError, RuntimeError):
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours(folder()):
            return
        target = folder() / name
        # The process is in the name, so that two runs at once write two files.
        temporary = target.with_name(f"{name}.{os.getpid()}.tmp")
        try:
            temporary.write_bytes(_checksum(data) + data)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _checksum(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(_CHECKSUM)


def _is_ours(place: Path) -> bool:
    """Whether this user alone can write there; Windows keeps such folders to their user by itself."""
    if sys.platform == "win32":
        return True
    found = place.stat()
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
