"""How the concepts of a deck hang together: what is a kind of what, what comes first, what is told apart from what."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from deckbuilder.facts.deck import Deck, contrasted
from deckbuilder.kinds.order import concept_order

# Concepts that hang together, in teaching order, and what ties them.
_Piece = tuple[list[str], list["Tie"]]

# Beyond these nobody reads a picture: concepts in one piece of the map, and in all of it.
LARGEST_CLUSTER = 40
LARGEST_MAP = 80


class Way(StrEnum):
    """What a tie says of its two concepts."""

    KIND = "kind"
    FIRST = "first"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class Tie:
    """`other` is a kind of `one`, or is learned after it, or is told apart from it."""

    way: Way
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Concepts that hang together, in teaching order. `depths` counts from the most general, for each of them."""

    concepts: tuple[str, ...]
    ties: tuple[Tie, ...]
    depths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ConceptMap:
    """The clusters that can be shown, the largest first, and how many concepts of the deck have any tie."""

    clusters: tuple[Cluster, ...]
    tied: int

    @property
    def shown(self) -> int:
        return sum(len(cluster.concepts) for cluster in self.clusters)


def concept_map(deck: Deck) -> ConceptMap | None:
    """The map of a deck, or nothing where no concept has to do with another."""
    order = concept_order(deck)
    ties = list(_ties(deck, order))
    tied = len({concept for tie in ties for concept in (tie.one, tie.other)})
    pieces = _pieces(order, ties)
    if any(len(concepts) > LARGEST_CLUSTER for concepts, _ in pieces):
        pieces = _pieces(order, _upper(ties))
    shown = tuple(_as_many_as_fit(pieces))
    return ConceptMap(shown, tied) if shown else None


def _ties(deck: Deck, order: Sequence[str]) -> Iterator[Tie]:
    """Each pair is tied once in each way; what is learned first is told where nothing else is."""
    position = {concept: place for place, concept in enumerate(order)}
    apart = {
        (one, other)
        for one, others in contrasted(deck).items()
        for other in others
        if one != other and position[one] < position[other]
    }
    for other in order:
        concept = deck.concepts[other]
        yield from (Tie(Way.KIND, one, other) for one in dict.fromkeys(concept.is_a))
        first = dict.fromkeys(one for one in concept.requires if one not in concept.is_a)
        yield from (Tie(Way.FIRST, one, other) for one in first if not {(one, other), (other, one)} & apart)
    yield from (Tie(Way.CONTRAST, one, other) for one, other in sorted(apart, key=lambda pair: _places(pair, position)))


def _places(pair: tuple[str, str], position: dict[str, int]) -> tuple[int, int]:
    return position[pair[0]], position[pair[1]]


def _upper(ties: Sequence[Tie]) -> list[Tie]:
    """What is told apart, and of the rest the upper levels: concepts that have others below them."""
    above = {tie.one for tie in ties if tie.way is not Way.CONTRAST}
    return [tie for tie in ties if tie.way is Way.CONTRAST or tie.other in above]


def _as_many_as_fit(pieces: Iterable[_Piece]) -> Iterator[Cluster]:
    room = LARGEST_MAP
    for concepts, ties in pieces:
        if len(concepts) <= min(room, LARGEST_CLUSTER):
            room -= len(concepts)
            depths = _depths(concepts, ties)
            yield Cluster(tuple(concepts), tuple(ties), tuple(depths[concept] for concept in concepts))


def _pieces(order: Sequence[str], ties: Sequence[Tie]) -> list[_Piece]:
    """The connected pieces, the largest first and otherwise in teaching order."""
    neighbours: dict[str, list[str]] = {}
    for tie in ties:
        neighbours.setdefault(tie.one, []).append(tie.other)
        neighbours.setdefault(tie.other, []).append(tie.one)
    first: dict[str, str] = {}
    for start in order:
        if start in neighbours and start not in first:
            first |= dict.fromkeys(_reached(start, neighbours), start)
    concepts: dict[str, list[str]] = {}
    for concept in order:
        if concept in first:
            concepts.setdefault(first[concept], []).append(concept)
    inner: dict[str, list[Tie]] = {}
    for tie in ties:
        inner.setdefault(first[tie.one], []).append(tie)
    return sorted(((concepts[start], inner[start]) for start in concepts), key=lambda piece: -len(piece[0]))


def _reached(start: str, neighbours: dict[str, list[str]]) -> set[str]:
    reached, to_visit = {start}, [start]
    while to_visit:
        new = [other for other in neighbours[to_visit.pop()] if other not in reached]
        reached.update(new)
        to_visit += new
    return reached


def _depths(concepts: Sequence[str], ties: Sequence[Tie]) -> dict[str, int]:
    """One more than the deepest concept above; what is only told apart stands one below what it is told apart from."""
    above: dict[str, list[str]] = {}
    for tie in ties:
        if tie.way is not Way.CONTRAST:
            above.setdefault(tie.other, []).append(tie.one)
    placed = {*above, *(one for others in above.values() for one in others)}
    depths: dict[str, int] = {}
    for concept in concepts:
        if concept in placed:
            depths[concept] = 1 + max((depths.get(one, 0) for one in above.get(concept, ())), default=-1)
    if not depths:
        depths[concepts[0]] = 0
    return _spread(depths, [tie for tie in ties if tie.way is Way.CONTRAST], len(concepts))


def _spread(depths: dict[str, int], apart: Collection[Tie], total: int) -> dict[str, int]:
    """The nearest first. All are reached, for a cluster hangs together."""
    while len(depths) < total:
        beside = [(tie.one, tie.other) for tie in apart] + [(tie.other, tie.one) for tie in apart]
        new = {other: depths[one] + 1 for one, other in beside if one in depths and other not in depths}
        depths |= new
    return depths
