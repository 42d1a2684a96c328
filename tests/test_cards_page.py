"""The page with all cards of a deck, in a real browser."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from deckbuilder.preview.previewed import preview
from deckbuilder.preview.render import Sides
from deckbuilder.preview.site import site
from tests.browser import Watched, deck_data, written, written_site
from tests.helpers import HEADING, OWL, write_deck
from tests.test_hostile_texts_in_anki import NUMBERS
from tests.test_preview import HOSTILE_NAME
from tests.test_preview_render import DRAWING, hostile_facts
from tests.test_sounds import write_wav

CALCIFICATION = Path(__file__).parents[1] / "cards" / "calcification.yaml"


def open_cards(seen, folder, name, address=""):
    seen.open(folder, f"decks/{name}/cards.html", address)
    seen.page.locator(".side .card").first.wait_for()


@pytest.fixture(scope="module")
def calcification(tmp_path_factory):
    return written(tmp_path_factory.mktemp("site"), CALCIFICATION)


SEE_ALL = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const wide = [];
  for (let end = 0; end < 3; end = scrollY + innerHeight >= document.body.scrollHeight - 2 ? end + 1 : 0) {
    scrollBy(0, 1500);
    await frame();
  }
  const sides = [...document.querySelectorAll(".side")];
  for (const side of sides) {
    const card = side.shadowRoot.querySelector(".card");
    if (card.scrollWidth > side.clientWidth || side.scrollWidth > side.clientWidth) wide.push(card.textContent);
  }
  return {
    cards: document.querySelectorAll("article").length,
    drawn: sides.filter((side) => side.shadowRoot.textContent.trim()).length,
    wide,
    page: document.documentElement.scrollWidth - innerWidth,
    paper: getComputedStyle(sides[0].shadowRoot.querySelector(".card")).backgroundColor,
  };
}"""
PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(44, 44, 44)"}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_every_card_is_shown_without_horizontal_scroll(chromium, calcification, width, theme):
    seen = Watched(chromium, viewport={"width": width, "height": 900}, color_scheme=theme)
    open_cards(seen, calcification, "calcification")
    found = seen.run(SEE_ALL)
    assert found["cards"] == 144
    assert found["drawn"] == 288
    assert found["wide"] == []
    assert found["page"] <= 0
    assert found["paper"] == PAPER[theme]
    assert seen.complaints == []
    assert seen.stayed_in(calcification)


