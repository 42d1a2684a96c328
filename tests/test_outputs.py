"""Several packages from one deck: which cards each has, and what is said where that goes wrong."""

import json

import pytest
from click.testing import CliRunner

from deckbuilder.build import build
from deckbuilder.commands.cli import cli
from deckbuilder.package.read import read_package
from deckbuilder.preview.folder import write_site
from deckbuilder.preview.previewed import preview
from deckbuilder.preview.site import site
from deckbuilder.release import changes_since, release
from tests.helpers import files_in, told, write_deck

BIRDS = """\
format: 1
deck:
  id: birds
  name: Zoology::Birds
  description: Birds of the north.
axes: {hunts: When it hunts}
outputs:
  short:
    tags: [first-year]
  owls:
    name: Zoology::Owls
    description: Owls alone.
    concepts: [owl, barn-owl]
concepts:
  owl:
    term: Owl
    tags: [first-year]
    contrasts: [hawk]
    definition: A bird that hunts at night.
    features: {hunts: at night}
    questions:
      - {ask: What do owls eat?, answer: Mice, tags: [second-year::food]}
  barn-owl:
    term: Barn owl
    formerly: [church-owl]
    definition: An owl with a face like a heart.
  hawk:
    term: Hawk
    definition: A bird that hunts by day.
    features: {hunts: by day}
"""


@pytest.fixture
def deck(tmp_path):
    def _deck(facts=BIRDS):
        return write_deck(tmp_path, facts)

    return _deck


def keys(package):
    shipped, problems = read_package(package)
    assert not problems
    return sorted(next(cell for cell in note.row if cell.startswith("birds")).split(" ")[0] for note in shipped.notes)


def notes(package):
    return {note.guid: (note.mod, note.row, note.tags, note.ords) for note in read_package(package)[0].notes}


def run(*arguments):
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments], standalone_mode=False)
    return result.return_value, result.output


class TestWhichCards:
    def test_an_output_by_tag_has_the_notes_with_that_tag(self, deck, tmp_path):
        build([deck()], tmp_path / "dist")
        assert keys(tmp_path / "dist/birds.short.apkg") == [
            "birds/hawk/contrast/owl.hunts",
            "birds/owl/definition",
            "birds/owl/question/what-do-owls-eat",
        ]

    def test_an_output_by_concept_has_what_needs_these_concepts_and_no_other(self, deck, tmp_path):
        build([deck()], tmp_path / "dist")
        assert keys(tmp_path / "dist/birds.owls.apkg") == [
            "birds/barn-owl/definition",
            "birds/owl/definition",
            "birds/owl/question/what-do-owls-eat",
        ]

    def test_tags_and_concepts_both_hold(self, deck, tmp_path):
        both = BIRDS.replace("tags: [first-year]\n  owls:", "tags: [first-year]\n    concepts: [owl]\n  owls:")
        build([deck(both)], tmp_path / "dist")
        assert keys(tmp_path / "dist/birds.short.apkg") == [
            "birds/owl/definition",
            "birds/owl/question/what-do-owls-eat",
        ]

    @pytest.mark.parametrize("tag", ["second-year", "Second-Year::FOOD"])
    def test_a_tag_stands_for_those_below_it_in_capitals_or_not(self, deck, tmp_path, tag):
        build([deck(BIRDS.replace("tags: [first-year]\n  owls", f"tags: ['{tag}']\n  owls"))], tmp_path / "dist")
        assert keys(tmp_path / "dist/birds.short.apkg") == ["birds/owl/question/what-do-owls-eat"]

    def test_a_tag_is_no_beginning_of_another(self, deck, tmp_path):
        built = build([deck(BIRDS.replace("tags: [first-year]\n  owls", "tags: [first]\n  owls"))], tmp_path / "dist")
        assert told(built.problems) == ["9:12 reference: no card has the tag 'first'"]

    def test_its_notes_are_those_of_the_whole_deck_to_the_letter(self, deck, tmp_path):
        build([deck()], tmp_path / "dist")
        whole = notes(tmp_path / "dist/birds.apkg")
        for name in ("short", "owls"):
            part = notes(tmp_path / f"dist/birds.{name}.apkg")
            assert {guid: whole[guid] for guid in part} == part

    def test_name_and_description_are_its_own_or_those_of_the_deck(self, deck, tmp_path):
        build([deck()], tmp_path / "dist")
        whole, short, owls = (
            read_package(tmp_path / "dist" / f"birds{part}.apkg")[0] for part in ("", ".short", ".owls")
        )
        assert (whole.deck, short.deck, owls.deck) == ("Zoology::Birds", "Zoology::Birds", "Zoology::Owls")
        assert short.description.startswith("Birds of the north.")
        assert owls.description.startswith("Owls alone.")
        assert "**Selection:** short." in short.description
        assert "Selection" not in whole.description

    def test_an_output_without_conditions_is_the_whole_deck_by_another_name(self, deck, tmp_path):
        build([deck(BIRDS.replace("  owls:\n", "  all: {name: Birds}\n  owls:\n"))], tmp_path / "dist")
        assert notes(tmp_path / "dist/birds.all.apkg") == notes(tmp_path / "dist/birds.apkg")
        assert "Selection" not in read_package(tmp_path / "dist/birds.all.apkg")[0].description


