"""Note types of other people, kept as they are: an imported deck's notes stay in them, so that no history is lost."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from deckbuilder.notetypes.generate import plain_name
from deckbuilder.notetypes.types import Field, NoteType, Template


@dataclass(frozen=True, slots=True)
class CarriedTemplate(Template):
    """A template whose two sides are texts of its note type, and no files of ours."""

    question: str = ""
    answer: str = ""

    @property
    def front(self) -> str:
        return self.question

    @property
    def back(self) -> str:
        return self.answer


@dataclass(frozen=True)
class CarriedType(NoteType):
    """A foreign note type. `model` is all of it, as Anki's older format writes it (JSON)."""

    model: str = "{}"

    @cached_property
    def css(self) -> str:
        return str(json.loads(self.model).get("css", ""))

    @cached_property
    def sort(self) -> int:
        """The field that Anki's browser sorts by."""
        wanted = json.loads(self.model).get("sortf", 0)
        return wanted if isinstance(wanted, int) and 0 <= wanted < len(self.fields) else 0


def carried_type(model: Mapping[str, Any]) -> CarriedType:
    """The note type that a model of Anki's older format describes. Raises ValueError, KeyError or TypeError."""
    fields = sorted(model["flds"], key=lambda field: int(field["ord"]))
    templates = sorted(model["tmpls"], key=lambda template: int(template["ord"]))
    if not fields or not templates:
        raise ValueError("a note type needs a field and a template")
    return CarriedType(
        name=str(model["name"]),
        id=int(model["id"]),
        changed=int(model.get("mod") or 0),
        fields=tuple(Field(plain_name(str(field["name"])), int(field.get("id") or 0)) for field in fields),
        templates=tuple(
            CarriedTemplate(str(t["name"]), int(t.get("id") or 0), "", "", str(t["qfmt"]), str(t["afmt"]))
            for t in templates
        ),
        is_cloze=int(model.get("type", 0)) == 1,
        model=json.dumps(model, ensure_ascii=False, sort_keys=True),
    )
