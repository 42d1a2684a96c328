"""Tables, Markdown lists and folders of CrowdAnki as people have them, turned into facts."""

import copy
import json
import unicodedata

import pytest

from deckbuilder.facts.load import load
from deckbuilder.markup import render_inline, visible_text
from deckbuilder.package.read import read_package
from tests.students import Student

CROWDANKI = {
    "__type__": "Deck",
    "crowdanki_uuid": "deck-uuid",
    "deck_config_uuid": "config-uuid",
    "deck_configurations": [{"__type__": "DeckConfig", "crowdanki_uuid": "config-uuid", "name": "Default"}],
    "desc": "<b>Spanish</b> words",
    "dyn": 0,
    "media_files": ["casa.mp3"],
    "name": "Spanish",
    "note_models": [
        {
            "__type__": "NoteModel",
            "crowdanki_uuid": "model-uuid",
            "css": "",
            "flds": [{"name": "Front", "ord": 0}, {"name": "Back", "ord": 1}],
            "name": "Simple",
            "sortf": 0,
            "tmpls": [{"name": "Card 1", "ord": 0, "qfmt": "{{Front}}", "afmt": "{{FrontSide}}{{Back}}"}],
            "type": 0,
        }
    ],
    "notes": [
        {
            "guid": "g1",
            "fields": ["What is a house?", "una casa [sound:casa.mp3]"],
            "tags": ["a1"],
            "note_model_uuid": "model-uuid",
        },
        {"guid": "g2", "fields": ["What is a door?", "una puerta"], "tags": ["a1"], "note_model_uuid": "model-uuid"},
    ],
    "children": [
        {
            "__type__": "Deck",
            "crowdanki_uuid": "child-uuid",
            "deck_config_uuid": "config-uuid",
            "desc": "",
            "name": "Verbs",
            "media_files": [],
            "children": [],
            "notes": [
                {"guid": "g3", "fields": ["What is to run?", "correr"], "tags": [], "note_model_uuid": "model-uuid"}
            ],
        }
    ],
}


@pytest.fixture
def bring(run, tmp_path):
    """Imports a file with these bytes, and gives the report and the deck that it became."""

    def bring_in(name, content, *words):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        ran = run("import", name, "-o", "cards/deck.yaml", "--json", *words)
        assert ran.code == 0, ran.err
        loaded = load([tmp_path / "cards" / "deck.yaml"])
        assert loaded.problems == ()
        return json.loads(ran.out), loaded.decks[0]

    return bring_in


def facts_of(deck):
    """Everything that the concepts say, in short."""
    said = {}
    for name, concept in deck.concepts.items():
        if concept.definition:
            said[name] = concept.definition.text
        said |= {question.ask: question.answer for question in concept.questions}
        said |= {statement.text: "" for statement in concept.statements}
    return said


def test_a_table_with_named_columns_becomes_terms_by_chapter(bring):
    text = 'Term;Definition;Tags;Kapitel\nHaus;"house; home";noun;Wohnen\nTür;door;noun;Wohnen\ngehen;to go;;Bewegung\n'
    _, deck = bring("words.csv", text, "--language", "de")
    assert facts_of(deck) == {"haus": "house; home", "tür": "door", "gehen": "to go"}
    assert deck.concepts["haus"].tags == ("noun",)
    assert deck.heading.language == "de"


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", []), ("utf-8-sig", []), ("utf-16", ["UTF-16"]), ("cp1252", ["Windows-1252"])]
)
def test_a_table_is_read_in_the_encoding_that_its_program_wrote(bring, encoding, told):
    report, deck = bring("words.csv", "Wo wohnt der Bär?,In der Höhle\n".encode(encoding))
    assert facts_of(deck) == {"Wo wohnt der Bär?": "In der Höhle"}
    assert [name for case in report["cases"] for name in told if name in case["reason"]] == told


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_of_a_table_is_found(bring, separator):
    rows = [("How many legs has a spider?", "eight"), ("How many has a crab?", "ten"), ("And a bee, or wasp?", "six")]
    text = "".join(separator.join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)
    _, deck = bring("legs.csv", text)
    assert facts_of(deck) == dict(rows)


def test_excels_own_line_on_top_is_no_row(bring):
    _, deck = bring("legs.csv", "sep=;\r\nHow many legs has a spider?;eight\r\n")
    assert facts_of(deck) == {"How many legs has a spider?": "eight"}


