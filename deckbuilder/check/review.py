"""Whole decks under review: what reading, making and comparing with the lock finds, then the rules."""

from collections.abc import Collection, Iterable
from pathlib import Path

from deckbuilder.check.mend import mend
from deckbuilder.check.rule import Rule
from deckbuilder.check.run import check, check_editions
from deckbuilder.files import replace_file
from deckbuilder.plan import plan
from deckbuilder.problems import Problem, Progress, by_place, unwatched

_ROUNDS = 100


def review(paths: Iterable[Path], rules: Collection[Rule], out: Path, progress: Progress = unwatched) -> list[Problem]:
    """All problems of the decks at `paths`, whose packages are in `out`.

    The rules judge a deck once its notes can be made, also when a build would stop at their identity.
    """
    planned = plan(paths, out, progress=progress)
    problems = list(planned.problems)
    for one in planned.decks:
        problems += [] if one.broken else check(one.deck, one.made, rules, progress)
    for release in planned.plans:
        problems += check_editions(release, problems, rules, progress)
    # Of a deck with errors the rest is judged too, so that its author does not learn of mistakes one kind at a time.
    wrong = {(problem.place.file, problem.place.line) for problem in problems}
    sure = [rule for rule in rules if not rule.needs_all]
    for one in planned.decks:
        found = check(one.deck, one.made, sure, progress) if one.broken else []
        found = [problem for problem in found if problem.rule != "waiver-unused"]
        problems += [problem for problem in found if (problem.place.file, problem.place.line) not in wrong]
    return by_place(problems)


def review_and_mend(
    paths: Iterable[Path], rules: Collection[Rule], out: Path, progress: Progress = unwatched
) -> tuple[list[Problem], list[Problem]]:
    """What is left to the author, and what was mended in the files. Raises OSError when one cannot be written."""
    mended: list[Problem] = []
    problems = review(paths, rules, out, progress)
    # A file that can be read again shows what stands behind its first mistake.
    for _ in range(_ROUNDS):
        better = mend(problems)
        for one in better:
            replace_file(one.file, one.data)
            mended += one.problems
        if not better:
            break
        problems = review(paths, rules, out, progress)
    return problems, mended
