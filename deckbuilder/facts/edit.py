"""Small edits of an author's file: one place changed, the rest left as it was, and the result read again."""

import re
from collections.abc import Iterator
from pathlib import Path

from deckbuilder.facts.events import Places, Spot, index_places, read_values
from deckbuilder.facts.source import Source, read_source

_SCALAR = re.compile(r""""[^"]*"|'[^']*'|[^\s,}\]#]+""")


def with_version(file: Path, version: str) -> bytes | None:
    """The heading's file with this version in it; None if its notation leaves no place that is sure."""
    data = file.read_bytes()
    source, _ = read_source(file)
    if source is None:
        return None
    value = read_values(source).value
    heading = value.get("deck") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(heading, dict):
        return None
    if heading.get("version") == version:
        return data
    wanted = {**value, "deck": {**heading, "version": version}}
    # What is tried is read again: only a text that means just what was wanted is taken.
    for text in _candidates(source, version):
        if read_values(Source(file, text)).value == wanted:
            mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
            return mark + text.encode()
    return None


def _candidates(source: Source, version: str) -> Iterator[str]:
    places: Places = index_places(source)
    old, deck_id = places.spots.get(("deck", "version")), places.spots.get(("deck", "id"))
    entry = f'version: "{version}"'
    if old is not None:
        start = source.position(old.line, old.column)
        yield from _replaced(source.text, start, f'"{version}"')
    elif deck_id is not None:
        start = source.position(deck_id.line, deck_id.column)
        scalar = _SCALAR.match(source.text, start)
        if scalar is not None:
            yield source.text[: scalar.end()] + line_after(source.text, deck_id, scalar.end(), entry)
            yield source.text[: scalar.end()] + f", {entry}" + source.text[scalar.end() :]


def _replaced(text: str, start: int, value: str) -> Iterator[str]:
    scalar = _SCALAR.match(text, start)
    if scalar is not None:
        yield text[:start] + value + text[scalar.end() :]


def line_after(text: str, spot: Spot, position: int, entry: str) -> str:
    """What follows `position`, with a line for `entry` after the one it stands in, as far in as the key there."""
    end = re.compile(r"\r\n|\n|\r").search(text, position)
    margin = " " * spot.key_column
    if end is None:
        return f"{text[position:]}\n{margin}{entry}\n"
    return text[position : end.end()] + margin + entry + end.group() + text[end.end() :]
