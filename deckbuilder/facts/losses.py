"""Words that YAML takes otherwise than the eye: a text that ends at ` #`, an entry that belongs to the one above it.

Such a file is right, and may be meant so; it is only said.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from deckbuilder.facts.events import scalar_ends
from deckbuilder.facts.source import Source
from deckbuilder.problems import Problem, Severity

# Nobody types a longer file (in characters), and to look through one takes time.
_LONGEST = 1_000_000
# A remark has a space behind its sign; a number or a name has none.
_REMARK = re.compile(r"(?<=\S)[ \t]+(#)(?=[^\s#!])")
# Below a line that opens no list, whether that is an entry or a key with its text. What follows a key whose text begins
# with a quote that stays open stands in quotes.
_OPENS_LIST = r"[^\n]*: *$"
_OPENS_QUOTES = r"(?:- +)*[^-\s:'\"#][^:\n]*: +(?:'[^'\n]*|\"[^\"\n]*)$"
_ENTRY_FURTHER_RIGHT = re.compile(
    rf"^( *)(?=\S[^\n]*\n(?:[ \t]*\n)*\1 +(- ))(?!{_OPENS_LIST})(?!{_OPENS_QUOTES})", re.MULTILINE
)
# What stands in a line before a text that is an entry, and no key's.
_DASHES = re.compile("[ -]*")
_NOT_PLAIN = ("'", '"', "|", ">")


def losses(source: Source) -> list[Problem]:
    """What a file without mistakes says otherwise than it seems to."""
    if len(source.text) > _LONGEST:
        return []
    # Most files have none, and to look for the sign alone takes no time.
    may_have_remarks = " #" in source.text or "\t#" in source.text
    found_remarks = _REMARK.finditer(source.text) if may_have_remarks else ()
    remarks = [(found.start(), found.start(1)) for found in found_remarks]
    entries = [found.start(2) for found in _ENTRY_FURTHER_RIGHT.finditer(source.text)]
    return [*_lost(source, remarks, entries)] if remarks or entries else []


def _lost(source: Source, remarks: list[tuple[int, int]], entries: list[int]) -> Iterator[Problem]:
    spans = sorted((source.position(*start), source.position(*end)) for start, end in scalar_ends(source).items())
    plain = [span for span in spans if not source.text.startswith(_NOT_PLAIN, span[0])]

    def around(position: int) -> tuple[int, int]:
        """The plain text that begins before a position, the nearest."""
        at = bisect_right(plain, (position, position))
        return plain[at - 1] if at else (0, 0)

    for end, position in remarks:
        if around(position)[1] == end and _is_outside(position, spans):
            message = "a remark begins at this '#': it and what follows are not part of the text"
            fix = "put the whole text in quotes; or, if it is a remark, write a space behind the '#'"
            yield Problem(source.place_at(position), "words-lost", message, fix, Severity.WARNING)
    for position in entries:
        start, end = around(position)
        if end > position:
            above = source.place_at(start)
            if _DASHES.fullmatch(above.text, 0, above.column - 1):
                message = "this entry is read as part of the one above it"
                fix = "begin it in the column of that one; or put the whole text in quotes"
            else:
                message = "this entry is read as part of the text above it"
                fix = "begin all entries below the key; or, for a text of several lines, write '|' behind the key"
            yield Problem(source.place_at(position), "words-lost", message, fix, Severity.WARNING)


def _is_outside(position: int, spans: list[tuple[int, int]]) -> bool:
    at = bisect_right(spans, (position, position))
    return not at or spans[at - 1][1] <= position
