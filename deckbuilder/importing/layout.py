"""Drafts laid out as a person would have written them: concepts by deck or tag, names to read, tags in their place."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from deckbuilder.facts.carried import ASIDES, mark_of
from deckbuilder.facts.models import check_id, check_tag
from deckbuilder.facts.write import Written
from deckbuilder.importing.draft import Draft
from deckbuilder.importing.roles import SHAPES
from deckbuilder.kinds.bench import in_order
from deckbuilder.kinds.identity import slug
from deckbuilder.markup import render_inline, visible_text

# A deck in which so many questions are a word or two is a glossary: each is a concept with its definition.
_GLOSSARY_SHARE = 0.8
_GLOSSARY_LEAST = 3
_TERM_WORDS = 4
# Question marks of several scripts, and the colon of what is to be completed.
_ASKING = ("?", "\uff1f", "\u061f", ":")
# Tags make chapters of a deck if they sort so much of it into this many.
_TAGGED_SHARE = 0.6
_CHAPTER_LEAST = 3
_LONGEST_NAME = 40
# The note type of a question that its author marked as one: it is no term, however short.
PAIR = -1
# Where the facts of each kind stand in a concept.
LISTS = {"question": "questions", "cloze": "statements", "note": "notes"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A draft with its place among the facts: `path` leads to it, `key` is the identity of its note."""

    draft: Draft
    path: tuple[str | int, ...]
    key: str
    concept: str


@dataclass(frozen=True, slots=True)
class Laid:
    """The concepts as YAML holds them, the place of every draft, the deck of each concept, and remarks by concept.

    `tags` are those of every note: the deck's own.
    """

    concepts: Mapping[str, Written]
    placed: tuple[Placed, ...]
    homes: Mapping[str, str]
    above: Mapping[tuple[str, ...], str]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Chapter:
    """Drafts that belong together, under the name of their deck or tag."""

    name: str
    deck: str
    drafts: tuple[Draft, ...]


def lay_out(drafts: Sequence[Draft], deck_id: str, deck_name: str, folder: str) -> Laid:
    """The drafts of one deck as concepts. `folder` holds the pictures."""
    tags = tuple(_shared(drafts))
    writer = _Writer(deck_id, deck_name, folder, tags)
    for chapter in _chapters(drafts, deck_name):
        writer.chapter(chapter)
    return Laid(writer.concepts, tuple(writer.placed), writer.homes, writer.above, tags)


class _Writer:
    """Concepts in the making: no two have one name, and no two facts of one concept."""

    def __init__(self, deck_id: str, deck_name: str, folder: str, tags: Sequence[str]) -> None:
        self.concepts: dict[str, Written] = {}
        self.placed: list[Placed] = []
        self.homes: dict[str, str] = {}
        self.above: dict[tuple[str, ...], str] = {}
        self._deck_id = deck_id
        self._deck_name = deck_name
        self._folder = folder
        self._tags = tags

    def chapter(self, chapter: _Chapter) -> None:
        terms = [draft for draft in chapter.drafts if draft.kind == "definition"]
        others = [draft for draft in chapter.drafts if draft.kind != "definition"]
        first = len(self.concepts)
        for draft in terms:
            self._term(draft, chapter)
        if others:
            self._topic(others, chapter)
        names = list(self.concepts)[first:]
        if len(names) > 1:
            self.above["concepts", names[0]] = chapter.name

    def _term(self, draft: Draft, chapter: _Chapter) -> None:
        concept_id = _free_name(_name(draft.words["front"]), self.concepts)
        self._home(concept_id, chapter)
        own = _without(_sayable(draft.old.tags), self._tags)
        body: dict[str, Written] = {"term": draft.words["front"]}
        if own:
            body["tags"] = own
        aside = self._aside(draft)
        definition = draft.words["back"]
        body["definition"] = {"text": definition, **aside} if aside else definition
        self.concepts[concept_id] = {**body, **_waivers(draft)}
        key = f"{self._deck_id}/{concept_id}/definition"
        self.placed.append(Placed(draft, ("concepts", concept_id, "definition"), key, concept_id))

    def _topic(self, drafts: Sequence[Draft], chapter: _Chapter) -> None:
        concept_id = _free_name(_name(chapter.name), self.concepts)
        self._home(concept_id, chapter)
        shared = _shared(drafts)
        body: dict[str, Written] = {"term": chapter.name}
        own = _without(shared, self._tags)
        if own:
            body["tags"] = own
        lists: dict[str, list[Written]] = {}
        names: dict[str, dict[str, None]] = {}
        for draft in drafts:
            kind = LISTS[draft.kind]
            name = _free_name(_name(_shown(draft)), names.setdefault(kind, {}))
            names[kind][name] = None
            path = ("concepts", concept_id, kind, len(lists.setdefault(kind, [])))
            lists[kind].append(self._fact(draft, name, shared))
            key = f"{self._deck_id}/{concept_id}/{draft.kind}/{name}"
            self.placed.append(Placed(draft, path, key, concept_id))
        body |= {kind: lists[kind] for kind in LISTS.values() if kind in lists}
        self.concepts[concept_id] = body

    def _fact(self, draft: Draft, name: str, shared: Iterable[str]) -> Written:
        own = _without(_sayable(draft.old.tags), shared)
        tags: dict[str, Written] = {"tags": own} if own else {}
        return {"id": name, **self._words(draft), **self._aside(draft), **tags, **_waivers(draft)}

    def _words(self, draft: Draft) -> dict[str, Written]:
        if draft.kind == "question":
            return {"ask": draft.words["front"], "answer": draft.words["back"]}
        if draft.kind == "cloze":
            return {"text": draft.words["text"]}
        return {"type": draft.type_name, "fields": dict(draft.words)}

    def _aside(self, draft: Draft) -> dict[str, Written]:
        if draft.kind == "note":
            return {}
        asides: dict[str, Written] = {name: draft.words[name] for name in ASIDES if draft.words.get(name)}
        image: dict[str, Written] = {"image": f"{self._folder}/{draft.image}"} if draft.image else {}
        return {**asides, **image}

    def _home(self, concept_id: str, chapter: _Chapter) -> None:
        if chapter.deck != self._deck_name:
            self.homes[concept_id] = chapter.deck


