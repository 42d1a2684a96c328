"""A large deck in which a few facts are worded anew is amended, and nobody could tell that it was not built anew."""

import random
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import deckbuilder.build
from deckbuilder import cache
from deckbuilder.build import build
from deckbuilder.facts.deck import lists_of
from deckbuilder.facts.events import read_values
from deckbuilder.facts.letting_go import seen_by_others
from deckbuilder.facts.load import load
from deckbuilder.facts.references import offers_choices
from deckbuilder.facts.source import Source
from deckbuilder.kinds import remake
from deckbuilder.problems import has_errors
from deckbuilder.unchanged import Call
from tests import moons_deck, term_deck
from tests.helpers import files_in, png, told, write_deck
from tests.test_choices import HEADING as OF_ROCKS
from tests.test_choices import ROCKS
from tests.test_examples import EXAMPLES
from tests.test_kinds_in_anki import EVERY_KIND
from tests.test_kinds_in_anki import HEADING as OF_BONES
from tests.test_large_decks import CALCIFICATION

WRITTEN = {
    "term": term_deck.FACTS,
    "moons": moons_deck.FACTS,
    "rocks": OF_ROCKS + ROCKS,
    "one rock": OF_ROCKS + ROCKS.replace(", choices: true", "").replace("[Slate,", "[{text: Slate, choice: true},"),
    "bones": OF_BONES + EVERY_KIND,
}
HEADING = """\
format: 1
deck: {id: birds, name: Birds}
lists: {foods: {title: What it eats}}
axes: {flight: Its flight}
classifications: {bird: {among: [owl, hawk], ask: Which bird?, items: [examples]}}
"""
OWL = """\
concepts:
  owl:
    term: Owl
    contrasts: [hawk]
    definition: A bird that hunts at night.
    features: {flight: {text: silent, note: Its feathers are soft.}}
    examples: [Barn owl, {text: Little owl, why: It is small.}]
    lists: {foods: [Mice, {text: Voles, id: voles}]}
    mechanism: [It listens, {text: It strikes, why: It heard something.}]
    statements:
      - {id: hours, text: "It hunts in the {{c1::night}} and sleeps by {{c2::day}}."}
      - "Its eyes cannot [[turn]] in its [[head|where?]]."
      - {text: "It turns its neck by [[270]] degrees."}
    questions:
      - {ask: Why are its ears askew?, answer: To hear how high a sound is, why: One hears it later.}
      - {ask: What does it cough up?, answer: Pellets, status: disputed}
"""
HAWK = """\
concepts:
  hawk:
    term: Hawk
    definition: A bird that hunts by day.
    features: {flight: fast}
    examples: [Goshawk]
    questions: [{ask: What does it see?, answer: A mouse from afar}]
"""


class Deck:
    """A deck in a folder, built as often as wanted, each time as if its files had been saved a while ago."""

    def __init__(self, folder):
        self.folder = folder
        self.facts = folder / "cards"
        self.facts.mkdir(parents=True)

    def write(self, **files):
        for name, text in files.items():
            (self.facts / f"{name}.yaml").write_text(text, encoding="utf-8")

    def edit(self, name, before, after):
        file = self.facts / f"{name}.yaml"
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1
        file.write_text(text.replace(before, after), encoding="utf-8")

    def build(self):
        out = self.folder / "dist"
        call = Call([self.facts], out, *(False, False))
        built = build([self.facts], out, last=call.last())
        call.remember(built, time.time_ns() + 10**10)
        return built

    def built_anew(self):
        """What a build without anything that is known of the last one makes of a copy of it all."""
        copy = Deck.__new__(Deck)
        copy.folder = self.folder.with_name("copy")
        shutil.rmtree(copy.folder, ignore_errors=True)
        shutil.copytree(self.folder, copy.folder)
        with cache.unused():
            return build([copy.folder / "cards"], copy.folder / "dist"), copy.files()

    def files(self):
        return {name: data for name, data in files_in(self.folder).items() if not name.endswith(".yaml")}


@pytest.fixture(autouse=True)
def _every_deck_is_large(monkeypatch, tmp_path):
    monkeypatch.setattr("deckbuilder.kinds.make._LARGE", 0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


@pytest.fixture
def whole(monkeypatch):
    """How often a whole deck was planned."""
    done = []
    planned = deckbuilder.build.plan_each
    monkeypatch.setattr(deckbuilder.build, "plan_each", lambda *a, **k: (done.append(1), planned(*a, **k))[1])
    return done


@pytest.fixture
def birds(tmp_path):
    deck = Deck(tmp_path / "birds")
    deck.write(deck=HEADING, owl=OWL, hawk=HAWK)
    (deck.facts / "pellet.png").write_bytes(png(9, 9, 9))
    assert told(deck.build().problems) == []
    return deck


def amended(deck, whole):
    """Builds a deck that was changed, and says whether it was amended; in any case it is as if it was built anew."""
    built, expected = deck.built_anew()
    whole.clear()
    result = deck.build()
    assert told(result.problems) == told(built.problems)
    assert list(map(without_paths, result.decks)) == list(map(without_paths, built.decks))
    assert deck.files() == expected
    return not whole


def without_paths(deck):
    return replace(deck, package=Path(), update=deck.update and Path())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("hunts at night", "hunts by night"),
        ("It is small.", "It is *very* small."),
        ("It heard something.", "It heard a mouse."),
        ("To hear how high a sound is", "To hear from how high a sound comes"),
        ("One hears it later.", "One of them hears it later."),
        ("why: One hears it later.", "note: One hears it later."),
        ("Why are its ears askew?, answer", "Why are its ears askew?, id: why-are-its-ears-askew, answer"),
        ("head|where?", "head|in what?"),
        ("Pellets, status: disputed", "Pellets"),
        ("term: Owl\n", "term: Owl  # at night\n"),
    ],
)
def test_a_text_that_its_own_cards_alone_show_is_amended(birds, whole, before, after):
    birds.edit("owl", before, after)
    assert amended(birds, whole)


