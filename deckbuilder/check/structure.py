"""Structure: sources, classes and links that hold the facts together."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from deckbuilder.check.rule import Finding, Rule
from deckbuilder.check.subject import Card, Subject, front_of
from deckbuilder.check.text import as_written, folded, same_words
from deckbuilder.facts.deck import contrasted
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.facts.references import facts_of, is_group
from deckbuilder.kinds.around import Around, around_concept
from deckbuilder.markup import render_inline, visible_text
from deckbuilder.notes import Note
from deckbuilder.problems import Place, Severity

_BALANCE_FROM = 8
_CUE_ITEMS = 3
_CUE_LETTERS = 4
_TAG_LEVELS = 5


def source_missing(subject: Subject) -> Iterator[Finding]:
    deck = subject.deck
    if not deck.sources:
        yield Finding(Origin(deck.file, ("deck",)), "this deck names no source", "add 'sources:' and 'default_source:'")
        return
    on_cards = {origin.path for note in subject.notes for origin in _origins(subject, note)}
    for concept_id in deck.concepts:
        within: dict[Origin, Around] = {}
        for origin, fact in facts_of(deck, concept_id):
            outer = within.get(Origin(origin.file, origin.path[:-2]), around_concept(deck, concept_id))
            here = within[origin] = outer.within(fact)
            is_shown = any(origin.path[:length] in on_cards for length in range(len(origin.path) + 1))
            if is_shown and not here.sources and here.status != "hold" and not is_group(fact):
                yield Finding(origin, "this fact has no source", "add 'source:', or a 'default_source:'")


def _origins(subject: Subject, note: Note) -> Iterator[Origin]:
    """Where the facts of a note stand: its own place, or for a contrast the features of both concepts."""
    yield note.origin
    if note.kind == "contrast":
        yield from (subject.deck.origin(concept_id, *note.origin.path[2:]) for concept_id in note.concepts)


def source_unused(subject: Subject) -> Iterator[Finding]:
    deck = subject.deck
    used = {deck.default_source}
    for concept_id, concept in deck.concepts.items():
        used.update(concept.source, *(rejected.source for rejected in concept.rejected))
        used.update(name for _, fact in facts_of(deck, concept_id) for name in fact.source)
    for name in deck.sources:
        if name not in used:
            yield Finding(
                Origin(deck.file, ("sources", name)), f"the source {name!r} is not used", "remove it, or cite it"
            )


def feature_unused(subject: Subject) -> Iterator[Finding]:
    deck, neighbours = subject.deck, contrasted(subject.deck)
    reasons: dict[str, set[str]] = {}
    for classification in deck.classifications.values():
        for concept_id in classification.among:
            reasons.setdefault(concept_id, set()).update(classification.because)
    for concept_id, concept in deck.concepts.items():
        told = {axis for other in neighbours[concept_id] for axis in deck.concepts[other].features}
        for axis in concept.features.keys() - told - reasons.get(concept_id, set()):
            origin = deck.origin(concept_id, "features", axis)
            message = f"no card shows this: nothing that {concept_id!r} is contrasted with has the axis {axis!r}"
            yield Finding(origin, message, "give the other concept this axis too, or name a contrast")


def class_conflict(subject: Subject) -> Iterator[Finding]:
    by_item: dict[tuple[str, str], list[Card]] = defaultdict(list)
    for card in _items(subject):
        item = same_words(card.front)
        by_item[_classification(card), item[:1].lower() + item[1:]].append(card)
    for cards in by_item.values():
        if len({same_words(card.answer) for card in cards}) > 1:
            first, *others = sorted(cards, key=_place)
            for card in (other for other in others if other.answer != first.answer):
                message = (
                    f"{as_written(card.front)} stands in two classes: "
                    f"{as_written(first.answer)} and {as_written(card.answer)}"
                )
                yield Finding(front_of(card), message, "say in the item what decides, or set 'classify: false'")


def _place(card: Card) -> Place:
    return place_of(card.origin)


def class_balance(subject: Subject) -> Iterator[Finding]:
    limits = subject.limits
    for name, counts in _classes(subject).items():
        total, fair = counts.total(), 100 / max(len(counts), 1)
        label, most = counts.most_common(1)[0]
        two = 2
        share = 100 * most / total
        warned, refused = (limits.class_share, limits.class_share_most) if len(counts) == two else (2 * fair, 100)
        if total >= _BALANCE_FROM and share > warned:
            severity = Severity.ERROR if share > refused else None
            message = f"{share:.0f} % of the items are {label!r}: always answering that is nearly right"
            yield Finding(_question(subject, name), message, "add items of the other classes", severity)


def class_size(subject: Subject) -> Iterator[Finding]:
    for name, counts in _classes(subject).items():
        for concept_id in subject.deck.classifications[name].among:
            count = counts.get(_term(subject, concept_id), 0)
            if count < subject.limits.class_items:
                items = f"{count} item" + ("" if count == 1 else "s")
                message = f"the class {concept_id!r} has {items}, fewer than {subject.limits.class_items}"
                yield Finding(_question(subject, name), message, "add items to its lists")


def choice_many(subject: Subject) -> Iterator[Finding]:
    choices, cards = subject.kinds["choice"], subject.kinds.total()
    if choices > cards * subject.limits.choice_share // 100:
        message = f"{choices} of {cards} cards are choices, more than {subject.limits.choice_share} %"
        fix = "leave 'choices' away and say 'choice: true' at the items that are worth it"
        yield Finding(Origin(subject.deck.file, ("deck",)), message, fix)


def class_cue(subject: Subject) -> Iterator[Finding]:
    seen: dict[tuple[str, str], dict[str, list[Card]]] = defaultdict(lambda: defaultdict(list))
    for card in _items(subject):
        question = _classification(card)
        for word in set(folded(card.front).split()):
            if len(word) >= _CUE_LETTERS:
                seen[question, word][card.answer].append(card)
    for (_, word), by_class in seen.items():
        (label, cards), *others = by_class.items()
        if not others and len(cards) >= _CUE_ITEMS:
            message = f"{word!r} stands in {len(cards)} items of {label!r} and in no other class: it gives them away"
            yield Finding(front_of(min(cards, key=_place)), message, "reword some of them, or add one of another class")


def contrast_one_way(subject: Subject) -> Iterator[Finding]:
    concepts = subject.deck.concepts
    for concept_id, concept in concepts.items():
        for index, other in enumerate(concept.contrasts):
            if concept_id not in concepts[other].contrasts:
                origin = subject.deck.origin(concept_id, "contrasts", index)
                message = f"{other!r} does not contrast with {concept_id!r} in turn"
                yield Finding(origin, message, f"add 'contrasts: [{concept_id}]' to {other!r}")


def orphan(subject: Subject) -> Iterator[Finding]:
    counts = Counter(card.note.key.split("/")[1] for card in subject.cards)
    counts.update(card.note.key.split("/")[3].split(".")[0] for card in subject.cards if card.kind == "contrast")
    for concept_id, concept in subject.deck.concepts.items():
        # How many cards an imported note has, its note type says, which is not read here.
        if counts[concept_id] < subject.limits.cards and not concept.notes:
            cards = f"{counts[concept_id]} card" + ("" if counts[concept_id] == 1 else "s")
            message = f"{concept_id!r} has {cards}: what hangs on nothing is soon forgotten"
            yield Finding(subject.deck.origin(concept_id), message, "define it, contrast it, or leave it out")


def tag_deep(subject: Subject) -> Iterator[Finding]:
    for origin, tags in _written_tags(subject):
        for index, tag in enumerate(tags):
            if tag.count("::") >= _TAG_LEVELS:
                message = f"the tag {tag!r} has more than {_TAG_LEVELS} levels"
                yield Finding(origin.at("tags", index), message, "make it shallower")


def _written_tags(subject: Subject) -> Iterator[tuple[Origin, tuple[str, ...]]]:
    deck = subject.deck
    yield Origin(deck.file, ("deck",)), deck.heading.tags
    for concept_id, concept in deck.concepts.items():
        yield deck.origin(concept_id), concept.tags
        yield from ((origin, fact.tags) for origin, fact in facts_of(deck, concept_id))


def _classification(card: Card) -> str:
    """The name of the classification whose item a card asks for."""
    return card.note.key.split("/")[3].split(".")[0]


def _items(subject: Subject) -> Iterator[Card]:
    return (card for card in subject.cards if card.kind == "classification")


def _classes(subject: Subject) -> dict[str, Counter[str]]:
    """For each classification that makes cards, its items by class."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for card in _items(subject):
        counts[_classification(card)][card.answer] += 1
    return counts


