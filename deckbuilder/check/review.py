"""Whole decks under review: what reading, making and comparing with the lock finds, then the rules."""

from collections.abc import Collection, Iterable
from pathlib import Path

from deckbuilder.check.rule import Rule
from deckbuilder.check.run import check
from deckbuilder.plan import plan
from deckbuilder.problems import Problem, Progress, by_place, unwatched


def review(paths: Iterable[Path], rules: Collection[Rule], out: Path, progress: Progress = unwatched) -> list[Problem]:
    """All problems of the decks at `paths`, whose packages are in `out`.

    The rules judge a deck once its notes can be made, also when a build would stop at their identity.
    """
    planned = plan(paths, out, progress=progress)
    problems = list(planned.problems)
    for deck, made in planned.made:
        problems += check(deck, made, rules, progress)
    return by_place(problems)
