"""The handout: a deck's facts as notes to read, its cards as questions to answer, printed by a real browser."""

import io
import re
import unicodedata
from functools import cached_property
from itertools import pairwise

import pytest
import yaml

from deckbuilder.facts.load import load
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.words import words_for
from deckbuilder.markup import visible_text
from deckbuilder.notes import Note
from deckbuilder.notetypes import carried_type
from deckbuilder.preview.handout.contrasts import contrast_tables
from deckbuilder.preview.handout.notes import chapters
from deckbuilder.preview.handout.paper import gap
from deckbuilder.preview.handout.sheet import exercises
from deckbuilder.preview.handout.words import handout_words
from deckbuilder.preview.previewed import preview
from deckbuilder.preview.site import site
from tests.browser import Watched, written
from tests.helpers import HEADING, OWL, write_deck
from tests.test_hostile_texts_in_anki import NUMBERS
from tests.test_preview import HOSTILE_NAME
from tests.test_preview_render import DECKS, DRAWING, hostile_facts

CALCIFICATION = DECKS[0]
MILLIMETRE = 72 / 25.4

ROCKS = """\
axes: {origin: How it forms, grain: Grain, use: Use}
concepts:
  igneous:
    term: Igneous rock
    contrasts: [sedimentary]
    features:
      origin: {text: molten rock cools, status: disputed, note: Some say otherwise.}
      grain: crystals
      use: {text: paving, status: hold}
    mechanism:
      - Rock melts
      - Ways to rise: ["[[Slowly|speed]] through cracks", In an eruption]
      - It [[cools]]
    examples:
      - Below ground: [Granite, {text: Gabbro, why: It cooled slowly., status: disputed}]
      - {text: Moonstone, status: hold}
    statements: ["Granite contains [[quartz]] and [[feldspar]]."]
    questions: [{ask: Why has obsidian no crystals?, answer: It cooled too fast.}]
  sedimentary:
    term: Sedimentary rock
    features: {origin: grains settle, use: building}
"""


def bench_of(facts, folder):
    loaded = load([write_deck(folder, HEADING + facts)])
    assert loaded.problems == ()
    return Bench(loaded.decks[0])


def handout_of(facts, folder, heading=HEADING):
    """The page as text; `facts` stand below a heading."""
    (deck,) = preview([write_deck(folder, heading + facts)], folder).decks
    return site([deck], folder)["decks/birds/handout.html"].decode()


ENTRY = re.compile(
    r'<li id="(\w+)-(\d+)"><a class="number" href="[^"]*">(\d+)</a>(.*?)</li>\n(?=<li id|</ol>)', re.DOTALL
)


def entries(page, name):
    """The HTML behind each number among the questions, or the answers."""
    found = [entry.groups() for entry in ENTRY.finditer(page) if entry[1] == name]
    assert all(number == shown for _, number, shown, _ in found)
    return {int(number): html for _, number, _, html in found}


def numbered(page, name):
    return {number: visible_text(html) for number, html in entries(page, name).items()}


# -------------------------------------------------------------------------- the notes


def test_confusable_concepts_stand_side_by_side_on_the_axes_that_tell_them_apart(tmp_path):
    (table,) = contrast_tables(bench_of(ROCKS, tmp_path))
    assert table.columns == ("Igneous rock", "Sedimentary rock")
    # Of the grain nothing is said to compare it with, and the use is held back.
    assert [name for name, _ in table.rows] == ["How it forms"]
    one, other = table.rows[0][1]
    assert (one.html, one.is_disputed, one.note) == ("molten rock cools", True, "<p>Some say otherwise.</p>")
    assert (other.html, other.is_disputed) == ("grains settle", False)


def many_kinds(number, axes):
    """Concepts that are all contrasted with the first, each with a feature on every axis."""
    concepts = {
        f"k{n}": {
            "term": f"Kind {n}",
            "contrasts": [] if n == 1 else ["k1"],
            "features": dict.fromkeys(axes, f"as {n}"),
        }
        for n in range(1, number + 1)
    }
    return yaml.safe_dump({"axes": {axis: axis.title() for axis in axes}, "concepts": concepts}, sort_keys=False)


