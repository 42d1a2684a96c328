"""A real browser for tests of pages: what a page shows, what it asks for, and what it complains of."""

import json
import os
import shutil

import pytest

from deckbuilder.preview.previewed import preview
from deckbuilder.preview.site import site


@pytest.fixture(scope="session")
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

    def open(self, folder, page, address=""):
        """A page by its path in the site, as a file."""
        self.page.goto((folder / page).as_uri() + address)

    def close(self):
        self.page.context.close()

    def run(self, script, *arguments):
        return self.page.evaluate(script, *arguments)

    def stayed_in(self, folder):
        return [url for url in self.requests if not url.startswith((folder.as_uri(), "data:"))] == []


def written(folder, *sources):
    """The site of decks, written as it is."""
    return written_site(site(preview(sources, folder / "none").decks, folder), folder)


def written_site(pages, folder):
    for name, data in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def deck_data(folder, name):
    """What the pages of a deck tell their scripts."""
    script = (folder / "decks" / name / "deck.js").read_text(encoding="utf-8")
    return json.loads(json.loads(script.removeprefix("deckbuilder.deck = JSON.parse(").removesuffix(");\n")))
