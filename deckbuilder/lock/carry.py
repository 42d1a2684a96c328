"""Notes that stay in the note type of the deck from which they were imported.

Their facts are ordinary facts. As long as a fact's words are those that were imported, a field is what it was, letter
for letter; where an author changed them, it is made from the new words, and the other fields stay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from deckbuilder.facts.carried import ASIDES, CarriedField, CarriedNote, Role, mark_of
from deckbuilder.facts.deck import Deck
from deckbuilder.facts.models import Annotations, Concept, Definition, ForeignNote, Question, Text
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.facts.shown import SOUND
from deckbuilder.kinds.bench import in_order, picture
from deckbuilder.lock.numbers import Numbers
from deckbuilder.markup import Blank
from deckbuilder.notes import Note
from deckbuilder.notetypes import CarriedType, NoteType, cards_of, carried_type
from deckbuilder.problems import Problem, Severity

# What of a fact only our own note types show.
_OWN = ("hint", "why", "note", "extra", "image", "source")


class Shape(NamedTuple):
    """What a student gets of a note: note type, fields, tags, cards, and where Anki keeps it."""

    type: NoteType
    row: tuple[str, ...]
    tags: tuple[str, ...]
    ords: tuple[int, ...]
    deck: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a fact says in one role: Markdown (or HTML, in a foreign note), and the picture that stands with it."""

    words: str
    image: str = ""
    html: bool = False

    @property
    def mark(self) -> str:
        return mark_of(f"{self.words}\x1f{self.image}" if self.image else self.words)


def types_of(deck: Deck) -> dict[int, CarriedType]:
    return {type_id: carried_type(model.model) for type_id, model in deck.carried.models.items()}


def said_by(deck: Deck, note: Note, note_type: CarriedType, roles: Mapping[str, Role]) -> dict[str, Said]:
    """What the facts say of each field of a note; nothing of a field of which they say nothing."""
    fact = fact_at(deck, note.origin)
    if isinstance(fact, ForeignNote):
        return {field.name: Said(fact.fields.get(field.name, ""), html=True) for field in note_type.fields}
    words = _words(deck.concepts[note.concepts[0]], fact)
    image = fact.image.file if fact is not None and fact.image else ""
    shows = picture_role(tuple(roles.values()))
    return {
        name: Said(words.get(role, ""), image if role == shows else "") for name, role in roles.items() if role in words
    }


def picture_role(roles: Sequence[Role]) -> Role | None:
    """Where a fact's picture stands: in a field of its own, or else behind the answer."""
    order: tuple[Role, ...] = ("image", "back", "extra")
    return next((role for role in order if role in roles), None)


def new_in(note_type: CarriedType, note: Note, where: str) -> Shape:
    """A new note in a foreign note type."""
    ords = cards_of(note_type, note.row)
    message = f"the note type {note_type.name!r} makes no card of these fields"
    empty = Problem(place_of(note.origin), "empty-text", message, "fill what its front shows")
    return Shape(note_type, tuple(note.row), note.tags, ords, where, () if ords else (empty,))


def carry(deck: Deck, note: Note, note_type: CarriedType | None, kept: CarriedNote | None, numbers: Numbers) -> Shape:
    """A note as students of the imported deck have it, with what its author changed since."""
    if note_type is not None and kept is None and isinstance(note.type, CarriedType):
        # Its author added it since the import: the facts say all of it.
        shape = new_in(note.type, note, deck.carried.decks.get(note.concepts[0], ""))
        return shape._replace(problems=(*shape.problems, *_type_changed(note, note_type)))
    if note_type is None or kept is None:
        return Shape(note.type, tuple(note.row), note.tags, (), "", (_missing(deck, note),))
    model = deck.carried.models[note_type.id]
    said = said_by(deck, note, note_type, model.roles)

    def number_of(blank: Blank) -> int:
        # Equal answers are one fact, and have one number.
        same = (hidden.id for hidden in note.hidden if hidden.html == blank.html)
        return blank.number or next((numbers.by_id[name] for name in same if name in numbers.by_id), 1)

    def content(name: str) -> str:
        was, now = kept.fields.get(name), said.get(name)
        if now is None:
            return was.html if was else ""
        if was is not None and was.mark in {"", now.mark}:
            return was.html
        if now.html:
            return now.words
        # Only a changed note of another deck needs the Markdown parser here.
        from deckbuilder.markup.lines import render_lines  # noqa: PLC0415

        has_blanks = model.roles.get(name) == "text"
        return render_lines(now.words, number_of if has_blanks else None) + _after(deck, note, now, was)

    tags = _said_tags(deck, note)
    row = tuple(content(field.name) for field in note_type.fields)
    made = tuple(ord_ for ord_ in cards_of(note_type, row) if ord_ not in kept.without)
    return Shape(
        type=note_type,
        row=row,
        tags=kept.tags if kept.tags is not None and kept.tags_mark == mark_of_tags(tags) else tags,
        ords=made or kept.kept,
        deck=kept.deck or deck.carried.decks.get(note.concepts[0], ""),
        problems=(
            *_type_changed(note, note_type),
            *_not_shown(deck, note, tuple(model.roles.values()), note_type),
        ),
    )


