"""What lies in a temporary file until it is asked for: a large deck has too many texts to hold them all."""

import marshal
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from typing import Any, overload

from deckbuilder.spool import temporary_folder_told

# What is written and read together: one by one takes longer, and most of it has texts in common.
_TOGETHER = 32
# Packs that are held once they were read: cards are taught in another order than their notes are made.
_HELD = 4


class Shelf:
    """A temporary file; it goes when the last that lies in it goes. Raises OSError where it cannot be written."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="deckbuilder-", buffering=0)  # noqa: SIM115 - open as long as a row
        weakref.finalize(self, self._file.close)
        # Where each pack begins, and where the next one will.
        self._starts = [0]
        self._waiting: list[Any] = []
        self._read: dict[int, list[Any]] = {}

    def put(self, thing: object) -> int:
        """Lay down texts and numbers, in tuples within tuples; the number to ask for them by."""
        number = (len(self._starts) - 1) * _TOGETHER + len(self._waiting)
        self._waiting.append(thing)
        if len(self._waiting) == _TOGETHER:
            with temporary_folder_told():
                self._write(marshal.dumps(self._waiting))
        return number

    def _write(self, pack: bytes) -> None:
        self._file.seek(self._starts[-1])
        unwritten = memoryview(pack)
        while unwritten:
            unwritten = unwritten[self._file.write(unwritten) :]
        self._starts.append(self._starts[-1] + len(pack))
        self._waiting = []

    def get(self, number: int) -> Any:
        """What was put under this number, as it was."""
        pack, place = divmod(number, _TOGETHER)
        things = self._read.get(pack)
        return (self._pack(pack) if things is None else things)[place]

    def _pack(self, number: int) -> list[Any]:
        if number == len(self._starts) - 1:
            return self._waiting
        start, end = self._starts[number : number + 2]
        self._file.seek(start)
        things: list[Any] = marshal.loads(self._file.read(end - start))  # noqa: S302 - written above
        if len(self._read) == _HELD:
            del self._read[next(iter(self._read))]
        self._read[number] = things
        return things


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
        row: tuple[str, ...] = self._shelf.get(self._number)
        return row

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
