"""Notes that lie in a temporary file: who each is stays at hand, and the whole comes back when it is asked for.

What is at hand of them is held column by column: as values of their own they would take thrice the room.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import starmap
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple, overload

from deckbuilder.facts.places import Origin
from deckbuilder.notes import Hidden, Named, Note, PinnedNote
from deckbuilder.notetypes import NoteType
from deckbuilder.shelf import Shelf, ShelvedRow

# Rows of columns that are handled together.
_ROWS = 500
_FORMER = attrgetter("former")


class ShelvedNotes(Sequence[Note]):
    """Notes like those of a list; each is whole for as long as somebody holds it."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.has_renamed_items = False
        self._columns = _Columns(array("L"), [], [], [], [], [], [], [])

    def extend(self, notes: Iterable[Note]) -> None:
        """Lay notes down. Raises OSError when there is no room for them."""
        for note in notes:
            key, kind, note_type, row, tags, origin, concepts, cloze, beside, items, former, _ = note
            number = self.shelf.put(_laid_down(row, cloze, beside, items, origin))
            self._columns.append((number, key, kind, note_type, tags, origin, concepts, former))
            self.has_renamed_items |= any(map(_FORMER, items))

    def sort(self, places: Sequence[int]) -> None:
        """Put first the note that stands at the first of these places, and so on."""
        self._columns.sort(places)

    def outlines(self) -> "Iterator[ShelvedOutline]":
        for number, key, kind, _, _, origin, concepts, former in self._columns:
            yield ShelvedOutline(key, kind, origin, concepts, former, self.shelf, number)

    def taken(self) -> Iterator[Note]:
        """The notes one by one; each is let go before the next, and in the end none is left."""
        return starmap(self._whole, self._columns.taken())

    def __iter__(self) -> Iterator[Note]:
        return starmap(self._whole, self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @overload
    def __getitem__(self, index: int) -> Note: ...
    @overload
    def __getitem__(self, index: slice) -> list[Note]: ...
    def __getitem__(self, index: int | slice) -> Note | list[Note]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        return self._whole(*self._columns[index])

    def _whole(  # noqa: PLR0913 - the columns
        self,
        number: int,
        key: str,
        kind: str,
        note_type: NoteType,
        tags: tuple[str, ...],
        at: Origin,
        concepts: tuple[str, ...],
        former: tuple[str, ...],
    ) -> Note:
        laid_down = self.shelf.get(number)
        if isinstance(laid_down, tuple):
            return Note(key, kind, note_type, laid_down, tags, at, concepts, former=former)
        row, cloze, beside, items = laid_down
        return Note(
            key,
            kind,
            note_type,
            row,
            tags,
            at,
            concepts,
            tuple([piece if isinstance(piece, str) else _taken_up(piece, at) for piece in cloze]),
            {name: tuple([_taken_up(piece, at) for piece in pieces]) for name, pieces in beside},
            tuple([Named(name, former, _place(way, at)) for name, former, way in items]),
            former,
        )


class ShelvedOutline(NamedTuple):
    """What is at hand of a note on a shelf."""

    key: str
    kind: str
    origin: Origin
    concepts: tuple[str, ...]
    former: tuple[str, ...]
    shelf: Shelf
    number: int

    @property
    def row(self) -> tuple[str, ...]:
        laid_down = self.shelf.get(self.number)
        row: tuple[str, ...] = laid_down if isinstance(laid_down, tuple) else laid_down[0]
        return row


class ShelvedRelease(Sequence[PinnedNote]):
    """Pinned notes like those of a list, their texts on a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._columns = _Columns([], [], [], [], array("q"), array("L"), [], [], array("q"), [])

    def append(self, note: PinnedNote) -> None:
        """Raises OSError when there is no room for its texts."""
        key, kind, note_type, guid, mod, row, tags, ords, due, deck = note
        number = self._shelf.put(tuple(row))
        self._columns.append((key, kind, note_type, guid, mod, number, tags, ords, due, deck))

    def __iter__(self) -> Iterator[PinnedNote]:
        return starmap(self._pinned, self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @overload
    def __getitem__(self, index: int) -> PinnedNote: ...
    @overload
    def __getitem__(self, index: slice) -> list[PinnedNote]: ...
    def __getitem__(self, index: int | slice) -> PinnedNote | list[PinnedNote]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        return self._pinned(*self._columns[index])

    def _pinned(  # noqa: PLR0913 - the columns
        self,
        key: str,
        kind: str,
        note_type: NoteType,
        guid: str,
        mod: int,
        number: int,
        tags: tuple[str, ...],
        ords: tuple[int, ...],
        due: int,
        deck: str,
    ) -> PinnedNote:
        return PinnedNote(key, kind, note_type, guid, mod, ShelvedRow(self._shelf, number), tags, ords, due, deck)


class _Columns:
    """Rows of values, each column in a list or array of its own."""

    def __init__(self, *columns: "list[Any] | array[Any]") -> None:
        self._columns = columns
        # The last rows, which are divided together: one by one takes longer.
        self._rows: list[tuple[Any, ...]] = []

    def append(self, row: tuple[Any, ...]) -> None:
        self._rows.append(row)
        if len(self._rows) == _ROWS:
            self._divide()

    def _divide(self) -> None:
        for column, values in zip(self._columns, zip(*self._rows, strict=True), strict=False):
            column.extend(values)
        self._rows.clear()

    def sort(self, places: Sequence[int]) -> None:
        """Put first the row that stands at the first of these places, and so on."""
        self._divide()
        for column in self._columns:
            moved = [column[place] for place in places]
            if isinstance(column, array):
                column[:] = array(column.typecode, moved)
            else:
                column[:] = moved

    def taken(self) -> Iterator[tuple[Any, ...]]:
        """The rows one by one; those that were given are let go."""
        self._divide()
        for column in self._columns:
            column.reverse()
        while len(self):
            rows = list(zip(*(column[-_ROWS:] for column in self._columns), strict=True))
            for column in self._columns:
                del column[-_ROWS:]
            while rows:
                yield rows.pop()

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        self._divide()
        return zip(*self._columns, strict=True)

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        self._divide()
        return tuple([column[index] for column in self._columns])

    def __len__(self) -> int:
        return len(self._columns[0]) + len(self._rows)


# What is laid down are tuples of texts and numbers. A place is the way to it from the place of its note: most blanks
# and items stand there, or in a part of it. A list is the way from the beginning of a file.
_Way = tuple[str | int, ...] | list[str | int]


def _laid_down(
    row: Sequence[str],
    cloze: Sequence[str | Hidden],
    beside: Mapping[str, Sequence[Hidden]],
    items: Sequence[Named],
    at: Origin,
) -> tuple[str, ...] | list[tuple[object, ...]]:
    """Of a note that is a row of texts and nothing else, as most are, that row as a tuple; else a list of its parts."""
    if not (cloze or beside or items):
        return tuple(row)
    return [
        tuple(row),
        tuple([piece if isinstance(piece, str) else _hidden(piece, at) for piece in cloze]),
        tuple([(name, tuple([_hidden(piece, at) for piece in pieces])) for name, pieces in beside.items()]),
        tuple([(name, former, _way(origin, at)) for name, former, origin in items]),
    ]


def _hidden(hidden: Hidden, at: Origin) -> tuple[object, ...]:
    name, html, origin, hint, number, former = hidden
    return (name, html, _way(origin, at), hint, number, former)


def _taken_up(laid_down: tuple[Any, ...], at: Origin) -> Hidden:
    name, html, way, hint, number, former = laid_down
    return Hidden(name, html, _place(way, at), hint, number, former)


def _way(origin: Origin, at: Origin) -> _Way:
    way = origin.way_from(at)
    return [str(origin.file), *origin.path] if way is None else way


def _place(way: _Way, at: Origin) -> Origin:
    if not way:
        return at
    return Origin(at, way) if isinstance(way, tuple) else Origin(Path(str(way[0])), tuple(way[1:]))
