"""The schema of the facts format: what each key of an author's file may hold.

Models are strict (an unknown key is an error) and frozen. A plain string where a text is meant, and
`Name: [members]` where a group is meant, are brought into one shape before they are checked.
"""

import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Kind = Literal["definition", "contrast", "cloze", "question", "mechanism", "list", "classification"]
Status = Literal["ok", "disputed", "hold"]

_ID = re.compile(r"[^\W_][\w-]*")
_DECK_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_VERSION = re.compile(r"\d+\.\d+(\.\d+)?")
# Windows keeps these names to itself, with any ending.
_RESERVED_NAMES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_ANKI_OWN_TAGS = {"leech", "marked"}


def _mistake(message: str, fix: str = "") -> PydanticCustomError:
    # Braces would be taken for placeholders, so the words travel as values.
    return PydanticCustomError("mistake", "{message}", {"message": message, "fix": fix})


def _check_id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise _mistake(
            f"{value!r} cannot be an id", "use letters, digits, '-' and '_', beginning with a letter or digit"
        )
    return value


def is_deck_id(value: str) -> bool:
    """Whether files can be named by it on every system."""
    return bool(_DECK_ID.fullmatch(value)) and value not in _RESERVED_NAMES


def _check_deck_id(value: str) -> str:
    if not is_deck_id(value):
        raise _mistake(
            f"{value!r} cannot be a deck's id",
            "it names files: use a-z, 0-9, '-' and '_', beginning with a letter or digit",
        )
    return value


def _check_deck_name(value: str) -> str:
    if not all(part.strip() for part in value.split("::")):
        raise _mistake(f"the deck name {value!r} has an empty level", "write levels as Subject::Topic")
    return value


def _check_language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise _mistake(f"{value!r} is not a language code", "write it as in en, de or pt-BR")
    return value


def _check_version(value: str) -> str:
    if not _VERSION.fullmatch(value):
        raise _mistake(f"{value!r} is not a version", "write it as 1.0")
    return value


def _check_tag(value: str) -> str:
    if re.search(r'[\s"]', value) or not all(value.split("::")):
        raise _mistake(f"{value!r} cannot be a tag", "a tag has no spaces, quotes or empty levels")
    if value.lower() in _ANKI_OWN_TAGS:
        raise _mistake(f"Anki uses the tag {value!r} itself", "choose another word")
    return value


def _check_words(value: str) -> str:
    if not any(character.isprintable() and not character.isspace() for character in value):
        raise _mistake("the text is empty", "write it, or remove it")
    return value


def _one_or_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _check_date(value: str) -> str:
    try:
        date.fromisoformat(value if len(value.split("-")) > 2 else f"{value}{'-01' * (3 - len(value.split('-')))}")  # noqa: PLR2004
    except ValueError:
        raise _mistake(f"{value!r} is not a date", "write it as 2023-10-29, 2023-10 or 2023") from None
    return value


