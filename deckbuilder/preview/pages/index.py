"""The first page of the site: its decks."""

from collections.abc import Sequence

from deckbuilder.preview.cards import ShownDeck
from deckbuilder.preview.pages.frame import kinds, page, summary, title


def index_page(decks: Sequence[ShownDeck]) -> bytes:
    listed = [
        {
            "href": f"decks/{deck.id}/cards.html",
            "title": title(deck.name),
            "summary": summary(deck),
            "kinds": kinds(deck),
        }
        for deck in decks
    ]
    return page("index.html", "", decks=listed)
