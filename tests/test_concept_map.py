"""The concept map: what it ties together, how it is drawn, and what a reader of any kind gets of it."""

import sys
from pathlib import Path

import pytest

from deckbuilder.facts.load import load
from deckbuilder.preview import related
from deckbuilder.preview.draw import NARROW, WIDE, draw, wrap
from deckbuilder.preview.formula import readable
from deckbuilder.preview.related import Tie, Way, concept_map
from tests.browser import Watched, written
from tests.helpers import HEADING, OWL, write_deck

ROOT = Path(__file__).parents[1]
DECKS = [ROOT / "cards" / "calcification.yaml", *sorted((ROOT / "tests" / "decks").glob("*.yaml"))]

ROCKS = """\
concepts:
  rock: {term: Rock, definition: What the ground is made of.}
  igneous: {term: Igneous rock, is_a: rock, requires: [rock], contrasts: [sedimentary], definition: From a melt.}
  sedimentary: {term: Sedimentary rock, is_a: rock, definition: From grains.}
  fossil: {term: Fossil, requires: [sedimentary], definition: What is left of a living thing.}
  stalactite: {term: Stalactite, contrasts: [stalagmite], definition: Hangs.}
  stalagmite: {term: Stalagmite, contrasts: [stalactite], definition: Stands.}
  weather: {term: Weather, definition: Today's sky.}
"""


def deck_of(tmp_path, concepts):
    (deck,) = load([write_deck(tmp_path, HEADING + concepts)]).decks
    return deck


# ---------------------------------------------------------------------- what is tied


def test_a_map_ties_kinds_contrasts_and_what_comes_first_each_once(tmp_path):
    found = concept_map(deck_of(tmp_path, ROCKS))
    rocks, stalactites = found.clusters
    assert set(rocks.ties) == {
        Tie(Way.KIND, "rock", "igneous"),
        Tie(Way.KIND, "rock", "sedimentary"),
        Tie(Way.CONTRAST, "igneous", "sedimentary"),
        Tie(Way.FIRST, "sedimentary", "fossil"),
    }
    assert dict(zip(rocks.concepts, rocks.depths, strict=True)) == {
        "rock": 0,
        "igneous": 1,
        "sedimentary": 1,
        "fossil": 2,
    }
    assert stalactites.ties == (Tie(Way.CONTRAST, "stalactite", "stalagmite"),)
    assert found.tied == found.shown == 6


def test_a_deck_whose_concepts_have_nothing_to_do_with_each_other_has_no_map(tmp_path):
    assert concept_map(deck_of(tmp_path, OWL)) is None
    assert "How it hangs together" not in page_of(tmp_path, OWL)


def many(number, line):
    return "concepts:\n" + "".join(f"  c{n}: {{term: Concept {n}, {line(n)}}}\n" for n in range(number))


def test_of_very_many_concepts_the_upper_levels_and_what_is_confused_are_shown(tmp_path):
    def line(n):
        contrast = "contrasts: [c51]" if n == 50 else ""
        return f"is_a: c{(n - 1) // 12}, {contrast}" if n else "definition: The root."

    found = concept_map(deck_of(tmp_path, many(120, line)))
    assert found.tied == 120
    assert found.shown < related.LARGEST_MAP
    shown = {concept for cluster in found.clusters for concept in cluster.concepts}
    assert {"c0", "c1", "c9", "c50", "c51"} <= shown
    assert "c119" not in shown
    assert f"{120 - found.shown} more concepts" in page_of(tmp_path, many(120, line))


def test_a_tangle_that_nobody_could_read_is_left_out(tmp_path):
    tangle = many(60, lambda n: f"contrasts: [c{(n + 1) % 60}, c{(n + 7) % 60}]")
    assert concept_map(deck_of(tmp_path, tangle)) is None


# --------------------------------------------------------------------------- drawing


def drawings(deck, size):
    terms = {name: concept.term for name, concept in deck.concepts.items()}
    return [(cluster, draw(cluster, terms, size)) for cluster in concept_map(deck).clusters]


def overlap(one, other):
    return (
        abs(one.x - other.x) < (one.width + other.width) / 2 and abs(one.y - other.y) < (one.height + other.height) / 2
    )


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("file", DECKS, ids=[file.stem for file in DECKS])
def test_boxes_of_real_decks_keep_apart_and_within_the_picture(file, size):
    (deck,) = load([file]).decks
    for cluster, drawing in drawings(deck, size):
        assert {box.concept for box in drawing.boxes} == set(cluster.concepts)
        assert len(drawing.lines) == len(cluster.ties)
        for number, box in enumerate(drawing.boxes):
            assert not any(overlap(box, other) for other in drawing.boxes[number + 1 :])
            assert box.width / 2 <= box.x <= drawing.width - box.width / 2
            assert box.height / 2 <= box.y <= drawing.height - box.height / 2


def test_the_same_deck_gives_the_same_picture(tmp_path):
    assert drawings(deck_of(tmp_path, ROCKS), WIDE) == drawings(deck_of(tmp_path, ROCKS), WIDE)