class TestWrong:
    @pytest.mark.parametrize(
        ("good", "bad", "message"),
        [
            ("concepts: [owl, barn-owl]", "concepts: [owl, barnowl]", "13:21 reference: no concept 'barnowl'"),
            ("concepts: [owl, barn-owl]", "concept: [owl]", "13:5 schema: unknown key 'concept'"),
            ("  short:\n", "  Short!:\n", "8:3 schema: 'Short!' cannot be an output's id"),
            ("  short:\n", "  short-update:\n", "8:3 schema: 'short-update' cannot be an output's id"),
            ("name: Zoology::Owls", "name: '::Owls'", "11:11 schema: the deck name '::Owls' has an empty level"),
            (
                "tags: [first-year]\n  owls",
                "tags: [frist-year]\n  owls",
                "9:12 reference: no card has the tag 'frist-year'",
            ),
        ],
    )
    def test_a_slip_is_told_at_its_place(self, deck, tmp_path, good, bad, message):
        built = build([deck(BIRDS.replace(good, bad, 1))], tmp_path / "dist")
        assert told(built.problems) == [message]
        assert not (tmp_path / "dist").exists()

    @pytest.mark.parametrize(
        ("tag", "fix"),
        [
            ("frist-year", "did you mean 'first-year'?"),
            ("exam", "give the tag to a fact, a concept or the deck"),
        ],
    )
    def test_a_tag_that_no_card_has_is_told_with_what_to_do(self, deck, tmp_path, tag, fix):
        more = "".join(f"  tit-{n}: {{term: Tit {n}, definition: Bird number {n}.}}\n" for n in range(20))
        facts = BIRDS.replace("tags: [first-year]\n  owls", f"tags: [{tag}]\n  owls") + more
        (problem,) = build([deck(facts)], tmp_path / "dist").problems
        assert problem.fix == fix

    def test_an_output_without_cards_is_told(self, deck, tmp_path):
        empty = BIRDS.replace("tags: [first-year]\n  owls", "tags: [first-year]\n    concepts: [hawk]\n  owls")
        built = build([deck(empty)], tmp_path / "dist")
        assert told(built.problems) == ["8:3 no-cards: the output 'short' has no cards"]

    def test_a_part_of_a_deck_is_no_place_to_restore_the_lock_from(self, deck, tmp_path):
        file = deck()
        build([file], tmp_path / "dist")
        file.with_name("birds.lock").unlink()
        result = CliRunner().invoke(
            cli, ["lock", "restore", str(tmp_path / "dist/birds.short.apkg"), "-o", str(tmp_path)]
        )
        assert "holds the output 'short', not all notes of its deck" in str(result.exception) + result.output
        assert not file.with_name("birds.lock").exists()


