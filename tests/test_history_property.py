"""Random decks, random edits, students who skip releases: a review never ends up on another fact.

Every fact has a token of its own (`Q17Z`) that stands in its text through all rewordings and renamings, so that what
a card asks tells whose history it holds. The author edits the facts as authors do, sometimes carelessly; the program
may refuse a build, and then the author takes the edits back or accepts the removals. It may never crash, and it may
never move a review.

Every day the same 200 histories are played; with a number of them asked for, they are new ones:

    DECKBUILDER_SEQUENCES=5000 pytest tests/test_history_property.py
"""

import copy
import json
import os
import random
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from deckbuilder.build import build
from deckbuilder.kinds.identity import slug
from deckbuilder.lock import parse_lock
from deckbuilder.package.read import read_package
from tests.students import AGAIN, EASY, GOOD, HARD, Asked, Student, release_time

SEQUENCES = int(os.environ.get("DECKBUILDER_SEQUENCES", "200"))
# A change lands or not because of what it does, so the everyday histories are always the same ones.
EVERYDAY = "DECKBUILDER_SEQUENCES" not in os.environ
STEPS = 12
# Linux has a folder in memory; without waiting for the disk it takes half of the time.
IN_MEMORY = "/dev/shm"  # noqa: S108 - the folders in it get names of their own
LISTS = ("causes", "examples")
AXES = ("shape", "colour")
WAYS = (("next",), ("at",), ("next", "at"), ("previous",), ("next", "previous"), ("next", "previous", "at"))
# More than the turns that stand in the texts beside it.
LEAST_VALUE = 100
TOKEN = re.compile(r"Q\d+Z")
# The only reasons for which a build may refuse what is written below.
REFUSALS = {"identity-lost", "identity-unclear", "number-moved", "number-reused", "key-duplicate", "retired"}

pytestmark = pytest.mark.slow


# --------------------------------------------------------------------- what an author keeps


