"""`diff`, `release`, `lock restore` and `build --locked`: what an author is told, and what is left behind."""

import dataclasses
import json
import re
import sqlite3
import zipfile

import pytest

from deckbuilder.changes import Changes, NoteChange, Verdict, compare
from deckbuilder.changes.readable import filled_in, readable
from deckbuilder.changes.words import word_difference
from deckbuilder.lock import parse_lock
from deckbuilder.notetypes import NOTE_TYPES
from deckbuilder.package.read import read_package
from deckbuilder.package.same import same_content
from tests.helpers import files_in, write_deck

EPOCH = 1_800_000_000
DAY = 86_400
FACTS = """\
format: 1
deck:
  id: birds   # never changes
  name: Birds
concepts:
  owl:
    term: Owl
    definition: A bird that hunts at night.
    examples: [Barn owl, Snowy owl]
    statements:
      - {id: eyes, text: "An owl has [[large]] eyes and a [[round]] face."}
    questions:
      - {ask: Why is its flight silent?, answer: Its feathers are soft.}
"""


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH))


@pytest.fixture
def deck(tmp_path):
    """The author's file, to write other words into."""
    file = write_deck(tmp_path / "cards", FACTS)

    def write(old="", new="", facts=None):
        text = file.read_text(encoding="utf-8") if facts is None else facts
        assert facts is not None or text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the facts"
        file.write_text(text.replace(old, new) if old else text, encoding="utf-8")

    write.file = file
    return write


@pytest.fixture
def built(run, deck):
    """The deck, once built."""
    assert run("build").code == 0
    return deck


# --------------------------------------------------------------------- diff


@pytest.mark.usefixtures("built")
def test_diff_of_unchanged_facts_is_safe_and_says_so(run):
    ran = run("diff")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.split("\n") == [
        "Birds",
        "  0 new, 0 changed, 0 withdrawn, 4 unchanged",
        "  Safe: nothing that students have is touched.",
        "",
        "",
    ]


@pytest.mark.usefixtures("deck")
def test_diff_before_the_first_build_is_a_first_release(run):
    ran = run("diff")
    assert ran.code == 0
    assert "A first release: no student has an earlier one." in ran.out
    assert "4 new, 0 changed, 0 withdrawn, 0 unchanged" in ran.out


def test_diff_shows_changed_words_and_leaves_the_others(run, built):
    built("Its feathers are soft.", "Its feathers are soft and fringed.")
    ran = run("diff")
    assert "  changed  birds/owl/question/why-is-its-flight-silent" in ran.out.splitlines()
    assert "    Back: Its feathers are [-soft.-] {+soft and fringed.+}" in ran.out.splitlines()
    assert "0 new, 1 changed, 0 withdrawn, 3 unchanged" in ran.out
    assert "Touches 1 note: what students edited on these is replaced; their reviews stay." in ran.out


def test_diff_shows_blanks_with_their_numbers(run, built):
    built("a [[round]] face", "a [[round]], flat face")
    assert "    Text: An owl has [1: large] eyes and a [2: round] {+, flat+} face." in run("diff").out.splitlines()


def test_diff_names_new_notes_by_what_they_show(run, built):
    built("    questions:\n", "    questions:\n      - {ask: How far can it turn its head?, answer: By 270 degrees.}\n")
    ran = run("diff")
    assert "  new  How far can it turn its head?" in ran.out.splitlines()
    assert "1 new, 0 changed, 0 withdrawn, 4 unchanged" in ran.out
    assert "Safe" in ran.out


def test_diff_names_withdrawn_notes(run, built):
    built("    questions:\n      - {ask: Why is its flight silent?, answer: Its feathers are soft.}\n", "")
    ran = run("diff")
    assert "  withdrawn  Why is its flight silent?" in ran.out.splitlines()
    assert "0 new, 0 changed, 1 withdrawn, 3 unchanged" in ran.out
    assert "Touches 1 note" in ran.out


def test_diff_says_which_numbers_are_new(run, built):
    built("[Barn owl, Snowy owl]", "[Elf owl, Barn owl, Snowy owl]")
    told = run("diff").out.splitlines()
    assert "    new cards: 3" in told
    # The numbers stand in a field of their own, which nobody reads.
    assert [line for line in told if "Key" in line] == []


def test_diff_says_which_cards_lose_their_text_and_how_students_clean_up(run, built):
    built("a [[round]] face", "a face")
    told = "    cards that lose their text: 2 (students remove them with Tools, Empty Cards)"
    assert told in run("diff").out.splitlines()


def test_diff_says_which_tags_come_and_go(run, built):
    built("  name: Birds\n", "  name: Owls\n")
    out = run("diff").out
    assert "    tags added: Owls::owl" in out.splitlines()
    assert "    tags removed: Birds::owl" in out.splitlines()


@pytest.mark.usefixtures("built")
def test_diff_says_when_cards_will_look_different(run, monkeypatch):
    note_type = NOTE_TYPES[0]
    monkeypatch.setitem(vars(note_type), "css", note_type.css + ".card { color: navy; }")
    out = run("diff").out
    assert f"  look  the cards of {note_type.name} look different" in out.splitlines()
    assert out.count("  look  ") == 1


def test_diff_writes_nothing(run, built, tmp_path):
    built("soft.", "very soft.")
    before = files_in(tmp_path)
    for form in ((), ("--json",), ("--markdown",)):
        assert run("diff", *form).code == 0
    assert files_in(tmp_path) == before