def test_many_concepts_on_few_axes_are_the_rows_of_their_table(tmp_path):
    (table,) = contrast_tables(bench_of(many_kinds(7, ["form", "use"]), tmp_path))
    assert table.columns == ("Form", "Use")
    assert [name for name, _ in table.rows] == [f"Kind {n}" for n in range(1, 8)]


def test_many_concepts_on_many_axes_make_several_tables_that_fit_on_paper(tmp_path):
    tables = list(contrast_tables(bench_of(many_kinds(7, ["a", "b", "c", "d", "e"]), tmp_path)))
    assert [len(table.columns) for table in tables] == [4, 3]
    assert [len(table.rows) for table in tables] == [5, 5]


def test_a_classification_without_contrasts_is_a_table_too_and_none_comes_twice(tmp_path):
    facts = ROCKS.replace("    contrasts: [sedimentary]\n", "") + (
        "classifications:\n  rock: {among: [igneous, sedimentary], ask: Which?}\n"
        "  again: {among: [sedimentary, igneous], ask: Which then?}\n"
    )
    assert len(list(contrast_tables(bench_of(facts, tmp_path)))) == 1


def test_a_chapter_has_its_facts_as_trees_steps_and_filled_sentences_without_what_is_held_back(tmp_path):
    igneous = next(chapters(bench_of(ROCKS, tmp_path)))
    assert [step.html for step in igneous.mechanism] == ["Rock melts", "Ways to rise", "It <b>cools</b>"]
    assert [factor.html for factor in igneous.mechanism[1].of] == ["<b>Slowly</b> through cracks", "In an eruption"]
    ((title, tree),) = igneous.lists
    assert (title, [group.html for group in tree]) == ("Examples", ["Below ground"])
    assert [(one.html, one.is_disputed, one.reason) for one in tree[0].of] == [
        ("Granite", False, ""),
        ("Gabbro", True, "It cooled slowly."),
    ]
    assert [one.html for one in igneous.statements] == ["Granite contains <b>quartz</b> and <b>feldspar</b>."]
    assert [(ask, answer.html) for ask, answer in igneous.questions] == [
        ("Why has obsidian no crystals?", "It cooled too fast.")
    ]


def test_only_a_fact_with_a_source_of_its_own_names_it(tmp_path):
    facts = """\
sources: {book: {title: A book}, web: {title: A page, url: "https://page.example/a"}}
default_source: book
concepts:
  owl: {term: Owl, definition: {text: A bird., source: web}, statements: ["Owls see well in the [[dark]]."]}
"""
    page = handout_of(facts, tmp_path)
    notes = page.partition('<section class="part questions">')[0]
    assert notes.count('href="#source-2"') == 1
    assert 'href="#source-1"' not in notes
    assert "https://page.example/a" in page


def test_a_deck_without_contrasts_has_no_table(tmp_path):
    assert "<table" not in handout_of(OWL, tmp_path)


# ------------------------------------------------------------- the questions and answers


def test_questions_and_answers_have_the_same_numbers(tmp_path):
    page = handout_of(ROCKS, tmp_path)
    questions, answers = numbered(page, "question"), numbered(page, "answer")
    assert list(questions) == list(answers) == list(range(1, 7))
    by_question = {questions[number]: answers[number] for number in questions}
    assert by_question["Why has obsidian no crystals?"] == "It cooled too fast."
    assert "quartz · feldspar" in answers.values()
    assert "Rock melts · Slowly · In an eruption · cools" in answers.values()
    assert "Granite · Gabbro" in answers.values()


def test_a_question_does_not_show_its_answer(tmp_path):
    questions = " ".join(numbered(handout_of(ROCKS, tmp_path), "question").values())
    for answer in ("quartz", "feldspar", "Slowly", "cools", "Gabbro", "too fast", "grains settle"):
        assert answer not in questions
    assert "(speed)" in questions