Words = Annotated[str, AfterValidator(_check_words)]
Id = Annotated[str, AfterValidator(_check_id)]
Tag = Annotated[str, AfterValidator(_check_tag)]
Date = Annotated[str, AfterValidator(_check_date)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(_one_or_list)]
Names = Annotated[tuple[Words, ...], BeforeValidator(_one_or_list)]
Kinds = Annotated[tuple[Kind, ...], BeforeValidator(_one_or_list)]
Tags = Annotated[tuple[Tag, ...], BeforeValidator(_one_or_list)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


Waivers = Annotated[
    dict[str, Words],
    Field(default_factory=dict, description="Rules of the reviewer that it may break, with the reason."),
]


class Limits(Strict):
    """Thresholds of the reviewer: words, unless said otherwise. A deck can set its own."""

    front_words: int = Field(30, ge=1, description="Longest front without a warning.")
    answer_words: int = Field(20, ge=1, description="Longest answer without a warning.")
    answer_words_most: int = Field(40, ge=1, description="Longest answer without an error.")
    blank_words: int = Field(6, ge=1, description="Longest blank without a warning.")
    blank_words_most: int = Field(10, ge=1, description="Longest blank without an error.")
    blanks: int = Field(3, ge=1, description="Blanks in one statement without a warning.")
    blanks_most: int = Field(5, ge=1, description="Blanks in one statement without an error.")
    visible_words: int = Field(4, ge=0, description="Words that must stand around a blank.")
    members: int = Field(5, ge=1, description="Members of one group without a warning.")
    members_most: int = Field(7, ge=1, description="Members of one group without an error.")
    steps_least: int = Field(3, ge=1, description="Fewest steps of a mechanism.")
    steps: int = Field(7, ge=1, description="Most steps of a mechanism.")
    class_items: int = Field(3, ge=1, description="Fewest items of a class.")
    class_share: int = Field(65, ge=1, le=100, description="Largest percentage of one class of two without a warning.")
    class_share_most: int = Field(75, ge=1, le=100, description="The same without an error.")
    hint_share: int = Field(60, ge=1, le=100, description="Percentage of an answer's letters that a hint may show.")
    cards: int = Field(2, ge=0, description="Fewest cards of a concept.")


class Annotations(Strict):
    """What any fact can carry beside its words."""

    id: Id | None = Field(None, description="Identity of this fact; keeps its history when the wording changes.")
    source: Ids = Field((), description="Where it comes from: one id of `sources`, or a list.")
    note: Words | None = Field(None, description="A remark, shown on the back. Markdown.")
    extra: Words | None = Field(None, description="More to read, shown last on the back. Markdown.")
    hint: Words | None = Field(None, description="Help on the front: a blank's hint, or a hint that opens when tapped.")
    why: Words | None = Field(None, description="The reason, shown on the back.")
    ref: Names = Field((), description="Trace to the claims of a source; not shown.")
    status: Status = Field("ok", description="ok, disputed (a caveat is shown) or hold (no cards).")
    formerly: Ids = Field((), description="Ids that this fact had before; keeps its history.")
    tags: Tags = Field((), description="Tags for its notes in Anki.")
    allow: Waivers


class Text(Annotations):
    """A text with what belongs to it; a plain string is a text alone."""

    text: Words = Field(description="The words. Markdown, $math$, and blanks where a kind allows them.")

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


def _is_sentence(value: dict[str, Any], known: Iterable[str]) -> bool:
    """Whether a mapping is a sentence with a colon in it: one key, which is none of ours nor like one."""
    ((key, words), *others) = value.items() or [("", None)]
    looks = isinstance(words, str | list) and not get_close_matches(key, known, n=1)
    is_group = isinstance(words, list) and "of" in known
    return not others and bool(key) and looks and not is_group


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

    of: tuple["Member", ...] = Field((), description="The members of a group.")
    classify: bool = Field(default=True, description="false keeps it (and its members) out of classification cards.")


class Step(_Group):
    """A step of a mechanism; with `of`, parallel factors whose order is never asked."""

    of: tuple["Step", ...] = Field((), description="Factors of one step, in no order.")


class Question(Annotations):
    """A question asked plainly."""

    ask: Words = Field(description="The front.")
    answer: Words = Field(description="The back.")


class Rejected(Strict):
    """A claim met in a source and not taught."""

    claim: Words = Field(description="What the source says.")
    why: Words = Field(description="Why it is not taught.")
    instead: Words | None = Field(None, description="The concept that says it right.")
    ref: Names = Field((), description="Trace to the claims of a source.")
    source: Ids = Field((), description="The source that says it.")


class Concept(Strict):
    """One thing to know, with all that is taught about it."""

    term: Words = Field(description="Its name.")
    aliases: Names = Field((), description="Other names of the same thing.")
    is_a: Ids = Field((), description="The concept that it is a kind of.")
    requires: Ids = Field((), description="Concepts to learn first.")
    contrasts: Ids = Field((), description="Concepts that are confused with it.")
    definition: Text | None = Field(None, description="What it is, without its own name.")
    features: dict[Id, Text] = Field(default_factory=dict, description="What it is like, by axis.")
    mechanism: tuple[Step, ...] = Field((), description="How it comes about, in order.")
    causes: tuple[Member, ...] = Field((), description="What brings it about: a tree.")
    examples: tuple[Member, ...] = Field((), description="Where it is met: a tree.")
    lists: dict[Id, tuple[Member, ...]] = Field(
        default_factory=dict, description="Further lists, declared in the heading."
    )
    statements: tuple[Text, ...] = Field((), description="Sentences with blanks: [[answer]] or [[answer|hint]].")
    questions: tuple[Question, ...] = Field((), description="Anything else, asked plainly.")
    rejected: tuple[Rejected, ...] = Field((), description="Claims of a source that are not taught.")
    skip: Kinds = Field((), description="Kinds of card not to make for it.")
    tags: Tags = Field((), description="Tags for all its notes.")
    source: Ids = Field((), description="Where its facts come from unless they say otherwise.")
    formerly: Ids = Field((), description="Ids that this concept had before; keeps its history.")
    ref: Names = Field((), description="Trace to the claims of a source; not shown.")
    allow: Waivers


class SourceEntry(Strict):
    """A work that facts come from."""

    title: Words = Field(description="Title of the work.")
    author: Words | None = Field(None, description="Who wrote it.")
    publisher: Words | None = Field(None, description="Who published it.")
    url: Words | None = Field(None, description="Where to read it.")
    date: Date | None = Field(None, description="When it was published or seen: 2023-10-29, 2023-10 or 2023.")
    license: Words | None = Field(None, description="Its license.")
    remark: Words | None = Field(None, description="A word on how it was used.")


class ListTitle(Strict):
    """How a list is headed on its cards."""

    title: Words = Field(description="The heading.")


class Classification(Strict):
    """Which confusable concepts to tell apart, and how to ask."""

    among: Annotated[tuple[Id, ...], Field(min_length=2)] = Field(description="The concepts: two or more.")
    ask: Words = Field(description="The question above each item.")
    items: Ids = Field(("causes", "examples"), description="The lists whose entries become cards.")
    because: Ids = Field((), description="The axes whose features are the reason on the back.")


class Retired(Strict):
    """A note that was withdrawn, and what to tell its students."""

    key: Words = Field(description="The note's key, as the lock names it.")
    why: Words | None = Field(None, description="Why it was withdrawn.")
    instead: Words | None = Field(None, description="What replaces it.")


class Heading(Strict):
    """The deck as a whole."""

    id: Annotated[str, AfterValidator(_check_deck_id)] = Field(description="Identity of the deck; never changes.")
    name: Annotated[Words, AfterValidator(_check_deck_name)] = Field(description="Where Anki shows it: Subject::Topic.")
    language: Annotated[str, AfterValidator(_check_language)] = Field(
        "en", description="Language of the cards: en, de, ar."
    )
    license: Words | None = Field(None, description="Under which students may use and share it.")
    authors: Names = Field((), description="Who made it.")
    description: Words | None = Field(None, description="What the deck is about. Markdown.")
    disclaimer: Words | None = Field(None, description="What it is not, as for medicine.")
    report: Words | None = Field(None, description="Where to report a mistake.")
    version: Annotated[str, AfterValidator(_check_version)] | None = Field(
        None, description="Version of the deck: 1.0."
    )
    tags: Tags = Field((), description="Tags for all its notes.")
    skip: Kinds = Field((), description="Kinds of card not to make at all.")
    formerly: Ids = Field((), description="Ids that the deck had before; keeps its history.")
    check: Limits | None = Field(None, description="Thresholds of the reviewer that are this deck's own.")
    allow: Waivers


class FactsFile(Strict):
    """One file of facts: a deck, or with `concepts` alone a part of the deck in its folder."""

    format: Literal["1"] | None = Field(None, description="Version of this format: 1.")
    deck: Heading | None = Field(None, description="The heading; one file of a deck has it.")
    sources: dict[Id, SourceEntry] = Field(default_factory=dict, description="The works that facts come from, by id.")
    default_source: Id | None = Field(None, description="The source of facts that name none.")
    axes: dict[Id, Words] = Field(default_factory=dict, description="What concepts are told apart by, by id.")
    lists: dict[Id, ListTitle] = Field(default_factory=dict, description="Lists beyond causes and examples, by id.")
    classifications: dict[Id, Classification] = Field(
        default_factory=dict, description="Concepts to tell apart, by id."
    )
    concepts: dict[Id, Concept] = Field(default_factory=dict, description="The concepts, by id.")
    retired: tuple[Retired, ...] = Field((), description="What was withdrawn from the deck.")


# Keys that the format knows and this version does not make yet.
NOT_YET = frozenset(
    {"audio", "image", "images", "masks", "outputs", "theme", "tts", "type", "lang", "ruby", "order"}
    | {"value", "unit", "as_of"}
)
# Lists that every concept can have without declaring them.
OWN_LISTS = ("causes", "examples")
