"""The schema of the facts format: what each key of an author's file may hold.

Models are strict (an unknown key is an error) and frozen. A plain string where a text is meant, and
`Name: [members]` where a group is meant, are brought into one shape before they are checked.

Descriptions and examples are what an author's editor shows: `schema.py` makes a JSON Schema of them.
"""

import re
import unicodedata
from collections.abc import Collection
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

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


def _mistake(message: str, fix: str = "", rule: str = "schema", mended: str = "") -> PydanticCustomError:
    # Braces would be taken for placeholders, so the words travel as values.
    return PydanticCustomError("mistake", "{message}", {"message": message, "fix": fix, "rule": rule, "mended": mended})


def check_id(value: str) -> str:
    # The vowel signs of many scripts are marks beside the letters, and no letters of their own.
    if not _ID.fullmatch("".join(c for c in value if not unicodedata.category(c).startswith("M"))):
        raise _mistake(
            f"{value!r} cannot be an id", "use letters, digits, '-' and '_', beginning with a letter or digit"
        )
    return value


def is_deck_id(value: str) -> bool:
    """Whether files can be named by it on every system."""
    return bool(DECK_ID.fullmatch(value)) and value not in RESERVED_NAMES


def check_deck_id(value: str) -> str:
    if len(value) > LONGEST_DECK_ID:
        raise _mistake("this is too long for a deck's id", f"it names files: use {LONGEST_DECK_ID} letters at most")
    if not is_deck_id(value):
        raise _mistake(
            f"{value!r} cannot be a deck's id",
            "it names files: use a-z, 0-9, '-' and '_', beginning with a letter or digit",
        )
    return value


def check_deck_name(value: str) -> str:
    if not all(part.strip() for part in value.split("::")):
        raise _mistake(f"the deck name {value!r} has an empty level", "write levels as Subject::Topic")
    return value


def check_language(value: str) -> str:
    if not LANGUAGE.fullmatch(value):
        raise _mistake(f"{value!r} is not a language code", "write it as in en, de or pt-BR")
    return value


def check_version(value: str) -> str:
    if not VERSION.fullmatch(value):
        raise _mistake(f"{value!r} is not a version", "write it as 1.0")
    return value


def check_tag(value: str) -> str:
    if re.search(r'[\s"]', value) or not all(value.split("::")):
        mended = "-".join(value.split()) if '"' not in value and all(value.split("::")) else ""
        fix = "a tag has no spaces, quotes or empty levels"
        raise _mistake(f"{value!r} cannot be a tag", fix, "tag-invalid", mended)
    if value.lower() in ANKI_OWN_TAGS:
        raise _mistake(f"Anki uses the tag {value!r} itself", "choose another word", "tag-invalid")
    return value


def check_words(value: str) -> str:
    if not any(character.isprintable() and not character.isspace() for character in value):
        raise _mistake("the text is empty", "write it, or remove it")
    return value


def check_question_about(value: str) -> str:
    if check_words(value).count(GAP) > 1:
        raise _mistake(f"{GAP!r} stands here more than once", f"put one {GAP!r} where the name goes")
    return value


def one_or_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def first_day(value: str) -> date:
    """The day that a date begins with: of 2023-10 the first of October. Raises ValueError."""
    return date.fromisoformat(value if len(value.split("-")) > 2 else f"{value}{'-01' * (3 - len(value.split('-')))}")  # noqa: PLR2004


def check_date(value: str) -> str:
    try:
        first_day(value)
    except ValueError:
        raise _mistake(f"{value!r} is not a date", "write it as 2023-10-29, 2023-10 or 2023") from None
    return value


Words = Annotated[str, AfterValidator(check_words)]
QuestionAbout = Annotated[str, AfterValidator(check_question_about)]
Id = Annotated[str, AfterValidator(check_id)]
Tag = Annotated[str, AfterValidator(check_tag)]
Language = Annotated[str, AfterValidator(check_language)]
Date = Annotated[str, AfterValidator(check_date)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(one_or_list)]
Names = Annotated[tuple[Words, ...], BeforeValidator(one_or_list)]
Kinds = Annotated[tuple[Kind, ...], BeforeValidator(one_or_list)]
Ways = Annotated[tuple[Way, ...], Field(min_length=1), BeforeValidator(one_or_list)]
Tags = Annotated[tuple[Tag, ...], BeforeValidator(one_or_list)]


