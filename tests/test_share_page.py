"""The page about a deck: what it tells, what it offers, and how it looks, in a real browser."""

import functools
import hashlib
import http.server
import re
import sys
import textwrap
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from deckbuilder.kinds.make import KINDS
from deckbuilder.preview.pages.share import KINDS as KIND_NAMES
from deckbuilder.preview.pages.share import license_url, size_in_words
from deckbuilder.preview.previewed import preview
from deckbuilder.preview.samples import sample_cards
from deckbuilder.preview.site import site
from tests.browser import Watched, written, written_site
from tests.helpers import HEADING, OWL, write_deck
from tests.team import Repository
from tests.test_preview import HOSTILE_NAME, deck_named

ROOT = Path(__file__).parents[1]
CALCIFICATION = ROOT / "cards" / "calcification.yaml"

ABOUT = """\
format: 1
deck:
  id: birds
  name: Zoology::Birds
  license: CC-BY-4.0
  authors: [Ada Example, Ben Example]
  version: "1.2"
  description: |
    Birds of the *night*, with $m^2$.

    * Owls
  disclaimer: A study aid, not a field guide.
  report: birds@school.example
sources:
  handbook: {title: A handbook of birds, author: A. Writer, url: "https://birds.example/book"}
default_source: handbook
concepts:
  owl:
    term: Owl
    definition: A bird that hunts at night.
  eagle:
    term: Eagle owl
    is_a: owl
    definition: The largest of them.
"""


def page_of(folder, name="birds"):
    return (folder / "decks" / name / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def built(run, tmp_path):
    """A deck, and its package as `deckbuilder build` wrote it."""
    facts = write_deck(tmp_path / "cards", ABOUT)
    assert run("build").code == 0
    return facts


# ------------------------------------------------------------------------ what it tells


@pytest.mark.usefixtures("built")
def test_the_page_tells_what_the_deck_is(run, tmp_path):
    assert run("preview").code == 0
    page = page_of(tmp_path / "preview")
    for words in (
        '<h1 dir="auto" lang="en">Birds</h1>',
        "Birds of the <em>night</em>",
        "<li>Owls</li>",
        "<li>4 cards</li>",
        "Version 1.2, ",
        '<a href="https://creativecommons.org/licenses/by/4.0/" rel="license">CC-BY-4.0</a>',
        "Ada Example, Ben Example",
        '<a href="https://birds.example/book">A handbook of birds</a>, A. Writer',
        "A study aid, not a field guide.",
        '<a href="mailto:birds@school.example">birds@school.example</a>',
    ):
        assert words in page
    assert '<meta name="description" content="Birds of the night, with m².">' in page


def test_a_disclaimer_is_markdown_on_all_pages_as_it_is_in_anki(tmp_path):
    facts = write_deck(tmp_path, ABOUT.replace("A study aid, not", "A study aid, **not**"))
    folder = written(tmp_path / "site", facts)
    for page in ("index.html", "handout.html"):
        html = (folder / "decks" / "birds" / page).read_text(encoding="utf-8")
        assert "<p>A study aid, <strong>not</strong> a field guide.</p>" in html


def test_what_a_deck_does_not_say_is_not_on_the_page(tmp_path):
    page = page_of(written(tmp_path / "site", write_deck(tmp_path, HEADING + OWL)))
    for words in ("Authors", "License", "Sources", "mistake?", "How it hangs together", "The file"):
        assert words not in page


def test_one_deck_alone_is_the_first_page_and_several_are_listed_there(tmp_path):
    owls, birds = (write_deck(tmp_path, deck_named(name), f"{name}.yaml") for name in ("owls", "birds"))
    first = (written(tmp_path / "one", owls) / "index.html").read_text(encoding="utf-8")
    assert '<h1 dir="auto" lang="en">Owls</h1>' in first
    assert 'href="decks/owls/cards.html"' in first
    assert "All decks" not in first
    both = written(tmp_path / "both", owls, birds)
    assert 'href="decks/owls/index.html"' in (both / "index.html").read_text(encoding="utf-8")
    assert 'href="../../index.html">All decks' in page_of(both, "owls")


def test_every_kind_of_card_has_a_name_for_students():
    assert KIND_NAMES.keys() == KINDS.keys()


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC BY-NC-SA 3.0", "https://creativecommons.org/licenses/by-nc-sa/3.0/"),
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("Public domain", "https://creativecommons.org/publicdomain/mark/1.0/"),
        ("CC-BY-4.0 (text only)", ""),
        ("For my class", ""),
    ],
)
def test_a_well_known_license_is_linked_and_no_other(words, url):
    assert license_url(words) == url


