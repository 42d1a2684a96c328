"""What came of an import: what was kept, what an edit will change, what was left out, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from deckbuilder.problems import Problem


class What(StrEnum):
    """What can be said of a single note or file."""

    AS_IT_WAS = "kept as it was"
    LOOK = "look kept until its text is edited"
    WAIVED = "imported as it was"
    CARDS = "cards as they were"
    TAGS = "tags kept beside the facts"
    SIMPLER = "simplified"
    READ = "read in its own way"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Case:
    """One note or file, by what it shows, and the reason."""

    what: What
    shows: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished import: the files to write, how many facts of each kind there are, and every case worth telling.

    `identities` tells whether the notes of students are known again. `problems` keep the import from being written.
    """

    deck_id: str = ""
    deck_name: str = ""
    files: Mapping[Path, bytes] = field(default_factory=dict)
    facts: Mapping[str, int] = field(default_factory=dict)
    concepts: int = 0
    notes: int = 0
    cards: int = 0
    media: int = 0
    types: tuple[str, ...] = ()
    identities: bool = False
    cases: tuple[Case, ...] = ()
    problems: tuple[Problem, ...] = ()
