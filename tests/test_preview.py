"""The preview: what is written, and that nothing of somebody else is touched; what a browser makes of it is below."""

import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from deckbuilder.preview.concern import concerned
from deckbuilder.preview.mathjax import installed_mathjax
from deckbuilder.preview.previewed import preview
from deckbuilder.preview.render import Sides
from deckbuilder.preview.site import site
from deckbuilder.problems import Place, Problem
from tests.helpers import HEADING, OWL, write_deck
from tests.test_hostile_texts_in_anki import NUMBERS
from tests.test_preview_render import hostile_facts

ROOT = Path(__file__).parents[1]
CALCIFICATION = ROOT / "cards" / "calcification.yaml"
BIRDS = """\
concepts:
  owl:
    term: Owl
    definition: A bird that hunts at night.
    statements:
      - Owls see in the [[dark]].
      - Their young are called [[owlets]] and [[chicks]].
  wren:
    term: Wren
    definition: {text: A small brown bird., status: disputed, note: Some are red.}
"""
HOSTILE_NAME = """</script><script>document.title = "taken"</script>"""


def data_of(page):
    """What a deck's page tells its script."""
    (text,) = re.findall(r'<script type="application/json" id="deck">(.*?)</script>', page, re.DOTALL)
    return json.loads(text)


def cards_of(file):
    return data_of(file.read_text(encoding="utf-8"))["cards"]


def deck_named(name, concepts=OWL):
    return f"format: 1\ndeck: {{id: {name}, name: {name.title()}}}\n{concepts}"


# ------------------------------------------------------------------- what is written


def test_preview_writes_a_page_for_each_deck_and_says_where(run, tmp_path):
    write_deck(tmp_path / "cards", deck_named("birds"), "birds.yaml")
    write_deck(tmp_path / "cards", deck_named("owls"), "owls.yaml")
    ran = run("preview")
    assert ran.code == 0
    assert "Birds  2 cards" in ran.out
    assert "preview/index.html" in ran.out.replace("\\", "/")
    index = (tmp_path / "preview" / "index.html").read_text(encoding="utf-8")
    assert 'href="decks/birds.html"' in index
    assert 'href="decks/owls.html"' in index
    assert len(cards_of(tmp_path / "preview" / "decks" / "birds.html")) == 2


def test_a_card_knows_its_address_its_place_its_concept_and_its_status(run, tmp_path):
    write_deck(tmp_path / "cards", HEADING + BIRDS)
    assert run("preview", "-o", "site").code == 0
    cards = {card["address"]: card for card in cards_of(tmp_path / "site" / "decks" / "birds.html")}
    definition = cards["birds/owl/definition-2"]
    assert definition["place"] == "cards/birds.yaml:6"
    assert definition["href"] == "../../cards/birds.yaml"
    assert definition["concepts"] == ["owl"]
    assert definition["status"] == "normal"
    assert {card["status"] for address, card in cards.items() if "/wren/" in address} == {"disputed"}
    statement = [card for card in cards.values() if card["kind"] == "cloze"]
    assert [card["place"] for card in statement] == ["cards/birds.yaml:8", "cards/birds.yaml:9", "cards/birds.yaml:9"]


def test_a_finding_of_the_review_stands_on_the_cards_of_its_fact_alone(run, tmp_path):
    leak = BIRDS.replace("Owls see in the [[dark]].", "In the dark owls see in the [[dark]].")
    write_deck(tmp_path / "cards", HEADING + leak)
    assert run("preview").code == 0
    cards = cards_of(tmp_path / "preview" / "decks" / "birds.html")
    found = {card["place"]: [one["rule"] for one in card["problems"]] for card in cards}
    assert "answer-leak" in found["cards/birds.yaml:8"]
    assert not any("answer-leak" in rules for place, rules in found.items() if place != "cards/birds.yaml:8")


PROBLEM = Problem(Place(Path("birds.yaml")), "rule", "message")


@pytest.mark.parametrize(
    ("line", "column", "concerned_lines"),
    [
        (6, 5, [6, 6]),  # the definition, and so both its cards
        (8, 9, [8]),  # a text within a statement
        (7, 5, [8, 9, 9]),  # the key of all statements
        (5, 5, []),  # the concept's term
        (3, 1, []),
        (0, 0, []),
    ],
)
def test_a_problem_concerns_the_cards_of_the_nearest_fact_around_it(line, column, concerned_lines, tmp_path):
    file = write_deck(tmp_path, HEADING + BIRDS)
    (deck,) = preview([file], tmp_path).decks
    problem = replace(PROBLEM, place=Place(file, line, column))
    places = {card.address: card.place for card in deck.cards}
    found, loose = concerned(places, [problem])
    assert [places[address].line for address in places if address in found] == concerned_lines
    assert loose == ([] if concerned_lines else [problem])


