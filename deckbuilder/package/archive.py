"""The zip file that a package is, opened with suspicion: nothing is unpacked beyond what is stated here."""

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from deckbuilder.package.unreadable import UnreadableError, shown

# What the zip may say of itself, in bytes: about 200,000 files.
LARGEST_DIRECTORY = 16_000_000
# What is unpacked in one go may be so many times as large as it lies in the package; small things may be more.
HIGHEST_RATIO = 200
SMALL = 64_000_000
# Anki packs with a window of 2 to 8 MB.
_LARGEST_WINDOW = 1 << 26
_CHUNK = 1 << 18
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# All that Python's reader of zip files says when a file is none, or a broken one.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    OSError,
)


class Archive:
    """The entries of a package by name."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries = {entry.filename: entry for entry in archive.infolist()}
        counts = Counter(entry.filename for entry in archive.infolist())
        self.twice = frozenset(name for name, count in counts.items() if count > 1)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def size(self, name: str) -> int:
        """How large an entry says that it is, in bytes."""
        return self._entries[name].file_size

    def read(self, name: str, most: int, *, zstd: bool = False) -> bytes:
        """A whole entry of `most` bytes at most. Raises UnreadableError."""
        return b"".join(self.chunks(name, most, zstd=zstd))

    def chunks(self, name: str, most: int, *, zstd: bool = False) -> Iterator[bytes]:
        """An entry bit by bit, of `most` bytes in all at most; `zstd` if it is compressed once more.

        Raises UnreadableError.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise UnreadableError(f"there is no {shown(name)} in it")
        if name in self.twice:
            raise UnreadableError(f"there are two entries named {shown(name)} in it, and one of them would be a lie")
        if entry.compress_type not in _METHODS:
            raise UnreadableError(f"{shown(name)} is packed in a way that no Anki packs")
        bound = min(most, max(SMALL, HIGHEST_RATIO * entry.compress_size))
        unpacked = 0
        for chunk in self._unpacked(entry, zstd=zstd):
            unpacked += len(chunk)
            if unpacked > bound:
                raise UnreadableError(f"{shown(name)} unpacks to more than {bound:,} bytes: that is no honest package")
            yield chunk

    def _unpacked(self, entry: zipfile.ZipInfo, *, zstd: bool) -> Iterator[bytes]:
        with _broken_is_told(shown(entry.filename)), self._archive.open(entry) as packed:
            stream: Any = _unzstd(packed) if zstd else packed
            while chunk := stream.read(_CHUNK):
                yield chunk


@contextmanager
def open_archive(stream: IO[bytes]) -> Iterator[Archive]:
    """The package in `stream`. Raises UnreadableError."""
    with _broken_is_told("this"):
        archive = zipfile.ZipFile(_Guarded(stream))
    with archive:
        yield Archive(archive)


@contextmanager
def _broken_is_told(what: str) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise UnreadableError(f"{what} is no whole file of a package ({error})") from error


def _unzstd(packed: IO[bytes]) -> Any:
    # Only modern packages need it.
    import zstandard  # noqa: PLC0415

    class Stream:
        """zstandard has an error of its own."""

        def __init__(self) -> None:
            decompressor = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
            self._stream = decompressor.stream_reader(packed, read_across_frames=False)

        def read(self, size: int) -> bytes:
            try:
                return self._stream.read(size)
            except zstandard.ZstdError as error:
                raise ValueError(str(error)) from error

    return Stream()


class _Guarded:
    """A file of which no more is read at once than an honest package asks for: a zip can state any size."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, size: int = -1) -> bytes:
        if size > LARGEST_DIRECTORY:
            raise UnreadableError("it lists more files than an honest package")
        return self._stream.read(LARGEST_DIRECTORY if size < 0 else size)