@pytest.mark.parametrize(
    ("size", "words"), [(1, "1 byte"), (999, "999 bytes"), (24_129, "24 kB"), (7_900_000, "7.9 MB")]
)
def test_sizes_are_told_as_download_pages_do(size, words):
    assert size_in_words(size) == words


# ------------------------------------------------------------------------- samples

NIGHT = """\
concepts:
  owl:
    term: Owl
    definition: {text: A bird that hunts at night., status: disputed, note: Some hunt by day.}
    statements: ["Owls see in the [[dark]].", "Owls hear [[mice]] run."]
  bat:
    term: Bat
    definition: A mammal that flies.
    statements: ["Bats hear [[echoes]]."]
"""


def test_samples_are_one_of_each_kind_neither_disputed_nor_withdrawn_of_many_concepts(tmp_path):
    (deck,) = preview([write_deck(tmp_path, HEADING + NIGHT)], tmp_path).decks
    assert [(card.kind, card.concepts) for card in sample_cards(deck)] == [
        ("cloze", ("owl",)),
        ("definition", ("bat",)),
    ]
    withdrawn = replace(deck, cards=tuple(replace(card, status="withdrawn") for card in deck.cards))
    assert sample_cards(withdrawn) == ()


def test_more_cards_at_the_end_do_not_change_the_samples(tmp_path):
    (before,) = preview([write_deck(tmp_path, HEADING + NIGHT)], tmp_path).decks
    more = NIGHT + '  cat: {term: Cat, statements: ["Cats are [[asleep]] by day."]}\n'
    (after,) = preview([write_deck(tmp_path, HEADING + more)], tmp_path).decks
    assert [card.address for card in sample_cards(after)] == [card.address for card in sample_cards(before)]


# ----------------------------------------------------------------------- the download


def test_without_a_package_the_page_offers_none_and_the_command_says_what_to_do(run, tmp_path):
    write_deck(tmp_path / "cards", ABOUT)
    ran = run("preview")
    assert ran.code == 0
    assert "there is no package yet" in ran.err
    assert "run 'deckbuilder build'" in ran.err
    assert "There is no file to download yet." in page_of(tmp_path / "preview")
    assert list((tmp_path / "preview").rglob("*.apkg")) == []
    assert not (tmp_path / "cards" / "birds.lock").exists()


@pytest.mark.usefixtures("built")
def test_the_built_package_is_offered_unchanged_with_size_and_sum(run, tmp_path):
    ran = run("preview")
    assert (ran.code, ran.err) == (0, "")
    package = (tmp_path / "dist" / "birds.apkg").read_bytes()
    assert (tmp_path / "preview" / "decks" / "birds" / "birds.apkg").read_bytes() == package
    page = page_of(tmp_path / "preview")
    assert hashlib.sha256(package).hexdigest() in page
    assert f"birds.apkg · {size_in_words(len(package))}" in page