Number = Annotated[float, Field(allow_inf_nan=False)]
Corners = tuple[Number, Number, Number, Number]
Point = tuple[Number, Number]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


Waivers = Annotated[
    dict[str, Words],
    Field(
        default_factory=dict,
        description="Rules of the reviewer that it may break, with the reason.",
        examples=[{"cloze-bare": "Short on purpose."}],
    ),
]


Typing = Annotated[
    bool,
    Field(description="true: the student types the answer, and Anki compares.", examples=[True]),
]


class Limits(Strict):
    """Thresholds of the reviewer: words, unless said otherwise. A deck can set its own."""

    front_words: int = Field(30, ge=1, description="Longest front without a warning.", examples=[25])
    answer_words: int = Field(20, ge=1, description="Longest answer without a warning.", examples=[15])
    answer_words_most: int = Field(40, ge=1, description="Longest answer without an error.", examples=[30])
    blank_words: int = Field(6, ge=1, description="Longest blank without a warning.", examples=[5])
    blank_words_most: int = Field(10, ge=1, description="Longest blank without an error.", examples=[8])
    blanks: int = Field(3, ge=1, description="Blanks in one statement without a warning.", examples=[2])
    blanks_most: int = Field(5, ge=1, description="Blanks in one statement without an error.", examples=[4])
    visible_words: int = Field(4, ge=0, description="Words that must stand around a blank.", examples=[3])
    members: int = Field(5, ge=1, description="Members of one group without a warning.", examples=[6])
    members_most: int = Field(7, ge=1, description="Members of one group without an error.", examples=[8])
    steps_least: int = Field(3, ge=1, description="Fewest steps of a mechanism.", examples=[2])
    steps: int = Field(7, ge=1, description="Most steps of a mechanism.", examples=[6])
    order_items: int = Field(12, ge=2, description="Most items of an order.", examples=[8])
    class_items: int = Field(3, ge=1, description="Fewest items of a class.", examples=[4])
    class_share: int = Field(
        65, ge=1, le=100, description="Largest percentage of one class of two without a warning.", examples=[70]
    )
    class_share_most: int = Field(75, ge=1, le=100, description="The same without an error.", examples=[80])
    typed_words: int = Field(4, ge=1, description="Longest answer to type.", examples=[3])
    hint_share: int = Field(
        60, ge=1, le=100, description="Percentage of an answer's letters that a hint may show.", examples=[50]
    )
    choice_share: int = Field(
        10, ge=0, le=100, description="Largest percentage of choice cards in a deck.", examples=[15]
    )
    stale_years: int = Field(5, ge=1, description="Years after which a dated fact is looked at again.", examples=[2])
    cards: int = Field(2, ge=0, description="Fewest cards of a concept.", examples=[1])
    file_kilobytes: int = Field(
        1000, ge=1, description="Largest picture or sound without a warning, in kB.", examples=[500]
    )


class Image(Strict):
    """A picture of a fact, shown on the back; a plain string is the file alone."""

    file: Words = Field(description="The file, named from the deck's folder.", examples=["media/granite.jpg"])
    alt: Words | None = Field(
        None, description="What it shows, for who cannot see it.", examples=["Granite with large pink crystals"]
    )
    credit: Words | None = Field(None, description="Whose picture it is; shown below it.", examples=["A. Drawer"])
    license: Words | None = Field(None, description="Its license; shown below it.", examples=["CC-BY-4.0"])
    longest_side: int | None = Field(
        None, ge=1, description="Scales it down to so many pixels; needs deckbuilder[pictures].", examples=[1200]
    )

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        return {"file": value} if isinstance(value, str) else value


class Audio(Strict):
    """A sound of a text, played on the side where the text stands; a plain string is the file alone."""

    file: Words = Field(description="The file, named from the deck's folder.", examples=["media/granite.mp3"])
    credit: Words | None = Field(None, description="Whose recording it is; shown on the back.", examples=["A. Speaker"])
    license: Words | None = Field(None, description="Its license; shown on the back.", examples=["CC-BY-4.0"])
    side: Side = Field("back", description="front plays it with the question; of questions alone.", examples=["front"])

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        return {"file": value} if isinstance(value, str) else value


