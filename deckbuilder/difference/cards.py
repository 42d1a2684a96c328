"""The cards that a change touches, before and after, as students see them."""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from deckbuilder.changes import Changes, NoteChange
from deckbuilder.changes.compare import title_of
from deckbuilder.changes.marks import marked
from deckbuilder.changes.text import card_notes
from deckbuilder.markup.safe import harmless, harmless_css
from deckbuilder.notes import PinnedNote
from deckbuilder.notetypes import NOTE_TYPES, CarriedType, NoteType, OwnType, own_type_from
from deckbuilder.notetypes.carried import carried_type
from deckbuilder.package.content import Content, NoteContent, TypeContent
from deckbuilder.package.open import OpenPackage, content_of, open_package
from deckbuilder.package.read import type_of
from deckbuilder.package.unreadable import UnreadableError
from deckbuilder.plan import Plan
from deckbuilder.preview.render import Sides, render
from deckbuilder.preview.sounds import with_players

_FILE = re.compile(r'(<(?:img|audio)\b[^>]*?\bsrc=")([^"]*)(")', re.IGNORECASE)
# In a styling: a file that came with the deck, or one within it.
_HELD_FILE = re.compile(r"""url\(\s*["']?(_[\w.-]+|data:(?:image|font)/[^"')]*)["']?\s*\)""", re.IGNORECASE)


class Fate(StrEnum):
    """What happens to a note that students have, or get."""

    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Face:
    """A card at one time: its sides, and the styling of its note type."""

    sides: Sides
    css: str


@dataclass(frozen=True, slots=True)
class TouchedCard:
    """A card before and after; None where it is not there. `number` counts from 1."""

    number: int
    before: Face | None
    after: Face | None


@dataclass(frozen=True, slots=True)
class TouchedNote:
    """A note of a change. `told` says what no card shows; `same` counts its cards that look as before."""

    key: str
    kind: str
    title: str
    fate: Fate
    told: tuple[str, ...]
    cards: tuple[TouchedCard, ...]
    same: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A deck's change. `files` are the pictures and sounds of its cards, by the name by which these show them."""

    name: str
    language: str
    changes: Changes
    notes: tuple[TouchedNote, ...]
    files: Mapping[str, bytes]


def difference(plan: Plan, package: Path | None, changes: Changes) -> Difference:
    """The cards of `changes`, which holds `plan` against `package`. Raises UnreadableError where that is broken."""
    after = _Side({one.name: one.data for one in plan.deck.media.values()})
    if package is None:
        notes = tuple(_notes(plan, changes, _Before(None, _Side({})), after))
        return Difference(changes.deck, plan.deck.heading.language, changes, notes, after.shown)
    with open_package(package) as opened:
        before = _Before(content_of(opened), _Side(_Media(opened)))
        notes = tuple(_notes(plan, changes, before, after))
    return Difference(changes.deck, plan.deck.heading.language, changes, notes, {**before.side.shown, **after.shown})


class _Media(Mapping[str, bytes]):
    """A package's files, each read when it is asked for; one that is damaged is not there."""

    def __init__(self, opened: OpenPackage) -> None:
        self._opened = opened
        self._entries = {one.name: one for one in opened.package.media}

    def __getitem__(self, name: str) -> bytes:
        try:
            return self._opened.media_bytes(self._entries[name])
        except UnreadableError as error:
            raise KeyError(name) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


@dataclass(frozen=True, slots=True)
class _Side:
    """What a time's cards are drawn with. `shown` gathers the files in them; `looks` are stylings by what they were."""

    media: Mapping[str, bytes]
    shown: dict[str, bytes] = field(default_factory=dict)
    looks: dict[str, str] = field(default_factory=dict)

    def face(self, note_type: NoteType, row: Sequence[str], ord_: int) -> Face:
        """A card, without what could run or fetch: whoever asks for a review may have written what stands in it."""
        masks = note_type.has_masks
        sides = render(note_type, tuple(map(harmless, row)) if masks else row, ord_)
        if not masks:
            sides = Sides(harmless(sides.question), harmless(sides.answer), sides.heard)
        heard = with_players(sides)
        return Face(Sides(self._with_files(heard.question), self._with_files(heard.answer)), self._css(note_type))

    def _css(self, note_type: NoteType) -> str:
        """A styling; of one that is not ours alone, without what fetches, but with the files that came with it."""
        if isinstance(note_type, CarriedType):
            return harmless_css(note_type.css)
        if not isinstance(note_type, OwnType):
            return note_type.css
        if note_type.css not in self.looks:
            self.looks[note_type.css] = self._with_held_files(note_type.css)
        return self.looks[note_type.css]

    def _with_held_files(self, css: str) -> str:
        kept: list[str] = []

        def keep(found: re.Match[str]) -> str:
            kept.append(found[0] if found[1].startswith("data:") else f"url({self._name(found[1])})")
            return f"\0{len(kept) - 1}\0"

        marked_css = harmless_css(_HELD_FILE.sub(keep, css.replace("\0", "")))
        return re.sub("\0(\\d+)\0", lambda mark: kept[int(mark[1])], marked_css)

    def _with_files(self, side: str) -> str:
        return _FILE.sub(lambda tag: tag[1] + self._name(html.unescape(tag[2])) + tag[3], side)

    def _name(self, name: str) -> str:
        """A name that is the same for the same file, and another for another of the same name."""
        import hashlib  # noqa: PLC0415 - only files pay for it

        data = self.media.get(name)
        if data is None:
            return html.escape(name)
        known = f"{hashlib.sha256(data).hexdigest()[:16]}{Path(name).suffix.lower()}"
        self.shown[known] = data
        return known