LEAST_CONTRAST = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const opaque = (colour) => !/rgba\\(.*, 0\\)|transparent/.test(colour);
  let least = {ratio: 21, text: ""};
  for (const {shadowRoot} of document.querySelectorAll(".side")) {
    const walker = document.createTreeWalker(shadowRoot, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.data.trim();
      let ground = walker.currentNode.parentElement;
      const ink = light(getComputedStyle(ground).color);
      while (!opaque(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
      const paper = light(getComputedStyle(ground).backgroundColor);
      const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
      if (text && ratio < least.ratio) least = {ratio, text};
    }
  }
  return least;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_word_of_every_card_stands_out(chromium, calcification, theme):
    seen = Watched(chromium, viewport={"width": 1280, "height": 900}, color_scheme=theme)
    open_cards(seen, calcification, "calcification")
    assert seen.run(SEE_ALL)["drawn"] == 288
    assert seen.run(LEAST_CONTRAST)["ratio"] >= 4.5


# Seconds of a sound, once its file is there.
HOW_LONG = """(player) => new Promise((done, failed) => {
  player.addEventListener("loadedmetadata", () => done(player.duration));
  player.addEventListener("error", failed);
  player.load();
  player.preload = "auto";
})"""


def says(seen, count):
    """The page finds this many cards, once it has searched."""
    seen.page.get_by_text(re.compile(f"^{count}$")).wait_for(timeout=5000)


def test_search_and_filters_find_cards(chromium, calcification):
    seen = Watched(chromium)
    open_cards(seen, calcification, "calcification")
    cards = deck_data(calcification, "calcification")["cards"]
    says(seen, "144 cards")
    seen.page.keyboard.press("/")
    seen.page.keyboard.type("MÖNCKEBERG")
    matching = sum("Mönckeberg" in card["text"] or "monckeberg" in card["address"] for card in cards)
    says(seen, f"{matching} of 144 cards")
    assert matching
    seen.page.fill("#search", "zzzz")
    says(seen, "0 of 144 cards")
    assert seen.page.locator("#nothing").is_visible()
    seen.page.click("#clear")
    for name, value, key in (
        ("concept", "dystrophic", "concepts"),
        ("kind", "classification", "kind"),
        ("tag", "Pathology::Calcification::metastatic", "tags"),
        ("source", "bone-and-spine", "sources"),
        ("status", "disputed", "status"),
    ):
        seen.page.select_option(f"#{name}", value)
        matching = sum(value == card[key] if isinstance(card[key], str) else value in card[key] for card in cards)
        assert matching
        says(seen, f"{matching} of 144 cards")
        seen.page.select_option(f"#{name}", "")
    says(seen, "144 cards")
    assert seen.complaints == []


def test_a_search_that_a_telephone_typed_finds_what_a_keyboard_wrote(chromium, tmp_path):
    facts = """
concepts:
  owl:
    term: Owl
    questions:
      - {ask: "What is the owl's word for 'night'?", answer: Hoo}
      - {ask: Wo schläft die Eule?, answer: "In der Straße, „bei Nacht“"}
"""
    folder = written(tmp_path, write_deck(tmp_path, HEADING + facts))
    seen = Watched(chromium)
    open_cards(seen, folder, "birds")
    for typed in ("owl\u2019s", "\u2018night\u2019", "strasse", "STRAßE", '"bei', "nacht\u201d"):
        seen.page.fill("#search", typed)
        says(seen, "1 of 2 cards")
    assert seen.complaints == []


def test_of_10000_cards_only_those_in_sight_are_drawn(chromium, tmp_path):
    (deck,) = preview([write_deck(tmp_path, HEADING + OWL)], tmp_path).decks
    cards = tuple(replace(deck.cards[0], address=f"birds/owl-{number}") for number in range(10_000))
    written_site(site([replace(deck, cards=cards)], tmp_path), tmp_path)
    seen = Watched(chromium)
    open_cards(seen, tmp_path, "birds", "#birds/owl-7777")
    seen.page.wait_for_timeout(500)
    assert seen.run("document.activeElement.id") == "birds/owl-7777"
    assert seen.run("document.querySelectorAll('.side').length") < 100
    seen.page.fill("#search", "owl-9999")
    says(seen, "1 of 10,000 cards")
    assert seen.page.locator(".entry:visible").get_attribute("id") == "birds/owl-9999"
    assert seen.complaints == []


def test_an_address_leads_to_its_card_and_keys_lead_on(chromium, calcification):
    seen = Watched(chromium, viewport={"width": 1280, "height": 900})
    addresses = [card["address"] for card in deck_data(calcification, "calcification")["cards"]]
    open_cards(seen, calcification, "calcification", f"#{addresses[90]}")
    seen.page.wait_for_timeout(400)
    focused = "[document.activeElement.id, Math.round(document.activeElement.getBoundingClientRect().top)]"
    address, top = seen.run(focused)
    assert address == addresses[90]
    assert 0 <= top < 200
    seen.page.keyboard.press("j")
    seen.page.wait_for_timeout(300)
    assert seen.run(focused)[0] == addresses[91]


def test_switches_change_the_cards_and_are_remembered(chromium, calcification):
    seen = Watched(chromium, viewport={"width": 1280, "height": 900}, color_scheme="light")
    open_cards(seen, calcification, "calcification")
    look = """() => {
      const style = getComputedStyle(document.querySelector(".side").shadowRoot.querySelector(".card"));
      return [style.backgroundColor, style.paddingLeft];
    }"""
    wide = seen.run(look)
    seen.page.check("[name=theme][value=dark]")
    seen.page.check("[name=width][value=phone]")
    narrow = seen.run(look)
    assert wide == [PAPER["light"], "21px"]
    # The card's own rule for narrow windows holds: 0.6 of its letters' height in place of the whole.
    assert narrow == [PAPER["dark"], "12.6px"]
    seen.page.reload()
    seen.page.locator(".side .card").first.wait_for()
    assert seen.run(look) == narrow


def test_a_picture_is_shown_within_the_policy_of_the_page(chromium, tmp_path):
    write_deck(tmp_path, '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>', "owl.svg")
    image = "definition: {text: A bird., image: {file: owl.svg, alt: An owl}}"
    facts = HEADING + OWL.replace("definition: A bird that hunts at night.", image)
    folder = written(tmp_path / "site", write_deck(tmp_path, facts))
    seen = Watched(chromium)
    open_cards(seen, folder, "birds")
    picture = seen.page.get_by_alt_text("An owl").first
    picture.wait_for()
    assert picture.evaluate("async (image) => (await image.decode(), image.naturalWidth)") == 40
    assert seen.complaints == []
    assert seen.stayed_in(folder)


def test_a_sound_is_found_within_the_policy_of_the_page(chromium, tmp_path):
    write_wav(tmp_path / "hoot.wav")
    sound = "definition: {text: A bird., audio: hoot.wav}"
    facts = HEADING + OWL.replace("definition: A bird that hunts at night.", sound)
    folder = written(tmp_path / "site", write_deck(tmp_path, facts))
    seen = Watched(chromium)
    open_cards(seen, folder, "birds")
    player = seen.page.locator(".side audio").first
    assert player.evaluate(HOW_LONG) > 0
    assert seen.complaints == []
    assert seen.stayed_in(folder)


def test_hostile_texts_and_file_names_run_no_script(chromium, tmp_path):
    file = tmp_path / "a'><img src=x onerror=alert(1)>.yaml"
    if os.name == "nt":
        pytest.skip("Windows has no such file names")
    facts = hostile_facts()
    facts["deck"]["name"] = HOSTILE_NAME
    write_deck(tmp_path, '<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>', "drawn.svg")
    # Length is no attack, and the review would read it for a minute.
    long = f"c{NUMBERS['10,000 characters']}"
    del facts["concepts"][long], facts["classifications"][f"type{long[1:]}"]
    facts["concepts"]["plain"]["definition"] = '<img src=x onerror="alert(1)"> [link](javascript:alert(2))'
    file.write_text(yaml.safe_dump(facts, allow_unicode=True, sort_keys=False), encoding="utf-8")
    write_deck(tmp_path, DRAWING, "drawn.svg")
    folder = written(tmp_path / "site", file)
    seen = Watched(chromium)
    open_cards(seen, folder, "hostile")
    seen.run(SEE_ALL)
    assert "</script>" in seen.page.title()
    assert seen.complaints == []
    assert seen.stayed_in(folder)


def test_even_html_that_slipped_through_would_run_no_script(chromium, tmp_path):
    file = write_deck(tmp_path, HEADING + OWL)
    (deck,) = preview([file], tmp_path).decks
    attack = """<img src="x" onerror="document.title = 'taken'"><a href="javascript:alert(1)">x</a>
    <iframe srcdoc="<script>parent.document.title = 'taken'</script>"></iframe><img src="https://example.org/x.png">"""
    attacked = replace(deck, cards=tuple(replace(card, sides=Sides(attack, attack)) for card in deck.cards))
    written_site(site([attacked], tmp_path), tmp_path)
    seen = Watched(chromium)
    open_cards(seen, tmp_path, "birds")
    seen.page.wait_for_timeout(300)
    seen.page.locator(".side a").first.click(no_wait_after=True)
    assert seen.page.title() != "taken"
    assert not {"1"} & set(seen.complaints)
    assert any("Content Security Policy" in complaint for complaint in seen.complaints)


FORMULA = HEADING + "concepts:\n  a:\n    term: Area\n    definition: 'Equals $\\pi r^2$ or $\\ce{H2O}$'\n"


def test_a_formula_is_set(chromium, tmp_path):
    folder = written(tmp_path / "site", write_deck(tmp_path, FORMULA))
    seen = Watched(chromium)
    open_cards(seen, folder, "birds")
    seen.page.locator(".side mjx-container svg").nth(1).wait_for()
    assert "mjx-merror" not in seen.run("document.querySelectorAll('.side')[1].shadowRoot.innerHTML")
    assert seen.complaints == []
    assert seen.stayed_in(folder)