class Annotations(Strict):
    """What any fact can carry beside its words."""

    id: Id | None = Field(
        None, description="Identity of this fact; keeps its history when the wording changes.", examples=["granite"]
    )
    source: Ids = Field((), description="Where it comes from: one id of 'sources', or a list.", examples=["handbook"])
    note: Words | None = Field(
        None, description="A remark, shown on the back. Markdown.", examples=["*Ignis* is Latin for fire."]
    )
    extra: Words | None = Field(
        None,
        description="More to read, shown last on the back. Markdown.",
        examples=["Chalk, coal and much limestone began so."],
    )
    hint: Words | None = Field(
        None, description="Help on the front: a blank's hint, or a hint that opens when tapped.", examples=["glassy"]
    )
    why: Words | None = Field(
        None, description="The reason, shown on the back.", examples=["Lava cooled too fast for crystals."]
    )
    image: Image | None = Field(None, description="A picture, shown on the back.", examples=["media/granite.jpg"])
    audio: Audio | None = Field(None, description="A sound of its words.", examples=["media/granite.mp3"])
    tts: bool | None = Field(None, description="true lets the device speak its words.", examples=[True])
    ref: Names = Field((), description="Trace to the claims of a source; not shown.", examples=["p. 31"])
    status: Status = Field(
        "ok", description="ok, disputed (a caveat is shown) or hold (no cards).", examples=["disputed"]
    )
    formerly: Ids = Field((), description="Ids that this fact had before; keeps its history.", examples=["old-granite"])
    tags: Tags = Field((), description="Tags for its notes in Anki.", examples=["first-year"])
    value: Words | None = Field(
        None, description="A number that changes with time; stands where the words say '...'.", examples=["84"]
    )
    unit: Words | None = Field(None, description="Its unit, set behind it.", examples=["million"])
    as_of: Date | None = Field(
        None, description="When it was so: 2024-05-31, 2024-05 or 2024. Shown on the back.", examples=["2024-05"]
    )
    allow: Waivers

    @property
    def number(self) -> str:
        """The value with its unit, as it is shown; nothing without a value."""
        return number_shown(self.value, self.unit)

    @model_validator(mode="before")
    @classmethod
    def _with_value(cls, value: Any) -> Any:
        """The value where the words of a text or an answer leave a gap for it."""
        number = value.get("value") if isinstance(value, dict) else None
        if not isinstance(number, str):
            return value
        unit = value.get("unit")
        shown = number_shown(number.strip(), unit.strip() if isinstance(unit, str) else None)
        gaps = {key: value[key] for key in ("text", "answer") if isinstance(value.get(key), str)}
        return {**value, **{key: words.replace(GAP, shown, 1) for key, words in gaps.items()}}


def number_shown(value: str | None, unit: str | None) -> str:
    # A no-break space: a number does not leave its unit at the end of a line.
    return f"{value}\N{NO-BREAK SPACE}{unit}" if value and unit else value or ""


class Text(Annotations):
    """A text with what belongs to it; a plain string is a text alone."""

    text: Words = Field(
        description="The words. Markdown, $math$, and blanks where a kind allows them.",
        examples=["Rock that formed when molten rock cooled."],
    )
    lang: Language | None = Field(
        None, description="Language of the words, where it is not that of the deck.", examples=["la"]
    )

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return {"text": value}
        if isinstance(value, list):
            raise _mistake("a text is expected here, not a list", "put a text that begins with [[ in quotes")
        if isinstance(value, dict) and _is_sentence(value, cls.model_fields):
            raise _mistake("a text with ': ' is read as a mapping", "put the text in quotes")
        return value


def _is_sentence(value: dict[str, Any], known: Collection[str]) -> bool:
    """Whether a mapping is a sentence with a colon in it: one key, which is none of ours nor like one."""
    ((key, words), *others) = value.items() or [("", None)]
    is_group = isinstance(words, list) and "of" in known
    if others or not key or key in known or is_group or not isinstance(words, str | list):
        return False
    return not get_close_matches(key, known, n=1)


