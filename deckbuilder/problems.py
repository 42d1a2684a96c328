"""The vocabulary of all that can be wrong with an author's facts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

# Of more names than these the likeliest is not looked for.
_MOST_COMPARED = 50
# Told of long work: the stage's name, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


def unwatched(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody looks at."""


class UsageError(Exception):
    """The program was called in a way that cannot be meant; says how to call it."""


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in the author's files something stands.

    `line` and `column` count from 1, in characters; 0 means the file as a whole.
    `text` is the line itself, for showing it with a caret.
    """

    file: Path
    line: int = 0
    column: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """An author's mistake as a value: where, what, and what to do (`fix`).

    `mend` is there where the remedy is mechanical: what stands in the line from this place on, and what should.
    """

    place: Place
    rule: str
    message: str
    fix: str = ""
    severity: Severity = Severity.ERROR
    mend: tuple[str, str] | None = None


def by_place(problems: Sequence[Problem]) -> list[Problem]:
    """Each problem once, in the order of the files' lines."""
    return sorted(
        dict.fromkeys(problems),
        key=lambda problem: (str(problem.place.file), problem.place, problem.rule, problem.message),
    )


def has_errors(problems: Sequence[Problem]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def likeliest(name: str, known: Sequence[str]) -> str:
    """Which of the `known` is written most like a name; the first of very many, since all pairs would be too many."""
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes pay for it

    near = get_close_matches(name, known, n=1, cutoff=0) if 1 < len(known) <= _MOST_COMPARED else ()
    return near[0] if near else known[0]


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """A fix that names the nearest known word, or all of them when they are few."""
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes pay for it

    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    few = 16  # all kinds of card can be told
    return f"known here: {', '.join(known)}" if 0 < len(known) <= few else ""
