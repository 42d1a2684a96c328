"""No traps: twice as much takes about twice as much work, whatever the shape of a deck.

Work is counted in calls of functions, which no other program on the machine can change; where the work is inside one
call, as in a regular expression, the least time of several is compared, with room to spare.
"""

import gc
import io
import json
import sys
import time
import tracemalloc
import zipfile

import pytest

from deckbuilder.build import build
from deckbuilder.check import STOPPING, check
from deckbuilder.check.subject import Card
from deckbuilder.check.table import RULES
from deckbuilder.facts.load import load
from deckbuilder.kinds import make_notes
from deckbuilder.lock import Lock, pin
from deckbuilder.markup import render_block, render_inline
from deckbuilder.notes import Note, PinnedNote
from deckbuilder.package.write import PackageDeck, package_bytes
from deckbuilder.preview.pages.data import deck_script
from deckbuilder.preview.previewed import preview
from tests.helpers import HEADING, verdict_on, write_deck

LINEAR = 2.4


def calls(work):
    """How many functions are called, in Python and in C, while `work` is done."""
    counted = 0

    def count(_frame, event, _argument):
        nonlocal counted
        counted += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted


def whole_way(folder, facts):
    """Everything that a build does with a deck, but for the disk."""
    (deck,) = load([write_deck(folder, facts)]).decks
    made = make_notes(deck)
    pinned = pin(deck, made, Lock(deck.heading.id), 0)
    check(deck, made, STOPPING)
    package_bytes(PackageDeck(deck.heading.id, "Birds", "", pinned.notes))


def concepts(count, more="", **heads):
    """So many concepts with a definition and a question each, and what else one of them is to have."""
    lines = [HEADING, *(f"{key}:\n{value}" for key, value in heads.items()), "concepts:"]
    for n in range(count):
        lines += [
            f"  bird-{n}:",
            f"    term: Bird {n}",
            f"    definition: The bird that stands at number {n} here.",
            f"    questions: [{{ask: Which bird is number {n}?, answer: Number {n} of all}}]",
            *([more.format(n=n, other=n ^ 1)] if more else []),
        ]
    return "\n".join(lines)


def classes(count):
    pairs = (f"  pair-{n}: {{among: [bird-{n}, bird-{n + 1}], ask: Which of the two?}}" for n in range(0, count, 2))
    more = "    contrasts: [bird-{other}]\n    examples: [Egg {n}, Nest {n}]"
    return concepts(count, more, classifications="\n".join(pairs))


