"""Problems, and how many of what, in the forms that people and programs read."""

from collections.abc import Mapping

from deckbuilder.problems import Place, Problem, Severity

_WIDEST = 100
_BEFORE_CARET = 60
_NAMES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def tally(findings: Mapping[Severity, int]) -> str:
    """`1 error, 3 warnings, 2 remarks`."""
    return ", ".join(count(findings[severity], _NAMES[severity]) for severity in Severity if findings.get(severity))


def problem_record(problem: Problem) -> dict[str, object]:
    """A problem as JSON holds it; line and column count from 1, and are 0 for a file as a whole."""
    return {
        "file": str(problem.place.file),
        "line": problem.place.line,
        "column": problem.place.column,
        "rule": problem.rule,
        "severity": problem.severity.value,
        "message": problem.message + (f" ({problem.fix})" if problem.fix else ""),
    }


def github_annotation(problem: Problem) -> str:
    """A problem as a workflow command, which GitHub shows at the line of a pull request."""
    level = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}[problem.severity]
    where = {"file": problem.place.file.as_posix(), "line": problem.place.line, "col": problem.place.column}
    told = {name: value for name, value in where.items() if value}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in {**told, "title": problem.rule}.items())
    message = problem.message + (f" ({problem.fix})" if problem.fix else "")
    return f"::{level} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def shown_line(place: Place) -> tuple[str, int] | None:
    """The line of a place, cut to what a terminal shows, and where the caret goes in it (columns)."""
    if not place.line or not place.text.strip():
        return None
    start = max(0, place.column - 1 - _BEFORE_CARET) if len(place.text) > _WIDEST else 0
    cut = place.text[start : start + _WIDEST]
    text = ("…" if start else "") + cut + ("…" if start + _WIDEST < len(place.text) else "")
    offset = place.column - 1 - start + (1 if start else 0)
    return text.replace("\t", " "), sum(map(_width, text[:offset]))


def _width(character: str) -> int:
    """How many columns of a terminal a character takes."""
    import unicodedata  # noqa: PLC0415 - only problems pay for it

    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
