"""What is kept from one run to the next in the user's cache folder: only to save time, and safe to delete.

Nothing is trusted that this user did not write: a folder that others could write into is not used, an entry that is
damaged counts as not there, and an entry is text, never code. Two runs at once replace whole entries.
"""

import contextlib
import functools
import os
import stat
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from importlib.machinery import PathFinder
from pathlib import Path

from deckbuilder import __version__

# Bytes in front of an entry: a checksum, against damage. Against anybody else the folder itself is closed.
_CHECKSUM = 4
# What makes cards beside this program: another version of one could make others.
_PARTS = ("genanki", "markdown_it", "pydantic", "yaml")
_IS_USED = ContextVar("_IS_USED", default=True)


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
        if not _IS_USED.get() or not _is_ours(folder()):
            return None
        content = folder().joinpath(name).read_bytes()
    except (OSError, RuntimeError):
        return None
    data = content[_CHECKSUM:]
    return data if content[:_CHECKSUM] == _checksum(data) else None


def write(name: str, parts: Iterable[bytes]) -> None:
    """Keep an entry, part by part; where that is not possible, nothing is kept and nothing is told."""
    if not _IS_USED.get():
        return
    with contextlib.suppress(OSError, RuntimeError):
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours(folder()):
            return
        target = folder() / name
        # The process is in the name, so that two runs at once write two files.
        temporary = target.with_name(f"{name}.{os.getpid()}.tmp")
        try:
            with temporary.open("wb") as stream:
                stream.write(_checksum(b""))
                checksum = 0
                for part in parts:
                    stream.write(part)
                    checksum = zlib.crc32(part, checksum)
                stream.seek(0)
                stream.write(checksum.to_bytes(_CHECKSUM))
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


@functools.cache
def program() -> list[str | int]:
    """The very program: its version, its files, and the libraries that make cards; all that is kept names it."""
    parts = (PathFinder.find_spec(name) for name in _PARTS)
    looks = [*_code(str(Path(__file__).parent)), *(Path(part.origin).stat() for part in parts if part and part.origin)]
    stamp = sum(look.st_mtime_ns + look.st_size for look in looks)
    return [__version__, sys.version, len(looks), stamp]


def _code(folder: str) -> Iterator[os.stat_result]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir():
                yield entry.stat()
            elif entry.name != "__pycache__":
                yield from _code(entry.path)


def is_used() -> bool:
    """Whether anything is taken from the cache, or kept in it."""
    return _IS_USED.get()


@contextlib.contextmanager
def unused() -> Iterator[None]:
    """Within, nothing is taken from the cache and nothing is kept in it."""
    token = _IS_USED.set(False)
    try:
        yield
    finally:
        _IS_USED.reset(token)


def _checksum(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(_CHECKSUM)


def _is_ours(place: Path) -> bool:
    """Whether this user alone can write there; Windows keeps such folders to their user by itself."""
    if sys.platform == "win32":
        return True
    found = place.stat()
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
