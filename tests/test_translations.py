"""A deck in another language: translations beside the text, cards in an output of their own."""

import re

import pytest
import yaml
from click.testing import CliRunner

from deckbuilder.build import build
from deckbuilder.check import RULES
from deckbuilder.check.review import review
from deckbuilder.commands.cli import cli
from deckbuilder.package.read import read_package
from deckbuilder.preview.previewed import preview
from deckbuilder.release import release
from tests.anki_helpers import import_package
from tests.helpers import files_in, told, write_deck

ROCKS = """\
format: 1
deck: {id: rocks, name: Geology::Rocks, description: Families of rocks.}
sources: {book: {title: A handbook of rocks}}
default_source: book
axes:
  origin: {name: How it forms, translations: {de: Wie es entsteht}}
lists:
  uses: {title: Uses, translations: {de: Verwendung}}
relations:
  formula:
    ask: What is the formula of ...?
    back: Which mineral is ...?
    translations: {de: {ask: Welche Formel hat ...?, back: Welches Mineral ist ...?}}
classifications:
  family:
    among: [igneous, sedimentary]
    ask: Which family?
    translations: {de: Welche Familie?}
    items: [examples]
    because: [origin]
outputs:
  german:
    language: de
    name: Geologie::Gesteine
    description: Die Familien der Gesteine.
  kurz: {language: de, name: Geologie::Gesteine, concepts: [igneous]}
concepts:
  igneous:
    term: Igneous rock
    aliases: [Magmatic rock]
    translations: {de: {term: Magmatisches Gestein, aliases: [Magmatit]}}
    contrasts: [sedimentary]
    definition:
      text: Rock that formed when molten rock cooled.
      note: Ignis is fire.
      translations: {de: {text: "Gestein, das aus einer Schmelze erstarrt ist.", note: Ignis heißt Feuer.}}
    features: {origin: {text: molten rock cools, translations: {de: Schmelze erstarrt}}}
    mechanism:
      - {text: Rock melts, translations: {de: Gestein schmilzt}}
      - {text: "The melt [[rises|which way?]]", translations: {de: "Die Schmelze [[steigt auf|wohin?]]"}}
      - {text: It cools, translations: {de: Sie kühlt ab}}
    examples:
      - {text: Granite, translations: {de: Granit}}
      - {text: Basalt}
    lists:
      uses: [{text: Paving stones, translations: {de: Pflaster}}]
    statements:
      - {text: "Granite contains [[quartz]] and [[feldspar]].",
         translations: {de: "Granit enthält [[Feldspat]] und [[Quarz]]."}}
    questions:
      - ask: Why has obsidian no crystals?
        answer: It cooled too fast.
        why: Crystals need time.
        translations:
          de: {ask: Warum hat Obsidian keine Kristalle?, answer: Er kühlte zu schnell ab.,
               why: Kristalle brauchen Zeit.}
      - {ask: How much of the crust is igneous?, answer: about ..., value: 65, unit: percent,
         translations: {de: {ask: Wie viel der Kruste ist magmatisch?, answer: etwa ..., unit: Prozent}}}
    pairs:
      formula:
        Halite: {text: NaCl, lang: la, translations: {de: {first: Steinsalz}}}
        Quartz: {text: SiO2, lang: la, translations: {de: {first: Quarz}}}
    orders:
      - title: Periods
        translations: {de: Perioden}
        cards: [next, at]
        items:
          - {text: Triassic, at: first, translations: {de: {text: Trias, at: zuerst}}}
          - {text: Jurassic, at: then, translations: {de: {text: Jura, at: dann}}}
  sedimentary:
    term: Sedimentary rock
    translations: {de: Sedimentgestein}
    definition: Rock that formed from deposits.
    features: {origin: {text: deposits harden, translations: {de: Ablagerungen verfestigen sich}}}
    examples: [Sandstone, Limestone]
"""


@pytest.fixture
def deck(tmp_path):
    return write_deck(tmp_path, ROCKS, "rocks.yaml")


@pytest.fixture
def built(deck, tmp_path):
    """The deck's file, once its packages are there."""
    assert build([deck], tmp_path / "dist").problems == ()
    return deck


@pytest.fixture
def german(built, tmp_path):
    """The cards in Anki."""
    assert built
    return import_package(tmp_path / "dist/rocks.german.apkg", tmp_path)


