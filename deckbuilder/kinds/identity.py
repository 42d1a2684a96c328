"""The names of facts: ids of items, keys of notes, and the names that they had before."""

import hashlib
import re
import unicodedata
from functools import lru_cache
from string import ascii_lowercase, digits

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.models import Annotations
from deckbuilder.facts.places import Origin
from deckbuilder.markup import is_plain, render_inline, visible_text
from deckbuilder.notes import Named

_LONGEST = 60
# Of ASCII, in lower case: letters and digits as they are, and spaces for the rest.
_LETTERS = bytes(code if chr(code) in ascii_lowercase + digits else ord(" ") for code in range(256))


def slug(text: str) -> str:
    """A text's letters, marks and digits in lower case, the rest as '-'; never empty, and not over 69 characters.

    Where the letters do not tell a text from others (none, or too many), a hash of all of it is added.
    """
    folded = text.casefold()
    if folded.isascii():
        words = b"-".join(folded.encode().translate(_LETTERS).split()).decode()
    else:
        kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in folded)
        words = "-".join("".join(kept).split())
    if words and len(words) <= _LONGEST:
        return words
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{words[:_LONGEST].rstrip('-')}-{digest}".lstrip("-")


def item_id(fact: Annotations, text: str) -> str:
    """The id that the author gave, or else the slug of what the text shows."""
    if fact.id:
        return fact.id
    if not fact.value:
        return _slug_of(text)
    # A value changes with time, and the fact is the same.
    lasting = _without_number(text, fact.number)
    return _slug_of(lasting if lasting.strip() else text)


# An item is named in its list, in each of its blanks, and in each question about its class.
@lru_cache(maxsize=4096)
def _slug_of(text: str) -> str:
    return slug(visible_text(text if is_plain(text) else render_inline(text).html))


def _without_number(text: str, number: str) -> str:
    """A text without its value, which is not a part of another number: 20 of "20 people in 2020"."""
    shown = re.escape(number)
    found = re.search(rf"(?<![\w.,]){shown}(?!\w)", text) or re.search(shown, text)
    return text[: found.start()] + text[found.end() :] if found else text


def item_names(fact: Annotations, text: str) -> tuple[str, ...]:
    """An item's id, then those that it had before."""
    return (item_id(fact, text), *fact.formerly)


def named(fact: Annotations, text: str, origin: Origin) -> Named:
    return Named(item_id(fact, text), fact.formerly, origin)


def concept_names(deck: Deck, concept_id: str) -> tuple[str, ...]:
    return (concept_id, *deck.concepts[concept_id].formerly)


def note_keys(deck: Deck, concepts: tuple[str, ...], kind: str, items: tuple[str, ...] = ()) -> tuple[str, ...]:
    """A note's key, then every key that it may have had before, from all names of its deck, concept and item."""
    decks = (deck.heading.id, *deck.heading.formerly)
    heads = [f"{d}/{c}/{kind}" for d in decks for c in concepts]
    return tuple([f"{head}/{item}" for head in heads for item in items] if items else heads)
