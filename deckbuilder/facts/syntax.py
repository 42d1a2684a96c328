"""What a YAML parser's complaint means to an author, and what to do about it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

import yaml

from deckbuilder.facts.plain import SINGLE_QUOTES
from deckbuilder.facts.source import Source, split_lines
from deckbuilder.problems import Place, Problem

_BARE_SIGN = re.compile(
    r"(?:^|[:\-]\s+)(\[\[|\{\{|\*|&|[>|](?=[+\-0-9]*\s+\S)|\{(?=[^{}:]*\}\s*\S)|\[(?=[^\[\]]*\]\s*[^\s,#]))"
)
_BARE_AFTER_QUOTE = re.compile(r"""(?:^|[:\-]\s+)("[^"]*"|'[^']*')\s*[^\s,:#\]}]""")
_KEY_AFTER_QUOTE = re.compile(r"""["']\s+[a-z_]+:\s""")

# What stands before the text of a line (dashes, a key), and the text. Behind a dash, "Note: ..." is more likely a text.
_TEXT_OF_LINE = re.compile(r"(\s*(?:(?:- +)+(?:[a-z_]+: +)?|(?:[^\s:#\"'\[{][^:#]*: +)?))(\S.*?)\s*")
# A mapping or a list, and no text that begins with a blank.
_BRACE = re.compile(r"\{(?!\{)|\[(?!\[)")
_IN_BRACES = re.compile(rf"(?:{_BRACE.pattern}).*[\]}}],?")
# In a list, what stands between two commas; a reading over a word has brackets of its own.
_TEXT_OF_ENTRY = re.compile(r"(?<=[\[,])(\s*)([^\s\"'\[{][^,]*?)(?=\s*(?:,|\]\s*$))")
# In a mapping, what stands between a key and the next, or the end.
_TEXT_OF_KEY = re.compile(
    r"(?<=[{,])(\s*[a-z_]+:\s+)(?!\{(?!\{))(\S.*?)(?=\s*(?:,\s*[a-z_]+:\s|\}[\]}]*\s*,?\s*$|\}\s*,\s*\{))"
)
_NOTATION = re.compile(r"^[%@`&*!|>#]|[\[\]{}]|:\s|\s#")

_COMMA = "put a comma between them"
_CLOSE = "close it, or quote the text"
_NEVER_CLOSED = "a quote or bracket that opens here is never closed", _CLOSE
_STRAY_COLON = "a ': ' stands where none can"
_DO_NOT_FIT = "the lines do not fit together here"
_ONE_COLUMN = "begin entries of one list in one column"
_NO_KEY = (
    "this line is no 'key: text', and does not stand further right than the key above",
    "indent it further if it belongs to the text above; a key needs a colon and a space behind it",
)
_SHALLOW = "a text below | or > must stand further right than its key", "indent all its lines further"
_BESIDE_SIGN = "a text stands beside the sign for a long text", "begin it in the line below"
_REMARK = "a # begins a remark here, so that the bracket before it is never closed", "put the text in quotes"
_COLUMN = re.compile(r"here in column (\d+)")
_KEY_OF_ENTRY = "write the text with a key, too: '- text: ...'"
_CLOSING = {"[": "]", "{": "}"}
# A key at the beginning of a line, an entry that is a text alone, and a quote that a line leaves open.
_KEY = re.compile(r"(\s*(?:- +)*)([a-z_]+):(?=\s|$)")
_BARE_ENTRY = re.compile(r"\s*- +(?![a-z_]+:(?:\s|$))[^\s\"'\[{|>&*-]")
_OPEN_QUOTE = re.compile(r"""(?:[:\-]\s+|[\[{,]\s*)("(?=(?:[^"\\]|\\.)*$)|'(?=[^']*$))""")
_CURLY = "([\u201c\u201d\u201e\u2018\u201a\u00ab])"
_CURLY_QUOTE = re.compile(rf"(?:^|[:\-]\s+){_CURLY}")
_CURLY_IN_BRACES = re.compile(rf"[\[{{,:]\s*{_CURLY}(?=[^,]*$)")
# A remark within brackets that are closed behind it.
_REMARK_IN_BRACES = re.compile(r"""[\[{][^\]}#"']*?\s(#)[^#]*[\]}]""")
# A line that ends with the sign for a long text, and such a sign with words beside it.
_LONG_TEXT = re.compile(r"[:\-]\s+[|>][+\-0-9]*\s*$")
# An entry of a list, or a key.
_OF_ITS_OWN = re.compile(r"\s*(?:-\s|[^\s:][^:]*:(?:\s|$))")
_BESIDE_LONG_TEXT = re.compile(r"([:\-]\s+[|>][+\-0-9]*)\s+\S.*")
# So far above is looked for what a line belongs to.
_MOST_ABOVE = 30
# So far above, for a bracket that is not closed.
_NEAR_ABOVE = 2


def is_readable_near(problem: Problem) -> bool:
    """Whether a line would be read if its text stood in quotes, or if it had a comma more."""
    return problem.rule == "yaml" and (problem.fix == _COMMA or _lacks_quotes(problem))