def test_diff_tells_problems_and_fails(run, built):
    built("term: Owl", "trem: Owl")
    ran = run("diff")
    assert ran.code == 1
    assert "unknown key 'trem'" in ran.err


def test_diff_refuses_to_guess_until_removals_are_accepted(run, built):
    built("Barn owl", "Elf owl")
    assert run("diff").code == 1
    assert "identity-lost" in run("diff").err
    ran = run("diff", "--accept-removals")
    assert ran.code == 0
    assert "new cards: 3" in ran.out
    assert "cards that lose their text: 1" in ran.out


def test_diff_as_json_holds_everything(run, built):
    built("Its feathers are soft.", "Its feathers are softer.")
    built("a [[round]] face", "a face")
    ran = run("diff", "--json")
    told = json.loads(ran.out)
    assert told["problems"] == []
    (record,) = told["decks"]
    assert record["deck"] == "Birds"
    assert (record["verdict"], record["touched"], record["unchanged"]) == ("touched", 2, 2)
    by_key = {change["key"]: change for change in record["changed"]}
    assert by_key["birds/owl/question/why-is-its-flight-silent"]["fields"] == [
        {"field": "Back", "before": "Its feathers are soft.", "after": "Its feathers are softer."}
    ]
    assert by_key["birds/owl/cloze/eyes"]["gone_cards"] == [2]
    assert (record["new"], record["retired"], record["looks"], record["conflicting"]) == ([], [], [], [])


def test_diff_as_json_tells_problems_too(run, built):
    built("Barn owl", "Elf owl")
    ran = run("diff", "--json")
    assert ran.code == 1
    assert [problem["rule"] for problem in json.loads(ran.out)["problems"]] == ["identity-lost"]


def test_diff_as_markdown_serves_as_release_notes(run, built):
    built("Its feathers are soft.", "Its feathers are *very* soft.")
    built("    questions:\n", "    questions:\n      - {ask: 'Has it [two] ears?', answer: Yes.}\n")
    out = run("diff", "--markdown").out
    assert out.startswith("## Birds\n\nTouches 1 note")
    assert "### New (1)\n\n- Has it \\[two\\] ears?\n" in out
    assert "### Changed (1)\n\n- `birds/owl/question/why-is-its-flight-silent`\n" in out
    assert "  - Back: Its feathers are **very** soft." in out
    assert "Unchanged notes: 3." in out
    assert "### Withdrawn" not in out


def test_diff_as_markdown_keeps_authors_signs_from_acting(run, built):
    built("Its feathers are soft.", "Its feathers are `soft` \\*\\*and\\*\\* \\<b\\>.")
    changed = next(line for line in run("diff", "--markdown").out.splitlines() if line.startswith("  - Back"))
    assert "\\*\\*and\\*\\*" in changed
    assert "\\<b\\>" in changed


@pytest.mark.parametrize(
    ("edit", "level", "code"),
    [
        (("soft.", "softer."), "touched", 1),
        (("soft.", "softer."), "breaking", 0),
        (("[Barn owl, Snowy owl]", "[Barn owl, Snowy owl]"), "touched", 0),
        (("A bird that hunts", "A bird that flies"), None, 0),
    ],
)
def test_diff_fails_on_what_ci_asks_for(run, built, edit, level, code):
    built(*edit)
    assert run("diff", *(("--fail-on", level) if level else ())).code == code


def test_diff_against_a_package_that_students_have(run, built, tmp_path):
    old = (tmp_path / "dist" / "birds.apkg").rename(tmp_path / "version-1.apkg")
    built("Its feathers are soft.", "Its feathers are softer.")
    (tmp_path / "dist" / "birds.apkg").write_bytes(old.read_bytes())
    assert run("build").code == 0
    # What is built is the latest now; students have version 1.
    assert "0 changed" in run("diff").out
    assert "1 changed" in run("diff", "--against", old).out


@pytest.mark.usefixtures("built")
def test_diff_against_the_package_of_another_deck_calls_all_notes_new(run, tmp_path):
    write_deck(tmp_path / "other", FACTS.replace("id: birds", "id: owls"), "owls.yaml")
    assert run("build", "other", "-o", "other-dist").code == 0
    assert "4 new, 0 changed" in run("diff", "--against", "other-dist/owls.apkg").out


@pytest.mark.usefixtures("built")
def test_diff_against_something_else_is_told_and_fails(run, tmp_path):
    (tmp_path / "notes.apkg").write_bytes(b"no package")
    ran = run("diff", "--against", "notes.apkg")
    assert ran.code == 1
    assert "package-unreadable" in ran.err
    assert run("diff", "--against", "nowhere.apkg").code == 2


@pytest.mark.usefixtures("built")
def test_diff_of_two_decks_tells_both(run, tmp_path):
    write_deck(
        tmp_path / "cards", FACTS.replace("id: birds", "id: owls").replace("name: Birds", "name: Owls"), "owls.yaml"
    )
    out = run("diff").out
    assert "Birds\n" in out
    assert "Owls\n" in out
    assert "A first release" in out


@pytest.mark.usefixtures("built")
def test_diff_of_two_decks_against_one_package_is_refused(run, tmp_path):
    write_deck(tmp_path / "cards", FACTS.replace("id: birds", "id: owls"), "owls.yaml")
    ran = run("diff", "--against", "dist/birds.apkg")
    assert ran.code == 1
    assert "name one deck" in ran.err
    assert run("diff", "cards/birds.yaml", "--against", "dist/birds.apkg").code == 0