def test_so_is_one_in_a_concept_in_which_something_is_allowed(birds, whole):
    birds.edit("hawk", "term: Hawk\n", "term: Hawk\n    allow: {front-ambiguous: Its name is the answer}\n")
    birds.build()
    birds.edit("hawk", "from afar", "from far away")
    assert amended(birds, whole)


def test_so_are_a_few_files_and_a_file_once_more(birds, whole):
    birds.edit("owl", "hunts at night", "hunts by night")
    birds.edit("hawk", "from afar", "from far away")
    assert amended(birds, whole)
    birds.edit("owl", "hunts by night", "hunts by moonlight")
    assert amended(birds, whole)
    birds.edit("owl", "hunts by moonlight", "hunts at night")
    assert amended(birds, whole)


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("deck", "name: Birds", "name: Birds of prey"),
        ("owl", "term: Owl\n", "term: Owls\n"),
        ("owl", "text: silent", "text: quiet"),
        ("owl", "feathers are soft", "feathers are fringed"),
        ("owl", "Barn owl,", "Barn owl, Eagle owl,"),
        ("owl", "Barn owl, ", ""),
        ("owl", "examples: [Barn owl,", "examples: [{text: Barn owl, status: hold},"),
        ("owl", "id: voles", "id: voles, formerly: [mice-too]"),
        ("owl", "[[turn]]", "[[turn]] or [[roll]]"),
        ("owl", "{{c1::night}} and sleeps by {{c2::day}}", "{{c2::night}} and sleeps by {{c1::day}}"),
        ("owl", "mechanism: [It listens,", "mechanism: [{text: It listens, status: hold},"),
        ("owl", "answer: Pellets,", "answer: Pellets, image: {file: pellet.png, alt: A pellet},"),
        ("owl", "contrasts: [hawk]\n", ""),
        ("hawk", "  hawk:\n", "  kite: {term: Kite, definition: A bird with a forked tail.}\n  hawk:\n"),
        ("owl", "hunts at night.", "hunts at night #3"),
        ("hawk", "What does it see?", "What does it cough up?"),
        ("hawk", "What does it see?, answer", "What does it see? A mouse from afar?, id: what-does-it-see, answer"),
        ("hawk", "term: Hawk\n", "term: Hawk\n    allow: {front-ambiguous: Its name is the answer}\n"),
    ],
)
def test_whatever_may_concern_another_card_is_built_anew(birds, whole, file, before, after):
    birds.edit(file, before, after)
    assert not amended(birds, whole)


@pytest.mark.parametrize("moved", [("owl", "zebra"), ("hawk", "aardvark")])
def test_a_file_that_is_named_anew_is_built_anew(birds, whole, moved):
    one, other = (birds.facts / f"{name}.yaml" for name in moved)
    one.rename(other)
    assert not amended(birds, whole)


def test_concepts_that_change_places_are_taught_in_another_order(birds, whole):
    both = [HAWK.replace("concepts:\n", ""), "  kite: {term: Kite, definition: A bird with a forked tail.}\n"]
    birds.write(hawk="concepts:\n" + "".join(both))
    birds.build()
    birds.write(hawk="concepts:\n" + "".join(reversed(both)))
    assert not amended(birds, whole)


def test_what_was_read_between_two_builds_is_not_taken_for_what_was_built(birds, whole):
    birds.edit("owl", "hunts at night", "hunts by night")
    load([birds.facts])  # as a check does, which keeps what it read
    birds.edit("hawk", "from afar", "from far away")
    assert not amended(birds, whole)
    birds.edit("owl", "hunts by night", "hunts at night")
    assert amended(birds, whole)


def test_a_package_for_students_of_earlier_versions_is_built_anew_with_the_other(birds, whole):
    birds.edit("owl", "Barn owl, ", "")
    birds.build()
    birds.edit("owl", "hunts at night", "hunts by night")
    assert not amended(birds, whole)
    assert any(name.endswith("-update.apkg") for name in birds.files())