def _lacks_quotes(problem: Problem) -> bool:
    return "quote" in problem.fix and "close" not in problem.fix


def near(line: str, problem: Problem) -> Iterator[str]:
    """What an author may have meant by a line (without its end), in the order in which it is to be tried."""
    if problem.fix == _COMMA:
        at = problem.place.column - 1
        yield f"{line[:at].rstrip()}, {line[at:]}"
    else:
        yield from _quoted(line)


def guesses(source: Source, problem: Problem) -> Iterator[tuple[int, str]]:
    """A line by its number, and what it and those below may have been, well enough to read on behind them.

    An author may have meant something else: where to close a quote, only they know.
    """
    number, column = problem.place.line, problem.place.column
    line = source.place_in(number, 1).text
    beside = _COLUMN.search(problem.fix)
    if (problem.message, problem.fix) == _REMARK:
        yield number, f"{line[: column - 1]}_{line[column:]}"
    elif is_readable_near(problem):
        yield from ((number, better) for better in near(line, problem))
    elif (problem.message, problem.fix) == _BESIDE_SIGN:
        yield number, _BESIDE_LONG_TEXT.sub(r"\1", line)
    elif (problem.message, problem.fix) in {_SHALLOW, _NO_KEY}:
        yield number, "\n".join(_further_right(source, number))
    elif problem.fix == _CLOSE:
        sign = line[column - 1 : column]
        yield number, line.rstrip() + _CLOSING.get(sign, sign)
    elif problem.fix == _KEY_OF_ENTRY:
        above, entry = next(source.lines_above(number, 1))
        dash, _, text = entry.partition("- ")
        yield above, f"{dash}-".ljust(column - 1) + f"text: {text.strip()}"
    elif beside is not None:
        yield number, " " * (int(beside[1]) - 1) + line.lstrip(" ")


def _further_right(source: Source, number: int) -> Iterator[str]:
    """A line and those below that are words as it is, as part of the text above."""
    _, above = next(source.lines_above(number, 1), (0, ""))
    first, *others = split_lines(source.text)[number - 1 :]
    words = takewhile(lambda line: not _OF_ITS_OWN.match(line) and _indent(line) >= _indent(first), others)
    return (" " * len(above) + line for line in (first, *words))


def _quoted(line: str) -> Iterator[str]:
    """A line (without its end) whose text is put in quotes, those first in which it needs no change.

    In a mapping it is the texts of its keys: in quotes as a whole, it would be a text itself.
    """
    found = _TEXT_OF_LINE.fullmatch(line)
    if found is None or not found[1].strip() or " #" in found[2]:
        return
    if _IN_BRACES.fullmatch(found[2]):
        for texts in (_TEXT_OF_KEY, _TEXT_OF_ENTRY) if found[2].startswith("[") else (_TEXT_OF_KEY,):
            yield found[1] + texts.sub(lambda text: text[1] + _in_quotes_if_needed(text[2]), found[2])
        return
    if not set(found[2]) & {'"', "\\"}:
        yield f'{found[1]}"{found[2]}"'
    yield found[1] + _in_single_quotes(found[2])


def in_quotes(text: str) -> str:
    """A text of one line, in the quotes in which it needs no change if there are any."""
    return _in_single_quotes(text) if set(text) & {'"', "\\"} else f'"{text}"'


def _in_single_quotes(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _in_quotes_if_needed(text: str) -> str:
    if text[0] in "\"'" or _BRACE.match(text) or not _NOTATION.search(text):
        return text
    return in_quotes(text)


def explain(error: yaml.YAMLError, source: Source) -> Problem:
    """`error` as a problem at the place where the author will look for it."""
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error)
    if mark is None:
        return Problem(Place(source.file), "yaml", f"cannot be read as YAML: {what}")
    context_mark = getattr(error, "context_mark", None)
    unseen = source.unseen_line_end(mark.line - 2, mark.line)
    if unseen is not None:
        # What follows it stands in the first column for YAML, and the parser stops a little later.
        message = f"an invisible sign (U+{ord(source.text[unseen]):04X}) ends the line here"
        return Problem(source.place_at(unseen), "yaml", message, "delete it")
    in_flow = "flow" in (getattr(error, "context", None) or "")
    open_before = in_flow and context_mark is not None and context_mark.line < mark.line
    if context_mark is not None and ("end of stream" in what or "escape" in what or open_before):
        # The parser noticed later; the author's slip is where the quote or bracket opened.
        mark = context_mark
    place = source.place(mark.line, mark.column)
    message, fix = _in_words("end of stream" if open_before else what, place.text, place.column - 1, in_flow=in_flow)
    sign = _BARE_SIGN.search(place.text)
    if sign is not None and message.startswith("a text that begins with"):
        # The parser noticed where the list ended that it took the text for.
        if sign[1] in "|>" and _goes_on(place, source):
            message, fix = _BESIDE_SIGN
        return Problem(replace(place, column=sign.start(1) + 1), "yaml", message, fix)
    cause = None
    if in_flow:
        cause = _remark(place, source) or _curly(place, _CURLY_IN_BRACES)
    elif message in {_STRAY_COLON, _DO_NOT_FIT}:
        cause = _curly(place, _CURLY_QUOTE) or _open_quote(place, source)
        if context_mark is not None and "could not find expected ':'" in what:
            cause = cause or _without_key(source.place(context_mark.line, context_mark.column), source)
        cause = cause or _below_a_text(place, source) or _beside(place, source)
    return cause or Problem(place, "yaml", message, fix)


