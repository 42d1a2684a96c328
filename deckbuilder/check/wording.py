"""Wording: texts that stand alone, say one thing, and can be answered."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

from deckbuilder.check.rule import Finding, Rule
from deckbuilder.check.subject import Card, Subject, answer_of, front_of
from deckbuilder.check.text import stems
from deckbuilder.facts.models import Annotations, first_day
from deckbuilder.facts.places import Origin
from deckbuilder.facts.references import facts_of
from deckbuilder.markup import render_inline, visible_text
from deckbuilder.plan import now
from deckbuilder.problems import Severity

# Most of these rules know English words alone; decks in other languages are left alone.
_ENGLISH = "en"
# By language: yes and no, what says the same of a claim, and what asks for a word. Such a question is not answered by a
# guess: What does "oui" mean? Yes.
_YES_NO_IN = {
    "en": ("yes|no", "true|false", "what|which|how|who|when|where|why"),
    "de": (
        "ja|nein",
        "richtig|falsch|wahr",
        "was|welche[mnrs]?|wie|we[rnm]|wann|wo(?:mit|zu|für|durch|hin|her|von)?|warum",
    ),
    "fr": ("oui|non", "vrai|faux", r"qu\w+|comment|où|pourquoi"),
    "es": ("sí|no", "verdadero|falso", r"por qué|qu\w+|cuá\w+|cómo|dónde"),
    "pt": ("sim|não", "verdadeiro|falso", r"por qu\w+|qu\w+|como|onde"),
    "ar": ("نعم|لا", "صحيح|صح|خطأ", "ما|ماذا|كيف|من|متى|أين|لماذا"),
}
# "It is said that", "It is possible to" and "It takes an hour to" speak of nothing that was named before.
_PRONOUN = re.compile(
    r"(?:It(?! (?:is|was) (?:(?:said|thought|known)\b(?! (?:as|to)\b)|(?:im)?possible\b)| (?:takes|took) .*\bto\b)"
    r"|This|They|These|That|Those|He|She)\b"
)
_VAGUE = re.compile(r"\b(?:etc\b\.?|various\b|some\b|several\b|e\.g\.|and so on\b|among others\b)", re.IGNORECASE)
# A "Why ... not" asks for the reason of the not, and a "but not" sets two things apart: neither is overlooked.
_NEGATION = re.compile(r"\b(?<!\bbut )(?:\w+n['\u2019]t|cannot|not(?! only\b)|except)\b")
_WHY = re.compile(r"\bwhy\b", re.IGNORECASE)
_SET_APART = re.compile(r"<(strong|em|code)>.*?</\1>")
# A word that is quoted is spoken of.
_QUOTED = re.compile(r"""\"[^"]*\"|\u201c[^\u201d]*\u201d|(?<!\w)['\u2018][^'\u2019]*['\u2019](?!\w)""")
_AGING = r"\b(?:(?<!\bat the )latest|currently|most common|most recent|newest|nowadays|at present)\b"
_STALE = re.compile(_AGING, re.IGNORECASE)
# "current, at present" translates a word; it does not say how things are today.
_GLOSS = re.compile(rf"(?:^|(?<=[,;] )){_AGING}(?=\s*[,;(]|$)", re.IGNORECASE)
_DATE = re.compile(r"\b(?:1[89]|20)\d\d\b")
_DISTINCTIVE = 5
_SMALL_WORDS = {"of", "the", "a", "an", "and", "in", "to", "for", "with", "by", "on"}
# Where the name of the kind ends in a definition: "A very broad volcano | with gentle slopes".
_AFTER_KIND = re.compile(r"\b(?:of|that|which|who|whose|where|in|on|at|to|for|from|with|by|between)\b|[,;:.(]")
_KIND_WORDS = 5
# In these languages a term begins with its kind: "Insuffisance cardiaque".
_KIND_FIRST = {"ar", "ca", "es", "fr", "it", "pt", "ro"}


