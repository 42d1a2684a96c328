"""Rows of texts that lie in a temporary file until they are asked for: a large deck has too many to hold them all."""

import marshal
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from typing import overload

from deckbuilder.spool import temporary_folder_told

# Rows that are written and read together: one by one takes longer, and most rows have texts in common.
_TOGETHER = 64
# Packs of rows that are held once they were read: cards are taught in another order than their notes are made.
_HELD = 4

Rows = list[tuple[str, ...]]


class Shelf:
    """A temporary file of rows; it goes when the last of them goes. Raises OSError where it cannot be written."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="deckbuilder-", buffering=0)  # noqa: SIM115 - open as long as a row
        weakref.finalize(self, self._file.close)
        # Where each pack begins, and where the next one will.
        self._starts = [0]
        self._waiting: Rows = []
        self._read: dict[int, Rows] = {}

    def put(self, row: Sequence[str]) -> "ShelvedRow":
        number = (len(self._starts) - 1) * _TOGETHER + len(self._waiting)
        self._waiting.append(tuple(row))
        if len(self._waiting) == _TOGETHER:
            with temporary_folder_told():
                self._write(marshal.dumps(self._waiting))
        return ShelvedRow(self, number)

    def _write(self, pack: bytes) -> None:
        self._file.seek(self._starts[-1])
        unwritten = memoryview(pack)
        while unwritten:
            unwritten = unwritten[self._file.write(unwritten) :]
        self._starts.append(self._starts[-1] + len(pack))
        self._waiting = []

    def row(self, number: int) -> tuple[str, ...]:
        """A row by its number, in the order in which they were put."""
        pack, place = divmod(number, _TOGETHER)
        rows = self._read.get(pack)
        return (self._pack(pack) if rows is None else rows)[place]

    def _pack(self, number: int) -> Rows:
        if number == len(self._starts) - 1:
            return self._waiting
        start, end = self._starts[number : number + 2]
        self._file.seek(start)
        rows: Rows = marshal.loads(self._file.read(end - start))  # noqa: S302 - written above
        if len(self._read) == _HELD:
            del self._read[next(iter(self._read))]
        self._read[number] = rows
        return rows


def whole(row: Sequence[str]) -> tuple[str, ...]:
    """All texts of a row at once, wherever they lie."""
    return row.whole() if isinstance(row, ShelvedRow) else tuple(row)


class ShelvedRow(Sequence[str]):
    """A row on a shelf. Whoever needs several of its texts asks for the whole of it first."""

    __slots__ = ("_number", "_shelf")

    def __init__(self, shelf: Shelf, number: int) -> None:
        self._shelf = shelf
        self._number = number

    def whole(self) -> tuple[str, ...]:
        return self._shelf.row(self._number)

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
