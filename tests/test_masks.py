"""`deckbuilder masks` in a real browser: by mouse, by touch and by keyboard, from the picture to facts that build."""

import json
import urllib.request
from pathlib import Path

import pytest
import yaml

from deckbuilder.build import build
from deckbuilder.masks.begin import begin
from deckbuilder.masks.pages import pages
from deckbuilder.problems import UsageError
from deckbuilder.serving import serving
from tests.helpers import png, write_deck

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 400"><rect width="800" height="400" fill="#dfe"/></svg>'
)
DECK = """\
format: 1
deck: {id: eye, name: Eye}
concepts:
  eye:
    term: Eye
    images:
      - file: media/eye.svg
        id: section
        alt: A ball
        mode: hide-one
        masks:
          - {answer: Cornea, box: [80, 40, 160, 80], hint: clear, source: atlas}
          - {id: lens, answer: "Lens: the clear one", ellipse: [0.5, 0.5, 0.25, 0.25]}
          - answer: Muscles
            shapes: [{box: [0, 0, 40, 40]}, {polygon: [[700, 10], [790, 10], [790, 90]]}]
sources: {atlas: {title: Atlas}}
default_source: atlas
"""


@pytest.fixture
def picture(tmp_path):
    """A drawing beside a deck."""
    write_deck(tmp_path, DECK, "cards/eye.yaml")
    return write_deck(tmp_path, DRAWING, "cards/media/eye.svg")


