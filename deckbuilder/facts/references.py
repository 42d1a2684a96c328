"""Names that facts use for one another: each must exist, and no chain of them may come back to its start."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from deckbuilder.facts.deck import Deck, list_path, lists_of
from deckbuilder.facts.models import (
    GAP,
    LONGEST_DECK_ID,
    OWN_LISTS,
    Annotations,
    Audio,
    Concept,
    Image,
    Member,
    Picture,
    Statement,
    Step,
)
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.problems import Problem, did_you_mean


def check_references(deck: Deck) -> list[Problem]:
    """All references of a deck that lead nowhere, and all cycles."""
    return [*_heading(deck), *_concepts(deck), *_cycles(deck)]


def facts_of(deck: Deck, concept_id: str) -> Iterator[tuple[Origin, Annotations]]:
    """Every fact of a concept with where it stands, groups before their members."""
    concept, origin = deck.concepts[concept_id], deck.origin(concept_id)
    if concept.definition is not None:
        yield origin.at("definition"), concept.definition
    for axis, feature in concept.features.items():
        yield origin.at("features", axis), feature
    yield from _tree(concept.mechanism, origin.at("mechanism"))
    for name, members in lists_of(concept).items():
        yield from _tree(members, origin.at(*list_path(name)))
    for key in ("statements", "questions", "images", "notes", "orders"):
        for index, fact in enumerate(getattr(concept, key)):
            yield origin.at(key, index), fact
            yield from _parts(fact, origin.at(key, index))
    for relation, pairs in concept.pairs.items():
        yield from ((origin.at("pairs", relation, one), other) for one, other in pairs.items())


def _parts(fact: Annotations, origin: Origin) -> Iterator[tuple[Origin, Annotations]]:
    if fact.PARTS is not None:
        inside = origin.at(fact.PARTS)
        yield from ((inside.at(number), part) for number, part in enumerate(parts_of(fact)))


def parts_of(fact: Annotations) -> tuple[Annotations, ...]:
    """The facts that stand in a fact."""
    return getattr(fact, fact.PARTS) if fact.PARTS else ()


def is_group(fact: Annotations) -> bool:
    """Whether a fact is nothing but those that stand in it: a statement says something beside its exceptions."""
    return bool(parts_of(fact)) and not isinstance(fact, Statement)


def files_of(deck: Deck) -> Iterator[tuple[Origin, Image | Audio]]:
    """Every picture and every sound of a deck with where it stands, as often as it is named.

    Pictures are those of facts, and those that are asked themselves; sounds are those of terms and of facts.
    """
    for concept_id, concept in deck.concepts.items():
        if concept.audio is not None:
            yield deck.origin(concept_id, "audio"), concept.audio
        if not any(fact.image or fact.audio for fact in all_facts(concept)) and not concept.images:
            continue
        for origin, fact in facts_of(deck, concept_id):
            if fact.image is not None:
                yield origin.at("image"), fact.image
            if isinstance(fact, Picture):
                yield origin, fact
            if fact.audio is not None:
                yield origin.at("audio"), fact.audio


def pictures_of(deck: Deck) -> Iterator[tuple[Origin, Image]]:
    """The pictures among the files of a deck."""
    for origin, file in files_of(deck):
        if isinstance(file, Image):
            yield origin, file


def is_heard(deck: Deck) -> bool:
    """Whether anything of a deck is played or spoken; most decks are silent."""
    return deck.heading.tts or any(
        concept.audio or concept.tts or any(fact.audio or fact.tts for fact in all_facts(concept))
        for concept in deck.concepts.values()
    )


def offers_choices(deck: Deck) -> bool:
    """Whether anything of a deck is asked as one of several choices."""
    return (
        deck.heading.choices
        or any(classification.choices for classification in deck.classifications.values())
        or any(fact.choice for one in deck.concepts.values() for fact in all_facts(one) if isinstance(fact, Member))
    )


def all_facts(concept: Concept) -> list[Annotations]:
    """As `facts_of`, in another order and much sooner: without where they stand."""
    facts = list(roots_of(concept))
    for fact in facts:  # and for those that are added here
        if fact.PARTS:
            facts += getattr(fact, fact.PARTS)
    return facts


def roots_of(concept: Concept) -> Iterator[Annotations]:
    """The facts of a concept that stand in no other; `parts_of` gives those that stand in them."""
    if concept.definition is not None:
        yield concept.definition
    yield from concept.features.values()
    yield from concept.mechanism
    for members in lists_of(concept).values():
        yield from members
    yield from concept.statements
    yield from concept.questions
    yield from concept.images
    yield from concept.orders
    for pairs in concept.pairs.values():
        yield from pairs.values()
    yield from concept.notes


def _tree(entries: Sequence[Member | Step], origin: Origin) -> Iterator[tuple[Origin, Annotations]]:
    for index, entry in enumerate(entries):
        yield origin.at(index), entry
        yield from _tree(entry.of, origin.at(index, "of"))


def _heading(deck: Deck) -> Iterator[Problem]:
    origin = Origin(deck.file)
    if deck.default_source is not None:
        yield from _known([deck.default_source], deck.sources, "source", origin.at("default_source"))
    for index, name in enumerate(deck.heading.formerly):
        # Its lock would be looked for under a name that no file can have.
        if len(name.encode()) > LONGEST_DECK_ID:
            there = place_of(origin.at("deck", "formerly", index))
            yield Problem(there, "reference", f"no deck can have had the id {name!r}", "write the name of its lock")
    lists = [*OWN_LISTS, *deck.list_titles]
    for name, classification in deck.classifications.items():
        place = origin.at("classifications", name)
        yield from _known(classification.among, deck.concepts, "concept", place.at("among"))
        yield from _known(classification.because, deck.axes, "axis", place.at("because"))
        yield from _known(classification.items, lists, "list", place.at("items"))
        if len(set(classification.among)) < len(classification.among):
            yield Problem(place_of(place.at("among")), "reference", "a concept stands twice here", "name each once")
    for name, output in deck.outputs.items():
        place = origin.at("outputs", name)
        yield from _known(output.concepts, deck.concepts, "concept", place.at("concepts"))
        if len(deck.heading.id) + len(name) > LONGEST_DECK_ID:
            message = "the ids of deck and output are too long together"
            fix = f"they name a file: use {LONGEST_DECK_ID} letters at most"
            yield Problem(place_of(place, key=True), "reference", message, fix)


def _concepts(deck: Deck) -> Iterator[Problem]:
    lists = list(deck.list_titles)
    for concept_id, concept in deck.concepts.items():
        origin = deck.origin(concept_id)
        for key in ("is_a", "requires", "contrasts"):
            yield from _known(getattr(concept, key), deck.concepts, "concept", origin.at(key))
        if concept_id in concept.contrasts:
            itself = place_of(origin.at("contrasts", concept.contrasts.index(concept_id)))
            yield Problem(itself, "reference", f"{concept_id!r} contrasts with itself", "name another concept")
        yield from _keys(concept.features, deck.axes, "axis", origin.at("features"))
        yield from _keys(concept.pairs, deck.relations, "relation", origin.at("pairs"))
        yield from _keys([name for name in concept.lists if name not in OWN_LISTS], lists, "list", origin.at("lists"))
        for name in OWN_LISTS:
            if name in concept.lists:
                place = place_of(origin.at("lists", name), key=True)
                message = f"{name!r} stands under 'lists', and every concept has this list of its own"
                yield Problem(place, "reference", message, f"write '{name}:' directly under the concept")
        yield from _known(concept.source, deck.sources, "source", origin.at("source"))
        for index, rejected in enumerate(concept.rejected):
            claim = origin.at("rejected", index)
            yield from _known(rejected.source, deck.sources, "source", claim.at("source"))
            if rejected.instead is not None:
                yield from _known([rejected.instead], deck.concepts, "concept", claim.at("instead"))
        yield from _facts(deck, concept_id)


def _facts(deck: Deck, concept_id: str) -> Iterator[Problem]:
    # To walk with places takes longer than to see that nothing is wrong, as it is nearly always.
    facts = all_facts(deck.concepts[concept_id])
    if all(_is_sourced(fact, deck.sources) and _shows_its_number(fact) for fact in facts):
        return
    for where, fact in facts_of(deck, concept_id):
        yield from _known(fact.source, deck.sources, "source", where.at("source"))
        if not _shows_its_number(fact):
            message = f"this value is not shown: the words have no {GAP!r} for it"
            yield Problem(place_of(where.at("value")), "no-effect", message, f"write {GAP!r} where it goes")


def _is_sourced(fact: Annotations, sources: Mapping[str, object]) -> bool:
    return not fact.source or sources.keys() >= set(fact.source)


def _shows_its_number(fact: Annotations) -> bool:
    return fact.value is None or fact.number in (getattr(fact, "text", None) or getattr(fact, "answer", None) or "")


def _known(names: Sequence[str], known: Iterable[str], what: str, origin: Origin) -> Iterator[Problem]:
    for index, name in enumerate(names):
        if name not in known:
            yield Problem(place_of(origin.at(index)), "reference", f"no {what} {name!r}", _fix(name, known, what))


def _keys(names: Iterable[str], known: Iterable[str], what: str, origin: Origin) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            place = place_of(origin.at(name), key=True)
            yield Problem(place, "reference", f"no {what} {name!r}", _fix(name, known, what))


def _fix(name: str, known: Iterable[str], what: str) -> str:
    where = {"concept": "concepts", "source": "sources", "axis": "axes", "list": "lists", "relation": "relations"}[what]
    return did_you_mean(name, list(known)) or f"declare it under '{where}:'"


def _cycles(deck: Deck) -> Iterator[Problem]:
    links = {concept_id: requirements(concept) for concept_id, concept in deck.concepts.items()}
    for cycle in find_cycles(links):
        start, following = cycle[0], [*cycle, cycle[0]][1]
        key = "is_a" if following in deck.concepts[start].is_a else "requires"
        shown = " → ".join([*cycle, start])
        message = f"learning order comes back to its start: {shown}"
        yield Problem(place_of(deck.origin(start).at(key)), "cycle", message, "remove one of these links")


def find_cycles(links: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The cycles of a graph that a walk in order meets, each beginning at its first node."""
    done: set[str] = set()
    cycles = []
    for start in links:
        if start in done:
            continue
        # A dict is an ordered set: the way from the start to here.
        way: dict[str, Iterator[str]] = {start: iter(links[start])}
        while way:
            here = next(reversed(way))
            following = next(way[here], None)
            if following is None:
                done.add(here)
                del way[here]
            elif following in way:
                nodes = list(way)
                cycles.append(nodes[nodes.index(following) :])
            elif following in links and following not in done:
                way[following] = iter(links[following])
    return cycles


def requirements(concept: Concept) -> tuple[str, ...]:
    """What is learned before a concept: what it requires, and what it is a kind of."""
    return (*concept.requires, *concept.is_a)
