"""What reading promises for any bytes: no traceback, and every problem told at a place, in an author's words."""

import os
import re
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from deckbuilder.check import RULES
from deckbuilder.check.review import review
from deckbuilder.problems import Problem
from deckbuilder.report import github_annotation, problem_record, shown_line

# What only those who wrote the program would understand.
INTERNALS = re.compile(
    r"Traceback|<class|pydantic|NoneType|ValidationError|\bNone\b|\[key\]|Input should|Value error| at 0x[0-9a-f]{6,}"
)
# A message is one line of a terminal, whatever stands in the file.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# What is wrong with a file as a whole; all else stands in a line.
ABOUT_THE_FILE = {"encoding", "unreadable", "empty-file", "no-deck", "no-heading", "schema"}
LINE_END = re.compile("\r\n|[\n\r]")  # as editors count
_moments = count(10**18, 10**9)


def review_bytes(folder: Path, data: bytes) -> list[Problem]:
    """What a review tells of a file of these bytes, once it has been held against the promise."""
    return review_files(folder, {"birds.yaml": data}, folder / "birds.yaml")


def review_files(folder: Path, files: Mapping[str, bytes], named: Path) -> list[Problem]:
    """The same of a deck in a folder; `named` is the path that the review is asked for."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
        # Places are remembered by a file's time of change, and here it changes faster than clocks tick.
        moment = next(_moments)
        os.utime(folder / name, ns=(moment, moment))
    rules = list(RULES.values())
    packages = folder / "dist"
    problems = review([named], rules, packages)
    assert review([named], rules, packages) == problems, "a second reading tells something else"
    typed = "\n".join(data.decode("utf-8", "replace") for data in files.values())
    for problem in problems:
        _check_place(problem, folder, files)
        _check_words(problem, typed)
        # What is told is also shown, to people and to programs.
        shown_line(problem.place)
        problem_record(problem)
        github_annotation(problem)
    return problems


def _check_place(problem: Problem, folder: Path, files: Mapping[str, bytes]) -> None:
    place = problem.place
    if place.line == place.column == 0:
        assert problem.rule in ABOUT_THE_FILE, problem
        assert place.text == "", problem
        assert place.file == folder or place.file.name in files, problem
        return
    text = files[place.file.name].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    lines = LINE_END.split(text)
    assert 1 <= place.line <= len(lines), problem
    assert place.text == lines[place.line - 1], problem
    assert 1 <= place.column <= len(place.text) + 1, problem


def _check_words(problem: Problem, typed: str) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", problem.rule), problem
    assert problem.message.strip(), problem
    for words in (problem.message, problem.fix):
        assert not UNPRINTABLE.search(words), problem
        # An author's own words are quoted, and may be any.
        assert all(internal in typed for internal in INTERNALS.findall(words)), problem
