"""Which media files an old deck shows, whether they came with it or not."""

from collections.abc import Iterable

from deckbuilder.facts.shown import media_in
from deckbuilder.importing.old import OldNote, OldType


def shown_by(notes: Iterable[OldNote], types: Iterable[OldType]) -> set[str]:
    """The names of the files that notes and note types show."""
    names = media_in(field for note in notes for field in note.row)
    for one in types:
        sides = (side for template in one.type.templates for side in (template.front, template.back))
        names |= media_in([one.type.css, *sides])
    # A template's own fields stand in what it shows: {{Picture}} is no file.
    return {name for name in names if "{{" not in name}
