"""Fronts and answers: one question, one answer, and none that gives itself away."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from deckbuilder.check.rule import Finding, Rule
from deckbuilder.check.subject import BLANK, Card, Subject, front_of
from deckbuilder.check.text import as_written, contains, folded, same_words, stems
from deckbuilder.facts.deck import Deck
from deckbuilder.facts.places import Origin
from deckbuilder.markup import render_inline, visible_text
from deckbuilder.notetypes import QUESTION
from deckbuilder.problems import Severity

_LEAST_LETTERS = 4
_PICTURED = {"image", "occlusion"}
_TELLING = {"cloze", "list", "mechanism", "exception", "order", "classification", "question", "pair", *_PICTURED}
_FRONT = QUESTION.positions["Front"]
_ASKING_BY_KIND = {"definition", "list", "mechanism", "order", "exception"}
_LEAST_LETTERS_OF_A_TERM = 3
_LEAST_ENDING = 2
_ALIKE = 0.9
_FEWEST_STEMS = 6
# Their cards show the same things, and differ in what is covered.
_ALIKE_BY_NATURE = {"list", "order", "exception", "choice"}
# Words so common in a deck say little about which card is like which.
_COMMON = 50
# What no wording changes: a country and its capital of one name, an item that is named for its class.
_OTHERWISE = {
    "pair": ", or write beside it 'allow: {answer-leak: why}'",
    "classification": ", or write beside it 'classify: false'",
    "occlusion": ": the 'ask' of the picture, which is the term if there is none",
}
_OR = re.compile(r"\s(?:or|oder|ou|o|أو)\s|/")


def front_ambiguous(subject: Subject) -> Iterator[Finding]:
    for cards in _asking_the_same(subject):
        for card in cards[1:]:
            if same_words(card.answer) != same_words(cards[0].answer):
                message = f"this front has two answers: {as_written(cards[0].answer)} and {as_written(card.answer)}"
                yield Finding(front_of(card), message, "say in the question which one is meant, or add a hint")


def _question_of(card: Card) -> tuple[str, str, str]:
    return (asked_by(card), same_words(card.front), same_words(card.hint) if card.hint else "")


def asked_by(card: Card) -> str:
    """What tells its question from others with the same words: an item to classify stands under a question, with the
    classes below it.
    """
    note = card.note
    if note.kind in _ASKING_BY_KIND:
        return note.kind
    if note.kind == "classification":
        row, at = note.row[:], note.type.positions
        return f"{row[at['Ask']]}\n{row[at['Options']]}"
    # What is asked is what the picture shows.
    return f"{note.key} {card.origin.path}" if note.kind in _PICTURED else ""


def card_duplicate(subject: Subject) -> Iterator[Finding]:
    for cards in _asking_the_same(subject):
        first: dict[str, Card] = {}
        for card in cards:
            if first.setdefault(same_words(card.answer), card) is not card:
                message = f"this card is made twice: {as_written(card.front)}"
                yield Finding(front_of(card), message, "remove one of the two facts")


def _asking_the_same(subject: Subject) -> list[list[Card]]:
    """Cards whose question is that of others too. Two rules ask for them, one after the other."""
    if subject not in _SAME:
        _SAME[subject] = _grouped(subject)
    return _SAME[subject]


# Forgotten with its deck, which may be a large one.
_SAME: "WeakKeyDictionary[Subject, list[list[Card]]]" = WeakKeyDictionary()


def _grouped(subject: Subject) -> list[list[Card]]:
    # Most questions stand alone. Numbers tell that too, and all questions of a large deck would be very many words.
    numbers = [hash(_question_of(card)) for card in subject.cards]
    counts = Counter(numbers)
    by_front: dict[tuple[str, str, str], list[Card]] = defaultdict(list)
    for card, number in zip(subject.cards, numbers, strict=True):
        if counts[number] > 1:
            by_front[_question_of(card)].append(card)
    return [cards for cards in by_front.values() if len(cards) > 1]


def near_duplicate(subject: Subject) -> Iterator[Finding]:
    """Fronts that share nine tenths of their words; only cards with a rare word in common are compared."""
    fronts = [
        (card, frozenset(stems(card.front.replace(BLANK, ""))))
        for card in subject.cards
        if card.kind not in _ALIKE_BY_NATURE | _PICTURED
    ]
    fronts = [(card, words) for card, words in fronts if len(words) >= _FEWEST_STEMS]
    having: dict[str, list[int]] = defaultdict(list)
    for number, (_, words) in enumerate(fronts):
        for word in words:
            having[word].append(number)
    told: set[int] = set()
    for number, (card, words) in enumerate(fronts):
        rare = sorted(words, key=lambda word: (len(having[word]), word))
        # Sets that share nine tenths share one of their rarest tenth and one more.
        for word in rare[: len(words) // 10 + 1]:
            for other in having[word][:_COMMON]:
                one, theirs = fronts[other]
                if other >= number or number in told or one.note.key == card.note.key:
                    continue
                if len(words & theirs) < _ALIKE * len(words | theirs):
                    continue
                if not _contrasted(subject, one, card) and same_words(one.front) != same_words(card.front):
                    told.add(number)
                    message = f"nearly the same question as {as_written(one.front)}"
                    yield Finding(front_of(card), message, "keep one of the two, or tell them apart in the first words")


def _contrasted(subject: Subject, one: Card, other: Card) -> bool:
    """Whether the two are about concepts that the deck contrasts: two like fronts are then meant as a pair."""
    if len(one.note.concepts) != 1 or len(other.note.concepts) != 1:
        return False
    (mine,), (theirs,) = one.note.concepts, other.note.concepts
    concepts = subject.deck.concepts
    return theirs in concepts[mine].contrasts or mine in concepts[theirs].contrasts


def answer_leak(subject: Subject) -> Iterator[Finding]:
    for card in subject.cards:
        offered = _offered(card)
        for answer in given_by(subject.deck, card):
            front = card.front.replace(BLANK, " ")
            if contains(front, answer) and not _is_chosen(card, front, offered):
                fix = "reword the front" + _OTHERWISE.get(card.kind, "")
                yield Finding(front_of(card), f"the front gives the answer {as_written(answer)} away", fix)
                break
            if card.hint and not offered and contains(card.hint, answer):
                yield Finding(_hint_of(card), f"the hint gives the answer {as_written(answer)} away", "change the hint")
                break


def _is_chosen(card: Card, front: str, offered: set[str]) -> bool:
    """Whether the answer is on the front as one of several to choose from."""
    return bool(offered and all(contains(front, choice) for choice in offered)) or _is_choice(card)


def _hint_of(card: Card) -> Origin:
    """Where the author wrote a card's hint; the hint of a blank may stand in the text."""
    return card.origin.at("hint" if card.kind in {"question", "list", "pair", "order"} else "text")


