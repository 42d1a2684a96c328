"""What a build says of itself. Apart from building, so that a build that has nothing to do can say it at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deckbuilder.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class BuiltDeck:
    """A package that was written. `kinds` counts cards by kind; `held` and `disputed` count facts.

    `output` is its id among the outputs of the deck, whose id then begins with that of the deck.
    `update` is the package with the retired notes, where there are any. `findings` counts by severity what
    the reviewer finds and lets pass; None in a deck that is too large to count that in a build.
    """

    id: str
    name: str
    package: Path
    notes: int
    cards: int
    kinds: Mapping[str, int]
    held: int
    disputed: int
    update: Path | None
    retired: int
    findings: Mapping[Severity, int] | None
    output: str = ""


@dataclass(frozen=True, slots=True)
class Built:
    """What was built, and all problems. `beside` are the files beside the facts on which it all depends.

    `questions` are what the cards of a single large deck ask, as numbers: who words a card anew must know them.
    """

    decks: tuple[BuiltDeck, ...]
    problems: tuple[Problem, ...]
    beside: frozenset[Path] = frozenset()
    questions: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class LastBuild:
    """The last build of a single large deck, if only some files of its facts have `changed` since.

    `texts` tells of each file the hash of the text that was built.
    """

    built: Built
    changed: tuple[Path, ...]
    texts: Mapping[str, str]
