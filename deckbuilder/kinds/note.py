"""Notes that keep the note type of the deck from which they were imported, field by field."""

from collections.abc import Iterator

from deckbuilder.facts.models import ForeignNote
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.identity import concept_names, note_keys, slug
from deckbuilder.markup import visible_text
from deckbuilder.notes import Note
from deckbuilder.notetypes import CarriedType
from deckbuilder.problems import did_you_mean


def make(bench: Bench, concept_id: str) -> Iterator[Note]:
    if not bench.deck.carried.whole:
        # That its note types cannot be read has been told.
        return
    notes = bench.deck.concepts[concept_id].notes
    if notes and not bench.carried_types:
        _tell_missing(bench, concept_id)
        return
    for index, fact in enumerate(notes):
        origin = bench.origin(concept_id, "notes", index)
        note_type = _type(bench, fact, origin)
        if note_type is None:
            continue
        row = note_type.row(fact.fields)
        names = (fact.id or slug(visible_text(" ".join(row))), *fact.formerly)
        yield bench.finished_note(
            "note",
            note_type,
            note_keys(bench.deck, concept_names(bench.deck, concept_id), "note", names),
            origin,
            bench.around(concept_id).within(fact),
            [concept_id],
            row,
            tags=[bench.concept_tag(concept_id)],
        )


def _tell_missing(bench: Bench, concept_id: str) -> None:
    """That there are no note types at all: once, and not at each of the notes."""
    if concept_id == next(name for name, one in bench.deck.concepts.items() if one.notes):
        message = f"these notes are in note types of an imported deck, and {bench.deck.carried.file} does not hold them"
        bench.tell(bench.origin(concept_id, "notes"), "carried-missing", message, "take the file from git")


def _type(bench: Bench, fact: ForeignNote, origin: Origin) -> CarriedType | None:
    """The note type that a note names, if it is there and has the fields that the note fills."""
    note_type = bench.carried_types.get(fact.type)
    if note_type is None:
        fix = did_you_mean(fact.type, list(bench.carried_types))
        fix = fix or "only the note types of the deck that was imported can be used here"
        bench.tell(origin.at("type"), "reference", f"no note type {fact.type!r} was imported", fix)
        return None
    unknown = [name for name in fact.fields if name not in note_type.positions]
    for name in unknown:
        fix = did_you_mean(name, list(note_type.positions)) or "remove it, or write it as the note type has it"
        bench.tell(origin.at("fields", name), "reference", f"the note type {fact.type!r} has no field {name!r}", fix)
    return None if unknown else note_type
