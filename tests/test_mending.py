"""`check --fix`: mechanical slips mended in the author's file, and nothing else in it touched."""

import textwrap

import pytest

from tests.helpers import write_deck

DECK = """\
# My birds, begun in spring.
format: 1
deck: {id: birds, name: Birds}
sources:
  atlas: {title: Atlas of birds}  # the red one
default_source: atlas
concepts:
  owl:
    term:   Owl
    definition: A bird that hunts at night.
"""

MENDED = {
    "a mistyped key": ("    defintion: Hunts.  # short\n", "    definition: Hunts.  # short\n"),
    "a mistyped key in braces": (
        "    questions: [{ask: When?, anwser: At night}]\n",
        "    questions: [{ask: When?, answer: At night}]\n",
    ),
    "a text with a colon": ("    definition: A bird: hunts.\n", '    definition: "A bird: hunts."\n'),
    "a text with a colon and quotes": (
        '    definition: A bird: "hunts".\n',
        "    definition: 'A bird: \"hunts\".'\n",
    ),
    "a text with a colon and an apostrophe and a backslash": (
        "    definition: An owl's bird: $\\alpha$.\n",
        "    definition: 'An owl''s bird: $\\alpha$.'\n",
    ),
    "an entry that begins with a bracket": (
        "    definition: Hunts.\n    statements:\n      - [[Owls]] hunt at night.\n",
        '    definition: Hunts.\n    statements:\n      - "[[Owls]] hunt at night."\n',
    ),
    "a text with a colon in braces": (
        "    definition: {text: A bird: hunts., note: Of the night: at dusk.}\n",
        '    definition: {text: "A bird: hunts.", note: "Of the night: at dusk."}\n',
    ),
    "a formula and a blank in braces": (
        "    statements:\n      - {text: [[Owls]] breathe $\\ce{CO2}$ out., tags: [small, night]}\n",
        "    statements:\n      - {text: '[[Owls]] breathe $\\ce{CO2}$ out.', tags: [small, night]}\n",
    ),
    "a text with commas in braces": (
        "    questions: [{ask: What hunts, when it is dark, and sleeps?, answer: Owls, id: q}]\n",
        '    questions: [{ask: "What hunts, when it is dark, and sleeps?", answer: Owls, id: q}]\n',
    ),
    "readings in brackets": (
        "    examples: [梟[ふくろう]の声, Barn owl, 夜[よる]]\n",
        '    examples: ["梟[ふくろう]の声", Barn owl, "夜[よる]"]\n',
    ),
    "a text in braces within braces": (
        "    definition: {text: Hunts., translations: {de: Jagt: [[nachts]].}}\n",
        '    definition: {text: Hunts., translations: {de: "Jagt: [[nachts]]."}}\n',
    ),
    "a text with a colon in braces within brackets": (
        "    questions: [{ask: Hunter: who?, answer: Owls}, {ask: Who?, answer: All}]\n",
        '    questions: [{ask: "Hunter: who?", answer: Owls}, {ask: Who?, answer: All}]\n',
    ),
    "a missing comma in braces": (
        "    questions: [{ask: 'What hunts?' answer: Owls}]\n",
        "    questions: [{ask: 'What hunts?', answer: Owls}]\n",
    ),
    "a tag with spaces": (
        "    definition: {text: Hunts., tags: [night birds, small]}\n",
        "    definition: {text: Hunts., tags: [night-birds, small]}\n",
    ),
    "a negation that is overlooked": (
        "    questions: [{ask: Which owl does not fly?, answer: None}]\n",
        "    questions: [{ask: Which owl does **not** fly?, answer: None}]\n",
    ),
    "a waiver on a line of its own": (
        "    definition:\n      text: Hunts.\n      allow:\n        yes-no: it had to be\n      note: By ear.\n",
        "    definition:\n      text: Hunts.\n      note: By ear.\n",
    ),
    "one of two waivers": (
        "    definition:\n      text: It hunts.\n      allow:\n        yes-no: none\n        pronoun-start: clear\n",
        "    definition:\n      text: It hunts.\n      allow:\n        pronoun-start: clear\n",
    ),
    "a waiver in braces": (
        "    definition: {text: Hunts., allow: {yes-no: it had to be}, note: By ear.}\n",
        "    definition: {text: Hunts., note: By ear.}\n",
    ),
    "one of two waivers in braces": (
        "    definition: {text: It hunts., allow: {pronoun-start: clear, yes-no: none}}\n",
        "    definition: {text: It hunts., allow: {pronoun-start: clear}}\n",
    ),
}

