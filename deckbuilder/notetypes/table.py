"""The note types that decks are made of. Their ids are fixed for ever: students' notes hang on them."""

from deckbuilder.notetypes.types import Field, NoteType, Template

# The fields that every type ends with, in this order. The reserved ones get a name and a use when a later
# version needs them; a field that did not exist in version 1 could never be added without conflicts.
_COMMON = ("Hint", "Reason", "Note", "Extra", "Source", "Status", "Language", "Key")
_RESERVED = tuple(f"Reserved {number}" for number in range(1, 9))


# What reserved fields are used for, by names that stay as they were: a student's own templates may ask for them.
# The answer to type, and the one of a reverse card; in a cloze note any sign says that the blank is to be typed.
TYPED, TYPED_REVERSE = "Reserved 3", "Reserved 6"
# Those that Anki's editor of masks works with, in the order of its own type: it finds them by their tags.
_OF_MASKS = ("Occlusion", "Image", "Header", "Back Extra", "Comments")


# The sound that plays with the front, and the one with the back; in a cloze note the one of each blank.
SOUND, SOUND_BACK = "Reserved 4", "Reserved 5"


def _fields(model_id: int, *own: str, tagged: tuple[str, ...] = ()) -> tuple[Field, ...]:
    return tuple(
        Field(name, model_id * 100 + n, tagged.index(name) if name in tagged else None)
        for n, name in enumerate((*tagged, *own, *_COMMON, *_RESERVED), start=1)
    )


def _templates(model_id: int, *described: tuple[str, str, str]) -> tuple[Template, ...]:
    return tuple(
        Template(name, model_id * 100 + 90 + n, gate, file) for n, (name, gate, file) in enumerate(described, start=1)
    )


# 2026-11-28 08:10 UTC. Moves with templates or styling; a test holds both together.
_CHANGED = 1795853427
_SPARE = ("Spare", "Reserved 1", "spare")

QUESTION = NoteType(
    "Deckbuilder question",
    1763800000101,
    _CHANGED,
    _fields(1763800000101, "Front", "Back", "Context", "Reverse", "Reverse back", "Reverse context"),
    _templates(1763800000101, ("Question", "Front", "question"), ("Reverse", "Reverse", "reverse"), _SPARE),
)
CLOZE = NoteType(
    "Deckbuilder cloze",
    1763800000102,
    _CHANGED,
    _fields(1763800000102, "Text", "Context"),
    _templates(1763800000102, ("Cloze", "Text", "cloze")),
    is_cloze=True,
)
CLASSIFICATION = NoteType(
    "Deckbuilder classification",
    1763800000103,
    _CHANGED,
    _fields(1763800000103, "Item", "Ask", "Options", "Class", "Path"),
    _templates(1763800000103, ("Classification", "Item", "classification"), _SPARE),
)

OCCLUSION = NoteType(
    "Deckbuilder image occlusion",
    1763800000104,
    _CHANGED,
    _fields(1763800000104, "Answers", "Context", "Masks", tagged=_OF_MASKS),
    _templates(1763800000104, ("Image occlusion", "Occlusion", "occlusion")),
    is_cloze=True,
    stock_kind=6,
)

NOTE_TYPES = (QUESTION, CLOZE, CLASSIFICATION, OCCLUSION)
