"""What an update does to a student, judged by Anki itself: for each kind of change that an author can make.

A student imports version 1, studies it, and makes it their own: flags, suspended and buried cards, a card in another
deck, a filtered deck, tags, edits, styling. The author changes one thing and releases version 2. What must hold after
the student has imported it is the same for every change; how many notes it may touch is written beside the change.
Three decks share the kinds of cards and what facts can carry: the bones below, the first term of `term_deck.py`, and
the moons of `moons_deck.py`, which students have in another language.

Words in CAPITALS name a fact: an author's edit keeps them, so that they tell which fact a card asks.
"""

import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from deckbuilder.build import build
from deckbuilder.lock import parse_lock
from deckbuilder.notetypes import CLASSIFICATION, CLOZE, QUESTION
from deckbuilder.package import write
from deckbuilder.package.read import read_package
from tests.changes import Change, StudiedDeck
from tests.moons_deck import MOONS
from tests.students import AGAIN, EASY, GOOD, HARD, Asked, Student, release_time
from tests.term_deck import TERM

FACTS = """\
format: 1
deck:
  id: bones
  name: Medicine::Bones
  description: What holds us up.
  tags: [anatomy]
sources:
  atlas: {title: Atlas}
default_source: atlas
axes:
  shape: Shape
  inside: Inside
relations:
  count: {ask: How many in ...?, back: Who has ...?}
classifications:
  type:
    among: [long, flat]
    ask: Which type of bone?
    items: [examples]
concepts:
  skeleton:
    term: The skeleton
    orders:
      - id: ages
        title: When bone begins to form
        cards: [next, at]
        items:
          - {text: CLAVICLE, at: FIFTH week}
          - {text: SKULL cap, at: EIGHTH week}
          - {id: patella, text: KNEECAP, at: THIRD year}
    pairs:
      count:
        an ADULT: about TWO hundred
        a NEWBORN: about THREE hundred
    statements: [{id: joined, text: "A bone meets [[ANOTHER]] at a joint.", exceptions: [HYOID, the SESAMOIDS]}]
  long:
    term: LONG bone
    contrasts: [flat]
    definition: It has a SHAFT between two ends.
    features:
      shape: a TUBE
      inside: YELLOW marrow
    mechanism:
      - A model of CARTILAGE is laid down
      - {id: vessels, text: VESSELS grow into it}
      - The model is REPLACED
    examples:
      - LEG:
          - {id: femur, text: FEMUR in the thigh}
          - TIBIA
          - FIBULA
      - ARM:
          - HUMERUS
          - ULNA
    statements:
      - {id: cavity, text: "The shaft holds [[MARROW]] in a [[CAVITY]]."}
      - {id: numbered, text: "{{c1::OSTEOBLASTS}} build what {{c2::OSTEOCLASTS}} take away."}
    questions:
      - {id: growth, ask: Where does it grow in length?, answer: At its PLATES.}
      - ask: What covers its ends?
        answer: HYALINE cartilage.
  flat:
    term: FLAT bone
    definition: Two plates with DIPLOE between them.
    features:
      shape: a SHIELD
      inside: RED marrow
    examples: [PARIETAL bone, STERNUM]
"""
NOTES = 25
CONTRAST = "bones/flat/contrast/long.shape"
# What stands in a student's own collection beside the deck.
TAG, EDIT, STYLE = "exam-in-june", "What I found out myself.", "/* my own colours */"
# The note types of this deck; a picture with masks has a type of its own, and tests of its own: test_occlusion.py.
USED = (QUESTION, CLOZE, CLASSIFICATION)
EXTRA = {note_type.id: note_type.positions["Extra"] for note_type in USED}
KEY = {note_type.id: note_type.positions["Key"] for note_type in USED}
STATUS = {note_type.id: note_type.positions["Status"] for note_type in USED}


