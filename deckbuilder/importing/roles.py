"""Which field of a foreign note type shows what of a fact: read from its templates, not guessed from its name."""

import re
from collections.abc import Collection, Mapping, Sequence

from deckbuilder.facts.carried import ASIDES, Role
from deckbuilder.importing.old import OldNote
from deckbuilder.notetypes import CarriedType, fields_shown, is_blank

_CLOZE = re.compile(r"\{\{\s*(?:[\w-]+:)*cloze:(?:[\w-]+:)*([^{}]+?)\s*\}\}")
_TYPED = re.compile(r"\{\{\s*type:[^{}]*\}\}")
_PICTURE = re.compile(r"\s*(?:<div>\s*)?<img\b[^>]*>\s*(?:<br ?/?>\s*)?(?:</div>\s*)?", re.IGNORECASE)
_OCCLUSION = "image-occlusion"
# The hidden parts of a picture, as a cloze field holds them.
SHAPES = re.compile(r"\{\{c\d+::image-occlusion:[^{}]*\}\}")


def roles_of(note_type: CarriedType, notes: Sequence[OldNote]) -> Mapping[str, Role]:
    """The roles of a type's fields; none where its cards are no question with an answer and no text with blanks."""
    front, back = (_TYPED.sub("", side) for side in (note_type.templates[0].front, note_type.templates[0].back))
    asked = fields_shown(front)
    answers = [name for name in fields_shown(note_type.templates[0].back) if name not in asked]
    roles: dict[str, Role] = {}
    if note_type.is_cloze:
        texts = list(dict.fromkeys(name.strip() for name in _CLOZE.findall(front)))
        if len(texts) != 1 or texts[0] not in note_type.positions or _is_occlusion(note_type, notes):
            return {}
        roles[texts[0]] = "text"
        answers = [name for name in fields_shown(back) if name not in texts]
    elif len(asked) == 1 and answers:
        roles |= {asked[0]: "front", answers[0]: "back"}
        answers = answers[1:]
    else:
        return {}
    rest = [name for name in answers if name in note_type.positions and name not in roles]
    pictures = [name for name in rest if _is_picture_field(note_type, name, notes)]
    if pictures:
        roles[pictures[0]] = "image"
    # A field that no note fills takes no place from one that is filled.
    others = [name for name in rest if name not in pictures and field_values(note_type, name, notes)]
    roles |= dict(zip(others, ASIDES, strict=False))
    return roles if set(roles) <= note_type.positions.keys() else {}


def field_values(note_type: CarriedType, name: str, notes: Collection[OldNote]) -> list[str]:
    """What stands in a field, where anything does."""
    position = note_type.positions[name]
    return [note.row[position] for note in notes if not is_blank(note.row[position])]


def picture_alone(html: str) -> bool:
    """Whether a field holds one picture and nothing else."""
    return _PICTURE.fullmatch(html) is not None


def _is_picture_field(note_type: CarriedType, name: str, notes: Collection[OldNote]) -> bool:
    values = field_values(note_type, name, notes)
    return bool(values) and all(picture_alone(html) for html in values)


def _is_occlusion(note_type: CarriedType, notes: Collection[OldNote]) -> bool:
    return "imageOcclusion" in note_type.templates[0].front or any(_OCCLUSION in note.row[0] for note in notes)
