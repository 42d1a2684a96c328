"""How long an author waits from a save to the new words on the screen, with `deckbuilder preview --serve`.

    python benchmarks/live.py [--rounds 10] [PATH]

Serves a copy of the decks at PATH (cards/ of this project), opens the page of the first deck in Chromium, and writes
another word into a definition again and again. Needs the package playwright and Debian's Chromium.
"""

# ruff: noqa: INP001, T201, S603 - a script, which prints, and starts this program

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parents[1]
DEFINITION = re.compile(r"^    definition: (?=\w)", re.MULTILINE)
GO_TO = """(line) => {
  const {address} = deckbuilder.deck.cards.find(({place}) => place.endsWith(`:${line}`));
  location.hash = encodeURIComponent(address);
}"""
# Called at each frame that is painted, so that it sees what a person sees.
PAINTED = """(word) => new Promise((done) => {
  const look = () => {
    const seen = [...document.querySelectorAll(".side")].some((side) => side.shadowRoot.textContent.includes(word));
    if (seen) done(Date.now()); else requestAnimationFrame(look);
  };
  look();
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("path", nargs="?", type=Path, default=HERE / "cards" / "calcification.yaml")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        deck = Path(folder, options.path.name)
        shutil.copy(options.path, deck)
        lock = options.path.with_suffix(".lock")
        if lock.exists():
            shutil.copy(lock, folder)
        waits = measured(deck, options.rounds)
    print("from the save to the screen, ms:", *(f"{wait:.0f}" for wait in waits))
    print(f"median {statistics.median(waits):.0f} ms, longest {max(waits):.0f} ms")


def measured(deck: Path, rounds: int) -> list[float]:
    command = [sys.executable, "-u", "-m", "deckbuilder", "preview", deck.name, "--serve", "--port", "0"]
    with (
        subprocess.Popen(command, cwd=deck.parent, stdout=subprocess.PIPE, text=True) as server,
        sync_playwright() as api,
    ):
        assert server.stdout is not None  # noqa: S101 - it is a pipe
        url = server.stdout.readline().split()[0]
        server.stdout.readline()
        try:
            return waits_in(
                api.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"]), url, deck, rounds
            )
        finally:
            server.terminate()


def waits_in(browser: Browser, url: str, deck: Path, rounds: int) -> list[float]:
    before = deck.read_text(encoding="utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(url)
    page.locator('a[href$="cards.html"]').first.click()
    page.locator(".live-status[data-kind]").wait_for()
    first = DEFINITION.search(before)
    assert first is not None, "no definition of one line"  # noqa: S101 - what this script can measure
    page.evaluate(GO_TO, before.count("\n", 0, first.start()) + 1)
    waits = []
    for number in range(rounds):
        word = f"Stone{number}"
        time.sleep(0.7 + number * 0.037)  # at any moment between two looks of the watcher
        deck.write_text(f"{before[: first.end()]}{word} {before[first.end() :]}", encoding="utf-8")
        saved = time.time()
        waits.append(page.evaluate(PAINTED, word) - saved * 1000)
    browser.close()
    return waits


if __name__ == "__main__":
    main()
