"""What a rule does not hold for: one cloze note for each statement with exceptions, all others in view."""

from collections.abc import Iterator

from deckbuilder.facts.models import Statement, Text
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.around import Around
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.cloze import hide_part_or_all
from deckbuilder.kinds.entries import Entry, notes_of, reasons_of
from deckbuilder.kinds.identity import concept_names, item_names, named, note_keys
from deckbuilder.markup import escape
from deckbuilder.notes import Hidden, Note
from deckbuilder.notetypes import CLOZE


def make(bench: Bench, concept_id: str) -> Iterator[Note]:
    for index, statement in enumerate(bench.deck.concepts[concept_id].statements):
        if statement.exceptions:
            yield _note(bench, concept_id, statement, bench.origin(concept_id, "statements", index))


def _note(bench: Bench, concept_id: str, statement: Statement, origin: Origin) -> Note:
    around = bench.around(concept_id).within(statement)
    rule = bench.with_blanks(statement.text, origin, statement.lang).html
    entries = [
        Entry(fact, bench.with_blanks(fact.text, here, fact.lang).html, around.within(fact), here)
        for n, fact in enumerate(statement.exceptions)
        for here in (origin.at("exceptions", n),)
        if around.within(fact).status != "hold"
    ]
    return bench.note(
        "exception",
        CLOZE,
        note_keys(
            bench.deck,
            concept_names(bench.deck, concept_id),
            "exception",
            item_names(statement, statement.text),
        ),
        origin,
        Around(tuple(s for entry in entries for s in entry.around.sources), around.tags, around.status),
        [concept_id],
        {
            "Context": escape(bench.words.exceptions),
            "Reason": reasons_of(bench, entries),
            **notes_of(bench, entries),
        },
        tags=[bench.concept_tag(concept_id), *(tag for entry in entries for tag in entry.fact.tags)],
        cloze=(f"<h2>{rule}</h2>\n<ul>\n", *_exceptions(bench, entries, around), "</ul>"),
        items=tuple(named(fact, fact.text, origin.at("exceptions", n)) for n, fact in enumerate(statement.exceptions)),
        asked=bool(entries),
    )


def _exceptions(bench: Bench, entries: list[Entry], around: Around) -> Iterator[str | Hidden]:
    for entry in entries:
        assert isinstance(entry.fact, Text)  # noqa: S101 - an exception is a text, for mypy
        yield "<li>"
        yield from hide_part_or_all(bench, entry.fact, entry.origin)
        if entry.around.status == "disputed" and around.status != "disputed":
            yield f' <span class="mark">{escape(bench.words.disputed_mark)}</span>'
        yield "</li>\n"
