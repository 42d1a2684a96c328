"""How the page with all cards of a large deck behaves in a real browser: opening, searching, scrolling.

    python benchmarks/preview.py [FACTS]

FACTS are 8,500 by default, which are about 10,000 cards. Needs Chromium, and the package playwright.
"""

# ruff: noqa: INP001, T201 - a script, which prints

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from facts import write_deck
from playwright.sync_api import Page, sync_playwright

from deckbuilder.preview.previewed import preview
from deckbuilder.preview.site import site

OPENED = 5
SEARCHED = ("sta", "glo mi", "zzzz", "")
FRAMES = """async () => {
  const times = [];
  let last = performance.now();
  for (let frame = 0; frame < 240; frame += 1) {
    scrollBy(0, 400);
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times;
}"""
FIND = """async (words) => {
  const box = document.getElementById("search");
  const count = document.getElementById("count");
  const start = performance.now();
  box.value = words;
  box.dispatchEvent(new Event("input"));
  await new Promise((seen) => { new MutationObserver(seen).observe(count, {childList: true}); });
  count.offsetHeight;
  return performance.now() - start;
}"""


def written(facts: int, folder: Path) -> tuple[Path, int]:
    """The site of a deck of so many facts: its page, and how many cards stand on it."""
    write_deck(folder / "deck", facts, 1)
    (deck,) = preview([folder / "deck"], folder).decks
    for name, data in site([deck], folder / "site").items():
        file = folder / "site" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return folder / "site" / "decks" / deck.id / "cards.html", len(deck.cards)


def opening(page: Page, address: str) -> float:
    """Seconds until the first card is drawn."""
    start = time.perf_counter()
    page.goto(address)
    page.locator(".side .card").first.wait_for()
    return time.perf_counter() - start


def main() -> None:
    facts = int(sys.argv[1]) if len(sys.argv) > 1 else 8_500
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        start = time.perf_counter()
        file, cards = written(facts, Path(folder))
        size = sum(one.stat().st_size for one in file.parent.iterdir()) / 1e6
        print(f"{cards:,} cards, {size:.1f} MB, made in {time.perf_counter() - start:.1f} s")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        opened = [opening(page, file.as_uri()) for _ in range(OPENED)]
        print(f"open until the first card: {statistics.median(opened):.2f} s, most {max(opened):.2f} s")
        found = [page.evaluate(FIND, words) for _ in range(3) for words in SEARCHED]
        # The page waits 80 ms for the next letter before it searches.
        print(f"search, from the last letter: {statistics.median(found):.0f} ms, most {max(found):.0f} ms")
        frames = page.evaluate(FRAMES)
        slow = sum(frame > 50 for frame in frames)  # noqa: PLR2004 - milliseconds that an eye sees
        print(f"scroll: {statistics.median(frames):.1f} ms a frame, most {max(frames):.0f} ms, {slow} over 50 ms")
        browser.close()


if __name__ == "__main__":
    main()