class _Group(Text):
    @model_validator(mode="before")
    @classmethod
    def _from_group(cls, value: Any) -> Any:
        """`Name: [members]` is a group with nothing but a name and members."""
        if not isinstance(value, dict) or any(key in cls.model_fields for key in value):
            return value
        (name, members), *others = value.items() or [("", None)]
        return value if others or not isinstance(members, list) else {"text": name, "of": members}


class Member(_Group):
    """An entry of a list of causes, examples or the like; with `of`, a group of such entries."""

    of: tuple["Member", ...] = Field((), description="The members of a group.", examples=[["Granite", "Gabbro"]])
    classify: bool = Field(
        default=True, description="false keeps it (and its members) out of classification cards.", examples=[False]
    )
    choice: bool | None = Field(
        None, description="true: it (and its members) is also asked as one of several choices.", examples=[True]
    )


class Step(_Group):
    """A step of a mechanism; with `of`, parallel factors whose order is never asked."""

    of: tuple["Step", ...] = Field(
        (),
        description="Factors of one step, in no order.",
        examples=[["[[Speed]] of cooling", "[[Water]] in the melt"]],
    )


class Definition(Text):
    """What a thing is."""

    type: Typing = False


class Statement(Text):
    """A sentence with blanks; a rule, if it has exceptions."""

    type: Typing = False
    exceptions: tuple[Text, ...] = Field(
        (),
        description="What the sentence does not hold for. Each is asked with the others in view.",
        examples=[["Pumice: it floats", "Obsidian [[has no crystals]]"]],
    )


class Item(Text):
    """An entry of an order."""

    at: Words | None = Field(
        None, description="Where it stands: a date, a size. Shown beside it.", examples=["252 million years ago"]
    )


class Order(Annotations):
    """Things in their order: a timeline or a ranking."""

    title: Words = Field(description="What is in order here.", examples=["Periods of the Mesozoic"])
    items: tuple[Item, ...] = Field(
        description="The things, from first to last.", examples=[["Triassic", "Jurassic", "Cretaceous"]]
    )
    cards: Ways = Field(
        ("next",),
        description="What to ask: what comes next, what was previous, at what date or size a thing stands.",
        examples=[["next", "at"]],
    )


class Question(Annotations):
    """A question asked plainly."""

    ask: Words = Field(description="The front.", examples=["Why has obsidian no crystals?"])
    answer: Words = Field(description="The back.", examples=["It cooled too fast for them to grow."])
    lang: Language | None = Field(
        None, description="Language of the answer, where it is not that of the deck.", examples=["la"]
    )
    type: Typing = False


class ForeignNote(Annotations):
    """A note that keeps the note type of the deck from which it was imported, field by field."""

    type: Words = Field(description="Its note type, by the name that Anki shows.", examples=["Basic"])
    fields: dict[Words, Words] = Field(
        description="Its fields by name, as HTML; those that are left out are empty.",
        examples=[{"Front": "What is <b>basalt</b>?", "Back": "Lava that cooled"}],
    )


class Shape(Strict):
    """A part of a picture: in pixels of the file (in an SVG, units of its viewBox), or as fractions of its size."""

    box: Corners | None = Field(
        None, description="A box: its left and upper edge, width and height.", examples=[[120, 80, 60, 40]]
    )
    ellipse: Corners | None = Field(
        None, description="An ellipse, by the box around it.", examples=[[0.25, 0.5, 0.1, 0.08]]
    )
    polygon: Annotated[tuple[Point, ...], Field(min_length=3)] | None = Field(
        None, description="A polygon: its corners in order.", examples=[[[10, 10], [90, 10], [50, 70]]]
    )


class Mask(Annotations, Shape):
    """A part of a picture that is hidden, and what it shows."""

    answer: Words = Field(description="What is under it.", examples=["Quartz"])
    shapes: tuple[Shape, ...] = Field(
        (),
        description="Several parts that are hidden together.",
        examples=[[{"box": [10, 10, 30, 20]}, {"box": [80, 10, 30, 20]}]],
    )


