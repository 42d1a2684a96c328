"""Two confusable concepts on one axis: how do they differ?"""

from collections.abc import Iterator

from deckbuilder.facts.places import Origin
from deckbuilder.kinds.around import Around, stricter
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.entries import Entry, hints_of, notes_of, reasons_of
from deckbuilder.kinds.identity import concept_names, note_keys
from deckbuilder.markup import escape
from deckbuilder.notes import Note
from deckbuilder.notetypes import QUESTION


def make(bench: Bench, concept_id: str) -> Iterator[Note]:
    """The notes of all pairs of which this concept is the first by name, so that each pair comes once."""
    for other in bench.contrasted[concept_id]:
        if concept_id < other and "contrast" not in bench.deck.concepts[other].skip:
            yield from _pair(bench, concept_id, other)


def _pair(bench: Bench, one: str, two: str) -> Iterator[Note]:
    for axis, about in bench.deck.axes.items():
        entries = [entry for concept_id in (one, two) for entry in _entry(bench, concept_id, axis)]
        if len(entries) == len((one, two)):
            yield _note(
                bench, (one, two), axis, bench.inline(about.name, Origin(bench.deck.file, ("axes", axis))), entries
            )


def _entry(bench: Bench, concept_id: str, axis: str) -> Iterator[Entry]:
    feature = bench.deck.concepts[concept_id].features.get(axis)
    if feature is not None:
        origin = bench.origin(concept_id, "features", axis)
        yield Entry(feature, bench.term(concept_id), bench.around(concept_id).within(feature), origin)


def _note(bench: Bench, pair: tuple[str, str], axis: str, axis_name: str, entries: list[Entry]) -> Note:
    one, two = entries
    tags = (*one.around.tags, *two.around.tags)
    status = stricter(one.around.status, two.around.status)
    around = Around((*one.around.sources, *two.around.sources), tags, status)
    rows = "".join(
        f"<tr><th>{entry.html}</th><td>{bench.inline(feature.text, entry.origin, feature.lang)}</td></tr>"
        for concept_id, entry in zip(pair, entries, strict=True)
        for feature in (bench.deck.concepts[concept_id].features[axis],)
    )
    return bench.note(
        "contrast",
        QUESTION,
        _keys(bench, pair, axis, entries),
        one.origin,
        around,
        pair,
        {
            "Context": escape(bench.words.contrast),
            "Front": f"<strong>{axis_name}</strong><br>{bench.words.versus.format(one.html, two.html)}",
            "Back": f"<table>{rows}</table>",
            "Hint": bench.hint(hints_of(bench, entries)),
            "Reason": reasons_of(bench, entries),
            **notes_of(bench, entries),
        },
        tags=[bench.concept_tag(concept_id) for concept_id in pair],
    )


def _keys(bench: Bench, pair: tuple[str, str], axis: str, entries: list[Entry]) -> tuple[str, ...]:
    """Keys from all names of both concepts and of the axis; a renaming may have turned the pair's order round.

    Where both features have an id, it is that of the first which counts.
    """
    former = [name for entry in entries for name in entry.fact.formerly]
    keys: list[str] = []
    for one in concept_names(bench.deck, pair[0]):
        for two in concept_names(bench.deck, pair[1]):
            first, second = sorted((one, two))
            given = [entry.fact.id for entry in (entries if first == one else entries[::-1]) if entry.fact.id]
            axes = (*given[:1], axis, *former)
            keys += note_keys(bench.deck, (first,), "contrast", tuple(f"{second}.{name}" for name in axes))
    return tuple(keys)