CHANGES = {
    "nothing": Change(),
    # ------------------------------------------------------------- wordings
    "wording of a question, with an id": Change(
        {"Where does it grow in length?": "Where does a child's bone grow in length?"}, updated=1
    ),
    "wording of an answer": Change({"answer: HYALINE cartilage.": "answer: Smooth HYALINE cartilage."}, updated=1),
    # Its list and its classification.
    "wording of an item, with an id": Change({"text: FEMUR in the thigh": "text: The FEMUR"}, updated=2),
    "wording of a step, with an id": Change({"VESSELS grow into it": "Then VESSELS sprout"}, updated=1),
    "wording of an item that gets its old id": Change({"- TIBIA": "- {id: tibia, text: Shin bone (TIBIA)}"}, updated=2),
    "wording of a statement around its blanks": Change({"The shaft holds": "Its inside holds"}, updated=1),
    "wording of a numbered answer": Change({"{{c1::OSTEOBLASTS}}": "{{c1::Busy OSTEOBLASTS}}"}, updated=1),
    "wording of a definition": Change({"It has a SHAFT between": "There is a SHAFT between"}, updated=1),
    # Definition, both contrasts, mechanism, three lists, classifications of both classes (7 + 0 named, options on all).
    "wording of a term": Change({"term: LONG bone": "term: LONG tubular bone"}, updated=14),
    "wording of a feature": Change({"a SHIELD": "like a SHIELD"}, updated=1),
    # ------------------------------------------------------------- places
    "item inserted at the front": Change(
        {"          - {id: femur": "          - PATELLA\n          - {id: femur"}, updated=1, new=1
    ),
    "step inserted at the front": Change(
        {"      - A model of CARTILAGE": "      - MESENCHYME gathers\n      - A model of CARTILAGE"}, updated=1
    ),
    "statement inserted at the front": Change(
        {"    statements:\n": '    statements:\n      - "Bone stores [[CALCIUM]]."\n'}, new=1
    ),
    "question inserted at the front": Change(
        {"    questions:\n": "    questions:\n      - {ask: What feeds it?, answer: A NUTRIENT artery.}\n"}, new=1
    ),
    "concept inserted at the front": Change(
        {"concepts:\n": "concepts:\n  short:\n    term: SHORT bone\n    definition: As long as WIDE.\n"}, new=1
    ),
    "items reordered": Change({"- TIBIA\n          - FIBULA": "- FIBULA\n          - TIBIA"}, updated=1),
    "groups reordered": Change(
        {
            "      - ARM:\n          - HUMERUS\n          - ULNA\n": "",
            "    examples:\n      - LEG:": "    examples:\n      - ARM:\n          - HUMERUS\n          - ULNA\n"
            "      - LEG:",
        },
        updated=1,
    ),
    "steps reordered": Change(
        {
            "{id: vessels, text: VESSELS grow into it}\n      - The model is REPLACED": "The model is REPLACED\n"
            "      - {id: vessels, text: VESSELS grow into it}"
        },
        updated=1,
    ),
    "statements and questions reordered": Change(
        {
            '      - {id: cavity, text: "The shaft holds [[MARROW]] in a [[CAVITY]]."}\n': "",
            "    questions:\n": '      - {id: cavity, text: "The shaft holds [[MARROW]] in a [[CAVITY]]."}\n'
            "    questions:\n      - {ask: What covers its ends?, answer: HYALINE cartilage.}\n",
            "      - ask: What covers its ends?\n        answer: HYALINE cartilage.\n": "",
        }
    ),
    # The options of a classification come in the order of `among`, so that order is no matter here.
    "concepts reordered": Change(
        {
            FACTS[FACTS.index("  flat:\n") :]: "",
            "concepts:\n": "concepts:\n" + FACTS[FACTS.index("  flat:\n") :],
        }
    ),
    "blanks reordered": Change({"[[MARROW]] in a [[CAVITY]]": "in its [[CAVITY]] the [[MARROW]]"}, updated=1),
    "items regrouped": Change(
        {"          - FIBULA\n": "", "          - ULNA\n": "          - ULNA\n          - FIBULA\n"},
        # Both lists, and the path on the back of its classification, whose history it keeps.
        updated=3,
        gone=frozenset({"FIBULA"}),
    ),
    # ------------------------------------------------------------- renamings
    # All notes of the concept but classifications carry its id as a tag.
    "concept renamed": Change(
        {
            "  long:\n    term": "  tubular:\n    formerly: [long]\n    term",
            "among: [long, flat]": "among: [tubular, flat]",
        },
        updated=11,
    ),
    # As above; by their names, the two that are contrasted change places.
    "concept renamed so that a pair turns round": Change(
        {
            "  long:\n    term": "  a-long:\n    formerly: long\n    term",
            "among: [long, flat]": "among: [a-long, flat]",
        },
        updated=11,
    ),
    "item renamed": Change({"- TIBIA": "- {text: Shin bone (TIBIA), formerly: [tibia]}"}, updated=2),
    "item's id renamed": Change({"{id: femur, text": "{id: thigh-bone, formerly: [femur], text"}),
    "group renamed": Change(
        {"- LEG:\n": "- text: Lower limb (LEG)\n        formerly: [leg]\n        of:\n"}, updated=5
    ),
    "step renamed": Change(
        {"- The model is REPLACED": "- {text: Bone has REPLACED it, formerly: the-model-is-replaced}"}, updated=1
    ),
    "question renamed": Change(
        {
            "      - ask: What covers its ends?\n": "      - ask: What lines its joints?\n"
            "        formerly: what-covers-its-ends\n"
        },
        updated=1,
    ),
    "statement renamed": Change({"{id: cavity, text": "{id: marrow-cavity, formerly: cavity, text"}),
    "concept and item renamed at once": Change(
        {
            "  flat:\n    term": "  plate:\n    formerly: flat\n    term",
            "[flat]\n    definition": "[plate]\n    definition",
            "among: [long, flat]": "among: [long, plate]",
            "STERNUM]": "{text: Breast bone (STERNUM), formerly: sternum}]",
        },
        # Definition, two contrasts, the list; the item's classification.
        updated=5,
    ),
    "axis renamed": Change(
        {
            "  shape: Shape": "  form: Shape",
            "shape: a TUBE": "form: {text: a TUBE, formerly: shape}",
            "shape: a SHIELD": "form: {text: a SHIELD, formerly: shape}",
        }
    ),
    "deck's id renamed": Change({"  id: bones\n": "  id: skeleton\n  formerly: [bones]\n"}),
    # The deck's name stands in the tags of all notes but the classifications'.
    "deck's name changed": Change({"name: Medicine::Bones": "name: Medicine::Skeleton"}, updated=18),
    # ------------------------------------------------------------- orders, pairs, exceptions
    "item inserted into an order": Change(
        {"          - {text: SKULL cap": "          - {text: MANDIBLE, at: SIXTH week}\n          - {text: SKULL cap"},
        updated=1,
    ),
    "item of an order removed": Change(
        {"          - {text: CLAVICLE, at: FIFTH week}\n": ""}, updated=1, gone=frozenset({"CLAVICLE", "FIFTH"})
    ),
    "items of an order change places": Change(
        {
            "          - {text: CLAVICLE, at: FIFTH week}\n": "",
            "          - {id: patella": "          - {text: CLAVICLE, at: FIFTH week}\n          - {id: patella",
        },
        updated=1,
    ),
    "wording of an item of an order, with an id": Change({"text: KNEECAP": "text: The KNEECAP"}, updated=1),
    "item of an order renamed": Change(
        {"{text: SKULL cap": "{text: Vault of the SKULL, formerly: skull-cap"}, updated=1
    ),
    "date of an item": Change({"at: EIGHTH week": "at: EIGHTH or ninth week"}, updated=1),
    "order asked backwards too": Change({"cards: [next, at]": "cards: [next, at, previous]"}, new=1),
    "dates asked no more": Change(
        {"cards: [next, at]": "cards: next"}, updated=1, gone=frozenset({"FIFTH", "EIGHTH", "THIRD"})
    ),
    "order's title, with an id": Change({"When bone begins to form": "When bones begin"}, updated=1),
    "second half of a pair": Change({"about TWO hundred": "some TWO hundred"}, updated=1),
    "first half of a pair that gets its old id": Change(
        {"an ADULT: about TWO hundred": "a grown ADULT: {text: about TWO hundred, id: an-adult}"}, updated=1
    ),
    "pair inserted at the front": Change(
        {"        an ADULT:": "        a CHILD: growing FEWER\n        an ADULT:"}, new=1
    ),
    "pair removed": Change({"        a NEWBORN: about THREE hundred\n": ""}, withdrawn=1),
    "question of a relation": Change({"ask: How many in ...?": "ask: How many bones in ...?"}, updated=2),
    # Both the exceptions and the rule, which names them on its back.
    "exception inserted at the front": Change({"exceptions: [HYOID": "exceptions: [STYLOID, HYOID"}, updated=2),
    "exception removed": Change({"exceptions: [HYOID, ": "exceptions: ["}, updated=2, gone=frozenset({"HYOID"})),
    # ------------------------------------------------------------- blanks
    "blank added at the front": Change({"The shaft holds [[MARROW]]": "The [[BODY]] holds [[MARROW]]"}, updated=1),
    "numbered blank added": Change({"take away.": "take away, through {{c3::LIFE}}."}, updated=1),
    "blank removed": Change({"[[MARROW]] in": "something in"}, updated=1, gone=frozenset({"MARROW"})),
    "numbered blank removed": Change(
        {"{{c1::OSTEOBLASTS}} build": "Cells build"}, updated=1, gone=frozenset({"OSTEOBLASTS"})
    ),
    # What a student sees is the same.
    "blanks numbered by hand": Change({"[[MARROW]] in a [[CAVITY]]": "{{c1::MARROW}} in a {{c2::CAVITY}}"}),
    "hint added to a blank": Change({"[[CAVITY]]": "[[CAVITY|in the middle]]"}, updated=1),
    # ------------------------------------------------------------- withdrawals
    "item removed": Change({"          - TIBIA\n": ""}, updated=1, gone=frozenset({"TIBIA"}), withdrawn=1),
    "question removed": Change(
        {"      - ask: What covers its ends?\n        answer: HYALINE cartilage.\n": ""}, withdrawn=1
    ),
    "question retired with a reason": Change(
        {
            "      - ask: What covers its ends?\n        answer: HYALINE cartilage.\n": "",
            "sources:\n": "retired:\n  - key: bones/long/question/what-covers-its-ends\n    why: It was too easy.\n"
            "    instead: The list of joints.\nsources:\n",
        },
        withdrawn=1,
    ),
    "statement removed": Change(
        {'      - {id: cavity, text: "The shaft holds [[MARROW]] in a [[CAVITY]]."}\n': ""}, withdrawn=1
    ),
    "question replaced by another": Change(
        {"ask: What covers its ends?": "ask: What is its surface?", "HYALINE cartilage": "The PERIOSTEUM"},
        new=1,
        withdrawn=1,
        accept_removals=True,
    ),
    # Definition and list of the concept, two contrasts, two classifications, and the question is asked no more.
    "concept removed": Change(
        {
            FACTS[FACTS.index("  flat:\n") :]: "",
            "    contrasts: [flat]\n": "",
            FACTS[FACTS.index("classifications:\n") : FACTS.index("concepts:\n")]: "",
        },
        withdrawn=11,
    ),
    "fact held back": Change(
        {"answer: HYALINE cartilage.": "answer: HYALINE cartilage.\n        status: hold"}, withdrawn=1
    ),
    # ------------------------------------------------------------- around the facts
    "deck's tags": Change({"tags: [anatomy]": "tags: [anatomy, first-year]"}, updated=NOTES),
    "tags of one fact": Change(
        {"answer: HYALINE cartilage.": "answer: HYALINE cartilage.\n        tags: joints"}, updated=1
    ),
    "description": Change({"What holds us up.": "All that holds us up."}),
    "version": Change({"  id: bones\n": '  id: bones\n  version: "1.1"\n'}),
    "source's title": Change({"{title: Atlas}": "{title: Atlas of Bones}"}, updated=NOTES),
    "status of a fact": Change({"id: growth, ask": "id: growth, status: disputed, ask"}, updated=1),
    "styling of the note types": Change(look=True),
}
BONES = StudiedDeck("bones", FACTS, NOTES, CHANGES)
DECKS = {deck.id: deck for deck in (BONES, TERM, MOONS)}
# Every change of every deck, by the deck's id and its own name.
ALL = [(deck.id, name) for deck in DECKS.values() for name in deck.changes]


