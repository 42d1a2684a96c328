"""Rows of texts that lie in a temporary file until they are asked for: a large deck has too many to hold them all."""

import marshal
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from typing import overload

from deckbuilder.spool import temporary_folder_told

# Bytes that wait to be written together; a row is found among them too.
_WAITING = 1 << 20
_AHEAD = 1 << 16
_LENGTH = 8


class Shelf:
    """A temporary file of rows; it goes when the last of them goes. Raises OSError where it cannot be written."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="deckbuilder-", buffering=0)  # noqa: SIM115 - open as long as a row
        weakref.finalize(self, self._file.close)
        self._written = 0
        self._waiting = bytearray()
        self._seen = b""
        self._seen_from = 0
        self._last: tuple[str, ...] = ()
        self._last_from = -1

    def put(self, row: Sequence[str]) -> "ShelvedRow":
        start = self._written + len(self._waiting)
        data = marshal.dumps(tuple(row))
        self._waiting += len(data).to_bytes(_LENGTH)
        self._waiting += data
        if len(self._waiting) >= _WAITING:
            with temporary_folder_told():
                self._write()
        return ShelvedRow(self, start)

    def _write(self) -> None:
        self._file.seek(self._written)
        while self._waiting:
            done = self._file.write(self._waiting)
            self._written += done
            del self._waiting[:done]

    def row(self, start: int) -> tuple[str, ...]:
        """The row that begins at `start`."""
        # Mostly several texts of a row are asked for, one after the other.
        if start != self._last_from:
            length = int.from_bytes(self._bytes(start, _LENGTH))
            self._last = marshal.loads(self._bytes(start + _LENGTH, length))  # noqa: S302 - written above
            self._last_from = start
        return self._last

    def _bytes(self, start: int, length: int) -> bytes | bytearray:
        if start >= self._written:
            place = start - self._written
            return self._waiting[place : place + length]
        place = start - self._seen_from
        if place < 0 or place + length > len(self._seen):
            # Rows are mostly asked for as they were put: the next ones are read along.
            self._file.seek(start)
            self._seen, self._seen_from, place = self._file.read(max(length, _AHEAD)), start, 0
        return self._seen[place : place + length]


def whole(row: Sequence[str]) -> tuple[str, ...]:
    """All texts of a row at once, wherever they lie."""
    return row.whole() if isinstance(row, ShelvedRow) else tuple(row)


class ShelvedRow(Sequence[str]):
    """A row on a shelf. Whoever needs several of its texts asks for the whole of it first."""

    __slots__ = ("_shelf", "_start")

    def __init__(self, shelf: Shelf, start: int) -> None:
        self._shelf = shelf
        self._start = start

    def whole(self) -> tuple[str, ...]:
        return self._shelf.row(self._start)

    def __iter__(self) -> Iterator[str]:
        return iter(self.whole())

    def __len__(self) -> int:
        return len(self.whole())

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        return self.whole()[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple | ShelvedRow) and self.whole() == whole(other)

    def __hash__(self) -> int:
        return hash(self.whole())
