"""A picture whose parts are hidden: Anki's own image occlusion, a card for each mask."""

from collections.abc import Callable, Iterator, Sequence

from deckbuilder.facts.deck import Media
from deckbuilder.facts.models import Mask, Picture, Shape
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.around import Around
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.entries import Entry, extra_of
from deckbuilder.kinds.identity import concept_names, item_id, named, note_keys
from deckbuilder.kinds.image import credit_line, picture_names
from deckbuilder.markup import escape
from deckbuilder.notes import Hidden, Note
from deckbuilder.notetypes import OCCLUSION

# Anki writes four digits: a tenth of a pixel in the largest pictures.
_DIGITS = 4
FORMS = ("box", "ellipse", "polygon")
_HIDE_ALL = ":oi=1"


def make(bench: Bench, concept_id: str) -> Iterator[Note]:
    for index, picture in enumerate(bench.deck.concepts[concept_id].images):
        if picture.masks:
            yield _note(bench, concept_id, picture, bench.origin(concept_id, "images", index))


def _note(bench: Bench, concept_id: str, picture: Picture, origin: Origin) -> Note:
    around = bench.around(concept_id).within(picture)
    entries = list(_entries(bench, picture, around, origin.at("masks")))
    if picture.answer:
        bench.tell(origin.at("answer"), "no-effect", "a picture with masks has an answer at each mask", "remove it")
    return bench.note(
        "occlusion",
        OCCLUSION,
        note_keys(bench.deck, concept_names(bench.deck, concept_id), "occlusion", picture_names(picture)),
        origin,
        Around(_sources(around, entries), around.tags, around.status),
        [concept_id],
        {
            "Image": bench.picture(picture),
            "Header": bench.inline(picture.ask, origin.at("ask"), picture.ask_lang)
            if picture.ask
            else bench.term(concept_id),
            "Back Extra": credit_line(picture)
            + bench.note_with_picture(picture, origin)
            + bench.block(picture.extra, origin.at("extra")),
            "Context": escape(bench.words.occlusion),
            "Masks": escape(bench.words.masks),
        },
        tags=[bench.concept_tag(concept_id), *(tag for entry in entries for tag in entry.around.tags)],
        cloze=tuple(_occlusions(bench, picture, entries)),
        beside=_beside(bench, picture, origin, entries),
        items=tuple(named(mask, mask.answer, origin.at("masks", n)) for n, mask in enumerate(picture.masks)),
        asked=bool(entries),
    )


def _entries(bench: Bench, picture: Picture, around: Around, origin: Origin) -> Iterator[Entry]:
    """Every mask that is asked, with its answer."""
    for index, mask in enumerate(picture.masks):
        here, inner = origin.at(index), around.within(mask)
        html = bench.inline(mask.answer, here.at("answer"), mask.lang or picture.lang)
        if inner.status == "disputed" and around.status != "disputed":
            html += f' <span class="mark">{escape(bench.words.disputed_mark)}</span>'
        if inner.status != "hold":
            yield Entry(mask, html, inner, here)


def _sources(around: Around, entries: Sequence[Entry]) -> tuple[str, ...]:
    return tuple(source for entry in entries for source in entry.around.sources) or around.sources


def _beside(bench: Bench, picture: Picture, origin: Origin, entries: Sequence[Entry]) -> dict[str, tuple[Hidden, ...]]:
    """What is told of each mask on its own card. A hint of the picture serves the masks that have none."""

    def hint(entry: Entry) -> str:
        own, outer = entry.fact.hint, picture.hint
        place = entry.origin if own else origin
        return bench.inline(own or outer or "", place.at("hint")) if own or outer else ""

    def reason(entry: Entry) -> str:
        parts = ((picture.why, origin), (entry.fact.why, entry.origin))
        return "".join(f"<p>{bench.inline(why, place.at('why'))}</p>" for why, place in parts if why)

    return {
        "Answers": _told(entries, lambda entry: entry.html),
        "Hint": tuple(Hidden(h.id, h.html, h.origin, h.html) for h in _told(entries, hint)),
        "Reason": _told(entries, reason),
        "Note": _told(entries, lambda entry: bench.note_with_picture(entry.fact, entry.origin)),
        "Extra": _told(entries, lambda entry: extra_of(bench, entry)),
    }