# ------------------------------------------------------------- verdicts


def test_verdict_is_safe_touched_or_breaking():
    assert Changes("Birds", new=(("k", "New"),), unchanged=1).verdict is Verdict.SAFE
    assert Changes("Birds", retired=(("k", "Old"),)).verdict is Verdict.TOUCHED
    assert Changes("Birds", changed=(NoteChange("k", ()),)).verdict is Verdict.TOUCHED
    assert Changes("Birds", conflicting=("why",)).verdict is Verdict.BREAKING


def shipped_and_notes(tmp_path):
    from deckbuilder.plan import plan  # noqa: PLC0415 - beside its only use

    (one,) = plan([tmp_path / "cards"], tmp_path / "dist").plans
    return read_package(tmp_path / "dist" / "birds.apkg")[0], one.notes


@pytest.mark.usefixtures("built")
def test_other_fields_of_a_note_type_are_breaking(tmp_path):
    before, notes = shipped_and_notes(tmp_path)
    types = tuple(dataclasses.replace(t, field_ids=t.field_ids[:-1]) for t in before.types)
    changes = compare("Birds", dataclasses.replace(before, types=types), notes, ())
    assert changes.verdict is Verdict.BREAKING
    assert any("has other fields or templates" in reason for reason in changes.conflicting)


@pytest.mark.usefixtures("built")
def test_another_note_type_for_a_known_note_is_breaking(tmp_path):
    before, notes = shipped_and_notes(tmp_path)
    moved = tuple(dataclasses.replace(note, type_id=1) for note in before.notes)
    changes = compare("Birds", dataclasses.replace(before, notes=moved), notes, ())
    assert changes.verdict is Verdict.BREAKING
    assert sum("changes its note type" in reason for reason in changes.conflicting) == len(notes)


def test_swapped_numbers_are_breaking(run, built, tmp_path):
    """Should the lock ever fail, the difference to what students have still tells."""
    package = (tmp_path / "dist" / "birds.apkg").rename(tmp_path / "version-1.apkg")
    (tmp_path / "cards" / "birds.lock").unlink()
    built("[[large]] eyes and a [[round]] face", "round face ([[round]]) and [[large]] eyes")
    ran = run("diff", "--against", package, "--fail-on", "breaking")
    assert ran.code == 1
    assert "conflict  birds/owl/cloze/eyes: number 1 now hides what another number hid" in ran.out
    assert "Breaking: students may lose history or updates." in ran.out


@pytest.fixture
def taken_back(run, deck, tmp_path, monkeypatch):
    """A release whose facts and lock were taken back together, as `git revert` does it."""
    lock = tmp_path / "cards" / "birds.lock"
    assert run("release").code == 0
    first = deck.file.read_text(encoding="utf-8"), lock.read_text(encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + 86400))
    deck("Its feathers are soft.", "Its feathers are hard.")
    deck("[Barn owl, Snowy owl]", "[Barn owl, Snowy owl, Screech owl]")
    assert run("release").code == 0
    second = lock.read_text(encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + 172800))
    deck(facts=first[0])
    lock.write_text(first[1], encoding="utf-8")
    return lock, second


@pytest.mark.usefixtures("taken_back")
def test_a_lock_that_was_taken_back_with_its_facts_is_told_before_a_release(run):
    ran = run("diff", "--fail-on", "breaking")
    assert ran.code == 1
    assert "why-is-its-flight-silent: students have a newer version of it, and Anki would not update that" in ran.out


def test_no_release_is_made_with_a_lock_from_before_the_last_one(run, taken_back):
    ran = run("release")
    assert ran.code == 1
    assert "birds.lock: error: the lock is older than the last release: it does not know 2 of the notes" in ran.err
    lock, second = taken_back
    # What the message says brings the correction to the students.
    lock.write_text(second, encoding="utf-8")
    assert run("build", "--accept-removals").code == 0
    ran = run("release")
    assert ran.code == 0, ran.err
    assert "Breaking" not in ran.out


def test_a_fact_that_is_only_called_otherwise_is_no_newer_version(run, deck):
    """Its name is written into the note, which no student reads: it needs no new time of change."""
    assert run("release").code == 0
    deck("id: eyes", "id: sight, formerly: [eyes]")
    assert "Safe" in run("diff").out
    assert run("release").code == 0


def test_repeated_answer_is_no_swap(run, built):
    built('"An owl has [[large]] eyes', '"An owl has large ears, [[large]] eyes')
    assert run("diff", "--fail-on", "breaking").code == 0


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        ("a b c", "a b c", [("same", "a b c")]),
        ("a b c", "a x c", [("same", "a"), ("removed", "b"), ("added", "x"), ("same", "c")]),
        ("", "a b", [("added", "a b")]),
        ("a b", "", [("removed", "a b")]),
        ("b c", "a b c", [("added", "a"), ("same", "b c")]),
    ],
)
def test_difference_is_told_in_runs_of_words(before, after, difference):
    assert list(word_difference(before, after)) == difference


