"""`preview --serve`: an author edits, and the open page follows. The server runs in a process of its own."""

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import threading

import pytest

from tests.browser import Watched
from tests.helpers import HEADING, OWL, write_deck
from tests.test_pages_in_a_browser import RUN_AXE, axe  # noqa: F401 - a fixture

PATIENCE = 30
MOST = PATIENCE * 1000
BIRDS = (
    HEADING
    + "concepts:\n"
    + "".join(
        f"  bird{number}:\n    term: Bird {number}\n    definition: A bird that lays {number} eggs in a nest.\n"
        for number in range(30)
    )
)
EVERYWHERE = "0.0.0.0"  # noqa: S104 - to see that it is refused


class Server:
    """`deckbuilder preview --serve` as an author leaves it running in the folder of the decks."""

    def __init__(self, folder, *words):
        self.folder, self.words = folder, words
        self.lines = queue.Queue()
        self.start(0)

    def start(self, port):
        self.process = subprocess.Popen(  # noqa: S603 - this program
            [sys.executable, "-u", "-m", "deckbuilder", "preview", "--serve", f"--port={port}", *self.words],
            cwd=self.folder,
            env={**os.environ, "PYTHONUTF8": "1"},
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.reader = threading.Thread(target=self._read, args=[self.process.stdout], daemon=True)
        self.reader.start()
        self.url = self.hear(r"http://\S+")
        self.hear(r"^\d\d:\d\d:\d\d ")

    def _read(self, lines):
        for line in lines:
            self.lines.put(line)

    def hear(self, pattern):
        """Read on until the server says something like this."""
        while not (found := re.search(pattern, self.lines.get(timeout=PATIENCE))):
            pass
        return found.group()

    def stop(self, by=signal.SIGTERM):
        self.process.send_signal(by)
        code = self.process.wait(timeout=PATIENCE)
        self.reader.join(timeout=PATIENCE)
        self.process.stdout.close()
        return code


@pytest.fixture
def serve(tmp_path):
    with contextlib.ExitStack() as running:

        def start(facts, *words, name="birds.yaml"):
            write_deck(tmp_path / "cards", facts, name)
            server = Server(tmp_path, *words)
            running.callback(server.stop)
            return server

        yield start


@pytest.fixture
def see(chromium):
    """Open a page of the server, to be looked at while the author goes on."""

    def open_page(server, path, **options):
        seen = Watched(chromium, viewport={"width": 1100, "height": 800}, **options)
        seen.page.set_default_timeout(MOST)
        seen.page.goto(server.url + path)
        seen.page.locator(".live-status").wait_for()
        return seen

    return open_page


def save(server, facts, name="birds.yaml"):
    return write_deck(server.folder / "cards", facts, name)


def shows(seen, text):
    """The page shows these words, in a card too."""
    seen.page.get_by_text(text).first.wait_for()


# -------------------------------------------------------------------- it follows


def test_a_save_changes_the_card_and_leaves_the_reader_where_he_was(serve, see):
    server = serve(BIRDS)
    seen = see(server, "decks/birds/cards.html")
    seen.run("window.kept = true")
    seen.page.check("[name=theme][value=dark]")
    seen.run("location.hash = 'birds%2Fbird20%2Fdefinition-1'")
    shows(seen, "A bird that lays 20 eggs in a nest.")
    seen.page.wait_for_timeout(400)
    before = seen.run("document.activeElement.getBoundingClientRect().top")
    # The card that is looked at, and one above it: it becomes longer, and new cards come before both.
    longer = "definition: A bird that lays 3 eggs. " + "It is a long story. " * 40
    facts = BIRDS.replace("definition: A bird that lays 3 eggs in a nest.", longer)
    facts = facts.replace("concepts:\n", "concepts:\n  owl:\n    term: Owl\n    definition: A hunter of the night.\n")
    save(server, facts.replace("lays 20 eggs in a nest", "lays 20 eggs in a hollow"))
    shows(seen, "A bird that lays 20 eggs in a hollow.")
    shows(seen, "62 cards")
    seen.page.wait_for_timeout(400)
    assert seen.run("document.activeElement.id") == "birds/bird20/definition-1"
    assert abs(seen.run("document.activeElement.getBoundingClientRect().top") - before) <= 2
    assert seen.run("window.kept"), "the page was loaded anew"
    assert seen.run("document.documentElement.dataset.theme") == "dark"
    assert seen.page.locator(".live-status").inner_text().startswith("6 cards changed")
    assert seen.complaints == []


def test_search_and_filters_stay_and_look_at_the_new_words(serve, see):
    server = serve(BIRDS)
    seen = see(server, "decks/birds/cards.html")
    seen.page.select_option("#concept", "bird7")
    seen.page.fill("#search", "swamp")
    shows(seen, "0 of 60 cards")
    save(server, BIRDS.replace("lays 7 eggs in a nest", "lays 7 eggs in a swamp"))
    shows(seen, "2 of 60 cards")
    assert seen.page.input_value("#search") == "swamp"
    assert seen.page.input_value("#concept") == "bird7"
    assert seen.run("document.activeElement.id") == "search"
    save(server, BIRDS.replace("bird7:", "stork:"))
    shows(seen, "0 of 60 cards")
    assert seen.page.input_value("#concept") == "", "what is gone cannot be chosen"


def test_what_moves_in_the_file_is_not_told_as_changed(serve, see):
    server = serve(BIRDS)
    seen = see(server, "decks/birds/cards.html")
    shows(seen, "cards/birds.yaml:6")
    save(server, "# a line above\n" + BIRDS)
    shows(seen, "cards/birds.yaml:7")
    assert seen.page.locator(".live-status").inner_text() == "Follows your files"
    assert seen.run("document.querySelectorAll('.fresh').length") == 0


def test_a_reader_is_led_to_the_card_that_changed(serve, see):
    server = serve(BIRDS)
    seen = see(server, "decks/birds/cards.html")
    save(server, BIRDS.replace("lays 29 eggs in a nest", "lays 29 eggs in the snow"))
    seen.page.get_by_role("button", name="Show").click()
    shows(seen, "A bird that lays 29 eggs in the snow.")
    assert seen.run("document.activeElement.id").startswith("birds/bird29/")


def test_a_page_that_cannot_follow_in_place_is_loaded_anew_where_it_was(serve, see):
    server = serve(BIRDS)
    seen = see(server, "decks/birds/handout.html")
    seen.run("scrollTo(0, 700); window.kept = true")
    save(server, BIRDS.replace("lays 4 eggs in a nest", "lays 4 eggs in a box"))
    shows(seen, "A bird that lays 4 eggs in a box.")
    seen.page.wait_for_function("scrollY === 700")
    assert not seen.run("window.kept")
    assert seen.complaints == []


def test_a_picture_that_is_saved_anew_is_shown_anew(serve, see, tmp_path):
    square = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}"/>'
    image = "definition: {text: A bird., image: {file: ../owl.svg, alt: An owl}}"
    facts = HEADING + OWL.replace("definition: A bird that hunts at night.", image)
    write_deck(tmp_path, square.format(40), "owl.svg")
    server = serve(facts)
    seen = see(server, "decks/birds/cards.html")
    width = "async (image) => (await image.decode(), image.naturalWidth)"
    assert seen.page.get_by_alt_text("An owl").first.evaluate(width) == 40
    write_deck(server.folder, square.format(70), "owl.svg")
    seen.page.get_by_text("2 cards changed").wait_for()
    assert seen.page.get_by_alt_text("An owl").first.evaluate(width) == 70


