"""What importing a package does to students who have one of our decks, as Anki's importer would do it."""

from dataclasses import dataclass, field

from deckbuilder.notetypes import NOTE_TYPES, NoteType
from deckbuilder.package.content import NoteContent, Package, TypeContent
from deckbuilder.package.read import type_of
from deckbuilder.received.students import Students


@dataclass(slots=True)
class Arrival:
    """Notes by what becomes of them: by their keys those that students have, the others counted.

    `absent` counts the notes of the deck that the package lacks; they stay as they are. `reasons` say what
    makes notes conflict, and `looks` which note types would get another look.
    """

    deck: str
    lock: str
    new: int = 0
    updated: list[str] = field(default_factory=list)
    kept: int = 0
    withdrawn: list[str] = field(default_factory=list)
    conflicting: list[str] = field(default_factory=list)
    absent: int = 0
    reasons: list[str] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)

    @property
    def known(self) -> int:
        return len(self.updated) + self.kept + len(self.withdrawn) + len(self.conflicting)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What Anki tells note types of one id apart by: their fields and templates in order, by id or else by name."""

    name: str
    look: str
    changed: int
    fields: tuple[tuple[int | None, str], ...]
    templates: tuple[tuple[int | None, str], ...]


class Importer:
    """Takes the notes of a package one by one, and tells what they would do to the students of a deck."""

    def __init__(self, package: Package, students: Students) -> None:
        self._students = students
        content = students.content
        self._types = {note.guid: note.type_id for note in content.notes} if content else {}
        self._arriving = {one.id: _shape(one) for one in package.types}
        self._present = {one.id: _shape(one) for one in (content.package.types if content else ())}
        self._present |= {one.id: _our_shape(one) for one in NOTE_TYPES}
        both = [(id_, self._present[id_], one) for id_, one in self._arriving.items() if id_ in self._present]
        self._conflicts = {id_: reason for id_, present, one in both if (reason := _difference(present, one))}
        self._arrival = Arrival(students.lock.deck, str(students.file))
        self._arrival.looks += [
            one.name for _, present, one in both if one.look != present.look and one.changed > present.changed
        ]
        self._seen: set[str] = set()

    def take(self, note: NoteContent) -> None:
        key = self._students.by_guid.get(note.guid)
        if key is None:
            self._arrival.new += 1
            return
        self._seen.add(key)
        entry = self._students.lock.entries[key]
        reason = self._conflict(note)
        if reason:
            self._arrival.conflicting.append(key)
            self._arrival.reasons += [reason] if reason not in self._arrival.reasons else []
        elif entry.tombstone is not None:
            self._arrival.withdrawn.append(key)
        elif note.mod > entry.mod:
            # An equal time never delivers.
            self._arrival.updated.append(key)
        else:
            self._arrival.kept += 1

    def arrival(self) -> Arrival:
        """What all notes so far would do."""
        self._arrival.absent = len(self._students.lock.living.keys() - self._seen)
        return self._arrival

    def _conflict(self, note: NoteContent) -> str:
        """Why Anki would not update a note that students have."""
        before = self._types.get(note.guid, note.type_id)
        if before == note.type_id:
            return self._conflicts.get(note.type_id, "")
        one, two = self._present[before].name, self._arriving[note.type_id].name
        return f"notes of the type {one!r} come in the type {two!r}: Anki leaves them as they are"


def _shape(one: TypeContent) -> _Shape:
    fields = tuple((field.id, field.name) for field in one.fields)
    templates = tuple((template.id, template.name) for template in one.templates)
    return _Shape(one.name, type_of(one).look, one.mod, fields, templates)


def _our_shape(one: NoteType) -> _Shape:
    fields = tuple((field.id, field.name) for field in one.fields)
    return _Shape(one.name, one.look, one.changed, fields, tuple((t.id, t.name) for t in one.templates))


def _difference(present: _Shape, arriving: _Shape) -> str:
    """Why Anki takes two note types of one id for two."""
    for what, one, two in (
        ("fields", present.fields, arriving.fields),
        ("templates", present.templates, arriving.templates),
    ):
        if len(one) != len(two):
            told = f"{len(two)} {what} instead of {len(one)}"
        elif not all(_same(a, b) for a, b in zip(one, two, strict=True)):
            told = f"other {what}"
        else:
            continue
        return (
            f"the note type {present.name!r} comes with {told}: Anki updates none of its notes, and adds a second type"
        )
    return ""


def _same(one: tuple[int | None, str], two: tuple[int | None, str]) -> bool:
    by_id = one[0] is not None and two[0] is not None
    return one[0] == two[0] if by_id else one[1] == two[1]