def test_a_disputed_question_says_so_and_so_does_its_answer(tmp_path):
    page = handout_of(ROCKS, tmp_path)
    (contrast,) = [number for number, words in numbered(page, "question").items() if "How it forms" in words]
    assert "(disputed)" in numbered(page, "question")[contrast]
    assert "(disputed)" in numbered(page, "answer")[contrast]


def test_a_blank_in_a_formula_is_a_gap_in_the_formula_and_an_answer_of_its_own(tmp_path):
    facts = "concepts:\n  a: {term: Area, statements: ['The area of a circle is $\\pi [[r^2]]$, always.']}\n"
    page = handout_of(facts, tmp_path)
    assert r'<span class="formula">\(\pi \boxed{\phantom{MMM}}\)</span>' in page
    assert r'<span class="formula">\(r^2\)</span>' in page
    assert r'<span class="formula">\(\pi r^2\)</span>' in page


def test_a_blank_in_chemistry_is_chemistry_also_among_the_answers(tmp_path):
    formula = r"$\ce{[[SO4^2-]] + Ba^2+} = \frac{1}{2}[[m]]\ce{ -> {A} + [[BaSO4]]}$"
    facts = f"concepts:\n  a: {{term: Salt, statements: ['The salt falls out, as {formula} says.']}}\n"
    page = handout_of(facts, tmp_path)
    for answer in (r"\ce{SO4^2-}", "m", r"\ce{BaSO4}"):
        assert rf'<span class="formula">\({answer}\)</span>' in page


def test_what_only_looks_like_a_formula_is_none(tmp_path):
    page = handout_of(
        "concepts:\n  a: {term: Area, definition: 'Write \\\\(x\\\\) or \\\\[y\\\\] and it is text'}\n", tmp_path
    )
    assert 'class="formula"' not in page


def test_classification_items_stand_below_their_question_and_its_options(tmp_path):
    facts = ROCKS + "classifications: {rock: {among: [igneous, sedimentary], ask: Which rock?, because: [origin]}}\n"
    page = handout_of(facts, tmp_path)
    assert re.search(r"<h3[^>]*>Which rock\?</h3>\n<div class=\"options\"[^>]*><ul><li>Igneous rock</li>", page)
    (granite,) = [
        number
        for number, words in numbered(page, "question").items()
        if words.split()[:1] == ["Granite"] and "contains" not in words
    ]
    assert numbered(page, "answer")[granite] == "Igneous rock"


MORE = """\
relations: {formula: {ask: "What is the formula of ...?"}}
concepts:
  igneous:
    term: Igneous rock
    statements: [{text: "Its [[crystals]] can be seen.", exceptions: [Pumice, "Obsidian [[has none]]"]}]
    orders:
      - {title: Periods, cards: [next, at], items: [{text: Triassic, at: 252 Ma}, {text: Jurassic, at: 201 Ma}]}
    pairs: {formula: {Quartz: '$\\ce{SiO2}$'}}
    images:
      - {file: rock.svg, alt: A rock, answer: Pink granite}
      - file: rock.svg
        alt: A rock
        masks:
          - {answer: Quartz, box: [0.1, 0.1, 0.3, 0.2]}
          - {answer: Mica, polygon: [[0.1, 0.6], [0.4, 0.6], [0.1, 0.9]]}
"""


@pytest.fixture
def more(tmp_path):
    write_deck(tmp_path, DRAWING, "rock.svg")
    return handout_of(MORE, tmp_path)


def test_exceptions_orders_pairs_and_pictures_are_asked(more):
    questions, answers = numbered(more, "question"), numbered(more, "answer")
    assert {questions[number]: answers[number] for number in questions} == {
        "Its can be seen.": "crystals",
        "Its crystals can be seen. Obsidian": "Pumice · has none",
        "What is the formula of Quartz?": "\\(\\ce{SiO2}\\)",
        "": "Pink granite",
        "Igneous rock 12 1 2": "1 Quartz · 2 Mica",
        "Periods": "Triassic · 252 Ma · Jurassic · 201 Ma",
    }