# ------------------------------------------------------------------ broken, and mended


def test_a_broken_file_is_told_over_the_last_good_cards_and_forgotten_once_mended(serve, see):
    server = serve(BIRDS)
    seen = see(server, "decks/birds/cards.html")
    save(server, BIRDS.replace("definition: A bird that lays 2 eggs", "defintion: A bird that lays 2 eggs"))
    panel = seen.page.locator(".live-problems")
    panel.wait_for()
    told = panel.inner_text()
    assert "1 thing to mend · what you see is from before" in told
    assert "Error unknown key 'defintion' [schema]" in told
    assert "cards/birds.yaml:12" in told
    assert "→ did you mean 'definition'?" in told
    line, caret = panel.locator("pre").inner_text().splitlines()
    assert line == "12 |     defintion: A bird that lays 2 eggs in a nest."
    assert line[caret.index("^") :].startswith("defintion")
    shows(seen, "A bird that lays 2 eggs in a nest.")
    save(server, BIRDS.replace("lays 2 eggs in a nest", "lays 2 eggs in a tree"))
    shows(seen, "A bird that lays 2 eggs in a tree.")
    assert panel.is_hidden()
    assert seen.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_to_mend_where_a_mistake_is_told(serve, see, axe, theme):  # noqa: F811 - the fixture
    server = serve(BIRDS)
    for page in ("decks/birds/cards.html", "none.html"):
        save(server, BIRDS)
        seen = see(server, page, color_scheme=theme)
        save(server, BIRDS.replace("definition: A bird that lays 2 eggs", "defintion: A bird that lays 2 eggs"))
        seen.page.locator(".live-problems").wait_for()
        seen.run(axe)
        found = seen.run(RUN_AXE)
        assert found["wrong"] == []
        assert found["contrasts"]


