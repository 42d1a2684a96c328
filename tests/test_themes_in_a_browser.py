"""Themed decks in a real browser: on the pages of the preview, while an author writes, and in the page of a change."""

import time
from pathlib import Path

import pytest
from PIL import ImageFont

from tests.browser import Watched, written
from tests.helpers import HEADING, OWL, write_deck
from tests.test_cards_page import LEAST_CONTRAST, SEE_ALL, open_cards
from tests.test_live_preview import PATIENCE, see, serve  # noqa: F401 - fixtures

REVOLUTION = Path(__file__).parents[1] / "examples" / "french-revolution.yaml"
PAPER = {"light": "rgb(251, 246, 236)", "dark": "rgb(31, 35, 43)"}
THEMED = HEADING.replace("name: Birds", "name: Birds, theme: look/theme.css") + OWL
LEAF = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><path d="M0 0h8v8H0z" fill="#2a7"/></svg>'
THEME = """\
@font-face { font-family: "Old Print"; src: url("fonts/old print.ttf"); }
.card { --paper: #fdf6e3; font-family: "Old Print", serif; }
.front { background: url(_leaf.svg) no-repeat right; }
"""
# How a card looks: its ground, its letters and whether these are there, and the picture behind its front.
LOOK = """async () => {
  await document.fonts.ready;
  const plain = (name) => name.replaceAll('"', "");
  const card = document.querySelector(".side").shadowRoot.querySelector(".card");
  const {backgroundColor, fontFamily} = getComputedStyle(card);
  const picture = getComputedStyle(card.querySelector(".front")).backgroundImage.slice(5, -2);
  const image = new Image();
  const drawn = await new Promise((done) => {
    image.onload = () => done(image.naturalWidth);
    image.onerror = () => done(0);
    image.src = picture;
  });
  const fonts = [...document.fonts].filter(({status}) => status === "loaded").map(({family}) => plain(family));
  return {paper: backgroundColor, font: plain(fontFamily.split(",")[0]), fonts, drawn};
}"""
PAPERS = """() => [...document.querySelectorAll(".side")].map(({shadowRoot}) =>
  getComputedStyle(shadowRoot.querySelector(".card")).backgroundColor)"""


@pytest.fixture(scope="module")
def revolution(tmp_path_factory):
    return written(tmp_path_factory.mktemp("site"), REVOLUTION)


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_every_word_of_a_themed_deck_stands_out(chromium, revolution, width, scheme):
    seen = Watched(chromium, viewport={"width": width, "height": 900}, color_scheme=scheme)
    open_cards(seen, revolution, "french-revolution")
    found = seen.run(SEE_ALL)
    assert found["drawn"] == 2 * found["cards"] > 300
    assert (found["wide"], found["paper"]) == ([], PAPER[scheme])
    assert found["page"] <= 0
    assert seen.run(LEAST_CONTRAST)["ratio"] >= 4.5
    assert seen.complaints == []
    assert seen.stayed_in(revolution)


@pytest.mark.parametrize("page", ["index.html", "study.html"])
def test_samples_and_study_wear_the_theme(chromium, revolution, page):
    seen = Watched(chromium, viewport={"width": 390, "height": 800})
    seen.open(revolution, f"decks/french-revolution/{page}")
    if page == "study.html":
        seen.page.click("#begin")
    card = seen.page.locator(".side .card").first
    card.wait_for()
    assert card.evaluate("(card) => getComputedStyle(card).backgroundColor") == PAPER["light"]
    assert seen.complaints == []


def write_themed(folder, theme=THEME):
    (folder / "look" / "fonts").mkdir(parents=True, exist_ok=True)
    (folder / "look" / "fonts" / "old print.ttf").write_bytes(ImageFont.load_default(20).font_bytes)
    write_deck(folder / "look", LEAF, "_leaf.svg")
    write_deck(folder / "look", theme, "theme.css")
    return write_deck(folder, THEMED)


def test_fonts_and_pictures_of_a_theme_are_shown_and_nothing_else_is_fetched(chromium, tmp_path):
    folder = written(tmp_path / "site", write_themed(tmp_path / "cards"))
    seen = Watched(chromium)
    open_cards(seen, folder, "birds")
    look = {"paper": "rgb(253, 246, 227)", "font": "Old Print", "fonts": ["Old Print"], "drawn": 8}
    assert seen.run(LOOK) == look
    assert seen.complaints == []
    assert seen.stayed_in(folder)


def follows(seen, paper):
    """The open page comes to show this ground."""
    ends = time.monotonic() + PATIENCE
    while set(seen.run(PAPERS)) != {paper}:
        assert time.monotonic() < ends
        seen.page.wait_for_timeout(50)


def test_a_save_of_the_theme_is_seen_at_once(serve, see, tmp_path):  # noqa: F811 - the fixtures
    write_themed(tmp_path / "cards")
    server = serve(THEMED)
    seen = see(server, "decks/birds/cards.html")
    seen.page.locator(".side .card").first.wait_for()
    assert seen.run(LOOK)["fonts"] == ["Old Print"]
    write_themed(tmp_path / "cards", THEME.replace("#fdf6e3", "#eef7ee"))
    follows(seen, "rgb(238, 247, 238)")
    write_themed(tmp_path / "cards", THEME.replace("{ --paper", "{ --paper #fff"))
    seen.page.get_by_text("this cannot be read as CSS").first.wait_for()
    write_themed(tmp_path / "cards")
    follows(seen, "rgb(253, 246, 227)")


def test_the_page_of_a_change_shows_both_looks_with_their_files(run, chromium, tmp_path):
    write_themed(tmp_path / "cards")
    assert run("build").code == 0
    write_themed(tmp_path / "cards", THEME.replace("#fdf6e3", "#eef7ee"))
    ran = run("diff", "--html", "change.html")
    assert "the cards of Deckbuilder question (birds) look different" in ran.out
    seen = Watched(chromium)
    seen.open(tmp_path, "change.html")
    seen.page.locator(".side .card").first.wait_for()
    found = seen.run(LOOK)
    assert (found["drawn"], set(found["fonts"])) == (8, {"Old Print"})
    assert set(seen.run(PAPERS)) == {"rgb(253, 246, 227)", "rgb(238, 247, 238)"}
    assert seen.complaints == []
    assert seen.stayed_in(tmp_path)
