"""Sounds of terms and facts, recorded or spoken: heard on the side where the text stands, checked, and delivered."""

import re
import struct
import wave
from pathlib import Path

import pytest

from deckbuilder.build import build
from deckbuilder.check.review import review
from deckbuilder.check.table import RULES
from deckbuilder.facts.pictures import BrokenFileError
from deckbuilder.facts.sounds import SOUNDS as FORMS
from deckbuilder.facts.sounds import check_sound
from deckbuilder.serving import type_of
from tests.anki_helpers import import_package
from tests.helpers import write_deck
from tests.students import GOOD, Student, release_time

FACTS = """\
format: 1
deck: {id: words, name: Words}
sources: {primer: {title: Primer}}
default_source: primer
classifications:
  sort: {among: [dog, cat], ask: Which animal?, items: [examples]}
concepts:
  dog:
    term: Hund
    audio: {file: media/Hund.wav, credit: A. Speaker, license: CC0-1.0}
    definition: {text: An animal that barks., audio: media/barks.wav}
    questions:
      - {id: said, ask: What does it say?, answer: Wau, audio: media/wau.wav}
      - {id: heard, ask: What do you hear?, answer: A bark, audio: {file: media/wau.wav, side: front}}
    statements:
      - {id: barks, text: "Der [[Hund]] [[bellt]] laut.", audio: media/sentence.wav}
    mechanism:
      - {text: It hears, audio: media/hears.wav}
      - It runs
    examples:
      - {text: Dackel, audio: media/dackel.wav}
      - Pudel
    images:
      - {file: media/dog.svg, alt: Four legs and a tail}
      - file: media/dog.svg
        id: parts
        alt: Four legs and a tail
        masks:
          - {answer: Schwanz, box: [0.1, 0.1, 0.2, 0.2], audio: media/schwanz.wav}
          - {answer: Ohr, box: [0.5, 0.1, 0.2, 0.2]}
  cat:
    term: Katze
    examples: [Perser]
"""
NAMES = ("Hund", "barks", "wau", "sentence", "hears", "dackel", "schwanz")
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>'


