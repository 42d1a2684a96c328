"""A deck in another language: the same facts in the words that stand beside them.

A deck in another language is a deck of its own to students: its notes have their own keys, and so their own GUIDs and
numbers. What somebody learned in one language is not claimed to be known in the other, and both can be learned at once.
A fact keeps its name when its words change with the language. Where there is no translation the words stay, set apart
in their own language: a list with an entry left out would be wrong.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.keys import keys_of, nothing
from deckbuilder.facts.models import (
    GAP,
    Annotations,
    AsideWords,
    Classification,
    Concept,
    ForeignNote,
    Mask,
    Order,
    Picture,
    Question,
    Relation,
    Retired,
    Second,
    Statement,
    Text,
    number_shown,
)
from deckbuilder.facts.places import Origin
from deckbuilder.facts.references import facts_of
from deckbuilder.kinds.identity import item_id

_Entry = TypeVar("_Entry", bound=Text)
_Fact = TypeVar("_Fact", bound=Annotations)
_Words = TypeVar("_Words")


def languages_of(deck: Deck) -> dict[str, str]:
    """The language of each output, as it is first written; nothing for the deck's own."""
    spelled = {deck.heading.language.casefold(): ""}
    for output in deck.outputs.values():
        if output.language is not None:
            spelled.setdefault(output.language.casefold(), output.language)
    return {
        name: spelled[(output.language or deck.heading.language).casefold()] for name, output in deck.outputs.items()
    }


def edition_id(deck_id: str, language: str) -> str:
    """The id of a deck in another language; no author can give a deck such an id."""
    return f"{deck_id}@{language.casefold()}"


def in_language(deck: Deck, language: str) -> Deck:
    """A deck as it is in another language, which says nothing of further ones."""
    edition = _Edition(deck.heading.language, language)
    heading = deck.heading
    names = {name: edition_id(name, language) for name in (heading.id, *heading.formerly)}
    return replace(
        deck,
        heading=replace(
            heading,
            id=names[heading.id],
            formerly=tuple(names[name] for name in heading.formerly),
            language=language,
        ),
        axes={name: replace(axis, name=edition.word(axis.translations, axis.name)) for name, axis in deck.axes.items()},
        list_titles={
            name: replace(about, title=edition.word(about.translations, about.title))
            for name, about in deck.list_titles.items()
        },
        classifications={name: edition.classification(one) for name, one in deck.classifications.items()},
        relations={name: edition.relation(one) for name, one in deck.relations.items()},
        concepts={name: edition.concept(concept, deck.relations) for name, concept in deck.concepts.items()},
        retired=tuple(_retired(one, names) for one in deck.retired),
        # Where notes of an imported deck stand is said of these notes alone.
        carried=replace(deck.carried, notes={}, decks={}),
        outputs={},
    )


def untranslated(deck: Deck, language: str) -> Iterator[tuple[str, int]]:
    """The concepts of which something stays in the deck's language, and how many of their texts."""
    own = deck.heading.language
    edition = in_language(deck, language)
    for concept_id, concept in edition.concepts.items():
        facts = [fact for _, fact in facts_of(edition, concept_id) if fact.status != "hold"]
        spoken = [
            concept.lang,
            *(getattr(fact, key, None) for fact in facts for key in ("lang", "ask_lang", "first_lang")),
        ]
        if count := spoken.count(own):
            yield concept_id, count


def translated_into(deck: Deck) -> Iterator[tuple[Origin, str]]:
    """Every language in which a concept or a fact says something, as it is written, and where."""
    for concept_id, concept in deck.concepts.items():
        origin = deck.origin(concept_id)
        yield from ((origin.at("translations", name), name) for name in concept.translations)
        for place, fact in facts_of(deck, concept_id):
            yield from ((place.at("translations", name), name) for name in _translations(fact))


def _translations(fact: Annotations) -> Mapping[str, AsideWords]:
    return {} if isinstance(fact, ForeignNote) else fact.translations  # type: ignore[attr-defined] # all others have them


def _said_in(translations: Mapping[str, _Words], language: str) -> _Words | None:
    wanted = language.casefold()
    return next((words for name, words in translations.items() if name.casefold() == wanted), None)


def _retired(one: Retired, names: Mapping[str, str]) -> Retired:
    deck, slash, rest = one.key.partition("/")
    return replace(one, key=f"{names.get(deck, deck)}{slash}{rest}")


