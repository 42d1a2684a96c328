"""Markdown notes as facts: what people write down by hand when they learn.

Understood are headings (the first and only `#` names the deck, others the concepts), entries `- term: definition`
(with `:`, `::`, an en or em dash), pairs of `Q:` and `A:`, and any entry or paragraph that holds a blank, `[[answer]]`
or `{{c1::answer}}`. Everything else is named in the report, with its line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deckbuilder.importing.draft import Draft, blanks_in
from deckbuilder.importing.layout import PAIR
from deckbuilder.importing.old import OldNote
from deckbuilder.importing.outcome import Case, What
from deckbuilder.importing.table import Table
from deckbuilder.importing.text import fresh

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_ENTRY = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(.*\S)\s*$")
_ASKED = re.compile(
    r"\s*(?:[-*+]\s+)?(?:\*\*)?(?:Q|Question|Frage|Pregunta)\s*\d*\s*[:.](?:\*\*)?\s*(.*)$", re.IGNORECASE
)
_ANSWERED = re.compile(
    r"\s*(?:[-*+]\s+)?(?:\*\*)?(?:A|Answer|Antwort|Réponse|Respuesta)\s*[:.](?:\*\*)?\s*(.*)$", re.IGNORECASE
)
# A term, which can be set apart by its look; then a sign; then what it means.
_DASH = r"\s(?:\u2013|\u2014|--?)\s"
_DEFINED = re.compile(
    rf"(?P<term>\*\*.+?\*\*|__.+?__|`.+?`|(?:(?!::|:\s|{_DASH}).)+?)"
    # The sign can stand within what sets the term apart.
    rf"(?:\s*::\s*|\s*:\s+|{_DASH}\s*|(?:(?<=:\*\*)|(?<=:__))\s+)(?P<said>.+)"
)
_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}$")


@dataclass
class _Block:
    """Lines that belong together: the first one's number, and what they are."""

    line: int
    what: str
    text: str
    answer: str = ""


def read_list(text: str, deck_name: str) -> Table:
    """The facts of a Markdown file."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines and lines[0].strip() == "---" and "---" in lines[1:]:
        end = lines.index("---", 1)
        lines = [""] * (end + 1) + lines[end + 1 :]
    heads = [(len(found[1]), found[2]) for line in lines if (found := _HEADING.match(line))]
    title = heads[0][1] if heads and heads[0][0] == 1 and sum(level == 1 for level, _ in heads) == 1 else ""
    name = _plain(title) or deck_name
    drafts: list[Draft] = []
    cases: list[Case] = []
    chapter = ""
    for block in _blocks(lines):
        if block.what == "heading":
            chapter = "" if block.text == title else _plain(block.text)
            continue
        made = _draft(block, f"{name}::{chapter}" if chapter else name)
        if made is None:
            told = f"line {block.line}: {block.text[:60]}"
            cases.append(
                Case(What.LEFT_OUT, told, "neither a pair, nor a term with its definition, nor a text with a blank")
            )
        else:
            drafts.append(made)
    return Table(tuple(drafts), name, tuple(cases))


def _blocks(lines: list[str]) -> Iterator[_Block]:
    current: _Block | None = None
    for number, line in enumerate(lines, start=1):
        blank = not line.strip() or _RULE.match(line) is not None
        begins = None if blank else _begun(line, number)
        answered = _ANSWERED.match(line)
        if current is not None and current.what == "pair" and answered:
            current.answer = answered[1]
        elif begins is not None or blank:
            # A question waits for its answer over an empty line.
            if blank and current is not None and current.what == "pair" and not current.answer:
                continue
            if current is not None:
                yield current
            current = begins
        elif current is not None and _goes_on(current, line):
            _go_on(current, line.strip())
        else:
            if current is not None:
                yield current
            current = _Block(number, "text", line.strip())
    if current is not None:
        yield current


def _begun(line: str, number: int) -> _Block | None:
    heading, asked, entry = _HEADING.match(line), _ASKED.match(line), _ENTRY.match(line)
    if heading:
        return _Block(number, "heading", heading[2])
    if asked:
        return _Block(number, "pair", asked[1])
    return _Block(number, "entry", entry[1]) if entry and not _ANSWERED.match(line) else None


def _goes_on(block: _Block, line: str) -> bool:
    """Whether a line belongs to the block above it; terms in bold can stand in lines without an empty one between."""
    is_next = line.startswith("**") and _DEFINED.fullmatch(line) is not None
    return block.what == "pair" or line[:1].isspace() or (block.what == "text" and not is_next)


def _go_on(block: _Block, line: str) -> None:
    if block.what == "pair" and block.answer:
        block.answer += f"\n{line}"
    else:
        block.text += f" {line}"


def _draft(block: _Block, deck: str) -> Draft | None:
    old = OldNote("", 0, PAIR, (block.text, block.answer), (), (0,), deck)
    if block.what == "pair":
        return (
            fresh(old, "question", {"front": block.text, "back": block.answer}) if block.text and block.answer else None
        )
    if blanks_in(block.text):
        return fresh(old, "cloze", {"text": block.text})
    # A line of prose can hold a colon; one that begins in bold defines what is bold.
    may_define = block.what == "entry" or block.text.startswith("**")
    defined = _DEFINED.fullmatch(block.text) if may_define else None
    if defined is None:
        return None
    term = defined["term"].strip()
    return fresh(old, "definition", {"front": _bare(term), "back": defined["said"].strip()})


def _bare(term: str) -> str:
    """A term without the stress that sets it apart from its definition."""
    for sign in ("**", "__"):
        if term.startswith(sign) and term.endswith(sign) and len(term) > 2 * len(sign):
            return term[len(sign) : -len(sign)].strip().rstrip(":").strip()
    return term


def _plain(heading: str) -> str:
    return " ".join(re.sub(r"[*_`]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("::", " ").split())
