"""A picture, and what it shows."""

from collections.abc import Iterator

from deckbuilder.facts.models import Picture
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.bench import Bench, credit
from deckbuilder.kinds.identity import concept_names, note_keys, slug
from deckbuilder.markup import escape
from deckbuilder.notes import Note
from deckbuilder.notetypes import QUESTION


def make(bench: Bench, concept_id: str) -> Iterator[Note]:
    for index, picture in enumerate(bench.deck.concepts[concept_id].images):
        if not picture.masks:
            yield _note(bench, concept_id, picture, bench.origin(concept_id, "images", index))


def picture_names(picture: Picture) -> tuple[str, ...]:
    """A picture's id, which is its file's name if the author gave none, then those that it had before."""
    stem = picture.file.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    return (picture.id or slug(stem), *picture.formerly)


def credit_line(picture: Picture) -> str:
    """Whose the picture on the front is."""
    told = credit(picture)
    return f'<p class="credit">{told}</p>' if told else ""


def answer_of(bench: Bench, concept_id: str, picture: Picture, origin: Origin) -> str:
    """What a picture shows, as HTML."""
    if picture.answer is None:
        return bench.term(concept_id)
    return bench.inline(picture.answer, origin.at("answer"), picture.lang)


def _note(bench: Bench, concept_id: str, picture: Picture, origin: Origin) -> Note:
    ask = bench.inline(picture.ask, origin.at("ask"), picture.ask_lang) if picture.ask else ""
    return bench.note(
        "image",
        QUESTION,
        note_keys(bench.deck, concept_names(bench.deck, concept_id), "image", picture_names(picture)),
        origin,
        bench.around(concept_id).within(picture),
        [concept_id],
        {
            "Context": ask or escape(bench.words.image),
            "Front": f"<figure>{bench.picture(picture)}</figure>",
            "Back": answer_of(bench, concept_id, picture, origin),
            **bench.asides(picture, origin),
            "Extra": credit_line(picture) + bench.block(picture.extra, origin.at("extra")),
        },
        tags=[bench.concept_tag(concept_id)],
    )
