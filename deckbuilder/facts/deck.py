"""A deck of facts, gathered from its files and checked as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from deckbuilder.facts.carried import Carried
from deckbuilder.facts.models import (
    OWN_LISTS,
    Axis,
    Classification,
    Concept,
    Heading,
    ListTitle,
    Member,
    Output,
    Relation,
    Retired,
    SourceEntry,
)
from deckbuilder.facts.places import Origin

if TYPE_CHECKING:
    from deckbuilder.facts.styles import Styles  # the reader of CSS is loaded for decks with a theme alone


@dataclass(frozen=True, slots=True)
class Frame:
    """What of a picture is seen, in the units in which its masks are written: pixels, or those of a drawing."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Media:
    """A file that cards show or play: its content, and the name under which Anki knows it.

    A `carried` one came with an imported deck, and keeps the name that students have it under.
    One of the `theme` is named by the styling of the cards, and by no note.
    `frame` is that of a picture, where it can be known.
    """

    name: str
    file: Path
    data: bytes
    carried: bool = False
    theme: bool = False
    frame: Frame | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """A deck's own look: the CSS file with its text, what was read in it, and the CSS as cards get it."""

    file: Path
    text: str
    styles: "Styles"
    css: str


@dataclass(frozen=True, slots=True)
class Deck:
    """All facts of one deck. `homes` tells the file of each concept, and `media` each file that a fact names.

    `carried` is what an imported deck brought along. The files of its `theme` are among the media.
    """

    file: Path
    heading: Heading
    sources: Mapping[str, SourceEntry]
    default_source: str | None
    axes: Mapping[str, Axis]
    list_titles: Mapping[str, ListTitle]
    classifications: Mapping[str, Classification]
    relations: Mapping[str, Relation]
    concepts: dict[str, Concept]
    homes: Mapping[str, Path]
    retired: tuple[Retired, ...]
    outputs: Mapping[str, Output] = field(default_factory=dict)
    media: Mapping[str, Media] = field(default_factory=dict)
    carried: Carried = field(default_factory=Carried)
    theme: Theme | None = None

    def origin(self, concept_id: str, *steps: str | int) -> Origin:
        return Origin(self.homes[concept_id], ("concepts", concept_id, *steps))


def lists_of(concept: Concept) -> dict[str, tuple[Member, ...]]:
    """All lists of a concept by name, with their members."""
    return {**{name: getattr(concept, name) for name in OWN_LISTS}, **concept.lists}


def list_path(name: str) -> tuple[str, ...]:
    """Where a list stands within its concept."""
    return (name,) if name in OWN_LISTS else ("lists", name)


def classified(deck: Deck) -> dict[str, list[tuple[str, Classification]]]:
    """For each concept that is a class the classifications that it is one of, by name."""
    found: dict[str, list[tuple[str, Classification]]] = {}
    for name, classification in deck.classifications.items():
        for concept_id in dict.fromkeys(classification.among):
            found.setdefault(concept_id, []).append((name, classification))
    return found


def contrasted(deck: Deck) -> dict[str, list[str]]:
    """For each concept those that it is contrasted with, whichever of the two says so, by name."""
    found: dict[str, set[str]] = {concept_id: set() for concept_id in deck.concepts}
    for concept_id, concept in deck.concepts.items():
        for other in concept.contrasts:
            found[concept_id].add(other)
            found[other].add(concept_id)
    return {concept_id: sorted(others) for concept_id, others in found.items()}


def clusters(deck: Deck) -> list[list[str]]:
    """The concepts in groups of those that are contrasted with one another, near or far; most stand alone."""
    neighbours = contrasted(deck)
    written = {concept_id: n for n, concept_id in enumerate(deck.concepts)}
    found: list[list[str]] = []
    seen: set[str] = set()
    for start in deck.concepts:
        if start in seen:
            continue
        cluster, to_visit = {start}, [start]
        while to_visit:
            new = [other for other in neighbours[to_visit.pop()] if other not in cluster]
            cluster.update(new)
            to_visit += new
        seen |= cluster
        found.append(sorted(cluster, key=written.__getitem__))
    return found
