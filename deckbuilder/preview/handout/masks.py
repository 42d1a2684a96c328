"""A picture whose parts are asked, with a number on each: covered in a question, outlined in the notes."""

from collections.abc import Iterable

from deckbuilder.notes import Hidden

# How `kinds.occlusion` writes a mask, as Anki does: `image-occlusion:rect:left=.1:top=.2:width=.3:height=.4`.
_Mask = tuple[str, dict[str, str]]


def numbers_of(pieces: Iterable[str | Hidden]) -> dict[str, int]:
    """The number of each part by its id; several masks of one part share theirs."""
    ids = dict.fromkeys(piece.id for piece in pieces if isinstance(piece, Hidden))
    return {part: number for number, part in enumerate(ids, start=1)}


def with_numbers(picture: str, pieces: tuple[str | Hidden, ...], *, covered: bool) -> str:
    """HTML of the picture with its parts marked."""
    numbers = numbers_of(pieces)
    masks = [(numbers[piece.id], _read(piece.html)) for piece in pieces if isinstance(piece, Hidden)]
    shapes = "".join(_shape(mask) for _, mask in masks)
    spots = "".join(_spot(number, mask) for number, mask in masks)
    look = "covered" if covered else "outlined"
    drawn = f'<svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">{shapes}</svg>'
    return f'<span class="masked {look}">{picture}{drawn}{spots}</span>'


def _read(words: str) -> _Mask:
    _, form, *properties = words.split(":")
    return form, dict(one.split("=", 1) for one in properties)


def _shape(mask: _Mask) -> str:
    form, own = mask
    if form == "polygon":
        return f'<polygon points="{own["points"]}"/>'
    if form == "ellipse":
        x, y = _middle(mask)
        return f'<ellipse cx="{x}" cy="{y}" rx="{own["rx"]}" ry="{own["ry"]}"/>'
    return f'<rect x="{own["left"]}" y="{own["top"]}" width="{own["width"]}" height="{own["height"]}"/>'


def _spot(number: int, mask: _Mask) -> str:
    x, y = _middle(mask)
    return f'<span class="spot" style="left: {x:.1%}; top: {y:.1%}">{number}</span>'


def _middle(mask: _Mask) -> tuple[float, float]:
    form, own = mask
    if form == "polygon":
        corners = [tuple(map(float, corner.split(","))) for corner in own["points"].split()]
        return sum(x for x, _ in corners) / len(corners), sum(y for _, y in corners) / len(corners)
    left, top = float(own["left"]), float(own["top"])
    if form == "ellipse":
        return left + float(own["rx"]), top + float(own["ry"])
    return left + float(own["width"]) / 2, top + float(own["height"]) / 2