def write_wav(file, seconds=1):
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(bytes((seconds * 8000 + len(file.name)) // 10))


@pytest.fixture
def deck(tmp_path):
    file = write_deck(tmp_path, FACTS, "cards/words.yaml")
    write_deck(tmp_path, DRAWING, "cards/media/dog.svg")
    for name in NAMES:
        write_wav(file.parent / "media" / f"{name}.wav")
    return file


def built(file):
    result = build([file], file.parent.parent / "dist")
    assert result.problems == ()
    return result.decks[0].package


def heard(file, folder):
    """What each card plays, by its key (without the deck), its number and its side."""
    found = {}
    for card in import_package(built(file), folder).cards:
        key = card.key.partition("/")[2]
        sides = {"front": card.heard[: card.front_html.count("[anki:play:q:")]}
        sides["back"] = card.heard[len(sides["front"]) :]
        for side, sounds in sides.items():
            if sounds:
                found[key, card.number, side] = [
                    (f"{words.split('-')[1]}" if not lang else f"{lang}: {words}") for words, lang in sounds
                ]
    return found


def test_a_recording_plays_on_the_side_where_its_text_stands(deck, tmp_path):
    assert heard(deck, tmp_path) == {
        ("dog/definition", 1, "front"): ["hund"],
        ("dog/definition", 1, "back"): ["barks"],
        ("dog/definition", 2, "front"): ["barks"],
        ("dog/definition", 2, "back"): ["hund"],
        ("dog/question/said", 1, "back"): ["wau"],
        ("dog/question/heard", 1, "front"): ["wau"],
        ("dog/cloze/barks", 1, "back"): ["sentence"],
        ("dog/cloze/barks", 2, "back"): ["sentence"],
        ("dog/mechanism", 1, "back"): ["hears"],
        ("dog/list/examples", 1, "back"): ["dackel"],
        ("dog/classification/sort.dackel", 1, "front"): ["dackel"],
        ("dog/classification/sort.dackel", 1, "back"): ["hund"],
        ("dog/classification/sort.pudel", 1, "back"): ["hund"],
        ("dog/image/dog", 1, "back"): ["hund"],
        ("dog/occlusion/parts", 1, "back"): ["schwanz"],
    }


def test_whose_recording_it_is_stands_on_the_cards_that_play_it(deck, tmp_path):
    told = {
        card.key.partition("/")[2]
        for card in import_package(built(deck), tmp_path).cards
        if "A. Speaker, CC0-1.0" in card.back_html
    }
    assert told == {
        "dog/definition",
        "dog/image/dog",
        "dog/classification/sort.dackel",
        "dog/classification/sort.pudel",
    }


def test_all_recordings_arrive_and_anki_misses_none(deck, tmp_path):
    student = Student(tmp_path / "student")
    try:
        student.import_(built(deck))
        check = student.col.media.check()
        assert (list(check.missing), list(check.unused)) == ([], [])
        names = {path.name.split("-")[1] for path in Path(student.col.media.dir()).glob("*.wav")}
        assert names == {name.lower() for name in NAMES}
    finally:
        student.close()


# ------------------------------------------------------------------------ speech


def test_a_deck_is_spoken_in_its_language_on_the_side_where_each_text_stands(deck, tmp_path):
    spoken = FACTS.replace("name: Words}", "name: Words, language: de, tts: true}").replace(
        "What does it say?", "Was **sagt** er & sie?"
    )
    spoken = "".join(line for line in spoken.splitlines(keepends=True) if "audio: {" not in line)
    write_deck(
        tmp_path,
        spoken.replace(", audio: media/wau.wav", "").replace(", audio: media/sentence.wav", ""),
        "cards/words.yaml",
    )
    found = heard(deck, tmp_path)
    assert found["dog/definition", 1, "front"] == ["de_DE: Hund"]
    assert found["dog/definition", 1, "back"] == ["barks"]
    assert found["dog/question/said", 1, "front"] == ["de_DE: Was sagt er & sie?"]
    assert found["dog/question/said", 1, "back"] == ["de_DE: Wau"]
    assert found["dog/cloze/barks", 2, "back"] == ["de_DE: Der Hund bellt laut."]
    assert found["dog/mechanism", 2, "back"] == ["de_DE: It runs"]
    assert found["dog/list/examples", 2, "back"] == ["de_DE: Pudel"]
    assert found["cat/classification/sort.perser", 1, "front"] == ["de_DE: Perser"]
    assert found["cat/classification/sort.perser", 1, "back"] == ["de_DE: Katze"]
    assert found["dog/occlusion/parts", 2, "back"] == ["de_DE: Ohr"]
    # Nothing that is hidden is spoken with the question.
    assert not [
        key
        for key in found
        if key[2] == "front" and key[0].split("/")[1] in {"cloze", "mechanism", "list", "occlusion", "image"}
    ]


@pytest.mark.parametrize(
    ("edits", "speaks"),
    [
        ({}, set()),
        ({"    term: Katze": "    term: Katze\n    tts: true"}, {"cat"}),
        ({"name: Words}": "name: Words, tts: true}", "    term: Katze": "    term: Katze\n    tts: false"}, {"dog"}),
        ({"- Pudel": "- {text: Pudel, tts: true}"}, {"dog"}),
    ],
    ids=["nobody asks", "a concept", "a deck without one concept", "a fact"],
)
def test_who_speaks_is_said_for_a_deck_a_concept_or_a_fact(deck, tmp_path, edits, speaks):
    facts = FACTS
    for old, new in edits.items():
        assert old in facts
        facts = facts.replace(old, new)
    write_deck(tmp_path, facts, "cards/words.yaml")
    found = heard(deck, tmp_path)
    assert {
        key[0].partition("/")[0] for key, sounds in found.items() if any("en_US" in sound for sound in sounds)
    } == speaks


def test_a_word_with_its_reading_over_it_is_said_once(deck, tmp_path):
    facts = FACTS.replace("name: Words}", "name: Words, language: ja, tts: true}").replace(
        "Perser", "'猫[ねこ]の 声[こえ]'"
    )
    write_deck(tmp_path, facts, "cards/words.yaml")
    said = [
        sound
        for (key, _, side), sounds in heard(deck, tmp_path).items()
        if "/cat/class" in f"/{key}"
        for sound in sounds
    ]
    assert "ja_JP: 猫の声" in said
    assert not [sound for sound in said if "[" in sound]


@pytest.mark.parametrize(
    ("language", "voice"), [("en", "en_US"), ("de", "de_DE"), ("pt-BR", "pt_BR"), ("eo", "eo"), ("zh", "zh_CN")]
)
def test_a_voice_is_named_as_anki_names_it(deck, tmp_path, language, voice):
    write_deck(
        tmp_path, FACTS.replace("name: Words}", f"name: Words, tts: true, language: {language}}}"), "cards/words.yaml"
    )
    assert heard(deck, tmp_path)["cat/classification/sort.perser", 1, "back"] == [f"{voice}: Katze"]


def test_words_of_another_language_are_spoken_in_it(deck, tmp_path):
    facts = FACTS.replace("name: Words}", "name: Words, tts: true}").replace(
        "    term: Katze", "    term: Katze\n    lang: de"
    )
    facts = facts.replace("[Perser]", "[{text: Perser, lang: fr}, Siamese]")
    write_deck(tmp_path, facts, "cards/words.yaml")
    found = heard(deck, tmp_path)
    assert found["cat/classification/sort.perser", 1, "front"] == ["fr_FR: Perser"]
    assert found["cat/classification/sort.perser", 1, "back"] == ["de_DE: Katze"]
    assert found["cat/classification/sort.siamese", 1, "front"] == ["en_US: Siamese"]


# ---------------------------------------------------------------------- an update


def test_a_changed_recording_reaches_students_and_costs_no_review(deck, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(1)))
    student = Student(tmp_path / "student")
    try:
        student.import_(built(deck))
        for card_id in student.cards():
            student.answer(card_id, GOOD)
        states = student.states()
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(2)))
        write_wav(deck.parent / "media" / "dackel.wav", seconds=2)
        # The list and the classification of this one member.
        assert student.import_(built(deck))["updated"] == 2
        assert student.states() == states
        names = {path.name for path in Path(student.col.media.dir()).glob("*dackel*")}
        assert len(names) == 2
        (card_id,) = student.col.find_cards('note:"Deckbuilder classification" Item:*Dackel*')
        (tag,) = student.col.get_card(card_id).question_av_tags()
        new = Path(student.col.media.dir(), tag.filename)
        assert new.read_bytes() == (deck.parent / "media" / "dackel.wav").read_bytes()
    finally:
        student.close()


