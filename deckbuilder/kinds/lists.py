"""Lists: one cloze note per level, all members in view but the one that is asked."""

from collections.abc import Iterator, Sequence

from deckbuilder.facts.deck import list_path, lists_of
from deckbuilder.facts.models import Member
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.around import Around
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.entries import Entry, notes_of, reasons_of
from deckbuilder.kinds.identity import concept_names, item_names, named, note_keys
from deckbuilder.markup import escape
from deckbuilder.notes import Hidden, Named, Note
from deckbuilder.notetypes import CLOZE

PATH_SIGN = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "


def make(bench: Bench, concept_id: str) -> Iterator[Note]:
    for name, members in lists_of(bench.deck.concepts[concept_id]).items():
        origin = bench.origin(concept_id, *list_path(name))
        around = bench.around(concept_id)
        yield from _level(bench, concept_id, name, (), members, around, origin)


def list_title(bench: Bench, name: str) -> str:
    """How a list is headed: as its deck says, or by the word of the deck's language."""
    said = bench.deck.list_titles.get(name)
    title = said.title if said else {"causes": bench.words.causes, "examples": bench.words.examples}[name]
    return bench.inline(title, Origin(bench.deck.file, ("lists", name, "title")))


def _level(  # noqa: PLR0913 - a level of a tree is known by all of these
    bench: Bench,
    concept_id: str,
    name: str,
    groups: tuple[Member, ...],
    members: Sequence[Member],
    around: Around,
    origin: Origin,
) -> Iterator[Note]:
    """The note of one level, then those of the groups in it."""
    items = tuple([named(member, member.text, origin.at(index)) for index, member in enumerate(members)])
    entries: list[Entry] = []
    names: list[str] = []
    for member, item in zip(members, items, strict=True):
        inner = around.within(member)
        if inner.status != "hold":
            entries.append(Entry(member, bench.inline(member.text, item.origin, member.lang), inner, item.origin))
            names.append(item.name)
    if members:
        yield _note(bench, concept_id, name, groups, entries, names, items, around, origin)
    for index, member in enumerate(members):
        if member.of:
            inner = around.within(member)
            yield from _level(bench, concept_id, name, (*groups, member), member.of, inner, origin.at(index, "of"))


def _note(  # noqa: PLR0913 - as above
    bench: Bench,
    concept_id: str,
    name: str,
    groups: tuple[Member, ...],
    entries: Sequence[Entry],
    names: Sequence[str],
    items: tuple[Named, ...],
    around: Around,
    origin: Origin,
) -> Note:
    ids = item_names(groups[-1], groups[-1].text) if groups else ()
    own = tuple(f"{name}.{group_id}" for group_id in ids) or (name,)
    path = [list_title(bench, name), *(bench.inline(group.text, origin, group.lang) for group in groups)]
    return bench.note(
        "list",
        CLOZE,
        note_keys(bench.deck, concept_names(bench.deck, concept_id), "list", own),
        origin,
        Around(tuple(s for entry in entries for s in entry.around.sources), around.tags, around.status),
        [concept_id],
        {
            "Context": PATH_SIGN.join(path),
            "Reason": "" if asked_by_class(bench, concept_id, name) else reasons_of(bench, entries),
            **notes_of(bench, entries),
        },
        tags=[bench.concept_tag(concept_id), *(tag for entry in entries for tag in entry.fact.tags), *_marks(entries)],
        cloze=tuple(_members(bench, f"<h2>{bench.term(concept_id)}</h2>\n<ul>\n", entries, names, around)),
        items=items,
        asked=bool(entries),
    )


def _members(
    bench: Bench, heading: str, entries: Sequence[Entry], names: Sequence[str], around: Around
) -> Iterator[str | Hidden]:
    before = f"{heading}<li>"
    for entry, name in zip(entries, names, strict=True):
        hint = bench.inline(entry.fact.hint, entry.origin.at("hint")) if entry.fact.hint else ""
        yield before
        yield Hidden(name, entry.html, entry.origin, hint)
        before = "</li>\n<li>"
        if entry.around.status == "disputed" and around.status != "disputed":
            before = f' <span class="mark">{escape(bench.words.disputed_mark)}</span>{before}'
    yield before.removesuffix("<li>") + "</ul>"


def _marks(entries: Sequence[Entry]) -> tuple[str, ...]:
    disputed = any(entry.around.status == "disputed" for entry in entries)
    return ("deckbuilder::status::disputed",) if disputed else ()


def asked_by_class(bench: Bench, concept_id: str, name: str) -> bool:
    """Whether a list's entries have classification cards, on which their reasons stand."""
    return any(name in classification.items for _, classification in bench.classified.get(concept_id, ()))
