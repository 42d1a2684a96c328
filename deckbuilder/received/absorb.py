"""What a student or colleague corrected in a deck of ours, and the edits of the facts that say the same.

Three texts are compared: what they started from (a package of ours), what they have, and what the facts say now.
Every edit is tried: the deck is built with it, and only if the note then is what they made of it, and every note
keeps its identity, it is offered. Nothing here writes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deckbuilder.beside import RELEASED
from deckbuilder.changes.compare import UNSEEN
from deckbuilder.facts.events import YamlPath, read_values
from deckbuilder.facts.load import load
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.facts.source import Source, read_source
from deckbuilder.facts.texts import texts_in, with_text
from deckbuilder.kinds import Made, make_notes
from deckbuilder.lock import RETIRED_TAG, pin
from deckbuilder.notes import Note, PinnedNote
from deckbuilder.notetypes import CarriedType, NoteType
from deckbuilder.package.content import NoteContent
from deckbuilder.package.open import read_content
from deckbuilder.plan import Plan, now
from deckbuilder.problems import Place, has_errors
from deckbuilder.received.survey import title_of
from deckbuilder.received.wording import Rewording, Text, alike, rewordings, settled

if TYPE_CHECKING:
    from deckbuilder.facts.plain import Value

# Tags that Anki sets by itself, and that say how somebody learned.
_PERSONAL = frozenset({"leech", "marked"})
# Keys of the format whose texts no card shows as they are.
_NO_WORDS = frozenset(
    {"id", "source", "default_source", "formerly", "tags", "status", "allow", "ref", "image", "is_a", "requires"}
    | {"contrasts", "skip", "classify", "rejected", "among", "items", "because", "retired"}
)
_MOST_TRIES = 12


class State(StrEnum):
    """What can be done with a change: taken over, only by hand, or not before somebody decides."""

    READY = "ready"
    BY_HAND = "by hand"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Edit:
    """A text of the facts exchanged for another; `identity` is the id that it gets beside it."""

    place: Place
    path: YamlPath
    before: str
    after: str
    identity: str = ""


@dataclass(frozen=True, slots=True)
class FieldWish:
    """A field as they have it. `before` is what they started from, `ours` what the facts make of it now.

    `why` says what stands in the way.
    """

    field: str
    before: str
    ours: str
    theirs: str
    state: State
    why: str = ""
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A note of ours that they changed, and where its fact stands."""

    key: str
    guid: str
    title: str
    place: Place
    fields: tuple[FieldWish, ...]
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Absorbed:
    """All that one package says of one deck.

    `added` are notes that are theirs alone, by what they show. `also` are keys of notes that the edits change beside
    those that were corrected. `files` are the author's files with all edits that are ready.
    """

    deck: str
    corrections: tuple[Correction, ...]
    added: tuple[str, ...]
    unchanged: int
    also: tuple[str, ...]
    files: Mapping[Path, str]

    def count(self, state: State) -> int:
        return sum(wish.state is state for correction in self.corrections for wish in correction.fields)


def absorb(one: Plan, notes: Iterable[NoteContent], out: Path) -> Absorbed:
    """Compare the notes of a package with a deck of ours, whose packages are in `out`."""
    asked = {note.key: note for note in one.made.notes}
    ours = {note.guid: (asked[note.key], note) for note in one.notes}
    known = {entry.guid for entry in one.lock.entries.values()}
    starts = _starts(one, out)
    corrections: list[Correction] = []
    added: list[str] = []
    unchanged = 0
    for theirs in notes:
        if theirs.guid not in ours:
            # What was withdrawn is in the lock, and nobody corrects it any more.
            added += [] if theirs.guid in known or RETIRED_TAG in theirs.tags else [title_of(theirs)]
            continue
        correction = _compare(one, *ours[theirs.guid], theirs, starts.get(theirs.guid, []))
        if correction is None:
            unchanged += 1
        else:
            corrections.append(correction)
    trial = _Trial(one)
    in_order = sorted(corrections, key=lambda correction: (str(correction.place.file), correction.place))
    facts = _Facts(one)
    tried = tuple(_settle(trial, facts, asked, correction) for correction in in_order)
    corrected = {correction.guid for correction in tried}
    also = tuple(sorted(note.key for guid, (_, note) in ours.items() if guid in trial.changed - corrected))
    return Absorbed(one.deck.heading.name, tried, tuple(added), unchanged, also, trial.texts)


# --- What they changed ------------------------------------------------------------------------------------------------


def _starts(one: Plan, out: Path) -> dict[str, list[NoteContent]]:
    """What they may have started from: each note in our packages, the last release first."""
    name = one.files.package.name
    before = f"{one.files.package.stem}-before.apkg"
    found: dict[str, list[NoteContent]] = {}
    for file in (out / RELEASED / name, out / name, out / RELEASED / before, one.files.update):
        content = read_content(file)[0] if file.exists() else None
        for note in content.notes if content else ():
            found.setdefault(note.guid, []).append(note)
    return found


