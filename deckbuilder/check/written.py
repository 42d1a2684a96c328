"""What the author wrote, text by text, where a rule judges the words themselves and not the cards."""

from collections.abc import Iterator

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.places import Origin
from deckbuilder.facts.references import facts_of

_KEYS = ("text", "title", "ask", "answer", "at", "hint", "why", "note", "extra")


def texts_of(deck: Deck) -> Iterator[tuple[Origin, str]]:
    """Every text of a deck with its place: terms, other names, and all that facts say."""
    for concept_id, concept in deck.concepts.items():
        origin = deck.origin(concept_id)
        yield origin.at("term"), concept.term
        yield from ((origin.at("aliases", index), alias) for index, alias in enumerate(concept.aliases))
        for relation, pairs in concept.pairs.items():
            yield from ((origin.at("pairs", relation, one), one) for one in pairs)
        for place, fact in facts_of(deck, concept_id):
            said = ((key, getattr(fact, key, None)) for key in _KEYS)
            yield from ((place.at(key), text) for key, text in said if text)
