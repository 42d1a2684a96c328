"""Timelines and rankings: each thing is asked from those before it, and what comes after stays covered.

One cloze note holds a whole order, with a number pinned to each item. The styling covers what stands behind the blank
that is asked: such things are siblings, so a rule of CSS that old clients know can reach them. Anki before 2.1.55 does
not mark blanks in a way that it could see; there all others are in view.
"""

from collections.abc import Iterator, Sequence

from deckbuilder.facts.models import Item, Order, Way
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.around import Around
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.entries import Entry, notes_of, reasons_of
from deckbuilder.kinds.identity import concept_names, item_id, item_names, named, note_keys
from deckbuilder.markup import escape
from deckbuilder.notes import Hidden, Note
from deckbuilder.notetypes import CLOZE


def make(bench: Bench, concept_id: str) -> Iterator[Note]:
    for index, order in enumerate(bench.deck.concepts[concept_id].orders):
        origin = bench.origin(concept_id, "orders", index)
        forth = tuple(way for way in order.cards if way != "previous")
        back = tuple(way for way in order.cards if way == "previous")
        # Each direction is a note of its own, so that either can be added later.
        if forth:
            yield _note(bench, concept_id, order, origin, forth)
        if back:
            yield _note(bench, concept_id, order, origin, back)


def _note(bench: Bench, concept_id: str, order: Order, origin: Origin, ways: Sequence[Way]) -> Note:
    is_back = "previous" in ways
    around = bench.around(concept_id).within(order)
    title = bench.inline(order.title, origin.at("title"), order.lang)
    own = Entry(order, title, around, origin)
    entries = [
        Entry(item, bench.inline(item.text, here, item.lang or order.lang), around.within(item), here)
        for n, item in enumerate(order.items)
        for here in (origin.at("items", n),)
        if around.within(item).status != "hold"
    ]
    names = tuple(f"previous.{name}" if is_back else name for name in item_names(order, order.title))
    hint = bench.inline(order.hint, origin.at("hint")) if order.hint else ""
    return bench.note(
        "order",
        CLOZE,
        note_keys(bench.deck, concept_names(bench.deck, concept_id), "order", names),
        origin,
        Around(tuple(s for entry in entries for s in entry.around.sources), around.tags, around.status),
        [concept_id],
        {
            "Context": escape(bench.words.in_reverse if is_back else bench.words.in_order),
            "Hint": bench.hint(hint),
            "Reason": reasons_of(bench, [own, *entries]),
            **notes_of(bench, [own, *entries]),
        },
        tags=[bench.concept_tag(concept_id), *(tag for entry in entries for tag in entry.fact.tags)],
        cloze=(f'<h2>{title}</h2>\n<div class="order">\n', *_items(bench, order, entries, ways), "</div>"),
        items=tuple(named(item, item.text, origin.at("items", n)) for n, item in enumerate(order.items)),
        asked=bool(entries),
    )


def _items(bench: Bench, order: Order, entries: Sequence[Entry], ways: Sequence[Way]) -> Iterator[str | Hidden]:
    has_places = any(_item(entry).at for entry in entries)
    ranked = list(enumerate(entries, start=1))
    for rank, entry in reversed(ranked) if "previous" in ways else ranked:
        item, name = _item(entry), item_id(entry.fact, _item(entry).text)
        # What stands before the item shows while it is asked, what stands behind it does not: a rank, but no date.
        if not has_places:
            yield f"<strong>{rank}</strong> "
        shown = f"<span>{entry.html}</span>"
        hint = bench.inline(item.hint, entry.origin.at("hint")) if item.hint else ""
        yield shown if tuple(ways) == ("at",) else Hidden(name, shown, entry.origin, hint)
        if item.at:
            place = bench.inline(item.at, entry.origin.at("at"), order.lang)
            yield " <strong>"
            yield Hidden(f"{name}.at", place, entry.origin) if "at" in ways else place
            yield "</strong>"
        if entry.around.status == "disputed":
            yield f' <em class="mark">{escape(bench.words.disputed_mark)}</em>'
        yield "\n"


def _item(entry: Entry) -> Item:
    assert isinstance(entry.fact, Item)  # noqa: S101 - an order holds items, for mypy
    return entry.fact
