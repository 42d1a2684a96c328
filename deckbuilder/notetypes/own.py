"""Note types that belong to one deck: those that all decks share, under ids of their own and with the deck's theme.

A theme in the shared types would change the cards of every other deck that a student has.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from functools import cached_property

from deckbuilder.notetypes.table import NOTE_TYPES, QUESTION
from deckbuilder.notetypes.types import NoteType, asset

# Above every time in milliseconds, which is what other programs make ids of; with the two digits of a field behind it
# still below 2^53, up to which every program reads numbers as they are.
_FIRST_ID = 10_000_000_000_000
_ID_SPREAD = 80_000_000_000_000
_NAMED = re.compile(r"(.+) \(([^()]+)\)")


@dataclass(frozen=True)
class OwnType(NoteType):
    """A note type of the deck that had the id `home` when it got its first theme. `theme` is CSS behind our own."""

    base: NoteType = QUESTION
    home: str = ""
    theme: str = ""

    @cached_property
    def css(self) -> str:
        return themed_css(self.base.css, self.theme) if self.theme else self.base.css


def own_type(base: NoteType, home: str, theme: str = "", changed: int = 0) -> OwnType:
    """`base` as the deck `home` has it: the same fields and templates in the same order."""
    id_ = _id(base, home)
    return OwnType(
        name=f"{base.name} ({home})",
        id=id_,
        changed=changed,
        fields=tuple(replace(field, id=id_ * 100 + field.id % 100) for field in base.fields),
        templates=tuple(replace(template, id=id_ * 100 + template.id % 100) for template in base.templates),
        is_cloze=base.is_cloze,
        stock_kind=base.stock_kind,
        base=base,
        home=home,
        theme=theme,
    )


def own_type_from(type_id: int, name: str, css: str = "") -> OwnType | None:
    """The note type of a deck that a package calls so and styles so; None if it is none of ours."""
    named = _NAMED.fullmatch(name)
    base = next((one for one in NOTE_TYPES if named and one.name == named[1]), None)
    if named is None or base is None or _id(base, named[2]) != type_id:
        return None
    return own_type(base, named[2], css.removeprefix(themed_css(base.css, "")).removeprefix(base.css).strip())


def themed_css(common: str, theme: str) -> str:
    """The common styling, what makes room for a theme, and the theme."""
    return f"{common}\n\n{asset('themed.css')}\n\n{theme}"


def is_ours(type_id: int) -> bool:
    """Whether this program gave a note type its id."""
    return any(one.id == type_id for one in NOTE_TYPES) or _FIRST_ID <= type_id < _FIRST_ID + _ID_SPREAD


def _id(base: NoteType, home: str) -> int:
    digest = hashlib.sha256(f"{home}/{base.id}".encode()).digest()
    return _FIRST_ID + int.from_bytes(digest[:8]) % _ID_SPREAD