def _told(entries: Sequence[Entry], say: Callable[[Entry], str]) -> tuple[Hidden, ...]:
    said = ((entry, say(entry)) for entry in entries)
    return tuple(Hidden(_id(entry), html, entry.origin) for entry, html in said if html)


def _id(entry: Entry) -> str:
    mask = entry.fact
    assert isinstance(mask, Mask)  # noqa: S101 - the entries of a picture are masks, for mypy
    return item_id(mask, mask.answer)


def _occlusions(bench: Bench, picture: Picture, entries: Sequence[Entry]) -> Iterator[str | Hidden]:
    media = bench.deck.media[picture.file]
    for entry in entries:
        mask = entry.fact
        assert isinstance(mask, Mask)  # noqa: S101 - as above
        hide_all = _HIDE_ALL if picture.mode == "hide-all" else ""
        for shape, place in _shapes(bench, mask, entry.origin):
            written = _written(bench, shape, media, place)
            yield Hidden(_id(entry), f"image-occlusion:{written}{hide_all}", entry.origin)
            yield "<br>"


def _shapes(bench: Bench, mask: Mask, origin: Origin) -> Iterator[tuple[Shape, Origin]]:
    """The parts of a mask, of which each has one form."""
    parts: list[tuple[Shape, Origin]] = [(part, origin.at("shapes", n)) for n, part in enumerate(mask.shapes)]
    for shape, place in [(mask, origin), *parts]:
        forms = [form for form in FORMS if getattr(shape, form)]
        if shape is mask and parts:
            forms.append("shapes")
        if not forms:
            fix = f"add {', '.join(FORMS[:-1])} or {FORMS[-1]}: 'deckbuilder masks' draws them"
            bench.tell(place, "mask-broken", "this mask hides no part of the picture", fix)
        elif len(forms) > 1:
            message = f"{forms[0]!r} and {forms[1]!r} stand at one mask"
            bench.tell(place, "mask-broken", message, "write several parts under 'shapes'")
        elif forms != ["shapes"]:
            yield shape, place


def _written(bench: Bench, shape: Shape, media: Media, origin: Origin) -> str:
    """A shape as Anki writes it, in fractions of the picture; what lies outside of it is told."""
    corners, frame = shape.polygon or _corners(shape), media.frame
    if any(abs(number) > 1 for corner in shape.polygon or (shape.box or shape.ellipse or (),) for number in corner):
        if frame is None:
            # A file that is not there is told where it is named.
            if media.data:
                fix = "write them as fractions of its width and height, or give the drawing a width and a height"
                bench.tell(origin, "mask-broken", "the size of this picture is not known, so pixels lead nowhere", fix)
            return ""
        corners = tuple(((x - frame.left) / frame.width, (y - frame.top) / frame.height) for x, y in corners)
    left, top = (min(axis) for axis in zip(*corners, strict=True))
    right, bottom = (max(axis) for axis in zip(*corners, strict=True))
    if right - left < 10**-_DIGITS or bottom - top < 10**-_DIGITS:
        bench.tell(origin, "mask-broken", "this mask has no size, so it hides nothing", "draw it anew")
        return ""
    if left < 0 or top < 0 or round(right, _DIGITS) > 1 or round(bottom, _DIGITS) > 1:
        size = f"{frame.width:g} × {frame.height:g}" if frame else "1 × 1"  # noqa: RUF001 - a sign for people
        message = f"this mask lies outside of its picture, which is {size}"
        bench.tell(origin, "mask-broken", message, "measure it in the file itself: 'deckbuilder masks' does")
        return ""
    where = f"left={_number(left)}:top={_number(top)}"
    if shape.polygon:
        return f"polygon:{where}:points=" + " ".join(f"{_number(x)},{_number(y)}" for x, y in corners)
    if shape.ellipse:
        return f"ellipse:{where}:rx={_number((right - left) / 2)}:ry={_number((bottom - top) / 2)}"
    return f"rect:{where}:width={_number(right - left)}:height={_number(bottom - top)}"


def _corners(shape: Shape) -> tuple[tuple[float, float], ...]:
    left, top, width, height = shape.box or shape.ellipse or (0, 0, 0, 0)
    return ((left, top), (left + width, top + height))


def _number(value: float) -> str:
    """As Anki writes it: `.25`, `0` and `1`."""
    return f"{value:.{_DIGITS}f}".rstrip("0").rstrip(".").removeprefix("0") or "0"