def test_exceptions_orders_pairs_and_pictures_are_noted(tmp_path):
    write_deck(tmp_path, DRAWING, "rock.svg")
    (chapter,) = chapters(bench_of(MORE, tmp_path))
    assert [one.html for one in chapter.statements[0].of] == ["Pumice", "Obsidian <b>has none</b>"]
    ((title, items),) = chapter.orders
    assert title.html == "Periods"
    assert [one.html for one in items] == ["<strong>252 Ma</strong> Triassic", "<strong>201 Ma</strong> Jurassic"]
    ((ask, ((one, other),)),) = chapter.pairs
    assert (ask, one, other.html) == ("What is the formula of ...?", "Quartz", "\\(\\ce{SiO2}\\)")
    alone, masked = chapter.pictures
    assert alone.html.endswith("Pink granite")
    assert [one.html for one in masked.of] == ["Quartz", "Mica"]


def test_the_parts_of_a_picture_are_covered_in_the_question_and_outlined_in_the_notes(more):
    notes, sheet, _ = more.split('<section class="part questions">')
    assert '<span class="masked outlined">' in notes
    assert '<span class="masked covered">' in sheet
    assert '<rect x=".1" y=".1" width=".3" height=".2"/><polygon points=".1,.6 .4,.6 .1,.9"/>' in sheet
    assert '<span class="spot" style="left: 20.0%; top: 70.0%">2</span>' in sheet


@pytest.mark.parametrize(
    ("is_cloze", "fields", "ask", "answers"),
    [
        (
            0,
            ["What is <b>basalt</b>?<script>alert(1)</script>", "Lava & ash[sound:a.mp3]"],
            "What is basalt?",
            ("Lava &amp; ash",),
        ),
        (1, ["{{c1::Lava::hot}} and {{c2::ash}}", ""], "GAP (hot) and GAP", ("Lava", "ash")),
    ],
)
def test_an_imported_note_is_asked_in_words(is_cloze, fields, ask, answers):
    model = {
        "id": 7,
        "name": "Basic",
        "type": is_cloze,
        "flds": [{"name": name, "ord": n} for n, name in enumerate(("Front", "Back"))],
        "tmpls": [{"name": "Card 1", "ord": 0, "qfmt": "{{Front}}", "afmt": "{{Back}}"}],
    }
    note = Note("d/c/note/n", "note", carried_type(model), tuple(fields), (), Origin(CALCIFICATION), ("c",))
    ((question,),) = (one.questions for one in exercises([note], words_for("en"), handout_words("en")))
    assert visible_text(question.ask.replace(gap(), "GAP")).replace("alert(1)", "") == ask
    assert "<script" not in question.ask
    assert question.answers == answers


# --------------------------------------------------------------------- language and look


def test_the_words_of_the_page_are_those_of_the_deck_and_lines_run_its_way(tmp_path):
    arabic = handout_of(OWL, tmp_path, HEADING.replace("name: Birds", "name: Birds, language: ar"))
    assert '<main class="handout" lang="ar" dir="rtl">' in arabic
    assert "<h2>إجابات</h2>" in arabic
    german = handout_of(OWL, tmp_path, HEADING.replace("name: Birds", "name: Birds, language: de-AT"))
    assert '<main class="handout" lang="de-AT" dir="ltr">' in german
    assert "<h2>Antworten</h2>" in german


def test_a_picture_and_the_address_of_a_link_are_on_the_page(tmp_path):
    write_deck(tmp_path, DRAWING, "owl.svg")
    facts = OWL.replace(
        "A bird that hunts at night.", "{text: 'A [bird](https://a.example/b).', image: {file: owl.svg, alt: An owl}}"
    )
    page = handout_of(facts, tmp_path)
    assert re.search(r'<img src="../../media/birds-[^"]*\.svg" alt="An owl">', page)
    assert 'bird</a> <span class="address">(https://a.example/b)</span>' in page


# ----------------------------------------------------------------------------- on paper


ALL_FORMULAS_SET = "[...document.querySelectorAll('.formula')].every((one) => one.querySelector('mjx-container'))"