class _Edition:
    """A deck's facts on their way from the deck's own language, `base`, to another one."""

    def __init__(self, base: str, language: str) -> None:
        self._base = base
        self._language = language

    def word(self, translations: Mapping[str, str], own: str) -> str:
        return _said_in(translations, self._language) or own

    def classification(self, one: Classification) -> Classification:
        return replace(one, ask=self.word(one.translations, one.ask))

    def relation(self, one: Relation) -> Relation:
        # Of each pair it is said in which language it is.
        said: dict[str, Any] = {"lang": None, "first_lang": None}
        words = _said_in(one.translations, self._language)
        if words is not None:
            said |= {"ask": words.ask or one.ask, "back": one.back and (words.back or one.back)}
        return replace(one, **said)

    def concept(self, one: Concept, relations: Mapping[str, Relation]) -> Concept:
        words = _said_in(one.translations, self._language)
        if words is not None and words.term:
            names: dict[str, Any] = {"term": words.term, "aliases": words.aliases, "audio": words.audio, "lang": None}
        else:
            names = {"lang": one.lang or self._base}
        return replace(
            one,
            **names,
            translations=nothing(),
            definition=one.definition and self._text(one.definition),
            features={axis: self._text(feature) for axis, feature in one.features.items()},
            mechanism=tuple(map(self._group, one.mechanism)),
            causes=tuple(map(self._group, one.causes)),
            examples=tuple(map(self._group, one.examples)),
            lists={name: tuple(map(self._group, members)) for name, members in one.lists.items()},
            statements=tuple(map(self._statement, one.statements)),
            orders=tuple(map(self._order, one.orders)),
            pairs={name: self._pairs(pairs, relations[name]) for name, pairs in one.pairs.items()},
            questions=tuple(map(self._question, one.questions)),
            images=tuple(map(self._picture, one.images)),
        )

    def _group(self, one: Any) -> Any:
        """A member of a list or a step of a mechanism, with those that stand in it."""
        return replace(self._named(one, item_id(one, one.text)), of=tuple(map(self._group, one.of)))

    def _statement(self, one: Statement) -> Statement:
        exceptions = tuple(self._named(fact, item_id(fact, fact.text)) for fact in one.exceptions)
        return replace(self._named(one, item_id(one, one.text)), exceptions=exceptions)

    def _order(self, one: Order) -> Order:
        lang = self._lang(one, "title", one.lang)
        items = [self._named(item, item_id(item, item.text), one.lang) for item in one.items]
        apart = tuple(replace(item, lang=self._apart(item.lang, lang)) for item in items)
        return replace(self._said(one, "title"), id=item_id(one, one.title), lang=lang, items=apart)

    def _pairs(self, pairs: Mapping[str, Second], relation: Relation) -> dict[str, Second]:
        found: dict[str, Second] = {}
        taken = set(pairs)
        for first, other in pairs.items():
            words = _said_in(other.translations, self._language)
            named = self._named(other, item_id(other, first), relation.lang)
            said = words.first if words is not None else None
            # Two pairs that would begin alike in the other language stay apart in this one.
            if said is None or (said != first and said in taken):
                found[first] = replace(named, first_lang=other.first_lang or relation.first_lang or self._base)
            else:
                taken.add(said)
                found[said] = replace(named, first_lang=None)
        return found

    def _question(self, one: Question) -> Question:
        asked, answered = self._lang(one, "ask", one.ask_lang), self._lang(one, "answer", one.lang)
        return replace(self._said(one, "answer"), id=item_id(one, one.ask), ask_lang=asked, lang=answered)

    def _picture(self, one: Picture) -> Picture:
        lang = self._lang(one, "answer", one.lang) if one.answer else None
        return replace(
            self._said(one, "answer"),
            ask_lang=self._lang(one, "ask", one.ask_lang) if one.ask else None,
            lang=lang,
            masks=tuple(self._mask(mask, one.lang, lang) for mask in one.masks),
        )

    def _mask(self, one: Mask, outer: str | None, around: str | None) -> Mask:
        lang = self._apart(self._lang(one, "answer", one.lang or outer), around)
        return replace(self._said(one, "answer"), id=item_id(one, one.answer), lang=lang)

    def _named(self, one: _Entry, name: str, outer: str | None = None) -> _Entry:
        """A text that is known by its words in the deck's own language, if it has no id."""
        return replace(self._text(one, outer), id=name)

    def _text(self, one: _Entry, outer: str | None = None) -> _Entry:
        return replace(self._said(one, "text"), lang=self._lang(one, "text", one.lang or outer))

    def _lang(self, one: Annotations, key: str, own: str | None) -> str | None:
        """The language of the words behind a key: nothing where they are translated, or else what they had."""
        words = _said_in(_translations(one), self._language)
        # A value alone is said in every language, if its unit is.
        is_value = one.value is not None and getattr(one, key) == one.number
        is_said = getattr(words, "unit" if is_value and one.unit else key, None) or (is_value and not one.unit)
        return None if is_said else own or self._base

    def _apart(self, lang: str | None, around: str | None) -> str | None:
        """The language of words that would else be taken for being in that of what stands around them."""
        return lang or (self._language if around else None)

    def _said(self, one: _Fact, main: str) -> _Fact:
        """A fact with what its translation says; `main` is the key of its own words, whose sound goes with them."""
        words = _said_in(_translations(one), self._language)
        said: dict[str, Any] = {"translations": nothing()}
        if words is None:
            return replace(one, **said)
        said |= {name: value for name in keys_of(type(words)) if (value := getattr(words, name)) is not None}
        said.pop("first", None)
        alt = None if isinstance(one, Picture) else said.pop("alt", None)
        if alt is not None and one.image is not None:
            said["image"] = replace(one.image, alt=alt)
        if main not in said and (one.value is None or getattr(one, main) != one.number):
            said.pop("unit", None)
            return replace(one, **said)
        if one.value is not None:
            # A value alone has its unit to translate.
            said.setdefault(main, GAP)
            said[main] = said[main].replace(GAP, number_shown(one.value, said.get("unit", one.unit)), 1)
        return replace(one, **{"audio": None, **said})