def test_a_package_or_lock_that_somebody_changed_is_built_anew(birds, whole):
    birds.edit("owl", "hunts at night", "hunts by night")
    lock = birds.facts / "birds.lock"
    lock.write_text(lock.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert not amended(birds, whole)


def test_so_is_a_deck_with_note_types_of_its_own(tmp_path, whole):
    deck = Deck(tmp_path / "birds")
    deck.write(deck=HEADING.replace("name: Birds", "name: Birds, theme: dusk.css"), owl=OWL, hawk=HAWK)
    (deck.facts / "dusk.css").write_text(":root { --accent: #123456 }", encoding="utf-8")
    assert not has_errors(deck.build().problems)
    deck.edit("owl", "hunts at night", "hunts by night")
    assert not amended(deck, whole)


def test_facts_are_not_taken_for_those_of_the_last_build_unless_the_lock_knows_them(birds, whole):
    (values,) = cache.folder().glob("values-*")
    cache.write(values.name, [cache.read(values.name).replace(b"A mouse from afar", b"A mouse, sharply")])
    birds.edit("hawk", "from afar", "from far away")
    assert not amended(birds, whole)


@pytest.mark.parametrize("damage", [lambda data: data[:-3], lambda data: b"x" + data[1:], lambda _: b""])
def test_what_is_known_of_the_last_build_is_not_trusted_when_it_is_damaged(birds, whole, damage):
    (known,) = cache.folder().glob("*-more")
    name, data = known.name, cache.read(known.name)
    cache.write(name, [damage(data)])
    birds.edit("owl", "hunts at night", "hunts by night")
    assert not amended(birds, whole)


def test_nothing_is_amended_where_removals_are_accepted_or_nothing_is_to_be_written(birds, whole):
    birds.edit("owl", "hunts at night", "hunts by night")
    out = birds.folder / "dist"
    last = Call([birds.facts], out, *(False, False)).last()
    before = birds.files()
    whole.clear()
    problems = build([birds.facts], out, locked=True, last=last).problems
    assert [problem.rule for problem in problems] == ["not-locked", "not-locked"]
    assert birds.files() == before
    assert whole


@pytest.mark.parametrize("facts", [*WRITTEN.values(), CALCIFICATION, *EXAMPLES], ids=lambda facts: str(facts)[-20:])
def test_the_cards_of_a_concept_show_of_others_what_can_be_seen_by_them_and_no_more(facts, tmp_path):
    (deck,) = load([facts if isinstance(facts, Path) else write_deck(tmp_path, facts)]).decks
    lists = {name for concept in deck.concepts.values() for name in lists_of(concept)} if offers_choices(deck) else ()
    kept = dict(deck.concepts)
    for name in kept:
        whole, _ = remake(deck, [name])
        deck.concepts.update({other: seen_by_others(kept[other], lists) for other in kept if other != name})
        assert remake(deck, [name]) == (whole, ())
        deck.concepts.update(kept)


def laid_out(deck, facts):
    """A deck of one file in a folder, two concepts to a file."""
    written = values_in(facts)
    concepts = list(written.pop("concepts").items())
    parts = {f"part{n:03}": dict(concepts[n : n + 2]) for n in range(0, len(concepts), 2)}
    deck.write(deck=dumped(written), **{name: dumped({"concepts": part}) for name, part in parts.items()})
    return deck


def values_in(text):
    return read_values(Source(Path("deck.yaml"), text)).value


def dumped(value):
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False)


def edited(value, chance):
    """A file's value with a text in it changed, or an entry taken out or moved."""
    places = list(texts_and_lists(value))
    container, key = chance.choice(places)
    here = container[key]
    if isinstance(here, list):
        if chance.random() < 0.5 and len(here) > 1:
            here.append(here.pop(0))
        else:
            here.pop()
    else:
        words = str(here).split(" ")
        words.insert(chance.randrange(len(words) + 1), chance.choice(["truly", "*so*", "3", "[[x]]", "a < b"]))
        container[key] = " ".join(words)


def texts_and_lists(value):
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, str) or (isinstance(inner, list) and inner):
            yield value, key
        if isinstance(inner, dict | list):
            yield from texts_and_lists(inner)


@pytest.mark.slow
@pytest.mark.parametrize("facts", ["term", "rocks", "bones", "calcification", "birds"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_whatever_is_edited_comes_out_as_if_all_was_built_anew(facts, tmp_path_factory, whole, seed):
    chance = random.Random(seed)  # noqa: S311 - no secret
    deck = Deck(tmp_path_factory.mktemp("deck"))
    if facts == "birds":
        deck.write(deck=HEADING, owl=OWL, hawk=HAWK)
    else:
        laid_out(deck, CALCIFICATION.read_text(encoding="utf-8") if facts == "calcification" else WRITTEN[facts])
    deck.build()
    for _ in range(4):
        file = chance.choice([file for file in sorted(deck.facts.glob("*.yaml")) if file.name != "deck.yaml"])
        before = file.read_text(encoding="utf-8")
        value = values_in(before)
        edited(value, chance)
        file.write_text(dumped(value), encoding="utf-8")
        amended(deck, whole)
        if has_errors(deck.build().problems):
            file.write_text(before, encoding="utf-8")