@dataclass(eq=False)
class Fact:
    """A text with a token; `turn` counts its rewordings, `of` are the members of a group or the items of an order,
    `blanks` those of a statement. `value` is a number that changes, `ways` is what an order asks.
    """

    token: str
    turn: int = 0
    value: int | None = None
    typed: bool = False
    ways: tuple[str, ...] = ("next",)
    id: str | None = None
    formerly: list[str] = field(default_factory=list)
    of: list["Fact"] = field(default_factory=list)
    blanks: list["Blank"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.words(lambda blank: blank.written)

    @property
    def name(self) -> str:
        """What identifies it: its id, or the slug of what it shows."""
        return self.id or slug(self.words(lambda blank: blank.answer))

    def words(self, show: Callable[["Blank"], str]) -> str:
        gap = [] if self.value is None else ["..."]
        return " and ".join([f"{self.token} turn {self.turn}", *gap, *map(show, self.blanks)])

    def written(self) -> dict[str, Any]:
        given = {
            "id": self.id,
            "formerly": list(self.formerly),
            "value": None if self.value is None else str(self.value),
            "type": "true" if self.typed else None,
            "of": [member.written() for member in self.of],
        }
        return {"text": self.text, **{key: value for key, value in given.items() if value}}


@dataclass(eq=False)
class Blank:
    """An answer with a token; `number` is set where the author numbers the blanks."""

    token: str
    turn: int = 0
    number: int | None = None

    @property
    def answer(self) -> str:
        return f"{self.token} {self.turn}" if self.turn else self.token

    @property
    def written(self) -> str:
        return f"[[{self.answer}]]" if self.number is None else f"{{{{c{self.number}::{self.answer}}}}}"


@dataclass(eq=False)
class Concept:
    id: str
    term: str
    definition: Fact
    formerly: list[str] = field(default_factory=list)
    features: dict[str, Fact] = field(default_factory=dict)
    mechanism: list[Fact] = field(default_factory=list)
    causes: list[Fact] = field(default_factory=list)
    examples: list[Fact] = field(default_factory=list)
    statements: list[Fact] = field(default_factory=list)
    questions: list[Fact] = field(default_factory=list)
    orders: list[Fact] = field(default_factory=list)
    pairs: list[Fact] = field(default_factory=list)

    def lists(self) -> Iterator[list[Fact]]:
        """Every list of facts in it, groups' members and orders' items too."""
        yield from (self.statements, self.questions, self.pairs)
        for tree in (self.mechanism, self.causes, self.examples, self.orders):
            yield from self.levels(tree)

    def levels(self, facts: list[Fact]) -> Iterator[list[Fact]]:
        yield facts
        for fact in facts:
            if fact.of:
                yield from self.levels(fact.of)


@dataclass(eq=False)
class Deck:
    """The facts as they stand, and what an author remembers of them."""

    concepts: list[Concept] = field(default_factory=list)
    retired: list[dict[str, str]] = field(default_factory=list)
    removed: list[tuple[list[Fact], Fact]] = field(default_factory=list)
    removed_concepts: list[Concept] = field(default_factory=list)
    choices: bool = True
    pairs_typed: bool = False
    theme: str = ""

    def yaml(self) -> str:
        concepts = {
            concept.id: {
                "term": concept.term,
                "formerly": concept.formerly,
                "contrasts": [other.id for other in self.concepts if other is not concept][:1],
                "definition": concept.definition.text,
                "features": {axis: fact.text for axis, fact in concept.features.items()},
                **{key: [f.written() for f in getattr(concept, key)] for key in ("mechanism", "statements", *LISTS)},
                "questions": [question(fact) for fact in concept.questions],
                "orders": [order(fact) for fact in concept.orders],
                "pairs": {"twin": {fact.text: second_half(fact) for fact in concept.pairs}},
            }
            for concept in self.concepts
        }
        among = [concept.id for concept in self.concepts]
        kind = {"among": among, "ask": "Which type?", "items": ["examples"], "choices": str(self.choices).lower()}
        asked = {"type": kind} if len(among) > 1 else {}
        twin = {"ask": "What goes with ...?", "back": "And with ...?", "type": str(self.pairs_typed).lower()}
        facts = {
            "format": 1,
            "deck": {"id": "random", "name": "Random", "check": {"choice_share": "100"}}
            | ({"theme": "theme.css"} if self.theme else {}),
            "axes": {axis: axis.title() for axis in AXES},
            "classifications": asked,
            "relations": {"twin": twin},
            "concepts": concepts,
            "retired": self.retired,
        }
        # JSON is YAML, too.
        return json.dumps({key: value for key, value in facts.items() if value}, indent=1)


def question(fact: Fact) -> dict[str, Any]:
    written = fact.written()
    text = written.pop("text")
    return {"ask": f"{text}?", "answer": f"{fact.token} is it.", **written}


def order(fact: Fact) -> dict[str, Any]:
    written = {key: value for key, value in fact.written().items() if key != "of"}
    items = [{**item.written(), "at": f"{item.token} o'clock"} for item in fact.of]
    return {"title": written.pop("text"), **written, "items": items, "cards": list(fact.ways)}


def second_half(fact: Fact) -> dict[str, Any]:
    return {**fact.written(), "text": f"other of {fact.token}"}


# --------------------------------------------------------------------- what an author does


class Choice:
    """Choices that a single number decides, so that Hypothesis can shrink them; more than it can tell are drawn."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.more = random.Random(number)  # noqa: S311 - no secret

    def of(self, options: Any) -> Any:
        options = list(options)
        if not self.number:
            return self.more.choice(options)
        self.number, position = divmod(self.number, len(options))
        return options[position]

    def among(self, count: int) -> int:
        return int(self.of(range(count)))


class Author:
    """Edits of a deck. `may_vanish` are tokens whose cards may lose their text, because an edit takes it away.

    `lenders` are facts whose name another one took since the last release. If such a fact lost its `formerly` or left
    its list as well, nobody could tell it from a fact that was merely reworded under its id.
    """

    def __init__(self) -> None:
        self.deck = Deck()
        self.may_vanish: set[str] = set()
        self.lenders: list[Fact] = []
        self.tokens = 0
        self.ids = 0

    # ------------------------------------------------------------- words

    def token(self) -> str:
        self.tokens += 1
        return f"Q{self.tokens}Z"

    def new_id(self) -> str:
        self.ids += 1
        return f"id-{self.ids}"

    def fact(self, choice: Choice, *, blanks: int = 0) -> Fact:
        fact = Fact(self.token(), id=self.new_id() if choice.among(2) else None)
        fact.blanks = [Blank(self.token()) for _ in range(blanks)]
        return fact

    def order(self, choice: Choice) -> Fact:
        fact = self.fact(choice)
        fact.of = [self.fact(choice) for _ in range(1 + choice.among(3))]
        fact.ways = choice.of(WAYS)
        return fact

    def concept(self, choice: Choice) -> Concept:
        concept = Concept(self.new_id(), self.token(), Fact(self.token()))
        concept.features = {axis: Fact(self.token()) for axis in AXES if choice.among(3)}
        for facts in (concept.mechanism, concept.causes, concept.examples, concept.questions):
            facts += [self.fact(choice) for _ in range(choice.among(4))]
        for facts in (concept.mechanism, concept.causes, concept.examples):
            for fact in facts[:1]:
                fact.of = [self.fact(choice) for _ in range(choice.among(3))]
        for fact in (*concept.causes, *concept.examples):
            fact.value = LEAST_VALUE if choice.among(3) == 0 else None
        concept.statements = [self.fact(choice, blanks=1 + choice.among(3)) for _ in range(choice.among(3))]
        concept.orders = [self.order(choice) for _ in range(choice.among(2))]
        concept.pairs = [self.fact(choice) for _ in range(choice.among(3))]
        return concept

    # ------------------------------------------------------------- finding a fact

    def lists(self) -> list[list[Fact]]:
        return [facts for concept in self.deck.concepts for facts in concept.lists()]

    def any_fact(self, choice: Choice) -> tuple[list[Fact], Fact] | None:
        found = [(facts, fact) for facts in self.lists() for fact in facts]
        return choice.of(found) if found else None

    def any_list(self, choice: Choice, wanted: Callable[[list[Fact]], Any]) -> list[Fact]:
        """A list of facts of which something is true; an empty one if there is none."""
        found = [facts for facts in self.lists() if wanted(facts)]
        return choice.of(found) if found else []

    def any_statement(self, choice: Choice, *, numbered: bool | None = None) -> Fact | None:
        found = [
            fact
            for concept in self.deck.concepts
            for fact in concept.statements
            if numbered in {None, fact.blanks[0].number is not None}
        ]
        return choice.of(found) if found else None

    def is_statements(self, facts: list[Fact]) -> bool:
        return any(facts is concept.statements for concept in self.deck.concepts)

    def is_orders(self, facts: list[Fact]) -> bool:
        return any(facts is concept.orders for concept in self.deck.concepts)

    def lends(self, fact: Fact) -> bool:
        return fact in self.lenders or any(map(self.lends, fact.of))

    def inner(self, fact: Fact) -> Iterator[str]:
        yield fact.token
        yield from (blank.token for blank in fact.blanks)
        for member in fact.of:
            yield from self.inner(member)

    # ------------------------------------------------------------- edits that keep identity

    def add(self, choice: Choice) -> None:
        facts = choice.of(self.lists())
        blanks = 1 + choice.among(2) if self.is_statements(facts) else 0
        fact = self.order(choice) if self.is_orders(facts) else self.fact(choice, blanks=blanks)
        facts.insert(choice.among(len(facts) + 1), fact)

    def add_concept(self, choice: Choice) -> None:
        self.deck.concepts.insert(choice.among(len(self.deck.concepts) + 1), self.concept(choice))

    def reword(self, choice: Choice) -> None:
        """With its identity kept: by the id that it has, by one that it gets, or by `formerly`."""
        _, fact = self.any_fact(choice) or (None, None)
        if fact is None:
            return
        if fact.id is None and choice.among(2):
            fact.id = fact.name
        elif fact.id is None:
            fact.formerly.append(fact.name)
        fact.turn += 1

    def reword_definition(self, choice: Choice) -> None:
        choice.of(self.deck.concepts).definition.turn += 1

    def reword_feature(self, choice: Choice) -> None:
        features = choice.of(self.deck.concepts).features
        if features:
            choice.of(features.values()).turn += 1

    def rename(self, choice: Choice) -> None:
        _, fact = self.any_fact(choice) or (None, None)
        if fact is not None:
            self.rename_fact(fact)

    def rename_fact(self, fact: Fact) -> None:
        fact.formerly.append(fact.name)
        fact.id = self.new_id()

    def rename_back(self, choice: Choice) -> None:
        """To a name that it had before."""
        found = [fact for facts in self.lists() for fact in facts if fact.formerly]
        if found:
            fact = choice.of(found)
            before = choice.of(fact.formerly)
            fact.formerly = [name for name in (*fact.formerly, fact.name) if name != before]
            fact.id = before

    def rename_concept(self, choice: Choice) -> None:
        concept = choice.of(self.deck.concepts)
        concept.formerly.append(concept.id)
        # Before or behind the others in the alphabet: the pairs of contrasts turn round.
        concept.id = choice.of(("a-", "z-")) + self.new_id()

    def forget_former_names(self, choice: Choice) -> None:
        """Tidying up; only safe once the renaming was released, so it may be refused."""
        found = [fact for facts in self.lists() for fact in facts if fact.formerly and fact not in self.lenders]
        if found:
            fact = choice.of(found)
            fact.formerly = []
            self.may_vanish |= set(self.inner(fact))

    def reorder(self, choice: Choice) -> None:
        facts = self.any_list(choice, lambda facts: len(facts) > 1)
        if facts:
            facts.append(facts.pop(choice.among(len(facts) - 1)))

    def reorder_concepts(self, choice: Choice) -> None:
        concepts = self.deck.concepts
        concepts.insert(choice.among(len(concepts)), concepts.pop(choice.among(len(concepts))))

    # ------------------------------------------------------------- what facts carry, and how they are asked

    def renew_value(self, choice: Choice) -> None:
        """A new number for a fact that has one; one that has none gets it under its old id."""
        found = [f for concept in self.deck.concepts for f in (*concept.causes, *concept.examples)]
        if found:
            fact = choice.of(found)
            if fact.value is None:
                self.keep_name(fact)
            fact.value = (fact.value or LEAST_VALUE) + 1

    def type_answers(self, choice: Choice) -> None:
        """Or type them no more."""
        found = [f for concept in self.deck.concepts for f in (*concept.statements, *concept.questions)]
        if choice.among(2) or not found:
            self.deck.pairs_typed = not self.deck.pairs_typed
        else:
            fact = choice.of(found)
            fact.typed = not fact.typed

    def offer_choices(self, choice: Choice) -> None:
        """Or offer them no more."""
        self.deck.choices = not self.deck.choices or bool(choice.among(2))

    def ask_order_otherwise(self, choice: Choice) -> None:
        found = [fact for concept in self.deck.concepts for fact in concept.orders]
        if found:
            fact = choice.of(found)
            fact.ways = choice.of(WAYS)
            self.may_vanish |= set(self.inner(fact))

    def change_theme(self, choice: Choice) -> None:
        """The first one, another one, or none any more."""
        self.deck.theme = choice.of(("", ".card { --paper: #fdf6e3; }", ".card { --paper: #eef7ee; }"))

    # ------------------------------------------------------------- blanks

    def add_blank(self, choice: Choice) -> None:
        statement = self.any_statement(choice)
        if statement is None:
            return
        self.keep_name(statement)
        numbers = [blank.number for blank in statement.blanks if blank.number]
        number = max((*numbers, *self.used_numbers(statement))) + 1 if numbers else None
        statement.blanks.insert(choice.among(len(statement.blanks) + 1), Blank(self.token(), number=number))

    def remove_blank(self, choice: Choice) -> None:
        statement = self.any_statement(choice)
        if statement is not None and len(statement.blanks) > 1:
            self.keep_name(statement)
            blank = statement.blanks.pop(choice.among(len(statement.blanks)))
            self.may_vanish.add(blank.token)

    def reorder_blanks(self, choice: Choice) -> None:
        statement = self.any_statement(choice)
        if statement is not None:
            self.keep_name(statement)
            statement.blanks.insert(0, statement.blanks.pop(choice.among(len(statement.blanks))))

    def number_blanks(self, choice: Choice) -> None:
        """`[[answer]]` becomes `{{cN::answer}}` with the numbers that students have."""
        statement = self.any_statement(choice, numbered=False)
        if statement is None:
            return
        entry = self.entry_of(statement)
        known = {name: number for number, name in entry.numbers.items()} if entry else {}
        following = max((*known.values(), *(entry.spent if entry else ()), 0)) + 1
        for blank in statement.blanks:
            blank.number = known.get(slug(blank.answer))
            if blank.number is None:
                blank.number, following = following, following + 1

    def unnumber_blanks(self, choice: Choice) -> None:
        statement = self.any_statement(choice, numbered=True)
        if statement is not None:
            for blank in statement.blanks:
                # An answer that was reworded since the last release is another name now.
                if blank.turn:
                    self.may_vanish.add(blank.token)
                blank.number = None

    def reword_numbered_answer(self, choice: Choice) -> None:
        statement = self.any_statement(choice, numbered=True)
        if statement is not None:
            self.keep_name(statement)
            choice.of(statement.blanks).turn += 1

    def keep_name(self, fact: Fact) -> None:
        if fact.id is None:
            fact.id = fact.name

    # ------------------------------------------------------------- edits that take something away

    def remove(self, choice: Choice) -> None:
        facts, fact = self.any_fact(choice) or (None, None)
        if facts is not None and fact is not None and not self.lends(fact):
            facts.remove(fact)
            self.deck.removed.append((facts, fact))
            self.may_vanish |= set(self.inner(fact))

    def remove_concept(self, choice: Choice) -> None:
        if len(self.deck.concepts) > 1:
            concept = self.deck.concepts.pop(choice.among(len(self.deck.concepts)))
            self.deck.removed_concepts.append(concept)

    def bring_back(self, choice: Choice) -> None:
        """A removed fact returns to the list that it stood in, or a removed concept."""
        there = {id(facts) for facts in self.lists()}
        possible = [(facts, fact) for facts, fact in self.deck.removed if id(facts) in there]
        if self.deck.removed_concepts and choice.among(2):
            concept = self.deck.removed_concepts.pop()
            self.deck.concepts.insert(choice.among(len(self.deck.concepts) + 1), concept)
        elif possible:
            facts, fact = choice.of(possible)
            self.deck.removed.remove((facts, fact))
            facts.insert(choice.among(len(facts) + 1), fact)

    def retire(self, choice: Choice) -> None:
        """Says why something is gone."""
        lock = self.lock()
        keys = [key for key in (lock.retired if lock else ()) if key not in {r["key"] for r in self.deck.retired}]
        if keys:
            self.deck.retired.append({"key": choice.of(sorted(keys)), "why": "It was wrong."})

    def regroup(self, choice: Choice) -> None:
        """An entry moves to another level of its tree: another note, so its history there ends."""
        trees = [
            list(concept.levels(tree))
            for concept in self.deck.concepts
            for tree in (concept.mechanism, concept.causes, concept.examples)
        ]
        moves = [
            (source, target, fact)
            for levels in trees
            for source in levels
            for target in levels
            for fact in source
            if source is not target and not fact.of and fact not in self.lenders
        ]
        if moves:
            source, target, fact = choice.of(moves)
            source.remove(fact)
            target.append(fact)
            self.may_vanish.add(fact.token)

    def make_group(self, choice: Choice) -> None:
        concept = choice.of(self.deck.concepts)
        found = [f for tree in (concept.mechanism, concept.causes, concept.examples) for f in tree if not f.of]
        found = [fact for fact in found if fact not in self.lenders]
        if found:
            fact = choice.of(found)
            fact.of = [self.fact(choice)]
            # A step with factors is shown, and no longer asked.
            self.may_vanish.add(fact.token)

    # ------------------------------------------------------------- careless edits

    def reword_carelessly(self, choice: Choice) -> None:
        _, fact = self.any_fact(choice) or (None, None)
        if fact is not None:
            fact.turn += 1
            self.may_vanish |= set(self.inner(fact))

    def reword_answer_carelessly(self, choice: Choice) -> None:
        statement = self.any_statement(choice)
        if statement is not None:
            blank = choice.of(statement.blanks)
            blank.turn += 1
            self.may_vanish |= set(self.inner(statement))

    def swap_numbers(self, choice: Choice) -> None:
        statement = self.any_statement(choice, numbered=True)
        if statement is not None and len(statement.blanks) > 1:
            one, two = statement.blanks[:2]
            one.number, two.number = two.number, one.number

    def rename_concept_carelessly(self, choice: Choice) -> None:
        choice.of(self.deck.concepts).id = self.new_id()

    def take_an_old_name(self, choice: Choice) -> None:
        """A new fact gets the name that another had: one that was renamed before, or is renamed with it."""
        facts = self.any_list(choice, lambda facts: facts and not self.is_statements(facts))
        if not facts:
            return
        fact = choice.of(facts)
        if not fact.formerly or choice.among(2):
            self.rename_fact(fact)
        self.lenders.append(fact)
        of = [Fact(self.token())] if self.is_orders(facts) else []
        facts.append(Fact(self.token(), id=choice.of(fact.formerly), of=of))

    def exchange_names(self, choice: Choice) -> None:
        facts = self.any_list(choice, lambda facts: len(facts) > 1)
        if facts:
            one, two = facts[:2]
            one.formerly.append(one.name)
            two.formerly.append(two.name)
            one.id, two.id = two.name, one.name
            self.lenders += [one, two]

    def rename_to_a_removed_name(self, choice: Choice) -> None:
        found = [
            (fact, gone.name)
            for facts in self.lists()
            for fact in facts
            for there, gone in self.deck.removed
            if there is facts
        ]
        if found:
            fact, name = choice.of(found)
            fact.formerly.append(fact.name)
            fact.id = name
            self.lenders.append(fact)

    # ------------------------------------------------------------- the lock, as an author can read it

    lock_file: Path

    def lock(self) -> Any:
        if not self.lock_file.exists():
            return None
        lock, problems = parse_lock(self.lock_file.read_text(encoding="utf-8"), self.lock_file)
        assert problems == []
        return lock

    def entry_of(self, statement: Fact) -> Any:
        lock = self.lock()
        found = [
            entry for key, entry in (lock.entries if lock else {}).items() if key.endswith(f"/cloze/{statement.name}")
        ]
        return found[0] if found else None

    def used_numbers(self, statement: Fact) -> tuple[int, ...]:
        entry = self.entry_of(statement)
        return (*entry.numbers, *entry.spent) if entry else ()


HELPERS = {"fact", "order", "concept", "any_fact", "any_list", "any_statement"}
EDITS = [
    name
    for name, member in vars(Author).items()
    if callable(member) and "choice" in member.__code__.co_varnames and name not in HELPERS
]
# Those that only show their danger one after another come more often.
OFTEN = ["add_blank", "remove_blank", "remove", "bring_back", "rename", "take_an_old_name", "rename_to_a_removed_name"]


# --------------------------------------------------------------------- students


@dataclass
class Reviewed:
    """One student: what each reviewed card asked when it was reviewed, and when their notes last changed."""

    student: Student
    facts: dict[int, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)
    mods: dict[str, int] = field(default_factory=dict)


def fact_of(asked: Asked) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(TOKEN.findall(asked.front)), frozenset(TOKEN.findall(asked.answer))


NOTHING = (frozenset(), frozenset())


# --------------------------------------------------------------------- all of them together


class Releases(RuleBasedStateMachine):
    """An author and three students over many releases."""

    empty_collection: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(
            tempfile.mkdtemp(prefix="history-", dir=IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None)
        )
        self.file = self.folder / "random.yaml"
        self.package = self.folder / "dist" / "random.apkg"
        self.update = self.folder / "dist" / "random-update.apkg"
        self.author = Author()
        self.author.lock_file = self.folder / "random.lock"
        self.releases = 0
        self.students = [Reviewed(self.new_student(name)) for name in ("one", "two", "three")]

    def new_student(self, name: str) -> Student:
        home = self.folder / name
        home.mkdir()
        shutil.copy(self.empty_collection, home / "collection.anki2")
        return Student(home)

    def teardown(self) -> None:
        for one in self.students:
            one.student.close()
        shutil.rmtree(self.folder)

    @initialize(numbers=st.lists(st.integers(0, 10**6), min_size=1, max_size=3))
    def first_release(self, numbers: list[int]) -> None:
        self.author.deck.concepts = [self.author.concept(Choice(number)) for number in numbers]
        assert self.build() == set()
        self.released = copy.deepcopy(self.author.deck)
        for one in self.students:
            self.student_imports(one, self.package)
            self.student_reviews(one, Choice(sum(numbers)), 12)

    @rule(
        edits=st.lists(st.tuples(st.sampled_from(EDITS + OFTEN), st.integers(0, 10**5)), min_size=1, max_size=6),
        accept=st.booleans(),
        imports=st.tuples(*[st.sampled_from(["package", "update", "nothing"])] * 3),
    )
    def release(self, edits: list[tuple[str, int]], imports: tuple[str, str, str], *, accept: bool) -> None:
        """The author edits and releases; some students import it, some of these the update package, and review."""
        for edit, number in edits:
            getattr(self.author, edit)(Choice(number))
        self.author_releases(accept=accept)
        for one, what in zip(self.students, imports, strict=True):
            if what != "nothing":
                with_update = what == "update" and self.update.exists()
                self.student_imports(one, self.update if with_update else self.package)
                self.student_reviews(one, Choice(edits[0][1]), 4)

    def author_releases(self, *, accept: bool) -> None:
        before = self.contents()
        refused = self.build()
        if refused == {"identity-lost"} and accept:
            refused = self.build(accept_removals=True)
            event("removals accepted")
        if refused:
            event(f"refused: {', '.join(sorted(refused))}")
            assert self.contents() == before, "a refused build left its traces"
            self.author.deck = copy.deepcopy(self.released)
            assert self.build() == set(), "a build that was accepted is not accepted again"
            assert self.contents() == before, "unchanged facts did not give unchanged files"
        self.released = copy.deepcopy(self.author.deck)
        self.author.lenders = []

    def student_reviews(self, one: Reviewed, choice: Choice, count: int) -> None:
        cards = one.student.cards()
        for card_id in {choice.of(cards) for _ in range(count)} if cards else ():
            asked = fact_of(one.student.asked([card_id])[card_id])
            # An empty card shows Anki's own remark, and nobody reviews it.
            if asked != NOTHING:
                one.student.answer(card_id, *[(GOOD,), (AGAIN,), (EASY, HARD), (EASY, AGAIN, GOOD)][card_id % 4])
                assert one.facts.setdefault(card_id, asked) == asked

    # ------------------------------------------------------------- what must hold

    def build(self, *, accept_removals: bool = False) -> set[str]:
        """The reasons for which the build was refused, if it was."""
        before = self.shipped()
        self.file.write_text(self.author.deck.yaml(), encoding="utf-8")
        self.file.with_name("theme.css").write_text(self.author.deck.theme, encoding="utf-8")
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(self.releases + 1)))
            built = build([self.file], self.folder / "dist", accept_removals=accept_removals)
        rules = {problem.rule for problem in built.problems if problem.rule != "theme-late"}
        assert rules <= REFUSALS, built.problems
        if not rules:
            self.releases += 1
            for guid, (words, mod) in self.shipped().items():
                if guid in before:
                    assert (mod > before[guid][1]) == (words != before[guid][0]), "a note's time and words go together"
        return rules

    def shipped(self) -> dict[str, tuple[object, int]]:
        """Words and time of each note in the last package; the field that carries its identity is not shown."""
        if not self.package.exists():
            return {}
        return {n.guid: ((without_key(n.row), n.tags), n.mod) for n in read_package(self.package)[0].notes}

    def contents(self) -> list[bytes]:
        return [
            file.read_bytes() if file.exists() else b"" for file in (self.author.lock_file, self.package, self.update)
        ]

    def student_imports(self, one: Reviewed, package: Path) -> None:
        history = {card_id: state for card_id, state in one.student.states().items() if card_id in one.facts}
        notes = read_package(package)[0].notes
        expected = {"new": 0, "updated": 0, "duplicate": 0}
        for note in notes:
            known = one.mods.get(note.guid)
            expected["new" if known is None else "updated" if note.mod > known else "duplicate"] += 1
        outcome = one.student.import_(package)
        assert outcome == {name: count for name, count in expected.items() if count}
        one.mods |= {note.guid: note.mod for note in notes}

        states = one.student.states()
        assert {card_id: states[card_id] for card_id in history} == history, "an update touched a card's history"
        theirs = one.student.notes()
        for note in notes:
            mid, row, tags = theirs[note.guid]
            assert (mid, without_key(row), tags) == (note.type_id, without_key(note.row), note.tags), "not delivered"
        for note_type in read_package(package)[0].types:
            css = one.student.col.models.get(note_type.id)["css"]
            assert css == note_type.look.split("\x1f")[0], "a look was not delivered"
        now = one.student.asked(one.facts)
        for card_id, fact in one.facts.items():
            found = fact_of(now[card_id])
            if found == NOTHING:
                assert fact[0] <= self.author.may_vanish, f"the card of {fact} lost its fact"
            else:
                assert found == fact, f"a review of {fact} is on {found} now"


def without_key(row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for text in row if not text.startswith("random/"))


def test_reviews_stay_with_their_facts_through_random_releases(tmp_path):
    student = Student(tmp_path)
    # Anki tags a leech by itself; the clock of this machine would make that an edit from before the last import.
    preset = student.col.decks.get_config(1)
    preset["lapse"]["leechFails"] = 1000
    student.col.decks.update_config(preset)
    student.close()
    Releases.empty_collection = tmp_path / "collection.anki2"
    run_state_machine_as_test(
        Releases,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=EVERYDAY,
            suppress_health_check=list(HealthCheck),
        ),
    )