def test_the_text_that_anki_exports_is_read_with_its_lines_on_top(bring):
    text = (
        "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"
        "abc\tBasic\tGeo::Europe\tCapital of <b>France</b>?\tParis<br>on the Seine\tcapital eu\n"
        "def\tCloze\tGeo\t{{c1::Rome}} is in {{c2::Italy}}\t\t\n"
        'ghi\tBasic\tGeo\tWhich table?\t"<table><tr><td>one</td></tr></table>"\t\n'
    )
    report, deck = bring("geo.txt", text)
    assert facts_of(deck) == {
        "Capital of **France**?": "Paris\\\non the Seine",
        "{{c1::Rome}} is in {{c2::Italy}}": "",
        "Which table?": "one",
    }
    assert deck.concepts["europe"].tags == ("capital", "eu")
    reasons = " ".join(case["reason"] for case in report["cases"])
    assert "a table: only its words are taken" in reasons
    assert "export the deck as .apkg" in reasons
    assert report["identities_kept"] is False


@pytest.mark.parametrize(
    "heads", ["Begriff;Erklärung;Beispiel", "Wort;Was es heißt;Beispiel", "mot;définition;exemple"]
)
def test_a_column_beside_the_question_is_its_answer_whatever_it_is_called(bring, heads):
    _, deck = bring("words.csv", f"{heads}\r\nDecke;was wärmt;Bettdecke\r\n".encode("cp1252"))
    assert facts_of(deck) == {"decke": "was wärmt"}
    assert deck.concepts["decke"].definition.extra == "Bettdecke"


def test_a_column_that_is_not_taken_is_told(bring):
    report, deck = bring("words.csv", "Question,Answer,Colour\nWhat barks?,a dog,brown,soon\n")
    assert facts_of(deck) == {"What barks?": "a dog"}
    assert [case["note"] for case in report["cases"]] == ["the column 'Colour'", "column 4"]


def test_a_table_with_the_line_ends_of_an_old_mac_is_read(bring):
    _, deck = bring("legs.csv", b"Question,Answer\rHow many legs has a spider?,eight\r")
    assert facts_of(deck) == {"How many legs has a spider?": "eight"}


@pytest.mark.parametrize(
    ("words", "encoding"), [("собака;Hund", "cp1251"), ("犬,いぬ", "shift_jis"), ("بيت;دار", "cp1256")]
)
def test_letters_in_an_encoding_that_cannot_be_told_are_not_turned_into_others(run, tmp_path, words, encoding):
    (tmp_path / "words.csv").write_bytes(f"{words}\r\n".encode(encoding))
    ran = run("import", "words.csv")
    assert ran.code == 1
    assert "save it as UTF-8" in ran.err
    assert not (tmp_path / "cards").exists()


@pytest.mark.parametrize("name", ["deck.csv", "日本語.csv"])
def test_an_imported_deck_does_not_make_one_deck_of_its_folder(run, tmp_path, name):
    run("new", "Birds")
    (tmp_path / name).write_text("Question,Answer\nWhat barks?,a dog\n")
    assert run("import", name).code == 0
    assert (tmp_path / "cards" / "imported-deck.yaml").is_file()
    assert run("build").code == 0


def test_a_spreadsheet_is_told_how_to_be_saved(run, tmp_path):
    (tmp_path / "words.xlsx").write_bytes(b"PK\x03\x04")
    assert "'CSV UTF-8'" in run("import", "words.xlsx").err


def test_signs_of_a_plain_table_stand_for_themselves(bring):
    _, deck = bring("signs.csv", 'What is a *star* & <b>?,"[[x]] {{c1}} 2 < 3 $4 `y` \\(z"\n')
    ((ask, answer),) = facts_of(deck).items()
    assert visible_text(render_inline(ask).html) == "What is a *star* & <b>?"
    assert visible_text(render_inline(answer).html) == "[[x]] {{c1}} 2 < 3 $4 `y` \\(z"


def test_a_row_without_an_answer_is_named_with_its_line(bring):
    report, _ = bring("legs.csv", "How many legs has a spider?,eight\nand a snake?,\n")
    assert [(case["what"], case["note"]) for case in report["cases"]] == [("left out", "line 2: and a snake? | ")]


def test_a_first_row_that_may_be_a_heading_is_a_fact_and_is_told(bring):
    report, deck = bring("music.csv", "Interval;Semitones\nTritone;6\n")
    assert facts_of(deck) == {"Interval": "Semitones", "Tritone": "6"}
    (case,) = report["cases"]
    assert case["note"] == "line 1: Interval | Semitones"
    assert "call a column 'front'" in case["reason"]