class TestCommands:
    def test_a_build_tells_of_each_package(self, deck, tmp_path):
        status, output = run("build", deck(), "-o", tmp_path / "dist")
        assert status == 0
        assert f"Zoology::Owls  output owls\n  5 cards  in 3 notes\n  → {tmp_path / 'dist/birds.owls.apkg'}" in output

    def test_a_build_answers_in_json_with_an_entry_for_each_package(self, deck, tmp_path):
        _, output = run("build", deck(), "-o", tmp_path / "dist", "--json")
        assert [(one["id"], one["notes"]) for one in json.loads(output)["decks"]] == [
            ("birds", 5),
            ("birds.short", 3),
            ("birds.owls", 3),
        ]

    def test_a_second_build_changes_no_byte_and_a_missing_package_comes_back(self, deck, tmp_path):
        file = deck()
        build([file], tmp_path / "dist")
        before = files_in(tmp_path / "dist")
        (tmp_path / "dist/birds.short.apkg").unlink()
        run("build", file, "-o", tmp_path / "dist")
        assert files_in(tmp_path / "dist") == before

    def test_locked_looks_at_every_package(self, deck, tmp_path):
        file = deck()
        build([file], tmp_path / "dist")
        assert not build([file], tmp_path / "dist", locked=True).problems
        (tmp_path / "dist/birds.owls.apkg").unlink()
        assert [problem.place.file.name for problem in build([file], tmp_path / "dist", locked=True).problems] == [
            "birds.owls.apkg"
        ]

    def test_withdrawn_notes_reach_the_students_of_the_outputs_that_held_them(self, deck, tmp_path):
        file = deck()
        build([file], tmp_path / "dist")
        question = "      - {ask: What do owls eat?, answer: Mice, tags: [second-year::food]}\n"
        file.write_text(BIRDS.replace(question, "").replace("    questions:\n", ""))
        build([file], tmp_path / "dist", accept_removals=True)
        gone = "birds/owl/question/what-do-owls-eat"
        assert gone in keys(tmp_path / "dist/birds.short-update.apkg")
        assert gone not in keys(tmp_path / "dist/birds.short.apkg")
        hawk = BIRDS.replace("concepts: [owl, barn-owl]", "concepts: [hawk]")
        file.write_text(hawk.replace(question, "").replace("    questions:\n", ""))
        build([file], tmp_path / "dist")
        assert not (tmp_path / "dist/birds.owls-update.apkg").exists()

    def test_a_difference_is_told_for_each_package(self, deck, tmp_path):
        file = deck()
        build([file], tmp_path / "dist")
        file.write_text(BIRDS.replace("a face like a heart", "a pale face"))
        compared, problems = changes_since([file], tmp_path / "dist", None)
        assert not problems
        assert [(one.changes.deck, len(one.changes.changed)) for one in compared] == [
            ("Zoology::Birds", 1),
            ("Zoology::Birds (output short)", 0),
            ("Zoology::Owls (output owls)", 1),
        ]

    def test_a_package_of_an_output_is_compared_with_that_output(self, deck, tmp_path):
        file = deck()
        build([file], tmp_path / "dist")
        (compared,), _ = changes_since([file], tmp_path / "dist", tmp_path / "dist/birds.owls.apkg")
        assert (compared.changes.deck, compared.changes.unchanged) == ("Zoology::Owls (output owls)", 3)

    def test_what_leaves_an_output_is_told(self, deck, tmp_path):
        file = deck()
        build([file], tmp_path / "dist")
        file.write_text(BIRDS.replace("concepts: [owl, barn-owl]", "concepts: [owl]"))
        compared, _ = changes_since([file], tmp_path / "dist", None)
        assert [one.changes.left for one in compared] == [0, 0, 1]

    def test_a_release_is_of_all_packages_with_one_version(self, deck, tmp_path):
        file, out = deck(), tmp_path / "dist"
        released, problems = release(file, out, "1.0")
        assert not problems
        assert {name: [one.name for one in files] for name, files in released.outputs.items()} == {
            "short": ["birds.short.apkg"],
            "owls": ["birds.owls.apkg"],
        }
        for name in ("birds", "birds.short", "birds.owls"):
            assert "Version 1.0" in read_package(out / f"released/{name}.apkg")[0].description
        file.write_text(file.read_text().replace("a face like a heart", "a pale face"))
        release(file, out, None)
        assert "Version 1.1" in read_package(out / "released/birds.owls.apkg")[0].description
        assert "Version 1.0" in read_package(out / "released/birds.owls-before.apkg")[0].description

    def test_the_preview_has_pages_for_each_package(self, deck, tmp_path):
        file = deck()
        build([file], tmp_path / "dist")
        previewed = preview([file], tmp_path / "dist")
        assert [(one.id, len(one.cards)) for one in previewed.decks] == [
            ("birds", 8),
            ("birds.short", 4),
            ("birds.owls", 5),
        ]
        assert all(one.offer is not None and not one.remarks for one in previewed.decks)
        write_site(site(previewed.decks, tmp_path / "site"), tmp_path / "site")
        page = (tmp_path / "site/decks/birds.owls/index.html").read_text()
        assert "Owls alone." in page
        assert (tmp_path / "site/decks/birds.owls/birds.owls.apkg").exists()
