"""Typed answers, readings over words, and languages within a deck, as Anki shows them."""

import re

import pytest

from deckbuilder.facts.load import load
from deckbuilder.kinds.bench import Bench
from deckbuilder.markup import render_inline, typed_text, visible_text
from deckbuilder.package.read import read_package
from deckbuilder.preview.handout.notes import chapters
from tests.anki_helpers import build_deck, import_package, study
from tests.test_preview_render import assert_same

HEADING = """
format: 1
deck: {id: words, name: Words}
"""
TYPED = f"""{HEADING}
relations:
  japanese: {{ask: What is ... in Japanese?, back: What does ... mean?, lang: ja, type: true}}
concepts:
  owl:
    term: Owl
    definition: {{text: A bird that hunts at night., type: true}}
    questions:
      - {{ask: How many toes point back?, answer: "a < *b* & 漢字[かんじ]", type: true}}
    statements:
      - {{text: "An [[owl]] has two [[eyes|what?]].", type: true}}
    pairs:
      japanese: {{dog: "犬[いぬ]"}}
"""


@pytest.fixture(scope="module")
def typed(tmp_path_factory):
    seen = study(TYPED, tmp_path_factory.mktemp("typed"))
    assert seen.empty_cards == ""
    assert not seen.changed_by_check
    return {(card.kind, card.number): card for card in seen.cards}


def test_an_answer_is_typed_on_the_card_that_asks_for_it(typed):
    question, dog = typed["question", 1], typed["pair", 1]
    assert "[[type:Reserved 3]]" in question.front_html
    assert question.fields["Reserved 3"] == "a &lt; b &amp; 漢字"
    assert "[[type:Reserved 3]]" in dog.front_html
    assert dog.fields["Reserved 3"] == "犬"
    assert "[[type:Reserved 6]]" in typed["pair", 2].front_html
    assert typed["pair", 2].fields["Reserved 6"] == "dog"


def test_of_a_definition_the_term_is_typed_and_never_the_sentence(typed):
    assert "[[type:" not in typed["definition", 1].front_html
    assert "[[type:Reserved 6]]" in typed["definition", 2].front_html
    assert typed["definition", 2].fields["Reserved 6"] == "Owl"


def test_a_blank_is_typed_in_its_sentence(typed):
    for number in (1, 2):
        assert "[[type:cloze:Text]]" in typed["cloze", number].front_html
        assert "[[type:cloze:Text]]" in typed["cloze", number].back_html


def test_nothing_is_typed_where_nobody_asks_for_it(tmp_path):
    for card in study(TYPED.replace("type: true", "").replace(", }", "}"), tmp_path).cards:
        assert "[[type:" not in card.front_html + card.back_html


def test_the_preview_renders_boxes_as_anki_does(tmp_path):
    file = tmp_path / "words.yaml"
    file.write_text(TYPED, encoding="utf-8")
    assert assert_same(file, tmp_path) == {"definition", "question", "cloze", "pair"}


def test_typing_can_be_asked_for_later_and_moves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    before = build_deck(TYPED.replace("type: true", "").replace(", }", "}"), tmp_path)
    shipped = read_package(before.package)[0]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800100000")
    after = read_package(build_deck(TYPED, tmp_path).package)[0]
    assert [(n.guid, n.type_id, n.ords) for n in after.notes] == [(n.guid, n.type_id, n.ords) for n in shipped.notes]
    assert all(new.mod > old.mod for new, old in zip(after.notes, shipped.notes, strict=True))


# ------------------------------------------------------------------ readings

READINGS = [
    ("漢字[かんじ]", "<ruby>漢字<rt>かんじ</rt></ruby>"),
    ("お茶[ちゃ]を飲[の]む", "お<ruby>茶<rt>ちゃ</rt></ruby>を<ruby>飲<rt>の</rt></ruby>む"),
    # As Anki writes it: a space before the word, which is not shown.
    ("私は 食べる[たべる]", "私は<ruby>食べる<rt>たべる</rt></ruby>"),
    ("東京 都[と]", "東京<ruby>都<rt>と</rt></ruby>"),
    ("the word 犬[いぬ] means", "the word <ruby>犬<rt>いぬ</rt></ruby> means"),
    ("人々[ひとびと]", "<ruby>人々<rt>ひとびと</rt></ruby>"),
    ("中国[Zhōngguó]", "<ruby>中国<rt>Zhōngguó</rt></ruby>"),
    ("漢[ㄏㄢˋ]字", "<ruby>漢<rt>ㄏㄢˋ</rt></ruby>字"),
    ("漢字[한자]", "<ruby>漢字<rt>한자</rt></ruby>"),
    ("コーヒー店[てん]", "コーヒー<ruby>店<rt>てん</rt></ruby>"),
    ("**漢字[かんじ]**", "<strong><ruby>漢字<rt>かんじ</rt></ruby></strong>"),
]
NO_READINGS = [
    "漢字[1]",
    "漢字[注]",
    "漢字 [かんじ]",
    "x[i]",
    "かな[kana]",
    "漢字[]",
    "漢字\\[かんじ]",
    "`漢字[かんじ]`",
]