@cache
def capitals(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\b[A-Z]{3,}\b", text))


def fact_of(asked: Asked) -> tuple[frozenset[str], frozenset[str]]:
    """The fact behind a card, on whichever side it stands."""
    return capitals(asked.front), capitals(asked.answer)


@dataclass(frozen=True)
class Author:
    """Facts, lock and packages in a folder."""

    folder: Path
    deck: str = "bones"
    output: str = ""

    def release(self, facts: str, number: int, monkeypatch, *, accept_removals: bool = False):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(number)))
        file = self.folder / f"{self.deck}.yaml"
        file.write_text(facts, encoding="utf-8")
        built = build([file], self.folder / "dist", accept_removals=accept_removals)
        assert built.problems == ()
        return next(deck for deck in built.decks if deck.output == self.output)


@pytest.fixture(scope="module")
def studied(tmp_path_factory):
    """For each deck the author's folder and the student's, once version 1 was studied."""
    home = tmp_path_factory.mktemp("version-1")
    with pytest.MonkeyPatch.context() as monkeypatch:
        for deck in DECKS.values():
            author = Author(home / deck.id / "author", deck.id, deck.output)
            author.folder.mkdir(parents=True)
            released = author.release(deck.facts, 1, monkeypatch)
            assert released.notes == deck.notes
            student = Student(home / deck.id / "student")
            assert student.import_(released.package) == {"new": deck.notes}
            study(student)
            student.close()
    return home