def key_of(note):
    return next(cell for cell in note.row if cell.startswith(("rocks", "eye"))).split(" ")[0]


def shipped(package):
    return {key_of(note): note for note in read_package(package)[0].notes}


def card(cards, kind, item="", number=1):
    found = [one for one in cards.cards if one.kind == kind and one.key.endswith(item) and one.number == number]
    return found[0]


class TestCards:
    @pytest.mark.parametrize(
        ("which", "front", "back"),
        [
            (
                ("definition", "igneous/definition", 1),
                "Magmatisches Gestein",
                "Gestein, das aus einer Schmelze erstarrt ist.",
            ),
            (
                ("definition", "igneous/definition", 2),
                "Gestein, das aus einer Schmelze erstarrt ist.",
                "Magmatisches Gestein",
            ),
            (("question", "no-crystals", 1), "Warum hat Obsidian keine Kristalle?", "Er kühlte zu schnell ab."),
            (
                ("question", "crust-is-igneous", 1),
                "Wie viel der Kruste ist magmatisch?",
                "etwa 65 Prozent",
            ),
            (("contrast", "", 1), "Wie es entsteht", "Schmelze erstarrt"),
            (("pair", "formula.halite", 1), "Welche Formel hat Steinsalz?", "NaCl"),
            (("pair", "formula.halite", 2), "Welches Mineral ist NaCl?", "Steinsalz"),
            (("classification", "family.granite", 1), "Granit", "Magmatisches Gestein"),
            (("list", "uses", 1), "Verwendung", "Pflaster"),
            (("cloze", "feldspar", 1), "Granit enthält", "Feldspat"),
            (("mechanism", "", 2), "Gestein schmilzt", "steigt auf"),
            (("order", "periods", 1), "Perioden", "Trias"),
        ],
    )
    def test_every_kind_speaks_the_language(self, german, which, front, back):
        found = card(german, *which)
        assert front in " ".join(found.front)
        assert back in " ".join(found.back)

    def test_what_stands_beside_a_fact_is_translated_too(self, german):
        assert "Ignis heißt Feuer." in " ".join(card(german, "definition", "igneous/definition").back)
        assert "Auch genannt: Magmatit" in " ".join(card(german, "definition", "igneous/definition").back)
        assert "Kristalle brauchen Zeit." in " ".join(card(german, "question", "no-crystals").back)

    def test_the_words_of_the_cards_are_in_the_language(self, german):
        assert "Welcher Begriff?" in " ".join(card(german, "definition", "igneous/definition", 2).front)
        assert {one.fields["Language"] for one in german.cards} == {"de"}

    def test_a_value_alone_needs_its_unit_at_most(self, deck, tmp_path):
        people = """\
      - {ask: How many are there?, value: 84, unit: million, translations: {de: {ask: Wie viele?, unit: Millionen}}}
      - {ask: How old is it?, value: 7, translations: {de: {ask: Wie alt?}}}
"""
        deck.write_text(ROCKS.replace("    questions:\n", "    questions:\n" + people))
        assert not build([deck], tmp_path / "dist").problems
        cards = import_package(tmp_path / "dist/rocks.german.apkg", tmp_path)
        assert card(cards, "question", "how-many-are-there").back[0] == "84 Millionen"
        assert "<bdi" not in card(cards, "question", "how-old-is-it").back_html.split("<hr")[1].split("source")[0]

    def test_what_is_not_translated_stays_and_is_set_apart(self, german):
        found = card(german, "definition", "sedimentary/definition")
        assert '<bdi lang="en">Rock that formed from deposits.</bdi>' in found.back_html
        assert '<bdi lang="en">Basalt</bdi>' in " ".join(one.front_html for one in german.of_kind("classification"))
        assert '<bdi lang="la">NaCl</bdi>' in card(german, "pair", "formula.halite").back_html

    def test_nothing_of_the_translations_is_in_the_deck_itself(self, built, tmp_path):
        assert built
        plain = write_deck(tmp_path / "plain", without_translations(ROCKS), "rocks.yaml")
        assert not build([plain], tmp_path / "plain/dist").problems
        ours = shipped(tmp_path / "dist/rocks.apkg")
        theirs = shipped(tmp_path / "plain/dist/rocks.apkg")
        assert {key: note.row for key, note in ours.items()} == {key: note.row for key, note in theirs.items()}


