"""`diff --html`: the cards of a change before and after, in one page, as a reviewer opens it."""

import json
import sqlite3
import zipfile
from io import BytesIO

import pytest

from tests.browser import Watched
from tests.helpers import HEADING, write_deck
from tests.test_cards_page import HOW_LONG
from tests.test_pages_in_a_browser import RUN_AXE, axe  # noqa: F401 - a fixture
from tests.test_sounds import write_wav

FACTS = (
    HEADING
    + """\
concepts:
  owl:
    term: Owl
    definition: A bird that hunts at night.
    examples: [Barn owl, Snowy owl]
    statements:
      - {id: eyes, text: "An owl has [[large]] eyes and a [[round]] face."}
    questions:
      - {id: silent, ask: Why is its flight silent?, answer: Its feathers are soft.}
      - {id: neck, ask: How far does it turn its head?, answer: By 270 degrees.}
"""
)
NECK = "      - {id: neck, ask: How far does it turn its head?, answer: By 270 degrees.}\n"
CHANGED = (
    FACTS.replace("Its feathers are soft.", "Its feathers are soft and fringed.")
    .replace(NECK, "      - {id: diet, ask: What does it eat?, answer: Mice.}\n")
    .replace("a [[round]] face", "a flat, [[round]] face")
)
# What a page shows, shadows included, as a person reads it: removed words as [-...-], new ones as {+...+}.
READ = """() => [...document.querySelectorAll(".note")].map((note) => {
  const words = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    const inner = [...(node.shadowRoot ?? node).childNodes].map(words).join("");
    const [open, close] = {DEL: ["[-", "-]"], INS: ["{+", "+}"]}[node.nodeName] ?? ["", ""];
    return `${open}${inner}${close}`;
  };
  const half = (time) => [...time.childNodes].map(words).join(" ").replace(/\\s+/gu, " ").trim();
  return {
    head: [...note.querySelector("header").children].map((part) => part.textContent).join(" "),
    pairs: [...note.querySelectorAll(":scope > .pair")].map((pair) => [...pair.children].map(half)),
    more: note.querySelector("details")?.innerText ?? "",
  };
})"""


@pytest.fixture
def change(run, tmp_path):
    """Build the deck of before, write the facts of after, and give the page of the difference."""

    def write(after, before=FACTS, package=None):
        write_deck(tmp_path / "cards", before)
        assert run("build").code == 0
        if package is not None:
            file = tmp_path / "dist" / "birds.apkg"
            file.write_bytes(package(file.read_bytes()))
        write_deck(tmp_path / "cards", after)
        ran = run("diff", "--html", "change.html", "--accept-removals")
        assert "change.html" in ran.out
        return tmp_path / "change.html"

    return write


@pytest.fixture
def look(chromium):
    def open_page(file, **options):
        seen = Watched(chromium, viewport={"width": 1280, "height": 900}, **options)
        seen.open(file.parent, file.name)
        seen.page.wait_for_load_state("networkidle")
        return seen

    return open_page


def read(seen):
    """All notes of the page by what happens to them, once each was looked at."""
    for note in seen.page.locator("article.note").all():
        note.scroll_into_view_if_needed()
        note.locator("header").wait_for()
    return {note["head"]: note for note in seen.run(READ)}


def asked_for_nothing(seen, file):
    return [url for url in seen.requests if url != file.as_uri() and not url.startswith("data:")] == []


def test_a_reviewer_sees_new_changed_and_withdrawn_cards(change, look):
    file = change(CHANGED)
    seen = look(file)
    top = seen.page.locator(".verdict").inner_text()
    assert "Touches 3 notes: what students edited on these is replaced; their reviews stay." in top
    assert " ".join(seen.page.locator(".counts").inner_text().split()) == "new 1 changed 2 withdrawn 1 unchanged 2"
    notes = read(seen)
    question = notes["Changed question Why is its flight silent? birds/owl/question/silent"]
    assert question["pairs"] == [
        [
            "Before Question Why is its flight silent? Its feathers are [-soft.-]",
            "After Question Why is its flight silent? Its feathers are {+soft and fringed.+}",
        ]
    ]
    cloze = next(note for head, note in notes.items() if head.startswith("Changed cloze"))
    assert "An owl has large eyes and a {+flat,+} round face." in cloze["pairs"][0][1]
    assert cloze["more"] == "1 more card changes in the same words"
    new = next(note for head, note in notes.items() if head.startswith("New question What does it eat?"))
    assert new["pairs"][0][0].startswith("Front")
    assert "Mice." not in new["pairs"][0][0]
    assert "Mice." in new["pairs"][0][1]
    gone = next(note for head, note in notes.items() if head.startswith("Withdrawn question"))
    before, after = gone["pairs"][0]
    assert "By 270 degrees." in before
    assert "{+" in after, "the banner that students see"
    assert seen.complaints == []
    assert asked_for_nothing(seen, file)


