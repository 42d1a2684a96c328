"""What a deck says of itself in Anki: its description, from the heading."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.models import SourceEntry
from deckbuilder.notes import PinnedNote

_UPDATES = (
    "An update keeps your reviews, flags and suspended cards. "
    "It replaces your edits and tags on the notes that it changes, and on no others."
)


_SELECTION = "**Selection:** {}. The whole deck has more cards, and keeps what you learned with these."


@dataclass(frozen=True, slots=True)
class Extent:
    """How many notes and cards a package holds, and when the last of the notes changed (Unix seconds)."""

    notes: int
    cards: int
    latest: int


def extent_of(notes: Iterable[PinnedNote]) -> Extent:
    count = cards = latest = 0
    for count, note in enumerate(notes, start=1):  # noqa: B007 - the last one counts
        latest = max(latest, note.mod)
        cards += len(note.ords)
    return Extent(count, cards, latest)


def describe(deck: Deck, extent: Extent, selection: str = "") -> str:
    """The deck's description as Markdown, which Anki shows on the deck's page.

    `selection` is the id of an output that holds only a part of the deck. The date is that of the last change
    to any note, so that an unchanged deck keeps it.
    """
    heading = deck.heading
    changed = datetime.fromtimestamp(extent.latest, UTC).date().isoformat()
    version = f"Version {heading.version} ({changed})" if heading.version else f"Version of {changed}"
    lines = [version, f"{extent.notes} notes, {extent.cards} cards"]
    parts = [heading.description, " · ".join(lines), _SELECTION.format(selection) if selection else None]
    if deck.sources:
        parts.append("**Sources**\n\n" + "\n".join(f"- {cite(source)}" for source in deck.sources.values()))
    if heading.authors:
        parts.append(f"**Authors:** {', '.join(heading.authors)}")
    parts += [
        f"**License:** {heading.license}" if heading.license else None,
        heading.disclaimer,
        f"**Found a mistake?** {heading.report}" if heading.report else None,
        _UPDATES,
    ]
    return "\n\n".join(part.strip() for part in parts if part)


def cite(source: SourceEntry) -> str:
    """A source as Markdown."""
    title = f"[{source.title}]({source.url})" if source.url else source.title
    about = [part for part in (source.author, source.publisher, source.date, source.license, source.remark) if part]
    return ", ".join([title, *about])


def selection_of(description: str) -> str:
    """The id of the output that a package's description tells, if it does not hold the whole deck."""
    found = re.search(r"^\*\*Selection:\*\* ([a-z0-9_-]+)\.", description, re.MULTILINE)
    return found[1] if found else ""


def is_ours(description: str) -> bool:
    """Whether a description looks like one of these."""
    return re.search(r"^Version (?:of )?\d", description, re.MULTILINE) is not None


def version_of(description: str) -> str:
    """The version that a package's description tells, or nothing."""
    found = re.search(r"^Version (\d[\d.]*\d)", description, re.MULTILINE)
    return found[1] if found else ""