def uneven(count):
    """One classification with very many items of one class, in groups of five, and few of the other."""
    items = "\n".join(f"      - Group {n}: [{', '.join(f'Item {n}-{m}' for m in range(5))}]" for n in range(count // 5))
    asked = "  size: {among: [bird-0, bird-1], ask: Which of the two?, items: [examples]}"
    facts = concepts(2, "", classifications=asked)
    return facts.replace("    term: Bird 1", "    examples: [Egg, Nest]\n    term: Bird 1").replace(
        "    term: Bird 0", f"    examples:\n{items}\n    term: Bird 0"
    )


def chain(count):
    """Each concept needs the one before."""
    return concepts(count) + "".join(
        f"\n  more-{n}:\n    term: More {n}\n    requires: [bird-{n}]" for n in range(count)
    )


@pytest.mark.parametrize("deck", [concepts, classes, uneven, chain])
def test_a_deck_twice_as_large_takes_about_twice_the_work(tmp_path, deck):
    whole_way(tmp_path, deck(10))  # what is made once, such as parsers, is made here
    once, twice = (calls(lambda size=size: whole_way(tmp_path, deck(size))) for size in (100, 200))
    assert twice < LINEAR * once


@pytest.mark.parametrize("locked", [False, True])
def test_twice_as_many_decks_in_one_folder_take_about_twice_the_work(tmp_path, locked):
    """Nothing is asked of the whole folder for each of its decks; nor where one of them already has a lock."""

    def decks(count):
        folder = tmp_path / f"decks-{count}"
        for n in range(count):
            write_deck(folder, concepts(2).replace("id: birds", f"id: birds-{n}"), f"birds-{n}.yaml")
        if locked:
            build([folder / "birds-0.yaml"], folder / "dist")
        return calls(lambda: build([folder], folder / "dist"))

    decks(2)
    assert decks(60) < LINEAR * decks(30)


def test_a_review_of_a_deck_twice_as_large_takes_about_twice_the_work(tmp_path):
    def review(size):
        (deck,) = load([write_deck(tmp_path, concepts(size))]).decks
        made = make_notes(deck)
        return calls(lambda: check(deck, made, tuple(RULES.values())))

    review(2)
    assert review(400) < LINEAR * review(200)


def test_a_large_collection_is_never_in_memory_as_a_whole(tmp_path):
    (deck,) = load([write_deck(tmp_path, concepts(1))]).decks
    (first, *_) = pin(deck, make_notes(deck), Lock("birds"), 0).notes
    long = "A long explanation. " * 1000
    notes = [first._replace(guid=f"guid-{n}", row=(f"Bird {n}", long, *first.row[2:])) for n in range(300)]
    tracemalloc.start()
    try:
        package = package_bytes(PackageDeck("birds", "Birds", "", notes))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert archive.getinfo("collection.anki2").file_size > 300 * len(long)
    assert most < 150 * len(long)


def test_the_cards_of_a_deck_pass_into_their_page_one_by_one(tmp_path):
    (shown,) = preview([write_deck(tmp_path, concepts(500))], tmp_path).decks
    tracemalloc.start()
    try:
        script = deck_script(shown, tmp_path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    record = json.loads(json.loads(script.decode().removeprefix("deckbuilder.deck = JSON.parse(").removesuffix(");\n")))
    assert [card["address"] for card in record["cards"]] == [card.address for card in shown.cards]
    # Their parts, and all of them together.
    assert most < 2.5 * len(script)


def test_what_the_rules_made_of_a_deck_is_gone_once_it_is_judged(tmp_path):
    """A large deck's cards in words would take room while it is pinned and packed."""
    (deck,) = load([write_deck(tmp_path, concepts(5))]).decks
    verdict = verdict_on(deck, make_notes(deck))
    assert verdict.wrong == ()
    assert [one for one in gc.get_objects() if isinstance(one, Card) and one.note.key.startswith("birds/")] == []


def test_a_deck_that_is_written_is_let_go_before_the_next_is_made(tmp_path):
    """A folder of large decks would need the room of all of them."""
    for n in range(3):
        write_deck(tmp_path / "decks", concepts(3).replace("id: birds", f"id: flock-{n}"), f"flock-{n}.yaml")
    alive = []

    def watch(stage, _done, _total):
        if stage == "making":
            notes = [one for one in gc.get_objects() if isinstance(one, Note | PinnedNote)]
            alive.append({deck for note in notes if (deck := note.key.split("/")[0]).startswith("flock-")})

    build([tmp_path / "decks"], tmp_path / "dist", progress=watch)
    assert [sorted(decks) for decks in alive if decks] == [["flock-0"]] * 3 + [["flock-1"]] * 3 + [["flock-2"]] * 3


def least_time(work):
    times = []
    for _ in range(3):
        render_inline.cache_clear()
        render_block.cache_clear()
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


# Quadratic work takes four times as long for a text of twice the length.
NOT_QUADRATIC = 3.2
SIGNS = [
    "a < b ",
    "[[",
    "{{c1::",
    "**a ",
    "$x ",
    "[a](",
    "`",
    "> ",
    "- ",
    "&amp;",
    "a_b_",
    "[[a]] ",
    "a[b]",
    "漢[かん]",
]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("render", [render_inline, render_block])
def test_a_hostile_text_twice_as_long_takes_about_twice_as_long(render, sign):
    once, twice = (least_time(lambda size=size: render(sign * (size // len(sign)))) for size in (4000, 8000))
    assert twice < NOT_QUADRATIC * once + 0.005


@pytest.mark.parametrize("sign", ["a < b ", "{{c1::", "{{c1::a}}", "<", "&", "]]"])
def test_a_package_of_hostile_notes_twice_as_long_takes_about_twice_as_long(tmp_path, sign):
    def package(size):
        (deck,) = load([write_deck(tmp_path, concepts(1))]).decks
        (first, *_) = pin(deck, make_notes(deck), Lock("birds"), 0).notes
        row = (sign * (size // len(sign)), *first.row[1:])
        notes = [type(first)(first.key, first.kind, first.type, first.guid, 0, row, (), first.ords, 100)]
        return least_time(lambda: package_bytes(PackageDeck("birds", "Birds", "", notes)))

    assert package(400_000) < NOT_QUADRATIC * package(200_000) + 0.005