@pytest.fixture(scope="module")
def version_1(studied):
    return studied / BONES.id


def study(student: Student) -> None:
    """Reviews of all sorts, and all that a student can do to cards, notes and note types."""
    cards = student.cards()
    for turn, card_id in enumerate(cards):
        grades = ((GOOD,), (AGAIN, GOOD), (EASY, HARD, GOOD, GOOD), (HARD,), (EASY, AGAIN, GOOD), (GOOD, EASY, AGAIN))
        # Every tenth card is still new.
        if turn % 10 != 9:
            student.answer(card_id, *grades[turn % len(grades)])
    col = student.col
    # Anki digs buried cards out on the first look of a day.
    col.sched.deck_due_tree()
    for flag in range(1, 8):
        col.set_user_flag_for_cards(flag, cards[flag::11])
    col.sched.suspend_cards(cards[2::9])
    col.sched.bury_cards(cards[3::9])
    mine = col.decks.id("Mine::Hard ones")
    assert mine is not None
    col.set_deck(cards[5::8], mine)
    cram = col.sched.get_or_create_filtered_deck(deck_id=0)
    cram.name = "Before the exam"
    cram.config.reschedule = True
    del cram.config.search_terms[:]
    term = cram.config.search_terms.add()
    term.search, term.limit = "rated:30 -is:suspended -is:buried", 6
    col.sched.add_or_update_filtered_deck(cram)
    for turn, note_id in enumerate(col.find_notes("")):
        note = col.get_note(note_id)
        if turn % 2:
            note["Extra"] = EDIT
        if turn % 3:
            note.add_tag(TAG)
        col.update_note(note)
    for note_type in USED:
        theirs = col.models.get(note_type.id)
        theirs["css"] += STYLE
        col.models.update_dict(theirs)


CASES = {
    "new": "sum(type = 0)",
    "learning": "sum(type = 1)",
    "in review": "sum(type = 2)",
    "relearning": "sum(type = 3)",
    "lapsed": "sum(lapses > 0)",
    "answered often": "sum(reps > 2)",
    "remembered by FSRS": """sum(data like '%"s":%')""",
    "suspended": "sum(queue = -1)",
    "buried": "sum(queue < -1)",
    "flagged": "sum(flags > 0)",
    "in a filtered deck": "sum(odid > 0)",
    "decks": "count(distinct did)",
}


@pytest.mark.parametrize("deck", DECKS)
def test_the_studied_collection_has_all_that_a_student_can_do(deck, studied, tmp_path):
    """The tests below prove something only of what is there."""
    student = Student(shutil.copytree(studied / deck / "student", tmp_path / "student"))
    try:
        states = [state.row for state in student.states().values()]
        asked = student.asked(student.cards())
        counts = {name: student.db.scalar(f"select {case} from cards") for name, case in CASES.items()}  # noqa: S608
    finally:
        student.close()
    assert {case: count for case, count in counts.items() if count < 2} == {}
    assert len({row[:8] for row in states}) > 10
    assert all(fact_of(one)[0] or fact_of(one)[1] for one in asked.values())
    # Each card's fact is told from all others.
    assert len({fact_of(one) for one in asked.values()}) == len(asked)


@dataclass(frozen=True)
class Seen:
    """A collection at one time."""

    states: dict
    asked: dict
    notes: dict
    styles: dict


def look_at(student: Student, cards) -> Seen:
    styles = {note_type.id: student.col.models.get(note_type.id)["css"] for note_type in USED}
    return Seen(student.states(), student.asked(cards), student.notes(), styles)


@dataclass(frozen=True)
class Update:
    """A student's collection before and after the import of version 2, and what Anki said of each note."""

    deck: StudiedDeck
    change: Change
    before: Seen
    after: Seen
    outcome: dict[str, int]
    changed_guids: frozenset[str]
    package: Path
    update_package: Path | None


@pytest.fixture(scope="module", params=ALL, ids=": ".join)
def update(request, studied, tmp_path_factory):
    """Each change in turn, released and imported once; the tests below only look."""
    deck_id, name = request.param
    studied_deck, folder = DECKS[deck_id], tmp_path_factory.mktemp("version-2")
    change = studied_deck.changes[name]
    author = Author(
        Path(shutil.copytree(studied / deck_id / "author", folder / "author")), deck_id, studied_deck.output
    )
    ending = f".{studied_deck.output}" if studied_deck.output else ""
    first = author.folder / "dist" / f"{deck_id}{ending}.apkg"
    before = {note.guid: (note.row, note.tags) for note in read_package(first)[0].notes}
    with pytest.MonkeyPatch.context() as monkeypatch:
        if change.look:
            monkeypatch.setattr(write, "_MODELS", {})  # as in a new run of the program
            for note_type in USED:
                monkeypatch.setitem(vars(note_type), "css", note_type.css + ".card { color: navy; }")
                monkeypatch.setitem(vars(note_type), "changed", release_time(2))
        facts = edited(change.edits, studied_deck.facts)
        deck = author.release(facts, 2, monkeypatch, accept_removals=change.accept_removals)
    after = {note.guid: (note.row, note.tags) for note in read_package(deck.package)[0].notes}
    changed = frozenset(guid for guid in before if guid in after and shown(before[guid]) != shown(after[guid]))
    student = Student(Path(shutil.copytree(studied / deck_id / "student", folder / "student")))
    try:
        cards = student.cards()
        seen = look_at(student, cards)
        outcome = student.import_(deck.package)
        now = look_at(student, cards)
        return Update(studied_deck, change, seen, now, outcome, changed, deck.package, deck.update)
    finally:
        student.close()


