"""A deck studied in a real browser, without Anki."""

import json
from pathlib import Path

import pytest
import yaml

from tests.browser import Watched, deck_data, written
from tests.helpers import HEADING, OWL, write_deck
from tests.test_hostile_texts_in_anki import NUMBERS
from tests.test_pages_in_a_browser import RUN_AXE, axe  # noqa: F401 - a fixture
from tests.test_preview import BIRDS
from tests.test_preview_render import DRAWING, hostile_facts

CALCIFICATION = Path(__file__).parents[1] / "cards" / "calcification.yaml"
HINTED = HEADING + OWL + "    questions:\n      - {ask: What do owls eat?, answer: Mice., hint: It squeaks.}\n"


@pytest.fixture(scope="module")
def calcification(tmp_path_factory):
    return written(tmp_path_factory.mktemp("site"), CALCIFICATION)


class Student:
    """Somebody who studies a deck in the browser, with the keyboard alone where nothing else is said."""

    def __init__(self, chromium, folder, deck="birds", **options):
        self.seen = Watched(chromium, **options)
        self.page, self.folder, self.deck = self.seen.page, folder, deck
        self.open()

    def open(self):
        self.seen.open(self.folder, f"decks/{self.deck}/study.html")
        self.page.locator("main.study > :visible").first.wait_for()

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def press_tab_to(self, selector):
        """By the Tab key, as long as it takes."""
        for _ in range(30):
            if self.page.locator(selector).evaluate("(one) => one === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"the Tab key does not lead to {selector}")

    def begin(self, amount="10"):
        self.page.check(f"[name=amount][value='{amount}']")
        self.press_tab_to("#begin")
        self.press("Enter")

    @property
    def is_asked(self):
        return self.page.locator("#session").is_visible()

    @property
    def turn(self):
        return self.page.locator("#turn").inner_text()

    @property
    def card(self):
        return " ".join(self.page.locator("#card .card").inner_text().split())

    @property
    def side(self):
        return self.page.locator("#card").get_attribute("data-side")

    @property
    def harm(self):
        """What the page complained of, and what it asked for outside of its folder."""
        return [*self.seen.complaints, *([] if self.seen.stayed_in(self.folder) else self.seen.requests)]

    @property
    def focused(self):
        """What a screen reader says of the thing in focus: its label, or its words."""
        return self.page.evaluate(
            "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"
        )


# -------------------------------------------------------------------- by the keyboard


def test_ten_cards_are_studied_with_the_keyboard_alone(chromium, calcification):
    student = Student(chromium, calcification, "calcification")
    student.begin()
    asked = []
    for turn in range(12):
        assert student.side == "question"
        assert student.focused == "Question"
        asked.append(student.card)
        student.press("Space" if turn % 2 else "Enter")
        assert student.side == "answer"
        assert student.focused == "Answer"
        missed = {1: "1", 3: "ArrowLeft"}
        student.press(missed.get(turn, ("2", "ArrowRight", "Space")[turn % 3]))
    assert not student.is_asked
    assert len(set(asked)) == 10
    # Four others come before a missed card comes again, or a few more if a sibling stands there.
    assert asked.index(asked[1], 2) >= 6
    assert asked.index(asked[3], 4) >= 8
    assert student.focused == "Well done"
    assert "8 of 10 known at once" in student.page.locator("#result").inner_text()
    assert student.page.locator("#hard-list li").count() == 2
    assert student.harm == []


def test_keys_of_a_card_do_nothing_where_there_is_none(chromium, tmp_path):
    student = Student(chromium, written(tmp_path / "site", write_deck(tmp_path, HEADING + OWL)))
    student.press("Space", "Enter", "1", "2", "u", "Control+z")
    assert not student.is_asked
    student.begin()
    student.press("Space", "2", "Space", "2", "Space", "1", "u")
    assert "2 of 2" in student.page.locator("#result").inner_text()
    assert student.harm == []


def test_the_turn_is_told_and_the_bar_knows_how_far_one_is(chromium, calcification):
    student = Student(chromium, calcification, "calcification")
    student.begin()
    bar = student.page.locator("#bar")
    assert student.turn == "Card 1 of 10"
    student.press("Space", "1")
    assert student.turn == "Card 1 of 10"
    student.press("Space", "2")
    assert student.turn == "Card 2 of 10"
    assert (bar.get_attribute("aria-valuenow"), bar.get_attribute("aria-valuemax")) == ("1", "10")
    while student.turn != "Card 10 of 10":
        if student.turn.endswith(", once again"):
            return
        student.press("Space", "2")
    pytest.fail("the missed card did not say that it comes again")


def test_a_hint_opens_by_the_keyboard_and_does_not_turn_the_card(chromium, tmp_path):
    student = Student(chromium, written(tmp_path / "site", write_deck(tmp_path, HINTED)))
    student.page.select_option("#kind", "question")
    student.begin()
    student.press("Tab", "Enter")
    assert student.side == "question"
    assert "It squeaks." in student.card
    student.press("Space")
    assert student.side == "question"
    student.press("Tab", "Enter")
    assert student.side == "answer"
    assert student.harm == []


def test_an_answer_can_be_typed_and_stands_above_the_true_one(chromium, tmp_path):
    facts = HEADING + OWL + "    questions:\n      - {ask: What do owls eat?, answer: Mice, type: true}\n"
    student = Student(chromium, written(tmp_path / "site", write_deck(tmp_path, facts)))
    student.page.select_option("#kind", "question")
    student.begin()
    assert student.focused == "Question"
    student.page.keyboard.type("2 mice, u 1")
    assert (student.side, student.turn) == ("question", "Card 1 of 1")
    student.press("Enter")
    assert student.page.locator("#typed").inner_text() == "You typed: 2 mice, u 1"
    assert "Mice" in student.card
    student.press("2")
    assert "1 of 1" in student.page.locator("#result").inner_text()
    assert student.harm == []


def test_undo_takes_the_last_answer_back_even_the_very_last(chromium, tmp_path):
    student = Student(chromium, written(tmp_path / "site", write_deck(tmp_path, HEADING + OWL)))
    student.begin()
    first = student.card
    student.press("Space", "1")
    assert student.card != first
    student.press("u")
    assert (student.card, student.turn) == (first, "Card 1 of 2")
    student.press("Space", "2", "Space", "2")
    assert "2 of 2" in student.page.locator("#result").inner_text()
    student.press_tab_to("#back")
    student.press("Enter", "Space", "1", "Space", "2")
    assert "1 of 2" in student.page.locator("#result").inner_text()


def test_the_tab_key_leads_through_the_session_and_out_of_it(chromium, tmp_path):
    student = Student(chromium, written(tmp_path / "site", write_deck(tmp_path, HEADING + OWL)))
    student.begin()
    student.press("Tab")
    assert student.focused.startswith("Show answer")
    student.press("Space", "Tab")
    assert student.focused.startswith("Again")
    student.press("Tab")
    assert student.focused.startswith("Good")
    student.press("Enter")
    assert student.turn == "Card 2 of 2"
    student.press("Shift+Tab")
    assert student.focused == "End"
    student.press("Enter")
    assert student.focused == "Enough for now"


# ------------------------------------------------------------------------ what is asked


def test_concept_kind_and_number_can_be_chosen(chromium, calcification):
    student = Student(chromium, calcification, "calcification")
    student.page.select_option("#concept", "dystrophic")
    student.page.select_option("#kind", "question")
    cards = deck_data(calcification, "calcification")["cards"]
    fitting = [card for card in cards if "dystrophic" in card["concepts"] and card["kind"] == "question"]
    assert student.page.locator("#known").inner_text() == f"{len(fitting)} cards"
    student.begin("all")
    assert student.turn == f"Card 1 of {len(fitting)}"


def test_a_withdrawn_card_is_not_asked_and_a_disputed_one_says_so(chromium, run, tmp_path):
    facts = write_deck(tmp_path / "cards", HEADING + BIRDS)
    assert run("build").code == 0
    facts.write_text(HEADING + BIRDS.replace("      - Owls see in the [[dark]].\n", ""), encoding="utf-8")
    assert run("build", "--accept-removals").code == 0
    assert run("preview", "-o", "site").code == 0
    assert "withdrawn" in {card["status"] for card in deck_data(tmp_path / "site", "birds")["cards"]}
    student = Student(chromium, tmp_path / "site")
    student.begin("all")
    asked = []
    while student.is_asked:
        asked.append(student.card)
        student.press("Space", "2")
    assert len(asked) == 6
    assert not any("Owls see" in card for card in asked)
    assert sum("Disputed: sources disagree." in card for card in asked) == 2


def test_what_was_missed_is_asked_again_in_the_next_session_and_what_was_known_is_not(chromium, tmp_path):
    student = Student(chromium, written(tmp_path / "site", write_deck(tmp_path, HEADING + OWL)))
    student.begin()
    missed = student.card
    student.press("Space", "1", "Space", "2", "Space", "2")
    student.press_tab_to("#more")
    student.press("Enter")
    assert student.page.locator("#known").inner_text() == "2 cards, 1 of them known"
    student.begin()
    assert (student.card, student.turn) == (missed, "Card 1 of 1")
    student.press("Space", "2")
    student.press_tab_to("#more")
    student.press("Enter")
    assert student.page.locator("#begin").inner_text() == "Begin once more"


def test_only_the_hard_ones_can_be_asked_again(chromium, calcification):
    student = Student(chromium, calcification, "calcification")
    student.begin()
    hard = student.card
    student.press("Space", "1", *["Space", "2"] * 10)
    student.press_tab_to("#repeat")
    student.press("Enter")
    assert (student.card, student.turn) == (hard, "Card 1 of 1")


def test_the_result_leads_to_the_page_where_the_deck_can_be_had(chromium, tmp_path):
    student = Student(chromium, written(tmp_path / "site", write_deck(tmp_path, HEADING + OWL)))
    student.begin()
    student.press(*["Space", "2"] * 2)
    student.press_tab_to(".keep a")
    student.press("Enter")
    student.page.wait_for_url("**/decks/birds/index.html")
    assert student.harm == []


def test_a_hard_card_with_a_picture_is_named_in_words(chromium, tmp_path):
    write_deck(tmp_path, DRAWING, "owl.svg")
    masks = "masks: [{answer: Beak, box: [0.1, 0.1, 0.3, 0.2]}]"
    images = f"    images: [{{file: owl.svg, alt: A drawn owl}}, {{file: owl.svg, alt: An owl, {masks}}}]\n"
    student = Student(chromium, written(tmp_path / "site", write_deck(tmp_path, HEADING + OWL + images)))
    student.begin()
    student.press(*["Space", "1"] * 4, *["Space", "2"] * 4)
    assert set(student.page.locator("#hard-list a").all_inner_texts()) >= {"A drawn owl", "Owl An owl"}


def test_a_hard_card_leads_to_its_place_among_all_cards(chromium, tmp_path):
    student = Student(chromium, written(tmp_path / "site", write_deck(tmp_path, HEADING + OWL)))
    student.begin()
    student.press("Space", "1", "Space", "2", "Space", "2")
    student.page.click("#hard-list a")
    student.page.locator(".side .card").first.wait_for()
    assert student.page.evaluate("document.activeElement.id").startswith("birds/owl/definition-")


# ------------------------------------------------------------------- what is remembered


def test_a_reload_comes_back_to_the_same_card(chromium, calcification):
    student = Student(chromium, calcification, "calcification")
    student.begin()
    student.press("Space", "2", "Space", "1")
    before = (student.card, student.turn)
    student.open()
    assert (student.card, student.turn) == before
    student.press("u")
    assert student.turn == "Card 2 of 10"


def test_a_changed_deck_keeps_what_it_still_has(chromium, tmp_path):
    birds = HEADING + OWL + "  wren: {term: Wren, definition: A small brown bird.}\n"
    folder = written(tmp_path / "site", write_deck(tmp_path, birds))
    student = Student(chromium, folder)
    student.begin()
    student.press("Space", "2")
    written(folder, write_deck(tmp_path, HEADING + OWL))
    student.open()
    while student.is_asked:
        assert "brown" not in student.card
        assert "Wren" not in student.card
        student.press("Space", "2")
    assert "2 of 2" in student.page.locator("#result").inner_text()


@pytest.mark.parametrize("stored", ["{", "7", "null", '{"version": 99}', '{"version": 1, "known": 3, "session": {}}'])
def test_stored_nonsense_does_no_harm(stored, chromium, tmp_path):
    student = Student(chromium, written(tmp_path / "site", write_deck(tmp_path, HEADING + OWL)))
    student.page.evaluate("(stored) => localStorage.setItem('deckbuilder-study-birds', stored)", stored)
    student.open()
    student.begin()
    assert student.turn == "Card 1 of 2"
    assert student.harm == []


def test_two_decks_of_one_site_do_not_know_of_each_other(chromium, tmp_path):
    owls = write_deck(tmp_path, "format: 1\ndeck: {id: owls, name: Owls}\n" + OWL, "owls.yaml")
    folder = written(tmp_path / "site", write_deck(tmp_path, HEADING + OWL), owls)
    student = Student(chromium, folder)
    student.begin()
    student.press("Space", "2")
    student.deck = "owls"
    student.open()
    assert student.page.locator("#known").inner_text() == "2 cards"


def test_progress_can_be_forgotten(chromium, tmp_path):
    student = Student(chromium, written(tmp_path / "site", write_deck(tmp_path, HEADING + OWL)))
    assert not student.page.locator("#forget").is_visible()
    student.begin()
    student.press("Space", "2", "Space", "2")
    student.press_tab_to("#more")
    student.press("Enter")
    student.press_tab_to("#forget")
    student.press("Enter")
    assert student.page.locator("#known").inner_text() == "2 cards"
    assert student.page.evaluate("Object.keys(localStorage)") == []
    assert student.focused == "Try this deck"


def test_a_browser_that_refuses_storage_lets_one_study_all_the_same(chromium, tmp_path):
    student = Student(chromium, written(tmp_path / "site", write_deck(tmp_path, HEADING + OWL)))
    refuse = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('', 'SecurityError'); }})"
    student.page.add_init_script(refuse)
    student.open()
    assert "keeps nothing" in student.page.locator("#kept").inner_text()
    student.begin()
    student.press("Space", "1", "Space", "2", "Space", "2")
    assert "1 of 2" in student.page.locator("#result").inner_text()
    student.press_tab_to("#more")
    student.press("Enter")
    assert student.page.locator("#known").inner_text() == "2 cards, 1 of them known"
    assert student.harm == []