class Page:
    """The page in a browser, and the hand that draws on it, in units of the picture."""

    def __init__(self, page):
        self.page = page
        page.locator("[data-tool][aria-pressed=true]").wait_for()

    def at(self, x, y):
        box = self.page.locator("#board").bounding_box()
        return box["x"] + x / 800 * box["width"], box["y"] + y / 400 * box["height"]

    def tool(self, name):
        self.page.locator(f"[data-tool={name}]").click()

    def drag(self, start, end):
        self.page.mouse.move(*self.at(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.at(*end), steps=5)
        self.page.mouse.up()

    def type(self, words):
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def written(self):
        """What the page writes, as a reader of YAML understands it."""
        (entry,) = yaml.safe_load(self.page.input_value("#yaml"))
        return entry

    @property
    def masks(self):
        return self.written.get("masks", [])


@pytest.fixture
def opened(chromium, picture):
    """Opens the page for the picture; a page that complains fails its test."""
    contexts, complaints = [], []

    def open_(deck=None, **options):
        context = chromium.new_context(viewport={"width": 1200, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if server.url not in request.url else None)
        server = running(deck)
        page.goto(server.url)
        return Page(page)

    servers = []

    def running(deck):
        context = serving(pages(begin(picture, [deck] if deck else [])), port=0)
        servers.append(context)
        return context.__enter__()

    yield open_
    for context in contexts:
        context.close()
    for server in servers:
        server.__exit__(None, None, None)
    assert [text for text in complaints if not text.startswith("data:")] == []


def close_to(numbers, wanted, by=2):
    return all(abs(one - other) <= by for one, other in zip(numbers, wanted, strict=True))


def flat(corners):
    return [number for corner in corners for number in corner]


def test_a_box_and_an_ellipse_are_drawn_with_the_mouse_and_named(opened):
    page = opened()
    page.drag((80, 40), (240, 120))
    page.type("Cornea")
    page.tool("ellipse")
    page.drag((500, 300), (400, 200))
    page.type("Lens: the clear one")
    first, second = page.masks
    assert first["answer"] == "Cornea"
    assert close_to(first["box"], [80, 40, 160, 80])
    assert second["answer"] == "Lens: the clear one"
    assert close_to(second["ellipse"], [400, 200, 100, 100])


def test_a_polygon_is_closed_at_its_first_corner_or_by_enter(opened):
    page = opened()
    page.tool("polygon")
    for corner in ((100, 100), (200, 100), (200, 200), (101, 101)):
        page.page.mouse.click(*page.at(*corner))
    page.type("Iris")
    page.press("p")
    for corner in ((400, 100), (500, 100), (450, 200)):
        page.page.mouse.click(*page.at(*corner))
    page.press("Enter")
    page.type("Pupil")
    first, second = page.masks
    assert [first["answer"], second["answer"]] == ["Iris", "Pupil"]
    assert close_to(flat(first["polygon"]), [100, 100, 200, 100, 200, 200])
    assert close_to(flat(second["polygon"]), [400, 100, 500, 100, 450, 200])


def test_a_mask_is_moved_resized_deleted_and_all_of_it_undone(opened):
    page = opened()
    page.drag((100, 100), (200, 200))
    page.type("Cornea")
    page.tool("select")
    page.drag((150, 150), (250, 180))
    assert close_to(page.masks[0]["box"], [200, 130, 100, 100])
    page.drag((300, 230), (400, 330))
    assert close_to(page.masks[0]["box"], [200, 130, 200, 200])
    page.press("Delete")
    assert page.masks == []
    page.press("Control+z")
    assert close_to(page.masks[0]["box"], [200, 130, 200, 200])
    page.press("Control+z", "Control+z")
    assert close_to(page.masks[0]["box"], [100, 100, 100, 100])
    page.press("Control+y")
    assert close_to(page.masks[0]["box"], [200, 130, 100, 100])


def test_nothing_is_drawn_outside_of_the_picture(opened):
    page = opened()
    page.drag((700, 300), (900, 500))
    page.type("Retina")
    assert close_to(page.masks[0]["box"], [700, 300, 100, 100])
    page.tool("select")
    page.drag((750, 350), (-300, -300))
    assert close_to(page.masks[0]["box"], [0, 0, 100, 100])


def test_several_parts_can_have_one_answer(opened):
    page = opened()
    page.drag((0, 0), (100, 40))
    page.type("Muscle")
    page.page.get_by_role("button", name="Add part").click()
    page.drag((0, 300), (100, 340))
    (mask,) = page.masks
    assert mask["answer"] == "Muscle"
    assert [
        close_to(part["box"], wanted)
        for part, wanted in zip(mask["shapes"], ([0, 0, 100, 40], [0, 300, 100, 40]), strict=True)
    ]


def test_all_of_it_can_be_done_with_the_keyboard_alone(opened):
    page = opened()
    page.page.locator("[data-tool=box]").focus()
    page.press("Enter")
    page.type("Lens")
    before = page.masks[0]["box"]
    page.press("ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowRight")
    left, top, width, height = page.masks[0]["box"]
    assert (left > before[0], top > before[1], width > before[2], height) == (True, True, True, before[3])
    assert page.page.evaluate("document.activeElement.getAttribute('aria-label')") == "Mask 1: Lens"
    page.press("Delete")
    assert page.masks == []


def test_a_finger_draws_as_well(opened):
    page = opened(has_touch=True)
    session = page.page.context.new_cdp_session(page.page)

    def touch(kind, *points):
        touched = [{"x": x, "y": y} for x, y in (page.at(*point) for point in points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})

    touch("touchStart", (100, 100))
    for step in range(1, 6):
        touch("touchMove", (100 + 20 * step, 100 + 10 * step))
    touch("touchEnd")
    page.type("Cornea")
    assert close_to(page.masks[0]["box"], [100, 100, 100, 50], by=4)


def test_fractions_and_mode_and_what_the_author_says_of_the_picture(opened):
    page = opened()
    page.drag((80, 40), (240, 120))
    page.type("Cornea")
    page.page.get_by_label("fractions").check()
    page.page.get_by_label("hide it alone").check()
    page.page.get_by_label("Question").fill("Which part?")
    page.page.get_by_label("What can be seen").fill('A ball, "cut"')
    written = page.written
    assert close_to(written["masks"][0]["box"], [0.1, 0.1, 0.2, 0.2], by=0.005)
    assert (written["mode"], written["ask"], written["alt"]) == ("hide-one", "Which part?", 'A ball, "cut"')
    assert written["file"] == "media/eye.svg"


def test_masks_of_a_deck_are_loaded_and_written_back_with_all_that_they_carry(opened, tmp_path):
    page = opened(tmp_path / "cards" / "eye.yaml")
    written = page.written
    assert {key: written[key] for key in ("file", "id", "alt", "mode")} == {
        "file": "media/eye.svg",
        "id": "section",
        "alt": "A ball",
        "mode": "hide-one",
    }
    cornea, lens, muscles = written["masks"]
    assert cornea == {"answer": "Cornea", "hint": "clear", "source": ["atlas"], "box": [80, 40, 160, 80]}
    assert lens == {"answer": "Lens: the clear one", "id": "lens", "ellipse": [400, 200, 200, 100]}
    assert muscles["shapes"] == [{"box": [0, 0, 40, 40]}, {"polygon": [[700, 10], [790, 10], [790, 90]]}]


def test_what_is_pasted_builds(opened, tmp_path):
    page = opened()
    page.drag((80, 40), (240, 120))
    page.type("Cornea {{c1::x}} # no: [it]")
    page.tool("ellipse")
    page.drag((400, 200), (500, 300))
    page.type("Lens")
    page.page.get_by_label("What can be seen").fill("A ball")
    entry = "".join(f"      {line}\n" for line in page.page.input_value("#yaml").splitlines())
    head = DECK.partition("      - file")[0]
    file = write_deck(tmp_path, f"{head}{entry}", "cards/eye.yaml")
    result = build([file], tmp_path / "dist")
    assert [problem.message for problem in result.problems if problem.rule != "cloze-syntax"] == []
    assert result.problems or result.decks[0].kinds == {"occlusion": 2}


def test_what_is_copied_is_what_is_shown(opened):
    page = opened()
    page.drag((80, 40), (240, 120))
    page.type("Cornea")
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.page.get_by_role("button", name="Copy").click()
    page.page.get_by_text("Copied").wait_for()
    assert page.page.evaluate("navigator.clipboard.readText()") == page.page.input_value("#yaml")


# ------------------------------------------------------------------- what is served


def test_the_page_serves_the_picture_as_students_will_see_it_and_nothing_else(picture):
    picture.write_text(DRAWING.replace("<rect", "<script>alert(1)</script><rect"), encoding="utf-8")
    with serving(pages(begin(picture, [])), port=0) as server:
        with urllib.request.urlopen(f"{server.url}picture") as answer:  # noqa: S310 - our own server
            shown = answer.read().decode()
            assert answer.headers["Content-Type"] == "image/svg+xml"
        with urllib.request.urlopen(f"{server.url}begin.json") as answer:  # noqa: S310
            assert json.load(answer)["frame"] == [0, 0, 800, 400]
        for path in ("../eye.svg", "cards/eye.yaml", "masks.html", "%2e%2e/masks.js"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(server.url + path)  # noqa: S310
    assert "script" not in shown


def test_a_photograph_is_measured(tmp_path):
    file = write_deck(tmp_path, png(1, 2, 3), "no/facts/near/pixel.png")
    beginning = begin(file, [])
    assert (beginning.name, beginning.frame.width, beginning.frame.height) == ("pixel.png", 1, 1)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("notes.txt", b"words", "is no picture that all devices show"),
        ("half.png", png(1, 2, 3)[:40], "is cut off"),
        ("bare.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>', "has no size"),
        ("far.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="https://a.example"/></svg>', "holds a link"),
    ],
)
def test_what_is_no_picture_is_told(run, tmp_path, name, data, told):
    Path(tmp_path, name).write_bytes(data)
    with pytest.raises(UsageError, match=told):
        begin(Path(tmp_path, name), [])
    ran = run("masks", name, "--no-open")
    assert ran.code == 2
    assert told in ran.err
