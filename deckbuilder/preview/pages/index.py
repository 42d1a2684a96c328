"""The first page of a site with several decks: the way to each."""

from collections.abc import Sequence

from deckbuilder.preview.cards import ShownDeck
from deckbuilder.preview.pages.frame import page, title
from deckbuilder.preview.pages.share import in_brief, numbers


def index_page(decks: Sequence[ShownDeck]) -> bytes:
    listed = [
        {
            "href": f"decks/{deck.id}/index.html",
            "title": title(deck.name),
            "language": deck.language,
            "numbers": " · ".join([*numbers(deck), *([f"Selection “{deck.selection}”"] if deck.selection else [])]),
            "brief": in_brief(deck),
        }
        for deck in decks
    ]
    return page("index.html", "", decks=listed)