class Picture(Annotations, Image):
    """A picture that is asked: what it shows, or with masks, what its parts are. A plain string is the file alone."""

    ask: Words | None = Field(
        None, description="The question. Default: 'What is this?'; with masks, the term.", examples=["Which rock?"]
    )
    answer: Words | None = Field(None, description="The answer. Default: the term.", examples=["Pink granite"])
    masks: tuple[Mask, ...] = Field(
        (),
        description="Parts to name: a card each.",
        examples=[[{"answer": "Quartz", "box": [120, 80, 60, 40]}]],
    )
    mode: Mode = Field(
        "hide-all", description="Whether the other parts are hidden too while one is asked.", examples=["hide-one"]
    )


class Rejected(Strict):
    """A claim met in a source and not taught."""

    claim: Words = Field(description="What the source says.", examples=["All volcanic rock is black."])
    why: Words = Field(description="Why it is not taught.", examples=["Rhyolite and pumice are light."])
    instead: Words | None = Field(None, description="The id of the concept that says it right.", examples=["igneous"])
    ref: Names = Field((), description="Trace to the claims of a source.", examples=["F12"])
    source: Ids = Field((), description="The source that says it.", examples=["survey"])


class Concept(Strict):
    """One thing to know, with all that is taught about it."""

    term: Words = Field(description="Its name.", examples=["Igneous rock"])
    aliases: Names = Field((), description="Other names of the same thing.", examples=["Magmatic rock"])
    is_a: Ids = Field((), description="What it is a kind of: the id of a concept.", examples=["rock"])
    requires: Ids = Field((), description="Concepts to learn first, by id.", examples=[["rock"]])
    contrasts: Ids = Field((), description="Concepts that it is confused with, by id.", examples=[["sedimentary"]])
    lang: Language | None = Field(
        None, description="Language of its names, where it is not that of the deck.", examples=["la"]
    )
    definition: Definition | None = Field(
        None, description="What it is, without its own name.", examples=["Rock that formed when molten rock cooled."]
    )
    features: dict[Id, Text] = Field(
        default_factory=dict, description="What it is like, by axis.", examples=[{"origin": "molten rock cools"}]
    )
    mechanism: tuple[Step, ...] = Field(
        (),
        description="How it comes about: steps in order.",
        examples=[["Rock melts", "The melt [[rises|direction]]", "It [[cools]]"]],
    )
    causes: tuple[Member, ...] = Field(
        (), description="What brings it about. A group is written 'Name: [members]'.", examples=[["Weathering"]]
    )
    examples: tuple[Member, ...] = Field(
        (),
        description="Where it is met. A group is written 'Name: [members]'.",
        examples=[["Granite", "Basalt", "Obsidian"]],
    )
    lists: dict[Id, tuple[Member, ...]] = Field(
        default_factory=dict,
        description="Further lists, by their ids under 'lists' of the deck.",
        examples=[{"uses": ["Paving stones"]}],
    )
    statements: tuple[Statement, ...] = Field(
        (),
        description="Sentences with blanks: [[answer]] or [[answer|hint]].",
        examples=[["Granite contains [[quartz]]."]],
    )
    orders: tuple[Order, ...] = Field(
        (),
        description="Timelines and rankings.",
        examples=[[{"title": "Periods of the Mesozoic", "items": ["Triassic", "Jurassic", "Cretaceous"]}]],
    )
    pairs: dict[Id, dict[Words, Text]] = Field(
        default_factory=dict,
        description="What belongs together, by the id of a relation: 'one: other' each.",
        examples=[{"formula": {"Quartz": "$\\ce{SiO2}$", "Halite": "$\\ce{NaCl}$"}}],
    )
    questions: tuple[Question, ...] = Field(
        (),
        description="Anything else, asked plainly.",
        examples=[[{"ask": "Why has obsidian no crystals?", "answer": "It cooled too fast."}]],
    )
    notes: tuple[ForeignNote, ...] = Field(
        (),
        description="Notes in a note type of the deck from which it was imported, as HTML.",
        examples=[[{"type": "Basic", "fields": {"Front": "What is <b>basalt</b>?", "Back": "Lava that cooled"}}]],
    )
    images: tuple[Picture, ...] = Field(
        (),
        description="Pictures to recognise, or to name the parts of.",
        examples=[[{"file": "media/granite.jpg", "alt": "A pink rock with large crystals"}]],
    )
    rejected: tuple[Rejected, ...] = Field(
        (),
        description="Claims of a source that are not taught.",
        examples=[[{"claim": "All volcanic rock is black.", "why": "Pumice is light."}]],
    )
    audio: Audio | None = Field(None, description="A sound of its term.", examples=["media/igneous-rock.mp3"])
    tts: bool | None = Field(None, description="true lets the device speak its term and its facts.", examples=[True])
    skip: Kinds = Field((), description="Kinds of card not to make for it.", examples=[["contrast"]])
    tags: Tags = Field((), description="Tags for all its notes.", examples=["first-year"])
    source: Ids = Field((), description="Where its facts come from unless they say otherwise.", examples=["handbook"])
    formerly: Ids = Field((), description="Ids that this concept had before; keeps its history.", examples=["magmatic"])
    ref: Names = Field((), description="Trace to the claims of a source; not shown.", examples=["F12"])
    allow: Waivers


