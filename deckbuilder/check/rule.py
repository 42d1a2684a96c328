"""What a rule is: an idea of a good card, with its reason, an example of each side, and a way to find breaches."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from deckbuilder.check.subject import Subject
from deckbuilder.facts.places import Origin
from deckbuilder.problems import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach: where, what, and what to do. `severity` only where it differs from the rule's own."""

    origin: Origin
    message: str
    fix: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `fails` and `passes` are concepts (YAML) that break it and that keep it."""

    id: str
    severity: Severity
    summary: str
    why: str
    fails: str
    passes: str
    find: Callable[[Subject], Iterator[Finding]]
