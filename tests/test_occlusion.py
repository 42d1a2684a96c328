"""Pictures that are asked, and their hidden parts: in Anki's own editor, through updates, and as an author may err."""

import re

import pytest
from anki.collection import Collection, ImportAnkiPackageRequest

from deckbuilder.build import build
from deckbuilder.lock import parse_lock
from deckbuilder.notetypes import OCCLUSION
from tests.helpers import write_deck
from tests.students import EASY, GOOD, Student, release_time

FACTS = """\
format: 1
deck: {id: eye, name: Medicine::Eye}
sources: {atlas: {title: Atlas}}
default_source: atlas
concepts:
  eye:
    term: Eye
    images:
      - file: media/eye.svg
        id: section
        alt: A ball with several layers
        credit: A. Drawer
        license: CC0-1.0
        ask: Which part of the eye?
        note: Cut from front to back.
        masks:
          - {answer: Cornea, box: [10, 20, 30, 60], hint: clear, why: Light enters here.}
          - {answer: Lens, ellipse: [0.25, 0.3, 0.1, 0.4], note: It changes its shape.}
          - {id: retina, answer: Retina, polygon: [[150, 10], [190, 50], [150, 90]]}
          - answer: Muscle
            shapes: [{box: [100, 0, 40, 10]}, {box: [100, 90, 40, 10]}]
      - {file: media/pupil.svg, alt: A dark round hole, answer: Pupil}
      - {file: media/eye.svg, alt: A ball with several layers, id: whole}
"""
EYE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><circle cx="100" cy="50" r="50"/></svg>'
PUPIL = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>'
NUMBERS = {"cornea": 1, "lens": 2, "retina": 3, "muscle": 4}


def deck_with(folder, facts=FACTS):
    file = write_deck(folder, facts, "cards/eye.yaml")
    write_deck(folder, EYE, "cards/media/eye.svg")
    write_deck(folder, PUPIL, "cards/media/pupil.svg")
    return file


def built(file, **options):
    result = build([file], file.parent.parent / "dist", **options)
    assert result.problems == ()
    return result.decks[0].package


def masks_of(file):
    """The numbers that the lock gives to the masks, and those of masks that are gone."""
    lock, _ = parse_lock((file.parent / "eye.lock").read_text(encoding="utf-8"), file)
    entry = lock.entries["eye/eye/occlusion/section"]
    return {name: n for n, name in entry.numbers.items()}, {name: n for n, name in entry.spent.items()}


@pytest.fixture
def col(tmp_path):
    """The deck in a fresh collection of Anki."""
    collection = Collection(str(tmp_path / "collection.anki2"))
    package = built(deck_with(tmp_path))
    collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package)))
    yield collection
    collection.close()


def occlusion_note(col):
    (note_id,) = col.find_notes('note:"Deckbuilder image occlusion"')
    return col.get_note(note_id)


def editor(col):
    """What Anki's editor of masks reads of the note."""
    return col._backend.get_image_occlusion_note(occlusion_note(col).id)  # noqa: SLF001 - as the editor does


# ------------------------------------------------------------------------- in Anki


def test_ankis_own_editor_opens_the_masks(col):
    answer = editor(col)
    assert answer.error == ""
    note = answer.note
    assert note.image_data.startswith(b"<svg")
    assert note.occlude_inactive
    assert note.header == "Which part of the eye?"
    shapes = {
        one.ordinal: [(part.shape, {p.name: p.value for p in part.properties}) for part in one.shapes]
        for one in note.occlusions
    }
    assert shapes[1] == [("rect", {"left": ".05", "top": ".2", "width": ".15", "height": ".6", "oi": "1"})]
    assert shapes[2] == [("ellipse", {"left": ".25", "top": ".3", "rx": ".05", "ry": ".2", "oi": "1"})]
    ((form, corners),) = shapes[3]
    assert (form, corners["points"]) == ("polygon", ".75,.1 .95,.5 .75,.9")
    assert [form for form, _ in shapes[4]] == ["rect", "rect"]


