"""Term to definition, and definition to term."""

from collections.abc import Iterator

from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.identity import concept_names, note_keys
from deckbuilder.markup import escape, typed_text
from deckbuilder.notes import Note
from deckbuilder.notetypes import QUESTION, TYPED_REVERSE


def make(bench: Bench, concept_id: str) -> Iterator[Note]:
    concept, origin = bench.deck.concepts[concept_id], bench.origin(concept_id, "definition")
    definition = concept.definition
    if definition is None:
        return
    around = bench.around(concept_id).within(definition)
    term = bench.term(concept_id)
    # Blanks of a definition are a cloze note's business; here the sentence stands whole.
    text = bench.with_blanks(definition.text, origin, definition.lang).html
    also = _line(bench.words.also, _aliases(bench, concept_id))
    kind_of = _line(bench.words.kind_of, [bench.term(parent) for parent in concept.is_a])
    yield bench.note(
        "definition",
        QUESTION,
        note_keys(bench.deck, concept_names(bench.deck, concept_id), "definition"),
        origin,
        around,
        [concept_id],
        {
            "Context": escape(bench.words.definition),
            "Front": term,
            "Back": text + also + kind_of,
            "Reverse": text,
            "Reverse context": escape(bench.words.which_term),
            "Reverse back": term + also,
            TYPED_REVERSE: typed_text(term) if definition.type else "",
            **bench.asides(definition, origin),
        },
        tags=[bench.concept_tag(concept_id)],
    )


def _aliases(bench: Bench, concept_id: str) -> list[str]:
    origin = bench.origin(concept_id, "aliases")
    concept = bench.deck.concepts[concept_id]
    return [bench.inline(alias, origin.at(n), concept.lang) for n, alias in enumerate(concept.aliases)]


def _line(label: str, names: list[str]) -> str:
    return f'<p class="also">{escape(label)}: {", ".join(names)}</p>' if names else ""