def edited(edits: dict[str, str], facts: str = FACTS) -> str:
    """The facts after an author's edits; each old text must stand in them once."""
    for old, new in edits.items():
        assert facts.count(old) == 1, f"{old!r} stands {facts.count(old)} times in the facts"
        facts = facts.replace(old, new)
    return facts


def shown(note: tuple[tuple[str, ...], tuple[str, ...]]) -> tuple[object, ...]:
    """A note without the field that carries its identity, which no student sees."""
    row, tags = note
    return tuple(text for text in row if not text.startswith(("bones/", "skeleton/", "term/", "moons@de/"))), tags


def test_every_card_keeps_its_history(update):
    """Type, queue, due, interval, ease, repetitions, lapses, flags, FSRS's memory, deck and review log."""
    assert {card_id: update.after.states[card_id] for card_id in update.before.states} == update.before.states


def test_history_stays_with_its_fact(update):
    """A card asks the fact that it asked before; one whose fact was taken away asks nothing, and never another."""
    moved = {}
    for card_id, asked in update.before.asked.items():
        now = update.after.asked[card_id]
        emptied = fact_of(now) == (frozenset(), frozenset()) and fact_of(asked)[0] <= update.change.gone
        if fact_of(now) != fact_of(asked) and not emptied:
            moved[card_id] = (asked, now)
    assert moved == {}


def test_facts_taken_away_leave_an_empty_card_each(update):
    emptied = [fact_of(update.before.asked[n])[0] for n, now in update.after.asked.items() if not now.front]
    assert sorted(emptied, key=sorted) == [frozenset({fact}) for fact in sorted(update.change.gone)]


def test_only_changed_notes_are_updated(update):
    counts = {
        "new": update.change.new,
        "updated": update.change.updated,
        "duplicate": update.deck.notes - update.change.updated - update.change.withdrawn,
    }
    assert update.outcome == {outcome: count for outcome, count in counts.items() if count}


def test_nothing_is_conflicting_or_left_out(update):
    assert set(update.outcome) <= {"new", "updated", "duplicate"}


def test_students_get_the_words_of_the_release(update):
    shipped = read_package(update.package)[0].notes
    for note in shipped:
        if note.guid not in update.before.notes or note.guid in update.changed_guids:
            mid, row, tags = update.after.notes[note.guid]
            assert (mid, row, set(tags)) == (note.type_id, note.row, set(note.tags))


def test_tags_and_edits_stay_on_notes_that_did_not_change(update):
    assert len(update.changed_guids) == update.change.updated
    for guid, note in update.before.notes.items():
        if guid not in update.changed_guids:
            assert update.after.notes[guid] == note


def test_tags_and_edits_are_replaced_on_notes_that_changed(update):
    """The limit: a package has no way to keep them."""
    for guid in update.changed_guids:
        _, row, tags = update.after.notes[guid]
        assert TAG not in tags
        assert EDIT not in row


def test_styling_of_a_student_stays_unless_ours_changed(update):
    if update.change.look:
        assert all(".card { color: navy; }" in css and STYLE not in css for css in update.after.styles.values())
    else:
        assert update.after.styles == update.before.styles
        assert all(css.endswith(STYLE) for css in update.after.styles.values())


def test_nothing_is_doubled_or_lost(update):
    assert len(update.after.notes) == update.deck.notes + update.change.new
    assert set(update.before.states) <= set(update.after.states)


def test_second_import_changes_nothing(update, tmp_path):
    student = Student(tmp_path / "another")
    try:
        total = sum(student.import_(update.package).values())
        states = student.states()
        assert student.import_(update.package) == {"duplicate": total}
        assert student.states() == states
    finally:
        student.close()


def test_withdrawn_notes_go_into_the_update_package_alone(update):
    if not update.change.withdrawn:
        assert update.update_package is None
        return
    withdrawn = [note for note in read_package(update.update_package)[0].notes if "deckbuilder::retired" in note.tags]
    assert len(withdrawn) == update.change.withdrawn
    living = {note.guid for note in read_package(update.package)[0].notes}
    assert living.isdisjoint(note.guid for note in withdrawn)
    assert {note.guid for note in withdrawn} <= set(update.before.notes)


# --------------------------------------------------------------------- withdrawn notes


WITHDRAWALS = [(deck_id, name) for deck_id, name in ALL if DECKS[deck_id].changes[name].withdrawn]


@pytest.mark.parametrize(("deck_id", "name"), WITHDRAWALS, ids=map(": ".join, WITHDRAWALS))
def test_update_package_tells_students_what_was_withdrawn(deck_id, name, studied, tmp_path, monkeypatch):
    change = DECKS[deck_id].changes[name]
    studied_deck = DECKS[deck_id]
    folder = Path(shutil.copytree(studied / deck_id / "author", tmp_path / "author"))
    author = Author(folder, deck_id, studied_deck.output)
    facts = edited(change.edits, studied_deck.facts)
    deck = author.release(facts, 2, monkeypatch, accept_removals=change.accept_removals)
    student = Student(shutil.copytree(studied / deck_id / "student", tmp_path / "student"))
    try:
        cards = student.cards()
        before = look_at(student, cards)
        outcome = student.import_(deck.update)
        after = look_at(student, cards)
        tagged = student.col.find_cards("tag:deckbuilder::retired")
        banners = {student.col.get_card(card_id).note()["Status"] for card_id in tagged}
        fronts = [student.col.get_card(card_id).render_output().question_text for card_id in tagged]
    finally:
        student.close()
    assert outcome.get("updated", 0) == change.updated + change.withdrawn
    assert "conflicting" not in outcome
    assert after.states.items() >= before.states.items()
    # Withdrawn cards ask what they asked, under a banner.
    assert tagged
    for card_id in tagged:
        assert fact_of(after.asked[card_id]) == fact_of(before.asked[card_id])
    (banner,) = banners
    assert banner.startswith(studied_deck.withdrawn)
    assert all(studied_deck.withdrawn in front for front in fronts)
    if "retired with a reason" in name:
        assert "It was too easy." in banner
        assert "Instead: The list of joints." in banner


