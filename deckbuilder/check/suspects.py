"""The few notes of a large deck at which the rules that stop a build have to look closely.

Most questions are asked once, and most answers stand on no front. Of many cards together that is told in a fraction of
the time that it takes to put each into words, and nothing of them has to be held. It is told on the safe side: what the
rules find in these notes is all that they find.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress

from deckbuilder.check.answers import asked_by, given_by
from deckbuilder.check.subject import Card, sides_of
from deckbuilder.check.text import may_contain, same_letters
from deckbuilder.facts.deck import Deck
from deckbuilder.notes import Note

# Notes whose cards are read together.
_TOGETHER = 200


def suspects(deck: Deck, notes: Sequence[Note]) -> tuple[list[Note], Counter[str]]:
    """The notes with a card whose question another may ask too, or whose front or hint may hold its answer.

    And how many cards of each kind all notes make.
    """
    suspected: set[int] = set()
    kinds: Counter[str] = Counter()
    # Numbers tell that questions are not the same, and all questions of a large deck would be very many words.
    questions, askers = array("q"), array("L")
    for start in range(0, len(notes), _TOGETHER):
        some = enumerate(notes[start : start + _TOGETHER], start)
        cards = [(number, card) for number, note in some for card in sides_of(note)]
        kinds.update([card.note.kind for _, card in cards])
        suspected.update(_answered(deck, cards))
        questions.extend(_asked([card for _, card in cards]))
        askers.extend([number for number, _ in cards])
    again = _repeated(questions)
    if again:
        suspected.update(asker for asker, question in zip(askers, questions, strict=True) if question in again)
    return [notes[number] for number in sorted(suspected)], kinds


def _answered(deck: Deck, cards: Sequence[tuple[int, Card]]) -> list[int]:
    """The numbers of notes with an answer that may stand where its card asks for it."""
    told = [(number, card, answer) for number, card in cards for answer in given_by(deck, card)]
    shown = [(number, card.front, answer) for number, card, answer in told]
    shown += [(number, card.hint, answer) for number, card, answer in told if card.hint]
    may = may_contain([text for _, text, _ in shown], [answer for _, _, answer in shown])
    return [number for number, _, _ in compress(shown, may)]


def _asked(cards: Sequence[Card]) -> Iterator[int]:
    """What each card asks, as a number. So an item that stands in two classes is asked twice, and suspected."""
    fronts = same_letters([card.front for card in cards])
    hints = same_letters([card.hint for card in cards])
    for card, front, hint in zip(cards, fronts, hints, strict=True):
        yield hash((asked_by(card), front, hint))


def _repeated(numbers: Iterable[int]) -> set[int]:
    seen: set[int] = set()
    again: set[int] = set()
    for number in numbers:
        (again if number in seen else seen).add(number)
    return again