@pytest.mark.parametrize(
    ("html", "shown", "filled"),
    [
        ("An {{c1::owl}} {{c2::flies::moves}}", "An [1: owl] [2: flies (moves)]", "An owl flies"),
        ("{{c1::an {{c2::owl::bird}} flies}} far", "[1: an [2: owl (bird)] flies] far", "an owl flies far"),
        ("{{c1,3::both}} {{c2::not closed", "[1,3: both] {{c2::not closed", "both {{c2::not closed"),
    ],
)
def test_blanks_of_anki_are_shown_with_their_numbers_or_filled_in(html, shown, filled):
    assert (readable(html), filled_in(html)) == (shown, filled)


def test_the_difference_of_a_very_long_text_is_told_at_once():
    row = "0.5 " * 100_000
    told = list(word_difference(f"A table: {row} end", f"The table: {row} last end"))
    assert [change for change, _ in told] == ["removed", "added", "same", "added", "same"]
    assert [words for change, words in told if change != "same"] == ["A", "The", "last"]
    assert [change for change, _ in word_difference(row, row.replace("5", "6"))] == ["removed", "added"]


def test_a_long_text_in_which_much_changed_still_shows_what_stayed():
    before = [f"word{number}" for number in range(3000)]
    after = ["first", *before[:1000], "between", *before[1001:], "last"]
    told = list(word_difference(" ".join(before), " ".join(after)))
    assert [words for change, words in told if change == "added"] == ["first", "between", "last"]
    assert [words for change, words in told if change == "removed"] == ["word1000"]


# --------------------------------------------------------------------- release


def changelog(tmp_path):
    return (tmp_path / "cards" / "birds.changelog.md").read_text(encoding="utf-8")


@pytest.mark.usefixtures("deck")
def test_first_release_is_1_0_and_says_what_to_publish(run, tmp_path):
    ran = run("release")
    assert ran.code == 0
    assert ran.out.startswith("Birds 1.0\n  A first release: no student has an earlier one.\n")
    assert "dist/birds.apkg  for everybody" in ran.out
    for way in ("AnkiWeb: ", "GitHub: ", "A class's website: "):
        assert way in ran.out
    assert "tag v1.0" in ran.out
    assert "update" not in ran.out
    assert changelog(tmp_path) == "# Changes of Birds\n\n## 1.0 (2027-01-15)\n\nFirst release, with 4 notes.\n"


def test_version_is_inserted_with_one_line_and_everything_else_stays(run, deck):
    assert run("release").code == 0
    assert deck.file.read_text(encoding="utf-8") == FACTS.replace(
        "  id: birds   # never changes\n", '  id: birds   # never changes\n  version: "1.0"\n'
    )


@pytest.mark.parametrize(
    "heading",
    [
        "deck: {id: birds, name: Birds}\n",
        "deck: {name: Birds, id: birds}\n",
        "deck:\n  {id: birds,\n   name: Birds}\n",
        "deck:\n    name: Birds\n    id: birds\n",
        'deck:\n  "id": birds\n  name: Birds\n',
        "deck:\n  name: Birds\n  id:\n    birds\n",
        "deck:\n  id: birds\n  name: Birds\n  description: |\n    version: 7.0\n",
        "deck: {id: birds, name: Birds, version: 0.9}\n",
        "deck: {version: 0.9, id: birds, name: Birds}  # all of it\n",
        "deck:\n  version: 0.9  # counted by hand\n  id: birds\n  name: Birds\n",
        "deck:\n  version: '0.9'\n  id: birds\n  name: Birds\n",
        'deck:\n  id: birds\n  name: Birds\n  "version": "0.9"\n',
        "deck:\n  id: birds\n  name: Birds\n  version:\n    0.9\n",
    ],
)
def test_version_is_written_into_headings_of_every_shape(run, deck, heading):
    before = FACTS.replace("deck:\n  id: birds   # never changes\n  name: Birds\n", f"# our deck\n{heading}")
    deck(facts=before)
    ran = run("release", "--version", "1.0")
    assert (ran.code, ran.err) == (0, "")
    after = deck.file.read_text(encoding="utf-8")
    assert re.search(r"""version['"]?:\s+['"]?1\.0['"]?""", after)
    gone = [line for line in before.splitlines() if line not in after.splitlines()]
    assert len(gone) <= 1
    assert run("build", "--locked").code == 0


def test_version_is_inserted_even_at_the_end_of_a_file_without_a_line_end(run, deck):
    deck(facts=f"format: 1\n{FACTS[FACTS.index('concepts:') :]}deck:\n  name: Birds\n  id: birds")
    assert run("release").code == 0
    assert deck.file.read_text(encoding="utf-8").endswith('  id: birds\n  version: "1.0"\n')


@pytest.mark.parametrize("version", ["", "  version: 0.9   # by hand\n"])
def test_windows_line_ends_and_byte_order_mark_stay(run, deck, version):
    facts = "\ufeff" + FACTS.replace("  name: Birds\n", "  name: Bïrds\n" + version)
    deck.file.write_bytes(facts.replace("\n", "\r\n").encode())
    assert run("release", "--version", "1.0").code == 0
    data = deck.file.read_bytes().decode()
    assert data.startswith("\ufeffformat: 1\r\n")
    assert data.count("\r\n") == data.count("\n") == facts.count("\n") + (not version)
    assert data.count('version: "1.0"') == 1
    assert ("# by hand" in data) == bool(version)