def test_a_finding_of_the_whole_deck_stands_above_the_cards(run, tmp_path):
    heading = HEADING.replace("name: Birds", "name: Birds, allow: {answer-leak: none here}")
    write_deck(tmp_path / "cards", heading + OWL)
    assert run("preview").code == 0
    page = data_of((tmp_path / "preview" / "decks" / "birds.html").read_text(encoding="utf-8"))
    assert "waiver-unused" in [one["rule"] for one in page["loose"]]


def test_a_withdrawn_card_is_shown_as_such(run, tmp_path):
    facts = write_deck(tmp_path / "cards", HEADING + BIRDS)
    assert run("build").code == 0
    facts.write_text(HEADING + BIRDS.partition("  wren:")[0], encoding="utf-8")
    assert run("build", "--accept-removals").code == 0
    assert run("preview").code == 0
    cards = cards_of(tmp_path / "preview" / "decks" / "birds.html")
    assert {card["address"] for card in cards if card["status"] == "withdrawn"} == {
        "birds/wren/definition-1",
        "birds/wren/definition-2",
    }


def test_pictures_are_copied(run, tmp_path):
    picture = b"\x89PNG\r\n\x1a\n" + bytes(20)
    write_deck(tmp_path / "cards", picture, "owl.png")
    image = "definition: {text: A bird., image: {file: owl.png, alt: An owl}}"
    write_deck(tmp_path / "cards", HEADING + OWL.replace("definition: A bird that hunts at night.", image))
    assert run("preview").code == 0
    (copied,) = (tmp_path / "preview" / "media").iterdir()
    assert copied.read_bytes() == picture
    (card, _) = cards_of(tmp_path / "preview" / "decks" / "birds.html")
    assert f'src="{copied.name}"' in card["answer"]


def test_a_deck_with_an_error_is_told_and_the_others_are_shown(run, tmp_path):
    write_deck(tmp_path / "cards", deck_named("owls"), "owls.yaml")
    write_deck(tmp_path / "cards", deck_named("birds", "concepts:\n  owl:\n    trem: Owl\n"), "birds.yaml")
    ran = run("preview")
    assert ran.code == 1
    assert "unknown key 'trem'" in ran.err
    assert sorted(file.name for file in (tmp_path / "preview" / "decks").iterdir()) == ["owls.html"]


def test_the_same_facts_give_the_same_pages(run, tmp_path):
    write_deck(tmp_path / "cards", HEADING + BIRDS)
    for folder in ("one", "two"):
        assert run("preview", "-o", folder).code == 0
    for file in (tmp_path / "one").rglob("*.*"):
        assert (
            file.is_dir() or file.read_bytes() == (tmp_path / "two" / file.relative_to(tmp_path / "one")).read_bytes()
        )


def test_no_text_can_leave_the_place_where_a_page_holds_it(tmp_path):
    file = write_deck(tmp_path, OWL.replace("Owl", f"'{HOSTILE_NAME}'"), "deck.yaml")
    file.write_text(f"format: 1\ndeck: {{id: birds, name: '{HOSTILE_NAME}'}}\n" + file.read_text(encoding="utf-8"))
    decks = preview([file], tmp_path).decks
    for page in ("index.html", "decks/birds.html"):
        text = site(decks, tmp_path)[page].decode()
        assert "<script>" not in text
        assert "default-src 'none'; script-src 'self'" in text


# ---------------------------------------------------- what belongs to somebody else


def test_a_file_that_no_preview_wrote_is_never_replaced(run, tmp_path):
    write_deck(tmp_path / "cards", HEADING + OWL)
    mine = write_deck(tmp_path / "site", "mine", "index.html")
    ran = run("preview", "-o", "site")
    assert ran.code == 2
    assert "was not written by a preview" in ran.err
    assert mine.read_text(encoding="utf-8") == "mine"
    assert sorted(file.name for file in (tmp_path / "site").iterdir()) == ["index.html"]


def test_the_page_of_a_deck_that_is_gone_goes_and_other_files_stay(run, tmp_path):
    gone = write_deck(tmp_path / "cards", deck_named("owls"), "owls.yaml")
    write_deck(tmp_path / "cards", deck_named("birds"), "birds.yaml")
    assert run("preview").code == 0
    mine = write_deck(tmp_path / "preview" / "decks", "mine", "mine.html")
    gone.unlink()
    assert run("preview").code == 0
    assert sorted(file.name for file in mine.parent.iterdir()) == ["birds.html", "mine.html"]