class Printed:
    """A handout as Chromium prints it, and what a reader of the PDF finds."""

    def __init__(self, chromium, folder, deck, paper="A4", choice="both", **options):
        self.seen = Watched(chromium, **options)
        self.seen.open(folder, f"decks/{deck}/handout.html")
        self.seen.page.check(f"#{choice}", force=True)
        self.seen.page.wait_for_function(ALL_FORMULAS_SET)
        pypdf = pytest.importorskip("pypdf", reason="the package pypdf is not installed")
        self.pages = pypdf.PdfReader(io.BytesIO(self.seen.page.pdf(format=paper))).pages
        assert self.seen.complaints == []
        assert self.seen.stayed_in(folder)

    @cached_property
    def texts(self):
        return [page.extract_text() for page in self.pages]

    @cached_property
    def text(self):
        return squeezed(" ".join(self.texts))


def squeezed(text):
    """Text without spaces and ligatures, of which a PDF has its own."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="module")
def calcification(tmp_path_factory):
    return written(tmp_path_factory.mktemp("site"), CALCIFICATION)


@pytest.fixture(scope="module", params=["A4", "Letter"])
def printed(request, chromium, calcification):
    return Printed(chromium, calcification, "calcification", request.param)


def test_every_question_and_every_answer_is_printed_whole_and_in_order(printed, calcification):
    page = (calcification / "decks/calcification/handout.html").read_text(encoding="utf-8")
    for name, text in zip(("question", "answer"), split_at_answers(printed.text), strict=True):
        places = []
        for number, html in entries(page, name).items():
            # Steps have numbers of their own, which are not in the HTML.
            parts = [squeezed(visible_text(part)) for part in re.split(r"</?(?:li|ol|ul)>", html)]
            entry = re.search(r"(?:\d\.)?".join(map(re.escape, [str(number), *filter(None, parts)])), text)
            assert entry, f"{name} {number}"
            places.append(entry.start())
        assert places == sorted(places)


def split_at_answers(text):
    """What is printed from the questions on, and from the answers on."""
    start, end = text.index(squeezed("Questions Name")), text.rindex(squeezed("Answers Definition"))
    return text[start:end], text[end:]


def test_every_answer_of_every_card_is_printed(printed, calcification):
    (deck,) = preview([CALCIFICATION], calcification).decks
    for note in deck.notes:
        for hidden in note.hidden:
            assert squeezed(visible_text(hidden.html)) in printed.text
        if not note.cloze:
            for name in ("Front", "Item", "Class"):
                if name in note.type.positions:
                    assert squeezed(visible_text(note.row[note.type.positions[name]])) in printed.text


def test_each_page_is_numbered_and_bears_the_name_of_the_deck(printed):
    for number, text in enumerate(printed.texts, start=1):
        assert squeezed(f"{number} / {len(printed.texts)}") in squeezed(text)
        assert squeezed("Pathology › Calcification") in squeezed(text)


def test_nothing_is_printed_outside_of_the_margins(printed):
    for page in printed.pages:
        width, height = (float(side) for side in (page.mediabox.width, page.mediabox.height))
        places = []

        def look(text, transform, matrix, *_, places=places):
            if text.strip():
                x, y = matrix[4], matrix[5]
                places.append(
                    (
                        transform[0] * x + transform[2] * y + transform[4],
                        transform[1] * x + transform[3] * y + transform[5],
                    )
                )

        page.extract_text(visitor_text=look)
        assert places
        assert all(15 * MILLIMETRE <= x <= width - 15 * MILLIMETRE for x, _ in places)
        assert all(5 * MILLIMETRE <= y <= height - 15 * MILLIMETRE for _, y in places)


def test_no_heading_stands_at_the_foot_of_a_page(printed, calcification):
    page = (calcification / "decks/calcification/handout.html").read_text(encoding="utf-8")
    headings = {squeezed(visible_text(heading)) for heading in re.findall(r"<h[234][^>]*>(.*?)</h[234]>", page)}
    for text in printed.texts:
        lines = [squeezed(line) for line in text.splitlines() if line.strip()]
        body = [line for line in lines if "/" not in line and line != squeezed("Pathology › Calcification")]
        assert body[-1] not in headings


@pytest.mark.parametrize(
    ("choice", "there", "gone"), [("only-notes", "Compared", "Answers"), ("only-questions", "Answers", "Compared")]
)
def test_notes_or_questions_can_be_printed_alone(choice, there, gone, chromium, calcification):
    printed = Printed(chromium, calcification, "calcification", choice=choice)
    assert there in printed.text
    assert gone not in printed.text
    assert "License:CC-BY-4.0" in printed.text
    # Nothing is printed of the page around it, and no empty page comes first.
    assert "Allcards" not in printed.text
    assert len(printed.texts[0]) > 300


def test_paper_is_white_and_ink_black_even_from_dark_mode(chromium, calcification):
    seen = Watched(chromium, color_scheme="dark")
    seen.open(calcification, "decks/calcification/handout.html")
    seen.page.check("[name=theme][value=dark]", force=True)
    look = """() => {
      const {color, backgroundColor} = getComputedStyle(document.querySelector(".handout"));
      return [color, backgroundColor];
    }"""
    dark = seen.run(look)
    seen.page.emulate_media(media="print")
    assert seen.run(look) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"] != dark


def test_the_button_prints_what_is_chosen(chromium, calcification):
    seen = Watched(chromium)
    seen.page.add_init_script("window.print = () => { window.printed = true; };")
    seen.open(calcification, "decks/calcification/handout.html")
    seen.page.click("#print")
    seen.page.wait_for_function("window.printed")


def test_formulas_are_set_before_they_are_printed(chromium, tmp_path):
    circle = "The area of a circle is $\\pi [[r^2]]$, and $\\ce{H2O}$ is wet."
    formulas = f"concepts:\n  a: {{term: Area, statements: ['{circle}']}}\n"
    folder = written(tmp_path / "site", write_deck(tmp_path, HEADING + formulas))
    printed = Printed(chromium, folder, "birds")
    assert "\\pi" not in printed.text
    assert printed.seen.run("document.querySelectorAll('.formula mjx-merror').length") == 0
    assert printed.seen.run("document.querySelectorAll('.formula').length") == 5


def test_a_deck_of_300_concepts_with_long_texts_is_printed_whole(chromium, tmp_path):
    concepts = {
        f"k{n}": {"term": f"Kind {n}", "definition": f"It is the kind of number {n} " + "and long " * (n % 50)}
        for n in range(300)
    }
    concepts["k7"]["definition"] = "Unbroken" * 60
    concepts["k8"]["examples"] = [{"text": f"Example {n}", "note": "A remark. " * 40} for n in range(40)]
    folder = written(tmp_path / "site", write_deck(tmp_path, HEADING + yaml.safe_dump({"concepts": concepts})))
    printed = Printed(chromium, folder, "birds")
    for n in range(300):
        if n != 7:
            assert squeezed(concepts[f"k{n}"]["definition"]) in printed.text
    assert squeezed("Unbroken" * 60) in printed.text
    assert all(f"Example{n}" in printed.text for n in range(40))
    assert printed.text.count(squeezed("A remark. " * 40)) == 40


def test_a_deck_that_is_written_from_right_to_left_is_printed(chromium, tmp_path):
    facts = """\
