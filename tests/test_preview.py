"""The preview: what is written, and that nothing of somebody else is touched."""

import hashlib
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from deckbuilder.preview.concern import concerned
from deckbuilder.preview.previewed import preview
from deckbuilder.preview.site import site
from deckbuilder.problems import Place, Problem
from tests.browser import deck_data
from tests.helpers import HEADING, OWL, png, write_deck

BIRDS = """\
concepts:
  owl:
    term: Owl
    definition: A bird that hunts at night.
    statements:
      - Owls see in the [[dark]].
      - Their young are called [[owlets]] and [[chicks]].
  wren:
    term: Wren
    definition: {text: A small brown bird., status: disputed, note: Some are red.}
"""
HOSTILE_NAME = """</script><script>document.title = "taken"</script>"""


def deck_named(name, concepts=OWL):
    return f"format: 1\ndeck: {{id: {name}, name: {name.title()}}}\n{concepts}"


# ------------------------------------------------------------------- what is written


def test_preview_writes_a_page_for_each_deck_and_says_where(run, tmp_path):
    write_deck(tmp_path / "cards", deck_named("birds"), "birds.yaml")
    write_deck(tmp_path / "cards", deck_named("owls"), "owls.yaml")
    ran = run("preview")
    assert ran.code == 0
    assert "Birds  2 cards" in ran.out
    assert "preview/index.html" in ran.out.replace("\\", "/")
    index = (tmp_path / "preview" / "index.html").read_text(encoding="utf-8")
    assert 'href="decks/birds/index.html"' in index
    assert 'href="decks/owls/index.html"' in index
    assert len(deck_data(tmp_path / "preview", "birds")["cards"]) == 2


def test_a_card_knows_its_address_its_place_its_concept_and_its_status(run, tmp_path):
    write_deck(tmp_path / "cards", HEADING + BIRDS)
    assert run("preview", "-o", "site").code == 0
    cards = {card["address"]: card for card in deck_data(tmp_path / "site", "birds")["cards"]}
    definition = cards["birds/owl/definition-2"]
    assert definition["place"] == "cards/birds.yaml:6"
    assert definition["href"] == "../../../cards/birds.yaml"
    assert definition["concepts"] == ["owl"]
    assert definition["status"] == "normal"
    assert {card["status"] for address, card in cards.items() if "/wren/" in address} == {"disputed"}
    statement = [card for card in cards.values() if card["kind"] == "cloze"]
    assert [card["place"] for card in statement] == ["cards/birds.yaml:8", "cards/birds.yaml:9", "cards/birds.yaml:9"]


def test_a_finding_of_the_review_stands_on_the_cards_of_its_fact_alone(run, tmp_path):
    leak = BIRDS.replace("Owls see in the [[dark]].", "In the dark owls see in the [[dark]].")
    write_deck(tmp_path / "cards", HEADING + leak)
    assert run("preview").code == 0
    cards = deck_data(tmp_path / "preview", "birds")["cards"]
    found = {card["place"]: [one["rule"] for one in card["problems"]] for card in cards}
    assert "answer-leak" in found["cards/birds.yaml:8"]
    assert not any("answer-leak" in rules for place, rules in found.items() if place != "cards/birds.yaml:8")


PROBLEM = Problem(Place(Path("birds.yaml")), "rule", "message")


@pytest.mark.parametrize(
    ("line", "column", "concerned_lines"),
    [
        (6, 5, [6, 6]),  # the definition, and so both its cards
        (8, 9, [8]),  # a text within a statement
        (7, 5, [8, 9, 9]),  # the key of all statements
        (5, 5, []),  # the concept's term
        (3, 1, []),
        (0, 0, []),
    ],
)
def test_a_problem_concerns_the_cards_of_the_nearest_fact_around_it(line, column, concerned_lines, tmp_path):
    file = write_deck(tmp_path, HEADING + BIRDS)
    (deck,) = preview([file], tmp_path).decks
    problem = replace(PROBLEM, place=Place(file, line, column))
    places = {card.address: card.place for card in deck.cards}
    found, loose = concerned(places, [problem])
    assert [places[address].line for address in places if address in found] == concerned_lines
    assert loose == ([] if concerned_lines else [problem])


def test_a_finding_of_the_whole_deck_stands_above_the_cards(run, tmp_path):
    heading = HEADING.replace("name: Birds", "name: Birds, allow: {answer-leak: none here}")
    write_deck(tmp_path / "cards", heading + OWL)
    assert run("preview").code == 0
    page = deck_data(tmp_path / "preview", "birds")
    assert "waiver-unused" in [one["rule"] for one in page["loose"]]


def test_a_withdrawn_card_is_shown_as_such(run, tmp_path):
    facts = write_deck(tmp_path / "cards", HEADING + BIRDS)
    assert run("build").code == 0
    facts.write_text(HEADING + BIRDS.partition("  wren:")[0], encoding="utf-8")
    assert run("build", "--accept-removals").code == 0
    assert run("preview").code == 0
    cards = deck_data(tmp_path / "preview", "birds")["cards"]
    assert {card["address"] for card in cards if card["status"] == "withdrawn"} == {
        "birds/wren/definition-1",
        "birds/wren/definition-2",
    }


def test_pictures_are_copied(run, tmp_path):
    picture = png(250, 180, 170)
    write_deck(tmp_path / "cards", picture, "owl.png")
    image = "definition: {text: A bird., image: {file: owl.png, alt: An owl}}"
    write_deck(tmp_path / "cards", HEADING + OWL.replace("definition: A bird that hunts at night.", image))
    assert run("preview").code == 0
    (copied,) = (tmp_path / "preview" / "media").iterdir()
    assert copied.read_bytes() == picture
    (card, _) = deck_data(tmp_path / "preview", "birds")["cards"]
    assert f'src="{copied.name}"' in card["answer"]