def test_a_list_of_written_files_that_names_others_is_not_obeyed(run, tmp_path):
    facts = write_deck(tmp_path / "cards", HEADING + OWL)
    names = ["../cards/birds.yaml", "decks/../../cards/birds.yaml", str(facts), "mine.txt", 7]
    mine = write_deck(tmp_path / "preview", "mine", "mine.txt")
    write_deck(tmp_path / "preview", json.dumps(names), ".deckbuilder-preview.json")
    assert run("preview").code == 0
    assert facts.exists()
    assert mine.exists()


# ---------------------------------------------------------------- in a real browser


@pytest.fixture(scope="module")
def chromium():
    """Debian's Chromium; a page that is asked for something outside of its folder, or complains, fails its test."""
    api = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no chromium on this machine")
    # Chromium has no sandbox for root, as whom containers run.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=as_root)
        yield browser
        browser.close()


class Watched:
    """A page, and what it asked for and complained of."""

    def __init__(self, chromium, **options):
        self.page = chromium.new_context(**options).new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))

    def open(self, folder, name, address=""):
        self.page.goto((folder / "decks" / f"{name}.html").as_uri() + address)
        self.page.locator(".side .card").first.wait_for()

    def run(self, script, *arguments):
        return self.page.evaluate(script, *arguments)

    def stayed_in(self, folder):
        return [url for url in self.requests if not url.startswith((folder.as_uri(), "data:"))] == []


def written(folder, source, mathjax=None):
    """The site of one deck, written as it is."""
    for name, data in site(preview([source], folder / "none").decks, folder, mathjax).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


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


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_every_card_is_shown_without_horizontal_scroll(chromium, calcification, width, theme):
    seen = Watched(chromium, viewport={"width": width, "height": 900}, color_scheme=theme)
    seen.open(calcification, "calcification")
    found = seen.run(SEE_ALL)
    assert found["cards"] == 144
    assert found["drawn"] == 288
    assert found["wide"] == []
    assert found["page"] <= 0
    assert found["paper"] == PAPER[theme]
    assert seen.complaints == []
    assert seen.stayed_in(calcification)


def says(seen, count):
    """The page finds this many cards, once it has searched."""
    seen.page.get_by_text(re.compile(f"^{count}$")).wait_for(timeout=5000)


@pytest.mark.slow
def test_search_and_filters_find_cards(chromium, calcification):
    seen = Watched(chromium)
    seen.open(calcification, "calcification")
    cards = cards_of(calcification / "decks" / "calcification.html")
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
        ("status", "disputed", "status"),
    ):
        seen.page.select_option(f"#{name}", value)
        matching = sum(value == card[key] if isinstance(card[key], str) else value in card[key] for card in cards)
        assert matching
        says(seen, f"{matching} of 144 cards")
        seen.page.select_option(f"#{name}", "")
    says(seen, "144 cards")
    assert seen.complaints == []


@pytest.mark.slow
def test_of_10000_cards_only_those_in_sight_are_drawn(chromium, tmp_path):
    (deck,) = preview([write_deck(tmp_path, HEADING + OWL)], tmp_path).decks
    cards = tuple(replace(deck.cards[0], address=f"birds/owl-{number}") for number in range(10_000))
    for name, data in site([replace(deck, cards=cards)], tmp_path).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    seen = Watched(chromium)
    seen.open(tmp_path, "birds", "#birds/owl-7777")
    seen.page.wait_for_timeout(500)
    assert seen.run("document.activeElement.id") == "birds/owl-7777"
    assert seen.run("document.querySelectorAll('.side').length") < 100
    seen.page.fill("#search", "owl-9999")
    says(seen, "1 of 10,000 cards")
    assert seen.page.locator(".entry:visible").get_attribute("id") == "birds/owl-9999"
    assert seen.complaints == []


@pytest.mark.slow
def test_an_address_leads_to_its_card_and_keys_lead_on(chromium, calcification):
    seen = Watched(chromium, viewport={"width": 1280, "height": 900})
    addresses = [card["address"] for card in cards_of(calcification / "decks" / "calcification.html")]
    seen.open(calcification, "calcification", f"#{addresses[90]}")
    seen.page.wait_for_timeout(400)
    focused = "[document.activeElement.id, Math.round(document.activeElement.getBoundingClientRect().top)]"
    address, top = seen.run(focused)
    assert address == addresses[90]
    assert 0 <= top < 200
    seen.page.keyboard.press("j")
    seen.page.wait_for_timeout(300)
    assert seen.run(focused)[0] == addresses[91]