def test_withdrawn_cards_can_be_suspended_or_deleted_by_their_tag(version_1, tmp_path, monkeypatch):
    """The three steps of the docs: Browse, search `tag:deckbuilder::retired`, select all and suspend (or delete)."""
    facts = FACTS.replace("      - ask: What covers its ends?\n        answer: HYALINE cartilage.\n", "")
    author = Author(Path(shutil.copytree(version_1 / "author", tmp_path / "author")))
    deck = author.release(facts, 2, monkeypatch)
    student = Student(shutil.copytree(version_1 / "student", tmp_path / "student"))
    try:
        student.import_(deck.update)
        found = student.col.find_cards("tag:deckbuilder::retired")
        assert len(found) == 1
        student.col.sched.suspend_cards(found)
        # Importing once more brings none of them back into study.
        student.import_(deck.update)
        assert [student.states()[card_id].row[1] for card_id in found] == [-1]
        student.col.remove_notes(student.col.find_notes("tag:deckbuilder::retired"))
        assert student.import_(deck.package).get("new", 0) == 0
    finally:
        student.close()


def test_withdrawn_fact_that_returns_has_its_history_and_no_banner(version_1, tmp_path, monkeypatch):
    without = FACTS.replace("      - ask: What covers its ends?\n        answer: HYALINE cartilage.\n", "")
    author = Author(Path(shutil.copytree(version_1 / "author", tmp_path / "author")))
    student = Student(shutil.copytree(version_1 / "student", tmp_path / "student"))
    try:
        before = look_at(student, student.cards())
        student.import_(author.release(without, 2, monkeypatch).update)
        assert student.import_(author.release(FACTS, 3, monkeypatch).package) == {"updated": 1, "duplicate": NOTES - 1}
        after = look_at(student, student.cards())
        assert student.col.find_cards("tag:deckbuilder::retired") == []
        assert all(row[STATUS[mid]] == "" for mid, row, _ in after.notes.values())
    finally:
        student.close()
    assert after.states == before.states
    assert {n: fact_of(one) for n, one in after.asked.items()} == {n: fact_of(one) for n, one in before.asked.items()}


def test_new_students_get_no_withdrawn_note(version_1, tmp_path, monkeypatch):
    facts = FACTS.replace("      - ask: What covers its ends?\n        answer: HYALINE cartilage.\n", "")
    author = Author(Path(shutil.copytree(version_1 / "author", tmp_path / "author")))
    deck = author.release(facts, 2, monkeypatch)
    student = Student(tmp_path / "new")
    try:
        assert student.import_(deck.package) == {"new": NOTES - 1}
        assert student.col.find_cards("tag:deckbuilder::retired or HYALINE") == []
    finally:
        student.close()


def test_removed_blank_is_found_by_empty_cards(version_1, tmp_path, monkeypatch):
    author = Author(Path(shutil.copytree(version_1 / "author", tmp_path / "author")))
    deck = author.release(FACTS.replace("[[MARROW]] in", "something in"), 2, monkeypatch)
    student = Student(shutil.copytree(version_1 / "student", tmp_path / "student"))
    try:
        student.import_(deck.package)
        (note,) = student.col.get_empty_cards().notes
        assert len(note.card_ids) == 1
        assert student.asked(note.card_ids)[note.card_ids[0]] == Asked("", "")
    finally:
        student.close()


# --------------------------------------------------------------------- what must not be guessed

