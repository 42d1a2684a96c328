"""Foreign note types as Anki itself treats them: which cards a note has, how they look, and notes full of oddities."""

import random
import re

import pytest

from deckbuilder.notetypes import cards_of, carried_type
from deckbuilder.preview.render import render
from tests.anki_helpers import visible_lines
from tests.shared_decks import Author, anatomy, png
from tests.students import GOOD, Student

FRONTS = [
    "{{A}}",
    "{{#B}}{{A}}{{/B}}",
    "{{^B}}{{A}}{{/B}}",
    "{{#B}}only words{{/B}}{{C}}",
    "{{text:A}}{{hint:B}}",
    "{{type:A}}",
    "{{^B}}{{#C}}{{A}}{{/C}}{{/B}}",
    "{{^B}}x{{/B}}{{ C }}",
    "{{cloze:A}}",
    "{{A}}{{Tags}}",
]
FIELDS = [
    ("a", "", ""),
    ("a", "b", ""),
    ("", "b", "c"),
    ("a", "<br>", "<div></div>"),
    ("a", "&nbsp;", "<p></p>"),
    ("{{c1::x}}", " ", "<img src=x>"),
]
CLOZES = [
    ("{{c1::a}} {{c3::b::h}}", ""),
    ("{{c1::outer {{c2::inner}}}}", ""),
    ("{{c1,4::two}}", ""),
    ("{{c1::a}}", "{{c2::in another field}}"),
    ("none", "{{c2::x}}"),
    ("{{c1::}} {{c2::never closed", ""),
    ("{{C1::a}} {{c 2::b}}{{c3::x\ny}}", ""),
    ("{{c0::a}}{{c7::b}}", ""),
]


@pytest.fixture(scope="module")
def author(tmp_path_factory):
    one = Author(tmp_path_factory.mktemp("author"))
    yield one
    one.close()


@pytest.mark.parametrize("front", FRONTS)
def test_a_note_has_the_cards_that_anki_makes(author, front):
    name = f"type of {front}"
    author.note_type(name, ["A", "B", "C"], [("always", "{{A}}{{B}}{{C}}", "x"), ("asked", front, "x")])
    note_type = carried_type(author.col.models.by_name(name))
    for fields in FIELDS:
        note = author.col.get_note(author.add("Deck", name, *fields))
        assert cards_of(note_type, fields) == tuple(card.ord for card in note.cards()), (front, fields)


@pytest.mark.parametrize("fields", CLOZES)
def test_a_cloze_note_has_the_cards_that_anki_makes(author, fields):
    note_type = carried_type(author.col.models.by_name("Cloze"))
    note = author.col.get_note(author.add("Deck", "Cloze", *fields))
    assert cards_of(note_type, fields) == tuple(card.ord for card in note.cards())


def test_the_preview_shows_what_anki_shows(tmp_path):
    author = Author(tmp_path / "author")
    anatomy(author)
    try:
        for card_id in author.col.find_cards(""):
            card = author.col.get_card(card_id)
            note, note_type = card.note(), carried_type(card.note_type())
            sides, output = render(note_type, note.fields, card.ord), card.render_output()
            for ours, anki in ((sides.question, output.question_text), (sides.answer, output.answer_text)):
                shown = [re.sub("▶ .*", "", line).strip() for line in visible_lines(ours)]
                told = [
                    re.sub(r"\[anki:play:.*?\]|\[\[type:.*?\]\]|anki-play.*", "", line) for line in visible_lines(anki)
                ]
                if note_type.name != "Image Occlusion" and "type" not in note_type.name:
                    assert [line for line in shown if line] == [line.strip() for line in told if line.strip()]
                assert "<script" not in ours
    finally:
        author.close()


