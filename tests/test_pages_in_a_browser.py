"""What holds for every page of the site, whatever it shows: in both themes, from a telephone to a desk."""

from importlib.metadata import distribution
from pathlib import Path

import pytest

from deckbuilder.preview.previewed import preview
from deckbuilder.preview.site import site
from tests.browser import Watched, written_site

ROOT = Path(__file__).parents[1]
SOURCES = [ROOT / "cards" / "calcification.yaml", ROOT / "tests" / "decks" / "chemistry.yaml"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    return written_site(site(preview(SOURCES, folder / "none").decks, folder), folder)


@pytest.fixture(scope="module")
def axe():
    """axe-core, which judges how well a page serves those who do not see it, or not well."""
    pytest.importorskip("axe_playwright_python", reason="the package axe-playwright-python is not installed")
    package = distribution("axe-playwright-python")
    return Path(str(package.locate_file("axe_playwright_python/axe.min.js"))).read_text(encoding="utf-8")


def pages_of(folder):
    """The first page, and the pages of the calcification deck."""
    pages = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.html"))
    return [page for page in pages if not page.startswith("decks/") or page.startswith("decks/calcification/")]


RUN_AXE = """async () => {
  const {violations, incomplete, passes} = await axe.run(document, {resultTypes: ["violations"]});
  const told = (rules) => rules.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html} ${node.failureSummary}`));
  return {
    wrong: told(violations),
    contrasts: passes.filter((rule) => rule.id === "color-contrast").length,
  };
}"""  # noqa: E501 - a line of JavaScript


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_scrolls_sideways_complains_or_asks_for_anything_outside(chromium, folder, width, theme):
    for page in pages_of(folder):
        seen = Watched(chromium, viewport={"width": width, "height": 900}, color_scheme=theme)
        seen.open(folder, page)
        seen.page.wait_for_load_state("networkidle")
        assert seen.run("document.documentElement.scrollWidth - innerWidth") <= 0, page
        assert seen.complaints == [], page
        assert seen.stayed_in(folder), page
        seen.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_to_mend(chromium, axe, folder, width, theme):
    for page in pages_of(folder):
        seen = Watched(chromium, viewport={"width": width, "height": 900}, color_scheme=theme)
        seen.open(folder, page)
        seen.page.wait_for_load_state("networkidle")
        seen.run(axe)
        found = seen.run(RUN_AXE)
        assert found["wrong"] == [], page
        assert found["contrasts"], page
        seen.close()
