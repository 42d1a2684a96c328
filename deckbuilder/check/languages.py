"""Languages: names in the place of codes, what is not translated, and translations that no output is made in."""

from collections.abc import Iterator

from deckbuilder.check.rule import Finding, Rule
from deckbuilder.check.subject import Subject
from deckbuilder.facts.deck import Deck
from deckbuilder.facts.places import Origin
from deckbuilder.facts.references import facts_of
from deckbuilder.outputs.translate import languages_of, translated_into, untranslated
from deckbuilder.problems import Severity, did_you_mean

# The longest codes of languages that are in use.
_LETTERS = 3
_NAMES = {
    **dict.fromkeys(("arabic", "arabisch", "arabe"), "ar"),
    **dict.fromkeys(("german", "deutsch", "allemand", "aleman"), "de"),
    **dict.fromkeys(("english", "englisch", "anglais", "ingles"), "en"),
    **dict.fromkeys(("spanish", "spanisch", "espagnol", "espanol"), "es"),
    **dict.fromkeys(("french", "francais", "frances"), "fr"),
    **dict.fromkeys(("italian", "italiano", "italien"), "it"),
    **dict.fromkeys(("japanese", "japonais", "japones"), "ja"),
    **dict.fromkeys(("latin", "latein", "latino"), "la"),
    "russian": "ru",
    "russisch": "ru",
}


def language_unknown(subject: Subject) -> Iterator[Finding]:
    told: set[str] = set()
    for origin, language in _written(subject.deck):
        if len(language.partition("-")[0]) > _LETTERS and language not in told:
            told.add(language)
            code = _NAMES.get(language.casefold())
            fix = f"write {code!r}" if code else "write its code: en, de, pt-BR"
            yield Finding(origin, f"{language!r} is the name of a language, and devices know its code alone", fix)


def _written(deck: Deck) -> Iterator[tuple[Origin, str]]:
    for name, output in deck.outputs.items():
        if output.language:
            yield Origin(deck.file, ("outputs", name, "language")), output.language
    # A deck in another language is one that an output asked for.
    if "@" not in deck.heading.id:
        yield Origin(deck.file, ("deck", "language")), deck.heading.language
    for concept_id, concept in deck.concepts.items():
        facts = ((deck.origin(concept_id), concept), *facts_of(deck, concept_id))
        for origin, fact in facts:
            language = getattr(fact, "lang", None)
            if language:
                yield origin.at("lang"), language


def texts_untranslated(subject: Subject) -> Iterator[Finding]:
    deck = subject.deck
    written = {name.casefold() for _, name in translated_into(deck)}
    for name, language in languages_of(deck).items():
        if language and language.casefold() not in written:
            message = f"nothing is translated into {language!r}, so this output stays in {deck.heading.language!r}"
            fix = did_you_mean(language, sorted(written)) or "a language is written as its code: de, pt-BR"
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
        "language-unknown",
        Severity.WARNING,
        "A language that is written as its name, and not as its code.",
        "Labels stay English, and no voice is found.",
        """
owl:
  term: Chouette
  lang: french
  definition: A bird that hunts at night.
""",
        """
owl:
  term: Chouette
  lang: fr
  definition: A bird that hunts at night.
""",
        language_unknown,
    ),
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
