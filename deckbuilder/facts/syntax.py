"""What a YAML parser's complaint means to an author, and what to do about it."""

import re

import yaml

from deckbuilder.facts.source import Source, split_lines
from deckbuilder.problems import Place, Problem

_BARE_BLANK = re.compile(r"(?:^|[:\-]\s+)(\[\[|\{\{)")
_BARE_AFTER_QUOTE = re.compile(r"""(?:^|[:\-]\s+)("[^"]*"|'[^']*')\s*[^\s,:#\]}]""")


def explain(error: yaml.YAMLError, source: Source) -> Problem:
    """`error` as a problem at the place where the author will look for it."""
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error)
    if mark is None:
        return Problem(Place(source.file), "yaml", f"cannot be read as YAML: {what}")
    context_mark = getattr(error, "context_mark", None)
    if "end of stream" in what and context_mark is not None:
        # The parser noticed at the end of the file; the author's slip is where the quote opened.
        mark = context_mark
    lines = split_lines(source.text)
    line = lines[mark.line] if mark.line < len(lines) else ""
    message, fix = _in_words(what, line, mark.column)
    return Problem(source.place(mark.line, mark.column), "yaml", message, fix)


def _in_words(what: str, line: str, column: int) -> tuple[str, str]:
    blank = _BARE_BLANK.search(line)
    if "\t" in line[: len(line) - len(line.lstrip())] or "tab" in what:
        return "a tab is used for indentation", "indent with spaces"
    if "cannot start any token" in what:
        found = line[column : column + 1]
        return f"a text cannot begin with {found!r}", "put the text in quotes"
    if "end of stream" in what:
        return "a quote or bracket that opens here is never closed", "close it, or put the whole text in quotes"
    if "escape" in what:
        return (
            "a backslash in double quotes begins an escape that YAML does not know",
            "put the text in single quotes, where a backslash stands for itself",
        )
    if blank:
        return f"a text that begins with {blank[1]} is read as a YAML list", "put the text in quotes"
    if _BARE_AFTER_QUOTE.search(line):
        return "text follows a closing quote", "put the whole text in quotes"
    if "mapping values" in what:
        return "a ': ' stands where none can", "put a text that contains ': ' in quotes, or check the indentation"
    if "expected" in what:
        return "the lines do not fit together here", "entries of one list or mapping begin in the same column"
    return f"cannot be read as YAML: {what}", "check this line and the one before"
