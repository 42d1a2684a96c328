"""Texts that mean something to HTML, Anki, MathJax or YAML, in every place where an author can write one.

All of them go into one deck, and each card must show exactly that text.
"""

import pytest
import yaml

from deckbuilder.build import build
from tests.anki_helpers import import_package

# What the author types, and what a student must read. Where they differ, the author has written a backslash,
# because Markdown or the markup of blanks gives the bare text a meaning.
SAME = {
    "bold tag": "<b>bold</b>",
    "script": "<script>alert(1)</script>",
    "style": "<style>.card{display:none}</style>",
    "comment": "<!-- gone? -->",
    "rule of the answer": '<hr id="answer">',
    "braces opened": "open {{ only",
    "braces closed": "close }} only",
    "field": "{{Front}}",
    "field in triple braces": "{{{Front}}}",
    "condition": "{{#Front}}x{{/Front}}{{^Back}}y{{/Back}}",
    "delimiters": "{{=<% %>=}} <% Front %>",
    "one brace each": "{x}",
    "brace at the end": "set {1, 2}",
    "brace at the start": "{1, 2} set",
    "colons": "a::b",
    "colon at the end": "ends so:",
    "colon at the start": ":starts so",
    "quotes": "\"double\" and 'single'",
    "less than and ampersand": "a < b & c > d",
    "entity that is none": "AT&T; &nosuch; &",
    "emoji": "🦴 bone 👩🏽‍⚕️",
    "Arabic": "تكلس نقيلي",
    "Hebrew within English": "the word עצם means bone",
    "10,000 characters": ("calcium phosphate " * 556)[:9999].strip() + "!",
    "a long word": "hydroxyapatite" * 50,
    "tab": "before\tafter",
    "sound": "[sound:x.mp3]",
    "latex": "[latex]x[/latex]",
    "speech": "[anki:tts lang=en_US]hello[/anki:tts]",
    "answer box": "[type:Front]",
    "money": "$5 or $10",
    "percent and backslash": "100 % \\ and more",
    "yaml words": "no: yes # null ~",
    "number": "1.10",
    "date": "2023-10-29",
    "stars with spaces": "2 * 3 * 4",
    "underscores": "snake_case_name",
    "url": "https://example.org/?a=1&b=2#c",
    "at": "@ % & ! >",
}
ESCAPED = {
    "cloze of Anki": (r"\{\{c1::x::hint\}\}", "{{c1::x::hint}}"),
    "blank of ours": (r"\[\[x\]\]", "[[x]]"),
    "blank closed": (r"x\]\] y", "x]] y"),
    "hint sign": (r"a \| b", "a | b"),
    "MathJax inline": (r"\\(x\\)", r"\(x\)"),
    "MathJax block": (r"\\[x\\]", r"\[x\]"),
    "latex in dollars": (r"[\$]x[/\$] and [\$\$]y[/\$\$]", "[$]x[/$] and [$$]y[/$$]"),
    "dollars": (r"\$x\$", "$x$"),
    "emphasis": (r"\*x\* \_y\_ \`z\`", "*x* _y_ `z`"),
    "entity": (r"\&lt;b\&gt;", "&lt;b&gt;"),
    "link": (r"\[text\](url)", "[text](url)"),
}
TEXTS = {name: (text, text) for name, text in SAME.items()} | ESCAPED
SAME_ON_BOTH_SIDES = ("answer-leak", "front-ambiguous", "card-duplicate")
RELATIONS = {"same": {"ask": "What goes with ...?", "back": "Other half"}}
NUMBERS = {name: number for number, name in enumerate(TEXTS)}


def facts_with(number, typed):
    """A concept that holds the text in every place. Sources are no Markdown: there it stands as it is shown."""
    return {
        "term": typed,
        "aliases": [typed],
        "contrasts": ["plain"],
        "source": f"s{number}",
        "definition": {"text": f"defined as {typed}", "note": typed, "extra": typed, "hint": typed, "why": typed},
        "features": {f"axis{number}": typed},
        "mechanism": [
            {"id": "step", "text": typed, "hint": typed},
            {"id": "blank", "text": f"{typed} [[{typed}]] {typed}"},
        ],
        "examples": [
            {"id": "member", "text": typed, "hint": typed, "why": typed, "note": typed},
            {"id": "group", "text": typed + " group", "of": [{"id": "inner", "text": "inner"}]},
        ],
        "statements": [
            {"id": "around", "text": f"{typed}[[answer]]{typed}", "exceptions": [{"id": "exception", "text": typed}]},
            {"id": "inside", "text": f"before [[{typed}]] after"},
            {"id": "hint", "text": f"before [[answer|{typed}]] after"},
        ],
        "orders": [
            {
                "id": "order",
                "title": typed,
                "cards": ["next", "at"],
                "items": [
                    {"id": "first", "text": f"first: {typed}", "at": f"at: {typed}", "hint": typed},
                    {"id": "second", "text": f"second: {typed}"},
                ],
            }
        ],
        "pairs": {"same": {f"one: {typed}": {"id": "pair", "text": f"other: {typed}"}}},
        "questions": [{"id": "q", "ask": f"asked: {typed}", "answer": typed}],
    }