def test_version_goes_into_the_heading_of_a_folder(run, tmp_path):
    heading, concepts = FACTS.split("concepts:\n")
    write_deck(tmp_path / "cards" / "birds", heading, "deck.yaml")
    write_deck(tmp_path / "cards" / "birds", "concepts:\n" + concepts, "owls.yaml")
    assert run("release", "cards/birds").code == 0
    assert 'version: "1.0"' in (tmp_path / "cards" / "birds" / "deck.yaml").read_text(encoding="utf-8")
    assert (tmp_path / "cards" / "birds" / "owls.yaml").read_text(encoding="utf-8") == "concepts:\n" + concepts


@pytest.mark.usefixtures("deck")
def test_version_and_date_appear_in_the_description(run, tmp_path):
    assert run("release", "--version", "1.4").code == 0
    assert "Version 1.4 (2027-01-15)" in read_package(tmp_path / "dist" / "birds.apkg")[0].description


def test_next_release_counts_the_version_up_and_tells_what_changed(run, deck, tmp_path, monkeypatch):
    assert run("release").code == 0
    deck("Its feathers are soft.", "Its feathers are softer.")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + DAY))
    ran = run("release")
    assert ran.code == 0
    assert ran.out.startswith("Birds 1.1\n  Touches 1 note")
    assert 'version: "1.1"' in deck.file.read_text(encoding="utf-8")
    text = changelog(tmp_path)
    assert re.findall(r"(?m)^## (.*)$", text) == ["1.1 (2027-01-16)", "1.0 (2027-01-15)"]
    assert "Its feathers are ~~soft.~~ **softer.**" in text
    assert "First release, with 4 notes." in text


def test_own_version_is_counted_from(run, deck):
    deck("  name: Birds\n", "  name: Birds\n  version: 2.9\n")
    assert run("release").out.startswith("Birds 2.9\n")
    deck("soft.", "softer.")
    assert run("release").out.startswith("Birds 2.10\n")


def test_release_is_compared_with_the_last_release_and_not_with_builds_between(run, deck, tmp_path):
    assert run("release").code == 0
    deck("soft.", "softer.")
    assert run("build").code == 0
    deck("softer.", "softest.")
    assert run("build").code == 0
    assert "soft." in run("diff").out
    assert run("release").code == 0
    assert "~~soft.~~ **softest.**" in changelog(tmp_path)


def test_released_package_is_kept_for_the_next_comparison(run, deck, tmp_path):
    assert run("release").code == 0
    kept = tmp_path / "dist" / "released" / "birds.apkg"
    assert kept.read_bytes() == (tmp_path / "dist" / "birds.apkg").read_bytes()
    first = kept.read_bytes()
    deck("soft.", "softer.")
    assert run("build").code == 0
    assert kept.read_bytes() == first


@pytest.mark.usefixtures("deck")
def test_released_deck_passes_build_locked(run):
    assert run("release").code == 0
    assert run("build", "--locked").code == 0


def test_same_release_twice_keeps_what_the_changelog_says(run, deck, tmp_path, monkeypatch):
    assert run("release").code == 0
    deck("soft.", "softer.")
    assert run("release", "--version", "1.1").code == 0
    first = changelog(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + DAY))
    assert run("release", "--version", "1.1").code == 0
    second = changelog(tmp_path)
    assert re.findall(r"(?m)^## (\S+)", second) == ["1.1", "1.0"]
    assert "~~soft.~~ **softer.**" in first
    assert "~~soft.~~ **softer.**" in second


def test_release_made_again_with_more_changes_tells_all_of_them(run, deck, tmp_path):
    """The package of 1.1 was bad and nobody got it: 1.1 is made again."""
    assert run("release").code == 0
    deck("soft.", "softer.")
    assert run("release", "--version", "1.1").code == 0
    deck("hunts at night", "hunts by night")
    assert run("release", "--version", "1.1").code == 0
    text = changelog(tmp_path)
    assert re.findall(r"(?m)^## (\S+)", text) == ["1.1", "1.0"]
    assert "**softer.**" in text
    assert "**by**" in text


def test_authors_own_words_in_the_changelog_stay(run, deck, tmp_path):
    assert run("release").code == 0
    file = tmp_path / "cards" / "birds.changelog.md"
    file.write_text(changelog(tmp_path).replace("First release", "Thanks to all!\n\nFirst release"), encoding="utf-8")
    deck("soft.", "softer.")
    assert run("release").code == 0
    assert "Thanks to all!" in changelog(tmp_path)


def test_release_with_withdrawn_notes_names_both_packages(run, deck, tmp_path):
    assert run("release").code == 0
    deck("    questions:\n      - {ask: Why is its flight silent?, answer: Its feathers are soft.}\n", "")
    ran = run("release")
    assert ran.code == 0
    assert "dist/birds-update.apkg  for students who have an earlier version" in ran.out
    assert (tmp_path / "dist" / "birds-update.apkg").exists()
    assert "### Withdrawn (1)\n\n- Why is its flight silent?" in changelog(tmp_path)


@pytest.mark.parametrize("version", ["1", "v1.0", "1.0-beta", "one", "1.0.0.0", "1.x", ""])
@pytest.mark.usefixtures("deck")
def test_version_that_is_none_is_refused(run, tmp_path, version):
    before = files_in(tmp_path)
    ran = run("release", "--version", version)
    assert ran.code == 2
    assert "1.4" in ran.err
    assert files_in(tmp_path) == before


