"""Facts that vanished beside facts that appeared: one fact renamed, or two? The author must say."""

from collections.abc import Iterable, Mapping, Sequence

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.kinds import Made
from deckbuilder.lock.model import Lock
from deckbuilder.notes import Note
from deckbuilder.problems import Problem, did_you_mean

_CONFIRM = "Otherwise confirm the removal with --accept-removals"

_NUMBERS = {"cloze": ", and number its blanks ({{c1::...}}) if an answer changed"}


def lost_notes(deck: Deck, notes: Sequence[Note], claims: Mapping[str, str], lock: Lock) -> list[Problem]:
    """A problem for each concept, and each note of one list, that appeared where another vanished."""
    if not lock.entries:
        return []
    told = {retired.key for retired in deck.retired}
    claimed = set(claims.values())
    vanished = [key for key in lock.living if key not in claimed and key not in told]
    appeared = [note for note in notes if note.key not in claims]
    if not vanished or not appeared:
        return []
    gone_concepts = _concepts(vanished) - set(deck.concepts)
    new_concepts = [c for c in deck.concepts if c in _concepts(n.key for n in appeared) - _concepts(lock.living)]
    problems = [_concept(deck, concept_id, sorted(gone_concepts)) for concept_id in new_concepts if gone_concepts]
    lists: dict[str, list[str]] = {}
    for key in vanished:
        lists.setdefault(_list_of(key), []).append(key)
    problems += [_item(note, lists[_list_of(note.key)]) for note in appeared if _list_of(note.key) in lists]
    return problems


def retired_wrongly(deck: Deck, made: Made, claims: Mapping[str, str], lock: Lock) -> list[Problem]:
    """Entries of `retired` that name no shipped note, or one that the facts still make under whatever name."""
    if not deck.retired:
        return []
    continued = {claims[note.key]: note.key for note in made.notes if note.key in claims}
    unasked = {name for note in made.unasked if note.key in claims for name in (note.key, *note.former)}
    problems = []
    for index, retired in enumerate(deck.retired):
        place = place_of(Origin(deck.file, ("retired", index, "key")))
        if retired.key in continued:
            message = f"{retired.key!r} is retired and still made from the facts (as {continued[retired.key]!r})"
            fix = "remove this entry, or the fact; a new fact needs an id that was never used"
            problems.append(Problem(place, "retired", message, fix))
        elif retired.key not in lock.entries and retired.key not in unasked:
            fix = did_you_mean(retired.key, list(lock.entries)) if lock.entries else "remove this entry"
            problems.append(Problem(place, "retired", f"no note {retired.key!r} was shipped", fix))
    return problems


def _concepts(keys: Iterable[str]) -> set[str]:
    return {key.split("/")[1] for key in keys}


def _list_of(key: str) -> str:
    """The list that an item stands in: deck, concept, kind, and what the item's id begins with before a dot."""
    deck, concept, kind, *item = key.split("/")
    if kind == "list" and "." not in item[0]:
        # A whole list is known by its name, which its deck declares: it is not mistaken for another.
        return key
    return "/".join((deck, concept, kind, *(part.rpartition(".")[0] for part in item)))


def _concept(deck: Deck, concept_id: str, gone: Sequence[str]) -> Problem:
    return Problem(
        place_of(deck.origin(concept_id), key=True),
        "identity-lost",
        f"the concept {concept_id!r} appeared where {', '.join(map(repr, gone))} vanished",
        f"The same concept: add 'formerly: [{gone[0]}]'. {_CONFIRM}",
    )


def _item(note: Note, gone: Sequence[str]) -> Problem:
    names = [key.rpartition("/")[2].rpartition(".")[2] for key in gone]
    return Problem(
        place_of(note.origin),
        "identity-lost",
        f"this {note.kind} card appeared where {', '.join(map(repr, names))} vanished",
        f"The same fact: add 'id: {names[0]}' (or 'formerly: [{names[0]}]'){_NUMBERS.get(note.kind, '')}. {_CONFIRM}",
    )
