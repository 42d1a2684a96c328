"""Signs that an author cannot tell from those of YAML: a tab or a wide space, a dash for a hyphen, a wide colon.

They are slips where a file has mistakes that are gone when they are put right; elsewhere they are words.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, is_dataclass, replace
from functools import cache

from deckbuilder.facts import models
from deckbuilder.facts.keys import Strict, keys_of
from deckbuilder.facts.source import Source, split_lines
from deckbuilder.problems import Problem

_LIKE_A_SPACE = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff"
_WIDE_COLON = "\N{FULLWIDTH COLON}"
_DASHES = "\u2010-\u2015\u2212\uff0d\u2022\u00b7\u25cf\u25aa"
# So many lines are named beside the first.
_MOST_LINES = 8
_BLOCK = re.compile(r"(?:^|[:\-]\s+)[|>][+\-0-9]*\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class _Slip:
    """What is found at the beginning of a line, with the wrong signs as the second group, and how they were meant."""

    found: re.Pattern[str]
    meant: tuple[str, ...]
    message: str
    fix: str


@cache
def _slips() -> tuple[_Slip, ...]:
    key = "|".join(sorted(_all_keys(), key=len, reverse=True))
    return (
        _Slip(
            re.compile(r"^( *)(\t[ \t]*)(?=\S)", re.MULTILINE),
            ("  ", "    ", "        "),
            "a tab is used for indentation",
            "indent with spaces",
        ),
        _Slip(
            re.compile(r"^( *(?:- +)*-)(\t[ \t]*)(?=\S)", re.MULTILINE),
            (" ",),
            "a tab follows the hyphen of an entry",
            "write a space behind the hyphen",
        ),
        _Slip(
            re.compile(
                rf"^(\s*(?:- +)*(?:-|[^\s\"'#\-][^:#\n]*:))([{_LIKE_A_SPACE}][ {_LIKE_A_SPACE}]*)", re.MULTILINE
            ),
            (" ",),
            "a space that is none to YAML follows a hyphen or a colon",
            "write an ordinary space, as the space bar makes it",
        ),
        _Slip(
            re.compile(rf"^( *)([{_LIKE_A_SPACE}][ {_LIKE_A_SPACE}]*)(?=\S)", re.MULTILINE),
            (" ", "  "),
            "a space that is none to YAML is used for indentation",
            "indent with ordinary spaces, as the space bar makes them",
        ),
        _Slip(
            re.compile(rf"^([ \t]*(?:- +)*(?:{key}))({_WIDE_COLON}[ \t]*)", re.MULTILINE),
            (": ",),
            "this wide colon is no colon to YAML",
            "write an ordinary colon and a space",
        ),
        _Slip(
            re.compile(rf"^([ \t]*(?:- +)*(?:{key}))(:)(?=[^\s:/])", re.MULTILINE),
            (": ",),
            "no space follows the colon of a key",
            "write a space behind the colon",
        ),
        _Slip(
            re.compile(rf"^( *(?:- +)*(?:{key}))( +)(?=[^\s:])", re.MULTILINE),
            (": ",),
            "no colon follows the key",
            "write a colon and a space behind it",
        ),
        _Slip(
            re.compile(rf"^([ \t]*)([{_DASHES}][ \t]*|\*[ \t]+)(?=\S)", re.MULTILINE),
            ("- ",),
            "this sign is no hyphen, so it begins no entry of a list",
            "begin each entry with a hyphen and a space: '- '",
        ),
        _Slip(
            re.compile(r"^([ \t]*)(-)(?=[^\s\-])", re.MULTILINE),
            ("- ",),
            "no space follows the hyphen of an entry",
            "write a space behind the hyphen",
        ),
    )


@dataclass(frozen=True, slots=True)
class Straight:
    """A text without such slips, which kinds of them it had, and what is told of them."""

    source: Source
    kinds: frozenset[str]
    problems: tuple[Problem, ...]


def straightened(source: Source, mistakes: Callable[[str], int], known: Collection[str] = ()) -> Straight:
    """The text with such slips put right: those that are `known`, and those without which it has fewer mistakes.

    `mistakes` counts those of a text.
    """
    lines, problems, left = split_lines(source.text), dict[str, Problem](), None
    for slip in _slips():
        # Of the whole text first: most have none, and it is long.
        if not slip.found.search(source.text):
            continue
        found = [(number, match) for number in _outside_blocks(lines) if (match := slip.found.match(lines[number]))]
        left = mistakes(source.text) if left is None and found else left
        if not found or not left:
            continue
        tries = [_with(lines, found, meant) for meant in slip.meant]
        fewest, best = min((mistakes("\n".join(tried)), number) for number, tried in enumerate(tries))
        if fewest < left or slip.message in known:
            lines, left = tries[best], fewest
            problems[slip.message] = _problem(source, slip, found)
    near = Source(source.file, "\n".join(lines)) if problems else source
    return Straight(near, frozenset(problems), tuple(problems.values()))


def _problem(source: Source, slip: _Slip, found: Sequence[tuple[int, re.Match[str]]]) -> Problem:
    (first, match), *others = found
    place = source.place_in(first + 1, 1)
    # Another slip may have moved what the match knows.
    place = replace(place, column=place.text.find(match[2][0]) + 1)
    also = ", ".join(str(number + 1) for number, _ in others[:_MOST_LINES])
    more = ", ..." if len(others) > _MOST_LINES else ""
    return Problem(place, "yaml", slip.message + (f" (also in line {also}{more})" if also else ""), slip.fix)


def _with(lines: Sequence[str], found: Sequence[tuple[int, re.Match[str]]], meant: str) -> list[str]:
    changed = list(lines)
    for number, match in found:
        right = re.sub("[^ ]", meant, match[2]) if meant.isspace() else meant
        changed[number] = changed[number][: match.start(2)] + right + changed[number][match.end(2) :]
    return changed


def _outside_blocks(lines: Sequence[str]) -> Iterator[int]:
    """The lines of which YAML reads more than words: those below a `|` or `>` are words."""
    block: int | None = None
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and (indent > block or not line.strip()):
            continue
        block = indent if _BLOCK.search(line) else None
        yield number


def _all_keys() -> set[str]:
    """Every key of the format."""
    known = [
        kind
        for kind in vars(models).values()
        if isinstance(kind, type) and is_dataclass(kind) and issubclass(kind, Strict)
    ]
    return {key for kind in known for key in keys_of(kind)}