@pytest.mark.parametrize(("text", "html"), READINGS)
def test_a_reading_stands_over_its_word(text, html):
    assert render_inline(text).html == html


@pytest.mark.parametrize("text", NO_READINGS)
def test_other_brackets_stay_what_they_are(text):
    assert "<ruby>" not in render_inline(text).html


def test_a_link_stays_a_link():
    assert render_inline("漢字[かんじ](https://a.example)").html == '漢字<a href="https://a.example">かんじ</a>'


def test_a_reading_is_read_behind_its_word_and_never_typed():
    html = render_inline("漢字[かんじ]").html
    assert visible_text(html) == "漢字[かんじ]"
    assert typed_text(html) == "漢字"


def test_signs_without_a_key_that_came_along_with_pasted_words_are_never_typed():
    assert typed_text("Donau\u00addampf\u200bschiff\ufeff \u00a0Ahoi") == "Donaudampfschiff Ahoi"
    assert typed_text("j\u2019ai dit \u201coui\u201d") == 'j\'ai dit "oui"'
    # In Persian a sign of no width parts letters, and has a key.
    assert (
        typed_text("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")
        == "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    )


def test_a_reading_can_stand_in_a_blank(tmp_path):
    (card,) = study(
        f"""{HEADING}
concepts:
  tea: {{term: Tea, statements: ["お[[茶[ちゃ]|飲み物]]を飲[の]む"]}}
""",
        tmp_path,
    ).cards
    assert "[飲み物]" in card.front_html
    assert "茶<rt>ちゃ</rt>" in card.back_html


# ----------------------------------------------------------------- languages


def test_words_in_another_language_say_so_and_keep_their_direction(tmp_path):
    seen = study(
        f"""{HEADING}
concepts:
  book:
    term: كتاب
    lang: ar
    definition: {{text: un livre, lang: fr}}
    examples: [{{text: 漢字, lang: ja}}, a plain one]
    statements: [{{text: "الكتاب [[كبير]] جدا", lang: ar}}]
    questions: [{{ask: How is it written?, answer: كتاب (kitāb), lang: ar}}]
    orders: [{{title: Letters, items: [{{text: ك, lang: ar}}, {{text: ت, lang: ar}}]}}]
""",
        tmp_path,
    )
    cards = {(card.kind, card.number): card for card in seen.cards}
    assert '<bdi lang="ar">كتاب</bdi>' in cards["definition", 1].front_html
    assert '<bdi lang="fr">un livre</bdi>' in cards["definition", 1].back_html
    assert '<bdi lang="ja">漢字</bdi>' in cards["list", 2].front_html
    assert '<bdi lang="ar">الكتاب <span class="cloze"' in cards["cloze", 1].front_html
    assert '<bdi lang="ar">كتاب (kitāb)</bdi>' in cards["question", 1].back_html
    assert "<bdi" not in cards["question", 1].front_html
    assert '<bdi lang="ar">ك</bdi>' in cards["order", 2].front_html
    assert 'article lang="en"' in cards["definition", 1].front_html


DIRECTIONS = {
    "كتاب (kitāb)": ("ar", ""),
    "DNA هو حمض": ("ar", ' dir="rtl"'),
    "(1) [[RNA]] هو حمض": ("fa-IR", ' dir="rtl"'),
    "שלום means [[peace]]": ("en", ' dir="ltr"'),
    "[[42]]": ("he", ""),
    "Punjabi [[words]]": ("pa", ""),
    "نظم [[words]]": ("pa-Arab", ""),
}


@pytest.mark.parametrize("words", DIRECTIONS)
def test_words_that_begin_in_another_script_keep_the_direction_of_their_language(words, tmp_path):
    lang, direction = DIRECTIONS[words]
    text = words if "[[" in words else f"{words} [[x]]"
    facts = f'{HEADING}\nconcepts: {{word: {{term: Word, statements: [{{text: "{text}", lang: {lang}}}]}}}}\n'
    (card,) = study(facts, tmp_path).cards
    assert f'<bdi lang="{lang}"{direction}>' in card.front_html


EVERYWHERE = f"""{HEADING.replace("Words}", "Words, check: {choice_share: 50}}")}
classifications: {{size: {{among: [one, many], ask: How many?, choices: true}}}}
relations:
  letter: {{ask: How is ... said?, back: Which letter is ...?, first_lang: ar, lang: fr}}
  plain: {{ask: What is ...?}}
concepts:
  one:
    term: واحد
    aliases: [فرد]
    lang: ar
    definition: {{text: un seul, lang: fr}}
    mechanism: [{{text: Первый шаг, lang: ru}}, Second, Third]
    statements: [{{text: "[[كل]] واحد", lang: ar, exceptions: [{{text: إلا هذا, lang: ar}}]}}]
    examples:
      - {{text: Gruppe, lang: de, of: [{{text: 漢字, lang: ja}}, {{text: Baum, lang: de}}]}}
    questions: [{{ask: ما هذا؟, ask_lang: ar, answer: rien, lang: fr}}]
    orders:
      - {{title: حروف, lang: ar, cards: [next, at], items: [{{text: ألف, at: أول}}, {{text: Beth, lang: de, at: ثان}}]}}
    pairs:
      letter: {{ا: alif, ب: {{text: be, lang: tr}}}}
      plain: {{tree: {{text: Baum, lang: de}}, 木: {{text: Holz, lang: de, first_lang: ja}}}}
    images:
      - {{file: a.svg, alt: A circle, ask: ماذا ترى؟, ask_lang: ar, answer: cercle, lang: fr}}
      - file: b.svg
        alt: Two circles
        lang: fr
        masks: [{{answer: gauche, box: [0, 0, 0.2, 0.2]}}, {{answer: يمين, lang: ar, box: [0.5, 0, 0.2, 0.2]}}]
  many:
    term: Many
    examples: [Two, Three]
"""
SAID = {
    *("ar: واحد", "ar: فرد", "fr: un seul", "ru: Первый шаг", "ar: إلا هذا", "de: Gruppe", "ja: 漢字", "de: Baum"),
    *("ar: ما هذا؟", "fr: rien", "ar: حروف", "ar: ألف", "de: Beth", "ar: أول", "ar: ثان", "ar: ا", "fr: alif"),
    *("ar: ب", "tr: be", "ja: 木", "de: Holz", "ar: ماذا ترى؟", "fr: cercle", "fr: gauche", "ar: يمين"),
}
SET_APART = re.compile(r'<bdi lang="(.*?)">(.*?)</bdi>')
LANGUAGES = re.compile(r",? *\b(?:first_|ask_)?lang: \w+")


def built_with_pictures(facts, folder):
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" id="{name}" viewBox="0 0 9 9"/>')
    return build_deck(facts, folder)


def test_every_text_can_say_its_language_and_nothing_else_changes(tmp_path):
    with_languages = read_package(built_with_pictures(EVERYWHERE, tmp_path / "with").package)[0].notes
    without = read_package(built_with_pictures(LANGUAGES.sub("", EVERYWHERE), tmp_path / "without").package)[0].notes
    said = {
        f"{lang}: {words}" for note in with_languages for text in note.row for lang, words in SET_APART.findall(text)
    }
    assert {re.sub(r"{{c\d::|}}|<[^>]*>", "", one) for one in said} >= SAID
    plain = [(note.guid, tuple(SET_APART.sub(r"\2", text) for text in note.row), note.tags) for note in with_languages]
    assert plain == [(note.guid, note.row, note.tags) for note in without]


def test_every_text_is_spoken_in_its_language(tmp_path):
    facts = EVERYWHERE.replace("name: Words,", "name: Words, tts: true,")
    package = built_with_pictures(facts, tmp_path / "deck").package
    heard = {f"{lang}: {words}" for card in import_package(package, tmp_path).cards for words, lang in card.heard}
    assert heard >= {
        *("ar_SA: واحد", "fr_FR: un seul", "ru_RU: Первый шаг", "ar_SA: كل واحد", "ar_SA: إلا هذا", "ja_JP: 漢字"),
        *("ar_SA: ما هذا؟", "fr_FR: rien", "ar_SA: ألف", "de_DE: Beth", "ar_SA: ا", "fr_FR: alif", "tr_TR: be"),
        *("ja_JP: 木", "de_DE: Holz", "fr_FR: cercle", "fr_FR: gauche", "ar_SA: يمين", "en_US: Second"),
    }


def test_a_handout_says_the_same_languages(tmp_path):
    folder = tmp_path / "deck"
    built_with_pictures(EVERYWHERE, folder)
    (deck,) = load([folder / "facts.yaml"]).decks
    told = repr(list(chapters(Bench(deck))))
    # The notes show a picture with what it shows, and ask nothing.
    assert {
        one for one in SAID - {"ar: ماذا ترى؟"} if '<bdi lang="{}">{}</bdi>'.format(*one.split(": ")) not in told
    } == set()
