"""A process as one cloze note: all steps in view but the one that is asked."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from deckbuilder.facts.models import Step
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.around import Around
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.cloze import hide_part_or_all
from deckbuilder.kinds.entries import Entry, notes_of, reasons_of
from deckbuilder.kinds.identity import concept_names, named, note_keys
from deckbuilder.markup import Rendered, escape
from deckbuilder.notes import Hidden, Named, Note
from deckbuilder.notetypes import CLOZE


class _Placed(NamedTuple):
    """A step or factor of a process with its name and what is in force for it; `text` is that of one that is shown."""

    step: Step
    item: Named
    around: Around
    text: Rendered | None
    parts: "tuple[_Placed, ...]"


def make(bench: Bench, concept_id: str) -> Iterator[Note]:
    mechanism = bench.deck.concepts[concept_id].mechanism
    if not mechanism:
        return
    origin, around = bench.origin(concept_id, "mechanism"), bench.around(concept_id)
    placed = _placed(bench, mechanism, around, origin)
    entries = list(_entries(placed))
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
        cloze=(f"<h2>{bench.term(concept_id)}</h2>\n", *_steps(bench, placed, "ol")),
        items=tuple(_items(placed)),
        asked=bool(entries),
    )


def _placed(bench: Bench, steps: Sequence[Step], around: Around, origin: Origin) -> tuple[_Placed, ...]:
    """Every step and factor; in one that is held nothing is shown."""
    found: list[_Placed] = []
    for index, step in enumerate(steps):
        here, inner = origin.at(index), around.within(step)
        text = bench.with_blanks(step.text, here, step.lang) if inner.status != "hold" else None
        parts = _placed(bench, step.of, inner, here.at("of")) if step.of else ()
        found.append(_Placed(step, named(step, step.text, here), inner, text, parts))
    return tuple(found)


def _items(placed: Sequence[_Placed]) -> Iterator[Named]:
    for one in placed:
        yield one.item
        yield from _items(one.parts)


def _entries(placed: Sequence[_Placed]) -> Iterator[Entry]:
    """Every step and factor that is shown, in order."""
    for one in placed:
        if one.text is not None:
            yield Entry(one.step, one.text.html, one.around, one.item.origin)
            yield from _entries(one.parts)


def _steps(bench: Bench, placed: Sequence[_Placed], list_tag: str) -> Iterator[str | Hidden]:
    yield f"\n<{list_tag}>\n"
    for one in placed:
        if one.text is None:
            continue
        yield "<li>"
        if one.text.blanks or not one.parts:
            yield from hide_part_or_all(bench, one.step, one.item.origin)
        else:
            if one.step.hint:
                message = "a hint needs a blank, and this step has none"
                bench.tell(one.item.origin.at("hint"), "no-effect", message, "remove it")
            yield one.text.html
        if one.around.status == "disputed":
            yield f' <span class="mark">{escape(bench.words.disputed_mark)}</span>'
        if one.parts:
            # Factors of one step stand side by side: no numbers, so that their order is never asked.
            yield from _steps(bench, one.parts, "ul")
        yield "</li>\n"
    yield f"</{list_tag}>"


def _shared(around: Around, entries: Sequence[Entry]) -> Around:
    """One note's sources are those of all its steps; it is disputed as a whole only if every step is."""
    sources = tuple(source for entry in entries for source in entry.around.sources)
    disputed = all(entry.around.status == "disputed" for entry in entries)
    return Around(sources or around.sources, around.tags, "disputed" if disputed else "ok")
