"""A table (CSV, TSV, Anki's text format with its `#` headers) as notes: each row one."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from deckbuilder.importing.draft import Draft, Kind, blanks_in
from deckbuilder.importing.old import OldNote
from deckbuilder.importing.outcome import Case, What
from deckbuilder.importing.text import fresh, markdown_of
from deckbuilder.markup.from_html import literal_markdown

_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "pipe": "|", "colon": ":"}
_LONGEST_FIELD = 10_000_000
_LOOKED_AT = 200
# So many words the name of a column has at most.
_NAME = 3
# Of Windows, and of spreadsheets on a Mac.
_LINE_END = re.compile("\r\n?")

# What people call their columns, in a few languages. A column that is none of these is taken by its place.
_NAMES = {
    "front": "front question ask term word frage vorderseite begriff wort vokabel recto mot terme pregunta anverso "
    "palabra término",
    "back": "back answer definition meaning translation explanation antwort rückseite bedeutung übersetzung erklärung "
    "réponse verso traduction définition explication respuesta reverso traducción definición explicación significado",
    "text": "text cloze lückentext",
    "extra": "extra note notes comment comments remark hint example examples bemerkung anmerkung notiz beispiel "
    "beispiele remarque exemple exemples nota ejemplo ejemplos",
    "tags": "tags tag schlagwörter étiquettes etiquetas",
    "deck": "deck stapel paquet mazo topic chapter kapitel thema chapitre",
    "guid": "guid",
    "notetype": "notetype",
}
# Whoever calls a column so has a glossary.
_TERMS = frozenset({"term", "word", "begriff", "wort", "vokabel", "mot", "terme", "palabra", "término"})
_NO_NAMES = "no name of a column is known, so this row is a fact as well: if it is a heading, call a column 'front'"
_CALLED = {name: role for role, names in _NAMES.items() for name in names.split()}


@dataclass(frozen=True, slots=True)
class Table:
    """The drafts of a table, the name of its deck if it says one, and what is to be told."""

    drafts: tuple[Draft, ...]
    deck: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a table is to be read: what each column holds, by its number from 0."""

    separator: str
    is_html: bool
    columns: Mapping[int, str] = field(default_factory=dict)
    deck: str = ""
    tags: tuple[str, ...] = ()
    terms: bool = False
    names: tuple[str, ...] = ()