def test_cards_are_found_by_what_happens_to_them_and_by_words(change, look):
    seen = look(change(CHANGED))
    seen.page.get_by_text("4 notes", exact=True).wait_for()
    seen.page.check("[name=fate][value=new]")
    seen.page.get_by_text("1 of 4 notes").wait_for()
    assert seen.page.locator("article.note:visible").count() == 1
    seen.page.check("[name=fate][value='']")
    seen.page.fill("#search", "FRINGED")
    seen.page.get_by_text("1 of 4 notes").wait_for()
    seen.page.fill("#search", "")
    seen.page.get_by_text("more card changes").click()
    seen.page.locator("details .side .card").first.wait_for()
    assert seen.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_page_fits_every_screen_in_both_themes(chromium, change, width, theme):
    file = change(CHANGED)
    seen = Watched(chromium, viewport={"width": width, "height": 900}, color_scheme=theme)
    seen.open(file.parent, file.name)
    read(seen)
    assert seen.run("document.documentElement.scrollWidth - innerWidth") <= 0
    paper = "getComputedStyle(document.querySelector('.side').shadowRoot.querySelector('.card')).backgroundColor"
    assert seen.run(paper) == {"light": "rgb(255, 255, 255)", "dark": "rgb(44, 44, 44)"}[theme]
    assert seen.complaints == []
    assert asked_for_nothing(seen, file)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_to_mend(change, look, axe, theme):  # noqa: F811 - the fixture
    seen = look(change(CHANGED), color_scheme=theme)
    read(seen)
    seen.run(axe)
    found = seen.run(RUN_AXE)
    assert found["wrong"] == []
    assert found["contrasts"]


def test_pictures_and_formulas_are_in_the_page(change, look, tmp_path):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}"/>'
    write_deck(tmp_path / "cards", drawing.format(40), "owl.svg")
    image = "answer: It has $r^2$., image: {file: owl.svg, alt: An owl}"
    before = FACTS.replace("answer: Its feathers are soft.", image)
    facts = FACTS.replace("answer: Its feathers are soft.", image.replace("r^2", "r^3"))
    write_deck(tmp_path / "cards", before)

    def other_picture(package):
        write_deck(tmp_path / "cards", drawing.format(70), "owl.svg")
        return package

    file = change(facts, before, other_picture)
    seen = look(file)
    read(seen)
    seen.page.locator(".side mjx-container svg").nth(1).wait_for()
    pictures = seen.page.get_by_alt_text("An owl")
    widths = [one.evaluate("async (image) => (await image.decode(), image.naturalWidth)") for one in pictures.all()]
    assert widths == [40, 70]
    assert seen.page.locator(".side del img").count() == 1
    assert seen.complaints == []
    assert asked_for_nothing(seen, file)


MASKED = (
    FACTS
    + """\
    images:
      - id: face
        file: owl.svg
        alt: An owl from the front
        masks: [{answer: Beak, box: [10, 10, 10, 10]}, {answer: Eye, box: [30, 10, 10, 10]}]
"""
)


def test_masks_that_move_are_drawn_before_and_after(change, look, tmp_path):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100" viewBox="0 0 100 100"/>'
    write_deck(tmp_path / "cards", drawing, "owl.svg")
    seen = look(change(MASKED.replace("[30, 10, 10, 10]", "[70, 10, 10, 10]"), MASKED))
    read(seen)
    seen.page.locator(".side svg rect").first.wait_for()
    rects = """[...document.querySelectorAll(".side")].map(({shadowRoot}) =>
      [...shadowRoot.querySelectorAll("svg rect")].map((rect) => Number(rect.getAttribute("x"))).sort())"""
    before, after = [0.1, 0.3], [0.1, 0.7]
    assert seen.run(rects) == [before, after, before, after]
    assert seen.complaints == []


def test_sounds_are_in_the_page(change, look, tmp_path):
    for name, length in (("hoot", 1), ("screech", 2)):
        (tmp_path / "cards").mkdir(exist_ok=True)
        write_wav(tmp_path / "cards" / f"{name}.wav", length)
    before = FACTS.replace("answer: Its feathers are soft.", "answer: Its feathers are soft., audio: hoot.wav")
    file = change(before.replace("hoot.wav", "screech.wav"), before)
    seen = look(file)
    read(seen)
    players = seen.page.locator(".side audio")
    assert [round(player.evaluate(HOW_LONG), 1) for player in players.all()] == [0.1, 0.2]
    assert seen.page.locator(".side ins audio").count() == 1
    assert seen.complaints == []
    assert asked_for_nothing(seen, file)


def with_collection(edit):
    """A package with an edited collection."""

    def edited(data):
        content = BytesIO()
        with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(content, "w") as target:
            for name in archive.namelist():
                part = archive.read(name)
                target.writestr(name, _edited(part, edit) if name == "collection.anki2" else part)
        return content.getvalue()

    return edited


def _edited(collection, edit):
    connection = sqlite3.connect(":memory:")
    connection.deserialize(collection)
    edit(connection)
    connection.commit()
    data = connection.serialize()
    connection.close()
    return data


