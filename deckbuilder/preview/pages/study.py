"""A deck to try: one card at a time, without Anki."""

from deckbuilder.preview.cards import ShownDeck
from deckbuilder.preview.pages.frame import head, page


def study_page(deck: ShownDeck, *, siblings: bool) -> bytes:
    return page("study.html", "../../", deck=head(deck, "Study", siblings=siblings))
