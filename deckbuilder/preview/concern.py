"""Which cards a problem concerns: it names a line, a card the place of its fact, and YAML says what lies in what."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from deckbuilder.facts.events import YamlPath, index_places
from deckbuilder.facts.source import read_source
from deckbuilder.problems import Place, Problem

# What stands above this depth, concepts.NAME.KEY, is no fact.
_FACT_DEPTH = 3


def concerned(
    cards: Mapping[str, Place], problems: Sequence[Problem]
) -> tuple[dict[str, list[Problem]], list[Problem]]:
    """The problems of each card by its name, and those that concern no card. `cards` gives the place of each."""
    paths = cache(_paths_in)
    by_path: dict[tuple[Path, YamlPath], list[str]] = {}
    for name, place in cards.items() if problems else ():
        by_path.setdefault((place.file, _path_at(place, paths(place.file))), []).append(name)
    found: dict[str, list[Problem]] = {}
    loose = []
    for problem in problems:
        file = problem.place.file
        names = _around(file, _path_at(problem.place, paths(file)), by_path)
        for name in names:
            found.setdefault(name, []).append(problem)
        if not names:
            loose.append(problem)
    return found, loose


def _around(file: Path, path: YamlPath, by_path: Mapping[tuple[Path, YamlPath], list[str]]) -> Sequence[str]:
    """The cards of the nearest fact around `path`; for what holds several facts, as a list does, the cards of all."""
    for length in range(len(path), _FACT_DEPTH - 1, -1):
        if (file, path[:length]) in by_path:
            return by_path[file, path[:length]]
    if len(path) < _FACT_DEPTH:
        return ()
    inside = (names for (where, below), names in by_path.items() if where == file and below[: len(path)] == path)
    return [name for names in inside for name in names]


def _path_at(place: Place, paths: Mapping[tuple[int, int], YamlPath]) -> YamlPath:
    return paths.get((place.line, place.column), ())


def _paths_in(file: Path) -> dict[tuple[int, int], YamlPath]:
    """What begins at each line and column; where several values begin, the one that holds the others."""
    source, _ = read_source(file)
    if source is None:
        return {}
    found: dict[tuple[int, int], YamlPath] = {}
    for path, spot in index_places(source).spots.items():
        for place in (source.place(spot.line, spot.column), source.place(spot.key_line, spot.key_column)):
            here = (place.line, place.column)
            if here not in found or len(path) < len(found[here]):
                found[here] = path
    return found
