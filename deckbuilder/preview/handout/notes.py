"""The facts of a deck to read: each concept with all that is taught about it, in the order of teaching."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deckbuilder.facts.deck import list_path, lists_of
from deckbuilder.facts.models import Annotations, Member, Step, Text
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.around import Around, around_concept
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.lists import list_title
from deckbuilder.kinds.order import concept_order
from deckbuilder.preview.handout.paper import filled_in


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
    """One concept. `lists` are titles with trees; `questions` are what is asked, with the answers as facts."""

    term: str
    also: tuple[str, ...]
    kind_of: tuple[str, ...]
    definition: Fact | None
    mechanism: tuple[Fact, ...]
    lists: tuple[tuple[str, tuple[Fact, ...]], ...]
    statements: tuple[Fact, ...]
    questions: tuple[tuple[str, Fact], ...]

    def __bool__(self) -> bool:
        return bool(self.definition or self.mechanism or self.lists or self.statements or self.questions)


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
        also=tuple(bench.inline(alias, origin.at("aliases", n)) for n, alias in enumerate(concept.aliases)),
        kind_of=tuple(bench.term(parent) for parent in concept.is_a),
        definition=next(_texts(bench, definition, around, origin.at("definition")), None),
        mechanism=tuple(_tree(bench, concept.mechanism, around, origin.at("mechanism"))),
        lists=tuple((title, tree) for title, tree in trees if tree),
        statements=tuple(_texts(bench, concept.statements, around, origin.at("statements"))),
        questions=tuple(_questions(bench, concept_id, around, origin.at("questions"))),
    )


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
        of = tuple(_tree(bench, entry.of, inner, here.at("of")))
        yield Fact(made.html, made.is_disputed, made.reason, made.note, made.extra, made.sources, of)


def _questions(bench: Bench, concept_id: str, around: Around, origin: Origin) -> Iterator[tuple[str, Fact]]:
    for index, question in enumerate(bench.deck.concepts[concept_id].questions):
        here = origin.at(index)
        if around.within(question).status != "hold":
            answer = bench.inline(question.answer, here.at("answer"))
            yield bench.inline(question.ask, here.at("ask")), fact(bench, question, answer, around, here)


def _filled(bench: Bench, text: Text, origin: Origin) -> str:
    return filled_in(bench.with_blanks(text.text, origin).segments, lambda blank: blank.html)
