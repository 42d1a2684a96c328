"""How long a review takes, stage by stage and rule by rule, and how much that grows with a deck.

    python benchmarks/check.py [--cards 1000 10000 100000] [--files 20] [--most 300] [--only RULE ...]

Writes decks of about so many cards (`facts.py`) into a temporary folder. Each is reviewed in a process of its own, so
that its peak of memory is its own. Times are seconds of the processor; what tells is the growth: ten times the cards
should take ten times as long, and what takes more than fifteen times as long is marked. For Unix: it needs `resource`.
"""

# ruff: noqa: INP001, T201 - a script, which prints, and whose chance is no secret

import argparse
import gc
import json
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from facts import write_deck

from deckbuilder.check import RULES, check
from deckbuilder.check.rule import Rule
from deckbuilder.facts.deck import Deck
from deckbuilder.facts.load import load
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.kinds import Made, make_notes
from deckbuilder.lock import Lock, pin
from deckbuilder.notes import Note

Times = dict[str, float | None]

CARDS_OF_A_FACT = 1.2
SUPER_LINEAR = 1.5  # times as slow as the cards are many
NOTHING = 0.1  # seconds: what is faster than this has no growth worth telling


def main() -> None:
    options = _options()
    if options.folder:
        print(json.dumps(measured(options.cards[0], options.files, options.most, options.only, Path(options.folder))))
        return
    results = []
    for cards in options.cards:
        with tempfile.TemporaryDirectory() as folder:
            # Not `-m`, so that it also runs from elsewhere.
            command = [sys.executable, __file__, *sys.argv[1:], "--folder", folder, "--cards", str(cards)]
            told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - this script
        results.append(json.loads(told.stdout))
        print_table(results[-1])
    if len(results) > 1:
        print_growth(results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=int, nargs="+", default=[1000, 10_000, 100_000], help="sizes of the decks")
    parser.add_argument("--files", type=int, default=20, help="files of each deck, beside that of the heading")
    parser.add_argument("--most", type=int, default=300, help="seconds after which a stage or rule is given up")
    parser.add_argument("--only", nargs="*", default=[], metavar="RULE", help="rules to measure, instead of all")
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser.parse_args()


# --- Measuring --------------------------------------------------------------------------------------------------------


def measured(cards: int, files: int, most: int, only: list[str], folder: Path) -> dict[str, Any]:
    """Times of one deck's stages and rules (None: given up), how much it made, and the peak of memory in MiB."""
    size = write_deck(folder, round(cards / CARDS_OF_A_FACT), files)
    stages: Times = {}
    with timed(stages, "reading", most):
        loaded = load([folder])
    (deck,) = loaded.decks
    with timed(stages, "making notes", most):
        made = make_notes(deck)
    if wrong := [*loaded.problems, *made.problems]:
        sys.exit(f"the deck is not what it should be: {wrong[0]}")
    with timed(stages, "places of mistakes", most):
        # The first mistake in a file pays for its places, whichever rule finds it.
        for file in {deck.file, *deck.homes.values()}:
            place_of(Origin(file))
    with timed(stages, "giving identities", most):
        pin(deck, made, Lock("benchmark"), 0)
    # Else the garbage collector looks through the whole deck in the middle of one rule or another.
    gc.collect()
    gc.freeze()
    judging = [rule for rule in RULES.values() if rule.find is not None and (not only or rule.id in only)]
    rules, found = checked(deck, made, judging, most)
    stages["cards in words"] = rules.pop("")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    made_cards = sum(_cards(note) for note in made.notes)
    return {
        "cards": made_cards,
        "mib": size / 2**20,
        "memory": memory,
        "stages": stages,
        "rules": rules,
        "found": found,
    }


def checked(deck: Deck, made: Made, rules: Sequence[Rule], most: int) -> tuple[Times, dict[str, int]]:
    """Seconds of each rule, its places in the files included; behind "" those before the first one."""
    times: Times = {}
    found: Counter[str] = Counter()
    while rules:
        begun = [time.process_time()]

        def begin(*_: object, begun: list[float] = begun) -> None:
            begun.append(time.process_time())
            signal.alarm(most)

        ended: Times = {}
        with timed(ended, "a rule", most):
            found.update(problem.rule for problem in check(deck, made, rules, begin))
        end = None if ended["a rule"] is None else time.process_time()
        for name, start, after in zip(["", *(rule.id for rule in rules)], begun, [*begun[1:], end], strict=False):
            times.setdefault(name, None if after is None else after - start)
        # If one was given up, the check goes on behind it.
        rules = rules[len(begun) - 1 :]
    return times, found


def _cards(note: Note) -> int:
    if note.type.is_cloze:
        return len({(hidden.id, hidden.number) for hidden in note.hidden})
    return 1 + ("Reverse" in note.type.positions and bool(note.row[note.type.positions["Reverse"]]))


class GivenUpError(BaseException):
    """What is measured takes too long; not an Exception, so that nothing catches it by chance."""


def give_up(*_: object) -> None:
    raise GivenUpError


@contextmanager
def timed(times: Times, name: str, most: int) -> Iterator[None]:
    """The seconds of what is done within, or None after `most` of them."""
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(most)
    start = time.process_time()
    times[name] = None
    try:
        yield
        times[name] = time.process_time() - start
    except GivenUpError:
        print(f"{name}: given up after {most} s", file=sys.stderr)
    finally:
        signal.alarm(0)


# --- Tables -----------------------------------------------------------------------------------------------------------


def print_table(result: dict[str, Any]) -> None:
    print(f"\n{result['cards']:,} cards ({result['mib']:.1f} MiB of YAML), peak of memory {result['memory']:.0f} MiB\n")
    for name, seconds in result["stages"].items():
        print(f"  {name:<28}{_seconds(seconds):>10}")
    times = [seconds for seconds in result["rules"].values() if seconds is not None]
    print(f"  {'all rules':<28}{_seconds(sum(times)):>10}")
    slowest = sorted(result["rules"], key=lambda name: -(result["rules"][name] or float("inf")))
    for name in slowest:
        print(f"    {name:<26}{_seconds(result['rules'][name]):>10}{result['found'].get(name, 0):>9,} found")


def print_growth(results: list[dict[str, Any]]) -> None:
    """Each stage and rule over all sizes; the growth is that from the last size but one to the last."""
    less, more = results[-2:]
    times = more["cards"] / less["cards"]
    print(f"\nGrowth from {less['cards']:,} to {more['cards']:,} cards ({times:.1f} times as many)\n")
    print(f"  {'':<28}" + "".join(f"{result['cards']:>12,}" for result in results) + f"{'growth':>10}")
    for part in ("stages", "rules"):
        for name in more[part]:
            growth = _growth(less[part][name], more[part][name])
            shown = "" if growth is None else f"{growth:.1f}"
            mark = "  super-linear" if growth is not None and growth > SUPER_LINEAR * times else ""
            print(
                f"  {name:<28}"
                + "".join(f"{_seconds(result[part][name]):>12}" for result in results)
                + f"{shown:>10}{mark}"
            )


def _growth(less: float | None, more: float | None) -> float | None:
    if less is None or (more is not None and more < NOTHING):
        return None
    return float("inf") if more is None else more / max(less, NOTHING / 100)


def _seconds(seconds: float | None) -> str:
    return "given up" if seconds is None else f"{seconds:.2f}"


if __name__ == "__main__":
    main()
