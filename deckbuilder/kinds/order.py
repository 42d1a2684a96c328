"""The order in which new cards are taught."""

import hashlib
import heapq
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache

from deckbuilder.facts.deck import Deck, clusters, contrasted
from deckbuilder.facts.references import requirements
from deckbuilder.notes import Outline
from deckbuilder.notetypes import CLASSIFICATION

# What follows the definition; at equal places the earlier kind of card comes first.
_FOLLOWING = (
    *("contrast", "cloze", "exception", "question", "pair", "image", "occlusion", "mechanism", "list", "order", "note"),
    *("classification", "choice"),
)
_PHASES = {kind: n for n, kind in enumerate(_FOLLOWING, start=1)}
_LONGEST_RUN = 2
_LONGEST_LESSON = 5


def teaching_order(deck: Deck, notes: Iterable[Outline]) -> list[int]:
    """Where the note stands among `notes` that is taught first, the second, and so on.

    Definitions first, each after what it requires; the rest of a concept once all that it is contrasted
    with has been defined; classification items last, their classes mixed.
    """
    rank = _ranking(deck, {concept_id: n for n, concept_id in enumerate(concept_order(deck))})
    ranks: list[tuple[int, int, int]] = []
    classified: dict[int, Outline] = {}
    for place, note in enumerate(notes):
        ranks.append(rank(note))
        if note.kind == "classification":
            classified[place] = note
    ordered = sorted(range(len(ranks)), key=ranks.__getitem__)
    mixed = iter(_by_question({place: classified[place] for place in ordered if place in classified}))
    return [next(mixed) if place in classified else place for place in ordered]


def stages(deck: Deck, notes: Sequence[Outline]) -> list[int]:
    """The stage of each note, from 0: the notes of a stage build on those before, and not on one another.

    A stage is taken from a lesson, a few concepts that follow one another, so that there is something to mix.
    """
    rank = _ranking(deck, _lessons(deck))
    ranks = [rank(note)[:2] for note in notes]
    numbers = {known: number for number, known in enumerate(sorted(set(ranks)))}
    return [numbers[known] for known in ranks]


def _ranking(deck: Deck, position: Mapping[str, int]) -> Callable[[Outline], tuple[int, int, int]]:
    """How early a note is taught: by the place of its concepts, its phase there, and its own concept."""
    met = _met_together(deck, position)

    # Most notes are about one concept, as many others are.
    @cache
    def places(concepts: tuple[str, ...]) -> tuple[int, int]:
        return max(map(met.__getitem__, concepts)), max(map(position.__getitem__, concepts))

    # One tuple for notes that were made one after the other.
    @lru_cache(maxsize=1)
    def rank(concepts: tuple[str, ...], kind: str) -> tuple[int, int, int]:
        together, latest = places(concepts)
        return (latest, 0, 0) if kind == "definition" else (together, _PHASES[kind], latest)

    return lambda note: rank(note.concepts, note.kind)


def _lessons(deck: Deck) -> dict[str, int]:
    """The lesson of each concept, from 0: one that requires a concept of the last lesson begins a new one."""
    lessons: list[set[str]] = [set()]
    found: dict[str, int] = {}
    for concept_id in concept_order(deck):
        if len(lessons[-1]) == _LONGEST_LESSON or not lessons[-1].isdisjoint(requirements(deck.concepts[concept_id])):
            lessons.append(set())
        lessons[-1].add(concept_id)
        found[concept_id] = len(lessons) - 1
    return found


def concept_order(deck: Deck) -> list[str]:
    """Concepts so that each comes after what it requires: as written otherwise, contrasted ones side by side."""
    waits_for = {concept_id: set(requirements(concept)) for concept_id, concept in deck.concepts.items()}
    unlocks: dict[str, list[str]] = {concept_id: [] for concept_id in deck.concepts}
    for concept_id, required in waits_for.items():
        for other in required:
            unlocks[other].append(concept_id)
    written = {concept_id: n for n, concept_id in enumerate(deck.concepts)}
    ready = [n for n, required in enumerate(waits_for.values()) if not required]
    names = list(deck.concepts)
    neighbours = contrasted(deck)
    near: deque[str] = deque()
    wanted: set[str] = set()
    ordered: dict[str, None] = {}
    # References are checked to be free of cycles, so something is ready until all are done.
    while len(ordered) < len(names):
        chosen = near.popleft() if near else names[heapq.heappop(ready)]
        if chosen in ordered:
            continue
        ordered[chosen] = None
        wanted.update(neighbours[chosen])
        near.extend(sorted((c for c in neighbours[chosen] if not waits_for[c]), key=written.__getitem__))
        for other in unlocks[chosen]:
            waits_for[other].discard(chosen)
            if not waits_for[other]:
                heapq.heappush(ready, written[other])
                near.extend([other] if other in wanted else [])
    return list(ordered)


def _met_together(deck: Deck, position: Mapping[str, int]) -> dict[str, int]:
    """For each concept, where the last of those that it is contrasted with (near or far) is defined."""
    return {concept_id: max(map(position.__getitem__, group)) for group in clusters(deck) for concept_id in group}


def _by_question(notes: Mapping[int, Outline]) -> list[int]:
    """Classification notes by their places, mixed within each question, the questions in order."""
    groups: dict[tuple[str, ...], dict[int, Outline]] = {}
    for place, note in notes.items():
        groups.setdefault(note.concepts, {})[place] = note
    return [place for group in groups.values() for place in _interleaved(group)]


def _interleaved(notes: Mapping[int, Outline]) -> list[int]:
    """Notes by their places in an order that their keys decide, no class more than twice in a row if that can be had.

    Notes of one class keep their order whatever is added; the whole shifts a little where an item comes in.
    """
    digests = {place: hashlib.sha256(note.key.encode()).digest() for place, note in notes.items()}
    waiting: dict[str, deque[tuple[int, int]]] = {}
    for turn, place in enumerate(sorted(notes, key=digests.__getitem__)):
        waiting.setdefault(_class_of(notes[place]), deque()).append((turn, place))
    left = Counter({name: len(queue) for name, queue in waiting.items()})
    ordered: list[int] = []
    run: list[str] = []
    while waiting:
        # Of each class only its first can be next.
        first_come = sorted(waiting, key=lambda name: waiting[name][0][0])
        chosen = next((name for name in first_come if _fits(name, run, left)), first_come[0])
        ordered.append(waiting[chosen].popleft()[1])
        run = [*run, chosen][-_LONGEST_RUN:]
        left[chosen] -= 1
        if not waiting[chosen]:
            del waiting[chosen]
    return ordered


def _fits(name: str, run: Sequence[str], left: Mapping[str, int]) -> bool:
    """Whether `name` makes no run too long, neither now nor for what remains; `run` are the last classes."""
    if run == [name] * _LONGEST_RUN:
        return False
    total = sum(left.values()) - 1
    for other, count in left.items():
        remaining = count - (other == name)
        gaps = total - remaining + (other != name)
        if remaining > _LONGEST_RUN * gaps and not (other == name and remaining <= _LONGEST_RUN * gaps + 1):
            return other == name
    return True


def _class_of(note: Outline) -> str:
    return note.row[CLASSIFICATION.positions["Class"]]
