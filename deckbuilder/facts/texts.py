"""One text of an author's file exchanged for another, by the smallest edit that reads as just that.

Comments, layout and the way a text is quoted stay. Whatever is tried is read again: only a file in which this one
text is new, and nothing else, is taken.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from deckbuilder.facts.edit import line_after
from deckbuilder.facts.events import Spot, YamlPath, index_places, read_values, scalar_ends
from deckbuilder.facts.plain import Value
from deckbuilder.facts.source import Source

# Words beside what changes that must be found with it, so that no other place is taken.
_BESIDE = 3
# A text and an id that are longer than this together stand in two lines.
_LONG_LINE = 60
_WORD = re.compile(r"\s+|\w+|[^\w\s]")


def texts_in(value: Value, path: YamlPath = ()) -> Iterator[tuple[YamlPath, str]]:
    """All texts of a file's value with their paths."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from texts_in(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts_in(inner, (*path, index))
    elif value is not None:
        yield path, value


def with_text(source: Source, path: YamlPath, text: str, identity: str = "") -> str | None:
    """The file with `text` at `path`; None if its notation leaves no place that is sure.

    `identity` is an id that the fact is to have from now on: a plain text becomes a mapping with it.
    """
    value = read_values(source).value
    wanted = _exchanged(value, path, text, identity)
    old = _at(value, path)
    spot = index_places(source).spots.get(path)
    if spot is None or not isinstance(old, str):
        return None
    start = source.position(spot.line, spot.column)
    end = source.position(*scalar_ends(source).get((spot.line, spot.column), (spot.line, spot.column)))
    for token in _tokens(source.text[start:end], old, text):
        for tried in _files(source.text, slice(start, end), token, spot, identity):
            reading = read_values(Source(source.file, tried))
            if not reading.problems and reading.value == wanted:
                return tried
    return None


def _exchanged(value: Value, path: YamlPath, text: str, identity: str) -> Value:
    """A file's value as it should be read."""
    step: Any
    step, *rest = path
    inner: Any = list(value) if isinstance(value, list) else dict(value) if isinstance(value, dict) else {}
    if rest:
        inner[step] = _exchanged(inner[step], tuple(rest), text, identity)
    elif not identity:
        inner[step] = text
    elif isinstance(inner, list):
        inner[step] = {"text": text, "id": identity}
    else:
        inner |= {step: text, "id": identity}
    return inner  # type: ignore[no-any-return] # a list or a mapping, as it was


def _at(value: Any, path: YamlPath) -> Any:
    for step in path:
        value = value[step]
    return value


def _files(text: str, old: slice, token: str, spot: Spot, identity: str) -> Iterator[str]:
    """The file with a token exchanged, and an id beside it."""
    before, after = text[: old.start], text[old.stop :]
    if not identity:
        yield before + token + after
        return
    tried = before + token + after
    position = old.start + len(token.rstrip())
    in_line = before + f"{{text: {token.strip()}, id: {identity}}}" + after
    in_lines = before + "text: " + token
    in_lines += line_after(in_lines + after, spot, len(in_lines), f"id: {identity}")
    yield from (in_line, in_lines) if len(token) + len(identity) < _LONG_LINE else (in_lines, in_line)
    yield tried[:position] + line_after(tried, spot, position, f"id: {identity}")
    yield tried[:position] + f", id: {identity}" + tried[position:]


def _tokens(raw: str, old: str, new: str) -> Iterator[str]:
    """A scalar that says `new`, as it may be written where one says `old`: as little else as can be first."""
    yield from _smallest(raw, old, new)
    single = "'" + new.replace("'", "''") + "'"
    double = json.dumps(new, ensure_ascii=False)
    plain = [new] if "\n" not in new else []
    yield from {"'": [single, double], '"': [double, single]}.get(raw[:1], [*plain, double, single])


def _smallest(raw: str, old: str, new: str) -> Iterator[str]:
    """The scalar with only the changed words exchanged, wherever its lines break."""
    one, two = _WORD.findall(old), _WORD.findall(new)
    start = _shared(one, two)
    end = _shared(one[start:][::-1], two[start:][::-1])
    gone, come = one[start : len(one) - end], two[start : len(two) - end]
    left, right = one[max(start - _BESIDE, 0) : start], one[len(one) - end :][:_BESIDE]
    found = re.compile(f"(?P<left>{_spaced(left)})(?P<gone>{_spaced(gone)})(?={_spaced(right)})").finditer(raw)
    for match in found:
        yield raw[: match.start("gone")] + "".join(come) + raw[match.end("gone") :]


def _shared(one: Sequence[str], two: Sequence[str]) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))


def _spaced(words: Sequence[str]) -> str:
    """A pattern of these words, with any space where there is one: a text can go on in the next line."""
    return "".join(r"\s+" if word.isspace() else re.escape(word) for word in words)
