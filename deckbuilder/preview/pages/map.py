"""The concept map of a deck as a page holds it: pictures for wide and for narrow pages, and the same in words."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from deckbuilder.preview.cards import ShownDeck
from deckbuilder.preview.draw import NARROW, WIDE, Drawing, can_draw, draw
from deckbuilder.preview.related import Cluster, Way, concept_map

# What a tie says of the concept that comes later in it, and of the one before.
_SAYS = {
    Way.KIND: ("is a kind of", "has the kinds"),
    Way.FIRST: ("is learned after", "is learned before"),
    Way.CONTRAST: ("contrasts with", "contrasts with"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Concepts that hang together: what a listener hears of them, and the picture in two sizes."""

    label: str
    pictures: tuple[tuple[str, Drawing], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A concept and what it has to do with others: phrases, each with the ids of concepts."""

    concept: str
    phrases: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ShownMap:
    """`ways` are the ties that a legend explains, `linked` the concepts that have cards.

    `left_out` counts concepts that are not shown.
    `pieces` is empty where nothing can draw; the words are always there.
    """

    pieces: tuple[Piece, ...]
    words: tuple[Said, ...]
    ways: tuple[Way, ...]
    linked: Collection[str]
    left_out: int


def shown_map(deck: ShownDeck) -> ShownMap | None:
    found = concept_map(deck.facts)
    if found is None:
        return None
    used = {tie.way for cluster in found.clusters for tie in cluster.ties}
    return ShownMap(
        pieces=tuple(_piece(cluster, deck) for cluster in found.clusters) if can_draw() else (),
        words=tuple(said for cluster in found.clusters for said in _said(cluster)),
        ways=tuple(way for way in Way if way in used),
        linked={concept for card in deck.cards for concept in card.concepts},
        left_out=found.tied - found.shown,
    )


def _piece(cluster: Cluster, deck: ShownDeck) -> Piece:
    drawn = [(name, draw(cluster, deck.concepts, size)) for name, size in (("wide", WIDE), ("narrow", NARROW))]
    first, *others = (deck.concepts[concept] for concept in cluster.concepts)
    label = f"{first} and {others[0] if len(others) == 1 else f'{len(others)} related concepts'}"
    return Piece(label, tuple(drawn))


def _said(cluster: Cluster) -> Iterator[Said]:
    for concept in cluster.concepts:
        phrases: dict[str, list[str]] = {}
        for tie in cluster.ties:
            of_later, of_earlier = _SAYS[tie.way]
            if tie.other == concept:
                phrases.setdefault(of_later, []).append(tie.one)
            if tie.one == concept:
                phrases.setdefault(of_earlier, []).append(tie.other)
        yield Said(concept, tuple((phrase, tuple(others)) for phrase, others in phrases.items()))
