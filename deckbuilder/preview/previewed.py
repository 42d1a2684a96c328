"""Decks of facts to a site: read, planned and reviewed as every command does it, then shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deckbuilder.check import check, check_editions
from deckbuilder.plan import plan
from deckbuilder.preview.cards import ShownDeck, files_of_facts, shown_deck
from deckbuilder.problems import Problem, Progress, by_place, unwatched


@dataclass(frozen=True, slots=True)
class Previewed:
    """Decks that can be shown, and what keeps others from it. What the review finds stands on the cards."""

    decks: tuple[ShownDeck, ...]
    problems: tuple[Problem, ...]


def preview(paths: Iterable[Path], packages: Path, progress: Progress = unwatched) -> Previewed:
    """Every deck at `paths`, as it would be built into the folder `packages`. Nothing is written."""
    planned = plan(paths, packages, progress=progress)
    decks = []
    told: set[Problem] = set()
    for one in planned.plans:
        files = files_of_facts(one.deck) | {one.files.lock}
        found = [problem for problem in planned.problems if problem.place.file in files]
        told.update(found)
        problems = [*found, *check(one.deck, one.made, progress=progress)]
        problems += check_editions(one, problems, progress=progress)
        decks += [shown_deck(each, by_place(problems), progress) for each in one.all]
    return Previewed(tuple(decks), tuple(by_place([one for one in planned.problems if one not in told])))