@pytest.mark.slow
def test_switches_change_the_cards_and_are_remembered(chromium, calcification):
    seen = Watched(chromium, viewport={"width": 1280, "height": 900}, color_scheme="light")
    seen.open(calcification, "calcification")
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


@pytest.mark.slow
def test_a_picture_is_shown_within_the_policy_of_the_page(chromium, tmp_path):
    write_deck(tmp_path, '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>', "owl.svg")
    image = "definition: {text: A bird., image: {file: owl.svg, alt: An owl}}"
    facts = HEADING + OWL.replace("definition: A bird that hunts at night.", image)
    folder = written(tmp_path / "site", write_deck(tmp_path, facts))
    seen = Watched(chromium)
    seen.open(folder, "birds")
    picture = seen.page.get_by_alt_text("An owl").first
    picture.wait_for()
    assert picture.evaluate("async (image) => (await image.decode(), image.naturalWidth)") == 40
    assert seen.complaints == []
    assert seen.stayed_in(folder)


@pytest.mark.slow
def test_hostile_texts_and_file_names_run_no_script(chromium, tmp_path):
    file = tmp_path / "a'><img src=x onerror=alert(1)>.yaml"
    if os.name == "nt":
        pytest.skip("Windows has no such file names")
    facts = hostile_facts()
    facts["deck"]["name"] = HOSTILE_NAME
    # Length is no attack, and the review would read it for a minute.
    long = f"c{NUMBERS['10,000 characters']}"
    del facts["concepts"][long], facts["classifications"][f"type{long[1:]}"]
    facts["concepts"]["plain"]["definition"] = '<img src=x onerror="alert(1)"> [link](javascript:alert(2))'
    file.write_text(yaml.safe_dump(facts, allow_unicode=True, sort_keys=False), encoding="utf-8")
    folder = written(tmp_path / "site", file)
    seen = Watched(chromium)
    seen.open(folder, "hostile")
    seen.run(SEE_ALL)
    assert "</script>" in seen.page.title()
    assert seen.complaints == []
    assert seen.stayed_in(folder)


@pytest.mark.slow
def test_even_html_that_slipped_through_would_run_no_script(chromium, tmp_path):
    file = write_deck(tmp_path, HEADING + OWL)
    (deck,) = preview([file], tmp_path).decks
    attack = """<img src="x" onerror="document.title = 'taken'"><a href="javascript:alert(1)">x</a>
    <iframe srcdoc="<script>parent.document.title = 'taken'</script>"></iframe><img src="https://example.org/x.png">"""
    attacked = replace(deck, cards=tuple(replace(card, sides=Sides(attack, attack)) for card in deck.cards))
    for name, data in site([attacked], tmp_path).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    seen = Watched(chromium)
    seen.open(tmp_path, "birds")
    seen.page.wait_for_timeout(300)
    seen.page.locator(".side a").first.click(no_wait_after=True)
    assert seen.page.title() != "taken"
    assert not {"1"} & set(seen.complaints)
    assert any("Content Security Policy" in complaint for complaint in seen.complaints)


FORMULA = HEADING + "concepts:\n  a:\n    term: Area\n    definition: 'Equals $\\pi r^2$ or $\\ce{H2O}$'\n"


@pytest.mark.slow
def test_without_mathjax_a_formula_is_shown_as_it_is_written(chromium, tmp_path):
    folder = written(tmp_path / "site", write_deck(tmp_path, FORMULA))
    seen = Watched(chromium)
    seen.open(folder, "birds")
    shown = "[...document.querySelectorAll('.side')][1].shadowRoot.querySelector('.math-source').textContent"
    assert seen.run(shown) == r"\(\pi r^2\)"
    assert seen.complaints == []


@pytest.mark.slow
def test_with_mathjax_a_formula_is_set(chromium, tmp_path):
    mathjax = installed_mathjax()
    if mathjax is None:
        pytest.skip("the package sphinx-mathjax-offline is not installed")
    folder = written(tmp_path / "site", write_deck(tmp_path, FORMULA), mathjax)
    seen = Watched(chromium)
    seen.open(folder, "birds")
    seen.page.locator(".side mjx-container svg").nth(1).wait_for()
    assert "mjx-merror" not in seen.run("document.querySelectorAll('.side')[1].shadowRoot.innerHTML")
    assert seen.complaints == []
    assert seen.stayed_in(folder)
