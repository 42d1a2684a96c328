"""A deck through all rules: what they find, less what the author allows with a reason."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from deckbuilder.check.rule import Finding, Rule
from deckbuilder.check.subject import Card, Subject, cards_of
from deckbuilder.check.suspects import Suspects
from deckbuilder.check.table import RULES
from deckbuilder.facts.deck import Deck
from deckbuilder.facts.models import Limits
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.facts.references import all_facts, facts_of
from deckbuilder.kinds import Made
from deckbuilder.notes import Note
from deckbuilder.notetypes import CarriedType
from deckbuilder.outputs.tell import in_edition
from deckbuilder.plan import Plan, Reviewer
from deckbuilder.problems import Problem, Progress, Severity, did_you_mean, unwatched

# In a deck of more cards a build leaves counting what makes a card poor to a review: it would take the longest.
_MOST_COUNTED = 5000


@dataclass(frozen=True, slots=True)
class Verdict:
    """The problems that stop a build, and how many there are of each severity: to count one, it needs no line.

    Of a large deck they are not counted, and what its cards ask is told as numbers (`Suspects.questions`).
    """

    wrong: tuple[Problem, ...]
    counts: Mapping[Severity, int] | None
    questions: Sequence[int] = ()


def check(
    deck: Deck, made: Made, rules: Collection[Rule] = tuple(RULES.values()), progress: Progress = unwatched
) -> list[Problem]:
    """All that `rules` find in a deck, and waivers that are unknown or not needed."""
    cards = [card for note in made.notes for card in cards_of(note)]
    subject = _subject(deck, made.notes, cards, Counter(card.kind for card in cards))
    found, idle = _judged(subject, rules, progress)
    return [*(_told(rule, finding) for rule, finding in found), *idle]


def check_editions(
    one: Plan,
    told: Collection[Problem],
    rules: Collection[Rule] = tuple(RULES.values()),
    progress: Progress = unwatched,
) -> list[Problem]:
    """All that `rules` find in a deck's other languages, and were not `told` of the deck itself."""
    found: list[Problem] = []
    for edition in one.editions:
        problems = check(edition.deck, edition.made, rules, progress)
        # A waiver serves all languages, and need not be needed in each.
        needed = [problem for problem in problems if problem.rule != "waiver-unused"]
        found += in_edition(edition.deck.heading.language, needed, told)
    return found


class Judge(Reviewer):
    """A build's reviewer: the verdict on a deck is there once all of its notes were seen."""

    def __init__(self, deck: Deck, progress: Progress = unwatched) -> None:
        self.verdict = Verdict((), None)
        self._deck = deck
        self._progress = progress
        self._suspects = Suspects(deck)

    def see(self, notes: Sequence[Note]) -> None:
        self._suspects.see(notes)

    def seen(self, made: Made) -> None:
        few = None if made.shelf else _at_most(_MOST_COUNTED, made)
        questions = self._suspects.questions if made.shelf else ()
        if few is not None:
            subject = _subject(self._deck, made.notes, few, Counter(card.kind for card in few))
        else:
            if made.shelf is None:
                self.see(made.notes)
            subject = self._suspected(made)
        found, idle = _judged(subject, STOPPING if few is None else tuple(RULES.values()), self._progress)
        wrong = [_told(rule, finding) for rule, finding in found if _stops(rule)]
        counts = Counter(finding.severity or rule.severity for rule, finding in found)
        counts.update(problem.severity for problem in idle)
        stopping = (*wrong, *filter(stops_build, idle))
        self.verdict = Verdict(stopping, None if few is None else counts, questions)

    def _suspected(self, made: Made) -> Subject:
        """The deck with those cards alone in which the rules that stop a build can find something."""
        keys = self._suspects.found()
        outlines = made.outlines() if keys else ()
        notes = [made.notes[n] for n, outline in enumerate(outlines) if outline.key in keys]
        cards = [card for note in notes for card in cards_of(note)]
        return _subject(self._deck, notes, cards, self._suspects.kinds)


