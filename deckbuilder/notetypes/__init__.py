"""The frozen note types: their fields, ids, templates and styling.

Once a deck has been shared nothing here may change in number, order or id; see docs/note-types.md.
"""

from deckbuilder.notetypes.table import CLASSIFICATION, CLOZE, NOTE_TYPES, QUESTION
from deckbuilder.notetypes.types import Field, NoteType, Template

__all__ = ["CLASSIFICATION", "CLOZE", "NOTE_TYPES", "QUESTION", "Field", "NoteType", "Template"]