def _compare(
    one: Plan, made: Note, note: PinnedNote, theirs: NoteContent, starts: Sequence[NoteContent]
) -> Correction | None:
    """What they changed in a note; None if nothing, or only what the facts say too."""
    place = place_of(made.origin)
    title = title_of(theirs)
    if theirs.type_id != note.type.id or len(theirs.row) != len(note.row):
        why = "it has another note type there"
        wish = FieldWish("", "", "", "", State.BY_HAND, why)
        return Correction(note.key, note.guid, title, place, (wish,))
    start = _start(one, note, theirs, starts)
    wishes = tuple(_wishes(note, theirs, start))
    tags = start.tags if start else note.tags
    theirs_tags = {tag for tag in theirs.tags if tag.lower() not in _PERSONAL}
    added = tuple(sorted(theirs_tags - {*tags, *note.tags}))
    removed = tuple(sorted(({*tags} & {*note.tags}) - theirs_tags))
    if not (wishes or added or removed):
        return None
    return Correction(note.key, note.guid, title, place, wishes, added, removed)


def _start(
    one: Plan, note: PinnedNote, theirs: NoteContent, starts: Sequence[NoteContent]
) -> NoteContent | PinnedNote | None:
    """The version of a note that theirs is nearest to; the facts themselves if they are as they were built."""
    fitting = [start for start in starts if len(start.row) == len(theirs.row)]
    if fitting:
        return max(
            fitting, key=lambda start: sum(settled(a) == settled(b) for a, b in zip(start.row, theirs.row, strict=True))
        )
    before = one.before.entries.get(note.key)
    return note if before is not None and before.hash == one.lock.entries[note.key].hash else None


def _wishes(note: PinnedNote, theirs: NoteContent, start: NoteContent | PinnedNote | None) -> Iterator[FieldWish]:
    for position, field in enumerate(note.type.fields):
        ours, wanted = note.row[position], theirs.row[position]
        before = start.row[position] if start else ours
        if field.name in UNSEEN or _same(note.type, ours, wanted) or (start and _same(note.type, before, wanted)):
            continue
        if start is None:
            why = "no package is left that tells what they started from"
            yield FieldWish(field.name, ours, ours, wanted, State.CONFLICT, why)
        elif theirs.mod < start.mod:
            # Theirs is older than what it is compared with, of which they may never have heard.
            why = "it is older than our last package: an earlier version of ours, or a correction of one"
            yield FieldWish(field.name, before, ours, wanted, State.CONFLICT, why)
        elif _same(note.type, before, ours):
            yield FieldWish(field.name, before, ours, wanted, State.READY)
        else:
            why = "the facts changed here too since the package that they started from"
            yield FieldWish(field.name, before, ours, wanted, State.CONFLICT, why)


def _same(note_type: NoteType, one: str, two: str) -> bool:
    """Whether two fields are one; in note types of other people whichever elements their lines are made of."""
    return one == two or settled(one) == settled(two) or (isinstance(note_type, CarriedType) and alike(one, two))


# --- The edits that say the same --------------------------------------------------------------------------------------


def _settle(trial: "_Trial", facts: "_Facts", asked: Mapping[str, Note], correction: Correction) -> Correction:
    """A correction with the edits that were tried and are right."""
    fields: list[FieldWish] = []
    for wish in correction.fields:
        if wish.state is not State.READY:
            fields.append(wish)
            continue
        made = asked[correction.key]
        edits = trial.take(correction.guid, wish, _ways(facts, made, wish))
        if edits is None:
            why = "no edit of the facts was found that makes the card say just this"
            fields.append(replace(wish, state=State.BY_HAND, why=why))
        else:
            fields.append(replace(wish, edits=edits))
    return replace(correction, fields=tuple(fields))


def _ways(facts: "_Facts", made: Note, wish: FieldWish) -> Iterator[tuple[tuple[Path, Rewording], ...]]:
    """Rewordings of the facts of a note, with the files that they stand in."""
    cloze = made.type.is_cloze and wish.field == made.type.fields[0].name
    texts = dict(facts.texts_of(made))
    for way in rewordings(wish.before, wish.theirs, tuple(texts), cloze=cloze):
        yield tuple((texts[rewording.text], rewording) for rewording in way)


