"""All cards of a deck, front and back side by side, to search and filter."""

from deckbuilder.preview.cards import ShownDeck
from deckbuilder.preview.pages.frame import head, page, reviewed

# What cards can be filtered by; `cards.js` knows where each stands.
_FILTERS = ("concept", "kind", "tag", "source", "status")


def cards_page(deck: ShownDeck, *, siblings: bool) -> bytes:
    above = head(deck, "All cards", siblings=siblings, also=reviewed(deck))
    return page("cards.html", "../../", deck=above, filters=_FILTERS)