def test_a_deck_with_an_error_is_told_and_the_others_are_shown(run, tmp_path):
    write_deck(tmp_path / "cards", deck_named("owls"), "owls.yaml")
    write_deck(tmp_path / "cards", deck_named("birds", "concepts:\n  owl:\n    trem: Owl\n"), "birds.yaml")
    ran = run("preview")
    assert ran.code == 1
    assert "unknown key 'trem'" in ran.err
    assert sorted(file.name for file in (tmp_path / "preview" / "decks").iterdir()) == ["owls"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name of a file is a text")
def test_a_folder_whose_name_is_no_text_is_previewed_and_a_table_of_such_a_name_imported(run, tmp_path):
    """As an old zip file from Windows leaves them behind."""
    name = os.fsdecode("Städte".encode("latin-1"))
    write_deck(tmp_path, HEADING + OWL, f"{name}/birds.yaml")
    ran = run("preview", name)
    assert ran.code == 0, ran.err
    tmp_path.joinpath(f"{name}.csv").write_text("Haus,house\n", encoding="utf-8")
    ran = run("import", f"{name}.csv", "-o", "towns.yaml")
    assert ran.code == 0, ran.err
    assert "name: St\N{REPLACEMENT CHARACTER}dte" in tmp_path.joinpath("towns.yaml").read_text(encoding="utf-8")


def test_the_same_facts_give_the_same_pages(run, tmp_path):
    write_deck(tmp_path / "cards", HEADING + BIRDS)
    for folder in ("one", "two"):
        assert run("preview", "-o", folder).code == 0
    for file in (tmp_path / "one").rglob("*.*"):
        assert (
            file.is_dir() or file.read_bytes() == (tmp_path / "two" / file.relative_to(tmp_path / "one")).read_bytes()
        )


def test_no_text_can_leave_the_place_where_a_page_holds_it(tmp_path):
    file = write_deck(tmp_path, OWL.replace("Owl", f"'{HOSTILE_NAME}'"), "deck.yaml")
    file.write_text(f"format: 1\ndeck: {{id: birds, name: '{HOSTILE_NAME}'}}\n" + file.read_text(encoding="utf-8"))
    decks = preview([file], tmp_path).decks
    for page in ("index.html", "decks/birds/cards.html"):
        text = site(decks, tmp_path)[page].decode()
        assert "<script>" not in text
        assert "default-src 'none'; script-src 'self'" in text


# ---------------------------------------------------- what belongs to somebody else


def test_a_file_that_no_preview_wrote_is_never_replaced(run, tmp_path):
    write_deck(tmp_path / "cards", HEADING + OWL)
    mine = write_deck(tmp_path / "site", "mine", "index.html")
    ran = run("preview", "-o", "site")
    assert ran.code == 2
    assert "was not written by a preview" in ran.err
    assert mine.read_text(encoding="utf-8") == "mine"
    assert sorted(file.name for file in (tmp_path / "site").iterdir()) == ["index.html"]


def test_the_page_of_a_deck_that_is_gone_goes_and_other_files_stay(run, tmp_path):
    gone = write_deck(tmp_path / "cards", deck_named("owls"), "owls.yaml")
    write_deck(tmp_path / "cards", deck_named("birds"), "birds.yaml")
    assert run("preview").code == 0
    mine = write_deck(tmp_path / "preview" / "decks", "mine", "mine.html")
    gone.unlink()
    assert run("preview").code == 0
    assert sorted(file.name for file in mine.parent.iterdir()) == ["birds", "mine.html"]


def test_a_list_of_written_files_that_names_others_is_not_obeyed(run, tmp_path):
    facts = write_deck(tmp_path / "cards", HEADING + OWL)
    names = ["../cards/birds.yaml", "decks/../../cards/birds.yaml", str(facts), "mine.txt", 7]
    mine = write_deck(tmp_path / "preview", "mine", "mine.txt")
    write_deck(tmp_path / "preview", json.dumps(names), ".deckbuilder-preview.json")
    assert run("preview").code == 0
    assert facts.exists()
    assert mine.exists()


# ------------------------------------------------------------------------- formulas


def test_mathjax_is_there_where_a_deck_has_formulas_and_only_there(run, tmp_path):
    write_deck(tmp_path / "cards", HEADING + OWL)
    assert run("preview", "-o", "without").code == 0
    assert not (tmp_path / "without" / "assets" / "mathjax.js").exists()
    write_deck(tmp_path / "cards", HEADING + OWL.replace("A bird", "A bird of $m^2$"))
    assert run("preview", "-o", "with").code == 0
    mathjax = (tmp_path / "with" / "assets" / "mathjax.js").read_bytes()
    # es5/tex-svg-full.js of the package mathjax 3.2.2, unchanged.
    assert hashlib.sha256(mathjax).hexdigest() == "a4354ff94fd868aea0cc6eaaa79a57fda0588646fc46ee3700a349ee0a11cbe6"
    assert "Apache License" in (tmp_path / "with" / "assets" / "mathjax.LICENSE").read_text(encoding="utf-8")


def test_what_the_review_says_stands_above_all_cards_and_on_no_page_for_students(run, tmp_path):
    write_deck(tmp_path / "cards", HEADING + BIRDS)
    assert run("preview").code == 0
    pages = {
        file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "preview" / "decks" / "birds").iterdir()
    }
    assert "7 cards · 1 error" in pages["cards.html"]
    assert "1 error" not in pages["study.html"]
