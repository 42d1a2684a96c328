"""The schema of the facts format: what each key of an author's file may hold.

This is the only place that says it, in the words of `keys.py`. Models are strict (an unknown key is a mistake) and
frozen. A plain string where a text is meant, and `Name: [members]` where a group is meant, are brought into one shape
(`in_full`) before they are checked.

Descriptions and examples are what an author's editor shows: `schema.py` makes a JSON Schema of them.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from deckbuilder.facts.keys import AtLeast, Check, MistakeError, OneOrMany, Strict, a_key, keys_of, mapping, nothing

Kind = Literal[
    "definition",
    "contrast",
    "cloze",
    "exception",
    "question",
    "pair",
    "image",
    "occlusion",
    "mechanism",
    "list",
    "order",
    "note",
    "classification",
    "choice",
]
Way = Literal["next", "previous", "at"]
Status = Literal["ok", "disputed", "hold"]
Mode = Literal["hide-all", "hide-one"]
Side = Literal["front", "back"]

_ID = re.compile(r"[^\W_][\w-]*")
# Of the 255 bytes that a file's name can have, that of a changelog while it is written needs 27 beside the id.
LONGEST_DECK_ID = 228
DECK_ID = re.compile(rf"[a-z0-9][a-z0-9_-]{{0,{LONGEST_DECK_ID - 1}}}")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
VERSION = re.compile(r"\d+\.\d+(\.\d+)?")
# Windows keeps these names to itself, with any ending.
RESERVED_NAMES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
# Stands in a relation for the name that is asked about.
GAP = "..."
ANKI_OWN_TAGS = {"leech", "marked"}


def check_id(value: str) -> str:
    if not _ID.fullmatch(value) and not _ID.fullmatch(_without_marks(value)):
        raise MistakeError(
            f"{value!r} cannot be an id", "use letters, digits, '-' and '_', beginning with a letter or digit"
        )
    return value


def _without_marks(value: str) -> str:
    """The vowel signs of many scripts are marks beside the letters, and no letters of their own."""
    return "".join(c for c in value if not unicodedata.category(c).startswith("M"))


def is_deck_id(value: str) -> bool:
    """Whether files can be named by it on every system."""
    return bool(DECK_ID.fullmatch(value)) and value not in RESERVED_NAMES


def check_deck_id(value: str) -> str:
    if len(value) > LONGEST_DECK_ID:
        raise MistakeError("this is too long for a deck's id", f"it names files: use {LONGEST_DECK_ID} letters at most")
    if not is_deck_id(value):
        raise MistakeError(
            f"{value!r} cannot be a deck's id",
            "it names files: use a-z, 0-9, '-' and '_', beginning with a letter or digit",
        )
    return value


def check_deck_name(value: str) -> str:
    if not all(part.strip() for part in value.split("::")):
        raise MistakeError(f"the deck name {value!r} has an empty level", "write levels as Subject::Topic")
    return value


def check_language(value: str) -> str:
    if not LANGUAGE.fullmatch(value):
        raise MistakeError(f"{value!r} is not a language code", "write it as in en, de or pt-BR")
    return value


def check_version(value: str) -> str:
    if not VERSION.fullmatch(value):
        raise MistakeError(f"{value!r} is not a version", "write it as 1.0")
    return value


def check_tag(value: str) -> str:
    if re.search(r'[\s"]', value) or not all(value.split("::")):
        mended = "-".join(value.split()) if '"' not in value and all(value.split("::")) else ""
        fix = "a tag has no spaces, quotes or empty levels"
        raise MistakeError(f"{value!r} cannot be a tag", fix, "tag-invalid", mended)
    if value.lower() in ANKI_OWN_TAGS:
        raise MistakeError(f"Anki uses the tag {value!r} itself", "choose another word", "tag-invalid")
    return value


def check_words(value: str) -> str:
    # Nearly every text begins with a sign that is seen.
    if not value[:1].isalnum() and not any(sign.isprintable() and not sign.isspace() for sign in value):
        raise MistakeError("the text is empty", "write it, or remove it")
    return value


def check_question_about(value: str) -> str:
    if check_words(value).count(GAP) > 1:
        raise MistakeError(f"{GAP!r} stands here more than once", f"put one {GAP!r} where the name goes")
    return value


def first_day(value: str) -> date:
    """The day that a date begins with: of 2023-10 the first of October. Raises ValueError."""
    return date.fromisoformat(value if len(value.split("-")) > 2 else f"{value}{'-01' * (3 - len(value.split('-')))}")  # noqa: PLR2004


def check_date(value: str) -> str:
    try:
        first_day(value)
    except ValueError:
        raise MistakeError(f"{value!r} is not a date", "write it as 2023-10-29, 2023-10 or 2023") from None
    return value


Words = Annotated[str, Check(check_words)]
QuestionAbout = Annotated[str, Check(check_question_about)]
Id = Annotated[str, Check(check_id)]
Tag = Annotated[str, Check(check_tag)]
Language = Annotated[str, Check(check_language)]
Date = Annotated[str, Check(check_date)]
Ids = Annotated[tuple[Id, ...], OneOrMany()]
Names = Annotated[tuple[Words, ...], OneOrMany()]
Kinds = Annotated[tuple[Kind, ...], OneOrMany()]
Ways = Annotated[tuple[Way, ...], AtLeast(1), OneOrMany()]
DeckName = Annotated[Words, Check(check_deck_name)]
Tags = Annotated[tuple[Tag, ...], OneOrMany()]


Corners = tuple[float, float, float, float]
Point = tuple[float, float]


def _waivers() -> Any:
    return a_key(
        default_factory=nothing,
        description="Rules of the reviewer that it may break, with the reason.",
        examples=[{"cloze-bare": "Short on purpose."}],
    )


def _typing() -> Any:
    return a_key(default=False, description="true: the student types the answer, and Anki compares.", examples=[True])


@mapping
class Limits(Strict):
    """Thresholds of the reviewer: words, unless said otherwise. A deck can set its own."""

    front_words: int = a_key(default=30, least=1, description="Longest front without a warning.", examples=[25])
    answer_words: int = a_key(default=20, least=1, description="Longest answer without a warning.", examples=[15])
    answer_words_most: int = a_key(default=40, least=1, description="Longest answer without an error.", examples=[30])
    blank_words: int = a_key(default=6, least=1, description="Longest blank without a warning.", examples=[5])
    blank_words_most: int = a_key(default=10, least=1, description="Longest blank without an error.", examples=[8])
    blanks: int = a_key(default=3, least=1, description="Blanks in one statement without a warning.", examples=[2])
    blanks_most: int = a_key(default=5, least=1, description="Blanks in one statement without an error.", examples=[4])
    visible_words: int = a_key(default=4, least=0, description="Words that must stand around a blank.", examples=[3])
    members: int = a_key(default=5, least=1, description="Members of one group without a warning.", examples=[6])
    members_most: int = a_key(default=7, least=1, description="Members of one group without an error.", examples=[8])
    steps_least: int = a_key(default=3, least=1, description="Fewest steps of a mechanism.", examples=[2])
    steps: int = a_key(default=7, least=1, description="Most steps of a mechanism.", examples=[6])
    order_items: int = a_key(default=12, least=2, description="Most items of an order.", examples=[8])
    class_items: int = a_key(default=3, least=1, description="Fewest items of a class.", examples=[4])
    class_share: int = a_key(
        default=65,
        least=1,
        most=100,
        description="Largest percentage of one class of two without a warning.",
        examples=[70],
    )
    class_share_most: int = a_key(
        default=75, least=1, most=100, description="The same without an error.", examples=[80]
    )
    typed_words: int = a_key(default=4, least=1, description="Longest answer to type.", examples=[3])
    hint_share: int = a_key(
        default=60,
        least=1,
        most=100,
        description="Percentage of an answer's letters that a hint may show.",
        examples=[50],
    )
    choice_share: int = a_key(
        default=10, least=0, most=100, description="Largest percentage of choice cards in a deck.", examples=[15]
    )
    stale_years: int = a_key(
        default=5, least=1, description="Years after which a dated fact is looked at again.", examples=[2]
    )
    cards: int = a_key(default=2, least=0, description="Fewest cards of a concept.", examples=[1])
    file_kilobytes: int = a_key(
        default=1000, least=1, description="Largest picture or sound without a warning, in kB.", examples=[500]
    )


@mapping
class Image(Strict):
    """A picture of a fact, shown on the back; a plain string is the file alone."""

    SHORT = "file"

    file: Words = a_key(description="The file, named from the deck's folder.", examples=["media/granite.jpg"])
    alt: Words | None = a_key(
        default=None, description="What it shows, for who cannot see it.", examples=["Granite with large pink crystals"]
    )
    credit: Words | None = a_key(
        default=None, description="Whose picture it is; shown below it.", examples=["A. Drawer"]
    )
    license: Words | None = a_key(default=None, description="Its license; shown below it.", examples=["CC-BY-4.0"])
    longest_side: int | None = a_key(
        default=None,
        least=1,
        description="Scales it down to so many pixels; needs deckbuilder[pictures].",
        examples=[1200],
    )


@mapping
class Audio(Strict):
    """A sound of a text, played on the side where the text stands; a plain string is the file alone."""

    SHORT = "file"

    file: Words = a_key(description="The file, named from the deck's folder.", examples=["media/granite.mp3"])
    credit: Words | None = a_key(
        default=None, description="Whose recording it is; shown on the back.", examples=["A. Speaker"]
    )
    license: Words | None = a_key(default=None, description="Its license; shown on the back.", examples=["CC-BY-4.0"])
    side: Side = a_key(
        default="back", description="front plays it with the question; of questions alone.", examples=["front"]
    )


def _translations(example: Any) -> Any:
    return a_key(
        default_factory=nothing,
        description="The words in further languages, by language; outputs are made in them.",
        examples=[{"de": example}],
    )


@mapping
class AsideWords(Strict):
    """What stands beside a fact, in another language."""

    note: Words | None = a_key(default=None, description="The remark. Markdown.", examples=["*Ignis* heißt Feuer."])
    extra: Words | None = a_key(
        default=None, description="More to read. Markdown.", examples=["So begann auch die Kreide."]
    )
    hint: Words | None = a_key(default=None, description="The hint.", examples=["glasig"])
    why: Words | None = a_key(
        default=None, description="The reason.", examples=["Die Lava kühlte für Kristalle zu schnell ab."]
    )
    alt: Words | None = a_key(
        default=None, description="What its picture shows.", examples=["Granit mit großen rosa Kristallen"]
    )
    audio: Audio | None = a_key(
        default=None, description="A sound of the words in this language.", examples=["media/granit.mp3"]
    )


@mapping
class TextWords(AsideWords):
    """A text in another language; a plain string is its words alone."""

    SHORT = "text"

    text: Words | None = a_key(
        default=None, description="The words.", examples=["Gestein, das aus einer Schmelze erstarrt ist."]
    )
    unit: Words | None = a_key(default=None, description="The unit of its value.", examples=["Millionen"])


@mapping
class ItemWords(TextWords):
    """An entry of an order in another language; a plain string is its words alone."""

    at: Words | None = a_key(default=None, description="Where it stands.", examples=["vor 252 Millionen Jahren"])


@mapping
class PairWords(TextWords):
    """A pair in another language; a plain string is its second half alone."""

    first: Words | None = a_key(
        default=None, description="The first half, where it is another.", examples=["Steinsalz"]
    )


@mapping
class OrderWords(AsideWords):
    """An order in another language; a plain string is its title alone. Its items are translated where they stand."""

    SHORT = "title"

    title: Words | None = a_key(
        default=None, description="What is in order here.", examples=["Perioden des Erdmittelalters"]
    )


@mapping
class QuestionWords(AsideWords):
    """A question in another language."""

    ask: Words | None = a_key(default=None, description="The front.", examples=["Warum hat Obsidian keine Kristalle?"])
    answer: Words | None = a_key(default=None, description="The back.", examples=["Er kühlte zu schnell ab."])
    unit: Words | None = a_key(default=None, description="The unit of its value.", examples=["Millionen"])


@mapping
class MaskWords(AsideWords):
    """A part of a picture in another language; a plain string is its answer alone."""

    SHORT = "answer"

    answer: Words | None = a_key(default=None, description="What is under it.", examples=["Quarz"])


@mapping
class TermWords(Strict):
    """The names of a concept in another language; a plain string is its term alone."""

    SHORT = "term"

    term: Words | None = a_key(default=None, description="Its name.", examples=["Magmatisches Gestein"])
    aliases: Names = a_key(default=(), description="Other names of the same thing.", examples=["Magmatit"])
    audio: Audio | None = a_key(
        default=None, description="A sound of its term in this language.", examples=["media/magmatit.mp3"]
    )


@mapping
class RelationWords(Strict):
    """How pairs are asked in another language; a plain string is the first question alone."""

    SHORT = "ask"

    ask: QuestionAbout | None = a_key(
        default=None, description="The question about the first.", examples=["Welche Formel hat ...?"]
    )
    back: QuestionAbout | None = a_key(
        default=None, description="The question about the second.", examples=["Welches Mineral ist ...?"]
    )


@mapping
class Annotations(Strict):
    """What any fact can carry beside its words."""

    # `in_full` says `super()`, which knows the class that stands here and no copy of it.
    __slots__ = ()
    NOT_IN_FULL = frozenset({"value"})
    # The key of the facts that stand in it.
    PARTS: ClassVar[str | None] = None

    id: Id | None = a_key(
        default=None,
        description="Identity of this fact; keeps its history when the wording changes.",
        examples=["granite"],
    )
    source: Ids = a_key(
        default=(), description="Where it comes from: one id of 'sources', or a list.", examples=["handbook"]
    )
    note: Words | None = a_key(
        default=None, description="A remark, shown on the back. Markdown.", examples=["*Ignis* is Latin for fire."]
    )
    extra: Words | None = a_key(
        default=None,
        description="More to read, shown last on the back. Markdown.",
        examples=["Chalk, coal and much limestone began so."],
    )
    hint: Words | None = a_key(
        default=None,
        description="Help on the front: a blank's hint, or a hint that opens when tapped.",
        examples=["glassy"],
    )
    why: Words | None = a_key(
        default=None, description="The reason, shown on the back.", examples=["Lava cooled too fast for crystals."]
    )
    image: Image | None = a_key(
        default=None, description="A picture, shown on the back.", examples=["media/granite.jpg"]
    )
    audio: Audio | None = a_key(default=None, description="A sound of its words.", examples=["media/granite.mp3"])
    tts: bool | None = a_key(default=None, description="true lets the device speak its words.", examples=[True])
    ref: Names = a_key(default=(), description="Trace to the claims of a source; not shown.", examples=["p. 31"])
    status: Status = a_key(
        default="ok", description="ok, disputed (a caveat is shown) or hold (no cards).", examples=["disputed"]
    )
    formerly: Ids = a_key(
        default=(), description="Ids that this fact had before; keeps its history.", examples=["old-granite"]
    )
    tags: Tags = a_key(default=(), description="Tags for its notes in Anki.", examples=["first-year"])
    value: Words | None = a_key(
        default=None, description="A number that changes with time; stands where the words say '...'.", examples=["84"]
    )
    unit: Words | None = a_key(default=None, description="Its unit, set behind it.", examples=["million"])
    as_of: Date | None = a_key(
        default=None,
        description="When it was so: 2024-05-31, 2024-05 or 2024. Shown on the back.",
        examples=["2024-05"],
    )
    allow: Mapping[str, Words] = _waivers()

    @property
    def number(self) -> str:
        """The value with its unit, as it is shown; nothing without a value."""
        return number_shown(self.value, self.unit)

    @classmethod
    def in_full(cls, value: Any) -> Any:
        return _with_number(super().in_full(value), keys_of(cls))


def _with_number(value: Any, known: Collection[str]) -> Any:
    """The value where the words of a text or an answer leave a gap for it; without words it is all that is said."""
    number = value.get("value") if isinstance(value, dict) else None
    said = next((key for key in ("text", "answer") if key in known), None)
    if not isinstance(number, str) or said is None:
        return value
    words, unit = value.get(said, GAP), value.get("unit")
    if not isinstance(words, str):
        return value
    shown = number_shown(number.strip(), unit.strip() if isinstance(unit, str) else None)
    return {**value, said: words.replace(GAP, shown, 1)}


def number_shown(value: str | None, unit: str | None) -> str:
    # A no-break space: a number does not leave its unit at the end of a line.
    return f"{value}\N{NO-BREAK SPACE}{unit}" if value and unit else value or ""


@mapping
class Text(Annotations):
    """A text with what belongs to it; a plain string is a text alone."""

    SHORT = "text"

    text: Words = a_key(
        description="The words. Markdown, $math$, and blanks where a kind allows them.",
        examples=["Rock that formed when molten rock cooled."],
    )
    lang: Language | None = a_key(
        default=None, description="Language of the words, where it is not that of the deck.", examples=["la"]
    )
    translations: Mapping[Language, TextWords] = _translations("Gestein, das aus einer Schmelze erstarrt ist.")

    @classmethod
    def in_full(cls, value: Any) -> Any:
        known = keys_of(cls)
        return _with_number(_text_in_full(value, known), known)


def _text_in_full(value: Any, known: Collection[str]) -> Any:
    if isinstance(value, str) or value is None:
        return {"text": value}
    if isinstance(value, list):
        raise MistakeError("a text is expected here, not a list", one_text(value))
    if isinstance(value, dict) and _is_sentence(value, known):
        raise MistakeError("a text with ': ' is read as a mapping", "put the text in quotes")
    return value


def one_text(written: Sequence[Any]) -> str:
    """What to do about a list where one text is meant."""
    sign = "[[" if written and isinstance(written[0], list) else "["
    return f"put a text that begins with {sign} in quotes, or write one text without a list"


def _is_sentence(value: Mapping[str, Any], known: Collection[str]) -> bool:
    """Whether a mapping is a sentence with a colon in it: one key, which is none of ours nor like one."""
    if len(value) != 1:
        return False
    ((key, words),) = value.items()
    is_group = isinstance(words, list) and "of" in known
    if not key or key in known or is_group or not isinstance(words, str | list):
        return False
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes pay for it

    return not get_close_matches(key, known, n=1)


@mapping
class _Group(Text):
    @classmethod
    def in_full(cls, value: Any) -> Any:
        known = keys_of(cls)
        return _with_number(_text_in_full(_group_in_full(value, known), known), known)


def _group_in_full(value: Any, known: Collection[str]) -> Any:
    """`Name: [members]` is a group with nothing but a name and members."""
    if not isinstance(value, dict) or len(value) != 1:
        return value
    ((name, members),) = value.items()
    return {"text": name, "of": members} if name not in known and isinstance(members, list) else value


@mapping
class Member(_Group):
    """An entry of a list of causes, examples or the like; with `of`, a group of such entries."""

    PARTS = "of"

    of: tuple[Self, ...] = a_key(default=(), description="The members of a group.", examples=[["Granite", "Gabbro"]])
    classify: bool = a_key(
        default=True, description="false keeps it (and its members) out of classification cards.", examples=[False]
    )
    choice: bool | None = a_key(
        default=None, description="true: it (and its members) is also asked as one of several choices.", examples=[True]
    )


@mapping
class Step(_Group):
    """A step of a mechanism; with `of`, parallel factors whose order is never asked."""

    PARTS = "of"

    of: tuple[Self, ...] = a_key(
        default=(),
        description="Factors of one step, in no order.",
        examples=[["[[Speed]] of cooling", "[[Water]] in the melt"]],
    )


@mapping
class Definition(Text):
    """What a thing is."""

    type: bool = _typing()


@mapping
class Statement(Text):
    """A sentence with blanks; a rule, if it has exceptions."""

    PARTS = "exceptions"

    type: bool = _typing()
    exceptions: tuple[Text, ...] = a_key(
        default=(),
        description="What the sentence does not hold for. Each is asked with the others in view.",
        examples=[["Pumice: it floats", "Obsidian [[has no crystals]]"]],
    )


@mapping
class Second(Text):
    """The second of a pair."""

    first_lang: Language | None = a_key(
        default=None,
        description="Language of the first of the pair, where it is not that of the deck.",
        examples=["la"],
    )
    translations: Mapping[Language, PairWords] = _translations({"first": "Steinsalz", "text": "Natriumchlorid"})


@mapping
class Item(Text):
    """An entry of an order."""

    translations: Mapping[Language, ItemWords] = _translations({"text": "Trias", "at": "vor 252 Millionen Jahren"})

    at: Words | None = a_key(
        default=None,
        description="Where it stands: a date, a size. Shown beside it.",
        examples=["252 million years ago"],
    )


@mapping
class Order(Annotations):
    """Things in their order: a timeline or a ranking."""

    PARTS = "items"

    title: Words = a_key(description="What is in order here.", examples=["Periods of the Mesozoic"])
    lang: Language | None = a_key(
        default=None,
        description="Language of title, items and where they stand, where it is not that of the deck.",
        examples=["la"],
    )
    items: tuple[Item, ...] = a_key(
        description="The things, from first to last.", examples=[["Triassic", "Jurassic", "Cretaceous"]]
    )
    cards: Ways = a_key(
        default=("next",),
        description="What to ask: what comes next, what was previous, at what date or size a thing stands.",
        examples=[["next", "at"]],
    )
    translations: Mapping[Language, OrderWords] = _translations("Perioden des Erdmittelalters")


@mapping
class Question(Annotations):
    """A question asked plainly."""

    ask: Words = a_key(description="The front.", examples=["Why has obsidian no crystals?"])
    ask_lang: Language | None = a_key(
        default=None, description="Language of the front, where it is not that of the deck.", examples=["la"]
    )
    answer: Words = a_key(description="The back.", examples=["It cooled too fast for them to grow."])
    lang: Language | None = a_key(
        default=None, description="Language of the answer, where it is not that of the deck.", examples=["la"]
    )
    type: bool = _typing()
    translations: Mapping[Language, QuestionWords] = _translations(
        {"ask": "Warum hat Obsidian keine Kristalle?", "answer": "Er kühlte zu schnell ab."}
    )


@mapping
class ForeignNote(Annotations):
    """A note that keeps the note type of the deck from which it was imported, field by field."""

    type: Words = a_key(description="Its note type, by the name that Anki shows.", examples=["Basic"])
    fields: Mapping[Words, Words] = a_key(
        description="Its fields by name, as HTML; those that are left out are empty.",
        examples=[{"Front": "What is <b>basalt</b>?", "Back": "Lava that cooled"}],
    )


@mapping
class Shape(Strict):
    """A part of a picture: in pixels of the file (in an SVG, units of its viewBox), or as fractions of its size."""

    box: Corners | None = a_key(
        default=None, description="A box: its left and upper edge, width and height.", examples=[[120, 80, 60, 40]]
    )
    ellipse: Corners | None = a_key(
        default=None, description="An ellipse, by the box around it.", examples=[[0.25, 0.5, 0.1, 0.08]]
    )
    polygon: Annotated[tuple[Point, ...], AtLeast(3)] | None = a_key(
        default=None, description="A polygon: its corners in order.", examples=[[[10, 10], [90, 10], [50, 70]]]
    )


@mapping
class Mask(Annotations, Shape):
    """A part of a picture that is hidden, and what it shows."""

    answer: Words = a_key(description="What is under it.", examples=["Quartz"])
    lang: Language | None = a_key(
        default=None, description="Language of the answer, where it is not that of the picture.", examples=["la"]
    )
    shapes: tuple[Shape, ...] = a_key(
        default=(),
        description="Several parts that are hidden together.",
        examples=[[{"box": [10, 10, 30, 20]}, {"box": [80, 10, 30, 20]}]],
    )
    translations: Mapping[Language, MaskWords] = _translations("Quarz")


@mapping
class Picture(Annotations, Image):
    """A picture that is asked: what it shows, or with masks, what its parts are. A plain string is the file alone."""

    PARTS = "masks"

    ask: Words | None = a_key(
        default=None,
        description="The question. Default: 'What is this?'; with masks, the term.",
        examples=["Which rock?"],
    )
    ask_lang: Language | None = a_key(
        default=None, description="Language of the question, where it is not that of the deck.", examples=["la"]
    )
    answer: Words | None = a_key(default=None, description="The answer. Default: the term.", examples=["Pink granite"])
    lang: Language | None = a_key(
        default=None,
        description="Language of the answer, or of those of the masks, where it is not that of the deck.",
        examples=["la"],
    )
    masks: tuple[Mask, ...] = a_key(
        default=(),
        description="Parts to name: a card each.",
        examples=[[{"answer": "Quartz", "box": [120, 80, 60, 40]}]],
    )
    mode: Mode = a_key(
        default="hide-all",
        description="Whether the other parts are hidden too while one is asked.",
        examples=["hide-one"],
    )
    translations: Mapping[Language, QuestionWords] = _translations({"alt": "Granit mit großen rosa Kristallen"})


@mapping
class Rejected(Strict):
    """A claim met in a source and not taught."""

    claim: Words = a_key(description="What the source says.", examples=["All volcanic rock is black."])
    why: Words = a_key(description="Why it is not taught.", examples=["Rhyolite and pumice are light."])
    instead: Words | None = a_key(
        default=None, description="The id of the concept that says it right.", examples=["igneous"]
    )
    ref: Names = a_key(default=(), description="Trace to the claims of a source.", examples=["F12"])
    source: Ids = a_key(default=(), description="The source that says it.", examples=["survey"])


@mapping
class Concept(Strict):
    """One thing to know, with all that is taught about it."""

    term: Words = a_key(description="Its name.", examples=["Igneous rock"])
    aliases: Names = a_key(default=(), description="Other names of the same thing.", examples=["Magmatic rock"])
    translations: Mapping[Language, TermWords] = _translations("Magmatisches Gestein")
    is_a: Ids = a_key(default=(), description="What it is a kind of: the id of a concept.", examples=["rock"])
    requires: Ids = a_key(default=(), description="Concepts to learn first, by id.", examples=[["rock"]])
    contrasts: Ids = a_key(
        default=(), description="Concepts that it is confused with, by id.", examples=[["sedimentary"]]
    )
    lang: Language | None = a_key(
        default=None, description="Language of its names, where it is not that of the deck.", examples=["la"]
    )
    definition: Definition | None = a_key(
        default=None,
        description="What it is, without its own name.",
        examples=["Rock that formed when molten rock cooled."],
    )
    features: Mapping[Id, Text] = a_key(
        default_factory=nothing, description="What it is like, by axis.", examples=[{"origin": "molten rock cools"}]
    )
    mechanism: tuple[Step, ...] = a_key(
        default=(),
        description="How it comes about: steps in order.",
        examples=[["Rock melts", "The melt [[rises|direction]]", "It [[cools]]"]],
    )
    causes: tuple[Member, ...] = a_key(
        default=(), description="What brings it about. A group is written 'Name: [members]'.", examples=[["Weathering"]]
    )
    examples: tuple[Member, ...] = a_key(
        default=(),
        description="Where it is met. A group is written 'Name: [members]'.",
        examples=[["Granite", "Basalt", "Obsidian"]],
    )
    lists: Mapping[Id, tuple[Member, ...]] = a_key(
        default_factory=nothing,
        description="Further lists, by their ids under 'lists' of the deck.",
        examples=[{"uses": ["Paving stones"]}],
    )
    statements: tuple[Statement, ...] = a_key(
        default=(),
        description="Sentences with blanks: [[answer]] or [[answer|hint]].",
        examples=[["Granite contains [[quartz]]."]],
    )
    orders: tuple[Order, ...] = a_key(
        default=(),
        description="Timelines and rankings.",
        examples=[[{"title": "Periods of the Mesozoic", "items": ["Triassic", "Jurassic", "Cretaceous"]}]],
    )
    pairs: Mapping[Id, Mapping[Words, Second]] = a_key(
        default_factory=nothing,
        description="What belongs together, by the id of a relation: 'one: other' each.",
        examples=[{"formula": {"Quartz": "$\\ce{SiO2}$", "Halite": "$\\ce{NaCl}$"}}],
    )
    questions: tuple[Question, ...] = a_key(
        default=(),
        description="Anything else, asked plainly.",
        examples=[[{"ask": "Why has obsidian no crystals?", "answer": "It cooled too fast."}]],
    )
    notes: tuple[ForeignNote, ...] = a_key(
        default=(),
        description="Notes in a note type of the deck from which it was imported, as HTML.",
        examples=[[{"type": "Basic", "fields": {"Front": "What is <b>basalt</b>?", "Back": "Lava that cooled"}}]],
    )
    images: tuple[Picture, ...] = a_key(
        default=(),
        description="Pictures to recognise, or to name the parts of.",
        examples=[[{"file": "media/granite.jpg", "alt": "A pink rock with large crystals"}]],
    )
    rejected: tuple[Rejected, ...] = a_key(
        default=(),
        description="Claims of a source that are not taught.",
        examples=[[{"claim": "All volcanic rock is black.", "why": "Pumice is light."}]],
    )
    audio: Audio | None = a_key(default=None, description="A sound of its term.", examples=["media/igneous-rock.mp3"])
    tts: bool | None = a_key(
        default=None, description="true lets the device speak its term and its facts.", examples=[True]
    )
    skip: Kinds = a_key(default=(), description="Kinds of card not to make for it.", examples=[["contrast"]])
    tags: Tags = a_key(default=(), description="Tags for all its notes.", examples=["first-year"])
    source: Ids = a_key(
        default=(), description="Where its facts come from unless they say otherwise.", examples=["handbook"]
    )
    formerly: Ids = a_key(
        default=(), description="Ids that this concept had before; keeps its history.", examples=["magmatic"]
    )
    ref: Names = a_key(default=(), description="Trace to the claims of a source; not shown.", examples=["F12"])
    allow: Mapping[str, Words] = _waivers()


@mapping
class SourceEntry(Strict):
    """A work that facts come from."""

    title: Words = a_key(description="Title of the work.", examples=["A handbook of rocks"])
    author: Words | None = a_key(default=None, description="Who wrote it.", examples=["A. Writer"])
    publisher: Words | None = a_key(default=None, description="Who published it.", examples=["Example Press"])
    url: Words | None = a_key(default=None, description="Where to read it.", examples=["https://survey.example/rocks"])
    date: Date | None = a_key(
        default=None, description="When it was published or seen: 2023-10-29, 2023-10 or 2023.", examples=["2023-10-29"]
    )
    license: Words | None = a_key(default=None, description="Its license.", examples=["CC-BY-4.0"])
    remark: Words | None = a_key(default=None, description="A word on how it was used.", examples=["Reworded."])
    text: Words | None = a_key(
        default=None,
        description="A file with its text (UTF-8), beside the deck. The review looks for copied sentences in it.",
        examples=["sources/rocks.txt"],
    )


@mapping
class Axis(Strict):
    """What concepts are told apart by; a plain string is its name alone."""

    SHORT = "name"

    name: Words = a_key(description="Its name.", examples=["How it forms"])
    translations: Mapping[Language, Words] = _translations("Wie es entsteht")


@mapping
class ListTitle(Strict):
    """How a list is headed on its cards."""

    title: Words = a_key(description="The heading.", examples=["Where it is found"])
    translations: Mapping[Language, Words] = _translations("Wo man es findet")


@mapping
class Classification(Strict):
    """Which confusable concepts to tell apart, and how to ask."""

    among: Annotated[tuple[Id, ...], AtLeast(2)] = a_key(
        description="The concepts: two or more.", examples=[["igneous", "sedimentary"]]
    )
    ask: Words = a_key(description="The question above each item.", examples=["Which family of rocks?"])
    items: Ids = a_key(
        default=("causes", "examples"), description="The lists whose entries become cards.", examples=[["examples"]]
    )
    choices: bool | None = a_key(
        default=None, description="true: its items are also asked as one of several choices.", examples=[True]
    )
    because: Ids = a_key(
        default=(), description="The axes whose features are the reason on the back.", examples=[["origin"]]
    )
    translations: Mapping[Language, Words] = _translations("Welche Gesteinsfamilie?")


@mapping
class Relation(Strict):
    """How pairs are asked. '...' stands where the name goes; without it the name stands below."""

    ask: QuestionAbout = a_key(
        description="The question about the first of a pair.", examples=["What is the formula of ...?"]
    )
    back: QuestionAbout | None = a_key(
        default=None,
        description="The question about the second; without it, only the first is asked.",
        examples=["Which mineral is ...?"],
    )
    lang: Language | None = a_key(
        default=None,
        description="Language of the second of each pair, where it is not that of the deck.",
        examples=["la"],
    )
    first_lang: Language | None = a_key(
        default=None,
        description="Language of the first of each pair, where it is not that of the deck.",
        examples=["la"],
    )
    translations: Mapping[Language, RelationWords] = _translations(
        {"ask": "Welche Formel hat ...?", "back": "Welches Mineral ist ...?"}
    )
    type: bool = _typing()


@mapping
class Retired(Strict):
    """A note that was withdrawn, and what to tell its students."""

    key: Words = a_key(
        description="The note's key, as the lock names it.", examples=["rocks/igneous/question/oldest-rock"]
    )
    why: Words | None = a_key(default=None, description="Why it was withdrawn.", examples=["An older one was found."])
    instead: Words | None = a_key(
        default=None, description="What replaces it.", examples=["The question on the age of the crust."]
    )


# Endings of the files that stand beside a package.
_BESIDE_A_PACKAGE = ("-update", "-before")


def check_output_id(value: str) -> str:
    if not is_deck_id(value) or value.endswith(_BESIDE_A_PACKAGE):
        raise MistakeError(
            f"{value!r} cannot be an output's id",
            "it names a file: use a-z, 0-9, '-' and '_', and neither '-update' nor '-before' at its end",
        )
    return value


@mapping
class Output(Strict):
    """A further package from the same facts: a part of them, or all in another language."""

    name: DeckName | None = a_key(
        default=None, description="Where Anki shows it. Default: the deck's own name.", examples=["Geology::Rocks"]
    )
    description: Words | None = a_key(
        default=None,
        description="What it is about. Markdown. Default: the deck's own.",
        examples=["The families of rocks, for beginners."],
    )
    disclaimer: Words | None = a_key(
        default=None,
        description="What it is not. Default: the deck's own.",
        examples=["Eine Lernhilfe, kein Bestimmungsbuch."],
    )
    tags: Tags = a_key(
        default=(), description="Only cards with one of these tags, or with a tag below it.", examples=[["first-year"]]
    )
    concepts: Ids = a_key(
        default=(), description="Only cards of these concepts, by id.", examples=[["igneous", "sedimentary"]]
    )
    language: Language | None = a_key(
        default=None, description="Language of the cards, by their translations.", examples=["de"]
    )


@mapping
class Pictures(Strict):
    """What is done with the files of a deck."""

    longest_side: int | None = a_key(
        default=None,
        least=1,
        description="Scales every picture down to so many pixels; needs deckbuilder[pictures].",
        examples=[1600],
    )


@mapping
class Heading(Strict):
    """The deck as a whole."""

    id: Annotated[str, Check(check_deck_id)] = a_key(
        description="Identity of the deck; never changes.", examples=["rocks"]
    )
    name: DeckName = a_key(description="Where Anki shows it: Subject::Topic.", examples=["Geology::Rocks"])
    language: Language = a_key(default="en", description="Language of the cards: en, de, ar.", examples=["en"])
    license: Words | None = a_key(
        default=None, description="Under which students may use and share it.", examples=["CC-BY-4.0"]
    )
    authors: Names = a_key(default=(), description="Who made it.", examples=[["Ada Example", "Ben Example"]])
    description: Words | None = a_key(
        default=None, description="What the deck is about. Markdown.", examples=["The families of rocks."]
    )
    disclaimer: Words | None = a_key(
        default=None, description="What it is not, as for medicine.", examples=["A study aid, not a field guide."]
    )
    report: Words | None = a_key(
        default=None, description="Where to report a mistake.", examples=["geology@school.example"]
    )
    version: Annotated[str, Check(check_version)] | None = a_key(
        default=None, description="Version of the deck: 1.0.", examples=["1.0"]
    )
    tags: Tags = a_key(default=(), description="Tags for all its notes.", examples=["geology"])
    choices: bool = a_key(
        default=False,
        description="true: items of all classifications are also asked as one of several choices.",
        examples=[True],
    )
    skip: Kinds = a_key(default=(), description="Kinds of card not to make at all.", examples=[["contrast"]])
    formerly: Ids = a_key(
        default=(), description="Ids that the deck had before; keeps its history.", examples=["stones"]
    )
    tts: bool = a_key(default=False, description="true lets the device speak all terms and facts.", examples=[True])
    media: Pictures | None = a_key(
        default=None, description="What is done with its pictures.", examples=[{"longest_side": 1600}]
    )
    theme: Words | None = a_key(
        default=None,
        description="A CSS file with the look of its cards, named from the deck's folder.",
        examples=["theme.css"],
    )
    check: Limits | None = a_key(
        default=None, description="Thresholds of the reviewer that are this deck's own.", examples=[{"members": 6}]
    )
    allow: Mapping[str, Words] = _waivers()


@mapping
class FactsFile(Strict):
    """One file of facts: a deck, or with `concepts` alone a part of the deck in its folder."""

    format: Literal["1"] | None = a_key(default=None, description="Version of this format: 1.", examples=[1])
    deck: Heading | None = a_key(
        default=None,
        description="The heading; one file of a deck has it.",
        examples=[{"id": "rocks", "name": "Geology::Rocks"}],
    )
    sources: Mapping[Id, SourceEntry] = a_key(
        default_factory=nothing,
        description="The works that facts come from, by id.",
        examples=[{"handbook": {"title": "A handbook of rocks"}}],
    )
    default_source: Id | None = a_key(
        default=None, description="The source of facts that name none.", examples=["handbook"]
    )
    axes: Mapping[Id, Axis] = a_key(
        default_factory=nothing,
        description="What concepts are told apart by, by id.",
        examples=[{"origin": "How it forms"}],
    )
    lists: Mapping[Id, ListTitle] = a_key(
        default_factory=nothing,
        description="Lists beyond causes and examples, by id.",
        examples=[{"uses": {"title": "What it is used for"}}],
    )
    classifications: Mapping[Id, Classification] = a_key(
        default_factory=nothing,
        description="Concepts to tell apart, by id.",
        examples=[{"family": {"among": ["igneous", "sedimentary"], "ask": "Which family?"}}],
    )
    relations: Mapping[Id, Relation] = a_key(
        default_factory=nothing,
        description="How pairs are asked, by id.",
        examples=[{"formula": {"ask": "What is the formula of ...?", "back": "Which mineral is ...?"}}],
    )
    concepts: Mapping[Id, Concept] = a_key(
        default_factory=nothing,
        description="The concepts, by id.",
        examples=[{"igneous": {"term": "Igneous rock", "definition": "Rock that formed when molten rock cooled."}}],
    )
    outputs: Mapping[Annotated[str, Check(check_output_id)], Output] = a_key(
        default_factory=nothing,
        description="Further packages from the same facts, by id.",
        examples=[{"short": {"tags": ["first-year"]}}],
    )
    retired: tuple[Retired, ...] = a_key(
        default=(),
        description="What was withdrawn from the deck.",
        examples=[[{"key": "rocks/igneous/question/oldest-rock", "why": "An older one was found."}]],
    )


# Lists that every concept can have without declaring them.
OWN_LISTS = ("causes", "examples")