def test_a_sound_that_is_added_updates_the_cards_that_play_it_and_no_others(deck, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(1)))
    student = Student(tmp_path / "student")
    try:
        student.import_(built(deck))
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(2)))
        write_deck(
            tmp_path, FACTS.replace("- It runs", "- {text: It runs, audio: media/hears.wav}"), "cards/words.yaml"
        )
        assert student.import_(built(deck))["updated"] == 1
    finally:
        student.close()


# ---------------------------------------------------------------- what is checked


def ogg(*bodies):
    """Pages of an OGG; the first and the last one say so."""
    return b"".join(
        b"OggS\0" + bytes([2 * (number == 1) + 4 * (number == len(bodies))]) + bytes(20) + bytes([1, len(body)]) + body
        for number, body in enumerate(bodies, start=1)
    )


def m4a():
    return (
        struct.pack(">I4s4s", 12, b"ftyp", b"M4A ")
        + struct.pack(">I4s", 12, b"moov")
        + bytes(4)
        + struct.pack(">I4s", 10, b"mdat")
        + bytes(2)
    )


ROOT = Path(__file__).parent.parent
SOUNDS = {
    ".mp3": (ROOT / "examples" / "spanish-verbs" / "ir.mp3").read_bytes(),
    ".ogg": ogg(b"OpusHead", b"words"),
    ".opus": ogg(b"OpusHead", b"words"),
    ".m4a": m4a(),
    ".flac": (ROOT / "tests" / "sounds" / "owl.flac").read_bytes(),
    ".wav": b"RIFF" + struct.pack("<I", 40) + b"WAVEfmt " + bytes(16) + b"\0\0\0\0data" + bytes(8),
}


@pytest.mark.parametrize("ending", FORMS)
def test_every_form_of_sound_is_played_by_the_pages_of_this_computer(ending):
    assert type_of(f"owl{ending}").startswith("audio/")