format: 1
deck: {id: birds, name: طيور, language: ar}
axes: {night: الليل}
concepts:
  owl: {term: بومة, contrasts: [eagle], definition: طائر يصطاد ليلا., features: {night: نشيط}}
  eagle: {term: نسر, definition: طائر يصطاد نهارا., features: {night: نائم}}
"""
    folder = written(tmp_path / "site", write_deck(tmp_path, facts))
    printed = Printed(chromium, folder, "birds")
    # The first column of a table, and the numbers of questions, stand at the right.
    right = "(selector) => document.querySelector(selector).getBoundingClientRect().right"
    assert printed.seen.run(right, "tbody th") > printed.seen.run(right, "tbody td")
    assert printed.seen.run(right, ".number") > printed.seen.run(right, ".number + div")
    assert printed.pages


def test_on_a_telephone_a_long_formula_moves_the_sheet_and_not_the_page(chromium, tmp_path):
    sum_of_many = " + ".join(f"a_{{{number}}}" for number in range(30))
    owl = f"concepts:\n  owl: {{term: Owl, questions: [{{ask: What is added?, answer: '${sum_of_many}$'}}]}}\n"
    folder = written(tmp_path / "site", write_deck(tmp_path, HEADING + owl))
    seen = Watched(chromium, viewport={"width": 360, "height": 640})
    seen.open(folder, "decks/birds/handout.html")
    seen.page.wait_for_function(ALL_FORMULAS_SET)
    assert seen.run("document.documentElement.scrollWidth - innerWidth") == 0
    assert seen.run("document.querySelector('main').scrollWidth - innerWidth") > 0


@pytest.mark.parametrize("deck", DECKS, ids=lambda file: file.stem)
def test_no_deck_is_wider_than_its_paper(deck, chromium, tmp_path):
    folder = written(tmp_path / "site", deck)
    # The width of A5, less its margins.
    seen = Watched(chromium, viewport={"width": 440, "height": 900})
    (name,) = (file.name for file in (folder / "decks").iterdir())
    seen.open(folder, f"decks/{name}/handout.html")
    seen.page.wait_for_function(ALL_FORMULAS_SET)
    seen.page.emulate_media(media="print")
    assert seen.run("document.documentElement.scrollWidth - innerWidth") <= 0
    assert seen.run("document.querySelectorAll('mjx-merror').length") == 0
    assert seen.complaints == []


MIXED = """
format: 1
deck: {id: mixed, name: Mixed, language: ar}
relations: {word: {ask: ما معنى ... بالعربية؟, first_lang: en}}
concepts:
  words:
    term: كلمات
    pairs: {word: {to look: يبحث}}
    examples: [{text: A book, lang: en}, قلم]