class SourceEntry(Strict):
    """A work that facts come from."""

    title: Words = Field(description="Title of the work.", examples=["A handbook of rocks"])
    author: Words | None = Field(None, description="Who wrote it.", examples=["A. Writer"])
    publisher: Words | None = Field(None, description="Who published it.", examples=["Example Press"])
    url: Words | None = Field(None, description="Where to read it.", examples=["https://survey.example/rocks"])
    date: Date | None = Field(
        None, description="When it was published or seen: 2023-10-29, 2023-10 or 2023.", examples=["2023-10-29"]
    )
    license: Words | None = Field(None, description="Its license.", examples=["CC-BY-4.0"])
    remark: Words | None = Field(None, description="A word on how it was used.", examples=["Reworded."])
    text: Words | None = Field(
        None,
        description="A file with its text (UTF-8), beside the deck. The review looks for copied sentences in it.",
        examples=["sources/rocks.txt"],
    )


class ListTitle(Strict):
    """How a list is headed on its cards."""

    title: Words = Field(description="The heading.", examples=["Where it is found"])


class Classification(Strict):
    """Which confusable concepts to tell apart, and how to ask."""

    among: Annotated[tuple[Id, ...], Field(min_length=2)] = Field(
        description="The concepts: two or more.", examples=[["igneous", "sedimentary"]]
    )
    ask: Words = Field(description="The question above each item.", examples=["Which family of rocks?"])
    items: Ids = Field(
        ("causes", "examples"), description="The lists whose entries become cards.", examples=[["examples"]]
    )
    choices: bool | None = Field(
        None, description="true: its items are also asked as one of several choices.", examples=[True]
    )
    because: Ids = Field((), description="The axes whose features are the reason on the back.", examples=[["origin"]])


class Relation(Strict):
    """How pairs are asked. '...' stands where the name goes; without it the name stands below."""

    ask: QuestionAbout = Field(
        description="The question about the first of a pair.", examples=["What is the formula of ...?"]
    )
    back: QuestionAbout | None = Field(
        None,
        description="The question about the second; without it, only the first is asked.",
        examples=["Which mineral is ...?"],
    )
    lang: Language | None = Field(
        None, description="Language of the second of each pair, where it is not that of the deck.", examples=["la"]
    )
    type: Typing = False


class Retired(Strict):
    """A note that was withdrawn, and what to tell its students."""

    key: Words = Field(
        description="The note's key, as the lock names it.", examples=["rocks/igneous/question/oldest-rock"]
    )
    why: Words | None = Field(None, description="Why it was withdrawn.", examples=["An older one was found."])
    instead: Words | None = Field(
        None, description="What replaces it.", examples=["The question on the age of the crust."]
    )


class Pictures(Strict):
    """What is done with the files of a deck."""

    longest_side: int | None = Field(
        None,
        ge=1,
        description="Scales every picture down to so many pixels; needs deckbuilder[pictures].",
        examples=[1600],
    )