def test_kinds_point_at_what_they_are_a_kind_of_and_contrasts_at_nothing(tmp_path):
    ((_, rocks), (_, pair)) = drawings(deck_of(tmp_path, ROCKS), WIDE)
    rock = next(box for box in rocks.boxes if box.concept == "rock")
    heads = [line.head for line in rocks.lines if line.way is Way.KIND]
    assert len(heads) == 2
    assert all(head.startswith(f"M{rock.x + rock.width / 2:g} ") for head in heads)
    assert [line.head for line in pair.lines] == [""]


@pytest.mark.parametrize(
    ("term", "lines"),
    [
        ("Owl", ("Owl",)),
        ("Heterotopic calcification", ("Heterotopic", "calcification")),
        ("Donaudampfschifffahrtsgesellschaft", ("Donaudampfs-", "chifffahrtsge-", "sellschaft")),
        ("well-known-and-very-long", ("well-known-", "and-very-long")),
    ],
)
def test_terms_are_wrapped_into_their_boxes(term, lines):
    assert wrap(term, NARROW) == lines


def test_an_endless_term_ends_in_an_ellipsis():
    assert wrap("owl " * 200, NARROW)[-1].endswith("…")
    assert len(wrap("owl " * 200, NARROW)) == 4
    assert len(wrap("x" * 10_000, NARROW)) == 4


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (r"Area \(\pi r^2\)", "Area π r²"),
        (r"\(\ce{Ca3(PO4)2}\) and \(\ce{Ca^2+}\)", "Ca₃(PO₄)₂ and Ca²⁺"),
        (r"\(\frac{a}{b} \le \sqrt{x}\)", "a/b ≤ √x"),
        (r"\[x_{ij}\]", "x_ij"),
        (r"\(\lambda\), \(\varphi\) and \(\Omega\)", "λ, φ and Ω"),
        (r"5 \% of \(5\,\%\)", r"5 \% of 5 %"),
        (r"\(\unheardof{x}\)", "unheardofx"),
    ],
)
def test_formulas_are_readable_where_they_cannot_be_set(seen, words):
    assert readable(seen) == words


# ------------------------------------------------------------------------- on the page


def page_of(tmp_path, concepts):
    folder = written(tmp_path / "site", write_deck(tmp_path, HEADING + concepts))
    return (folder / "decks" / "birds" / "index.html").read_text(encoding="utf-8")


def test_the_map_is_there_in_words_too(tmp_path):
    page = " ".join(page_of(tmp_path, ROCKS).split())
    assert "has the kinds <span" in page
    assert "The same as a list" in page
    assert "is learned after" in page
    assert page.count("contrasts with <span") == 4


def test_without_graphlay_the_page_has_the_list_alone(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "graphlay", None)
    page = page_of(tmp_path, ROCKS)
    assert '<details class="words" open>' in page
    assert 'class="tie' not in page


def test_a_concept_leads_to_its_cards(chromium, tmp_path):
    folder = written(tmp_path / "site", write_deck(tmp_path, HEADING + ROCKS))
    seen = Watched(chromium)
    seen.open(folder, "index.html")
    seen.page.locator(".map .wide a", has_text="Fossil").click()
    seen.page.get_by_text("2 of 14 cards").wait_for()
    assert seen.page.locator("#concept").input_value() == "fossil"
    assert {heading.split(" ")[-1] for heading in seen.page.locator(".entry:visible h2").all_inner_texts()} == {
        "Fossil"
    }
    seen.open(folder, "decks/birds/cards.html", "#birds/rock/definition-2")
    seen.page.wait_for_timeout(300)
    assert seen.run("document.activeElement.id") == "birds/rock/definition-2"
    seen.open(folder, "decks/birds/cards.html", "#kind=unheard-of&status=normal")
    seen.page.get_by_text("14 cards", exact=True).wait_for()
    assert seen.complaints == []


TOO_WIDE = """() => [...document.querySelectorAll(".map text")]
  .filter((text) => text.getClientRects().length)
  .filter((text) => text.getBBox().width > text.previousElementSibling.getBBox().width - 4)
  .map((text) => text.textContent)"""


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("file", DECKS, ids=[file.stem for file in DECKS])
def test_terms_fit_their_boxes_and_stay_readable(chromium, tmp_path, file, width):
    folder = written(tmp_path / "site", file)
    seen = Watched(chromium, viewport={"width": width, "height": 900})
    seen.open(folder, "index.html")
    assert seen.run(TOO_WIDE) == []
    letters = seen.run("""() => [...document.querySelectorAll(".map svg")]
      .filter((svg) => svg.getClientRects().length)
      .map((svg) => svg.getAttribute("font-size") * svg.clientWidth / svg.viewBox.baseVal.width)""")
    assert letters
    assert min(letters) >= 11
    assert seen.run("document.documentElement.scrollWidth - innerWidth") <= 0