class _Before:
    """What students have: notes by GUID, and the note types that came with them."""

    def __init__(self, content: Content | None, side: _Side) -> None:
        self.side = side
        self.notes = {note.guid: note for note in content.notes} if content else {}
        self.types = {one.id: _type(one) for one in content.package.types} if content else {}

    def face(self, note: NoteContent, ord_: int) -> Face | None:
        """A card as its package has it; None where the package says too little of it."""
        note_type = self.types[note.type_id]
        if note_type is None or not (note_type.is_cloze or ord_ < len(note_type.templates)):
            return None
        return self.side.face(note_type, note.row, ord_)


def _type(shipped: TypeContent) -> NoteType | None:
    """Our own note type where it is that, to the letter; else what the package says; nothing if that is damaged."""
    own = own_type_from(shipped.id, shipped.name, shipped.css)
    for ours in (*NOTE_TYPES, *([own] if own else [])):
        names = [one.name for one in shipped.fields]
        if ours.id == shipped.id and ours.look == type_of(shipped).look and names == [one.name for one in ours.fields]:
            return ours
    try:
        return carried_type(json.loads(shipped.json))
    except (ValueError, KeyError, TypeError):
        return None


def _notes(plan: Plan, changes: Changes, before: _Before, after: _Side) -> Iterator[TouchedNote]:
    notes = {note.key: note for note in (*plan.notes, *plan.retired)}
    titles = dict((*changes.new, *changes.retired))
    touched = {change.key: change for change in changes.changed}
    for key, change in touched.items():
        yield _changed(notes[key], change, before, after)
    for key, title in changes.new:
        note = notes[key]
        cards = tuple(TouchedCard(ord_ + 1, None, after.face(note.type, note.row, ord_)) for ord_ in note.ords)
        yield TouchedNote(key, note.kind, title, Fate.NEW, (), cards)
    for key, title in changes.retired:
        cards = tuple(_cards(notes[key], before, after))
        # Its key still says what it was.
        yield TouchedNote(key, key.split("/")[2], title, Fate.WITHDRAWN, (), cards)
    for name in changes.looks:
        yield from _example(name, [note for note in plan.notes if note.key not in {*titles, *touched}], before, after)


def _changed(note: PinnedNote, change: NoteChange, before: _Before, after: _Side) -> TouchedNote:
    cards = list(_cards(note, before, after))
    differing = tuple(card for card in cards if card.before != card.after)
    told = (*_kind_changes(note, before), *card_notes(change))
    return TouchedNote(note.key, note.kind, title_of(note), Fate.CHANGED, told, differing, len(cards) - len(differing))


def _kind_changes(note: PinnedNote, before: _Before) -> Iterator[str]:
    """A note that changes its note type: Anki would refuse it."""
    known = before.notes.get(note.guid)
    if known is not None and known.type_id != note.type.id:
        yield f"the note type changes to {note.type.name}: Anki would not update this note"


def _cards(note: PinnedNote, before: _Before, after: _Side) -> Iterator[TouchedCard]:
    """Every card of a note that students have, with the words that differ marked."""
    known = before.notes.get(note.guid)
    there = [card.ord for card in known.cards] if known else []
    for ord_ in sorted({*there, *note.ords}):
        old = before.face(known, ord_) if known and ord_ in there else None
        new = after.face(note.type, note.row, ord_) if ord_ in note.ords else None
        yield TouchedCard(ord_ + 1, *_marked(old, new))


def _marked(old: Face | None, new: Face | None) -> tuple[Face | None, Face | None]:
    if old is None or new is None:
        return old, new
    questions = marked(old.sides.question, new.sides.question)
    answers = marked(old.sides.answer, new.sides.answer)
    first, second = (Sides(question, answer) for question, answer in zip(questions, answers, strict=True))
    return Face(first, old.css), Face(second, new.css)


def _example(name: str, notes: Sequence[PinnedNote], before: _Before, after: _Side) -> Iterator[TouchedNote]:
    """One note that stands for all of its type: their words stay, and their look changes."""
    note = next((note for note in notes if note.type.name == name and note.guid in before.notes), None)
    if note is not None:
        card = next(_cards(note, before, after))
        told = (f"all cards of {name} look different; this is one of them",)
        yield TouchedNote(note.key, note.kind, title_of(note), Fate.LOOK, told, (card,))
