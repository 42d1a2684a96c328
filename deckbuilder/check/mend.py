"""Mechanical mistakes mended in the author's file: the smallest change of the text, never a file written anew.

Every change is tried on the text and read again. It is taken only if nothing but what was meant has changed, so
that comments, layout and all other facts stay as they are.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deckbuilder.facts.events import read_values
from deckbuilder.facts.models import Concept, Heading, Item, Mask, Member, Order, Picture, Question, Second
from deckbuilder.facts.plain import Value
from deckbuilder.facts.source import Source, read_source, split_lines
from deckbuilder.facts.syntax import is_readable_near, near
from deckbuilder.facts.validate import validate
from deckbuilder.problems import Problem

_LINE = re.compile("[^\r\n]*(?:\r\n|[\n\r]|$)")
_ALLOW = re.compile(r"\s*allow:\s*")
_KEY = re.compile(r"\b([a-z_]+):\s")
_HALF_QUOTED = re.compile(r"""["'][^"']*|[^"']*["']""")


@dataclass(frozen=True, slots=True)
class Mended:
    """One file as it should be written, and the mistakes that are gone from it."""

    file: Path
    data: bytes
    problems: tuple[Problem, ...]


def mend(problems: Sequence[Problem]) -> list[Mended]:
    """The files in which some of `problems` can be mended."""
    by_file: dict[Path, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.place.file, []).append(problem)
    return [mended for file, found in by_file.items() if (mended := _mend_file(file, found))]


def _mend_file(file: Path, problems: Sequence[Problem]) -> Mended | None:
    source, _ = read_source(file)
    if source is None:
        return None
    done: list[Problem] = []
    # From the end, so that the lines of the others stay where they are.
    for problem in sorted(problems, key=lambda problem: problem.place, reverse=True):
        better = next((text for text in _tries(source.text, problem) if _only_that(source, text, problem)), None)
        if better is not None:
            source = Source(file, better)
            done.append(problem)
    if not done:
        return None
    mark = codecs.BOM_UTF8 if file.read_bytes().startswith(codecs.BOM_UTF8) else b""
    return Mended(file, mark + source.text.encode(), tuple(reversed(done)))


def _tries(text: str, problem: Problem) -> Iterator[str]:
    """The text of a file with `problem` mended, in ways that may fit."""
    lines = _LINE.findall(text)
    number = problem.place.line - 1
    if not 0 <= number < len(lines):
        return
    before, line, after = "".join(lines[:number]), lines[number], "".join(lines[number + 1 :])
    if problem.rule == "waiver-unused":
        if number and _ALLOW.fullmatch(lines[number - 1]):
            yield "".join(lines[: number - 1]) + after
        yield from (before + shorter + after for shorter in _without_waiver(line, problem.place.column - 1))
    elif is_readable_near(problem):
        body = line.rstrip("\r\n")
        yield from (before + text + line[len(body) :] + after for text in near(body, problem))
    elif problem.mend is not None:
        old, new = problem.mend
        found = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)").search(line, problem.place.column - 1)
        if found:
            yield before + line[: found.start()] + new + line[found.end() :] + after


def _without_waiver(line: str, column: int) -> Iterator[str]:
    """A line without the waiver that begins at `column`, and without its `allow` where nothing else stands in it."""
    yield ""
    head, tail = line[:column], line[column:]
    last = re.match(r"[^{}]*?\}", tail)
    if last and (opening := re.search(r",?\s*allow:\s*\{\s*$", head)):
        yield head[: opening.start()] + tail[last.end() :]
        yield head[: opening.start()] + tail[last.end() :].lstrip(" ,")
    inner = re.match(r"[^{},]*,\s*", tail)
    if inner:
        yield head + tail[inner.end() :]
    if last:
        yield re.sub(r",\s*$", "", head) + tail[last.end() - 1 :]


def _only_that(source: Source, text: str, problem: Problem) -> bool:
    """Whether `text` is the same file without `problem`, and with nothing else changed."""
    then, now = read_values(source), read_values(Source(source.file, text))
    if problem.rule == "yaml":
        # What could not be read cannot be compared: the reader must come further, past this line.
        later = [other for other in now.problems if other.place.line <= problem.place.line]
        further = now.whole or len(now.problems) <= len(then.problems)
        return further and not later and _is_sure(split_lines(text)[problem.place.line - 1])
    if then.problems or now.problems:
        return False
    gone, come = _difference(_words(then.value), _words(now.value))
    if problem.rule == "waiver-unused":
        return not come and len(gone) in {2, 3} and problem.place.text[problem.place.column - 1 :].startswith(gone[-2])
    slips, left = validate(then.value, source)[1], validate(now.value, Source(source.file, text))[1]
    # A text that commas part is several words before, and one after.
    is_one = len(come) == 1 and (len(gone) == 1 or ", ".join(gone) == come[0])
    return is_one and (len(left) < len(slips) or not (slips or left))


def _is_sure(line: str) -> bool:
    """Whether no text of a mended line looks like more than a text: like a key with its text, or half of its quotes."""
    texts = _words(read_values(Source(Path(), line.strip())).value)
    return not any(key in _keys() for text in texts for key in _KEY.findall(text)) and not any(
        map(_HALF_QUOTED.fullmatch, texts)
    )


@cache
def _keys() -> frozenset[str]:
    """All keys that can stand beside a text."""
    kinds = (Heading, Concept, Member, Question, Second, Item, Mask, Picture, Order)
    return frozenset(key for kind in kinds for key in kind.DEFAULTS)


def _words(value: Value) -> list[str]:
    """All keys and texts of a file in order."""
    if isinstance(value, dict):
        return [word for key, inner in value.items() for word in (key, *_words(inner))]
    if isinstance(value, list):
        return [word for inner in value for word in _words(inner)]
    return [] if value is None else [value]


def _difference(one: list[str], two: list[str]) -> tuple[list[str], list[str]]:
    """What is left of both without their common beginning and end."""
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    end = 0
    while end < min(len(one), len(two)) - start and one[-1 - end] == two[-1 - end]:
        end += 1
    return one[start : len(one) - end], two[start : len(two) - end]
