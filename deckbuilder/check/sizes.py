"""Sizes: short fronts, short answers, few blanks, short lists."""

import re
from collections.abc import Iterator, Sequence

from deckbuilder.check.rule import Finding, Rule
from deckbuilder.check.subject import BLANK, Card, Subject, answer_of, front_of, words
from deckbuilder.check.text import MATH, UNSPACED
from deckbuilder.facts.deck import list_path, lists_of
from deckbuilder.facts.models import Concept, Kind, Member, Step
from deckbuilder.facts.places import Origin
from deckbuilder.markup import render_inline, visible_text
from deckbuilder.problems import Severity


def _count(text: str) -> int:
    """How many words `text` has; where a script sets no spaces, two signs count as one."""
    if text.isascii():
        return len(words(text))
    runs = UNSPACED.findall(text)
    return len(words(UNSPACED.sub(" ", text))) + sum((len(run) + 1) // 2 for run in runs)


def _length(text: str) -> int:
    """The words of `text`, each formula as one: it is looked at as a whole."""
    return _count(MATH.sub(" x ", text))


def front_long(subject: Subject) -> Iterator[Finding]:
    longest: dict[Origin, int] = {}
    for card in subject.cards:
        # A list or a process is looked over, not read through.
        if card.kind not in {"list", "mechanism", "order", "exception", "choice"}:
            longest[front_of(card)] = max(_length(card.front), longest.get(front_of(card), 0))
    for origin, count in longest.items():
        if count > subject.limits.front_words:
            message = f"the front has {count} words, more than {subject.limits.front_words}"
            yield Finding(origin, message, "ask for one thing, and leave out what is not needed to find it")


def answer_long(subject: Subject) -> Iterator[Finding]:
    limits = subject.limits
    for card in subject.cards:
        # A contrast's answer is a table; the two terms at its side stand on the front already.
        count = _length(card.answer) - (_words_of_terms(subject, card) if card.kind == "contrast" else 0)
        # A definition is a front as well, and front-long warns of it before it is beyond all measure.
        most = limits.answer_words_most if card.kind == "definition" else limits.answer_words
        if card.kind in {"question", "pair", "contrast", "definition"} and count > most:
            limit, severity = _crossed(count, limits.answer_words, limits.answer_words_most)
            message = f"the answer has {count} words, more than {limit}"
            yield Finding(answer_of(card), message, "split it into facts that can be known or not known", severity)


def _words_of_terms(subject: Subject, card: Card) -> int:
    terms = (subject.deck.concepts[concept_id].term for concept_id in card.note.concepts)
    return sum(_length(visible_text(render_inline(term).html)) for term in terms)


def _crossed(count: int, limit: int, most: int) -> tuple[int, Severity | None]:
    """The limit that `count` is over, and how grave that is."""
    return (max(limit, most), Severity.ERROR) if count > most else (limit, None)


def cloze_long(subject: Subject) -> Iterator[Finding]:
    limits = subject.limits
    for card in subject.cards:
        count = _length(card.answer)
        if card.kind in {"cloze", "mechanism", "exception"} and count > limits.blank_words:
            limit, severity = _crossed(count, limits.blank_words, limits.blank_words_most)
            message = f"this blank hides {count} words, more than {limit}"
            yield Finding(front_of(card), message, "hide the one or two words that matter", severity)


def cloze_many(subject: Subject) -> Iterator[Finding]:
    limits = subject.limits
    for note in subject.notes:
        count = len({hidden.id for hidden in note.hidden})
        if note.kind == "cloze" and count > limits.blanks:
            limit, severity = _crossed(count, limits.blanks, limits.blanks_most)
            message = f"this text has {count} blanks, more than {limit}"
            yield Finding(note.origin.at("text"), message, "make two statements of it", severity)


def cloze_bare(subject: Subject) -> Iterator[Finding]:
    for card in subject.cards:
        # A hint stands in the blank, so it is part of what the student reads.
        count = _count(f"{card.front.replace(BLANK, ' ')} {card.hint}")
        if card.kind == "cloze" and count < subject.limits.visible_words:
            where = "around and in the blank" if card.hint else "around the blank"
            message = f"only {_plural(count, 'word')} {where}: it does not say what is asked"
            yield Finding(front_of(card), message, "write a whole sentence around it")


_CURLY = re.compile("[\u2018\u2019\u201c\u201d]")
# A reading as a card's words have it.
_READING = re.compile(rf"{UNSPACED.pattern}\[[^\W\d_]")


def typed_long(subject: Subject) -> Iterator[Finding]:
    for card in subject.cards:
        if not card.typed:
            continue
        count, most = _count(card.answer), subject.limits.typed_words
        if "\\(" in card.answer or "\\[" in card.answer:
            yield Finding(answer_of(card), "a formula cannot be typed as it is shown", "ask it without 'type: true'")
        elif card.kind == "cloze" and _READING.search(card.answer):
            # Of a blank Anki takes all that is to be seen for what is to be typed.
            message = "a reading in a blank would have to be typed behind its word"
            yield Finding(answer_of(card), message, "leave the reading out, or ask it without 'type: true'")
        elif card.kind == "cloze" and _CURLY.search(card.answer):
            message = "a curly apostrophe or quote in a blank would have to be typed, and keys write straight ones"
            yield Finding(answer_of(card), message, "write ' or \"")
        elif count > most and card.kind != "definition":
            message = f"the answer to type has {_plural(count, 'word')}, more than {most}"
            yield Finding(answer_of(card), message, "let the student type the words that matter, or none")


def _showing(subject: Subject, kind: Kind) -> Iterator[tuple[str, Concept]]:
    """The concepts for which cards of this kind are made."""
    for concept_id, concept in subject.deck.concepts.items():
        if kind not in {*concept.skip, *subject.deck.heading.skip}:
            yield concept_id, concept


def list_long(subject: Subject) -> Iterator[Finding]:
    for concept_id, concept in _showing(subject, "list"):
        for name, members in lists_of(concept).items():
            yield from _levels(subject, members, subject.deck.origin(concept_id, *list_path(name)))
    for concept_id, concept in _showing(subject, "order"):
        for index, order in enumerate(concept.orders):
            count = sum(item.status != "hold" for item in order.items) if order.status != "hold" else 0
            if count > subject.limits.order_items:
                message = f"{count} items in one order, more than {subject.limits.order_items}"
                origin = subject.deck.origin(concept_id, "orders", index)
                yield Finding(origin, message, "make two orders of it: what is learned in parts stays")


def _levels(subject: Subject, members: Sequence[Member], origin: Origin) -> Iterator[Finding]:
    limits = subject.limits
    count = sum(member.status != "hold" for member in members)
    if count > limits.members:
        limit, severity = _crossed(count, limits.members, limits.members_most)
        message = f"{count} members in one group, more than {limit}"
        yield Finding(origin, message, "add groups: 'Name: [members]'", severity)
    for index, member in enumerate(members):
        if member.of and member.status != "hold":
            yield from _levels(subject, member.of, origin.at(index, "of"))


def steps(subject: Subject) -> Iterator[Finding]:
    limits = subject.limits
    for concept_id, concept in _showing(subject, "mechanism"):
        count = sum(map(_shown_steps, concept.mechanism))
        if count and not limits.steps_least <= count <= limits.steps:
            message = f"{_plural(count, 'step')}: a process to learn has {limits.steps_least} to {limits.steps}"
            origin = subject.deck.origin(concept_id, "mechanism")
            yield Finding(origin, message, "merge or add steps, or make two processes of it")


def _shown_steps(step: Step) -> int:
    if step.status == "hold":
        return 0
    return max(1, sum(map(_shown_steps, step.of)))


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


RULES = (
    Rule(
        "front-long",
        Severity.WARNING,
        "A front of more than 30 words.",
        "A long question is not read at every review; the student answers from its shape.",
        """
owl:
  term: Owl
  questions:
    - ask: >-
        In the middle of the night, when all other birds of the forest have long gone to sleep and the fields
        lie open under the moon, which bird leaves its tree to look for mice?
      answer: The owl
""",
        """
owl:
  term: Owl
  questions:
    - {ask: Which bird hunts mice at night?, answer: The owl}
""",
        front_long,
    ),
    Rule(
        "answer-long",
        Severity.WARNING,
        "An answer of more than 20 words; an error over 40.",
        "A long answer is half known: the student cannot say whether it was right.",
        """
owl:
  term: Owl
  questions:
    - ask: How does an owl hunt?
      answer: >-
        It sits on a branch until it hears a mouse move, then glides down without a sound and takes it with its
        claws before the mouse can run.
""",
        """
owl:
  term: Owl
  questions:
    - {ask: How does an owl find a mouse?, answer: It hears it move.}
""",
        answer_long,
    ),
    Rule(
        "cloze-long",
        Severity.WARNING,
        "A blank of more than 6 words; an error over 10.",
        "Nobody recalls a whole clause word by word; a short blank can be right or wrong.",
        """
owl:
  term: Owl
  statements:
    - "An owl flies [[without a sound because of its soft feathers]] to its prey."
""",
        """
owl:
  term: Owl
  statements:
    - "An owl flies without a sound because of its [[soft feathers]]."
""",
        cloze_long,
    ),
    Rule(
        "cloze-many",
        Severity.WARNING,
        "More than 3 blanks in one statement; an error over 5.",
        "Every blank is a card that shows the same sentence; the fourth is answered from memory of the others.",
        """
owl:
  term: Owl
  statements:
    - "At [[night]] an [[owl]] hunts [[mice]] in open [[fields]] near woods."
""",
        """
owl:
  term: Owl
  statements:
    - "At [[night]] an owl hunts [[mice]] in open fields near woods."
""",
        cloze_many,
    ),
    Rule(
        "cloze-bare",
        Severity.WARNING,
        "Fewer than 4 words around a blank, its hint counted.",
        "Without a sentence around it a blank does not say what is asked.",
        """
owl:
  term: Owl
  statements:
    - "Owls eat [[mice]]."
""",
        """
owl:
  term: Owl
  statements:
    - "Owls mostly hunt and eat [[mice]]."
""",
        cloze_bare,
    ),
    Rule(
        "list-long",
        Severity.WARNING,
        "A group of more than 5 members; an error over 7.",
        "Long lists are the hardest thing to keep; in groups each part has a name to hang on.",
        """
owl:
  term: Owl
  examples: [Barn owl, Tawny owl, Snowy owl, Eagle owl, Little owl, Scops owl]
""",
        """
owl:
  term: Owl
  examples:
    - Large: [Snowy owl, Eagle owl]
    - Small: [Little owl, Scops owl]
""",
        list_long,
    ),
    Rule(
        "steps",
        Severity.WARNING,
        "A mechanism of fewer than 3 or more than 7 steps.",
        "Two steps are a sentence; eight are two processes.",
        """
owl:
  term: Owl
  mechanism: [It hears a mouse, It flies down]
""",
        """
owl:
  term: Owl
  mechanism: [It hears a mouse, It flies down, It takes the mouse]
""",
        steps,
        needs_all=True,
    ),
    Rule(
        "typed-long",
        Severity.WARNING,
        "An answer to type of more than 4 words, with a formula, or in a blank with a reading or a curly apostrophe.",
        "Who knows it and words it otherwise is told to be wrong.",
        """
owl:
  term: Owl
  questions: [{ask: When does an owl hunt?, answer: Mostly in the dark of the night, type: true}]
""",
        """
owl:
  term: Owl
  questions: [{ask: When does an owl hunt?, answer: At night, type: true}]
""",
        typed_long,
    ),
)