WORDS = [
    *(
        "plain words about {}",
        "<b>{}</b> is a thing",
        "a &lt; b &amp; {} ",
        "{}<br>two<br><br>three",
        "<div>{}</div><div><br></div>",
    ),
    *(
        "<ul><li>{}</li><li>b</li></ul>",
        "<ol><li>{}<ul><li>x</li></ul></li></ol>tail",
        "\\({}^2\\) and $5",
        "snake_{}_case *x* `z`",
    ),
    *(
        '<span style="color:red">{}</span>',
        "<table><tr><td>{}</td></tr></table>",
        "{} [sound:a1.mp3]",
        '{}<br><img src="p1.png">',
    ),
    *(
        '<img src="p1.png">{}',
        "H<sub>2</sub>{}",
        "x<sup>{}</sup>",
        '"quoted: {}" # no remark',
        "- {}",
        "1. {}",
        "[[{}]]",
    ),
    *(
        "{} : colon",
        "\u00e9 e\u0301 {}",
        "\u2028{}",
        "{}\t tab",
        '<a href="https://x.example/{}">l</a>',
        "[latex]{}[/latex]",
    ),
    *(
        "\u202e{}",
        "<u>{}</u>",
        "  {}  ",
        "&nbsp;{}&nbsp;",
        "<h1>{}</h1>",
        "<script>{}</script>",
        "NO",
        "~",
        "null",
        "{}\\",
    ),
    *(
        "a\\(b{}",
        "%{}",
        "@{}",
        "!{}",
        "&amp;nbsp;{}",
        "🎉 {}",
        "العربية {}",
        "a|b {}",
        "<br>",
        "{}<div>",
        "</div>{}",
        "::{}::",
        "<",
    ),
    *(
        ">{}",
        "a <b>x {} </b>y",
        "\x07{}",
        "{}\u200b",
        "{}\ufdd0x",
        "{}\ud7ff\ue000",
        "{{Front}} {}",
        "漢字[かんじ]{}",
        "{}\n\nb",
    ),
]
BLANKS = [
    *(
        "{{c1::%s}} text",
        "a {{c1::%s::hint}} {{c2::b}}",
        "{{c2::only two %s}}",
        "<b>{{c1::%s}}</b>",
        "{{c1::\\(x_%s\\)}}",
    ),
    *(
        "\\({{c1::%s}}\\)",
        "{{c1::a{{c2::%s}}}}",
        "no cloze %s",
        "{{c1::x}}{{c1::%s}}",
        "{{c3::a<br>%s}}",
        "{{c1::a::b::%s}}",
    ),
    *(
        "{{c1::}} %s {{c2::z}}",
        "<ul><li>{{c1::%s}}</li><li>{{c5::q}}</li></ul>",
        "{{c1::%s }}next",
        "{{c1::a_%s*}} 2*3",
    ),
    *("{{c1::%s}}[sound:a1.mp3]", "{{c1::[x] %s}}", "{{c1::$5 %s}} $6", "{{c12::%s::}}"),
]
TAGS = ["bio", "bio::cell", "x::y::z", "week-1", "ünï", 'a"b', "tag,comma"]
TYPES = [
    *("Basic", "Basic (and reversed card)", "Basic (optional reversed card)", "Basic (type in the answer)", "Cloze"),
    *("Image Occlusion", "Odd", "Pictures"),
]


def odd_deck(author, seed, notes=150):
    """Notes of every note type with odd contents; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - the same oddities every day
    author.media("p1.png", png(1))
    author.media("a1.mp3", b"sound")
    author.note_type(
        "Odd",
        ["A", "B", "C", "D"],
        [("one", "{{A}}{{hint:B}}", "{{FrontSide}}{{C}}"), ("two", "{{#D}}{{B}}{{/D}}{{^D}}{{C}}{{/D}}", "{{A}}")],
    )
    author.note_type(
        "Pictures", ["Q", "Answer", "Img", "More", "Hidden"], [("one", "{{Q}}", "{{Answer}}{{Img}}{{More}}")]
    )
    for number in range(notes):
        name = chance.choice(TYPES)
        width = len(author.col.models.by_name(name)["flds"])
        fields = [_field(chance) if chance.random() < 0.85 else "" for _ in range(width)]
        if name == "Cloze":
            blank = chance.choice(BLANKS)
            fields[0] = blank % chance.randrange(999) if "%s" in blank else blank
        elif name == "Image Occlusion":
            fields[:2] = ["{{c1::image-occlusion:rect:left=.1:top=.1:width=.2:height=.2:oi=1}}", '<img src="p1.png">']
        elif name == "Pictures":
            fields[2] = chance.choice(["", '<img src="p1.png">'])
        fields[0] = fields[0] if fields[0].strip() else f"front {number}"
        deck = chance.choice(["Top", "Top::A", "Top::B::deep"])
        author.add(deck, name, *fields, tags=" ".join(chance.sample(TAGS, chance.randrange(4))))


def _field(chance):
    text = chance.choice(WORDS)
    return text.replace("{}", str(chance.randrange(9999)), 1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_stands_in_a_deck_goes_back_as_it_came(run, tmp_path, seed):
    """For every note: an import and a build give the fields, tags, cards and history that were there."""
    author = Author(tmp_path / "author")
    odd_deck(author, seed)
    package = author.share(legacy=seed % 2 == 0)
    author.close()
    student, new = Student(tmp_path / "student"), Student(tmp_path / "new")
    try:
        student.import_(package)
        for card_id in student.cards()[::5]:
            student.answer(card_id, GOOD)
        notes, states = student.notes(), student.states()
        assert run("import", package, "-o", "cards/odd.yaml").code == 0
        assert run("build").code == 0
        assert student.import_(tmp_path / "dist" / "odd.apkg") == {"duplicate": len(notes)}
        assert (student.notes(), student.states()) == (notes, states)
        new.import_(tmp_path / "dist" / "odd.apkg")
        assert new.notes() == notes
        assert len(new.cards()) == len(states)
    finally:
        student.close()
        new.close()
