"""What a YAML parser's complaint means to an author, and what to do about it."""

import re

import yaml

from deckbuilder.facts.source import Source, split_lines
from deckbuilder.problems import Place, Problem

_BARE_BLANK = re.compile(r"(?:^|[:\-]\s+)(\[\[|\{\{)")
SINGLE_QUOTES = "put the text in single quotes, where a backslash stands for itself"
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
    blank, indent = _BARE_BLANK.search(line), line[: len(line) - len(line.lstrip())]
    begins = line[column : column + 1]
    readings: tuple[tuple[object, str, str], ...] = (
        ("\t" in indent or "tab" in what, "a tab is used for indentation", "indent with spaces"),
        ("cannot start any token" in what, f"a text cannot begin with {begins!r}", "put the text in quotes"),
        (
            "end of stream" in what,
            "a quote or bracket that opens here is never closed",
            "close it, or quote the text",
        ),
        ("escape" in what, "a backslash in double quotes begins an escape that YAML does not know", SINGLE_QUOTES),
        (blank, f"a text that begins with {blank and blank[1]} is read as a YAML list", "put the text in quotes"),
        (_BARE_AFTER_QUOTE.search(line), "text follows a closing quote", "put the whole text in quotes"),
        (
            "mapping values" in what,
            "a ': ' stands where none can",
            "quote a text with ': ', or check the indentation",
        ),
        (
            "expected" in what,
            "the lines do not fit together here",
            "begin entries of one list in one column",
        ),
    )
    fitting = ((message, fix) for fits, message, fix in readings if fits)
    return next(fitting, (f"cannot be read as YAML: {what}", "check this line and the one before"))
