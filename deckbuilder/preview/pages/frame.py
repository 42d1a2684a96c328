"""What all pages share: their templates, the look of names and numbers, and the way between the pages of a deck."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from deckbuilder.preview.cards import ShownDeck
from deckbuilder.report import count, tally

# The pages of a deck in the order in which they are offered: file and name.
DECK_PAGES = (
    ("index.html", "About"),
    ("cards.html", "All cards"),
    ("study.html", "Study"),
    ("handout.html", "Handout"),
)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a page of a deck. `siblings` says whether the site has other decks.

    `base` is the way from the page to the deck's folder; nothing where it stands there itself.
    """

    title: str
    language: str
    summary: str
    here: str
    siblings: bool
    base: str = ""
    pages: tuple[tuple[str, str], ...] = DECK_PAGES


def head(deck: ShownDeck, here: str, *, siblings: bool, base: str = "", also: str = "") -> Head:
    """`also` is what the page says beside the number of cards."""
    summary = " · ".join(filter(None, (count(len(deck.cards), "card"), also)))
    return Head(title(deck.name), deck.language, summary, here, siblings, base)


def page(template: str, root: str, **values: Any) -> bytes:
    """A page from its template; `root` is the way from it to the site's first folder, as `../../`.

    Values are text and are escaped, but for `markupsafe.Markup`.
    """
    return _environment().get_template(template).render(root=root, **values).encode(errors="replace")


def asset(name: str) -> bytes:
    return files("deckbuilder.preview").joinpath("assets", name).read_bytes()


def title(name: str) -> str:
    """Anki writes `Pathology::Calcification` for a deck within a deck."""
    return name.replace("::", " › ")  # noqa: RUF001 - a sign for people


def reviewed(deck: ShownDeck) -> str:
    """What the review says, in a line: for who writes the deck."""
    found = Counter(
        problem.severity for problem in {*deck.loose, *(one for card in deck.cards for one in card.problems)}
    )
    return tally(found) or "nothing to mend"


def has_siblings(decks: Collection[ShownDeck]) -> bool:
    return len(decks) > 1


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("deckbuilder.preview"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