def questions_after(
    deck: Deck, before: Sequence[Note], after: Sequence[Note], questions: Sequence[int], kinds: Mapping[str, int]
) -> Sequence[int] | None:
    """What a large deck asks when some of its notes say something else; None if a rule that stops a build may mind.

    `questions` is what it asked with the notes `before`, and nothing stopped its build; `kinds` counts all its cards.
    """
    gone, new = Suspects(deck), Suspects(deck)
    gone.see(before)
    new.see(after)
    left = Counter(questions) - Counter(gone.questions)
    cards = [card for note in after for card in cards_of(note)]
    found, _ = _judged(_subject(deck, after, cards, Counter(kinds)), STOPPING, unwatched)
    if found or not left.keys().isdisjoint(new.questions):
        return None
    return [*left.elements(), *new.questions]


def _subject(deck: Deck, notes: Sequence[Note], cards: Sequence[Card], kinds: Counter[str]) -> Subject:
    return Subject(deck, notes, cards, kinds, deck.heading.check or Limits())


def _at_most(count: int, made: Made) -> list[Card] | None:
    """All cards, unless there are more."""
    if sum(not isinstance(note.type, CarriedType) for note in made.notes) > count:
        return None
    cards = list(islice((card for note in made.notes for card in cards_of(note)), count + 1))
    return cards if len(cards) <= count else None


def _judged(
    subject: Subject, rules: Collection[Rule], progress: Progress
) -> tuple[list[tuple[Rule, Finding]], list[Problem]]:
    """What rules find and nobody allows, and what is wrong with the waivers."""
    waivers = dict(_waivers(subject.deck))
    heading = Origin(subject.deck.file)
    used: set[tuple[Origin, str]] = set()
    found = []
    for done, rule in enumerate(rules, start=1):
        progress("checking", done, len(rules))
        for finding in rule.find(subject) if rule.find else ():
            waiver = _waiver_for(finding.origin, rule.id, waivers) or _waiver_for(heading, rule.id, waivers)
            if waiver is None:
                found.append((rule, finding))
            else:
                used.add(waiver)
    return found, list(_idle(waivers, used, {rule.id for rule in rules}))


def _told(rule: Rule, finding: Finding) -> Problem:
    severity = finding.severity or rule.severity
    place = finding.place or place_of(finding.origin)
    return Problem(place, rule.id, finding.message, finding.fix, severity, finding.mend)


def stops_build(problem: Problem) -> bool:
    """Whether a deck with this finding is not to be built."""
    rule = RULES.get(problem.rule)
    return rule is not None and _stops(rule)


def _stops(rule: Rule) -> bool:
    return rule.severity is Severity.ERROR and rule.stops_build


# The rules that a build cannot do without.
STOPPING = tuple(rule for rule in RULES.values() if _stops(rule))


def _waivers(deck: Deck) -> Iterator[tuple[tuple[Origin, str], str]]:
    for rule_id, reason in deck.heading.allow.items():
        yield (Origin(deck.file), rule_id), reason
    for concept_id, concept in deck.concepts.items():
        for rule_id, reason in concept.allow.items():
            yield (deck.origin(concept_id), rule_id), reason
        if any(fact.allow for fact in all_facts(concept)):
            for origin, fact in facts_of(deck, concept_id):
                for rule_id, reason in fact.allow.items():
                    yield (origin, rule_id), reason


def _waiver_for(origin: Origin, rule_id: str, waivers: Mapping[tuple[Origin, str], str]) -> tuple[Origin, str] | None:
    """The waiver nearest around `origin`."""
    for length in range(len(origin.path), -1, -1):
        here = (Origin(origin.file, origin.path[:length]), rule_id)
        if here in waivers:
            return here
    return None


def _idle(
    waivers: Mapping[tuple[Origin, str], str], used: Collection[tuple[Origin, str]], checked: Collection[str]
) -> Iterator[Problem]:
    for waiver in waivers:
        origin, rule_id = waiver
        steps = ("deck", "allow", rule_id) if not origin.path else ("allow", rule_id)
        place = place_of(origin.at(*steps), key=True)
        rule = RULES.get(rule_id)
        if rule is None or rule.find is None:
            message = f"the rule {rule_id!r} cannot be waived" if rule else f"there is no rule {rule_id!r}"
            fix = (not rule and did_you_mean(rule_id, list(RULES))) or "remove this waiver"
            yield Problem(place, "waiver-unknown", message, fix)
        elif waiver not in used and rule_id in checked:
            message = f"the rule {rule_id!r} finds nothing here"
            yield Problem(place, "waiver-unused", message, "remove this waiver", Severity.WARNING)
