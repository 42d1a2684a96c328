"""An author's changes of a deck that students have studied, and what each does to their notes."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Change:
    """An author's edit (old text to new text), and how many notes of a student it updates and adds.

    `gone` are the facts that it takes away from a note that stays: their cards show nothing from then on.
    `look` is a change of the note types' styling by this program.
    """

    edits: dict[str, str] = field(default_factory=dict)
    updated: int = 0
    new: int = 0
    gone: frozenset[str] = frozenset()
    withdrawn: int = 0
    accept_removals: bool = False
    look: bool = False


@dataclass(frozen=True)
class StudiedDeck:
    """A deck as students have it: its id, the facts of version 1, their notes, and all that an author changes then.

    `output` is the package that they have, if it is not that of the whole deck; `withdrawn` how a banner begins.
    """

    id: str
    facts: str
    notes: int
    changes: dict[str, Change]
    output: str = ""
    withdrawn: str = "Withdrawn from the deck."
