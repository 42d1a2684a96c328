"""Two things that belong together, each asked from the other: a country and its capital, a name and its formula."""

from collections.abc import Iterator

from deckbuilder.facts.models import GAP, Relation, Second
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.identity import concept_names, item_names, note_keys
from deckbuilder.markup import escape, typed_text
from deckbuilder.notes import Note
from deckbuilder.notetypes import QUESTION, TYPED, TYPED_REVERSE


def make(bench: Bench, concept_id: str) -> Iterator[Note]:
    for name, pairs in bench.deck.concepts[concept_id].pairs.items():
        for one, other in pairs.items():
            origin = bench.origin(concept_id, "pairs", name, one)
            yield _note(bench, concept_id, name, bench.deck.relations[name], one, other, origin)


def _note(  # noqa: PLR0913 - all that a pair is made of
    bench: Bench, concept_id: str, name: str, relation: Relation, one: str, other: Second, origin: Origin
) -> Note:
    # A pair is known by its first half, so that the second can be corrected.
    items = tuple(f"{name}.{item}" for item in item_names(other, one))
    place = Origin(bench.deck.file, ("relations", name))
    first = bench.inline(one, origin, other.first_lang or relation.first_lang)
    second = bench.inline(other.text, origin, other.lang or relation.lang)
    back = ""
    if relation.back is not None:
        back = _asked(bench.inline(relation.back, place.at("back")), second)
    context = escape(bench.words.question)
    return bench.note(
        "pair",
        QUESTION,
        note_keys(bench.deck, concept_names(bench.deck, concept_id), "pair", items),
        origin,
        bench.around(concept_id).within(other),
        [concept_id],
        {
            "Context": context,
            "Front": _asked(bench.inline(relation.ask, place.at("ask")), first),
            "Back": second,
            "Reverse": back,
            "Reverse context": context if back else "",
            "Reverse back": first if back else "",
            TYPED: typed_text(second) if relation.type else "",
            TYPED_REVERSE: typed_text(first) if relation.type and back else "",
            **bench.asides(other, origin),
        },
        tags=[bench.concept_tag(concept_id)],
    )


def _asked(question: str, name: str) -> str:
    """A question about `name`: in the gap, or under the words that ask."""
    return question.replace(GAP, name, 1) if GAP in question else f"<strong>{question}</strong><br>{name}"