def read_table(text: str, deck_name: str, *, tabs: bool = False) -> Table:
    """Every row as a draft. Raises ValueError where the table as a whole cannot be read."""
    heads, rest, skipped = _heads(_LINE_END.sub("\n", text))
    layout = _layout(heads, rest, tabs=tabs)
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        reader = csv.reader(io.StringIO(rest, newline=""), delimiter=layout.separator, strict=False)
        rows = [(reader.line_num + skipped, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ValueError(f"its rows cannot be read ({error})") from error
    if rows and not layout.columns.keys() - _meta(layout):
        layout, rows = _named_by_first_row(layout, rows)
    drafts: list[Draft] = []
    cases = list(_told(layout, [row for _, row in rows]))
    # What Anki writes has no heading.
    may_be_heading = not layout.names and "html" not in heads
    for line, row in rows:
        one = _draft(row, layout, deck_name, line)
        if isinstance(one, Case):
            cases.append(one)
        else:
            if may_be_heading and not drafts and all(len(cell.split()) <= _NAME for cell in row):
                cases.append(Case(What.READ, _shown(line, row), _NO_NAMES))
            drafts.append(one[0])
            cases += one[1]
    return Table(tuple(drafts), layout.deck, tuple(cases))


def _heads(text: str) -> tuple[dict[str, str], str, int]:
    """The `#key:value` lines on top, the rest, and how many lines they are. Excel's `sep=;` counts as one."""
    heads: dict[str, str] = {}
    lines = io.StringIO(text, newline="").readlines()
    count = 0
    for line in lines:
        key, sign, value = line.rstrip("\r\n").partition(":")
        if line.lower().startswith("sep=") and count == 0:
            heads["separator"] = line.rstrip("\r\n")[4:]
        elif not line.startswith("#"):
            break
        elif sign:
            heads[key[1:].strip().lower()] = value if key == "#separator" else value.strip()
        count += 1
    return heads, "".join(lines[count:]), count


def _layout(heads: Mapping[str, str], rest: str, *, tabs: bool) -> _Layout:
    said = heads.get("separator", "")
    separator = _SEPARATORS.get(said.strip().lower(), said[:1]) or ("\t" if tabs else _sniffed(rest))
    columns = {int(value) - 1: key.removesuffix(" column") for key, value in heads.items() if _is_column(key, value)}
    named = next(csv.reader([heads.get("columns", "")], delimiter=separator), [])
    for number, name in enumerate(named):
        role = _CALLED.get(name.strip().lower())
        if role:
            columns.setdefault(number, role)
    return _Layout(
        separator,
        heads.get("html", "false").lower() == "true",
        columns,
        heads.get("deck", ""),
        tuple(heads.get("tags", "").split()),
    )


def _is_column(key: str, value: str) -> bool:
    return key in {"tags column", "deck column", "guid column", "notetype column"} and value.isdecimal()


def _meta(layout: _Layout) -> set[int]:
    return {number for number, role in layout.columns.items() if role in {"tags", "deck", "guid", "notetype"}}


def _sniffed(rest: str) -> str:
    """The separator that cuts the most rows into the same number of cells, more than one."""
    lines = rest.split("\n", _LOOKED_AT)[:_LOOKED_AT]

    def regularity(separator: str) -> int:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
        wide = [count for count in counts if count > 1]
        return max((wide.count(count) for count in set(wide)), default=0)

    best = max(("\t", ";", ",", "|"), key=regularity)
    return best if regularity(best) else ","


def _named_by_first_row(
    layout: _Layout, rows: list[tuple[int, list[str]]]
) -> tuple[_Layout, list[tuple[int, list[str]]]]:
    """Columns named in the first row below titles, if it holds names; else the free columns in turn."""
    at = next((at for at, (_, row) in enumerate(rows) if not _is_title(row)), 0)
    first = rows[at][1]
    called = {number: _CALLED.get(cell.strip().lower(), "") for number, cell in enumerate(first)}
    taken = dict(layout.columns)
    if {"front", "text"} & set(called.values()):
        taken |= {number: role for number, role in called.items() if role and number not in taken}
        unknown = [number for number, cell in enumerate(first) if cell.strip() and number not in taken]
        if unknown and not {"back", "text"} & set(taken.values()):
            # Whatever it is called, it stands beside the question.
            taken[unknown.pop(0)] = "back"
        terms = any(cell.strip().lower() in _TERMS for cell in first)
        layout, rows = replace(layout, terms=terms, names=tuple(map(str.strip, first))), [*rows[:at], *rows[at + 1 :]]
    else:
        free = (number for number in range(max(len(row) for _, row in rows)) if number not in taken)
        taken |= dict(zip(free, ("front", "back", "extra"), strict=False))
    return replace(layout, columns=taken), rows


def _is_title(row: Sequence[str]) -> bool:
    """Whether one cell alone has words, and it names no column."""
    words = [cell.strip().lower() for cell in row if cell.strip()]
    return len(words) == 1 and words[0] not in _CALLED


def _draft(row: Sequence[str], layout: _Layout, deck_name: str, line: int) -> tuple[Draft, list[Case]] | Case:
    """A row as a draft with what is told of it, or why it is none."""
    said: dict[str, str] = {}
    for number, role in layout.columns.items():
        cell = row[number].strip() if number < len(row) else ""
        if cell:
            said[role] = f"{said[role]}\n{cell}" if role in said else cell
    where = _shown(line, row)
    asked = said.get("text") or said.get("front", "")
    # In Anki's own text two brackets are two brackets.
    is_cloze = blanks_in(asked) and not (layout.is_html and not blanks_in(asked.replace("[[", "")))
    if not asked or not (is_cloze or said.get("back")):
        return Case(What.LEFT_OUT, where, "it has no question, or no answer")
    given = (
        {"text": asked, "extra": said.get("back", "") or said.get("extra", "")}
        if is_cloze
        else {**said, "front": asked}
    )
    words: dict[str, str] = {}
    told: list[Case] = []
    for role in ("text",) if is_cloze else ("front", "back"):
        words[role], lost = _markdown(given[role], layout, cloze=is_cloze)
        if not words[role].strip():
            return Case(What.LEFT_OUT, where, f"its {'answer' if role == 'back' else 'question'} has no words")
        told += [Case(What.SIMPLER, where, reason) for reason in lost]
    if given.get("extra"):
        words["extra"], lost = _markdown(given["extra"], layout)
        told += [Case(What.SIMPLER, where, reason) for reason in lost]
    tags = (*layout.tags, *said.get("tags", "").replace(",", " ").split())
    old = OldNote("", 0, 0, (asked, said.get("back", "")), tags, (0,), _home(said.get("deck", ""), deck_name, layout))
    kind: Kind = "cloze" if is_cloze else "definition" if layout.terms else "question"
    return fresh(old, kind, words), told


def _shown(line: int, row: Sequence[str]) -> str:
    return f"line {line}: {' | '.join(row)[:60]}"


def _markdown(cell: str, layout: _Layout, *, cloze: bool = False) -> tuple[str, list[str]]:
    return markdown_of(cell, cloze=cloze) if layout.is_html else (literal_markdown(cell, cloze=cloze), [])


def _home(deck: str, deck_name: str, layout: _Layout) -> str:
    home = deck or layout.deck or deck_name
    top = layout.deck or deck_name
    return home if home == top or home.startswith(f"{top}::") or not deck else f"{top}::{deck}"


def _told(layout: _Layout, rows: Iterable[Sequence[str]]) -> Iterator[Case]:
    filled = {number for row in rows for number, cell in enumerate(row) if cell.strip()}
    for number in sorted(filled - layout.columns.keys()):
        name = layout.names[number] if number < len(layout.names) else ""
        reason = "it is not known what it holds: name it answer, extra, tags or chapter in the first row"
        yield Case(What.LEFT_OUT, f"the column {name!r}" if name else f"column {number + 1}", reason)
    if "guid" in layout.columns.values():
        reason = "a table does not hold the note types: to keep students' progress, export the deck as .apkg"
        yield Case(What.LEFT_OUT, "the column of GUIDs", reason)