@pytest.fixture(scope="module")
def in_anki(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    facts = {
        "format": "1",
        # One text on every side of every card breaks rules of good cards, and is what this is about.
        "deck": {"id": "hostile", "name": "Hostile", "allow": dict.fromkeys(SAME_ON_BOTH_SIDES, "on purpose")},
        "sources": {f"s{NUMBERS[name]}": {"title": shown, "author": shown} for name, (_, shown) in TEXTS.items()},
        "axes": {f"axis{NUMBERS[name]}": typed for name, (typed, _) in TEXTS.items()},
        "relations": RELATIONS,
        "classifications": {
            f"type{NUMBERS[name]}": {
                "among": [f"c{NUMBERS[name]}", "plain"],
                "ask": typed,
                "items": ["examples"],
                "because": [f"axis{NUMBERS[name]}"],
            }
            for name, (typed, _) in TEXTS.items()
        },
        "concepts": {
            "plain": {"term": "Plain", "features": {f"axis{number}": "plain" for number in NUMBERS.values()}},
            **{f"c{NUMBERS[name]}": facts_with(NUMBERS[name], typed) for name, (typed, _) in TEXTS.items()},
        },
    }
    file = folder / "hostile.yaml"
    file.write_text(yaml.safe_dump(facts, allow_unicode=True, sort_keys=False), encoding="utf-8")
    built = build([file], folder / "dist")
    assert built.problems == ()
    seen = import_package(built.decks[0].package, folder)
    assert seen.notes == built.decks[0].notes
    assert len(seen.cards) == built.decks[0].cards
    return seen


@pytest.fixture(scope="module")
def by_concept(in_anki):
    found = {}
    for card in in_anki.cards:
        _, concept, *rest = card.key.split("/")
        if rest[0] == "contrast":
            concept = "c" + rest[1].removeprefix("plain.axis")
        found.setdefault(concept, {})["/".join(rest[: 2 if rest[0] == "cloze" else 1]), rest[-1], card.number] = card
    return found


@pytest.fixture(params=TEXTS)
def text(request, by_concept):
    """A text as a student must read it, and the cards that hold it, found by kind, item and number."""
    cards = by_concept[f"c{NUMBERS[request.param]}"]
    number = NUMBERS[request.param]

    def card(kind, item="", place=1):
        return cards[kind, item.replace("#", str(number)) or kind, place]

    return " ".join(TEXTS[request.param][1].split()), card


def source_line(shown):
    ended = shown if shown.endswith((".", "!", "?")) else f"{shown}."
    return f"Source: {ended} {shown}."


def test_anki_has_nothing_to_complain_about(in_anki):
    assert in_anki.empty_cards == ""
    assert not in_anki.changed_by_check
    assert in_anki.second_import == {"duplicate": in_anki.notes}


def test_anki_obeys_no_text(in_anki):
    for card in in_anki.cards:
        sides = card.front_html + card.back_html
        assert card.sounds == 0, card.key
        assert "<script" not in sides
        assert "<style" not in sides
        assert "<img" not in sides
        assert "<b>" not in sides
        # MathJax reads \( and \[ in the text of the page: between the two signs stands a <wbr>.
        assert "\\(" not in sides
        assert "\\[" not in sides


def test_every_text_has_the_same_number_of_cards(by_concept):
    counts = {concept: len(cards) for concept, cards in by_concept.items()}
    assert set(counts.values()) == {20}, counts


def test_definition_shows_the_text(text):
    shown, card = text
    assert card("definition").front == ["Definition", shown, "Hint", shown]
    assert card("definition").back == [
        f"defined as {shown}",
        f"Also called: {shown}",
        *[shown] * 3,
        source_line(shown),
    ]
    assert card("definition", place=2).front == ["Which term?", f"defined as {shown}"]
    assert card("definition", place=2).back[:2] == [shown, f"Also called: {shown}"]


def test_statement_shows_the_text_around_a_blank(text):
    shown, card = text
    assert card("cloze/around", "around").front[-1] == f"{shown}[...]{shown}"
    assert f"{shown}answer{shown}" in card("cloze/around", "around").back


def test_statement_shows_the_text_inside_a_blank(text):
    shown, card = text
    assert card("cloze/inside", "inside").front[-1] == "before [...] after"
    assert f"before {shown} after" in card("cloze/inside", "inside").back


def test_answer_of_a_blank_is_marked_from_its_first_letter_to_its_last(text):
    _, card = text
    sentence = card("cloze/inside", "inside").back_html.partition("before ")[2].partition(" after")[0]
    assert sentence.startswith('<span class="cloze"')
    assert sentence.endswith("</span>")


def test_statement_shows_the_text_as_a_hint(text):
    shown, card = text
    assert card("cloze/hint", "hint").front[-1] == f"before [{shown}] after"
    assert "before answer after" in card("cloze/hint", "hint").back


def test_question_shows_the_text(text):
    shown, card = text
    assert card("question", "q").front[-1] == f"asked: {shown}"
    assert card("question", "q").back == [shown, source_line(shown)]


def test_order_shows_the_text(text):
    shown, card = text
    assert card("order", "order", 1).front[:3] == ["In order", shown, f"[{shown}] at: {shown} second: {shown}"]
    assert card("order", "order", 2).front[2] == f"first: {shown} [...] second: {shown}"
    assert card("order", "order", 3).back[2] == f"first: {shown} at: {shown} second: {shown}"


def test_pair_shows_the_text(text):
    shown, card = text
    assert card("pair", "same.pair", 1).front == ["Question", f"What goes with one: {shown}?"]
    assert card("pair", "same.pair", 1).back[0] == f"other: {shown}"
    assert card("pair", "same.pair", 2).front == ["Question", "Other half", f"other: {shown}"]
    assert card("pair", "same.pair", 2).back[0] == f"one: {shown}"


def test_exception_shows_the_text(text):
    shown, card = text
    assert card("exception", "around").front == ["Exceptions", f"{shown}answer{shown}", "[...]"]
    assert card("exception", "around").back[2] == shown
    assert f"Exceptions: {shown}" in card("cloze/around", "around").back


def test_mechanism_shows_the_text(text):
    shown, card = text
    assert card("mechanism", place=1).front == ["Mechanism", shown, f"[{shown}]", f"{shown} {shown} {shown}"]
    assert card("mechanism", place=2).front == ["Mechanism", shown, shown, f"{shown} [...] {shown}"]
    assert card("mechanism").back[:4] == ["Mechanism", shown, shown, f"{shown} {shown} {shown}"]


def test_list_shows_the_text(text):
    shown, card = text
    assert card("list", "examples", 1).front == ["Examples", shown, f"[{shown}]", f"{shown} group"]
    assert card("list", "examples", 2).front == ["Examples", shown, shown, "[...]"]
    assert card("list", "examples", 1).back[:6] == ["Examples", shown, shown, f"{shown} group", shown, shown]
    assert card("list", "examples.group").front == [f"Examples › {shown} group", shown, "[...]"]


def test_classification_shows_the_text(text):
    shown, card = text
    asked = card("classification", "type#.member")
    assert asked.front == [shown, shown, shown, "Plain"]
    assert asked.back == [shown, "Examples", shown, shown, shown, shown, source_line(shown)]


def test_contrast_shows_the_text(text):
    shown, card = text
    asked = card("contrast", "plain.axis#")
    assert asked.front == ["Tell apart", shown, f"{shown} or Plain?"]
    assert asked.back[:2] == [f"{shown} {shown}", "Plain plain"]


# ------------------------------------------------------- texts as bytes in the file


def test_windows_line_ends_are_read_as_line_ends(tmp_path):
    facts = """format: 1
deck: {id: crlf, name: Windows}
concepts:
  one:
    term: One
    definition:
      text: |
        first line
        second line
      note: |
        first paragraph

        second paragraph
"""
    (tmp_path / "crlf.yaml").write_bytes(facts.replace("\n", "\r\n").encode())
    built = build([tmp_path / "crlf.yaml"], tmp_path / "dist")
    assert built.problems == ()
    seen = import_package(built.decks[0].package, tmp_path)
    assert seen.cards[0].back == ["first line second line", "first paragraph", "second paragraph"]
    assert "\r" not in "".join(seen.cards[0].fields.values())


def test_unix_and_windows_files_make_one_and_the_same_package(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    facts = 'format: 1\ndeck: {id: d, name: D}\nconcepts:\n  a:\n    term: A\n    definition: "one\n      two"\n'
    packages = []
    for name, data in (("unix", facts), ("windows", facts.replace("\n", "\r\n")), ("bom", "\ufeff" + facts)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "d.yaml").write_bytes(data.encode())
        built = build([tmp_path / name / "d.yaml"], tmp_path / name)
        assert built.problems == ()
        packages.append(built.decks[0].package.read_bytes())
    assert packages[0] == packages[1] == packages[2]


def test_composed_and_decomposed_letters_are_one_text(tmp_path):
    facts = "format: 1\ndeck: {id: d, name: D}\nconcepts:\n  a:\n    term: Mo\u0308nckeberg\n    definition: x\n"
    (tmp_path / "d.yaml").write_text(facts, encoding="utf-8")
    built = build([tmp_path / "d.yaml"], tmp_path)
    assert built.problems == ()
    assert import_package(built.decks[0].package, tmp_path).cards[0].front == ["Definition", "M\u00f6nckeberg"]
