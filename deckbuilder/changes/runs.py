"""Where two sequences of words agree and where they do not, also where there are very many of them."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import takewhile

# Like `get_opcodes` of difflib: what is done, and where in both sequences.
Run = tuple[str, int, int, int, int]

# Comparing takes a time that grows with both lengths: within this product, the best that can be found is looked for.
_MOST_PAIRS = 4_000_000


def runs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """Runs of `equal`, `replace`, `delete` and `insert` that lead from `old` to `new`, in order."""
    if len(old) * len(new) <= _MOST_PAIRS:
        return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    # An edit of a very long text leaves most of it: only what is between is compared, and if that is long too,
    # words that are everywhere do not count.
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    inner_old, inner_new = old[start : len(old) - end], new[start : len(new) - end]
    matcher = SequenceMatcher(None, inner_old, inner_new, autojunk=len(inner_old) * len(inner_new) > _MOST_PAIRS)
    inner = [(what, i1 + start, i2 + start, j1 + start, j2 + start) for what, i1, i2, j1, j2 in matcher.get_opcodes()]
    before: list[Run] = [("equal", 0, start, 0, start)] if start else []
    after: list[Run] = [("equal", len(old) - end, len(old), len(new) - end, len(new))] if end else []
    return [*before, *inner, *after]


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