def changes_of(version, changelog):
    return changelog.read_text().split(f"## {version} ")[1].split("\n## ")[0]


def without_translations(facts):
    def walked(value):
        if isinstance(value, dict):
            return {key: walked(inner) for key, inner in value.items() if key not in {"translations", "outputs"}}
        return [walked(inner) for inner in value] if isinstance(value, list) else value

    return yaml.safe_dump(walked(yaml.load(facts, yaml.CSafeLoader)), allow_unicode=True, sort_keys=False)


class TestIdentity:
    def test_keys_are_those_of_the_deck_and_guids_are_not(self, built, tmp_path):
        assert built
        own, other = shipped(tmp_path / "dist/rocks.apkg"), shipped(tmp_path / "dist/rocks.german.apkg")
        assert {key.replace("rocks@de/", "rocks/") for key in other} == set(own)
        assert {note.guid for note in own.values()}.isdisjoint(note.guid for note in other.values())

    def test_a_part_in_the_language_has_the_notes_of_the_whole_in_it(self, built, tmp_path):
        assert built
        whole, part = shipped(tmp_path / "dist/rocks.german.apkg"), shipped(tmp_path / "dist/rocks.kurz.apkg")
        assert 0 < len(part) < len(whole)
        assert all(whole[key] == note for key, note in part.items())

    def test_a_better_translation_changes_that_note_and_no_other(self, built, tmp_path):
        before = files_in(tmp_path / "dist")
        old = shipped(tmp_path / "dist/rocks.german.apkg")
        built.write_text(ROCKS.replace("Er kühlte zu schnell ab.", "Er erstarrte zu schnell."))
        assert not build([built], tmp_path / "dist").problems
        new = shipped(tmp_path / "dist/rocks.german.apkg")
        changed = [key for key, note in new.items() if note != old[key]]
        assert changed == ["rocks@de/igneous/question/why-has-obsidian-no-crystals"]
        assert new[changed[0]].guid == old[changed[0]].guid
        assert new[changed[0]].mod > old[changed[0]].mod
        assert (tmp_path / "dist/rocks.apkg").read_bytes() == before["rocks.apkg"]

    def test_a_translation_that_comes_later_keeps_the_note(self, built, tmp_path):
        old = shipped(tmp_path / "dist/rocks.german.apkg")
        later = ROCKS.replace(
            "definition: Rock that formed from deposits.",
            "definition: {text: Rock that formed from deposits., translations: {de: Gestein aus Ablagerungen.}}",
        )
        built.write_text(later.replace("{text: Basalt}", "{text: Basalt, translations: {de: Basaltgestein}}"))
        assert not build([built], tmp_path / "dist").problems
        new = shipped(tmp_path / "dist/rocks.german.apkg")
        assert {key: note.guid for key, note in new.items()} == {key: note.guid for key, note in old.items()}

    def test_numbers_of_blanks_follow_the_answers_of_the_language(self, built, tmp_path):
        swapped = ROCKS.replace(
            "Granit enthält [[Feldspat]] und [[Quarz]].", "Granit hat [[Quarz]] und auch [[Feldspat]]."
        )
        built.write_text(swapped)
        assert not build([built], tmp_path / "dist").problems
        text = shipped(tmp_path / "dist/rocks.german.apkg")[
            "rocks@de/igneous/cloze/granite-contains-quartz-and-feldspar"
        ].row[0]
        assert text == "Granit hat {{c2::Quarz}} und auch {{c1::Feldspat}}."

    def test_an_answer_that_was_reworded_is_not_guessed(self, built, tmp_path):
        built.write_text(ROCKS.replace("[[steigt auf|wohin?]]", "[[dringt nach oben|wohin?]]"))
        (problem,) = build([built], tmp_path / "dist").problems
        assert problem.rule == "identity-lost"
        assert problem.message.endswith("(in de)")

    def test_a_deck_that_is_renamed_keeps_the_notes_of_all_languages(self, built, tmp_path):
        old = shipped(tmp_path / "dist/rocks.german.apkg")
        built.write_text(ROCKS.replace("{id: rocks,", "{id: rocks-two, formerly: [rocks],"))
        assert not build([built], tmp_path / "dist").problems
        new = shipped(tmp_path / "dist/rocks-two.german.apkg")
        assert {note.guid for note in new.values()} == {note.guid for note in old.values()}
        assert sorted(file.name for file in tmp_path.glob("*.lock")) == ["rocks-two.lock", "rocks-two@de.lock"]

    def test_what_is_said_of_a_withdrawn_fact_reaches_the_students_of_every_language(self, built, tmp_path):
        question = ROCKS[ROCKS.index("      - ask: Why has obsidian") : ROCKS.index("      - {ask: How much")]
        gone = "retired: [{key: rocks/igneous/question/why-has-obsidian-no-crystals, why: It has some.}]\n"
        built.write_text(ROCKS.replace(question, "").replace("outputs:\n", gone + "outputs:\n"))
        assert not build([built], tmp_path / "dist").problems
        for name, banner in (("rocks", "Withdrawn from the deck."), ("rocks.german", "Aus dem Stapel zurückgezogen.")):
            update = read_package(tmp_path / f"dist/{name}-update.apkg")[0]
            (note,) = (note for note in update.notes if "deckbuilder::retired" in note.tags)
            assert any(cell.startswith(f"{banner} It has some.") for cell in note.row)

    def test_a_lost_lock_of_a_language_is_told_and_can_be_made_again(self, built, tmp_path):
        lock = tmp_path / "rocks@de.lock"
        before = lock.read_bytes()
        lock.unlink()
        (problem,) = build([built], tmp_path / "dist").problems
        assert (problem.rule, problem.place.file) == ("lock-missing", lock)
        CliRunner().invoke(cli, ["lock", "restore", str(tmp_path / "dist/rocks.german.apkg"), "-o", str(tmp_path)])
        assert lock.read_bytes() == before
        assert not build([built], tmp_path / "dist").problems

    def test_another_deck_in_the_folder_is_not_asked_whose_lock_that_is(self, built, tmp_path):
        assert built
        other = write_deck(
            tmp_path,
            "format: 1\ndeck: {id: owls, name: Owls}\nconcepts:\n  owl: {term: Owl, definition: A bird.}\n",
            "owls.yaml",
        )
        assert not build([other], tmp_path / "dist").problems