def _goes_on(place: Place, source: Source) -> bool:
    """Whether the line below stands further right."""
    below = split_lines(source.text)[place.line : place.line + 1]
    return bool(below) and _indent(below[0]) > _indent(place.text)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _without_key(place: Place, source: Source) -> Problem:
    """A line of words in the column of keys."""
    above = next(source.lines_above(place.line, 1), None)
    is_long = above is not None and _LONG_TEXT.search(above[1])
    return Problem(place, "yaml", *(_SHALLOW if is_long else _NO_KEY))


def _remark(place: Place, source: Source) -> Problem | None:
    """A bracket that a remark keeps from being closed, noticed in its line or in a line below."""
    for number, line in ((place.line, place.text), *source.lines_above(place.line, _NEAR_ABOVE)):
        found = _REMARK_IN_BRACES.search(line)
        if found is not None:
            return Problem(source.place_in(number, found.start(1) + 1), "yaml", *_REMARK)
    return None


def _curly(place: Place, quote: re.Pattern[str]) -> Problem | None:
    """A text in quotes that only readers take for quotes."""
    found = quote.search(place.text, 0, place.column)
    if found is None:
        return None
    message = f"{found[1]} is no quote to YAML: it takes straight ones alone"
    return Problem(replace(place, column=found.start(1) + 1), "yaml", message, 'put the text in quotes: "..."')


def _open_quote(place: Place, source: Source) -> Problem | None:
    """A quote that was not closed in its line, when a later one closed it."""
    above = source.lines_above(place.line, _MOST_ABOVE)
    if '"' not in place.text and "'" not in place.text:
        return None
    for number, line in above:
        found = _OPEN_QUOTE.search(line)
        if found is not None and found[1] in place.text:
            return Problem(source.place_in(number, found.start(1) + 1), "yaml", *_NEVER_CLOSED)
    return None


def _below_a_text(place: Place, source: Source) -> Problem | None:
    """A key below the entry of a list that is a text, and so can have none."""
    key, above = _KEY.match(place.text), next(source.lines_above(place.line, 1), None)
    if key is None or above is None or place.column != key.end() or not _BARE_ENTRY.match(above[1]):
        return None
    message = f"{key[2]!r} stands below a text that has no key of its own"
    return Problem(replace(place, column=key.start(2) + 1), "yaml", message, _KEY_OF_ENTRY)


def _beside(place: Place, source: Source) -> Problem | None:
    """A line that begins beside those that it belongs to."""
    indent = _indent(place.text)
    above = [(number, _indent(line)) for number, line in source.lines_above(place.line, _MOST_ABOVE)]
    key = _KEY.match(place.text)
    if not above or any(other == indent for _, other in above) or (key and place.column not in {key.end(), indent + 1}):
        return None
    number, column = min(above, key=lambda line: abs(line[1] - indent))
    fix = f"{_ONE_COLUMN}: here in column {column + 1}, as line {number} does"
    return Problem(replace(place, column=indent + 1), "yaml", _DO_NOT_FIT, fix)


def _in_words(what: str, line: str, column: int, *, in_flow: bool) -> tuple[str, str]:
    sign, indent = _BARE_SIGN.search(line), line[: len(line) - len(line.lstrip())]
    begins = line[column : column + 1]
    readings: tuple[tuple[object, str, str], ...] = (
        ("\t" in indent or "tab" in what, "a tab is used for indentation", "indent with spaces"),
        ("cannot start any token" in what, f"a text cannot begin with {begins!r}", "put the text in quotes"),
        ("end of stream" in what, *_NEVER_CLOSED),
        ("escape" in what, "a backslash in double quotes begins an escape that YAML does not know", SINGLE_QUOTES),
        (sign, f"a text that begins with {sign and sign[1]} is read as YAML notation", "put the text in quotes"),
        (
            in_flow and _KEY_AFTER_QUOTE.match(line, max(column - 2, 0)),
            "a key follows a closing quote",
            _COMMA,
        ),
        (_BARE_AFTER_QUOTE.search(line), "text follows a closing quote", "put the whole text in quotes"),
        (in_flow, "a text in braces or brackets breaks off here", "put the text in quotes"),
        (
            "sequence entries" in what,
            "an entry ('- ') begins here in the middle of a line",
            "begin it on a line of its own",
        ),
        ("mapping values" in what, _STRAY_COLON, "quote a text with ': ', or check the indentation"),
        ("expected" in what, _DO_NOT_FIT, _ONE_COLUMN),
    )
    fitting = ((message, fix) for fits, message, fix in readings if fits)
    return next(fitting, (f"cannot be read as YAML: {what}", "check this line and the one before"))
