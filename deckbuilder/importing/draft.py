"""One old note as a fact of ours, or as a note that stays as it is where no fact can say it."""

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal
from urllib.parse import unquote

from deckbuilder.facts.carried import CarriedField, CarriedNote, Role, mark_of
from deckbuilder.facts.shown import SOUND
from deckbuilder.facts.write import writable
from deckbuilder.importing.old import OldNote, OldType
from deckbuilder.importing.roles import picture_alone
from deckbuilder.lock.carry import Said, picture_role
from deckbuilder.markup import Blank
from deckbuilder.markup.from_html import UnsayableError, to_markdown
from deckbuilder.markup.lines import render_lines
from deckbuilder.notetypes import CarriedType, cards_of, fields_shown, is_blank

Kind = Literal["question", "definition", "cloze", "note"]

_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_SEEN = re.compile(r"<img\b[^>]*>|\[sound:[^\]]+\]", re.IGNORECASE)
# What may stand between a field's words and the pictures and sounds behind them.
_BETWEEN = r"(?:\s|&nbsp;|<br\s*/?>|<div>|</div>|<p>|</p>|<span>|</span>)"
_TAIL = re.compile(rf"{_BETWEEN}*(?:(?:<img\b[^>]*>|\[sound:[^\]]+\]){_BETWEEN}*)+$", re.IGNORECASE)
_BLANK = re.compile(r"\{\{c\d+::.+?\}\}|\[\[[^\[\]]+\]\]", re.DOTALL)
_CLOSED = re.compile(r"^(?:\s|</div>|</p>|</span>)*")


@dataclass(frozen=True, slots=True)
class Draft:
    """A note on its way into the facts.

    `words` are Markdown by role, or HTML by field for a note that stays as it is; `image` is the name of its picture.
    `lost` names what of its look an edit would lose, `reason` why it stays as it is.
    """

    old: OldNote
    type_name: str
    kind: Kind
    words: Mapping[str, str]
    image: str = ""
    lost: frozenset[str] = frozenset()
    reason: str = ""
    allow: Mapping[str, str] = field(default_factory=dict)


def blanks_in(text: str) -> bool:
    """Whether a text holds a blank, in Anki's notation or in ours."""
    return _BLANK.search(text) is not None


@dataclass(frozen=True, slots=True)
class _Part:
    words: str
    images: tuple[str, ...]
    lost: frozenset[str]


def draft(old: OldNote, old_type: OldType, roles: Mapping[str, Role], pictures: frozenset[str]) -> Draft:
    """A fact that says what the note shows, or why none can. `pictures` are the files that a fact can show."""
    if not roles:
        return as_it_is(old, old_type, "its note type is no question with one answer")
    said: dict[str, str] = {}
    images: list[str] = []
    lost: set[str] = set()
    shows = picture_role(tuple(roles.values()))
    seen = shown_fields(old_type.type)
    for one, content in zip(old_type.type.fields, old.row, strict=True):
        role = roles.get(one.name)
        if is_blank(content):
            continue
        if role is None:
            if one.name in seen and _SEEN.sub("", content).strip():
                return as_it_is(old, old_type, f"nothing in a fact stands for its field {one.name!r}")
            continue
        try:
            part = _part(content, role, shows=role == shows)
        except UnsayableError as error:
            return as_it_is(old, old_type, str(error))
        said[role] = part.words
        images += part.images
        lost |= part.lost
    reason = _unsaid(old_type, said, roles) or ("it shows several pictures" if len(images) > 1 else "")
    if reason:
        return as_it_is(old, old_type, reason)
    image = images[0] if images and images[0] in pictures else ""
    kind: Kind = "cloze" if old_type.type.is_cloze else "question"
    return Draft(old, old_type.name, kind, said, image, frozenset(lost))


@cache
def shown_fields(note_type: CarriedType) -> frozenset[str]:
    """The fields that any card shows; others only decide which cards there are, or are for the author alone."""
    sides = (side for template in note_type.templates for side in (template.front, template.back))
    return frozenset(name for side in sides for name in fields_shown(side))


def as_it_is(old: OldNote, old_type: OldType, reason: str) -> Draft:
    """The note field by field, in its own note type."""
    said = ((one.name, writable(content)) for one, content in zip(old_type.type.fields, old.row, strict=True))
    words = {name: text for name, text in said if any(sign.isprintable() and not sign.isspace() for sign in text)}
    return Draft(old, old_type.name, "note", words, reason=reason)