@pytest.mark.parametrize("version", ["1.4", "0.1", "10.20", "1.4.2"])
@pytest.mark.usefixtures("deck")
def test_version_of_the_author_is_taken(run, version):
    assert run("release", "--version", version).out.startswith(f"Birds {version}\n")


def test_three_part_version_can_be_counted_up(run, deck):
    assert run("release", "--version", "1.4.2").code == 0
    deck("soft.", "softer.")
    assert run("release").out.startswith("Birds 1.5\n")


@pytest.mark.usefixtures("deck")
def test_a_release_by_which_students_may_lose_something_counts_the_first_place(run, tmp_path):
    """Somebody swapped two numbers in the lock, and their histories would go to each other's answers."""
    assert run("release").code == 0
    lock = tmp_path / "cards" / "birds.lock"
    text = lock.read_text(encoding="utf-8")
    assert "1=large 2=round" in text
    lock.write_text(text.replace("1=large 2=round", "1=round 2=large"), encoding="utf-8")
    assert run("release").out.startswith("Birds 2.0\n  Breaking: students may lose history or updates.\n")


def test_a_version_that_stands_in_no_sure_place_is_left_to_the_author(run, deck):
    facts = FACTS.replace("  name: Birds\n", "  name: Birds\n  version: >-\n    0.9\n")
    deck(facts=facts)
    ran = run("release", "--version", "1.0")
    assert ran.code == 1
    assert 'write it into the heading yourself: version: "1.0"' in ran.err
    assert deck.file.read_text(encoding="utf-8") == facts


def test_problems_in_the_facts_release_nothing(run, built, tmp_path):
    built("Barn owl", "Elf owl")
    before = files_in(tmp_path)
    ran = run("release")
    assert ran.code == 1
    assert "identity-lost" in ran.err
    assert "Nothing was released." in ran.err
    assert files_in(tmp_path) == before


@pytest.mark.usefixtures("built")
def test_release_of_several_decks_is_refused(run, tmp_path):
    write_deck(tmp_path / "cards", FACTS.replace("id: birds", "id: owls"), "owls.yaml")
    before = files_in(tmp_path)
    ran = run("release")
    assert ran.code == 1
    assert "a release is of one deck" in ran.err
    assert files_in(tmp_path) == before


def damaged(data, change="UPDATE notes SET flds = replace(flds, 'soft', 'hard')"):
    """A package in which one note has another word, or whatever else is changed."""
    from io import BytesIO  # noqa: PLC0415 - beside its only use

    with zipfile.ZipFile(BytesIO(data)) as archive:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(archive.read("collection.anki2"))
    connection.execute(change)
    connection.commit()
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("collection.anki2", connection.serialize())
        archive.writestr("media", "{}")
    connection.close()
    return content.getvalue()


@pytest.mark.parametrize("broken", [damaged, lambda data: data[: len(data) // 2], lambda _data: b""])
def test_package_that_does_not_hold_its_notes_is_not_released(run, deck, tmp_path, monkeypatch, broken):
    from deckbuilder.package import write  # noqa: PLC0415 - beside its only use

    parts = write.package_parts
    monkeypatch.setattr(write, "package_parts", lambda *arguments: lambda: [broken(b"".join(parts(*arguments)()))])
    before = deck.file.read_bytes()
    ran = run("release")
    assert ran.code == 1
    assert "package-wrong" in ran.err or "package-unreadable" in ran.err
    assert "Nothing was released." in ran.err
    assert not (tmp_path / "cards" / "birds.changelog.md").exists()
    assert not (tmp_path / "dist" / "released").exists()
    assert deck.file.read_bytes() == before


@pytest.mark.usefixtures("deck")
def test_release_leaves_no_temporary_file(run, tmp_path):
    assert run("release").code == 0
    assert sorted(files_in(tmp_path)) == [
        "cards/birds.changelog.md",
        "cards/birds.lock",
        "cards/birds.yaml",
        "dist/birds.apkg",
        "dist/released/birds.apkg",
    ]


# --------------------------------------------------------------------- lock restore


@pytest.mark.usefixtures("built")
def test_lost_lock_is_an_error_that_names_the_way_out(run, tmp_path):
    (tmp_path / "cards" / "birds.lock").unlink()
    ran = run("build")
    assert ran.code == 1
    assert "lock-missing" in ran.err
    assert "deckbuilder lock restore dist/birds.apkg -o cards" in ran.err
    assert not (tmp_path / "cards" / "birds.lock").exists()


@pytest.mark.usefixtures("deck")
def test_a_released_package_is_one_that_students_have_even_if_the_others_are_deleted(run, tmp_path):
    assert run("release", "cards/birds.yaml").code == 0
    (tmp_path / "cards" / "birds.lock").unlink()
    (tmp_path / "dist" / "birds.apkg").unlink()
    assert "deckbuilder lock restore dist/released/birds.apkg -o cards" in run("build").err


@pytest.mark.usefixtures("built")
def test_lock_is_restored_from_the_package(run, tmp_path, monkeypatch):
    file = tmp_path / "cards" / "birds.lock"
    before = file.read_bytes()
    file.unlink()
    ran = run("lock", "restore", "dist/birds.apkg")
    assert ran.code == 0
    assert "Wrote cards/birds.lock with 4 notes." in ran.out
    assert file.read_bytes() == before
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + DAY))
    assert run("build", "--locked").code == 0


def test_restored_lock_knows_numbers_that_are_used_up(run, built, tmp_path):
    built("a [[round]] face", "a face")
    assert run("build").code == 0
    file = tmp_path / "cards" / "birds.lock"
    before = file.read_bytes()
    file.unlink()
    assert run("lock", "restore", "dist/birds.apkg").code == 0
    assert file.read_bytes() == before
    built("a face", "a [[feathered]] face")
    assert run("build").code == 0
    text = read_package(tmp_path / "dist" / "birds.apkg")[0].notes
    assert any("{{c3::feathered}}" in note.row[0] for note in text)


RETIRED = """\
retired:
  - {key: birds/owl/question/why-is-its-flight-silent, why: It was too easy., instead: The page on feathers.}
concepts:
"""


@pytest.mark.parametrize("reason", ["", RETIRED])
def test_lock_restored_from_the_update_package_knows_what_was_withdrawn(run, built, tmp_path, monkeypatch, reason):
    built("    questions:\n      - {ask: Why is its flight silent?, answer: Its feathers are soft.}\n", "")
    if reason:
        built("concepts:\n", reason)
    assert run("build").code == 0
    before = files_in(tmp_path / "dist")
    (tmp_path / "cards" / "birds.lock").unlink()
    assert run("lock", "restore", "dist/birds-update.apkg").code == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + DAY))
    assert run("build").code == 0
    assert files_in(tmp_path / "dist") == before


