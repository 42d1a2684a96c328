"""What a deck says of itself in Anki: its description, from the heading."""

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.models import SourceEntry

_UPDATES = (
    "An update keeps your reviews, flags and suspended cards. "
    "It replaces your edits and tags on the notes that it changes, and on no others."
)


def describe(deck: Deck, notes: int, cards: int) -> str:
    """The deck's description as Markdown, which Anki shows on the deck's page."""
    heading = deck.heading
    lines = [f"Version {heading.version}" if heading.version else "", f"{notes} notes, {cards} cards"]
    parts = [heading.description, " · ".join(line for line in lines if line)]
    if deck.sources:
        parts.append("**Sources**\n\n" + "\n".join(f"- {_cite(source)}" for source in deck.sources.values()))
    if heading.authors:
        parts.append(f"**Authors:** {', '.join(heading.authors)}")
    parts += [
        f"**License:** {heading.license}" if heading.license else None,
        heading.disclaimer,
        f"**Found a mistake?** {heading.report}" if heading.report else None,
        _UPDATES,
    ]
    return "\n\n".join(part.strip() for part in parts if part)


def _cite(source: SourceEntry) -> str:
    title = f"[{source.title}]({source.url})" if source.url else source.title
    about = [part for part in (source.author, source.publisher, source.date, source.license, source.remark) if part]
    return ", ".join([title, *about])
