"""Questions asked plainly."""

from collections.abc import Iterator

from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.identity import concept_names, item_names, note_keys
from deckbuilder.markup import escape, typed_text
from deckbuilder.notes import Note
from deckbuilder.notetypes import QUESTION, TYPED


def make(bench: Bench, concept_id: str) -> Iterator[Note]:
    questions = bench.origin(concept_id, "questions")
    for index, question in enumerate(bench.deck.concepts[concept_id].questions):
        origin = questions.at(index)
        around = bench.around(concept_id).within(question)
        answer = bench.inline(question.answer, origin.at("answer"), question.lang)
        yield bench.note(
            "question",
            QUESTION,
            note_keys(
                bench.deck, concept_names(bench.deck, concept_id), "question", item_names(question, question.ask)
            ),
            origin,
            around,
            [concept_id],
            {
                "Context": escape(bench.words.question),
                "Front": bench.inline(question.ask, origin.at("ask"), question.ask_lang),
                "Back": answer,
                TYPED: typed_text(answer) if question.type else "",
                **bench.asides(question, origin),
            },
            tags=[bench.concept_tag(concept_id)],
        )
