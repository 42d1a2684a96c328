"""A deck as it is before it becomes facts, wherever it comes from: the vocabulary of importing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deckbuilder.notetypes import CarriedType, carried_type
from deckbuilder.notetypes.generate import plain_name


@dataclass(frozen=True, slots=True)
class OldType:
    """A note type with all that Anki says of it (`model`). `name` is how facts call it: no two are called alike."""

    name: str
    model: Mapping[str, Any]
    type: CarriedType


@dataclass(frozen=True, slots=True)
class OldNote:
    """A note: `ords` are the cards that it has (from 0), `deck` is where its first card is kept in Anki."""

    guid: str
    mod: int
    type: int
    row: tuple[str, ...]
    tags: tuple[str, ...]
    ords: tuple[int, ...]
    deck: str


@dataclass(frozen=True, slots=True)
class OldDeck:
    """All notes of a deck and its subdecks, with their note types by id and the media files that they may show.

    `uuids` are the names that CrowdAnki has for decks.
    """

    name: str
    description: str
    types: Mapping[int, OldType]
    notes: tuple[OldNote, ...]
    media: Mapping[str, bytes] = field(default_factory=dict)
    uuids: Mapping[str, str] = field(default_factory=dict)


def old_types(models: Iterable[Mapping[str, Any]]) -> dict[int, OldType]:
    """Note types by their ids, each called by a name of its own. Raises as `carried_type` does."""
    types: dict[int, OldType] = {}
    taken: set[str] = set()
    for model in models:
        name = plain = plain_name(str(model["name"])) or "Unnamed"
        turn = 1
        while name in taken:
            turn += 1
            name = f"{plain} ({turn})"
        taken.add(name)
        one = carried_type(model)
        types[one.id] = OldType(name, model, one)
    return types
