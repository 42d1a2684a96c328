"""Facts that vanished beside facts that appeared: one fact renamed, or two? The author must say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.kinds import Made
from deckbuilder.lock.model import Lock
from deckbuilder.notes import Outline
from deckbuilder.problems import Problem, did_you_mean, likeliest

_CONFIRM = "Otherwise confirm the removal with --accept-removals"

# Facts with a text and a name of their own: what stands under another concept under the same name may be the same.
_MOVABLE = {"cloze", "question", "note", "image", "occlusion", "order"}

_NUMBERS = {"cloze": ", and number its blanks ({{c1::...}}) if an answer changed"}


def lost_notes(deck: Deck, made: Made, claims: Mapping[str, str], lock: Lock) -> list[Problem]:
    """A problem for each concept, and each note of one list, that appeared where another vanished.

    So is what appeared in one concept while a fact of that name vanished from another.
    """
    if not lock.entries:
        return []
    told = {retired.key for retired in deck.retired}
    claimed = set(claims.values())
    vanished = [key for key in lock.living if key not in claimed and key not in told]
    appeared = [note for note in made.outlines() if note.key not in claims]
    if not vanished or not appeared:
        return []
    gone_concepts = _concepts(vanished) - set(deck.concepts)
    new_concepts = [c for c in deck.concepts if c in _concepts(n.key for n in appeared) - _concepts(lock.living)]
    problems = [_concept(deck, concept_id, sorted(gone_concepts)) for concept_id in new_concepts if gone_concepts]
    lists: dict[str, list[str]] = {}
    for key in vanished:
        lists.setdefault(_list_of(key), []).append(key)
    problems += [_item(note, lists[_list_of(note.key)]) for note in appeared if _list_of(note.key) in lists]
    # A concept that may be a renamed one has been told, with all that stands in it.
    told_concepts = set(new_concepts) if gone_concepts else set[str]()
    elsewhere = {name: key for key in vanished if (name := _movable_name(key))}
    moved = [
        (note, elsewhere[name])
        for note in appeared
        if _list_of(note.key) not in lists and _concept_of(note.key) not in told_concepts
        if (name := _movable_name(note.key)) in elsewhere
    ]
    if moved:
        now, before = _names_by_concept(note.key for note in made.outlines()), _names_by_concept(lock.living)
        problems += [_moved(note, key, now, before) for note, key in moved]
    return problems


def retired_wrongly(deck: Deck, made: Made, claims: Mapping[str, str], lock: Lock) -> list[Problem]:
    """Entries of `retired` that name no shipped note, or one that the facts still make under whatever name."""
    if not deck.retired:
        return []
    silent = {note.key for note in made.unasked}
    continued = {known: key for key, known in claims.items() if key not in silent}
    unasked = {name for note in made.unasked if note.key in claims for name in (note.key, *note.former)}
    problems = []
    for index, retired in enumerate(deck.retired):
        place = place_of(Origin(deck.file, ("retired", index, "key")))
        if retired.key in continued:
            message = f"{retired.key!r} is retired and still made from the facts (as {continued[retired.key]!r})"
            fix = "remove this entry, or the fact; a new fact needs an id that was never used"
            problems.append(Problem(place, "retired", message, fix))
        elif retired.key not in lock.entries and retired.key not in unasked:
            fix = did_you_mean(retired.key, list(lock.entries))
            fix = fix or "write the key as it stands in the lock, or remove this entry"
            problems.append(Problem(place, "retired", f"no note {retired.key!r} was shipped", fix))
    return problems


def _concepts(keys: Iterable[str]) -> set[str]:
    return {_concept_of(key) for key in keys}


def _concept_of(key: str) -> str:
    return key.split("/")[1]


def _name_in_concept(key: str) -> str:
    return key.split("/", 2)[2]


def _names_by_concept(keys: Iterable[str]) -> Mapping[str, set[str]]:
    names: defaultdict[str, set[str]] = defaultdict(set)
    for key in keys:
        names[_concept_of(key)].add(_name_in_concept(key))
    return names


def _movable_name(key: str) -> str:
    """What a fact that could stand under another concept is called there; nothing for others."""
    _, _, kind, *item = key.split("/")
    return _name_in_concept(key) if kind in _MOVABLE and item and item != ["definition"] else ""


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
        f"The same concept: add 'formerly: [{likeliest(concept_id, gone)}]'. {_CONFIRM}",
    )


def _item(note: Outline, gone: Sequence[str]) -> Problem:
    names = [_own_name(key) for key in gone]
    near = likeliest(_own_name(note.key), names)
    return Problem(
        place_of(note.origin),
        "identity-lost",
        f"this {note.kind} card appeared where {', '.join(map(repr, names))} vanished",
        f"The same fact: add 'id: {near}' (or 'formerly: [{near}]'){_NUMBERS.get(note.kind, '')}. {_CONFIRM}",
    )


def _own_name(key: str) -> str:
    return key.rpartition("/")[2].rpartition(".")[2]


def _moved(note: Outline, key: str, now: Mapping[str, set[str]], before: Mapping[str, set[str]]) -> Problem:
    """A fact that seems to have gone from one concept to another; `now` and `before` are the names in each concept."""
    old, new = _concept_of(key), _concept_of(note.key)
    fix = f"The same fact: leave it in {old!r}, where its history is"
    # A concept's former name is one of all its facts: what is new in it must not take those that stay where they are.
    if not (now[new] - before.get(new, set())) & now.get(old, set()) & before[old]:
        fix = (
            f"The same fact: add 'formerly: [{old}]' to the concept {new!r}, build, and remove that again; "
            f"or leave the fact in {old!r}"
        )
    return Problem(
        place_of(note.origin),
        "identity-lost",
        f"this {note.kind} card appeared in {new!r} where one of the same name vanished from {old!r}",
        f"{fix}. {_CONFIRM}",
    )
