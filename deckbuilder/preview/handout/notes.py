"""The facts of a deck to read: each concept with all that is taught about it, in the order of teaching."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from deckbuilder.facts.deck import list_path, lists_of
from deckbuilder.facts.models import Annotations, ForeignNote, Member, Order, Statement, Step, Text
from deckbuilder.facts.places import Origin
from deckbuilder.facts.shown import SOUND
from deckbuilder.kinds import occlusion
from deckbuilder.kinds.around import Around, around_concept
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.image import answer_of, credit_line
from deckbuilder.kinds.lists import list_title
from deckbuilder.kinds.order import concept_order
from deckbuilder.markup import escape, visible_text
from deckbuilder.preview.handout.masks import with_numbers
from deckbuilder.preview.handout.paper import filled_in

# Of an imported note: what is heard, and blanks with a number, an answer and perhaps a hint.
BLANK = re.compile(r"\{\{c\d+::(.*?)(?:::(.*?))?\}\}")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as HTML with what belongs to it. `of` are the members of a group or the factors of a step.

    `sources` are ids, and only those of a fact that does not come from the deck's own default source.
    """

    html: str
    is_disputed: bool = False
    reason: str = ""
    note: str = ""
    extra: str = ""
    sources: tuple[str, ...] = ()
    of: tuple["Fact", ...] = ()

    @property
    def is_bare(self) -> bool:
        """Whether it is nothing but its words, so that several fit on a line."""
        return not (self.reason or self.note or self.extra or self.of)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One concept. `lists` and `orders` are titles with entries, `pairs` what is asked with both halves,
    `questions` what is asked with the answer, `notes` the fields of imported notes.
    """

    term: str
    also: tuple[str, ...]
    kind_of: tuple[str, ...]
    definition: Fact | None
    mechanism: tuple[Fact, ...]
    lists: tuple[tuple[str, tuple[Fact, ...]], ...]
    orders: tuple[tuple[Fact, tuple[Fact, ...]], ...]
    statements: tuple[Fact, ...]
    pairs: tuple[tuple[str, tuple[tuple[str, Fact], ...]], ...]
    questions: tuple[tuple[str, Fact], ...]
    pictures: tuple[Fact, ...]
    notes: tuple[tuple[str, ...], ...]

    def __bool__(self) -> bool:
        told = (self.definition, self.mechanism, self.lists, self.orders, self.statements, self.pairs)
        return any((*told, self.questions, self.pictures, self.notes))


def chapters(bench: Bench) -> Iterator[Chapter]:
    """A chapter for each concept of which something is taught. What is held back is not in it."""
    made = (_chapter(bench, concept_id) for concept_id in concept_order(bench.deck))
    return (chapter for chapter in made if chapter)


def fact(bench: Bench, written: Annotations, html: str, around: Around, origin: Origin) -> Fact:
    """`written` as it stands within `around`, its own status and sources counted in."""
    asides = bench.asides(written, origin)
    inner = around.within(written)
    own = () if inner.sources == (bench.deck.default_source,) or len(bench.deck.sources) == 1 else inner.sources
    return Fact(html, inner.status == "disputed", asides["Reason"], asides["Note"], asides["Extra"], own)


def _chapter(bench: Bench, concept_id: str) -> Chapter:
    concept, origin = bench.deck.concepts[concept_id], bench.deck.origin(concept_id)
    around = around_concept(bench.deck, concept_id)
    trees = (
        (list_title(bench, name), tuple(_tree(bench, members, around, origin.at(*list_path(name)))))
        for name, members in lists_of(concept).items()
    )
    definition = () if concept.definition is None else (concept.definition,)
    return Chapter(
        term=bench.term(concept_id),
        also=tuple(
            bench.inline(alias, origin.at("aliases", n), concept.lang) for n, alias in enumerate(concept.aliases)
        ),
        kind_of=tuple(bench.term(parent) for parent in concept.is_a),
        definition=next(_texts(bench, definition, around, origin.at("definition")), None),
        mechanism=tuple(_tree(bench, concept.mechanism, around, origin.at("mechanism"))),
        lists=tuple((title, tree) for title, tree in trees if tree),
        orders=tuple(_orders(bench, concept.orders, around, origin.at("orders"))),
        statements=tuple(_statements(bench, concept.statements, around, origin.at("statements"))),
        pairs=tuple(_pairs(bench, concept_id, around)),
        questions=tuple(_questions(bench, concept_id, around, origin.at("questions"))),
        pictures=tuple(_pictures(bench, concept_id, around)),
        notes=tuple(_imported(note) for note in concept.notes if around.within(note).status != "hold"),
    )


def fields_in_words(fields: Iterable[str]) -> tuple[str, ...]:
    """What the fields of an imported note show, without the HTML of whoever made it; blanks as Anki writes them."""
    return tuple(escape(words) for field in fields if (words := visible_text(SOUND.sub("", field))))


def _imported(note: ForeignNote) -> tuple[str, ...]:
    return tuple(BLANK.sub(r"<b>\1</b>", words) for words in fields_in_words(note.fields.values()))


def _texts(bench: Bench, texts: Sequence[Text], around: Around, origin: Origin) -> Iterator[Fact]:
    for index, text in enumerate(texts):
        if around.within(text).status != "hold":
            yield fact(bench, text, _filled(bench, text, origin.at(index)), around, origin.at(index))


def _tree(bench: Bench, entries: Sequence[Member | Step], around: Around, origin: Origin) -> Iterator[Fact]:
    for index, entry in enumerate(entries):
        here, inner = origin.at(index), around.within(entry)
        if inner.status == "hold":
            continue
        made = fact(bench, entry, _filled(bench, entry, here), around, here)
        yield replace(made, of=tuple(_tree(bench, entry.of, inner, here.at("of"))))


def _statements(bench: Bench, statements: Sequence[Statement], around: Around, origin: Origin) -> Iterator[Fact]:
    for index, statement in enumerate(statements):
        here, inner = origin.at(index), around.within(statement)
        if inner.status != "hold":
            made = fact(bench, statement, _filled(bench, statement, here), around, here)
            yield replace(made, of=tuple(_texts(bench, statement.exceptions, inner, here.at("exceptions"))))


def _orders(
    bench: Bench, orders: Sequence[Order], around: Around, origin: Origin
) -> Iterator[tuple[Fact, tuple[Fact, ...]]]:
    for index, order in enumerate(orders):
        here, inner = origin.at(index), around.within(order)
        items = []
        for n, item in enumerate(order.items):
            place = here.at("items", n)
            at = f"<strong>{bench.inline(item.at, place.at('at'), order.lang)}</strong> " if item.at else ""
            if inner.within(item).status != "hold":
                words = bench.inline(item.text, place, item.lang or order.lang)
                items.append(fact(bench, item, at + words, inner, place))
        if items:
            title = bench.inline(order.title, here.at("title"), order.lang)
            yield fact(bench, order, title, around, here), tuple(items)


def _pairs(bench: Bench, concept_id: str, around: Around) -> Iterator[tuple[str, tuple[tuple[str, Fact], ...]]]:
    for name, pairs in bench.deck.concepts[concept_id].pairs.items():
        relation = bench.deck.relations[name]
        ask = bench.inline(relation.ask, Origin(bench.deck.file, ("relations", name, "ask")))
        made = []
        for one, other in pairs.items():
            origin = bench.deck.origin(concept_id, "pairs", name, one)
            if around.within(other).status != "hold":
                words = bench.inline(other.text, origin, other.lang or relation.lang)
                first = bench.inline(one, origin, other.first_lang or relation.first_lang)
                made.append((first, fact(bench, other, words, around, origin)))
        if made:
            yield ask, tuple(made)


def _pictures(bench: Bench, concept_id: str, around: Around) -> Iterator[Fact]:
    """Pictures with what they show: as a line, or number by number where parts of them are named."""
    with_masks = occlusion.make(bench, concept_id)
    for index, shown in enumerate(bench.deck.concepts[concept_id].images):
        origin, inner = bench.deck.origin(concept_id, "images", index), around.within(shown)
        drawn = bench.picture(shown)
        if shown.masks:
            drawn = with_numbers(drawn, next(with_masks).cloze, covered=False)
        if inner.status == "hold":
            continue
        masks = tuple(
            fact(bench, mask, bench.inline(mask.answer, place.at("answer"), mask.lang or shown.lang), inner, place)
            for n, mask in enumerate(shown.masks)
            for place in (origin.at("masks", n),)
            if inner.within(mask).status != "hold"
        )
        answer = "" if masks else answer_of(bench, concept_id, shown, origin)
        html = f"<figure>{drawn}{credit_line(shown)}</figure>{answer}"
        yield replace(fact(bench, shown, html, around, origin), of=masks)


def _questions(bench: Bench, concept_id: str, around: Around, origin: Origin) -> Iterator[tuple[str, Fact]]:
    for index, question in enumerate(bench.deck.concepts[concept_id].questions):
        here = origin.at(index)
        if around.within(question).status != "hold":
            answer = bench.inline(question.answer, here.at("answer"), question.lang)
            ask = bench.inline(question.ask, here.at("ask"), question.ask_lang)
            yield ask, fact(bench, question, answer, around, here)


def _filled(bench: Bench, text: Text, origin: Origin) -> str:
    return filled_in(bench.with_blanks(text.text, origin, text.lang).segments, lambda blank: blank.html)
