"""The few notes of a large deck at which the rules that stop a build have to look closely.

Most questions are asked once, and most answers stand on no front. Of many cards together that is told in a fraction of
the time that it takes to put each into words, and nothing of them has to be held. It is told on the safe side: what the
rules find in these notes is all that they find.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, pairwise
from zlib import crc32

from deckbuilder.check.answers import asked_by, given_by
from deckbuilder.check.subject import Card, sides_of
from deckbuilder.check.text import may_contain, same_letters
from deckbuilder.facts.deck import Deck
from deckbuilder.notes import Note

# Notes whose cards are read together.
_TOGETHER = 200


class Suspects:
    """The notes with a card whose question another may ask too, or whose front or hint may hold its answer.

    All notes of a deck are seen, in any order; none is held for long. `kinds` counts the cards that they make by kind.
    """

    def __init__(self, deck: Deck) -> None:
        self.kinds: Counter[str] = Counter()
        self._deck = deck
        self._forget()

    def _forget(self) -> None:
        self._waiting: list[Note] = []
        self._answered: set[str] = set()
        # Numbers tell that questions are not the same, and all questions of a large deck would be very many words.
        self._questions = array("I")
        self._askers: list[str] = []

    def see(self, notes: Iterable[Note]) -> None:
        for note in notes:
            self._waiting.append(note)
            if len(self._waiting) == _TOGETHER:
                self._look()

    @property
    def questions(self) -> "array[int]":
        """A number for the question of each card that was seen: the same in every run."""
        self._look()
        return self._questions

    def found(self) -> set[str]:
        """The keys of the suspected among all that were seen, which are forgotten."""
        self._look()
        again = _repeated(self._questions)
        asked = zip(self._askers, self._questions, strict=True) if again else ()
        found = self._answered | {asker for asker, question in asked if question in again}
        self._forget()
        return found

    def _look(self) -> None:
        cards = [card for note in self._waiting for card in sides_of(note)]
        self._waiting = []
        self.kinds.update([card.note.kind for card in cards])
        self._answered.update(_answered(self._deck, cards))
        self._questions.extend(_asked(cards))
        self._askers += [card.note.key for card in cards]


def _answered(deck: Deck, cards: Sequence[Card]) -> list[str]:
    """The keys of notes with an answer that may stand where its card asks for it."""
    told = [(card, answer) for card in cards for answer in given_by(deck, card)]
    shown = [(card, card.front, answer) for card, answer in told]
    shown += [(card, card.hint, answer) for card, answer in told if card.hint]
    may = may_contain([text for _, text, _ in shown], [answer for _, _, answer in shown])
    return [card.note.key for card, _, _ in compress(shown, may)]


def _asked(cards: Sequence[Card]) -> Iterator[int]:
    """What each card asks, as a number. So an item that stands in two classes is asked twice, and suspected."""
    fronts = same_letters([card.front for card in cards])
    hints = same_letters([card.hint for card in cards])
    for card, front, hint in zip(cards, fronts, hints, strict=True):
        yield crc32("\0".join((asked_by(card), front, hint)).encode("utf-8", "surrogatepass"))


def _repeated(numbers: Iterable[int]) -> set[int]:
    """Those that are there more than once; in order they need less room than in a set."""
    return {one for one, next_one in pairwise(sorted(numbers)) if one == next_one}
