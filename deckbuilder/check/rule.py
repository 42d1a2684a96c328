"""What a rule is: an idea of a good card, with its reason, an example of each side, and a way to find breaches."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from deckbuilder.check.subject import Subject
from deckbuilder.facts.places import Origin
from deckbuilder.problems import Place, Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach: where, what, and what to do. `severity` only where it differs from the rule's own.

    `place` where it does not stand in the facts, at `origin`, which then only says whose waivers count.
    `mend` as in `Problem`: only where nobody would decide otherwise.
    """

    origin: Origin
    message: str
    fix: str = ""
    severity: Severity | None = None
    mend: tuple[str, str] | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `fails` and `passes` are concepts that break it and that keep it, where a few lines show it.

    They are YAML, or in the `language` css a theme.

    A rule that `needs_all` judges what is missing or too few, and so only a deck without errors.

    `find` is missing where an earlier stage finds it: in reading, making or comparing with the lock.

    A rule of errors stops a build, unless it says otherwise: its cards would be wrong. A rule of warnings never
    does, however grave its finding: its cards are poor, and that is the author's to judge. One that stops builds has
    to find what it finds of a large deck among its `suspects`.
    """

    id: str
    severity: Severity
    summary: str
    why: str
    fails: str
    passes: str
    find: Callable[[Subject], Iterator[Finding]] | None = None
    stops_build: bool = True
    needs_all: bool = False
    language: str = "yaml"