def carried_note(draft: Draft, old_type: OldType, roles: Mapping[str, Role], folder: str, home: str) -> CarriedNote:
    """What the fact of a draft does not say of its note. `folder` holds the pictures; `home` is its concept's deck."""
    old, note_type = draft.old, old_type.type
    made = cards_of(note_type, old.row)
    return CarriedNote(
        type=old.type,
        fields={
            one.name: kept
            for one, content in zip(note_type.fields, old.row, strict=True)
            if (kept := _kept(draft, one.name, content, roles, folder)) is not None
        },
        without=tuple(ord_ for ord_ in made if ord_ not in old.ords),
        kept=old.ords if not set(made) & set(old.ords) else (),
        deck="" if old.deck == home else old.deck,
    )


def said_of(draft: Draft, name: str, roles: Mapping[str, Role], folder: str) -> Said | None:
    """What the fact of a draft says of a field."""
    if draft.kind == "note":
        return Said(draft.words.get(name, ""), html=True)
    role = roles.get(name)
    if role is None:
        return None
    shown = f"{folder}/{draft.image}" if draft.image and role == picture_role(tuple(roles.values())) else ""
    return Said(draft.words.get(role, ""), shown)


def _kept(draft: Draft, name: str, content: str, roles: Mapping[str, Role], folder: str) -> CarriedField | None:
    """A field, unless the fact says just that."""
    said = said_of(draft, name, roles, folder)
    if said is None:
        return CarriedField(content) if content else None
    if said.html:
        return None if said.words == content else CarriedField(content, mark_of(said.words))
    number_of = _number_of if roles.get(name) == "text" else None
    if not said.image and render_lines(said.words, number_of) == content:
        return None
    _, tail = _split(content)
    after = content if roles.get(name) == "image" else tail
    return CarriedField(content, said.mark, after, said.image)


def _number_of(blank: Blank) -> int:
    return blank.number or 0


def _part(content: str, role: Role, *, shows: bool) -> _Part:
    """The Markdown of a field, and the pictures that stand behind its words."""
    if role == "image":
        if not picture_alone(content):
            raise UnsayableError("more than a picture in its field for pictures")
        return _Part("", (_file_of(content),), frozenset())
    body, tail = _split(content)
    images = tuple(_file_of(image) for image in _IMAGE.findall(tail))
    if images and not shows:
        raise UnsayableError("a picture on its front" if role == "front" else "a picture within the text")
    words, lost = to_markdown(body, cloze=role == "text")
    words = unicodedata.normalize("NFC", words)
    if writable(words) != words.strip():
        raise UnsayableError("signs that no text file can hold")
    return _Part(words, images, lost)


def _split(content: str) -> tuple[str, str]:
    """A field's words, and what stands behind them: pictures and sounds. Sounds before the words go behind them too."""
    if "<img" not in content.lower() and "[sound:" not in content:
        return content, ""
    found = _TAIL.search(content)
    body, tail = (content[: found.start()], content[found.start() :]) if found else (content, "")
    sounds: list[str] = []
    while (first := SOUND.match(body.lstrip())) is not None:
        sounds.append(first.group())
        body = body.lstrip()[first.end() :]
    tail = _CLOSED.sub("", tail)
    # A word processor's lines end before the picture that stands in the next one.
    begins_line = tail.lower().startswith(("<br", "<div", "<p"))
    return body, ("" if begins_line or not tail or not body.strip() else " ") + tail + "".join(sounds)


def _file_of(image: str) -> str:
    found = _SOURCE.search(image)
    name = next((part for part in found.groups() if part is not None), "") if found else ""
    return unicodedata.normalize("NFC", unquote(html.unescape(name)))


def _unsaid(old_type: OldType, said: Mapping[str, str], roles: Mapping[str, Role]) -> str:
    """Why these words are no fact."""
    if old_type.type.is_cloze:
        return "" if "{{c" in said.get("text", "") else "it has no blank"
    missing = [name for name, role in roles.items() if role in {"front", "back"} and not said.get(role)]
    return f"its field {missing[0]!r} has no words" if missing else ""
