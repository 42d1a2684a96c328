"""The vocabulary of a release's consequences."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How much a release touches: nothing students have, some of their notes, or their history."""

    SAFE = "safe"
    TOUCHED = "touched"
    BREAKING = "breaking"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field as it was read before and is read now, without markup."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class NoteChange:
    """A note that students have and that changes. `new_cards` and `gone_cards` count from 1, as Anki shows them."""

    key: str
    fields: tuple[FieldChange, ...]
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    new_cards: tuple[int, ...] = ()
    gone_cards: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What importing the release does to a collection that has the earlier one.

    `new` and `retired` are pairs of key and what the note shows; `conflicting` says why Anki would refuse notes;
    `looks` names the note types whose templates or styling change. `left` counts notes that the package held and
    does not hold any more, without being withdrawn: they stay with students, and are not corrected by it.
    An `imported` deck had students before its first release.
    """

    deck: str
    new: tuple[tuple[str, str], ...] = ()
    changed: tuple[NoteChange, ...] = ()
    retired: tuple[tuple[str, str], ...] = ()
    unchanged: int = 0
    left: int = 0
    looks: tuple[str, ...] = ()
    conflicting: tuple[str, ...] = ()
    imported: bool = False

    @property
    def touched(self) -> int:
        """How many notes of students are replaced, with the edits they made on them."""
        return len(self.changed) + len(self.retired)

    @property
    def verdict(self) -> Verdict:
        if self.conflicting:
            return Verdict.BREAKING
        return Verdict.TOUCHED if self.touched else Verdict.SAFE

    @property
    def first(self) -> bool:
        """Whether nothing was shipped before."""
        return not (self.unchanged or self.changed or self.retired or self.left)
