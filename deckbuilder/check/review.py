"""Whole decks under review: what reading and making finds, then the rules."""

from collections.abc import Collection, Iterable
from pathlib import Path

from deckbuilder.check.rule import Rule
from deckbuilder.check.run import check
from deckbuilder.facts.load import load
from deckbuilder.kinds import make_notes
from deckbuilder.problems import Problem, by_place, has_errors


def review(paths: Iterable[Path], rules: Collection[Rule]) -> list[Problem]:
    """All problems of the decks at `paths`; the rules judge a deck once its facts can be read."""
    loaded = load(paths)
    problems = list(loaded.problems)
    for deck in loaded.decks:
        made = make_notes(deck)
        problems += made.problems
        if not has_errors(made.problems):
            problems += check(deck, made, rules)
    return by_place(problems)
