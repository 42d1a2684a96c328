"""All cards of a deck, front and back side by side, to search and filter."""

from deckbuilder.preview.cards import ShownDeck
from deckbuilder.preview.pages.frame import head, page

# What cards can be filtered by; `cards.js` knows where each stands.
_FILTERS = ("concept", "kind", "tag", "source", "status")


def cards_page(deck: ShownDeck, *, siblings: bool) -> bytes:
    return page("cards.html", "../../", deck=head(deck, "All cards", siblings=siblings), filters=_FILTERS)