# For the language that is asked for: to compile those of all takes longer than any rule takes for a small deck.
@cache
def _yes_no(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What an answer opens with that is yes or no, or says it of a claim; and a question that asks for a word."""
    word, claim, asks = _YES_NO_IN[language]
    return (
        re.compile(rf"(?:({word})|({claim}))(?:\s*(?:[,.;:!(\u2013\u2014\u060c\u061b]|$)|\s-\s)", re.IGNORECASE),
        re.compile(rf"\W*(?:{asks})\b", re.IGNORECASE),
    )


def yes_no(subject: Subject) -> Iterator[Finding]:
    if _language(subject) not in _YES_NO_IN:
        return
    opens, asks_for_a_word = _yes_no(_language(subject))
    for card in subject.cards:
        opening = opens.match(card.answer) if card.kind == "question" else None
        if opening and not (opening[1] and asks_for_a_word.match(card.front)):
            message = f"the answer is {(opening[1] or opening[2]).lower()!r}: half of all guesses are right"
            yield Finding(answer_of(card), message, "ask what, why or which")


def pronoun_start(subject: Subject) -> Iterator[Finding]:
    for card in _english(subject):
        opening = _PRONOUN.match(card.front)
        if card.kind in {"cloze", "definition"} and opening:
            message = f"the text opens with {opening[0]!r}: on a card nothing stands before it"
            yield Finding(front_of(card), message, "name the thing")


def vague_answer(subject: Subject) -> Iterator[Finding]:
    for card in _english(subject):
        vague = _VAGUE.search(card.answer)
        if vague and card.kind in {"question", "pair", "cloze", "exception", "list", "order", "mechanism"}:
            message = f"{vague[0]!r} in an answer: nobody can know whether theirs was right"
            yield Finding(answer_of(card), message, "say exactly what is to be recalled")


def negative_front(subject: Subject) -> Iterator[Finding]:
    for card in _english(subject):
        plain = _QUOTED.sub(" ", visible_text(_SET_APART.sub(" ", card.note.row[0])))
        negation = _NEGATION.search(plain)
        if card.kind == "question" and negation and not _WHY.search(plain, 0, negation.start()):
            word, message = negation[0], f"{negation[0]!r} in a question is easily missed"
            mend = (word, f"**{word}**") if card.front.count(word) == 1 else None
            yield Finding(card.origin.at("ask"), message, f"emphasise it: **{word}**", mend=mend)


def stale(subject: Subject) -> Iterator[Finding]:
    today = datetime.fromtimestamp(now(), UTC).date()
    for concept_id in subject.deck.concepts:
        for origin, fact in _shown(subject, concept_id):
            years = (today - first_day(fact.as_of)).days // 365 if fact.as_of else 0
            if years >= subject.limits.stale_years:
                message = f"this was so {years} years ago, as of {fact.as_of}"
                yield Finding(origin.at("as_of"), message, "look it up again, and write the new date")
    if _language(subject) == _ENGLISH:
        yield from _undated(subject)


def _undated(subject: Subject) -> Iterator[Finding]:
    for concept_id in subject.deck.concepts:
        for origin, fact in _shown(subject, concept_id):
            said = {key: getattr(fact, key) for key in ("text", "ask", "answer") if getattr(fact, key, None)}
            texts = {key: visible_text(render_inline(text).html) for key, text in said.items()}
            if fact.as_of or _DATE.search(" ".join((*texts.values(), fact.note or ""))):
                continue
            for key, text in texts.items():
                aging = _STALE.search(_GLOSS.sub("", text) if origin.path[-1] == "definition" else text)
                if aging is None:
                    continue
                yield Finding(origin.at(key), f"{aging[0]!r} without a date will grow old unnoticed", "add the year")


def _shown(subject: Subject, concept_id: str) -> Iterator[tuple[Origin, Annotations]]:
    """The facts of a concept that are not held, by themselves or with their group."""
    held: set[Origin] = set()
    for origin, fact in facts_of(subject.deck, concept_id):
        if fact.status == "hold" or Origin(origin.file, origin.path[:-2]) in held:
            held.add(origin)
        else:
            yield origin, fact


def definition_circular(subject: Subject) -> Iterator[Finding]:
    asked = {note.concepts[0] for note in subject.notes if note.kind == "definition"}
    for concept_id, concept in subject.deck.concepts.items():
        if concept.definition is None or concept_id not in asked:
            continue
        inherited = {word for parent in concept.is_a for word in stems(subject.deck.concepts[parent].term)}
        term = visible_text(render_inline(concept.term).html)
        own = [word for word in stems(term) if word not in inherited]
        definition = visible_text(render_inline(concept.definition.text).html)
        if len(own) > 1:
            kinds = _kinds_in(term, _language(subject)) & {*_kind(definition)}
            own = [word for word in own if word not in kinds]
        text = stems(definition)
        circular = [word for word in own if len(word) >= _DISTINCTIVE and word not in _SMALL_WORDS and word in text]
        if circular:
            origin = subject.deck.origin(concept_id, "definition", "text")
            message = f"the definition uses the term's own word ({circular[0]}…)"
            yield Finding(origin, message, "say it in other words; a parent's word is fine with 'is_a'")


def _kinds_in(term: str, language: str) -> set[str]:
    """The words of a term that may name its kind: "volcano" in "Shield volcano", "battle" in "Battle of Hastings"."""
    if language in _KIND_FIRST:
        return set(stems(term)[:1])
    return {*stems(term)[-1:], *stems(_AFTER_KIND.split(term, maxsplit=1)[0])[-1:]}


def _kind(definition: str) -> list[str]:
    """The words that may name the kind of thing, as "volcano" in "A very broad volcano with gentle slopes"."""
    return stems(_AFTER_KIND.split(definition, maxsplit=1)[0])[:_KIND_WORDS]


def _english(subject: Subject) -> Iterator[Card]:
    if _language(subject) == _ENGLISH:
        yield from subject.cards


def _language(subject: Subject) -> str:
    return subject.deck.heading.language.partition("-")[0].lower()


RULES = (
    Rule(
        "yes-no",
        Severity.WARNING,
        "An answer that is yes, no, true or false, in the deck's language (en, de, fr, es, pt or ar).",
        "Half of all guesses are right, and a right guess counts as knowing for months.",
        """
owl:
  term: Owl
  questions:
    - {ask: Do owls hunt at night?, answer: "Yes, most do."}
""",
        """
owl:
  term: Owl
  questions:
    - {ask: When do most owls hunt?, answer: At night}
""",
        yes_no,
    ),
    Rule(
        "pronoun-start",
        Severity.WARNING,
        "A text that opens with It, This or They, in an English deck.",
        "On a card nothing stands before it, so nobody knows what is meant.",
        """
owl:
  term: Owl
  statements:
    - "It hunts small [[mice]] in open fields."
""",
        """
owl:
  term: Owl
  statements:
    - "An owl hunts small [[mice]] in open fields."
""",
        pronoun_start,
    ),
    Rule(
        "vague-answer",
        Severity.WARNING,
        "etc., various, some or e.g. in an answer, in an English deck.",
        "A student cannot know whether what came to mind was meant.",
        """
owl:
  term: Owl
  questions:
    - {ask: What does an owl eat?, answer: "Mice, voles, etc."}
""",
        """
owl:
  term: Owl
  questions:
    - {ask: What does an owl eat?, answer: Mice and voles}
""",
        vague_answer,
    ),
    Rule(
        "negative-front",
        Severity.WARNING,
        "A plain not or except in a question, in an English deck.",
        "It is overlooked, and the card is failed for reading, not for knowing.",
        """
owl:
  term: Owl
  questions:
    - {ask: Which owl does not hunt at night?, answer: The snowy owl}
""",
        """
owl:
  term: Owl
  questions:
    - {ask: Which owl does **not** hunt at night?, answer: The snowy owl}
""",
        negative_front,
    ),
    Rule(
        "stale",
        Severity.INFO,
        "A fact that was so years ago, by its `as_of`; latest, most common and the like without a year (in English).",
        "Such facts change; with a year a student can tell that they are old.",
        """
owl:
  term: Owl
  questions:
    - {ask: Which is the most common owl of Europe?, answer: The tawny owl}
""",
        """
owl:
  term: Owl
  questions:
    - {ask: Which was the most common owl of Europe in 2020?, answer: The tawny owl}
""",
        stale,
    ),
    Rule(
        "definition-circular",
        Severity.WARNING,
        "A definition that uses the term's own word.",
        "It defines nothing, and the card that asks for the term gives it away.",
        """
barn-owl:
  term: Screech hunter
  definition: A bird that screeches while it flies.
""",
        """
barn-owl:
  term: Screech hunter
  definition: A bird that cries while it flies.
""",
        definition_circular,
        # The parent, whose words are fine, may be what cannot be read.
        needs_all=True,
    ),
)