def test_a_heading_stands_below_the_title_of_a_sheet(bring):
    report, deck = bring("unit.csv", "Vocabulary of unit 4;;\n;;\nWord;Meaning;Topic\nla maison;house;At home\n")
    assert facts_of(deck) == {"la-maison": "house"}
    assert [case["note"] for case in report["cases"]] == ["line 1: Vocabulary of unit 4 |  | "]


def test_a_blank_in_our_own_notation_makes_a_statement_and_in_an_answer_is_only_text(bring):
    text = "Word,Meaning\nThe capital of *Italy* is [[Rome|which $?]].,Since 1871\nWiki link,it looks like [[Rome]]\n"
    _, deck = bring("rome.csv", text)
    assert facts_of(deck) == {
        r"The capital of \*Italy\* is [[Rome|which \$?]].": "",
        "wiki-link": r"it looks like \[\[Rome\]\]",
    }


def test_letters_that_stand_apart_from_their_marks_are_read_as_one_sign(bring):
    """As a Mac writes them, in files as in their names."""
    table = unicodedata.normalize("NFD", "Frage,Antwort,Tags\nWo ist Genève?,am Genfersee (é),café\n")
    _, deck = bring(unicodedata.normalize("NFD", "Städte.csv"), table)
    assert deck.heading.name == "Städte"
    assert facts_of(deck) == {"Wo ist Genève?": "am Genfersee (é)"}


def test_a_row_without_letters_that_can_be_seen_is_left_out_and_no_other(bring):
    report, deck = bring("words.csv", "Term,Definition\nHaus,house\n\u200b,mouse\nLaus,louse\nKlaus,\u2060\n")
    assert facts_of(deck) == {"haus": "house", "laus": "louse"}
    assert [(case["what"], case["reason"]) for case in report["cases"]] == [("left out", "the text is empty")] * 2


def test_signs_that_no_file_of_facts_can_hold_are_left_out_of_names_too(bring):
    _, deck = bring("words.csv", "Term,Definition,Chapter,Tags\nHaus\x00,hou\x07se,At \x00home,a\x1b\n")
    assert facts_of(deck) == {"haus": "house"}
    _, deck = bring("cell\x07s.md", "# Cell\x01s\n\n## Organ\x08elles\n\n- Ribo\x02some: makes proteins\n", "--force")
    assert (deck.heading.name, facts_of(deck)) == ("Cells", {"ribosome": "makes proteins"})


def test_a_table_of_which_no_row_becomes_a_fact_says_why(run, tmp_path):
    tmp_path.joinpath("words.csv").write_text("Term,Definition\n\u200b,mouse\n", encoding="utf-8")
    ran = run("import", "words.csv")
    assert ran.code == 1
    assert "words.csv: error: nothing in it becomes a fact: the text is empty" in ran.err


def test_a_column_called_text_can_hold_a_plain_question(bring):
    _, deck = bring("birds.csv", "Text,Back\nWhat hoots?,An owl\n{{c1::Owls}} hoot,\n")
    assert facts_of(deck) == {"What hoots?": "An owl", "{{c1::Owls}} hoot": ""}


def test_two_brackets_in_a_text_from_anki_are_no_blank(bring):
    text = "#separator:tab\n#html:true\nWhat is [[x]] in a wiki?\tA link\n{{c1::Rome}} is in [[it]]\t\n"
    _, deck = bring("wiki.txt", text)
    assert facts_of(deck) == {r"What is \[\[x\]\] in a wiki?": "A link", r"{{c1::Rome}} is in \[\[it\]\]": ""}


def test_a_row_that_cannot_become_a_fact_does_not_keep_the_others_out(bring):
    report, deck = bring("legs.csv", "How many legs has a spider?,eight\nAn [[owl]] [[,two\n")
    assert facts_of(deck) == {"How many legs has a spider?": "eight"}
    assert [case["what"] for case in report["cases"]] == ["left out"]


def test_rows_that_a_review_refuses_are_imported_with_a_waiver_and_told(bring):
    report, deck = bring("capitals.csv", "Which capital is on the Seine?,Paris\nWhich capital is on the Seine?,Rome\n")
    (concept,) = deck.concepts.values()
    assert [fact.answer for fact in concept.questions] == ["Paris", "Rome"]
    assert [(case["what"], case["note"], case["reason"]) for case in report["cases"]] == [
        ("imported as it was", "Which capital is on the Seine?", "front-ambiguous")
    ]


