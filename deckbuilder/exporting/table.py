"""Notes as a table in Anki's own text format: its `#` headers say which column is what."""

import csv
import io
from collections.abc import Sequence

from deckbuilder.notes import PinnedNote

_HEADS = ("guid", "notetype", "deck", "tags")


def as_table(deck_name: str, notes: Sequence[PinnedNote], separator: str, separator_name: str) -> str:
    """A row for each note: its GUID, note type, deck and tags, then its fields as HTML.

    Every cell is quoted: a GUID that begins with `#` would be read as a remark.
    """
    width = max((len(note.row) for note in notes), default=0)
    heads = [f"#separator:{separator_name}", "#html:true"]
    heads += [f"#{name} column:{number}" for number, name in enumerate(_HEADS, start=1)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for note in notes:
        fields = (*note.row, *("" for _ in range(width - len(note.row))))
        writer.writerow((note.guid, note.type.name, note.deck or deck_name, " ".join(note.tags), *fields))
    return "".join(f"{head}\n" for head in heads) + text.getvalue()
