"""Facts whose cards are made, and that nobody will ask again: in a large deck they make room for its notes."""

from collections.abc import Collection
from dataclasses import replace

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.models import Concept
from deckbuilder.facts.references import all_facts


def let_go(deck: Deck, concept_id: str, lists: Collection[str]) -> None:
    """Forget of a concept what its own cards alone show: those of others draw from `lists`.

    A concept in which the author allows something stays as it is, since rules ask for that.
    """
    concept = deck.concepts[concept_id]
    if not (concept.allow or any(fact.allow for fact in all_facts(concept))):
        deck.concepts[concept_id] = seen_by_others(concept, lists)


def seen_by_others(concept: Concept, lists: Collection[str]) -> Concept:
    """Of a concept what the cards of other concepts can show: its features, and what they draw from `lists`."""
    return replace(
        concept,
        definition=None,
        mechanism=(),
        causes=concept.causes if "causes" in lists else (),
        examples=concept.examples if "examples" in lists else (),
        lists={name: members for name, members in concept.lists.items() if name in lists},
        statements=(),
        orders=(),
        pairs={},
        questions=(),
        notes=(),
        images=(),
    )
