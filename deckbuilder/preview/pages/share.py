"""The page about a deck for students: what it is, samples, its map, the download, and how to use it."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup

from deckbuilder.markup import render_block, render_inline, visible_text
from deckbuilder.package.description import cite
from deckbuilder.preview.cards import ShownCard, ShownDeck
from deckbuilder.preview.formula import readable
from deckbuilder.preview.offer import sha256
from deckbuilder.preview.pages.data import deck_script
from deckbuilder.preview.pages.frame import head, page
from deckbuilder.preview.pages.map import shown_map
from deckbuilder.preview.samples import sample_cards
from deckbuilder.report import count

# What each kind of card asks, in a student's words.
KINDS = {
    "definition": ("Definitions", "The term for a meaning, and the meaning of a term"),
    "contrast": ("Contrasts", "What tells two concepts apart that are easily confused"),
    "cloze": ("Blanks", "A sentence with a word left out"),
    "exception": ("Exceptions", "A rule, and what it does not hold for"),
    "question": ("Questions", "Asked and answered plainly"),
    "pair": ("Pairs", "What belongs to what, asked both ways"),
    "image": ("Pictures", "A picture, and what it shows"),
    "occlusion": ("Hidden parts", "A picture with one of its parts hidden"),
    "mechanism": ("Steps", "A process with one of its steps left out"),
    "list": ("Lists", "A list with one of its entries left out"),
    "order": ("Orders", "What comes next in time or rank"),
    "note": ("Other cards", "Cards from another deck, as they are there"),
    "classification": ("Which is it?", "An example, and the concept that it belongs to"),
    "choice": ("Choices", "One right answer among wrong ones that are easily confused with it"),
}
_OTHER = KINDS["note"]
_CC = re.compile(r"CC[- ](BY(?:-NC)?(?:-SA|-ND)?)[- ](\d\.\d)", re.IGNORECASE)
_PUBLIC = {
    "cc0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "cc0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "cc0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "public domain": "https://creativecommons.org/publicdomain/mark/1.0/",
}
_URL = re.compile(r"https?://[^\s<>\"']+")
_MAIL = re.compile(r"[^\s<>\"'@:?&/]+@[^\s<>\"'@:?&/]+\.[^\s<>\"'@:?&/]+")
_HEADING = re.compile(r"(</?h)(\d)")


@dataclass(frozen=True, slots=True)
class _Download:
    """A file to offer, as a student sees it."""

    name: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Sample:
    """A card in words, for where no script draws it."""

    kind: str
    front: str
    back: str


def share_page(deck: ShownDeck, *, siblings: bool, root: str, base: str) -> bytes:
    """The page as it stands in the deck's folder, or with `base` in the site's first folder."""
    heading = deck.facts.heading
    lead, rest = _description(deck)
    above, _, name = deck.name.rpartition("::")
    return page(
        "share.html",
        root,
        deck=head(deck, "About", siblings=siblings, base=base),
        above=above.replace("::", " › "),  # noqa: RUF001 - a sign for people
        name=name,
        lead=_block(lead),
        summary=in_brief(deck),
        rest=_block(rest),
        numbers=numbers(deck),
        kinds=_kinds(deck),
        license=heading.license,
        license_url=license_url(heading.license or ""),
        authors=heading.authors,
        sources=[_inline(cite(source)) for source in deck.facts.sources.values()],
        disclaimer=_block(heading.disclaimer or ""),
        report=_report(heading.report) if heading.report else None,
        download=_download(f"{deck.id}.apkg", deck.offer.data) if deck.offer else None,
        update=_update(deck),
        samples=[_sample(card) for card in sample_cards(deck)],
        map=shown_map(deck),
        concepts=deck.concepts,
    )


def samples_script(deck: ShownDeck, folder: Path) -> bytes:
    """The sample cards, for the script that draws them; without what only their author needs to know."""
    cards = tuple(replace(card, problems=()) for card in sample_cards(deck))
    return deck_script(replace(deck, cards=cards, loose=()), folder)


def packages(deck: ShownDeck) -> dict[str, bytes]:
    """The files to download, by name."""
    if deck.offer is None:
        return {}
    update = {f"{deck.id}-update.apkg": deck.offer.update} if deck.offer.update else {}
    return {f"{deck.id}.apkg": deck.offer.data, **update}


def license_url(words: str) -> str:
    """Where a well-known license stands, or nothing."""
    known = _CC.fullmatch(words)
    if known:
        return f"https://creativecommons.org/licenses/{known[1].lower()}/{known[2]}/"
    return _PUBLIC.get(words.lower(), "")


def in_brief(deck: ShownDeck) -> str:
    """The first paragraph of the description, in a line."""
    return readable(visible_text(render_block(_description(deck)[0]).html))


def _description(deck: ShownDeck) -> tuple[str, str]:
    """The first paragraph, and what follows."""
    lead, _, rest = (deck.facts.heading.description or "").strip().partition("\n\n")
    return lead, rest


def _block(text: str) -> Markup:
    """Markdown, whose headings stand below those of the page."""
    html = render_block(text).html if text else ""
    return Markup(_HEADING.sub(lambda match: f"{match[1]}{min(6, int(match[2]) + 1)}", html))  # noqa: S704 - escaped by markup


def _inline(text: str) -> Markup:
    return Markup(render_inline(text).html)  # noqa: S704 - escaped by markup


def _report(words: str) -> Markup:
    """Where to report a mistake: an address alone becomes a link, anything else is as written."""
    if _URL.fullmatch(words):
        return Markup('<a href="{0}">{0}</a>').format(words)
    if _MAIL.fullmatch(words):
        return Markup('<a href="mailto:{0}">{0}</a>').format(words)
    return _inline(words)


def numbers(deck: ShownDeck) -> list[str]:
    """What a deck counts and which version it is: of its download, where it has one."""
    if deck.offer is None:
        version = deck.facts.heading.version
        cards = sum(card.status != "withdrawn" for card in deck.cards)
        return [count(cards, "card"), *([f"Version {version}"] if version else [])]
    day = f"{deck.offer.changed.day} {deck.offer.changed:%B %Y}"
    version = f"Version {deck.offer.version}, {day}" if deck.offer.version else f"Version of {day}"
    return [count(deck.offer.cards, "card"), version]


def _kinds(deck: ShownDeck) -> list[dict[str, object]]:
    """Cards by kind: name, what it asks, how many, and how many of a hundred of the most frequent kind."""
    counts = deck.offer.kinds if deck.offer else Counter(card.kind for card in deck.cards if card.status != "withdrawn")
    most = max(counts.values(), default=1)
    return [
        {"name": name, "about": about, "cards": f"{number:,}", "share": round(100 * number / most)}
        for kind, number in counts.items()
        for name, about in [KINDS.get(kind, _OTHER)]
    ]


def _download(name: str, data: bytes) -> _Download:
    return _Download(name, size_in_words(len(data)), sha256(data))


def _update(deck: ShownDeck) -> _Download | None:
    if deck.offer is None or deck.offer.update is None:
        return None
    return _download(f"{deck.id}-update.apkg", deck.offer.update)


def size_in_words(size: int) -> str:
    """A file's size as download pages tell it, in thousands and millions of bytes."""
    thousand = 1000
    if size < thousand:
        return count(size, "byte")
    if size < thousand**2:
        return f"{max(1, round(size / thousand))} kB"
    return f"{size / thousand**2:,.1f} MB"


def _sample(card: ShownCard) -> _Sample:
    front, back = (readable(visible_text(side)) for side in (card.sides.question, card.sides.answer))
    return _Sample(KINDS.get(card.kind, _OTHER)[0], front, back)