AMBIGUOUS = {
    "two items exchange their ids": {
        "- TIBIA\n          - FIBULA": "- {id: fibula, formerly: tibia, text: TIBIA}\n"
        "          - {id: tibia, formerly: fibula, text: FIBULA}"
    },
    "names are handed on from item to item": {
        "- TIBIA\n          - FIBULA": "- {id: calf, formerly: fibula, text: FIBULA}\n"
        "          - {id: fibula, formerly: tibia, text: TIBIA}\n          - {id: tibia, text: PATELLA}"
    },
    "an item moves to another group, and a new one takes its id": {
        "- TIBIA\n": "- {id: tibia, text: PATELLA}\n",
        "          - ULNA": "          - ULNA\n          - {id: shin, formerly: tibia, text: TIBIA}",
    },
    "an item was renamed twice, once to the id of a removed one that is new again": {
        "- TIBIA\n          - FIBULA": "- {id: shin, formerly: [fibula, tibia], text: FIBULA}\n"
        "          - {id: tibia, text: PATELLA}"
    },
    # Copied with all that stood in it.
    "two items claim one old id": {
        "- TIBIA\n": "- {text: PATELLA, id: knee-cap, formerly: tibia}\n"
        "          - {text: Shin bone (TIBIA), formerly: tibia}\n"
    },
    "two questions exchange their ids": {
        "{id: growth, ask": "{id: what-covers-its-ends, formerly: growth, ask",
        "      - ask: What covers its ends?\n": "      - ask: What covers its ends?\n        id: growth\n"
        "        formerly: what-covers-its-ends\n",
    },
    "an item takes the old id of another": {
        "- TIBIA\n": "- {text: Shin bone (TIBIA), formerly: [tibia]}\n          - {id: tibia, text: PATELLA}\n"
    },
    "a step takes the old id of another": {
        "{id: vessels, text: VESSELS grow into it}": "{id: sprouts, formerly: vessels, text: VESSELS grow into it}\n"
        "      - {id: vessels, text: NERVES follow}"
    },
    "a question takes the old id of another": {
        "- {id: growth, ask": "- {id: growth, ask: Which hormone?, answer: SOMATOTROPIN.}\n"
        "      - {id: length, formerly: growth, ask"
    },
    "a concept takes the old id of another": {
        "  flat:\n    term": "  flat:\n    term: A FLATTISH one\n    definition: Nearly EVEN.\n"
        "  plate:\n    formerly: flat\n    term"
    },
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_renaming_beside_a_new_fact_of_the_old_name_never_moves_history(name, version_1, tmp_path, monkeypatch):
    """`formerly` says whose history it is. The build may follow it or refuse; it must not give it to the new fact."""
    assert_refused_or_history_stays(version_1, tmp_path, monkeypatch, [edited(AMBIGUOUS[name])])


REUSED = {
    "an item is renamed to the id of a removed one": (
        {"          - FIBULA\n": ""},
        {"- TIBIA\n": "- {id: fibula, formerly: tibia, text: TIBIA}\n"},
    ),
    "a step takes the old id of one that is asked no more": (
        {"{id: vessels, text: VESSELS grow into it}": "{id: sprouts, formerly: vessels, text: VESSELS, of: [NERVES]}"},
        {"      - The model is REPLACED": "      - {id: vessels, text: SALTS come}\n      - The model is REPLACED"},
    ),
    "an item is renamed to the id of a removed one, and a new one takes its own": (
        {"          - FIBULA\n": ""},
        {"- TIBIA\n": "- {id: fibula, formerly: tibia, text: TIBIA}\n          - {id: tibia, text: PATELLA}\n"},
    ),
    "a member takes the old id of one that is held back": (
        {"- TIBIA\n": "- {id: shin, formerly: tibia, text: TIBIA, status: hold}\n"},
        {"          - FIBULA": "          - {id: tibia, text: PATELLA}\n          - FIBULA"},
    ),
    "an item that became a group is renamed, and a new one takes its old id": (
        {"- TIBIA\n": "- {id: tibia, text: TIBIA, of: [MALLEOLUS]}\n"},
        {
            "{id: tibia, text: TIBIA,": "{id: shin, formerly: tibia, text: TIBIA,",
            "          - FIBULA": "          - {id: tibia, text: PATELLA}\n          - FIBULA",
        },
    ),
    "a question is renamed to the id of a removed one": (
        {"      - ask: What covers its ends?\n        answer: HYALINE cartilage.\n": ""},
        {"{id: growth, ask": "{id: what-covers-its-ends, formerly: growth, ask"},
    ),
}


@pytest.mark.parametrize("name", REUSED)
def test_renaming_to_the_name_of_a_removed_fact_never_moves_history(name, version_1, tmp_path, monkeypatch):
    removed, renamed = REUSED[name]
    releases = [edited(removed), edited(renamed, edited(removed))]
    assert_refused_or_history_stays(version_1, tmp_path, monkeypatch, releases)


def assert_refused_or_history_stays(version_1, tmp_path, monkeypatch, releases):
    folder = Path(shutil.copytree(version_1 / "author", tmp_path / "author"))
    student = Student(shutil.copytree(version_1 / "student", tmp_path / "student"))
    try:
        before = student.asked(student.cards())
        for number, facts in enumerate(releases, start=2):
            monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(number)))
            (folder / "bones.yaml").write_text(facts, encoding="utf-8")
            earlier = number <= len(releases)
            built = build([folder / "bones.yaml"], folder / "dist", accept_removals=earlier)
            if built.problems:
                assert not earlier, "only the last release may be refused"
                break
            student.import_(built.decks[0].update or built.decks[0].package)
        after = student.asked(before)
    finally:
        student.close()
    moved = {n: (before[n], after[n]) for n in before if after[n].front and fact_of(after[n]) != fact_of(before[n])}
    assert moved == {}


def test_facts_that_exchange_names_are_refused_even_under_a_concept_that_is_new(version_1, tmp_path):
    """Once shipped they could not be told apart, so a build that is accepted now would be refused when repeated."""
    folder = Path(shutil.copytree(version_1 / "author", tmp_path / "author"))
    exchanged = edited(AMBIGUOUS["two items exchange their ids"])
    facts = edited({"  long:\n    term": "  tubular:\n    term", "[long, flat]": "[tubular, flat]"}, exchanged)
    (folder / "bones.yaml").write_text(facts, encoding="utf-8")
    refused = build([folder / "bones.yaml"], folder / "dist", accept_removals=True)
    assert {problem.rule for problem in refused.problems} == {"identity-unclear"}


