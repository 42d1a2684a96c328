"""Words of others: a deck says facts in its own."""

import re
from collections.abc import Iterator
from pathlib import Path

from deckbuilder.check.rule import Finding, Rule
from deckbuilder.check.subject import Subject, words
from deckbuilder.check.written import texts_of
from deckbuilder.facts.media import as_stored
from deckbuilder.facts.places import Origin
from deckbuilder.markup import render_block, visible_text
from deckbuilder.problems import Severity

# As many words in a row are hardly chosen twice.
_IN_A_ROW = 7
_PARTED = re.compile(r"(?<=\w)[-\u2010\u00ad][ \t]*\r?\n\s*(?=\w)")


def copied_text(subject: Subject) -> Iterator[Finding]:
    deck = subject.deck
    passages: dict[tuple[str, ...], str] = {}
    for name, source in deck.sources.items():
        if source.text is None:
            continue
        try:
            text = _text_of(as_stored(deck.file.parent / source.text))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
            place = Origin(deck.file, ("sources", name, "text"))
            yield Finding(place, f"the text of {name!r} cannot be read: {reason}", "mend the path, or remove it")
            continue
        # A hyphen at the end of a line parts a word in two, or belongs to it.
        for hyphen in ("", "-"):
            passages |= dict.fromkeys(_passages(_said(_PARTED.sub(hyphen, text))), name)
    if passages:
        for origin, text in texts_of(deck):
            yield from _copied(origin, _said(visible_text(render_block(text).html)), passages)


def _said(text: str) -> list[str]:
    return words(text.casefold().replace("\u2019", "'").replace("\u00ad", ""))


def _text_of(file: Path) -> str:
    """The text of a file. Raises OSError, or ValueError for what is no text or cannot be a path."""
    if file.exists() and not file.is_file():
        raise ValueError("a folder or a device")
    return file.read_text(encoding="utf-8-sig")


def _copied(origin: Origin, said: list[str], passages: dict[tuple[str, ...], str]) -> Iterator[Finding]:
    """The first run of words that stands in a source, with its length."""
    runs = list(_passages(said))
    start = next((n for n, run in enumerate(runs) if run in passages), None)
    if start is None:
        return
    end = next((n for n in range(start, len(runs)) if runs[n] not in passages), len(runs))
    length = end - start + _IN_A_ROW - 1
    shown = " ".join(said[start : start + _IN_A_ROW])
    message = (
        f"{length} words in a row stand in {passages[runs[start]]!r}: '{shown}{' …' if length > _IN_A_ROW else ''}'"
    )
    yield Finding(origin, message, "say it in your own words")


def _passages(said: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(said[n:] for n in range(_IN_A_ROW)), strict=False)


RULES = (
    Rule(
        "copied-text",
        Severity.ERROR,
        "Seven or more words in a row that stand in a source whose text the deck names (`sources.*.text`).",
        "A sentence of the source is its author's; and who rewords a fact has understood it.",
        """
owl:
  term: Owl
  # The atlas says: "The owl is a bird with large eyes that hunts at night without a sound."
  definition: A bird with large eyes that hunts at night.
""",
        """
owl:
  term: Owl
  definition: A silent hunter in the dark, with very large eyes.
""",
        copied_text,
        stops_build=False,
    ),
)