def _offered(card: Card) -> set[str]:
    """What a hint gives to choose from, as in "left or right?"; nothing if the answer is not one of the choices."""
    if not card.hint:
        return set()
    parts = _OR.split(card.hint)
    choices = {folded(choice) for part in parts for choice in part.split(",")} - {""}
    return choices if len(parts) > 1 and len(choices) > 1 and folded(card.answer) in choices else set()


def _is_choice(card: Card) -> bool:
    """Whether the answer is one of the choices of the question, as in "by day or by night?"."""
    parts = _OR.split(card.front) if card.kind == "question" else []
    inner = stems(card.answer)
    choices = [stems(choice) for part in parts for choice in part.split(",")]
    return len(parts) > 1 and any(inner in (choice[: len(inner)], choice[-len(inner) :]) for choice in choices)


def hint_leak(subject: Subject) -> Iterator[Finding]:
    for card in subject.cards:
        answer = folded(card.answer).replace(" ", "")
        hint = folded(card.hint).replace(" ", "")
        if len(answer) < _LEAST_LETTERS or not hint or contains(card.hint, card.answer):
            continue
        # "mein-" for "meinen" asks for the ending; a last letter alone is no ending to ask for.
        if card.hint.endswith("-") and answer.startswith(hint) and len(answer) - len(hint) >= _LEAST_ENDING:
            continue
        if _share_letters(answer, hint, len(answer) * subject.limits.hint_share // 100 + 1):
            message = f"the hint {as_written(card.hint)} shows most of the answer {as_written(card.answer)}"
            yield Finding(_hint_of(card), message, "hint at the meaning, not at the letters")


def given_by(deck: Deck, card: Card) -> list[str]:
    """What must not stand on the front, if it has some letters: for a definition's reverse the term and its aliases."""
    kind = card.note.kind
    if kind == "definition":
        front = card.note.row[_FRONT]
        names = _names(deck, card) if front and card.front != visible_text(front) else ()
        return [name for name in names if len(name) >= _LEAST_LETTERS_OF_A_TERM]
    # Two things can have one date.
    is_date = kind == "order" and card.answer.isdecimal()
    return [card.answer] if len(card.answer) >= _LEAST_LETTERS and kind in _TELLING and not is_date else []


def _names(deck: Deck, card: Card) -> Iterator[str]:
    concept = deck.concepts[card.note.concepts[0]]
    return (visible_text(render_inline(name).html) for name in (concept.term, *concept.aliases))


def _share_letters(answer: str, hint: str, length: int) -> bool:
    """Whether `length` letters in a row of the answer stand in the hint."""
    return len(hint) >= length and any(
        answer[start : start + length] in hint for start in range(len(answer) - length + 1)
    )


RULES = (
    Rule(
        "front-ambiguous",
        Severity.ERROR,
        "One front, two answers.",
        "A student cannot know which of the two is asked, and fails a card although the fact is known.",
        """
owl:
  term: Owl
  questions:
    - {ask: What does it eat?, answer: Mice}
hawk:
  term: Hawk
  questions:
    - {ask: What does it eat?, answer: Small birds}
""",
        """
owl:
  term: Owl
  questions:
    - {ask: What does an owl eat?, answer: Mice}
hawk:
  term: Hawk
  questions:
    - {ask: What does a hawk eat?, answer: Small birds}
""",
        front_ambiguous,
    ),
    Rule(
        "card-duplicate",
        Severity.ERROR,
        "The same card twice.",
        "Students pay for every card with minutes over the years; a second copy teaches nothing.",
        """
owl:
  term: Owl
  questions:
    - {ask: What does an owl eat?, answer: Mice}
    - {ask: "What does an owl eat??", answer: Mice, id: again}
""",
        """
owl:
  term: Owl
  questions:
    - {ask: What does an owl eat?, answer: Mice}
    - {ask: When does an owl hunt?, answer: At night}
""",
        card_duplicate,
    ),
    Rule(
        "near-duplicate",
        Severity.WARNING,
        "Two fronts that share nine tenths of their words.",
        "Cards that look alike are confused with each other, and answered by their shape.",
        """
owl:
  term: Owl
  questions:
    - {ask: Which large bird hunts quietly over open fields every single winter night?, answer: Owl}
    - {ask: Which large bird hunts quietly over open fields on every single winter night?, answer: Barn owl}
""",
        """
owl:
  term: Owl
  questions:
    - {ask: Which large bird hunts quietly over open fields every single winter night?, answer: Owl}
    - {ask: Which small bird sings loudly in dense hedges every single summer morning?, answer: Wren}
""",
        near_duplicate,
    ),
    Rule(
        "answer-leak",
        Severity.ERROR,
        "The front or its hint holds the answer.",
        "Such a card is answered by reading, and feels learned without being known.",
        """
owl:
  term: Owl
  statements:
    - "Barn owls are [[owls]] that live in barns."
""",
        """
owl:
  term: Owl
  statements:
    - "Barn owls hunt [[voles]] over open fields."
""",
        answer_leak,
    ),
    Rule(
        "hint-leak",
        Severity.WARNING,
        "A hint that shows most of the answer's letters.",
        "A hint should lead to the meaning; letters lead to the word without it.",
        """
owl:
  term: Owl
  statements:
    - "An owl finds its prey by [[hearing|hearin...]] in the dark."
""",
        """
owl:
  term: Owl
  statements:
    - "An owl finds its prey by [[hearing|which sense?]] in the dark."
""",
        hint_leak,
    ),
)
