"""Which card comes next when a deck is studied in the browser: `queue.js`, run there with seeded chance."""

from itertools import pairwise
from pathlib import Path

import pytest

from deckbuilder.preview.previewed import preview
from tests.browser import Watched

ROOT = Path(__file__).parents[1]
DECKS = [ROOT / "cards" / "calcification.yaml", *sorted((ROOT / "tests" / "decks").glob("*.yaml"))]
QUEUE = ROOT / "deckbuilder" / "preview" / "assets" / "queue.js"
SEEDS = range(30)

# The same chance for the same seed (mulberry32), decks of random shape, and what can be had at best.
TOOLS = """
const deckbuilder = {};
function chance(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
function card(note, number, stage, group = null) {
  return {address: `${note}-${number}`, note, stage, group};
}
function smallDeck(seed) {
  const random = chance(seed);
  const cards = [];
  for (let note = 0; cards.length < 4 + seed % 4; note += 1) {
    const stage = Math.floor(random() * 3);
    for (let number = 0; number <= random() * 3; number += 1) cards.push(card(`n${note}`, number, stage));
  }
  return cards.slice(0, 7);
}
const neighbours = (cards) => cards.filter((one, place) => place && one.note === cards[place - 1].note).length;
function isTaught(cards) {
  const met = new Set();
  let stage = 0;
  for (const one of cards) {
    if (met.has(one.note)) continue;
    met.add(one.note);
    if (one.stage < stage) return false;
    stage = one.stage;
  }
  return true;
}
function fewestNeighbours(left, taken = []) {
  if (!left.length) return isTaught(taken) ? neighbours(taken) : Infinity;
  if (!isTaught(taken)) return Infinity;
  return Math.min(...left.map((one) => fewestNeighbours(left.filter((other) => other !== one), [...taken, one])));
}
"""


@pytest.fixture(scope="module")
def queue(chromium):
    """Runs a script that knows `deckbuilder.queue` and the tools above."""
    page = Watched(chromium).page
    page.add_script_tag(content=TOOLS)
    page.add_script_tag(content=QUEUE.read_text(encoding="utf-8"))
    return page.evaluate


def studied(file):
    """A real deck as the study page hands it to the queue, and for each note the concepts that it needs."""
    (deck,) = preview([file], Path("none")).decks
    cards = [
        {
            "address": card.address,
            "note": card.address.removesuffix(f"-{card.number}"),
            "stage": card.stage,
            "group": card.concepts[0] if card.kind == "classification" else None,
        }
        for card in deck.cards
    ]
    return deck, cards


@pytest.fixture(scope="module", params=DECKS, ids=lambda file: file.stem)
def ordered(request, queue):
    """A real deck, and the order in which its cards come for each seed."""
    deck, cards = studied(request.param)
    script = "([cards, seeds]) => seeds.map((seed) => deckbuilder.queue.order(cards, chance(seed)))"
    return deck, cards, queue(script, [cards, list(SEEDS)])


def test_every_card_comes_exactly_once(ordered):
    _, cards, orders = ordered
    for order in orders:
        assert sorted(card["address"] for card in order) == sorted(card["address"] for card in cards)


def test_chance_decides_and_the_same_chance_decides_alike(ordered, queue):
    _, cards, orders = ordered
    assert len({tuple(card["address"] for card in order) for order in orders}) == len(orders)
    assert queue("(cards) => deckbuilder.queue.order(cards, chance(0))", cards) == orders[0]


def test_no_card_comes_before_the_definitions_that_it_requires(ordered):
    deck, _, orders = ordered
    notes = {note.key: note for note in deck.notes}
    defined = {note.concepts[0] for note in deck.notes if note.kind == "definition"}
    facts = deck.facts.concepts
    for order in orders:
        met = set()
        for card in order:
            note = notes[card["note"]]
            own = set(note.concepts)
            required = {name for one in own for name in (*facts[one].requires, *facts[one].is_a)}
            needed = required if note.kind == "definition" else required | own
            assert needed & defined <= met, card["address"]
            met |= own if note.kind == "definition" else set()


def test_siblings_never_come_side_by_side_in_a_real_deck(ordered):
    for order in ordered[2]:
        assert not [one["address"] for one, other in pairwise(order) if one["note"] == other["note"]]


def test_the_classes_of_a_classification_are_mixed(ordered):
    """No class three times in a row, but where too few of the others are left."""
    for order in ordered[2]:
        classes = [card["group"] for card in order if card["group"] is not None]
        # What is left at the very end may be of one class.
        runs = [place for place in range(2, len(classes)) if len(set(classes[place - 2 : place + 1])) == 1]
        assert runs == [] or set(classes[runs[0] :]) == {classes[-1]}