"""


def test_words_of_another_language_stand_within_their_question_and_on_the_page(chromium, tmp_path):
    seen = Watched(chromium, viewport={"width": 900, "height": 900})
    seen.open(written(tmp_path / "site", write_deck(tmp_path, MIXED)), "decks/mixed/handout.html")
    # A sentence is one thing beside the room to write, and not a column for each of its languages.
    loose = "(one) => [...one.childNodes].filter((node) => node.nodeType === 3 && node.data.trim()).length"
    assert seen.run(f"[...document.querySelectorAll('.beside > li > div')].map({loose})") == [0]
    sign = seen.run("parseFloat(getComputedStyle(document.querySelector('li:dir(ltr)')).marginLeft)")
    assert sign > 10
    assert seen.run("parseFloat(getComputedStyle(document.querySelector('li:dir(rtl)')).marginRight)") == 0
    seen.close()


def test_hostile_texts_run_no_script_on_paper_either(chromium, tmp_path):
    facts = hostile_facts()
    facts["deck"]["name"] = HOSTILE_NAME
    facts["deck"]["description"] = '<script>alert(1)</script> <img src=x onerror="alert(1)">'
    long = f"c{NUMBERS['10,000 characters']}"
    del facts["concepts"][long], facts["classifications"][f"type{long[1:]}"]
    write_deck(tmp_path, DRAWING, "drawn.svg")
    file = write_deck(tmp_path, yaml.safe_dump(facts, allow_unicode=True, sort_keys=False))
    printed = Printed(chromium, written(tmp_path / "site", file), "hostile")
    assert printed.seen.page.title() != "taken"
    assert len(printed.pages) > 50
    # What stands at the foot of each page is a text in the page's styling, and cannot leave it.
    assert squeezed("</script>") in squeezed(printed.pages[0].extract_text())


def test_numbers_rise_by_one(calcification):
    page = (calcification / "decks/calcification/handout.html").read_text(encoding="utf-8")
    numbers = list(numbered(page, "question"))
    assert numbers == list(numbered(page, "answer"))
    assert all(other == one + 1 for one, other in pairwise(numbers))
