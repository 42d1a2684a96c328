"""What the page begins with: a picture as students will see it, and the masks that a deck has for it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deckbuilder.facts.deck import Frame
from deckbuilder.facts.drawings import UnsafeDrawingError, read_drawing
from deckbuilder.facts.keys import Strict, keys_of
from deckbuilder.facts.load import load
from deckbuilder.facts.models import Mask, Picture, Shape
from deckbuilder.facts.pictures import BrokenFileError, measure
from deckbuilder.facts.references import facts_of
from deckbuilder.kinds.occlusion import FORMS
from deckbuilder.problems import UsageError

# A picture in cards/media/bones/ belongs to a deck in cards/.
_NEAR = 3
_OWN = ("answer", *FORMS, "shapes")


@dataclass(frozen=True, slots=True)
class Beginning:
    """`name` is how the deck names the file; `about` are the entry's other keys, and `masks` its masks, as written."""

    name: str
    ending: str
    data: bytes
    frame: Frame
    about: dict[str, Any]
    masks: list[dict[str, Any]]

    def as_json(self) -> bytes:
        frame = [self.frame.left, self.frame.top, self.frame.width, self.frame.height]
        told = {"file": self.name, "frame": frame, "about": self.about, "masks": self.masks}
        return json.dumps(told, ensure_ascii=False).encode()


def begin(image: Path, decks: Iterable[Path]) -> Beginning:
    """The picture at `image`, with the masks of the first entry of `decks` that shows it.

    Raises UsageError if it is no picture, and OSError if it cannot be read.
    """
    ending = image.suffix.lower()
    try:
        data, frame = _picture(ending, image.read_bytes())
    except (BrokenFileError, UnsafeDrawingError) as error:
        raise UsageError(f"{image} {error}") from None
    name, picture = next(_entries(image, decks), (_name(image), None))
    if picture is None:
        return Beginning(name, ending, data, frame, {}, [])
    about = _written(picture, "file", "masks")
    return Beginning(name, ending, data, frame, about, [_mask(mask, frame) for mask in picture.masks])


def _picture(ending: str, data: bytes) -> tuple[bytes, Frame]:
    if ending != ".svg":
        size = measure(ending, data)
        return data, Frame(0, 0, size.width, size.height)
    drawing = read_drawing(data)
    if not drawing.width:
        raise BrokenFileError("has no size: give the drawing a width and a height, or a viewBox")
    return drawing.data, Frame(drawing.left, drawing.top, drawing.width, drawing.height)


def _name(image: Path) -> str:
    """How a deck would name it: from the nearest folder with facts, if one is near."""
    here = image.absolute()
    for folder in here.parents[:_NEAR]:
        if any(folder.glob("*.y*ml")):
            return here.relative_to(folder).as_posix()
    return image.name


def _entries(image: Path, decks: Iterable[Path]) -> Iterator[tuple[str, Picture]]:
    wanted = image.resolve()
    loaded = load(decks)
    for deck in (*loaded.decks, *loaded.broken):
        for concept_id in deck.concepts:
            for _, fact in facts_of(deck, concept_id):
                if isinstance(fact, Picture) and (deck.file.parent / fact.file).resolve() == wanted:
                    yield fact.file, fact


def _mask(mask: Mask, frame: Frame) -> dict[str, Any]:
    """A mask with its parts in the picture's own units; what it carries beside them is kept as it is."""
    more = _written(mask, *_OWN)
    parts = [_part(shape, frame) for shape in (mask.shapes or (mask,))]
    return {"answer": mask.answer, "more": more, "shapes": [part for part in parts if part]}


def _written(fact: Strict, *but: str) -> dict[str, Any]:
    """The keys of a fact that say something, as JSON has them."""
    values = {name: getattr(fact, name) for name in keys_of(type(fact)) if name not in but}
    return {
        name: _written(value) if isinstance(value, Strict) else value
        for name, value in values.items()
        if value != keys_of(type(fact))[name].default
    }


def _part(shape: Shape, frame: Frame) -> dict[str, Any]:
    form = next((form for form in FORMS if getattr(shape, form)), "")
    if not form:
        return {}
    left, top, width, height = shape.box or shape.ellipse or (0, 0, 0, 0)
    points = shape.polygon or ((left, top), (left + width, top + height))
    raw = shape.polygon or ((left, top), (width, height))
    if all(abs(number) <= 1 for corner in raw for number in corner):
        points = tuple((frame.left + x * frame.width, frame.top + y * frame.height) for x, y in points)
    return {"form": form, "points": points}
