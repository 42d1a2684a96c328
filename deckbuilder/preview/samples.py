"""A few cards that show what a deck is like."""

from collections.abc import Iterator
from itertools import islice

from deckbuilder.markup import visible_text
from deckbuilder.preview.cards import ShownCard, ShownDeck
from deckbuilder.problems import Severity

# A sample is read in passing: letters of its whole back, beyond which it is not taken if there is another.
_LONG = 320
_MOST = 7
# The kinds that say most about a deck come first, then the others as they are taught.
_FIRST = ("classification", "contrast", "occlusion", "image", "question", "cloze", "pair", "definition")


def sample_cards(deck: ShownDeck) -> tuple[ShownCard, ...]:
    """One card of each kind: the first in teaching order that is sound and short, of many concepts where that can be.

    Neither disputed nor withdrawn ones. Cards that come later in the deck do not change the choice.
    """
    return tuple(islice(_chosen(deck), _MOST))


def _chosen(deck: ShownDeck) -> Iterator[ShownCard]:
    sound = [card for card in deck.cards if card.status == "normal"]
    shown: set[str] = set()
    kinds = dict.fromkeys(card.kind for card in sound)
    for kind in (*(kind for kind in _FIRST if kind in kinds), *(kind for kind in kinds if kind not in _FIRST)):
        of_kind = [card for card in sound if card.kind == kind]
        card = min(of_kind, key=lambda one: (_flaws(one), not shown.isdisjoint(one.concepts)))
        shown.update(card.concepts)
        yield card


def _flaws(card: ShownCard) -> int:
    told = sum(problem.severity is not Severity.INFO for problem in card.problems)
    return told + (len(visible_text(card.sides.answer)) > _LONG)
