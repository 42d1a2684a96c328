"""Which cards a note of any note type makes: the rule by which Anki finds empty ones (rslib: cardgen, template)."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from deckbuilder.package.content import Kind, TypeContent

_TAG = re.compile(r"\{\{([^{}]{1,500})\}\}")
_EMPTY = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*", re.IGNORECASE)
_CLOZE_SIGN = re.compile(r"\{\{c([\d,]{1,50})::|\}\}")
_HIGHEST_NUMBER = 500
_DEEPEST = 50

# From the row and the tags of a note to its cards.
Cards = Callable[[Sequence[str], Sequence[str]], frozenset[int]]


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of a template: fields that it shows, and parts that stand under a condition."""

    field: str
    negated: bool
    shows: tuple[str, ...]
    parts: tuple["_Section", ...]


def cards_of(note_type: TypeContent) -> Cards | None:
    """What cards a note of this type has, by ord from 0; None if a template cannot be understood."""
    positions = {field.name: position for position, field in enumerate(note_type.fields)}
    try:
        fronts = [_parse(template.front) for template in note_type.templates]
    except ValueError:
        return None
    if note_type.kind is Kind.CLOZE:
        return lambda row, _tags: _numbers(row)

    def cards(row: Sequence[str], tags: Sequence[str]) -> frozenset[int]:
        full = {name for name, position in positions.items() if not _EMPTY.fullmatch(row[position])}
        if tags:
            full.add("Tags")
        return frozenset(ord_ for ord_, front in enumerate(fronts) if _shows(front, full))

    return cards


def _numbers(texts: Sequence[str]) -> frozenset[int]:
    """The cards of blanks in any field; a blank counts where it is closed, and blanks can stand in blanks."""
    found: set[int] = set()
    for text in texts:
        opened: list[str] = []
        for sign in _CLOZE_SIGN.finditer(text):
            if sign[1]:
                opened.append(sign[1])
            elif opened:
                found.update(int(number) for number in opened.pop().split(",") if number)
    return frozenset(min(number, _HIGHEST_NUMBER) - 1 for number in found if number)


def _parse(template: str) -> _Section:
    """The sections of a template. Raises ValueError if they do not close as they open."""
    stack: list[tuple[str, bool, list[str], list[_Section]]] = [("", False, [], [])]
    for tag in _TAG.findall(template):
        sign, name = tag[:1], tag[1:].strip()
        if sign in {"#", "^"}:
            if len(stack) > _DEEPEST:
                raise ValueError("nested too deep")
            stack.append((name, sign == "^", [], []))
        elif sign == "/":
            field, negated, shows, parts = stack.pop()
            if field != name or not stack:
                raise ValueError("a section is closed that is not open")
            stack[-1][3].append(_Section(field, negated, tuple(shows), tuple(parts)))
        else:
            stack[-1][2].append(tag.split(":")[-1].strip())
    if len(stack) != 1:
        raise ValueError("a section is not closed")
    field, negated, shows, parts = stack[0]
    return _Section(field, negated, tuple(shows), tuple(parts))


def _shows(section: _Section, full: Collection[str]) -> bool:
    """Whether a section shows a field that is not empty."""
    if any(name in full for name in section.shows):
        return True
    return any(part.negated is (part.field not in full) and _shows(part, full) for part in section.parts)