def test_lock_is_restored_after_the_deck_and_a_fact_were_renamed(run, built, tmp_path):
    """Notes that were withdrawn under the deck's old id are of the same deck."""
    built("    questions:\n      - {ask: Why is its flight silent?, answer: Its feathers are soft.}\n", "")
    assert run("build").code == 0
    built("id: birds ", "id: owls\n  formerly: [birds] ")
    (tmp_path / "cards" / "birds.lock").rename(tmp_path / "cards" / "owls.lock")
    for package in (tmp_path / "dist").iterdir():
        package.rename(package.with_name(package.name.replace("birds", "owls")))
    assert run("build").code == 0
    before = files_in(tmp_path / "dist")
    (tmp_path / "cards" / "owls.lock").unlink()
    ran = run("lock", "restore", "dist/owls-update.apkg")
    assert (ran.code, ran.err) == (0, "")
    assert run("build").code == 0
    assert files_in(tmp_path / "dist") == before


@pytest.mark.usefixtures("built")
def test_existing_lock_is_not_overwritten(run, tmp_path):
    before = files_in(tmp_path)
    ran = run("lock", "restore", "dist/birds.apkg")
    assert ran.code == 2
    assert "cards/birds.lock exists" in ran.err
    assert files_in(tmp_path) == before


def test_lock_is_not_made_from_a_package_of_others(run, tmp_path):
    import genanki  # noqa: PLC0415 - beside its only use

    foreign = genanki.Deck(1, "Other")
    foreign.add_note(genanki.Note(genanki.BASIC_MODEL, ["front", "back"]))
    genanki.Package(foreign).write_to_file(tmp_path / "other.apkg")
    ran = run("lock", "restore", "other.apkg")
    assert ran.code == 1
    assert "was not written by this program" in ran.err
    assert not (tmp_path / "cards").exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("flds = replace(flds, 'birds/owl/definition', 'birds/owl/list/examples')", "two notes carry the identity"),
        ("flds = replace(flds, 'birds/owl/definition', 'owls/owl/definition')", "belong to no deck, or to several"),
        ("flds = replace(flds, 'birds/owl/definition', 'birds/owl')", "a note carries no identity"),
        ("flds = 'Owl' || char(31) || 'A bird'", "error: the note"),
    ],
)
@pytest.mark.usefixtures("built")
def test_lock_is_not_made_from_a_package_in_which_notes_lost_their_identity(run, tmp_path, change, told):
    package, lock = tmp_path / "dist" / "birds.apkg", tmp_path / "cards" / "birds.lock"
    package.write_bytes(damaged(package.read_bytes(), f"UPDATE notes SET {change}"))  # noqa: S608 - of this page
    lock.unlink()
    ran = run("lock", "restore", "dist/birds.apkg")
    assert ran.code == 1
    assert told in ran.err
    assert not lock.exists()


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_lock_is_not_made_from_something_else(run, tmp_path, data):
    (tmp_path / "broken.apkg").write_bytes(data)
    ran = run("lock", "restore", "broken.apkg")
    assert ran.code == 1
    assert "package-unreadable" in ran.err
    assert not (tmp_path / "cards").exists()


# ------------------------------------------------------------- merges


def conflict(ours, theirs):
    return f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> branch\n"


@pytest.mark.usefixtures("built")
def test_merge_conflict_in_the_lock_says_how_to_repair_it(run, tmp_path):
    file = tmp_path / "cards" / "birds.lock"
    *head, last = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(head) + conflict(last, last), encoding="utf-8")
    ran = run("build")
    assert ran.code == 1
    assert "lock-conflict" in ran.err
    assert "keep the lines of both sides" in ran.err