class _Facts:
    """The texts of a deck's files as they stand there, each file read once."""

    def __init__(self, one: Plan) -> None:
        self._deck = one.deck
        self._values: dict[Path, Value] = {}

    def texts_of(self, made: Note) -> Iterator[tuple[Text, Path]]:
        """The texts that a note may show: of its own fact, of its concepts, then of the deck as a whole."""
        own = made.origin.path
        places: list[tuple[Path, YamlPath]]
        places = [(self._deck.homes[concept], ("concepts", concept)) for concept in made.concepts]
        places += [(self._deck.file, (key,)) for key in ("axes", "lists", "classifications")]
        found = [(text, file) for file, path in places for text in self._below(file, path)]
        yield from sorted(found, key=lambda item: item[0].path[: len(own)] != own)

    def _below(self, file: Path, path: YamlPath) -> Iterator[Text]:
        if file not in self._values:
            source, _ = read_source(file)
            self._values[file] = read_values(source).value if source else None
        value: Any = self._values[file]
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        for inner, words in texts_in(value, path):
            if not _NO_WORDS & set(inner[2:]):
                yield Text(inner, words, _may_name(inner, self._values[file]))


def _may_name(path: YamlPath, value: Any) -> bool:
    """Whether a text may be what its fact is named by: an entry of a list, or the text of a mapping without an id."""
    *parents, last = path
    for step in parents:
        value = value[step]
    return isinstance(last, int) or (last in {"text", "ask"} and "id" not in value)


class _Trial:
    """The deck with all edits that were found right so far; another is taken only if it is right, and fits to them."""

    def __init__(self, one: Plan) -> None:
        self._one = one
        self._notes = {note.guid: note for note in one.notes}
        self._edits: dict[tuple[Path, YamlPath], Rewording] = {}
        self.texts: dict[Path, str] = {}
        self.changed: frozenset[str] = frozenset()

    def take(
        self, guid: str, wish: FieldWish, ways: Iterable[tuple[tuple[Path, Rewording], ...]]
    ) -> tuple[Edit, ...] | None:
        """The first of these ways by which the note's field becomes what is wished, or None."""
        position = self._notes[guid].type.positions[wish.field]
        for _, way in zip(range(_MOST_TRIES), ways, strict=False):
            alone = self._built(self._with(way, {}))
            if alone is None or not _same(alone[guid].type, alone[guid].row[position], wish.theirs):
                continue
            texts = self._with(way, self.texts)
            together = alone if not self.texts else self._built(texts)
            if texts is not None and together is not None:
                self.texts = texts
                self._edits |= {(file, rewording.text.path): rewording for file, rewording in way}
                self.changed = frozenset(guid for guid, note in together.items() if self._differs(note))
                return tuple(_edit(file, rewording) for file, rewording in way)
        return None

    def _with(self, way: Sequence[tuple[Path, Rewording]], before: Mapping[Path, str]) -> dict[Path, str] | None:
        """Files with these rewordings too; None if one cannot be written, or its text was reworded otherwise."""
        texts = dict(before)
        for file, rewording in way:
            taken = self._edits.get((file, rewording.text.path))
            if taken is not None and taken.words != rewording.words:
                return None
            if taken is not None and before:
                continue
            source = Source(file, texts[file]) if file in texts else read_source(file)[0]
            text = with_text(source, rewording.text.path, rewording.words, rewording.identity) if source else None
            if text is None:
                return None
            texts[file] = text
        return texts

    def _built(self, texts: Mapping[Path, str] | None) -> dict[str, PinnedNote] | None:
        """The notes of a build of these files; None if it has mistakes, or a note or card would lose its identity."""
        one = self._one
        if texts is None:
            return None
        decks = load([one.deck.file], instead={file: Source(file, text) for file, text in texts.items()}).decks
        if not decks:
            return None
        made = make_notes(decks[0])
        pinned = pin(decks[0], made, one.before, now())
        built = {note.guid: note for note in pinned.notes}
        if has_errors(made.problems) or has_errors(pinned.problems) or built.keys() != self._notes.keys():
            return None
        cards_stay = all({*self._notes[guid].ords} <= {*note.ords} for guid, note in built.items())
        return built if cards_stay and _item_names(made) == _item_names(one.made) else None

    def _differs(self, note: PinnedNote) -> bool:
        """Whether a note shows something else than now; its identity is no matter."""
        before = self._notes[note.guid]
        rows = zip(note.type.fields, note.row, before.row, strict=True)
        return note.type != before.type or any(a != b for field, a, b in rows if field.name != "Key")


def _item_names(made: Made) -> dict[str, set[str]]:
    """What the items of notes are called: members and steps, by which their blanks are known."""
    return {note.key: {item.name for item in note.items} for note in made.notes if note.items}


def _edit(file: Path, rewording: Rewording) -> Edit:
    place = place_of(Origin(file, rewording.text.path))
    return Edit(place, rewording.text.path, rewording.text.words, rewording.words, rewording.identity)
