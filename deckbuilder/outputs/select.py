"""Which notes of a deck an output holds.

An output is a part of the deck's notes, each just as in the whole deck: with its GUID, its numbers and its time. So
a student can go from a part to the whole, or have both, and Anki knows every card again.
"""

from collections.abc import Collection, Iterator, Mapping

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.models import Output
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.kinds import Made
from deckbuilder.problems import Problem, did_you_mean

_OWN_TAGS = "deckbuilder::"


def is_part(output: Output) -> bool:
    """Whether an output leaves anything out."""
    return bool(output.tags or output.concepts)


def holds(output: Output, tags: Collection[str], concepts: Collection[str]) -> bool:
    """Whether an output holds a note with these tags, which needs these concepts to be known.

    A contrast needs both of its concepts, and a classification all of its classes.
    """
    if output.concepts and not set(concepts) <= set(output.concepts):
        return False
    return not output.tags or any(_is_below(tag, wanted) for tag in tags for wanted in output.tags)


def holds_withdrawn(deck: Deck, output: Output, key: str, tags: Collection[str]) -> bool:
    """The same for a note whose facts are gone: its key names its first concept, by whatever name it had."""
    _, concept, *_ = key.split("/")
    now: Mapping[str, str] = {before: name for name, one in deck.concepts.items() for before in one.formerly}
    return holds(output, tags, (now.get(concept, concept),))


def output_problems(deck: Deck, made: Made) -> Iterator[Problem]:
    """Tags that no note has, and outputs that would be empty."""
    if not deck.outputs:
        return
    known = {part for note in made.notes for tag in note.tags for part in _levels(tag)}
    for name, output in deck.outputs.items():
        origin = Origin(deck.file, ("outputs", name))
        unknown = [(index, tag) for index, tag in enumerate(output.tags) if tag.casefold() not in known]
        for index, tag in unknown:
            own = sorted({tag for note in made.notes for tag in note.tags if not tag.startswith(_OWN_TAGS)})
            fix = did_you_mean(tag, own) or "give the tag to a fact, a concept or the deck"
            yield Problem(place_of(origin.at("tags", index)), "reference", f"no card has the tag {tag!r}", fix)
        if not unknown and not any(holds(output, note.tags, note.concepts) for note in made.notes):
            message = f"the output {name!r} has no cards"
            yield Problem(place_of(origin, key=True), "no-cards", message, "name other tags or concepts")


def _is_below(tag: str, wanted: str) -> bool:
    """Anki's tags are the same in capitals and small letters, and `a::b` is one of `a`."""
    return f"{tag.casefold()}::".startswith(f"{wanted.casefold()}::")


def _levels(tag: str) -> Iterator[str]:
    parts = tag.casefold().split("::")
    return ("::".join(parts[:count]) for count in range(1, len(parts) + 1))