LEFT = {
    "a key that could be anything": "    colour: grey\n    definition: Hunts.\n",
    "a key whose right form stands there too": "    definition: Hunts.\n    defintion: Hunts again.\n",
    "a reference": "    definition: Hunts.\n    contrasts: [owll]\n",
    "a quote that is never closed": '    definition: "Hunts.\n',
    "a text of two lines with a colon": "    definition: A bird\n      of the night: an owl.\n",
    "a long text that begins beside its sign": "    definition: | Hunts\n      at night.\n",
    "a list in braces that breaks off": "    definition: {text: Hunts., tags: [one, two: three, note: Small}\n",
    "a comment behind a text with a colon": "    definition: A bird: hunts. # really\n",
    "a missing comma between texts without quotes": "    questions: [{ask: What hunts? answer: An owl: by night}]\n",
    "two lines that became one": "    definition: A bird. examples: [Barn owl]\n",
    "a mapping without its brace": "    definition: text: Hunts., note: By ear.}\n",
    "a text that lost the first of its quotes": '    definition: A bird: hunts."\n',
    "a text that lost the first of its quotes, in braces": "    definition: {text: $\\ce{CO2}$', note: By ear.}\n",
    "two answers to one question": (
        "    questions: [{ask: What?, answer: Mice}, {ask: What?, answer: Voles, id: two}]\n"
    ),
    "an answer that is yes": "    questions: [{ask: Does it fly?, answer: 'Yes'}]\n",
}


def deck_with(lines):
    return DECK.replace("    definition: A bird that hunts at night.\n", lines)


@pytest.mark.parametrize(("slip", "better"), MENDED.values(), ids=MENDED)
def test_a_mechanical_slip_is_mended_and_the_rest_of_the_file_stays(run, tmp_path, slip, better):
    file = write_deck(tmp_path, deck_with(slip))
    ran = run("check", file, "--fix")
    assert file.read_text(encoding="utf-8") == deck_with(better)
    assert "mended" in ran.err


@pytest.mark.parametrize("lines", LEFT.values(), ids=LEFT)
def test_what_only_the_author_can_decide_is_left(run, tmp_path, lines):
    file = write_deck(tmp_path, deck_with(lines))
    before, alone = file.read_bytes(), run("check", file)
    assert "[" in alone.err
    assert run("check", file, "--fix") == alone
    assert file.read_bytes() == before


def test_a_first_mistake_that_hides_others_does_not_keep_them(run, tmp_path):
    slips = "    defintion: A bird: it hunts.\n    exmaples: [Barn owl]\n    statements:\n      - [[Owls]] do: hunt.\n"
    file = write_deck(tmp_path, deck_with(slips))
    ran = run("check", file, "--fix")
    assert file.read_text(encoding="utf-8") == deck_with(
        '    definition: "A bird: it hunts."\n    examples: [Barn owl]\n    statements:\n      - "[[Owls]] do: hunt."\n'
    )
    assert ran.err.count(": mended: ") == 4


def test_line_ends_byte_order_mark_and_the_end_of_the_file_stay(run, tmp_path):
    slip = deck_with("    defintion: Hunts.").replace("\n", "\r\n")
    file = tmp_path / "birds.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + slip.encode())
    run("check", file, "--fix")
    assert file.read_bytes() == b"\xef\xbb\xbf" + slip.replace("defintion", "definition").encode()


def test_slips_in_several_files_of_a_deck_are_mended_each_in_its_file(run, tmp_path):
    write_deck(tmp_path, deck_with("    defintion: Hunts.\n"), "birds/deck.yaml")
    other = write_deck(tmp_path, "concepts:\n  hawk: {trem: Hawk, definition: Hunts by day.}\n", "birds/hawk.yaml")
    run("check", tmp_path / "birds", "--fix")
    assert other.read_text(encoding="utf-8") == "concepts:\n  hawk: {term: Hawk, definition: Hunts by day.}\n"
    assert "definition: Hunts." in (tmp_path / "birds" / "deck.yaml").read_text(encoding="utf-8")


def test_reports_for_programs_hold_what_is_left(run, tmp_path):
    file = write_deck(tmp_path, deck_with("    defintion: Hunts.\n    contrasts: [owll]\n"))
    ran = run("check", file, "--fix", "--format", "json")
    assert "'owll'" in ran.out
    assert "defintion" not in ran.out


def test_a_file_that_cannot_be_written_is_told_and_left(run, tmp_path, monkeypatch):
    file = write_deck(tmp_path, deck_with("    defintion: Hunts.\n"))
    before = file.read_bytes()

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    ran = run("check", file, "--fix")
    assert ran.code != 0
    assert "No space left" in ran.err
    assert file.read_bytes() == before


def test_the_same_deck_is_mended_only_once(run, tmp_path):
    file = write_deck(tmp_path, textwrap.dedent(deck_with("    defintion: Hunts.\n")))
    run("check", file, "--fix")
    once = file.read_bytes()
    assert "mended" not in run("check", file, "--fix").err
    assert file.read_bytes() == once