@pytest.mark.parametrize("ending", SOUNDS)
def test_a_whole_sound_is_known_and_one_that_was_cut_off_is_told(ending):
    data = SOUNDS[ending]
    check_sound(ending, data)
    for length in (len(data) - 2, len(data) // 2, 13):
        with pytest.raises(BrokenFileError, match="is cut off"):
            check_sound(ending, data[:length])
    with pytest.raises(BrokenFileError, match="does not hold a sound in the form"):
        check_sound(ending, b"<html>Not found</html>")


BEHIND = {"the tags of an old player": b"TAG" + bytes(125), "nothing": b"", "zeros": bytes(300)}
BEFORE = {
    "tags": b"ID3\x04\0\0\0\0\0\x05hello",
    # Seven bits of a length stand in each byte; within a picture may stand what looks like a frame.
    "tags with a picture": b"ID3\x04\0\0\0\0\x02\x2c" + bytes(60) + b"\xff\xfb\x90\0" + bytes(236),
    "nothing": b"",
}


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("behind", BEHIND)
def test_what_stands_around_the_frames_of_an_mp3_is_no_part_of_them(before, behind):
    check_sound(".mp3", BEFORE[before] + SOUNDS[".mp3"] + BEHIND[behind])


def test_an_ogg_without_its_last_page_is_cut_off():
    data = SOUNDS[".ogg"]
    with pytest.raises(BrokenFileError, match="is cut off"):
        check_sound(".ogg", data[: data.rindex(b"OggS")])


def test_the_last_box_of_an_m4a_may_go_to_the_end_and_a_long_one_says_its_length_in_eight_bytes():
    head = m4a()[: m4a().index(b"mdat") - 4]
    check_sound(".m4a", head + struct.pack(">I4s", 0, b"mdat") + bytes(50))
    check_sound(".m4a", head + struct.pack(">I4sQ", 1, b"mdat", 66) + bytes(50))
    for broken in (
        head + struct.pack(">I4sQ", 1, b"mdat", 67) + bytes(50),
        m4a().replace(b"moov", b"free"),
    ):
        with pytest.raises(BrokenFileError, match="is cut off"):
            check_sound(".m4a", broken)


def test_an_mp3_is_whole_only_with_its_last_frame():
    """Wherever it breaks off but between two frames: nobody can tell that from a shorter sound."""
    data = SOUNDS[".mp3"]
    between = {frame.start() for frame in re.finditer(rb"\xff\xf3", data)}
    for length in set(range(100, len(data))) - between:
        with pytest.raises(BrokenFileError, match="is cut off"):
            check_sound(".mp3", data[:length])


def test_frames_that_do_not_say_their_length_count_as_whole():
    """An MP3 of a free rate, and a FLAC whose writer did not know its largest frame."""
    check_sound(".mp3", b"\xff\xfb\x00\x64" + bytes(50))
    flac = SOUNDS[".flac"]
    check_sound(".flac", flac[:15] + bytes(3) + flac[18:-1])


def test_the_tags_of_an_old_player_may_stand_behind_a_flac():
    check_sound(".flac", SOUNDS[".flac"] + b"TAG" + bytes(125))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "media/dog.svg",
            "media-broken: 'dog.svg' is no sound that all devices play → save it as MP3, OGG, OPUS, M4A, FLAC or WAV",
        ),
        (
            "words.yaml",
            "media-broken: 'words.yaml' is no sound that all devices play → save it as MP3, OGG, OPUS, M4A,",
        ),
        ("media/none.mp3", "media-missing: there is no file"),
    ],
)
def test_what_is_no_sound_is_told_where_it_is_named(deck, tmp_path, name, told):
    write_deck(tmp_path, FACTS.replace("media/dackel.wav", name), "cards/words.yaml")
    problems = build([deck], tmp_path / "dist").problems
    assert told in f"{problems[0].rule}: {problems[0].message} → {problems[0].fix}"
    assert problems[0].place.line == 21


def test_one_file_cannot_be_shown_and_played(deck, tmp_path):
    write_deck(tmp_path, FACTS.replace("media/dackel.wav", "media/dog.svg"), "cards/words.yaml")
    problems = build([deck], tmp_path / "dist").problems
    assert "'media/dog.svg' is shown as a picture and played as a sound" in [problem.message for problem in problems]


def test_heavy_and_unused_sounds_are_told_by_the_review(deck, tmp_path):
    write_wav(deck.parent / "media" / "hears.wav", seconds=2000)
    write_wav(deck.parent / "media" / "unused.wav")
    found = review([deck], [RULES["media-large"], RULES["media-unused"]], tmp_path / "dist")
    assert [(one.rule, one.message) for one in found] == [
        ("media-unused", "no fact names 'unused.wav'"),
        ("media-large", "'media/hears.wav' has 1.6 MB"),
    ]