def said_tags(draft: Draft) -> tuple[str, ...]:
    """The tags that the facts say of a note."""
    return in_order(set(_sayable(draft.old.tags)))


def _waivers(draft: Draft) -> dict[str, Written]:
    return {"allow": dict(draft.allow)} if draft.allow else {}


def _chapters(drafts: Sequence[Draft], deck_name: str) -> Iterator[_Chapter]:
    """Drafts by their decks in Anki, and within a deck by the tags that sort them."""
    by_deck: dict[str, list[Draft]] = {}
    for draft in drafts:
        by_deck.setdefault(draft.old.deck, []).append(draft)
    for deck, inside in by_deck.items():
        title = deck.removeprefix(f"{deck_name}::") if len(by_deck) > 1 else deck.rpartition("::")[2]
        members = _with_terms(inside)
        chapter_of = _tags_as_chapters(members)
        by_tag: dict[str, list[Draft]] = {}
        for draft in members:
            by_tag.setdefault(next((tag for tag in draft.old.tags if tag in chapter_of), ""), []).append(draft)
        for tag, gathered in by_tag.items():
            name = _readable(tag.rpartition("::")[2]) if tag else _readable(title.rpartition("::")[2])
            yield _Chapter(name or "Notes", deck, tuple(gathered))


def _tags_as_chapters(drafts: Sequence[Draft]) -> set[str]:
    """The tags that sort a deck into chapters: the first sortable tag of most notes, and several of them."""
    everywhere = set.intersection(*(set(draft.old.tags) for draft in drafts)) if drafts else set()
    counts = Counter(tag for draft in drafts for tag in _sayable(draft.old.tags) if tag not in everywhere)
    chapters = {tag for tag, count in counts.items() if count >= _CHAPTER_LEAST}
    sorted_in = sum(any(tag in chapters for tag in draft.old.tags) for draft in drafts)
    return chapters if len(chapters) > 1 and sorted_in >= _TAGGED_SHARE * len(drafts) else set()


def _with_terms(drafts: Sequence[Draft]) -> list[Draft]:
    """Questions of a word or two become terms with definitions where most are so."""
    by_type: dict[int, list[Draft]] = {}
    for draft in drafts:
        if draft.kind == "question":
            by_type.setdefault(draft.old.type, []).append(draft)
    glossaries = {type_id for type_id, asked in by_type.items() if type_id != PAIR and _is_glossary(asked)}
    return [
        replace(draft, kind="definition")
        if draft.kind == "question" and draft.old.type in glossaries and _is_term(draft)
        else draft
        for draft in drafts
    ]


def _is_glossary(drafts: Sequence[Draft]) -> bool:
    return len(drafts) >= _GLOSSARY_LEAST and sum(map(_is_term, drafts)) >= _GLOSSARY_SHARE * len(drafts)


def _is_term(draft: Draft) -> bool:
    words = draft.words["front"]
    return "\n" not in words and not words.rstrip().endswith(_ASKING) and len(words.split()) <= _TERM_WORDS


def _shown(draft: Draft) -> str:
    said = draft.words.get("front") or draft.words.get("text")
    # The first field with words to read: shapes over a picture and pictures are none.
    fields = (SHAPES.sub("", text) for text in draft.words.values())
    return said or next(filter(visible_text, fields), "") or draft.old.guid


def _name(words: str) -> str:
    """An id to read: the first words of what a fact shows."""
    # Names of decks can have letters apart from their marks; a file of facts has none.
    plain = re.sub(r"\{\{c\d+::|\}\}|::[^{}]*(?=\}\})", " ", unicodedata.normalize("NFC", words))
    if "<" in plain:
        plain = visible_text(plain)
    name = slug(visible_text(render_inline(plain.split("\n")[0]).html) or words)
    if len(name) > _LONGEST_NAME:
        name = (name[:_LONGEST_NAME].rpartition("-")[0] or name[:_LONGEST_NAME]).strip("-_")
    return name if _is_id(name) else f"note-{mark_of(words)}"


def _is_id(name: str) -> bool:
    try:
        return check_id(name) == name
    except ValueError:
        return False


def _free_name(name: str, taken: Mapping[str, object]) -> str:
    free, turn = name, 1
    while free in taken:
        turn += 1
        free = f"{name}-{turn}"
    return free


def _readable(name: str) -> str:
    return " ".join(name.replace("_", " ").split())


def _sayable(tags: Iterable[str]) -> list[str]:
    """Tags that a file of facts can hold; Anki keeps others to itself."""
    return [tag for tag in dict.fromkeys(tags) if _is_tag(tag)]


def _is_tag(tag: str) -> bool:
    try:
        return check_tag(tag) == tag and tag.isprintable() and unicodedata.is_normalized("NFC", tag)
    except ValueError:
        return False


def _shared(drafts: Sequence[Draft]) -> list[str]:
    """The tags that all these notes have."""
    return [tag for tag in _sayable(drafts[0].old.tags) if all(tag in draft.old.tags for draft in drafts)]


def _without(tags: Iterable[str], shared: Iterable[str]) -> list[str]:
    known = set(shared)
    return [tag for tag in tags if tag not in known]
