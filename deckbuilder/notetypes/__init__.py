"""The frozen note types: their fields, ids, templates and styling.

Once a deck has been shared nothing here may change in number, order or id; see docs/note-types.md.
"""

from deckbuilder.notetypes.carried import CarriedType, carried_type
from deckbuilder.notetypes.generate import cards_of, cloze_numbers, fields_shown, is_blank
from deckbuilder.notetypes.own import OwnType, is_ours, own_type, own_type_from, themed_css
from deckbuilder.notetypes.table import (
    CLASSIFICATION,
    CLOZE,
    NOTE_TYPES,
    OCCLUSION,
    QUESTION,
    SOUND,
    SOUND_BACK,
    TYPED,
    TYPED_REVERSE,
)
from deckbuilder.notetypes.types import Field, NoteType, Template

__all__ = [
    "CLASSIFICATION",
    "CLOZE",
    "NOTE_TYPES",
    "OCCLUSION",
    "QUESTION",
    "SOUND",
    "SOUND_BACK",
    "TYPED",
    "TYPED_REVERSE",
    "CarriedType",
    "Field",
    "NoteType",
    "OwnType",
    "Template",
    "cards_of",
    "carried_type",
    "cloze_numbers",
    "fields_shown",
    "is_blank",
    "is_ours",
    "own_type",
    "own_type_from",
    "themed_css",
]
