"""What a note type is: the vocabulary of notes in Anki."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Field:
    """A field by name; `id` is what Anki matches it by, so the name may change and the id never.

    `tag` is the part that it plays in a type which Anki has of its own, whatever the field is called.
    """

    name: str
    id: int
    tag: int | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """One question that a note asks. `gate` is the field that must not be empty for it; `file` its two sides."""

    name: str
    id: int
    gate: str
    file: str

    @property
    def front(self) -> str:
        return asset(f"{self.file}.front.html")

    @property
    def back(self) -> str:
        return asset(f"{self.file}.back.html")


@dataclass(frozen=True)
class NoteType:
    """Fields, templates and styling under one id. A cloze type makes a card per number in its first field.

    `changed` (Unix seconds) moves when the look changes, and only then: at every move Anki replaces a
    student's own styling. It belongs to the type, so that all decks agree on it.

    `stock_kind` says that Anki has a type like it, and an editor for it: its number in Anki's protocol.
    """

    name: str
    id: int
    changed: int
    fields: tuple[Field, ...]
    templates: tuple[Template, ...]
    is_cloze: bool = False
    stock_kind: int = 0

    @cached_property
    def css(self) -> str:
        return asset("card.css")

    @cached_property
    def has_masks(self) -> bool:
        """Whether its notes are pictures with masks, which Anki's own script draws."""
        return self.stock_kind == _MASKS

    @property
    def look(self) -> str:
        """All that its cards look by: styling and templates."""
        return "\x1f".join([self.css, *(f"{template.front}\x1e{template.back}" for template in self.templates)])

    @cached_property
    def sort(self) -> int:
        """The field that Anki's browser sorts by."""
        return 0

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each field stands in a note's row of fields."""
        return {field.name: position for position, field in enumerate(self.fields)}

    @cached_property
    def gates(self) -> tuple[int, ...]:
        """Where the field of each template stands that must not be empty for it."""
        return tuple(self.positions[template.gate] for template in self.templates)

    def row(self, *contents: Mapping[str, str]) -> tuple[str, ...]:
        """A note's fields in order, from contents by field name; the others are empty."""
        fields, positions = [""] * len(self.fields), self.positions
        for some in contents:
            for name, content in some.items():
                fields[positions[name]] = content
        return tuple(fields)


# Anki's number for its own kind of such notes.
_MASKS = 6


@cache
def asset(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8").strip()
