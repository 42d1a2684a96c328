"""Decks in several languages: what is not translated, and translations that no output is made in."""

from collections.abc import Iterator

from deckbuilder.check.rule import Finding, Rule
from deckbuilder.check.subject import Subject
from deckbuilder.facts.places import Origin
from deckbuilder.outputs.translate import languages_of, translated_into, untranslated
from deckbuilder.problems import Severity, did_you_mean


def texts_untranslated(subject: Subject) -> Iterator[Finding]:
    deck = subject.deck
    written = {name.casefold() for _, name in translated_into(deck)}
    for name, language in languages_of(deck).items():
        if language and language.casefold() not in written:
            message = f"nothing is translated into {language!r}, so this output stays in {deck.heading.language!r}"
            fix = did_you_mean(language, sorted(written)) if written else "a language is written as its code: de, pt-BR"
            yield Finding(Origin(deck.file, ("outputs", name, "language")), message, fix, Severity.WARNING)
    for language in dict.fromkeys(filter(None, languages_of(deck).values())):
        if language.casefold() not in written:
            continue
        for concept_id, count in untranslated(deck, language):
            texts, stay = ("1 text is", "stays") if count == 1 else (f"{count} texts are", "stay")
            yield Finding(
                deck.origin(concept_id),
                f"{texts} not translated into {language!r}, and {stay} in {deck.heading.language!r} there",
                f"write the words beside them: 'translations: {{{language}: ...}}'",
            )


def translation_unused(subject: Subject) -> Iterator[Finding]:
    languages = languages_of(subject.deck)
    known = {language.casefold() for language in languages.values()}
    told: set[str] = set()
    for origin, name in translated_into(subject.deck):
        if name.casefold() not in known | told:
            told.add(name.casefold())
            near = did_you_mean(name, [language for language in languages.values() if language])
            fix = near if near.startswith("did") else f"add one under 'outputs:', with 'language: {name}'"
            yield Finding(origin, f"no output is in the language {name!r}", fix)


RULES = (
    Rule(
        "untranslated",
        Severity.INFO,
        "A concept with texts that are not translated into the language of an output; a warning if nothing is.",
        "They stay in the deck's language there, set apart. A name that is the same in both can be given once more.",
        """
owl:
  term: Owl
  definition: A bird that hunts at night.
""",
        """
owl:
  term: Owl
  translations: {de: Eule}
  definition:
    text: A bird that hunts at night.
    translations: {de: "Ein Vogel, der nachts jagt."}
""",
        texts_untranslated,
    ),
    Rule(
        "translation-unused",
        Severity.WARNING,
        "A translation into a language that no output has.",
        "No student ever sees it, although its author believes so.",
        """
owl:
  term: Owl
  translations: {dee: Eule}
  definition: A bird that hunts at night.
""",
        """
owl:
  term: Owl
  translations: {de: Eule}
  definition: A bird that hunts at night.
""",
        translation_unused,
    ),
)
