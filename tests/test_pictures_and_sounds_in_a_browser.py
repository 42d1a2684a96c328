"""Masks and sounds on the pages of a preview: drawn and played as in Anki, without Anki's scripts."""

import pytest

from tests.browser import Watched, written
from tests.helpers import write_deck
from tests.test_sounds import write_wav

FACTS = """\
format: 1
deck: {id: eye, name: Eye, tts: true}
sources: {atlas: {title: Atlas}}
default_source: atlas
concepts:
  eye:
    term: Eye
    audio: media/eye.wav
    definition: What one sees with.
    images:
      - file: media/eye.svg
        id: all
        alt: A ball
        masks: &masks
          - {answer: Cornea, box: [20, 10, 40, 40], tts: false}
          - {answer: Lens, ellipse: [100, 10, 40, 40]}
          - {answer: Retina, polygon: [[150, 10], [190, 50], [150, 90]]}
      - {file: media/eye.svg, id: one, alt: A ball, mode: hide-one, masks: *masks}
"""
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><rect width="200" height="100" fill="#def"/></svg>'
)

# What stands on a side of a card, by the card's address and side (0 or 1).
SHAPES = """([address, side]) => {
    const root = document.getElementById(address).querySelectorAll(".side")[side].shadowRoot;
    const frame = root.querySelector("#image-occlusion-container img").getBoundingClientRect();
    return [...root.querySelectorAll("#image-occlusion-container svg > *")].map((shape) => {
        const box = shape.getBBox();
        const style = getComputedStyle(shape);
        return {form: shape.tagName, fill: style.fill, left: box.x, width: box.width, seen: style.visibility,
                drawn: shape.getBoundingClientRect().width / frame.width};
    });
}"""
RED, YELLOW, CLEAR = "rgb(255, 142, 142)", "rgb(255, 235, 162)", "rgba(255, 142, 142, 0)"


@pytest.fixture
def page(chromium, tmp_path):
    facts = write_deck(tmp_path, FACTS, "cards/eye.yaml")
    write_deck(tmp_path, DRAWING, "cards/media/eye.svg")
    write_wav(facts.parent / "media" / "eye.wav")
    folder = written(tmp_path / "site", facts)
    watched = Watched(chromium, viewport={"width": 1200, "height": 900})
    watched.open(folder, "decks/eye/cards.html")
    watched.page.locator("audio").first.wait_for()
    yield watched
    assert watched.complaints == []
    assert watched.stayed_in(folder)
    watched.close()


def shapes(page, card, side):
    page.run("address => document.getElementById(address).scrollIntoView()", card)
    page.page.locator(f'[id="{card}"] svg > *').first.wait_for(state="attached")
    return page.run(SHAPES, [card, side])


def test_masks_are_drawn_where_and_as_anki_draws_them(page):
    front = shapes(page, "eye/eye/occlusion/all-2", 0)
    assert {one["form"]: one["fill"] for one in front} == {"ellipse": RED, "rect": YELLOW, "polygon": YELLOW}
    ellipse = next(one for one in front if one["form"] == "ellipse")
    assert (ellipse["left"], ellipse["width"]) == (0.5, pytest.approx(0.2))
    assert ellipse["drawn"] == pytest.approx(0.2, abs=0.02)
    back = shapes(page, "eye/eye/occlusion/all-2", 1)
    assert {one["form"]: one["fill"] for one in back} == {"ellipse": CLEAR, "rect": YELLOW, "polygon": YELLOW}


def test_only_the_part_that_is_asked_is_drawn_where_one_is_hidden_alone(page):
    assert [one["form"] for one in shapes(page, "eye/eye/occlusion/one-3", 0)] == ["polygon"]
    back = page.page.locator('[id="eye/eye/occlusion/one-3"] .side').nth(1)
    assert not back.locator("#toggle").is_visible()


def test_the_button_shows_the_parts_that_are_hidden(page):
    shapes(page, "eye/eye/occlusion/all-1", 1)
    button = page.page.locator('[id="eye/eye/occlusion/all-1"] .side').nth(1).locator("#toggle")
    button.click()
    assert {one["seen"] for one in shapes(page, "eye/eye/occlusion/all-1", 1)} == {"hidden"}
    button.click()
    assert {one["seen"] for one in shapes(page, "eye/eye/occlusion/all-1", 1)} == {"visible"}


def test_recordings_can_be_played_and_the_device_speaks(page):
    definition = page.page.locator('[id="eye/eye/definition-1"] .side')
    sound = definition.nth(0).locator("audio")
    assert sound.evaluate("one => one.src").rpartition("/")[2].startswith("eye-eye-")
    sound.evaluate("one => new Promise((ready) => { one.onloadedmetadata = ready; one.load(); one.preload = 'auto'; })")
    speech = definition.nth(1).locator("button.speech")
    assert (speech.get_attribute("lang"), speech.get_attribute("data-words")) == ("en-US", "What one sees with.")
    page.run("() => { window.said = []; speechSynthesis.speak = ({text, lang}) => said.push([text, lang]); }")
    speech.click()
    assert page.run("() => said") == [["What one sees with.", "en-US"]]


def test_a_mask_that_shall_not_be_spoken_is_silent(page):
    for card, spoken in (("all-1", 0), ("all-2", 1)):
        shapes(page, f"eye/eye/occlusion/{card}", 1)
        assert (
            page.page.locator(f'[id="eye/eye/occlusion/{card}"] .side').nth(1).locator("button.speech").count()
            == spoken
        )
