"""The difference of two texts, word by word."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from deckbuilder.changes.runs import runs

Change = Literal["same", "removed", "added"]

# A blank reads "[1: answer (hint)]": its brackets are words of their own, so that only the answer is marked.
_WORD = re.compile(r"\[\d+:|\]|[^\s\]]+")


def word_difference(before: str, after: str) -> Iterator[tuple[Change, str]]:
    """Runs of words that both texts have, that only the first has, and that only the second has, in order."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    for operation, i1, i2, j1, j2 in runs(old, new):
        if operation == "equal":
            yield "same", join_words(old[i1:i2])
            continue
        if i1 < i2:
            yield "removed", join_words(old[i1:i2])
        if j1 < j2:
            yield "added", join_words(new[j1:j2])


def join_words(words: Iterable[str]) -> str:
    """Words as a text again."""
    return re.sub(r" (\\?\])", r"\1", " ".join(words))
