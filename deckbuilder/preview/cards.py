"""A deck's cards as a preview shows them: both sides, where each stands in the facts, and what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.order import stages
from deckbuilder.lock.retire import RETIRED_TAG
from deckbuilder.markup import render_inline, visible_text
from deckbuilder.markup.safe import harmless_css
from deckbuilder.notes import Note, PinnedNote
from deckbuilder.notetypes import CarriedType
from deckbuilder.plan import Plan
from deckbuilder.preview.concern import concerned
from deckbuilder.preview.formula import readable
from deckbuilder.preview.offer import Offer, offer_of
from deckbuilder.preview.render import Sides, render
from deckbuilder.preview.sounds import with_players
from deckbuilder.problems import Place, Problem, Progress, unwatched

_DISPUTED_TAG = "deckbuilder::status::disputed"


@dataclass(frozen=True, slots=True)
class ShownCard:
    """One card. `address` is its anchor on the deck's page; it stays while the note's key and number stay.

    `stage` says how early it is learned (`kinds.order.stages`).
    """

    address: str
    kind: str
    number: int
    stage: int
    concepts: tuple[str, ...]
    tags: tuple[str, ...]
    sources: tuple[str, ...]
    status: str
    sides: Sides
    css: str
    place: Place
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownDeck:
    """A deck in a preview.

    `concepts` and `sources` are names by id, `loose` the problems that no card can bear, `facts` what it is made of,
    `notes` what was made of them, in teaching order.
    `output` is its id among the outputs of a deck, and `selection` too if it is a part of that.
    `offer` is the package that students get, and `remarks` are what its author should know of that.
    """

    id: str
    name: str
    language: str
    facts: Deck
    notes: tuple[Note, ...]
    concepts: Mapping[str, str]
    sources: Mapping[str, str]
    cards: tuple[ShownCard, ...]
    loose: tuple[Problem, ...]
    media: Mapping[str, bytes]
    output: str = ""
    selection: str = ""
    offer: Offer | None = None
    remarks: tuple[Problem, ...] = ()


def shown_deck(plan: Plan, problems: Sequence[Problem], progress: Progress = unwatched) -> ShownDeck:
    """What would be released, card by card, and beside each card those of the deck's `problems` that concern it."""
    cited = _Cited(plan.deck)
    cards = (*_asked(plan, cited, progress), *_withdrawn(plan, cited))
    offer, remarks = offer_of(plan)
    found, loose = concerned({card.address: card.place for card in cards}, problems)
    return ShownDeck(
        id=plan.files.package.stem,
        name=plan.deck.heading.name,
        language=plan.deck.heading.language,
        facts=plan.deck,
        notes=tuple(plan.made.notes),
        concepts={name: _words(concept.term) for name, concept in plan.deck.concepts.items()},
        sources={name: source.title for name, source in plan.deck.sources.items()},
        cards=tuple(replace(card, problems=tuple(found.get(card.address, ()))) for card in cards),
        loose=tuple(loose),
        media={one.name: one.data for one in plan.deck.media.values()},
        output=plan.output,
        selection=plan.selection,
        offer=offer,
        remarks=tuple(remarks),
    )


def files_of_facts(deck: Deck) -> set[Path]:
    return {deck.file, *deck.homes.values()}


def _asked(plan: Plan, cited: "_Cited", progress: Progress) -> Iterator[ShownCard]:
    numbered = zip(plan.made.notes, plan.notes, stages(plan.deck, plan.made.notes), strict=True)
    for done, (made, note, stage) in enumerate(numbered, start=1):
        progress("drawing", done, len(plan.notes))
        status = "disputed" if _DISPUTED_TAG in note.tags else "normal"
        for ord_ in note.ords:
            place = place_of(_origin(plan, made, ord_ + 1))
            yield _card(note, ord_, stage, _concepts_of(made), cited.by(note), status, place)


def _withdrawn(plan: Plan, cited: "_Cited") -> Iterator[ShownCard]:
    """Cards that only students of earlier versions get; their facts are gone."""
    for note in plan.retired:
        for ord_ in note.ords:
            yield _card(note, ord_, 0, (), cited.by(note), "withdrawn", Place(plan.deck.file))


def _card(  # noqa: PLR0913 - what a card shows comes from this many places
    note: PinnedNote,
    ord_: int,
    stage: int,
    concepts: tuple[str, ...],
    sources: tuple[str, ...],
    status: str,
    place: Place,
) -> ShownCard:
    return ShownCard(
        address=f"{note.key}-{ord_ + 1}",
        kind=note.kind,
        number=ord_ + 1,
        stage=stage,
        concepts=concepts,
        tags=tuple(tag for tag in note.tags if tag != RETIRED_TAG and not tag.startswith("deckbuilder::")),
        sources=sources,
        status=status,
        sides=with_players(render(note.type, note.row, ord_)),
        css=harmless_css(note.type.css) if isinstance(note.type, CarriedType) else note.type.css,
        place=place,
    )


class _Cited:
    """Which sources a note names: its field of sources holds the words of each."""

    def __init__(self, deck: Deck) -> None:
        bench = Bench(deck)
        self._words = {name: bench.sources((name,)) for name in deck.sources}
        self._found: dict[str, tuple[str, ...]] = {}

    def by(self, note: PinnedNote) -> tuple[str, ...]:
        position = note.type.positions.get("Source")
        if position is None or isinstance(note.type, CarriedType):
            return ()
        field = note.row[position]
        if field not in self._found:
            self._found[field] = tuple(name for name, words in self._words.items() if words in field)
        return self._found[field]


def _concepts_of(note: Note) -> tuple[str, ...]:
    """A contrast belongs to both its concepts, all else to the concept that it is written in."""
    return note.concepts if note.kind == "contrast" else (note.key.split("/")[1],)


def _origin(plan: Plan, note: Note, number: int) -> Origin:
    """Where a card's own fact stands: in a cloze note that of its blank."""
    asked = plan.lock.entries[note.key].numbers.get(number)
    blanks = (hidden for hidden in note.hidden if number == hidden.number or asked == hidden.id)
    return next((hidden.origin for hidden in blanks), note.origin)


def _words(term: str) -> str:
    return readable(visible_text(render_inline(term).html))
