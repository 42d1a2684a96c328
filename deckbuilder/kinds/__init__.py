"""Facts to notes: one file per kind of card, and a table of all kinds."""

from deckbuilder.kinds.make import KINDS, Made, make_notes, remake

__all__ = ["KINDS", "Made", "make_notes", "remake"]
