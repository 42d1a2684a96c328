"""The difference of two texts, word by word."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

Change = Literal["same", "removed", "added"]


def word_difference(before: str, after: str) -> Iterator[tuple[Change, str]]:
    """Runs of words that both texts have, that only the first has, and that only the second has, in order."""
    old, new = before.split(), after.split()
    for operation, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "equal":
            yield "same", " ".join(old[i1:i2])
            continue
        if i1 < i2:
            yield "removed", " ".join(old[i1:i2])
        if j1 < j2:
            yield "added", " ".join(new[j1:j2])