EYE = """\
format: 1
deck: {id: eye, name: Eye}
sources: {book: {title: Anatomy}}
default_source: book
outputs: {german: {language: de}}
concepts:
  eye:
    term: Eye
    translations: {de: Auge}
    definition: {text: An organ that sees., translations: {de: Ein Organ zum Sehen.}}
    images:
      - file: eye.svg
        alt: An eye
        masks:
          - {answer: Lens, box: [10, 10, 20, 20], translations: {de: Linse}}
          - {answer: Iris, box: [40, 10, 20, 20]}
      - file: lens.svg
        alt: A lens
        ask: What is this?
        answer: A lens
        translations: {de: {ask: Was ist das?, answer: Eine Linse}}
      - file: iris.svg
        alt: An iris
        ask: Which part is this?
        answer: The iris
"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><circle cx="{}" cy="50" r="40"/></svg>'


@pytest.fixture
def eye(tmp_path):
    for number, name in enumerate(("eye", "lens", "iris")):
        (tmp_path / f"{name}.svg").write_text(DRAWING.format(50 + number))
    return write_deck(tmp_path, EYE, "eye.yaml")


class TestPictures:
    def test_parts_of_a_picture_keep_their_numbers_when_their_translations_change(self, eye, tmp_path):
        assert not build([eye], tmp_path / "dist").problems
        before = shipped(tmp_path / "dist/eye.german.apkg")
        (masked,) = [key for key in before if "/occlusion/" in key]
        assert re.findall(r"{{c\d+::[^}]*Linse.*?}}", " ".join(before[masked].row)) == ["{{c1::Linse}}"]
        eye.write_text(EYE.replace("{de: Linse}", "{de: Augenlinse}"))
        assert not build([eye], tmp_path / "dist").problems
        after = shipped(tmp_path / "dist/eye.german.apkg")[masked]
        assert (after.guid, after.ords) == (before[masked].guid, (0, 1))
        assert "{{c1::Augenlinse}}" in " ".join(after.row)

    def test_questions_about_pictures_speak_the_language_or_are_set_apart(self, eye, tmp_path):
        assert not build([eye], tmp_path / "dist").problems
        cards = import_package(tmp_path / "dist/eye.german.apkg", tmp_path).of_kind("image")
        translated, own = sorted(cards, key=lambda one: "iris" in one.front_html.lower() + one.back_html.lower())
        assert ("Was ist das?" in " ".join(translated.front), translated.back[0]) == (True, "Eine Linse")
        assert "<bdi" not in translated.front_html.split("<img")[0]
        assert '<bdi lang="en">Which part is this?</bdi>' in own.front_html
        assert '<bdi lang="en">The iris</bdi>' in own.back_html


class TestMistakes:
    @pytest.mark.parametrize(
        ("good", "bad", "message"),
        [
            (
                "translations: {de: Welche Familie?}",
                "translations: {d_e: Welche Familie?}",
                "'d_e' is not a language code",
            ),
            (
                "{text: Granite, translations: {de: Granit}}",
                "{text: Granite, translations: {de: {txt: Granit}}}",
                "unknown key 'txt'",
            ),
            ("Granit enthält [[Feldspat]] und [[Quarz]].", "Granit enthält Quarz.", "a statement has no blank (in de)"),
            ("Granit enthält [[Feldspat]] und [[Quarz]].", "Granit enthält [[Quarz.", "(in de)"),
        ],
    )
    def test_a_mistake_is_told(self, deck, tmp_path, good, bad, message):
        assert good in ROCKS
        deck.write_text(ROCKS.replace(good, bad))
        (problem,) = build([deck], tmp_path / "dist").problems
        assert message in problem.message
        assert problem.place.line

    def test_a_card_that_is_wrong_in_one_language_alone_stops_the_build(self, deck, tmp_path):
        deck.write_text(
            ROCKS.replace("{de: Granit}", "{de: Sedimentgestein Granit}").replace(
                "Warum hat Obsidian keine Kristalle?", "Welche Formel hat Steinsalz?"
            )
        )
        problems = build([deck], tmp_path / "dist").problems
        assert {problem.rule for problem in problems} >= {"front-ambiguous"}
        assert all(problem.message.endswith("(in de)") for problem in problems)

    def test_a_review_tells_what_is_not_translated(self, deck, tmp_path):
        found = review([deck], [RULES["untranslated"]], tmp_path / "dist")
        assert told(found) == [
            "28:3 untranslated: 1 text is not translated into 'de', and stays in 'en' there",
            "70:3 untranslated: 3 texts are not translated into 'de', and stay in 'en' there",
        ]

    def test_a_translation_that_no_output_is_made_of_is_told(self, deck, tmp_path):
        deck.write_text(ROCKS.replace("{de: Sedimentgestein}", "{de: Sedimentgestein, fr: Roche}"))
        assert [problem.message for problem in review([deck], [RULES["translation-unused"]], tmp_path / "dist")] == [
            "no output is in the language 'fr'"
        ]


class TestEverythingElse:
    def test_a_preview_shows_each_language_and_what_is_wrong_in_it(self, built, tmp_path):
        shown = {one.id: one for one in preview([built], tmp_path / "dist").decks}
        assert list(shown) == ["rocks", "rocks.german", "rocks.kurz"]
        assert (shown["rocks.german"].language, shown["rocks.german"].name) == ("de", "Geologie::Gesteine")
        assert shown["rocks.german"].concepts["igneous"] == "Magmatisches Gestein"

    def test_a_release_is_of_all_languages(self, deck, tmp_path):
        released, problems = release(deck, tmp_path / "dist", "1.0")
        assert not problems
        assert set(released.outputs) == {"german", "kurz"}
        assert "Version 1.0" in read_package(tmp_path / "dist/released/rocks.german.apkg")[0].description
        deck.write_text(deck.read_text().replace("Er kühlte zu schnell ab.", "Er erstarrte zu schnell."))
        release(deck, tmp_path / "dist", None)
        whole, german, _ = re.split(r"(?m)^### (?=Geo)", changes_of("1.1", tmp_path / "rocks.changelog.md"))
        assert "Safe: nothing that students have is touched." in whole
        assert german.startswith("Geologie::Gesteine (output german)")
        assert "erstarrte" in german

    def test_building_again_changes_nothing(self, built, tmp_path):
        before = files_in(tmp_path)
        assert not build([built], tmp_path / "dist", locked=True).problems
        assert not build([built], tmp_path / "dist").problems
        assert files_in(tmp_path) == before