class Heading(Strict):
    """The deck as a whole."""

    id: Annotated[str, AfterValidator(check_deck_id)] = Field(
        description="Identity of the deck; never changes.", examples=["rocks"]
    )
    name: Annotated[Words, AfterValidator(check_deck_name)] = Field(
        description="Where Anki shows it: Subject::Topic.", examples=["Geology::Rocks"]
    )
    language: Language = Field("en", description="Language of the cards: en, de, ar.", examples=["en"])
    license: Words | None = Field(
        None, description="Under which students may use and share it.", examples=["CC-BY-4.0"]
    )
    authors: Names = Field((), description="Who made it.", examples=[["Ada Example", "Ben Example"]])
    description: Words | None = Field(
        None, description="What the deck is about. Markdown.", examples=["The families of rocks."]
    )
    disclaimer: Words | None = Field(
        None, description="What it is not, as for medicine.", examples=["A study aid, not a field guide."]
    )
    report: Words | None = Field(None, description="Where to report a mistake.", examples=["geology@school.example"])
    version: Annotated[str, AfterValidator(check_version)] | None = Field(
        None, description="Version of the deck: 1.0.", examples=["1.0"]
    )
    tags: Tags = Field((), description="Tags for all its notes.", examples=["geology"])
    choices: bool = Field(
        default=False,
        description="true: items of all classifications are also asked as one of several choices.",
        examples=[True],
    )
    skip: Kinds = Field((), description="Kinds of card not to make at all.", examples=[["contrast"]])
    formerly: Ids = Field((), description="Ids that the deck had before; keeps its history.", examples=["stones"])
    tts: bool = Field(default=False, description="true lets the device speak all terms and facts.", examples=[True])
    media: Pictures | None = Field(
        None, description="What is done with its pictures.", examples=[{"longest_side": 1600}]
    )
    check: Limits | None = Field(
        None, description="Thresholds of the reviewer that are this deck's own.", examples=[{"members": 6}]
    )
    allow: Waivers


class FactsFile(Strict):
    """One file of facts: a deck, or with `concepts` alone a part of the deck in its folder."""

    format: Literal["1"] | None = Field(None, description="Version of this format: 1.", examples=[1])
    deck: Heading | None = Field(
        None,
        description="The heading; one file of a deck has it.",
        examples=[{"id": "rocks", "name": "Geology::Rocks"}],
    )
    sources: dict[Id, SourceEntry] = Field(
        default_factory=dict,
        description="The works that facts come from, by id.",
        examples=[{"handbook": {"title": "A handbook of rocks"}}],
    )
    default_source: Id | None = Field(None, description="The source of facts that name none.", examples=["handbook"])
    axes: dict[Id, Words] = Field(
        default_factory=dict,
        description="What concepts are told apart by, by id.",
        examples=[{"origin": "How it forms"}],
    )
    lists: dict[Id, ListTitle] = Field(
        default_factory=dict,
        description="Lists beyond causes and examples, by id.",
        examples=[{"uses": {"title": "What it is used for"}}],
    )
    classifications: dict[Id, Classification] = Field(
        default_factory=dict,
        description="Concepts to tell apart, by id.",
        examples=[{"family": {"among": ["igneous", "sedimentary"], "ask": "Which family?"}}],
    )
    relations: dict[Id, Relation] = Field(
        default_factory=dict,
        description="How pairs are asked, by id.",
        examples=[{"formula": {"ask": "What is the formula of ...?", "back": "Which mineral is ...?"}}],
    )
    concepts: dict[Id, Concept] = Field(
        default_factory=dict,
        description="The concepts, by id.",
        examples=[{"igneous": {"term": "Igneous rock", "definition": "Rock that formed when molten rock cooled."}}],
    )
    retired: tuple[Retired, ...] = Field(
        (),
        description="What was withdrawn from the deck.",
        examples=[[{"key": "rocks/igneous/question/oldest-rock", "why": "An older one was found."}]],
    )


# Keys that the format knows and this version does not make yet.
NOT_YET = frozenset({"outputs", "theme"})
# Lists that every concept can have without declaring them.
OWN_LISTS = ("causes", "examples")
