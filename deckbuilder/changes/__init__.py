"""What a release does to the collections of students who have an earlier one."""

from deckbuilder.changes.compare import compare, is_too_old
from deckbuilder.changes.model import Changes, FieldChange, NoteChange, Verdict

__all__ = ["Changes", "FieldChange", "NoteChange", "Verdict", "compare", "is_too_old"]