def test_the_note_type_has_its_fixed_ids_and_is_known_to_anki_as_one_for_masks(col):
    theirs = col.models.get(OCCLUSION.id)
    assert theirs["originalStockKind"] == 6
    assert [(field["name"], field["id"], field.get("tag")) for field in theirs["flds"]] == [
        (field.name, field.id, field.tag) for field in OCCLUSION.fields
    ]
    assert [(template["name"], template["id"]) for template in theirs["tmpls"]] == [
        (template.name, template.id) for template in OCCLUSION.templates
    ]
    assert (theirs["css"], theirs["type"]) == (OCCLUSION.css, 1)


def test_a_students_own_styling_of_masks_stays(col, tmp_path, monkeypatch):
    theirs = col.models.get(OCCLUSION.id)
    theirs["css"] += "/* my own colours */"
    col.models.update_dict(theirs)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(3)))
    write_deck(tmp_path, FACTS.replace("Which part of the eye?", "Which part?"), "cards/eye.yaml")
    col.import_anki_package(ImportAnkiPackageRequest(package_path=str(built(tmp_path / "cards" / "eye.yaml"))))
    assert col.models.get(OCCLUSION.id)["css"].endswith("/* my own colours */")
    assert occlusion_note(col)["Header"] == "Which part?"


def test_what_a_student_draws_in_ankis_editor_makes_a_card(col):
    note = occlusion_note(col)
    more = note["Occlusion"] + "{{c5::image-occlusion:rect:left=.4:top=.4:width=.1:height=.1:oi=1}}<br>"
    col._backend.update_image_occlusion_note(  # noqa: SLF001 - as above
        note_id=note.id, occlusions=more, header=note["Header"], back_extra=note["Back Extra"], tags=note.tags
    )
    assert [card.ord + 1 for card in col.get_note(note.id).cards()] == [1, 2, 3, 4, 5]


def test_each_card_hides_its_part_and_says_what_belongs_to_it_alone(col):
    cornea, lens, retina, _ = (card.render_output() for card in occlusion_note(col).cards())
    assert 'class="cloze" data-ordinal="1" data-shape="rect"' in cornea.question_text
    assert 'class="cloze-highlight" data-ordinal="1"' in cornea.answer_text
    assert '<p class="tip" dir="auto">clear</p>' in cornea.question_text
    assert '<p class="tip" dir="auto"></p>' in lens.question_text
    for card, answer, others in ((cornea, "Cornea", ("Lens", "Retina")), (lens, "Lens", ("Cornea", "Retina"))):
        assert answer not in card.question_text
        assert f'<div class="back" dir="auto">{answer}</div>' in card.answer_text
        assert not [other for other in others if other in card.answer_text]
    assert "Light enters here." in cornea.answer_text
    assert "Light enters here." not in lens.answer_text
    assert "It changes its shape." in lens.answer_text
    assert all("Cut from front to back." in card.answer_text for card in (cornea, lens, retina))
    assert all("A. Drawer, CC0-1.0" in card.answer_text for card in (cornea, lens, retina))


def test_a_picture_without_masks_asks_for_the_term_or_for_its_own_answer(col):
    asked = {}
    for card_id in col.find_cards("tag:deckbuilder::kind::image"):
        output = col.get_card(card_id).render_output()
        asked[re.search(r'src="(eye-\w+)-', output.question_text)[1]] = output.answer_text.split('id="answer"')[1]
    assert "Pupil" in asked["eye-pupil"]
    assert ">Eye<" in asked["eye-eye"]


def test_anki_finds_nothing_to_mend(col):
    assert col.get_empty_cards().report == ""
    check = col.media.check()
    assert (list(check.missing), list(check.unused)) == ([], [])
    before = col.db.all("select * from notes"), col.db.all("select * from cards")
    col.fix_integrity()
    assert (col.db.all("select * from notes"), col.db.all("select * from cards")) == before


def test_only_the_part_that_is_asked_is_hidden_where_the_author_wants_that(tmp_path):
    file = deck_with(tmp_path, FACTS.replace("id: section", "id: section\n        mode: hide-one"))
    student = Student(tmp_path / "student")
    try:
        student.import_(built(file))
        note = occlusion_note(student.col)
        assert "oi=1" not in note["Occlusion"]
        assert not editor(student.col).note.occlude_inactive
    finally:
        student.close()