def test_the_released_package_is_offered_rather_than_a_later_build(run, tmp_path, built):
    assert run("release", built).code == 0
    released = (tmp_path / "dist" / "birds.apkg").read_bytes()
    built.write_text(built.read_text(encoding="utf-8") + "  wren: {term: Wren, definition: A small bird.}\n")
    assert run("build").code == 0
    assert (tmp_path / "dist" / "birds.apkg").read_bytes() != released
    ran = run("preview")
    assert ran.code == 0
    assert "the cards shown are not those of the download, which was released before" in ran.err
    assert "run 'deckbuilder release" in ran.err
    assert (tmp_path / "preview" / "decks" / "birds" / "birds.apkg").read_bytes() == released
    assert "<li>4 cards</li>" in page_of(tmp_path / "preview")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The largest of them.", "The largest of all owls."),
        ("name: Zoology::Birds", "name: Birds"),
        ("A study aid, not a field guide.", "A study aid."),
    ],
)
def test_facts_that_changed_since_the_build_are_told(run, built, before, after):
    built.write_text(built.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    ran = run("preview")
    assert "the cards shown are not those of the download, which was built before" in ran.err
    assert "run 'deckbuilder build'" in ran.err


@pytest.mark.usefixtures("built")
def test_packages_can_be_somewhere_else(run, tmp_path):
    (tmp_path / "dist").rename(tmp_path / "packages")
    assert run("preview", "--packages", "packages").err == ""
    assert (tmp_path / "preview" / "decks" / "birds" / "birds.apkg").exists()


@pytest.mark.usefixtures("built")
def test_a_package_that_cannot_be_read_is_told_and_not_offered(run, tmp_path):
    (tmp_path / "dist" / "birds.apkg").write_bytes(b"no package")
    ran = run("preview")
    assert ran.code == 1
    assert "birds.apkg" in ran.err
    assert list((tmp_path / "preview").rglob("*.apkg")) == []


def test_an_update_package_is_offered_and_explained_where_it_belongs_to_the_download(run, tmp_path, built):
    built.write_text(built.read_text(encoding="utf-8").partition("  eagle:")[0], encoding="utf-8")
    assert run("build", "--accept-removals").code == 0
    assert run("preview").err == ""
    page = page_of(tmp_path / "preview")
    update = (tmp_path / "dist" / "birds-update.apkg").read_bytes()
    assert (tmp_path / "preview" / "decks" / "birds" / "birds-update.apkg").read_bytes() == update
    assert hashlib.sha256(update).hexdigest() in page
    assert "Some of its cards were withdrawn" in page
    assert "<li>2 cards</li>" in page


def test_an_update_package_of_another_version_is_not_offered(run, tmp_path, built):
    assert run("release", built).code == 0
    built.write_text(built.read_text(encoding="utf-8").partition("  eagle:")[0], encoding="utf-8")
    assert run("build", "--accept-removals").code == 0
    assert run("preview").code == 0
    assert [file.name for file in (tmp_path / "preview").rglob("*.apkg")] == ["birds.apkg"]


# ------------------------------------------------------------------ published by GitHub


def workflow_of_the_docs():
    text = (ROOT / "docs" / "preview.md").read_text(encoding="utf-8")
    return textwrap.dedent(re.search(r"```yaml\n( *name: pages\n.*?)```", text, re.DOTALL)[1])


def test_the_workflow_of_the_docs_is_as_github_asks_for(tmp_path):
    pytest.importorskip("check_jsonschema")
    file = write_deck(tmp_path, workflow_of_the_docs(), "pages.yml")
    words = ["check_jsonschema", "--builtin-schema", "vendor.github-workflows", file]
    Repository(tmp_path, tmp_path).run(sys.executable, "-m", *words)


@pytest.mark.usefixtures("built")
def test_its_command_makes_the_site_that_it_uploads(run, tmp_path):
    steps = yaml.safe_load(workflow_of_the_docs())["jobs"]["pages"]["steps"]
    (command,) = [step["run"] for step in steps if step.get("run", "").startswith("deckbuilder")]
    (uploaded,) = [step["with"]["path"] for step in steps if "path" in step.get("with", {})]
    assert run(*command.split()[1:]).code == 0
    package = (tmp_path / "dist" / "birds.apkg").read_bytes()
    assert (tmp_path / uploaded / "decks" / "birds" / "birds.apkg").read_bytes() == package
    assert (tmp_path / uploaded / "index.html").exists()


# ---------------------------------------------------------------------- in a browser


@pytest.fixture(scope="module")
def calcification(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    return written_site(site(preview([CALCIFICATION], ROOT / "dist").decks, folder), folder)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_page_fits_and_shows_its_samples(chromium, calcification, width, theme):
    for page in ("index.html", "decks/calcification/index.html"):
        seen = Watched(chromium, viewport={"width": width, "height": 900}, color_scheme=theme)
        seen.open(calcification, page)
        seen.page.locator(".sample .side .card").first.wait_for()
        assert seen.page.locator(".sample .side").count() == 7
        assert seen.run("document.documentElement.scrollWidth - innerWidth") <= 0
        button = seen.page.locator(".download").first.bounding_box()
        assert button["y"] + button["height"] < 900
        assert button["height"] >= 44
        assert seen.complaints == []
        assert seen.stayed_in(calcification)
        seen.close()


def test_an_answer_is_shown_on_demand_with_the_keyboard(chromium, calcification):
    seen = Watched(chromium)
    seen.open(calcification, "index.html")
    seen.page.get_by_role("button", name="Show the answer").first.focus()
    text = "document.querySelector('.sample .side').shadowRoot.textContent"
    front = seen.run(text)
    seen.page.keyboard.press("Enter")
    assert len(seen.run(text)) > len(front)
    seen.page.keyboard.press("Enter")
    assert seen.run(text) == front


def test_most_of_the_page_needs_no_script(chromium, calcification):
    seen = Watched(chromium, java_script_enabled=False)
    seen.open(calcification, "index.html")
    for words in ("Download the deck", "File → Import", "What stays", "SHA-256"):
        assert seen.page.get_by_text(words).first.is_visible()
    assert seen.page.locator(".sample summary").first.is_visible()
    assert seen.page.locator(".map svg").first.is_visible()


@pytest.fixture
def hosted(calcification):
    """The site on a host of its own, below a path, as GitHub Pages has it."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path):
            return super().translate_path(path.removeprefix("/decks-of-mine/site"))

        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=calcification)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/decks-of-mine/site/"
        server.shutdown()


@pytest.mark.parametrize("page", ["index.html", "decks/calcification/index.html"])
@pytest.mark.parametrize("where", ["a file", "a host"])
def test_the_download_is_the_released_package(chromium, calcification, hosted, where, page):
    seen = Watched(chromium)
    origin = calcification.as_uri() if where == "a file" else hosted
    seen.page.goto(f"{origin.removesuffix('/')}/{page}")
    with seen.page.expect_download() as started:
        seen.page.locator(".download").first.click()
    package = Path(started.value.path()).read_bytes()
    assert started.value.suggested_filename == "calcification.apkg"
    assert package == (ROOT / "dist" / "released" / "calcification.apkg").read_bytes()
    assert seen.page.locator(".hash").first.inner_text() == hashlib.sha256(package).hexdigest()
    assert [url for url in seen.requests if not url.startswith((origin, "data:"))] == []
    assert seen.complaints == []


def test_hostile_words_run_no_script_and_make_no_element(chromium, tmp_path):
    attack = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
    facts = f"""\
format: 1
deck:
  id: birds
  name: '{HOSTILE_NAME}'
  license: '{attack}'
  authors: ['{attack}']
  description: '{attack} [x](javascript:alert(3))'
  disclaimer: '{attack}'
  report: 'javascript:alert(4)'
sources: {{s: {{title: '{attack}', url: 'javascript:alert(5)'}}}}
default_source: s
concepts:
  owl: {{term: '{attack}', definition: '{attack}', contrasts: ["wren"]}}
  wren: {{term: '{HOSTILE_NAME}', definition: A small bird.}}
"""
    folder = written(tmp_path / "site", write_deck(tmp_path, facts))
    seen = Watched(chromium)
    for page in ("index.html", "decks/birds/index.html"):
        seen.open(folder, page)
        seen.page.locator(".sample .side .card").first.wait_for()
        assert seen.page.title() == HOSTILE_NAME
        assert seen.run("document.querySelectorAll('main img, main script, main iframe').length") == 0
        assert seen.page.locator('a[href^="javascript:"]').count() == 0
    assert seen.complaints == []
    assert seen.stayed_in(folder)