def models(connection, change):
    found = json.loads(connection.execute("SELECT models FROM col").fetchone()[0])
    connection.execute("UPDATE col SET models = ?", [json.dumps(change(found))])


def test_cards_of_before_look_as_their_package_says(change, look):
    def plainer(connection):
        def all_red(found):
            for model in found.values():
                model["css"] = ".card { color: rgb(200, 0, 0); }"
            return found

        models(connection, all_red)

    seen = look(change(FACTS, package=with_collection(plainer)))
    notes = read(seen)
    assert {head.split(" ")[1] for head in notes} == {"look"}
    seen.page.get_by_text("look different; this is one of them").first.wait_for()
    colour = "(side) => getComputedStyle(side.shadowRoot.querySelector('.card')).color"
    before, after = (seen.page.locator(".side").nth(at).evaluate(colour) for at in (0, 1))
    assert before == "rgb(200, 0, 0)"
    assert after != before


def test_a_note_that_changes_its_type_is_told_and_shown(change, look):
    def other_type(connection):
        connection.execute("UPDATE notes SET mid = 42 WHERE mid = 1763800000101")

        def renumbered(found):
            return {**found, "42": {**found.pop("1763800000101"), "id": 42}}

        models(connection, renumbered)

    seen = look(change(CHANGED, package=with_collection(other_type)))
    assert "Breaking: students may lose history or updates." in seen.page.locator(".verdict").inner_text()
    assert "birds/owl/question/silent changes its note type" in seen.page.locator(".conflicts").inner_text()
    notes = read(seen)
    question = notes["Changed question Why is its flight silent? birds/owl/question/silent"]
    assert "[-soft.-]" in question["pairs"][0][0]
    seen.page.get_by_text("the note type changes to Deckbuilder question").first.wait_for()


HOSTILE = """</script><script>document.title = "taken"</script><img src=x onerror="document.title = 'taken'">"""


@pytest.mark.parametrize("whose", ["our note types", "other note types"])
def test_hostile_texts_of_either_time_run_no_script_and_fetch_nothing(change, look, whose):
    attack = f"""{HOSTILE}<iframe srcdoc="<script>parent.document.title = 'taken'</script>"></iframe>
    <img src="https://example.org/x.png"><style>* {{ background: url(https://example.org/y.png) }}</style>
    <a href="javascript:document.title = 'taken'">run</a><svg onload="document.title = 'taken'"></svg>"""

    def attacked(connection):
        for note, fields in connection.execute("SELECT id, flds FROM notes").fetchall():
            rest = fields.split("\x1f")
            row = "\x1f".join([rest[0] + attack, *rest[1:]])
            connection.execute("UPDATE notes SET flds = ? WHERE id = ?", [row, note])

        def escaping(found):
            return {key: {**model, "css": f"{model['css']}</style>{HOSTILE}"} for key, model in found.items()}

        if whose == "other note types":
            models(connection, escaping)

    hostile = FACTS.replace("Its feathers are soft.", json.dumps(HOSTILE)).replace(
        "name: Birds", f"name: {json.dumps(HOSTILE)}"
    )
    file = change(hostile, package=with_collection(attacked))
    seen = look(file)
    notes = read(seen)
    assert len(notes) > 3
    link = seen.page.locator(".side a").first
    if link.count():
        link.click(no_wait_after=True)
    seen.page.wait_for_timeout(300)
    assert seen.page.title().startswith("</script>")
    assert seen.complaints == []
    assert asked_for_nothing(seen, file)


def test_a_first_release_shows_all_cards_as_new(run, look, tmp_path):
    write_deck(tmp_path / "cards", FACTS)
    assert run("diff", "--html", "first.html").code == 0
    seen = look(tmp_path / "first.html")
    assert "A first release: no student has an earlier one." in seen.page.locator(".verdict").inner_text()
    assert all(head.startswith("New ") for head in read(seen))


def test_mistakes_are_told_in_the_page_too(run, look, tmp_path):
    write_deck(tmp_path / "cards", FACTS.replace("definition", "defintion"))
    ran = run("diff", "--html", "change.html")
    assert ran.code == 1
    seen = look(tmp_path / "change.html")
    assert "unknown key 'defintion'" in seen.page.locator(".verdict").inner_text()
    assert seen.page.locator("#search").is_hidden()
    assert seen.complaints == []


def test_other_forms_stay_what_they_are_beside_the_page(run, tmp_path):
    write_deck(tmp_path / "cards", FACTS)
    ran = run("diff", "--json", "--html", "change.html")
    assert json.loads(ran.out)["decks"][0]["deck"] == "Birds"
    assert "change.html" in ran.err
    assert (tmp_path / "change.html").read_bytes().startswith(b"<!doctype html>")


def test_only_a_page_is_written_over(run, tmp_path):
    facts = write_deck(tmp_path / "cards", FACTS)
    ran = run("diff", "--html", facts)
    assert ran.code == 2
    assert "does not end in .html" in ran.err
    assert facts.read_text(encoding="utf-8") == FACTS