def test_a_row_with_a_picture_alone_in_one_of_its_cells_is_left_out_and_told(bring):
    text = (
        "#separator:tab\n#html:true\n"
        'Where is it?\t<img src="map.png">\n<img src="owl.png">\tAn owl\nWhat hoots?\tAn owl <img src="o.png">\n'
    )
    report, deck = bring("birds.txt", text)
    assert facts_of(deck) == {"What hoots?": "An owl"}
    left_out = [case["reason"] for case in report["cases"] if case["what"] == "left out"]
    assert left_out == ["its answer has no words", "its question has no words"]


def test_a_markdown_list_becomes_terms_questions_and_statements(bring):
    text = (
        "# Cell biology\n\n## Organelles\n\n- **Mitochondrion**: makes ATP\n- Ribosome – makes proteins\n"
        "- Golgi apparatus :: packs proteins\n  and ships them\n- The [[nucleus]] holds the DNA\n- no colon here\n\n"
        "Q: Where does glycolysis happen?\n\nA: In the cytosol\n   of the cell\n\n"
        "## Membranes\n\nThe membrane is {{c1::fluid::solid or fluid?}}.\n"
    )
    report, deck = bring("cells.md", text)
    assert deck.heading.name == "Cell biology"
    assert facts_of(deck) == {
        "mitochondrion": "makes ATP",
        "ribosome": "makes proteins",
        "golgi-apparatus": "packs proteins and ships them",
        "Where does glycolysis happen?": "In the cytosol\\\nof the cell",
        "The [[nucleus]] holds the DNA": "",
        "The membrane is {{c1::fluid::solid or fluid?}}.": "",
    }
    assert [case["note"] for case in report["cases"]] == ["line 10: no colon here"]


NOTES = """\
---
tags: [biology]
---
# *Cell* biology

Some prose about cells: it is none of the facts.

## Organelles of [the cell](https://cells.example)

- **Mitochondrion:** makes ATP,
  and heat
- __Golgi apparatus__ -- sorts proteins
1. `RNA`:: carries words
- [x] Ribosome – makes: proteins
- The [[nucleus]] holds
  the DNA
- Centriole

**Lysosome**: digests
what the cell eats
**Vacuole:** stores
* * *
Q: Where does glycolysis
happen?

A: In the cytosol
of every cell

Question 2. What is a cell?
---
- A: What all life is made of
- Q: Why are mitochondria alike?

- Q: Which is the largest cell?
- A: An egg
"""


def test_notes_as_people_keep_them_become_facts_and_what_is_none_is_told_with_its_line(bring):
    report, deck = bring("cells.md", NOTES)
    assert deck.heading.name == "Cell biology"
    defined = {concept.term: concept.definition.text for concept in deck.concepts.values() if concept.definition}
    assert defined == {
        "Mitochondrion": "makes ATP, and heat",
        "Golgi apparatus": "sorts proteins",
        "`RNA`": "carries words",
        "Ribosome": "makes: proteins",
        "Lysosome": "digests what the cell eats",
        "Vacuole": "stores",
    }
    (chapter,) = [concept for concept in deck.concepts.values() if concept.term == "Organelles of the cell"]
    assert [statement.text for statement in chapter.statements] == ["The [[nucleus]] holds the DNA"]
    assert {fact.ask: fact.answer for fact in chapter.questions} == {
        "Where does glycolysis happen?": "In the cytosol\\\nof every cell",
        "What is a cell?": "What all life is made of",
        "Which is the largest cell?": "An egg",
    }
    assert [case["note"] for case in report["cases"] if case["what"] == "left out"] == [
        "line 6: Some prose about cells: it is none of the facts.",
        "line 17: Centriole",
        "line 32: Why are mitochondria alike?",
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", "", "nothing in it becomes a fact"),
        ("prose.md", "Only prose.\n", "nothing in it becomes a fact"),
        ("deck.json", "{}", "it is no deck of CrowdAnki"),
        ("broken.apkg", "no zip", "package-unreadable"),
        ("picture.png", "x", "it is none of the files that can be imported"),
    ],
)
def test_what_cannot_be_imported_is_told_and_nothing_is_written(run, tmp_path, name, content, said):
    (tmp_path / name).write_text(content, encoding="utf-8")
    ran = run("import", name, "-o", "cards/deck.yaml")
    assert ran.code == 1
    assert said in ran.err
    assert not (tmp_path / "cards").exists()