# ----------------------------------------------------------------------- an update

CHANGES = {
    "nothing": ({}, 0, 0),
    "a mask moved": ({"box: [10, 20, 30, 60]": "box: [12, 22, 30, 60]"}, 1, 0),
    "a mask redrawn in another form": ({"box: [10, 20, 30, 60]": "ellipse: [10, 20, 30, 60]"}, 1, 0),
    "a mask added before the others": (
        {"masks:\n": "masks:\n          - {answer: Optic nerve, box: [192, 40, 8, 20]}\n"},
        1,
        1,
    ),
    "masks in another order": (
        {
            "          - {id: retina, answer: Retina, polygon: [[150, 10], [190, 50], [150, 90]]}\n": "",
            "masks:\n": (
                "masks:\n          - {id: retina, answer: Retina, polygon: [[150, 10], [190, 50], [150, 90]]}\n"
            ),
        },
        1,
        0,
    ),
    "another answer under its id": ({"answer: Retina": "answer: Retina (light is seen here)"}, 1, 0),
    "another answer with its old name": ({"{answer: Cornea,": "{answer: Clear cornea, formerly: cornea,"}, 1, 0),
    "a mask removed": ({"          - {answer: Lens": "          # - {answer: Lens"}, 1, 0),
    "two masks change places": (
        {
            "box: [10, 20, 30, 60]": "ellipse: [0.25, 0.3, 0.1, 0.4]",
            "ellipse: [0.25, 0.3, 0.1, 0.4]": "box: [10, 20, 30, 60]",
        },
        1,
        0,
    ),
    "the picture": ({}, 3, 0),
    "the question": ({"Which part of the eye?": "What is this part called?"}, 1, 0),
    "its mode": ({"id: section": "id: section\n        mode: hide-one"}, 1, 0),
}


def edited(edits):
    """The facts with all edits made at once, so that two can change places."""
    assert all(old in FACTS for old in edits)
    return re.sub("|".join(map(re.escape, edits)), lambda old: edits[old[0]], FACTS) if edits else FACTS


def answers_by_card(student):
    """What each card of the masks wants to hear, by its id."""
    answers = {}
    for card in occlusion_note(student.col).cards():
        shown = re.search(r'<div class="back" dir="auto">(.*?)</div>', card.render_output().answer_text)
        answers[card.id] = shown[1] if shown else ""
    return answers


@pytest.mark.parametrize("name", CHANGES)
def test_an_update_keeps_each_history_at_its_mask(name, tmp_path, monkeypatch):
    edits, updated, new_cards = CHANGES[name]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(1)))
    file = deck_with(tmp_path)
    student = Student(tmp_path / "student")
    try:
        student.import_(built(file))
        for card_id, grade in zip(student.cards(), (GOOD, EASY, GOOD, EASY, GOOD, GOOD), strict=True):
            student.answer(card_id, grade)
        before, states = answers_by_card(student), student.states()
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(2)))
        write_deck(tmp_path, edited(edits), "cards/eye.yaml")
        if name == "the picture":
            (tmp_path / "cards" / "media" / "eye.svg").write_text(EYE.replace('r="50"', 'r="49"'), encoding="utf-8")
            (tmp_path / "cards" / "media" / "pupil.svg").write_text(PUPIL.replace('r="4"', 'r="3"'), encoding="utf-8")
        assert student.import_(built(file)).get("updated", 0) == updated
        after = answers_by_card(student)
        assert {card: student.states()[card] for card in states} == states
        assert len(after) == len(before) + new_cards
        gone = {"Lens"} if name == "a mask removed" else set()
        for card, answer in before.items():
            wanted = "" if answer in gone else answer
            assert wanted.lower() in after[card].lower()
            assert bool(after[card]) == bool(wanted)
        numbers, spent = masks_of(file)
        known = {**numbers, **spent}
        assert {key: known.get(key, known.get("clear-cornea")) for key in NUMBERS} == NUMBERS
    finally:
        student.close()