def test_a_deck_that_never_was_good_shows_what_is_wrong_and_appears_once_mended(serve, see):
    server = serve("format: 1\ndeck: {id: birds, name: Birds\nconcepts: [\n")
    seen = see(server, "")
    shows(seen, "No cards yet")
    assert "cards/birds.yaml:" in seen.page.locator(".live-problems").inner_text()
    save(server, BIRDS)
    seen.page.get_by_role("link", name="All cards", exact=True).click()
    shows(seen, "60 cards")
    assert seen.complaints == []


def test_hostile_words_in_a_mistake_are_words(serve, see):
    server = serve(BIRDS)
    seen = see(server, "decks/birds/cards.html")
    save(server, BIRDS + "\n  <img src=x onerror=alert(1)>: {trem: '</script><script>alert(2)</script>'}\n")
    shows(seen, "<img src=x onerror=alert(1)>")
    assert seen.page.locator(".live-problems img").count() == 0
    assert seen.complaints == []


# ------------------------------------------------------------- several files and decks


def test_decks_come_and_go_and_the_others_stay(serve, see):
    server = serve(BIRDS)
    seen = see(server, "")
    fish = save(server, HEADING.replace("birds", "fish").replace("Birds", "Fish") + OWL, "fish.yaml")
    seen.page.get_by_role("link", name="Fish").click()
    shows(seen, "2 cards")
    save(server, "format: 1\n", "fish.yaml")
    shows(seen, "what you see is from before")
    fish.unlink()
    shows(seen, "This page is not here")
    seen.page.get_by_role("link", name="All decks").click()
    seen.page.get_by_role("heading", name="Birds").wait_for()
    assert seen.page.get_by_role("link", name="Fish").count() == 0


def test_a_deck_in_a_folder_follows_a_file_that_is_added(serve, see):
    server = serve(HEADING + OWL, name="birds/deck.yaml")
    seen = see(server, "decks/birds/cards.html")
    shows(seen, "2 cards")
    save(server, "concepts:\n  wren:\n    term: Wren\n    definition: A small brown bird.\n", "birds/wren.yaml")
    shows(seen, "4 cards")
    shows(seen, "A small brown bird.")


def test_an_editor_that_replaces_the_file_is_followed(serve, see):
    server = serve(BIRDS)
    seen = see(server, "decks/birds/cards.html")
    fresh = save(server, BIRDS.replace("lays 1 eggs in a nest", "lays 1 eggs on a rock"), "birds.yaml~")
    file = server.folder / "cards" / "birds.yaml"
    file.rename(file.with_suffix(".bak"))
    fresh.rename(file)
    shows(seen, "A bird that lays 1 eggs on a rock.")
    assert seen.page.locator(".live-problems").is_hidden()