def test_a_folder_of_crowdanki_keeps_its_identities(run, tmp_path):
    folder = tmp_path / "spanish"
    (folder / "media").mkdir(parents=True)
    (folder / "media" / "casa.mp3").write_bytes(b"sound")
    (folder / "deck.json").write_text(json.dumps(CROWDANKI), encoding="utf-8")
    assert run("import", "spanish", "-o", "cards/spanish.yaml").code == 0
    assert run("build").code == 0
    student = Student(tmp_path / "student")
    try:
        assert student.import_(tmp_path / "dist" / "spanish.apkg") == {"new": 3}
        assert {guid: fields for guid, (_, fields, _) in student.notes().items()} == {
            "g1": ("What is a house?", "una casa [sound:casa.mp3]"),
            "g2": ("What is a door?", "una puerta"),
            "g3": ("What is to run?", "correr"),
        }
        assert {"Spanish", "Spanish::Verbs"} <= {deck.name for deck in student.col.decks.all_names_and_ids()}
        assert list(student.col.media.check().missing) == []
    finally:
        student.close()


def test_a_note_of_crowdanki_with_cards_in_two_decks_is_one_note(run, tmp_path):
    deck = copy.deepcopy(CROWDANKI)
    deck["children"][0]["notes"].append(deck["notes"][0])
    (tmp_path / "spanish.json").write_text(json.dumps(deck), encoding="utf-8")
    ran = run("import", "spanish.json", "-o", "cards/spanish.yaml")
    assert (ran.code, ran.err) == (0, "")
    assert run("build").code == 0
    notes = read_package(tmp_path / "dist" / "spanish.apkg")[0].notes
    assert sorted(note.guid for note in notes) == ["g1", "g2", "g3"]


SIMPLE = {"fields": ["Front", "Back"], "tags": [], "note_model_uuid": "model-uuid"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"guid": "g2"}, "its identity (GUID) is another's, or cannot be kept"),
        ({"guid": " g4"}, "its identity (GUID) is another's, or cannot be kept"),
        ({"guid": "g\t4"}, "its identity (GUID) is another's, or cannot be kept"),
        ({"guid": ""}, "its identity (GUID) is another's, or cannot be kept"),
        ({"guid": "g4", "note_model_uuid": "nowhere"}, "its note type is not in the file, or has other fields"),
        ({"guid": "g4", "fields": ["Front"]}, "its note type is not in the file, or has other fields"),
    ],
)
def test_a_note_of_crowdanki_that_cannot_be_kept_is_left_out_and_told(run, tmp_path, change, told):
    deck = copy.deepcopy(CROWDANKI)
    deck["children"][0]["notes"].append({**SIMPLE, **change})
    (tmp_path / "spanish.json").write_text(json.dumps(deck), encoding="utf-8")
    ran = run("import", "spanish.json", "-o", "cards/spanish.yaml", "--json")
    left_out = [case["reason"] for case in json.loads(ran.out)["cases"] if case["what"] == "left out"]
    assert told in left_out
    assert run("build").code == 0
    notes = read_package(tmp_path / "dist" / "spanish.apkg")[0].notes
    assert sorted(note.guid for note in notes) == ["g1", "g2", "g3"]


def test_two_note_types_of_one_name_are_told_apart(run, tmp_path):
    deck = copy.deepcopy(CROWDANKI)
    deck["note_models"].append({**deck["note_models"][0], "crowdanki_uuid": "other-uuid"})
    table = "<table><tr><td>casa</td></tr></table>"
    for guid, model in (("g4", "model-uuid"), ("g5", "other-uuid")):
        deck["notes"].append({**SIMPLE, "guid": guid, "fields": [guid, table], "note_model_uuid": model})
    (tmp_path / "spanish.json").write_text(json.dumps(deck), encoding="utf-8")
    assert run("import", "spanish.json", "-o", "cards/spanish.yaml").code == 0
    (loaded,) = load([tmp_path / "cards" / "spanish.yaml"]).decks
    assert {fact.fields["Front"]: fact.type for concept in loaded.concepts.values() for fact in concept.notes} == {
        "g4": "Simple",
        "g5": "Simple (2)",
    }
    assert run("build").code == 0
    notes = read_package(tmp_path / "dist" / "spanish.apkg")[0].notes
    assert len({note.type_id for note in notes if note.guid in {"g4", "g5"}}) == 2