def test_a_removed_masks_number_is_never_given_to_another(tmp_path):
    file = deck_with(tmp_path)
    built(file)
    write_deck(tmp_path, FACTS.replace("- {answer: Lens", "# - {answer: Lens"), "cards/eye.yaml")
    built(file)
    later = FACTS.replace("{answer: Lens, ellipse", "{answer: Iris, ellipse")
    write_deck(tmp_path, later, "cards/eye.yaml")
    built(file, accept_removals=True)
    numbers, spent = masks_of(file)
    assert (numbers["iris"], spent) == (5, {"lens": 2})


def test_a_mask_whose_answer_changed_without_an_id_is_asked_about(tmp_path):
    file = deck_with(tmp_path)
    built(file)
    write_deck(tmp_path, FACTS.replace("answer: Cornea", "answer: Front window"), "cards/eye.yaml")
    (problem,) = build([file], tmp_path / "dist").problems
    assert problem.rule == "identity-lost"
    assert "The same fact: add 'id: cornea' (or 'formerly: [cornea]')" in problem.fix


def test_a_withdrawn_picture_is_told_to_its_students(tmp_path):
    file = deck_with(tmp_path)
    student = Student(tmp_path / "student")
    try:
        student.import_(built(file))
        start = FACTS.index("      - file: media/eye.svg")
        end = FACTS.index("      - {file: media/pupil.svg")
        write_deck(tmp_path, FACTS[:start] + FACTS[end:], "cards/eye.yaml")
        result = build([file], tmp_path / "dist", accept_removals=True)
        student.import_(result.decks[0].update)
        note = occlusion_note(student.col)
        assert "deckbuilder::retired" in note.tags
        assert all("Withdrawn from the deck." in card.question() for card in note.cards())
        assert len(note.cards()) == 4
    finally:
        student.close()


def test_a_picture_that_is_withdrawn_after_its_package_was_lost_still_shows_its_answers(tmp_path):
    file = deck_with(tmp_path)
    student = Student(tmp_path / "student")
    try:
        student.import_(built(file))
        (tmp_path / "dist" / "eye.apkg").unlink()
        start = FACTS.index("      - file: media/eye.svg")
        end = FACTS.index("      - {file: media/pupil.svg")
        write_deck(tmp_path, FACTS[:start] + FACTS[end:], "cards/eye.yaml")
        student.import_(build([file], tmp_path / "dist", accept_removals=True).decks[0].update)
        cards = occlusion_note(student.col).cards()
        assert [re.search(r'class="back" dir="auto">(.*?)<', card.answer())[1] for card in cards] == [
            "cornea",
            "lens",
            "retina",
            "muscle",
        ]
        assert student.col.get_empty_cards().report == ""
    finally:
        student.close()