def test_in_small_decks_siblings_are_parted_whenever_any_order_could_part_them(queue):
    script = """(seeds) => seeds.filter((seed) => {
      const cards = smallDeck(seed);
      const order = deckbuilder.queue.order(cards, chance(seed));
      return !isTaught(order) || (neighbours(order) > 0 && fewestNeighbours(cards) === 0);
    })"""
    assert queue(script, list(range(400))) == []


def test_a_group_that_is_too_large_to_be_mixed_is_mixed_as_far_as_it_can(queue):
    script = """() => {
      const cards = [..."aaaaaab"].map((group, number) => card(`n${number}`, 1, 0, group));
      return deckbuilder.queue.order(cards, chance(1)).map(({group}) => group).join("");
    }"""
    assert "aab" in queue(script)


# ----------------------------------------------------------------------- a session


def played(queue, answers, cards='"abcdefgh"'):
    """The cards that a session asks, in order, as it is answered: `+` known, `-` not known, `u` undo."""
    script = f"""(answers) => {{
      const cards = [...{cards}].map((name) => ({{address: name, note: name, stage: 0, group: null}}));
      let session = deckbuilder.queue.begun(cards);
      const asked = [];
      for (const answer of answers) {{
        asked.push(session.waiting[0].address);
        if (answer === "u") session = deckbuilder.queue.undone(session);
        else session = deckbuilder.queue.after(session, answer === "+");
      }}
      return [asked.join(""), session.waiting.map((card) => card.address).join("")];
    }}"""
    return queue(script, answers)


def test_a_known_card_comes_once(queue):
    assert played(queue, "++++++++") == ["abcdefgh", ""]


def test_an_unknown_card_comes_again_after_four_others_until_it_is_known(queue):
    assert played(queue, "-++++-++++") == ["abcdeafgha", ""]


def test_an_unknown_card_comes_last_where_fewer_than_four_are_left(queue):
    assert played(queue, "-++", '"abc"') == ["abc", "a"]
    assert played(queue, "--+", '"a"') == ["aaa", ""]


def test_an_unknown_card_does_not_come_back_beside_its_sibling(queue):
    script = """() => {
      const cards = ["a-1", "b-1", "c-1", "d-1", "e-1", "a-2", "f-1", "g-1"]
        .map((address) => ({address, note: address[0], stage: 0, group: null}));
      return deckbuilder.queue.after(deckbuilder.queue.begun(cards), false).waiting.map(({address}) => address);
    }"""
    assert queue(script) == ["b-1", "c-1", "d-1", "e-1", "a-2", "f-1", "a-1", "g-1"]


def test_undo_brings_the_last_card_back_as_if_it_had_not_been_answered(queue):
    assert played(queue, "++-u") == ["abcd", "cdefgh"]
    assert played(queue, "-u") == ["ab", "abcdefgh"]
    assert played(queue, "u") == ["a", "abcdefgh"]


def test_first_showings_keep_their_order_whatever_comes_again(queue):
    asked, _ = played(queue, "-+--+-++++++")
    assert "".join(dict.fromkeys(asked)) == "abcdefgh"


def test_a_session_takes_what_is_not_known_first_and_all_once_everything_is_known(queue):
    script = """(known) => {
      const cards = [..."abcd"].map((name) => ({address: name, note: name, stage: "abcd".indexOf(name), group: null}));
      return deckbuilder.queue.chosen(cards, new Set(known), 2, chance(1)).map(({address}) => address).join("");
    }"""
    assert queue(script, []) == "ab"
    assert queue(script, ["a", "c"]) == "bd"
    assert queue(script, ["a", "b", "c", "d"]) == "ab"


def test_the_tally_counts_how_often_each_card_was_not_known(queue):
    script = """() => {
      const cards = [..."ab"].map((name) => ({address: name, note: name, stage: 0, group: null}));
      let session = deckbuilder.queue.begun(cards);
      for (const known of [false, true, false]) session = deckbuilder.queue.after(session, known);
      return [...deckbuilder.queue.tally(session)].map(([card, misses]) => `${card.address}${misses}`);
    }"""
    assert queue(script) == ["a2", "b0"]


def test_a_deck_of_ten_thousand_cards_is_put_in_order_at_once(queue):
    script = """() => {
      const cards = Array.from({length: 10000}, (_, n) =>
        card(`n${n >> 1}`, n & 1, n >> 4, n % 7 ? null : `g${n % 3}`));
      return new Set(deckbuilder.queue.order(cards, chance(1)).map(({address}) => address)).size;
    }"""
    assert queue(script) == 10000
