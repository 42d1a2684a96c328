"""The site as a value: every file by its path, from decks alone."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from deckbuilder.colours import COLOURS, colours
from deckbuilder.preview.cards import ShownDeck
from deckbuilder.preview.pages.cards import cards_page
from deckbuilder.preview.pages.data import deck_script
from deckbuilder.preview.pages.frame import asset, has_siblings
from deckbuilder.preview.pages.handout import handout_page
from deckbuilder.preview.pages.index import index_page
from deckbuilder.preview.pages.share import packages, samples_script, share_page
from deckbuilder.preview.pages.study import study_page

_ASSETS = (
    *("page.css", "page.js", "math.js", "side.js", "occlusion.js", "cards.css", "cards.js"),
    *("queue.js", "study.css", "study.js", "handout.css", "handout.js"),
    *("share.css", "share.js"),
)
_MATH = ("\\(", "\\[")


def site(decks: Sequence[ShownDeck], folder: Path) -> dict[str, bytes]:
    """All files of the site by their path within `folder`, where they will stand."""
    pages = {"index.html": _first_page(decks)}
    for deck in decks:
        pages |= {f"decks/{deck.id}/{name}": data for name, data in _deck_pages(decks, deck, folder).items()}
        pages |= {f"media/{name}": data for name, data in deck.media.items()}
    pages |= {f"assets/{COLOURS}": colours(), **{f"assets/{name}": asset(name) for name in _ASSETS}}
    return pages | (_mathjax() if any(map(_shows_math, decks)) else {})


def _first_page(decks: Sequence[ShownDeck]) -> bytes:
    """A deck alone is what the site is about.

    Its own folder has the page too, so that its address stays when a second deck comes.
    """
    if len(decks) != 1:
        return index_page(decks)
    return share_page(decks[0], siblings=False, root="", base=f"decks/{decks[0].id}/")


def _deck_pages(decks: Sequence[ShownDeck], deck: ShownDeck, folder: Path) -> dict[str, bytes]:
    siblings = has_siblings(decks)
    return {
        "index.html": share_page(deck, siblings=siblings, root="../../", base=""),
        "samples.js": samples_script(deck, folder / "decks" / deck.id),
        **packages(deck),
        "cards.html": cards_page(deck, siblings=siblings),
        "study.html": study_page(deck, siblings=siblings),
        "handout.html": handout_page(deck, siblings=siblings),
        "deck.js": deck_script(deck, folder / "decks" / deck.id),
    }


def _shows_math(deck: ShownDeck) -> bool:
    return any(sign in card.sides.answer for card in deck.cards for sign in _MATH)


def _mathjax() -> dict[str, bytes]:
    license_ = files("deckbuilder.preview").joinpath("vendor", "mathjax.LICENSE").read_bytes()
    return {"assets/mathjax.js": mathjax(), "assets/mathjax.LICENSE": license_}


def mathjax() -> bytes:
    """MathJax 3.2.2 as its package has it, in one file: what Anki sets formulas with."""
    return files("deckbuilder.preview").joinpath("vendor", "mathjax.js").read_bytes()