def _term(subject: Subject, concept_id: str) -> str:
    return visible_text(render_inline(subject.deck.concepts[concept_id].term).html)


def _question(subject: Subject, name: str) -> Origin:
    return Origin(subject.deck.file, ("classifications", name))


_TWO_CLASSES = """
owl:
  term: Owl
  examples: [{owls}]
hawk:
  term: Hawk
  examples: [{hawks}]
"""


def _two_classes(owls: str, hawks: str) -> str:
    return _TWO_CLASSES.format(owls=owls, hawks=hawks)


RULES = (
    Rule(
        "source-missing",
        Severity.ERROR,
        "A fact without a source, or a deck without any.",
        "A student who doubts a card must be able to look it up, and so must whoever corrects it.",
        """
owl:
  term: Owl
  definition: {text: A bird that hunts at night., source: []}
""",
        """
owl:
  term: Owl
  definition: {text: A bird that hunts at night., source: atlas}
""",
        source_missing,
        needs_all=True,
        stops_build=False,
    ),
    Rule(
        "source-unused",
        Severity.INFO,
        "A source that no fact cites.",
        "It promises something that is not there.",
        """
owl:
  term: Owl
  definition: A bird that hunts at night.
""",
        """
owl:
  term: Owl
  definition: {text: A bird that hunts at night., source: [atlas, field-guide]}
""",
        source_unused,
        needs_all=True,
    ),
    Rule(
        "feature-unused",
        Severity.WARNING,
        "A feature on an axis that no contrasted concept and no classification uses.",
        "It makes no card, although its author believes so.",
        """
owl:
  term: Owl
  definition: A bird that hunts at night.
  features: {hunt: at night}
""",
        """
owl:
  term: Owl
  definition: A bird that hunts at night.
  contrasts: [hawk]
  features: {hunt: at night}
hawk:
  term: Hawk
  definition: A bird that hunts by day.
  contrasts: [owl]
  features: {hunt: by day}
""",
        feature_unused,
        needs_all=True,
    ),
    Rule(
        "class-conflict",
        Severity.ERROR,
        "One item in two classes.",
        "Whatever the student answers, one of the two cards calls it wrong.",
        _two_classes("Barn owl, Night bird, Snowy owl", "Sparrowhawk, Night bird, Goshawk"),
        _two_classes("Barn owl, Night bird, Snowy owl", "Sparrowhawk, Day bird, Goshawk"),
        class_conflict,
    ),
    Rule(
        "class-balance",
        Severity.WARNING,
        "One class with more than 65 % of the items; an error over 75 %.",
        "Always answering with the larger class is then right most of the time.",
        _two_classes("Barn, Tawny, Snowy, Eagle, Little, Scops", "Sparrow, Goose, Marsh"),
        _two_classes("Barn, Tawny, Snowy, Eagle, Little", "Sparrow, Goose, Marsh, Red"),
        class_balance,
        needs_all=True,
    ),
    Rule(
        "class-size",
        Severity.WARNING,
        "A class with fewer than 3 items.",
        "Two items are learned by heart; the class is not.",
        _two_classes("Barn, Tawny, Snowy", "Sparrow, Goose"),
        _two_classes("Barn, Tawny, Snowy", "Sparrow, Goose, Marsh"),
        class_size,
        needs_all=True,
    ),
    Rule(
        "choice-many",
        Severity.ERROR,
        "More than a tenth of a deck's cards are choices.",
        "To recognise is easier than to recall, and students pay for each card; what was shipped cannot be taken back.",
        _two_classes("{text: Barn, choice: true}, Tawny, Snowy", "{text: Sparrow, choice: true}, Goose, Marsh"),
        _two_classes("{text: Barn, choice: true}, Tawny, Snowy", "Sparrow, Goose, Marsh"),
        choice_many,
        needs_all=True,
    ),
    Rule(
        "class-cue",
        Severity.INFO,
        "A word in three items of one class and in none of the others.",
        "Students learn the word instead of the class.",
        _two_classes("Northern spotted, Mexican spotted, Indian spotted", "Sparrow, Goose, Marsh"),
        _two_classes("Northern spotted, Mexican, Indian", "Sparrow, Goose, Marsh"),
        class_cue,
        needs_all=True,
    ),
    Rule(
        "contrast-one-way",
        Severity.INFO,
        "A contrast that only one of the two concepts names.",
        "Whoever edits the other does not see that it is confused with something.",
        """
owl:
  term: Owl
  contrasts: [hawk]
  definition: A bird that hunts at night.
hawk:
  term: Hawk
  definition: A bird that hunts by day.
""",
        """
owl:
  term: Owl
  contrasts: [hawk]
  definition: A bird that hunts at night.
hawk:
  term: Hawk
  contrasts: [owl]
  definition: A bird that hunts by day.
""",
        contrast_one_way,
        needs_all=True,
    ),
    Rule(
        "orphan",
        Severity.WARNING,
        "A concept with fewer than two cards.",
        "A fact that is connected to nothing is forgotten first.",
        """
owl:
  term: Owl
  questions: [{ask: When do owls hunt?, answer: At night}]
""",
        """
owl:
  term: Owl
  definition: A bird that hunts at night.
""",
        orphan,
        needs_all=True,
    ),
    Rule(
        "tag-deep",
        Severity.WARNING,
        "A tag of more than five levels.",
        "Anki's sidebar shows such a tag behind five others; nobody opens it.",
        """
owl:
  term: Owl
  tags: [a::b::c::d::e::f]
  definition: A bird that hunts at night.
""",
        """
owl:
  term: Owl
  tags: [a::b::c::d::e]
  definition: A bird that hunts at night.
""",
        tag_deep,
    ),
)