# ----------------------------------------------------------------- the server's own life


def test_a_page_finds_the_server_that_was_started_again(serve, see):
    server = serve(BIRDS)
    seen = see(server, "decks/birds/cards.html")
    port = re.search(r":(\d+)/", server.url)[1]
    server.stop()
    shows(seen, "Not connected.")
    save(server, BIRDS.replace("lays 1 eggs in a nest", "lays 1 eggs on a roof"))
    server.start(port)
    shows(seen, "A bird that lays 1 eggs on a roof.")
    shows(seen, "2 cards changed")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_ends_it_without_a_complaint(tmp_path):
    write_deck(tmp_path / "cards", BIRDS)
    server = Server(tmp_path)
    assert server.stop(signal.SIGINT) == 0
    assert server.lines.empty()


def test_nothing_is_written_unless_that_was_asked_for(serve):
    server = serve(BIRDS)
    assert sorted(path.name for path in server.folder.iterdir()) == ["cards"]
    server = serve(BIRDS, "-o", "site")
    script = server.folder / "site" / "decks" / "birds" / "deck.js"
    assert "lays 4 eggs in a nest" in script.read_text(encoding="utf-8")
    save(server, BIRDS.replace("lays 4 eggs in a nest", "lays 4 eggs in a cave"))
    server.hear(r"Birds 60 cards")
    assert "lays 4 eggs in a cave" in script.read_text(encoding="utf-8")
    assert "/live" not in (script.parent / "cards.html").read_text(encoding="utf-8")


# ----------------------------------------------------------------------------- options


def test_others_may_connect_only_where_that_is_said(run, tmp_path):
    write_deck(tmp_path / "cards", BIRDS)
    ran = run("preview", "--serve", "--host", EVERYWHERE, "--port", "0")
    assert ran.code == 2
    assert "lets other computers connect" in ran.err
    assert "Add --expose" in ran.err


@pytest.mark.parametrize("option", ["--open", "--port=0", "--host=localhost", "--expose"])
def test_options_of_the_server_go_with_it(run, tmp_path, option):
    write_deck(tmp_path / "cards", BIRDS)
    ran = run("preview", option)
    assert ran.code == 2
    assert "goes with --serve" in ran.err
    assert not (tmp_path / "preview").exists()


@pytest.fixture
def two_looks(monkeypatch):
    """An author who looks, saves once, and ends it: in this process."""

    def saved(*_paths, **_options):
        yield
        yield
        raise KeyboardInterrupt

    monkeypatch.setattr("deckbuilder.commands.serve.saved", saved)


@pytest.mark.usefixtures("two_looks")
def test_the_browser_is_opened_once_and_where_the_cards_are(run, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or True)
    write_deck(tmp_path / "cards", BIRDS)
    assert run("preview", "--serve", "--open", "--port", "0").code == 0
    write_deck(tmp_path / "cards", HEADING.replace("birds", "fish") + OWL, "fish.yaml")
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) and False)
    ran = run("preview", "--serve", "--open", "--port", "0", "--host", EVERYWHERE, "--expose")
    assert ran.code == 0
    assert "Whoever can reach this computer over the network can now read your cards" in ran.err
    assert re.fullmatch(r"http://127.0.0.1:\d+/decks/birds/cards.html", opened[0])
    assert re.fullmatch(r"http://127.0.0.1:\d+/", opened[1])
    assert f"No browser was found: open {opened[1]} in one." in ran.err


@pytest.mark.usefixtures("two_looks")
def test_a_folder_that_goes_while_it_is_read_is_told(run, tmp_path, monkeypatch):
    def gone(*_words):
        raise FileNotFoundError(2, "No such file or directory", "cards/birds")

    write_deck(tmp_path / "cards", BIRDS)
    monkeypatch.setattr("deckbuilder.commands.serve.preview", gone)
    ran = run("preview", "--serve", "--port", "0")
    assert ran.code == 0
    assert "cards/birds: error: cannot be read: No such file or directory" in ran.err.replace("\\", "/")
    assert "nothing to show" in ran.out