def test_a_lost_lock_is_made_again_from_the_package_with_the_numbers_of_the_masks(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = deck_with(tmp_path)
    built(file)
    lock = file.parent / "eye.lock"
    before = lock.read_bytes()
    lock.unlink()
    assert run("lock", "restore", "dist/eye.apkg", "-o", "cards").code == 0
    assert lock.read_bytes() == before


# -------------------------------------------------------------------- what is told


def test_numbers_of_masks_that_somebody_swapped_in_the_lock_are_told_before_a_release(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = deck_with(tmp_path)
    built(file)
    lock = file.parent / "eye.lock"
    text = lock.read_text(encoding="utf-8")
    assert "1=cornea 2=lens" in text
    lock.write_text(text.replace("1=cornea 2=lens", "1=lens 2=cornea"), encoding="utf-8")
    ran = run("diff", "--fail-on", "breaking")
    assert ran.code == 1
    assert "conflict  eye/eye/occlusion/section: number 1 now hides what another number hid" in ran.out


def test_masks_that_an_author_puts_in_each_other_s_place_are_no_conflict(run, tmp_path, monkeypatch):
    """The picture was labelled wrongly: each answer keeps its number, and its card shows another part."""
    monkeypatch.chdir(tmp_path)
    file = deck_with(tmp_path)
    built(file)
    box, ellipse = "box: [10, 20, 30, 60]", "ellipse: [0.25, 0.3, 0.1, 0.4]"
    file.write_text(FACTS.replace(box, "HERE").replace(ellipse, box).replace("HERE", ellipse), encoding="utf-8")
    assert run("diff", "--fail-on", "breaking").code == 0


def test_a_change_is_told_in_words(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    deck_with(tmp_path)
    run("build")
    edited = FACTS.replace("box: [10, 20, 30, 60]", "box: [12, 20, 30, 60]").replace(
        "answer: Retina", "answer: The retina"
    )
    write_deck(tmp_path, edited, "cards/eye.yaml")
    told = run("diff").out
    assert "Occlusion: [1: rect [-left=.05-] {+left=.06+} top=.2 width=.15" in told
    assert "Retina" in told.partition("Answers:")[2].partition("\n")[0]
    assert "The retina" in told.partition("Answers:")[2].partition("\n")[0]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("box: [10, 20, 30]", "'box' is given by four numbers"),
        ("box: [10, 20, 30, 40, 50]", "'box' is given by four numbers"),
        ("box: [10, 20, 30, wide]", "a number is expected here"),
        ("box: [10, 20, 30, inf]", "a number is expected here"),
        ("polygon: [[1, 2], [3, 4]]", "'polygon' needs 3 entries or more"),
        ("polygon: [[1, 2], [3], [5, 6]]", "a corner is given by two numbers"),
        ("box: 10", "'box' is given by four numbers"),
    ],
)
def test_a_mask_that_is_mistyped_is_told_in_plain_words(wrong, told, tmp_path):
    file = deck_with(tmp_path, FACTS.replace("box: [10, 20, 30, 60]", wrong))
    problems = build([file], tmp_path / "dist").problems
    assert told in " ".join(problem.message for problem in problems)
    assert {problem.place.line for problem in problems} == {17}


def test_two_masks_with_one_answer_are_told_apart_by_their_ids(tmp_path):
    file = deck_with(tmp_path, FACTS.replace("answer: Lens", "answer: Cornea"))
    (problem,) = build([file], tmp_path / "dist").problems
    assert (problem.rule, problem.message) == ("key-duplicate", "two entries have the same identity 'cornea'")


@pytest.mark.parametrize(
    ("shown", "mask"),
    [
        ('width="400" height="400"', "rect:left=.05:top=.35:width=.15:height=.3"),
        ('width="400" height="100"', "rect:left=.275:top=.2:width=.075:height=.6"),
        ('width="400" height="400" preserveAspectRatio=" none"', "rect:left=.05:top=.2:width=.15:height=.6"),
        ('width="400" height="400" preserveAspectRatio="xMidYMin"', "rect:left=.05:top=.1:width=.15:height=.3"),
        ('width="400" height="100" preserveAspectRatio="xMaxYMid meet"', "rect:left=.525:top=.2:width=.075:height=.6"),
    ],
    ids=["tall", "wide", "stretched", "at the top", "at the right"],
)
def test_masks_are_measured_in_what_is_seen_of_a_drawing(tmp_path, shown, mask):
    """A drawing of other proportions than the place it is given stands in the middle of it."""
    file = deck_with(tmp_path)
    wide = EYE.replace('viewBox="0 0 200 100"', f'viewBox="0 0 200 100" {shown}')
    (tmp_path / "cards" / "media" / "eye.svg").write_text(wide, encoding="utf-8")
    student = Student(tmp_path / "student")
    try:
        student.import_(built(file))
        assert mask in occlusion_note(student.col)["Occlusion"]
    finally:
        student.close()


def test_a_mask_that_is_held_back_is_not_drawn(tmp_path):
    file = deck_with(tmp_path, FACTS.replace("hint: clear", "status: hold"))
    student = Student(tmp_path / "student")
    try:
        student.import_(built(file))
        note = occlusion_note(student.col)
        assert "Cornea" not in note["Answers"]
        assert len(note.cards()) == 3
    finally:
        student.close()


def test_the_same_masks_give_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    assert built(deck_with(tmp_path)).read_bytes() == built(deck_with(tmp_path / "again")).read_bytes()
