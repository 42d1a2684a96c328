"""A file that YAML cannot read, brought near to one that it can, so that what stands behind a slip is told too.

Only for telling mistakes: nothing is built from it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from deckbuilder.facts.events import read_values
from deckbuilder.facts.lookalikes import straightened
from deckbuilder.facts.quick import quick
from deckbuilder.facts.source import Source, split_lines
from deckbuilder.facts.syntax import guesses
from deckbuilder.problems import Place, Problem

_MOST_LINES = 20
_MOST_PASSES = 4
# Of a longer file (in characters) less is guessed: each guess is one reading.
_LONG = 500_000
# More mistakes than a file can have, and more columns than are counted.
_UNREADABLE = 10**15
_WIDEST = 10**5


def readable(source: Source) -> tuple[Source, list[Problem]]:
    """A text near `source` that YAML can read, and where it could not read the author's. Lines stay where they are."""
    known: frozenset[str] = frozenset()
    mistakes = _counter()
    for passes_left in reversed(range(_MOST_PASSES if len(source.text) < _LONG else 1)):
        straight = straightened(source, mistakes, known)
        near, stops = _read_on(straight.source)
        # A sign that only looks right can stand behind what kept YAML from reading on.
        further = straightened(near, mistakes).kinds - straight.kinds if stops and passes_left else None
        if not further:
            break
        known = straight.kinds | further
    return near, list(dict.fromkeys(as_written(problem, source) for problem in (*straight.problems, *stops)))


def _read_on(source: Source) -> tuple[Source, list[Problem]]:
    """A text in which nothing keeps YAML from reading on, as far as can be guessed, and what did so."""
    problems: list[Problem] = []
    for _ in range(_MOST_LINES):
        reading = read_values(source)
        if reading.whole:
            break
        stop = max(reading.problems, key=lambda problem: problem.place)
        problems.append(stop)
        better = next((text for text in _tries(source, stop) if _further(text, source, stop)), None)
        if better is None:
            break
        source = Source(source.file, better)
    return source, problems


def straight(source: Source) -> Source:
    """The text, with signs in the place of those that only look like them; `source` itself where nothing is wrong."""
    return straightened(source, _mistakes_in).source


def as_written(problem: Problem, source: Source) -> Problem:
    """A problem of a text that was brought near to `source`, with the author's own line."""
    return replace(problem, place=written_place(problem.place, source))


def written_place(place: Place, source: Source) -> Place:
    """A place in a text that was brought near to `source`, in `source` itself."""
    if not place.line:
        return place
    line = source.place_in(place.line, 1).text
    return replace(place, column=_written_column(place.column, place.text, line), text=line)


def _written_column(column: int, near: str, written: str) -> int:
    """Where a column of a line stands in the line that it was made from."""
    same = _alike(near, written)
    rest = min(_alike(near[::-1], written[::-1]), len(near) - same, len(written) - same)
    if column - 1 <= same:
        return column
    from_end = len(near) - (column - 1)
    return max(len(written) - from_end, 0) + 1 if from_end <= rest else same + 1


def _alike(one: str, other: str) -> int:
    """With how many equal signs two lines begin."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _counter() -> Callable[[str], int]:
    """`_mistakes_in` that remembers what it was asked; of a long text no more than its hash."""
    counts: dict[int, int] = {}

    def mistakes(text: str) -> int:
        if hash(text) not in counts:
            counts[hash(text)] = _mistakes_in(text)
        return counts[hash(text)]

    return mistakes


def _mistakes_in(text: str) -> int:
    """How much is wrong with a text: more than with any other, if YAML can read less of it."""
    reading = read_values(Source(Path(), text))
    if not reading.whole:
        stop = max(problem.place for problem in reading.problems)
        return _UNREADABLE - stop.line * _WIDEST - min(stop.column, _WIDEST - 1)
    if reading.value is None or quick(reading.value) is not None:
        return len(reading.problems)
    # Not above: only a broken file asks for it.
    from deckbuilder.facts.judge import mistakes_in  # noqa: PLC0415

    return len(reading.problems) + mistakes_in(reading.value)


def _tries(source: Source, stop: Problem) -> Iterator[str]:
    """The text with a line, or some, as they may have been meant."""
    lines = split_lines(source.text)
    if 0 < stop.place.line <= len(lines):
        for line, better in guesses(source, stop):
            yield "\n".join([*lines[: line - 1], better, *lines[line + better.count("\n") :]])


def _further(text: str, source: Source, stop: Problem) -> bool:
    reading = read_values(Source(source.file, text))
    return reading.whole or all(problem.place.line > stop.place.line for problem in reading.problems[-1:])