def _said_tags(deck: Deck, note: Note) -> tuple[str, ...]:
    """The tags that the author wrote, without those that the program adds to notes of its own."""
    fact = fact_at(deck, note.origin)
    return in_order({*deck.heading.tags, *deck.concepts[note.concepts[0]].tags, *(fact.tags if fact else ())})


def mark_of_tags(tags: Sequence[str]) -> str:
    return mark_of(" ".join(tags))


def fact_at(deck: Deck, origin: Origin) -> Annotations | None:
    """The fact that stands at `origin`, if one does: some notes stand at several facts."""
    found: object = deck
    for step in origin.path:
        if isinstance(step, int):
            found = found[step] if isinstance(found, Sequence) and step < len(found) else None
        else:
            found = found.get(step) if isinstance(found, Mapping) else getattr(found, step, None)
    return found if isinstance(found, Annotations) else None


def _words(concept: Concept, fact: Annotations | None) -> dict[str, str]:
    """What a fact says, by the role that it plays in a foreign note type."""
    shared: dict[str, str] = {"image": "", **{aside: getattr(fact, aside, None) or "" for aside in ASIDES}}
    if isinstance(fact, Question):
        return {"front": fact.ask, "back": fact.answer, **shared}
    if isinstance(fact, Definition):
        return {"front": concept.term, "back": fact.text, **shared}
    return {"text": fact.text if isinstance(fact, Text) else "", **shared}


def _after(deck: Deck, note: Note, now: Said, was: CarriedField | None) -> str:
    """What follows changed words: sounds as before, and the picture that the fact has."""
    if was is not None and was.image == now.image:
        return was.after
    sounds = "".join(f" [sound:{name}]" for name in SOUND.findall(was.after)) if was else ""
    fact = fact_at(deck, note.origin)
    if not now.image or fact is None or fact.image is None:
        return sounds
    return picture(fact.image, deck.media[fact.image.file].name) + sounds


def _missing(deck: Deck, note: Note) -> Problem:
    message = f"students have this note in another deck's note type, and {deck.carried.file} does not hold it"
    return Problem(place_of(note.origin), "carried-missing", message, "take the file from git")


def _type_changed(note: Note, note_type: CarriedType) -> list[Problem]:
    if note.type.id == note_type.id or not isinstance(note.type, CarriedType):
        return []
    message = f"students have this note as {note_type.name!r}, and Anki would not update it as {note.type.name!r}"
    fix = f"write 'type: {note_type.name}' again; for a new note choose an id that was never used"
    return [Problem(place_of(note.origin.at("type")), "notetype-changed", message, fix)]


def _not_shown(deck: Deck, note: Note, roles: Sequence[Role], note_type: CarriedType) -> list[Problem]:
    """What an author wrote and this note type has no field for."""
    fact = fact_at(deck, note.origin)
    shown: set[str] = set()
    if not isinstance(fact, ForeignNote):
        shown = set(ASIDES) & set(roles) | ({"image"} if picture_role(roles) else set())
    return [
        Problem(
            place_of(note.origin.at(key), key=True),
            "no-effect",
            f"this note keeps the note type {note_type.name!r}, which shows no {key!r}",
            "remove it, or write it into a text that the note shows",
            Severity.WARNING,
        )
        for key in _OWN
        if key not in shown and getattr(fact, key, None)
    ]