REFUSED = {
    "item replaced": ({"- TIBIA": "- PATELLA"}, "identity-lost"),
    "step replaced": ({"- The model is REPLACED": "- The model CALCIFIES"}, "identity-lost"),
    "question replaced": ({"ask: What covers its ends?": "ask: What is at its ends?"}, "identity-lost"),
    "answer of a blank replaced": ({"[[MARROW]]": "[[BLOOD]]"}, "identity-lost"),
    "concept's id replaced": (
        {
            "  flat:\n    term": "  plate:\n    term",
            "contrasts: [flat]": "contrasts: [plate]",
            "[long, flat]": "[long, plate]",
        },
        "identity-lost",
    ),
    "numbers swapped": (
        {"{{c1::OSTEOBLASTS}}": "{{c2::OSTEOBLASTS}}", "{{c2::OSTEOCLASTS}}": "{{c1::OSTEOCLASTS}}"},
        "number-moved",
    ),
    "numbered by hand the other way round": (
        {"[[MARROW]] in a [[CAVITY]]": "{{c2::MARROW}} in a {{c1::CAVITY}}"},
        "number-moved",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_build_refuses_to_guess(name, version_1, tmp_path):
    edits, rule = REFUSED[name]
    folder = Path(shutil.copytree(version_1 / "author", tmp_path / "author"))
    files = [folder / "bones.lock", folder / "dist" / "bones.apkg"]
    before = [file.read_bytes() for file in files]
    (folder / "bones.yaml").write_text(edited(edits), encoding="utf-8")
    built = build([folder / "bones.yaml"], folder / "dist")
    assert {problem.rule for problem in built.problems} == {rule}
    assert all(problem.place.line and problem.fix for problem in built.problems)
    assert [file.read_bytes() for file in files] == before


def test_removed_number_is_not_given_to_another_blank(version_1, tmp_path, monkeypatch):
    author = Author(Path(shutil.copytree(version_1 / "author", tmp_path / "author")))
    without = FACTS.replace("{{c2::OSTEOCLASTS}}", "other cells")
    author.release(without, 2, monkeypatch)
    reused = without.replace("take away.", "take away for {{c2::LIFE}}.")
    (author.folder / "bones.yaml").write_text(reused, encoding="utf-8")
    (problem,) = build([author.folder / "bones.yaml"], author.folder / "dist").problems
    assert problem.rule == "number-reused"
    assert "use 3" in problem.fix


# --------------------------------------------------------------------- time


def test_students_who_skip_releases_get_all_changes(version_1, tmp_path, monkeypatch):
    author = Author(Path(shutil.copytree(version_1 / "author", tmp_path / "author")))
    facts = FACTS
    for number, (old, new) in enumerate(
        [("HYALINE cartilage.", "Smooth HYALINE cartilage."), ("a SHIELD", "like a SHIELD"), ("At its", "Near its")], 2
    ):
        facts = facts.replace(old, new)
        deck = author.release(facts, number, monkeypatch)
    student = Student(shutil.copytree(version_1 / "student", tmp_path / "student"))
    try:
        before = look_at(student, student.cards())
        assert student.import_(deck.package) == {"updated": 3, "duplicate": NOTES - 3}
        after = look_at(student, student.cards())
    finally:
        student.close()
    assert after.states == before.states


def test_edit_made_after_a_release_is_kept_until_the_next_change(version_1, tmp_path, monkeypatch):
    """The limit: to Anki the student's note is newer. Nothing is lost, and the next change arrives."""
    author = Author(Path(shutil.copytree(version_1 / "author", tmp_path / "author")))
    facts = FACTS.replace("HYALINE cartilage.", "Smooth HYALINE cartilage.")
    missed = Path(shutil.copy(author.release(facts, 1, monkeypatch).package, tmp_path / "missed.apkg"))
    later = author.release(facts.replace("Smooth", "Blue and smooth"), 2, monkeypatch)
    student = Student(shutil.copytree(version_1 / "student", tmp_path / "student"))
    try:
        note = student.col.get_note(student.col.find_notes("HYALINE")[0])
        note["Extra"] = EDIT
        student.col.update_note(note)
        assert student.import_(missed) == {"duplicate": NOTES}
        assert student.col.get_note(note.id)["Extra"] == EDIT
        assert student.import_(later.package) == {"updated": 1, "duplicate": NOTES - 1}
        assert student.col.get_note(note.id)["Back"] == "Blue and smooth HYALINE cartilage."
    finally:
        student.close()


def test_older_package_takes_nothing_back(version_1, tmp_path, monkeypatch):
    """Import of version 1 after version 2, by mistake."""
    author = Author(Path(shutil.copytree(version_1 / "author", tmp_path / "author")))
    first = Path(shutil.copy(author.folder / "dist" / "bones.apkg", tmp_path / "version-1.apkg"))
    deck = author.release(FACTS.replace("a SHIELD", "like a SHIELD"), 2, monkeypatch)
    student = Student(shutil.copytree(version_1 / "student", tmp_path / "student"))
    try:
        student.import_(deck.package)
        before = look_at(student, student.cards())
        assert student.import_(first) == {"duplicate": NOTES}
        assert look_at(student, student.cards()) == before
    finally:
        student.close()


def test_time_of_change_moves_forward_even_if_the_clock_does_not(version_1, tmp_path, monkeypatch):
    author = Author(Path(shutil.copytree(version_1 / "author", tmp_path / "author")))
    file = author.folder / "bones.lock"
    mods = [parse_lock(file.read_text(encoding="utf-8"), file)[0].entries[CONTRAST].mod]
    for facts in (FACTS.replace("a SHIELD", "like a SHIELD"), FACTS.replace("a SHIELD", "just like a SHIELD")):
        deck = author.release(facts, 0, monkeypatch)
        lock, _ = parse_lock(file.read_text(encoding="utf-8"), file)
        mods.append(lock.entries[CONTRAST].mod)
        shipped = {note.guid: note.mod for note in read_package(deck.package)[0].notes}
        assert shipped == {entry.guid: entry.mod for entry in lock.entries.values()}
    assert mods == [mods[0], mods[0] + 1, mods[0] + 2]


# --------------------------------------------------------------------- the page in the docs


def test_page_in_the_docs_names_tests_that_exist():
    """Each promise of docs/updates.md is proved by the test that it names, in the file that it links to."""
    root = Path(__file__).parent.parent
    text = (root / "docs" / "updates.md").read_text(encoding="utf-8")
    known = {path.name: set(re.findall(r"(?m)^def (test_\w+)", path.read_text(encoding="utf-8"))) for path in TESTS}
    rows = re.findall(r"(?m)^\| .* \| \[(test_\w+\.py)\]\(\.\./tests/(\S+)\): (.*) \|$", text)
    assert len(rows) >= 15
    for title, link, names in rows:
        assert title == link
        assert set(re.findall(r"`(test_\w+)`", names)) <= known[title]
        assert "`test_" in names
    assert set(re.findall(r"`(test_\w+)`", text)) <= set().union(*known.values())


TESTS = sorted(Path(__file__).parent.glob("test_*.py"))