def test_conflict_is_repaired_by_keeping_both_sides(run, built, tmp_path, monkeypatch):
    """Two branches reword the same answer on two days."""
    file, states = tmp_path / "cards" / "birds.lock", []
    base = file.read_bytes()
    for days, words in ((1, "softer."), (2, "very soft.")):
        file.write_bytes(base)
        built(facts=FACTS.replace("soft.", words))
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + days * DAY))
        assert run("build").code == 0
        states.append(file.read_text(encoding="utf-8").splitlines(keepends=True))
    ours, theirs = states
    both = "".join(dict.fromkeys([*ours, *theirs]))
    file.write_text(both, encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + 3 * DAY))
    built(facts=FACTS.replace("soft.", "merged."))
    assert run("build").code == 0
    lock, _ = parse_lock(file.read_text(encoding="utf-8"), file)
    assert lock.entries["birds/owl/question/why-is-its-flight-silent"].mod == EPOCH + 3 * DAY
    assert sorted(lock.entries) == sorted({line.split("\t")[1] for line in ours if line.startswith("note")})


def test_two_branches_that_gave_one_number_to_two_facts_are_told(run, built, tmp_path):
    file, states = tmp_path / "cards" / "birds.lock", []
    base = file.read_bytes()
    for owl in ("Elf owl", "Eagle owl"):
        file.write_bytes(base)
        built(facts=FACTS.replace("[Barn owl, Snowy owl]", f"[Barn owl, Snowy owl, {owl}]"))
        assert run("build").code == 0
        states += file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(dict.fromkeys(states)), encoding="utf-8")
    ran = run("build")
    assert ran.code == 1
    assert "lock-conflict" in ran.err
    assert "keep the line of the branch that students have" in ran.err
    # As told: students have the first branch, and the facts of both are kept.
    built(facts=FACTS.replace("[Barn owl, Snowy owl]", "[Barn owl, Snowy owl, Elf owl, Eagle owl]"))
    file.write_text("".join(states[: len(states) // 2]), encoding="utf-8")
    assert run("build").code == 0
    lock, _ = parse_lock(file.read_text(encoding="utf-8"), file)
    numbers = lock.entries["birds/owl/list/examples"].numbers
    assert numbers == {1: "barn-owl", 2: "snowy-owl", 3: "elf-owl", 4: "eagle-owl"}


# --------------------------------------------------------------------- build --locked


@pytest.mark.usefixtures("built")
def test_locked_build_of_a_built_deck_succeeds_and_writes_nothing(run, tmp_path, monkeypatch):
    before = files_in(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + DAY))
    assert run("build", "--locked").code == 0
    assert files_in(tmp_path) == before


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (("soft.", "softer."), ["birds.apkg: error: would change", "birds.lock: error: would change"]),
        (("name: Birds\n", "name: Birds\n  description: All of them.\n"), ["birds.apkg: error: would change"]),
        (
            ("[Barn owl, Snowy owl]", "[Barn owl]"),
            ["birds.apkg: error: would change", "birds.lock: error: would change"],
        ),
    ],
)
def test_locked_build_fails_if_anything_would_change(run, built, tmp_path, edit, told):
    built(*edit)
    before = files_in(tmp_path)
    ran = run("build", "--locked")
    assert ran.code == 1
    assert all(one in ran.err for one in told)
    assert ran.err.count("not-locked") == len(told)
    assert files_in(tmp_path) == before


@pytest.mark.usefixtures("deck")
def test_locked_build_fails_where_nothing_was_built(run, tmp_path):
    before = files_in(tmp_path)
    ran = run("build", "--locked")
    assert ran.code == 1
    assert ran.err.count("would be made") == 2
    assert files_in(tmp_path) == before


def test_locked_build_knows_the_update_package(run, built, tmp_path):
    built("    questions:\n      - {ask: Why is its flight silent?, answer: Its feathers are soft.}\n", "")
    assert run("build").code == 0
    assert run("build", "--locked").code == 0
    (tmp_path / "dist" / "birds-update.apkg").unlink()
    ran = run("build", "--locked")
    assert ran.code == 1
    assert "birds-update.apkg: error: would be made" in ran.err


def test_update_package_goes_when_nothing_is_withdrawn_any_more(run, built, tmp_path):
    question = "    questions:\n      - {ask: Why is its flight silent?, answer: Its feathers are soft.}\n"
    built(question, "")
    assert run("build").code == 0
    built('face."}\n', f'face."}}\n{question}')
    assert "birds-update.apkg: error: would be removed" in run("build", "--locked").err
    assert run("build").code == 0
    assert not (tmp_path / "dist" / "birds-update.apkg").exists()
    assert run("build", "--locked").code == 0


@pytest.mark.usefixtures("built")
def test_package_that_was_compressed_otherwise_counts_as_the_same(run, tmp_path):
    """Zlib differs between machines; what is in the package does not."""
    package = tmp_path / "dist" / "birds.apkg"
    before = package.read_bytes()
    with zipfile.ZipFile(package) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    assert package.read_bytes() != before
    assert run("build", "--locked").code == 0


def test_package_with_other_contents_is_another():
    assert not same_content(b"one", b"two")
    assert same_content(b"one", b"one")


def test_retired_entry_of_a_note_that_returned_under_a_former_name_is_told_at_once(run, built):
    """A build that is accepted must be accepted again."""
    built("    questions:\n      - {ask: Why is its flight silent?, answer: Its feathers are soft.}\n", "")
    assert run("build").code == 0
    built("concepts:\n", RETIRED)
    built(
        "    statements:\n",
        "    questions:\n      - {id: silence, formerly: why-is-its-flight-silent, ask: Why?, answer: Soft.}\n"
        "    statements:\n",
    )
    first = run("build").code
    assert run("build").code == first
