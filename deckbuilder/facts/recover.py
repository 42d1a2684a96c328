"""A file that YAML cannot read, brought near to one that it can, so that what stands behind a slip is told too.

Only for telling mistakes: nothing is built from it.
"""

from dataclasses import replace

from deckbuilder.facts.events import read_values
from deckbuilder.facts.source import Source, split_lines
from deckbuilder.facts.syntax import is_readable_near, near
from deckbuilder.problems import Problem

_MOST_LINES = 20


def readable(source: Source) -> tuple[Source, list[Problem]]:
    """A text near `source` that YAML can read, and where it could not read the author's. Lines stay where they are."""
    written, problems = source, list[Problem]()
    for _ in range(_MOST_LINES):
        reading = read_values(source)
        if reading.whole:
            break
        stop = max(reading.problems, key=lambda problem: problem.place)
        problems.append(as_written(stop, written))
        if not is_readable_near(stop):
            break
        better = next((text for text in _tries(source, stop) if _further(text, source, stop)), None)
        if better is None:
            break
        source = Source(source.file, better)
    return source, problems


def as_written(problem: Problem, source: Source) -> Problem:
    """A problem of a text that was brought near to `source`, with the author's own line."""
    place = problem.place
    line = split_lines(source.text)[place.line - 1] if place.line else ""
    return replace(problem, place=replace(place, column=min(place.column, len(line) + 1), text=line))


def _tries(source: Source, stop: Problem) -> list[str]:
    """The text with one line as it may have been meant."""
    lines, line = list(split_lines(source.text)), stop.place.line
    if not 0 < line <= len(lines):
        return []
    return ["\n".join([*lines[: line - 1], better, *lines[line:]]) for better in near(lines[line - 1], stop)]


def _further(text: str, source: Source, stop: Problem) -> bool:
    reading = read_values(Source(source.file, text))
    return reading.whole or all(problem.place.line > stop.place.line for problem in reading.problems[-1:])
