"""A process as one cloze note: all steps in view but the one that is asked."""

from collections.abc import Iterator, Sequence

from deckbuilder.facts.models import Step
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.around import Around
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.cloze import hide_part_or_all
from deckbuilder.kinds.entries import Entry, notes_of, reasons_of
from deckbuilder.kinds.identity import concept_names, named, note_keys
from deckbuilder.markup import escape
from deckbuilder.notes import Hidden, Named, Note
from deckbuilder.notetypes import CLOZE


def make(bench: Bench, concept_id: str) -> Iterator[Note]:
    concept, origin = bench.deck.concepts[concept_id], bench.origin(concept_id, "mechanism")
    around = bench.around(concept_id)
    entries = list(_entries(bench, concept.mechanism, around, origin))
    steps = _steps(bench, concept.mechanism, around, origin, "ol")
    if not concept.mechanism:
        return
    yield bench.note(
        "mechanism",
        CLOZE,
        note_keys(bench.deck, concept_names(bench.deck, concept_id), "mechanism"),
        origin,
        _shared(around, entries),
        [concept_id],
        {
            "Context": escape(bench.words.mechanism),
            "Reason": reasons_of(bench, entries),
            **notes_of(bench, entries),
        },
        tags=[bench.concept_tag(concept_id), *(tag for entry in entries for tag in entry.around.tags)],
        cloze=(f"<h2>{bench.term(concept_id)}</h2>\n", *steps),
        items=tuple(_items(concept.mechanism, origin)),
        asked=bool(entries),
    )


def _items(steps: Sequence[Step], origin: Origin) -> Iterator[Named]:
    for index, step in enumerate(steps):
        yield named(step, step.text, origin.at(index))
        yield from _items(step.of, origin.at(index, "of"))


def _entries(bench: Bench, steps: Sequence[Step], around: Around, origin: Origin) -> Iterator[Entry]:
    """Every step and factor that is shown, in order."""
    for index, step in enumerate(steps):
        here, inner = origin.at(index), around.within(step)
        if inner.status != "hold":
            yield Entry(step, bench.with_blanks(step.text, here, step.lang).html, inner, here)
            yield from _entries(bench, step.of, inner, here.at("of"))


def _steps(
    bench: Bench, steps: Sequence[Step], around: Around, origin: Origin, list_tag: str
) -> Iterator[str | Hidden]:
    yield f"\n<{list_tag}>\n"
    for index, step in enumerate(steps):
        here, inner = origin.at(index), around.within(step)
        if inner.status == "hold":
            continue
        yield "<li>"
        yield from _step(bench, step, here)
        if inner.status == "disputed":
            yield f' <span class="mark">{escape(bench.words.disputed_mark)}</span>'
        if step.of:
            # Factors of one step stand side by side: no numbers, so that their order is never asked.
            yield from _steps(bench, step.of, inner, here.at("of"), "ul")
        yield "</li>\n"
    yield f"</{list_tag}>"


def _step(bench: Bench, step: Step, origin: Origin) -> Iterator[str | Hidden]:
    rendered = bench.with_blanks(step.text, origin, step.lang)
    if rendered.blanks or not step.of:
        yield from hide_part_or_all(bench, step, origin)
        return
    if step.hint:
        bench.tell(origin.at("hint"), "no-effect", "a hint needs a blank, and this step has none", "remove it")
    yield rendered.html


def _shared(around: Around, entries: Sequence[Entry]) -> Around:
    """One note's sources are those of all its steps; it is disputed as a whole only if every step is."""
    sources = tuple(source for entry in entries for source in entry.around.sources)
    disputed = all(entry.around.status == "disputed" for entry in entries)
    return Around(sources or around.sources, around.tags, "disputed" if disputed else "ok")