# ------------------------------------------------------------------------ how it looks


SMALL_TARGETS = """[...document.querySelectorAll("main button, main select, main label, main a")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44 && !one.closest("li, p"))
  .map((one) => one.textContent)"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_fits_and_its_targets_are_large_enough_for_a_finger(width, theme, chromium, calcification):
    options = {"viewport": {"width": width, "height": 568}, "color_scheme": theme}
    student = Student(chromium, calcification, "calcification", **options)

    def assert_fits():
        assert student.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert student.page.evaluate(SMALL_TARGETS) == []

    assert_fits()
    student.begin()
    for turn in range(12):
        assert_fits()
        student.press("Space")
        # The buttons stand in sight however long the card is.
        assert student.page.locator("#good").bounding_box()["y"] < 568 - 44
        student.press("1" if turn in {2, 3} else "2")
    assert_fits()
    assert student.harm == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_to_mend_on_the_way(theme, chromium, calcification, axe):  # noqa: F811 - the fixture
    student = Student(chromium, calcification, "calcification", color_scheme=theme, reduced_motion="reduce")
    student.page.evaluate(axe)
    student.begin()
    for keys in (["Space"], ["1", "Space", "2"], ["Space", "2"] * 10):
        student.press(*keys)
        assert student.page.evaluate(RUN_AXE)["wrong"] == []
    assert not student.is_asked


def test_a_tap_on_the_card_shows_the_answer(chromium, tmp_path):
    folder = written(tmp_path / "site", write_deck(tmp_path, HINTED))
    student = Student(chromium, folder, has_touch=True, viewport={"width": 390, "height": 844})
    student.page.select_option("#kind", "question")
    student.page.tap("#begin")
    student.page.tap("summary")
    assert student.side == "question"
    student.page.tap("#card .front")
    assert student.side == "answer"
    student.page.tap("#good")
    assert "1 of 1" in student.page.locator("#result").inner_text()


def test_nothing_moves_for_who_asked_for_less_motion(chromium, calcification):
    student = Student(chromium, calcification, "calcification", reduced_motion="reduce")
    student.begin()
    student.press("Space", "2")
    assert student.page.evaluate("document.getAnimations().length") == 0


def test_formulas_are_set_and_a_card_that_is_gone_before_does_no_harm(chromium, tmp_path):
    formulas = "".join(f"  a{n}: {{term: Area {n}, definition: 'Equals $\\pi r^{n}$'}}\n" for n in range(2, 7))
    folder = written(tmp_path / "site", write_deck(tmp_path, HEADING + "concepts:\n" + formulas))
    student = Student(chromium, folder)
    student.begin()
    student.press(*["Space", "2"] * 9, "Space")
    student.page.locator("#card mjx-container svg").first.wait_for()
    assert student.harm == []


def test_hostile_texts_run_no_script(chromium, tmp_path):
    facts = hostile_facts()
    long = f"c{NUMBERS['10,000 characters']}"
    del facts["concepts"][long], facts["classifications"][f"type{long[1:]}"]
    facts["concepts"]["plain"]["definition"] = '<img src=x onerror="alert(1)"> [link](javascript:alert(2))'
    write_deck(tmp_path, DRAWING, "drawn.svg")
    file = write_deck(tmp_path, yaml.safe_dump(facts, allow_unicode=True, sort_keys=False))
    folder = written(tmp_path / "site", file)
    student = Student(chromium, folder, "hostile")
    student.begin("50")
    for turn in range(70):
        if student.is_asked:
            student.press("Space", "1" if turn < 20 else "2")
    assert student.page.locator("#hard-list li").count() > 5
    assert student.harm == []


def test_what_is_stored_names_its_version_and_the_cards_by_their_addresses(chromium, tmp_path):
    student = Student(chromium, written(tmp_path / "site", write_deck(tmp_path, HEADING + OWL)))
    student.begin()
    student.press("Space", "2")
    stored = json.loads(student.page.evaluate("localStorage.getItem('deckbuilder-study-birds')"))
    assert stored["version"] == 1
    assert {*stored["known"], *stored["session"]["waiting"]} == {"birds/owl/definition-1", "birds/owl/definition-2"}
