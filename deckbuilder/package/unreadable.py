"""Why a package cannot be read, or not wholly, in its reader's words."""

from collections import Counter
from pathlib import Path

from deckbuilder.problems import Place, Problem, Severity

RULE = "package-unreadable"
_TAKE_ANOTHER = "export or download it once more; if that does not help, ask who made it"
_MOST_TOLD = 10


class UnreadableError(Exception):
    """A package, or a file in it, cannot be read: `reason` says why, and `fix` what to do."""

    def __init__(self, reason: str, fix: str = _TAKE_ANOTHER) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix

    def problem(self, file: Path) -> Problem:
        # SQLite and zlib quote what stands in the file, whatever it is.
        reason = "".join(sign if sign.isprintable() else "?" for sign in self.reason)
        return Problem(Place(file), RULE, reason, self.fix)


class Findings:
    """What is wrong in a package that can be read all the same; of each kind the first few are told one by one."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._counts: Counter[str] = Counter()
        self._problems: list[Problem] = []

    def tell(self, rule: str, message: str, fix: str) -> None:
        self._counts[rule] += 1
        if self._counts[rule] <= _MOST_TOLD:
            self._problems.append(Problem(Place(self._file), rule, message, fix, Severity.WARNING))

    @property
    def problems(self) -> list[Problem]:
        more = [
            Problem(Place(self._file), rule, f"and {count - _MOST_TOLD:,} more like these", "", Severity.WARNING)
            for rule, count in self._counts.items()
            if count > _MOST_TOLD
        ]
        return [*self._problems, *more]


def shown(name: str) -> str:
    """A name from a package in a message: in quotes, its unprintable signs escaped, and not too long."""
    longest = 80
    return repr(name if len(name) <= longest else f"{name[:longest]}…")
