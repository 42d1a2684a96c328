"""How fast deckbuilder is, against the straightforward program, and where it stands against its own targets.

    python benchmarks/run.py [--rounds 5] [--only ROW ...] [--short] [--check]

Every row is a ratio: two things run in turn, on this machine, in one run. The results are kept in `results.json`, and
`docs/performance.md` shows them as a table and a plot. `--short` measures small decks, in half a minute; with `--check`
it fails if a ratio is more than twice the recorded one: it finds a collapse, and times nothing.
"""

# ruff: noqa: INP001, T201 - a script, which prints

import argparse
import json
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import report
import stages
from facts import write_deck, write_decks
from measure import Ratio, in_turn, process_memory, process_seconds

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
COLLAPSE = 2.0
LIBRARIES = ("click", "genanki", "markdown-it-py", "pydantic", "pyyaml")


@dataclass(frozen=True)
class Sizes:
    """How large the decks are: facts of the large deck and its files, and of the small one."""

    large: int
    files: int
    small: int
    package: int
    decks: int
    hostile: int


LONG = Sizes(large=100_000, files=1000, small=10_000, package=30_000, decks=100, hostile=20_000)
SHORT = Sizes(large=4_000, files=40, small=400, package=4_000, decks=40, hostile=2_000)


@dataclass(frozen=True)
class Row:
    """One line of the table. `target` is the ratio to reach, where there is one."""

    id: str
    what: str
    against: str
    target: float | None
    measure: Callable[["Bench"], list[tuple[float, ...]]]


class Bench:
    """Where it is measured: decks in a temporary folder, made when first asked for."""

    def __init__(self, folder: Path, sizes: Sizes, rounds: int) -> None:
        self.folder = folder
        self.sizes = sizes
        self.rounds = rounds

    def deck(self, facts: int, files: int) -> Path:
        folder = self.folder / f"facts-{facts}-{files}"
        if not folder.exists():
            write_deck(folder, facts, files)
        return folder

    @property
    def large(self) -> Path:
        return self.deck(self.sizes.large, self.sizes.files)

    @property
    def small(self) -> Path:
        return self.deck(self.sizes.small, max(self.sizes.files * self.sizes.small // self.sizes.large, 1))

    def click(self) -> float:
        return process_seconds([sys.executable, "-c", "import click"], {}, self.folder)

    def ours(
        self, deck: Path, *options: str, fresh: bool = True, measure: Callable[..., float] = process_seconds
    ) -> float:
        """A build of `deck`; `fresh` as on a machine that never saw it."""
        home = self.folder / "home" / deck.name
        environment = {"XDG_CACHE_HOME": str(home / "cache")}
        if fresh:
            shutil.rmtree(home, ignore_errors=True)
            for lock in deck.rglob("*.lock") if deck.is_dir() else deck.parent.glob("*.lock"):
                lock.unlink()
        home.mkdir(parents=True, exist_ok=True)
        return measure([sys.executable, "-m", "deckbuilder", "build", str(deck), *options], environment, home)

    def naive(self, deck: Path, measure: Callable[..., float] = process_seconds) -> float:
        return measure([sys.executable, str(HERE / "naive.py"), str(deck), str(self.folder / "naive")], {}, self.folder)


def _help(bench: Bench) -> list[tuple[float, ...]]:
    shown = partial(process_seconds, [sys.executable, "-m", "deckbuilder", "--help"], {}, bench.folder)
    return in_turn(4 * bench.rounds, shown, bench.click)


def _cold(bench: Bench) -> list[tuple[float, ...]]:
    return in_turn(bench.rounds, lambda: bench.ours(bench.large), lambda: bench.naive(bench.large))


def _memory(bench: Bench) -> list[tuple[float, ...]]:
    return [(bench.ours(bench.large, measure=process_memory), bench.naive(bench.large, measure=process_memory))]


def _memory_growth(bench: Bench) -> list[tuple[float, ...]]:
    return [(bench.ours(bench.large, measure=process_memory), bench.ours(bench.small, measure=process_memory))]


def _growth(bench: Bench) -> list[tuple[float, ...]]:
    return in_turn(bench.rounds, lambda: bench.ours(bench.large), lambda: bench.ours(bench.small))


def _unchanged(bench: Bench) -> list[tuple[float, ...]]:
    deck = bench.large
    time.sleep(3)  # what was saved just before a build is looked at again
    bench.ours(deck)
    return in_turn(4 * bench.rounds, lambda: bench.ours(bench.large, fresh=False), bench.click)


def _one_changed(bench: Bench) -> list[tuple[float, ...]]:
    pairs = []
    for number in range(bench.rounds):
        time.sleep(3)  # what was saved just before a build is not taken for what was built
        cold = bench.ours(bench.large)
        file = sorted(bench.large.glob("part-*.yaml"))[number]
        before = file.read_text(encoding="utf-8")
        file.write_text(before.replace("why: ", f"why: As of {number}, ", 1), encoding="utf-8")
        pairs.append((bench.ours(bench.large, fresh=False), cold))
        file.write_text(before, encoding="utf-8")
    return pairs


def _many_decks(bench: Bench) -> list[tuple[float, ...]]:
    notes, decks = bench.sizes.decks * 10, bench.sizes.decks
    for name, count in (("many", decks), ("one", 1)):
        if not (bench.folder / name).exists():
            write_decks(bench.folder / name, count, notes // count)
    return in_turn(bench.rounds, lambda: bench.ours(bench.folder / "many"), lambda: bench.ours(bench.folder / "one"))


def _real(bench: Bench, *, fresh: bool) -> list[tuple[float, ...]]:
    file = bench.folder / "real" / "calcification.yaml"
    if not file.exists():
        file.parent.mkdir()
        shutil.copy(HERE.parent / "cards" / file.name, file)
    time.sleep(3)
    bench.ours(file)
    return in_turn(4 * bench.rounds, lambda: bench.ours(file, fresh=fresh), bench.click)


ROWS = (
    Row("help", "`deckbuilder --help`", "`import click`", 1.2, _help),
    Row(
        "real-deck", "The calcification deck, built for the first time", "`import click`", 5, partial(_real, fresh=True)
    ),
    Row("real-deck-again", "The calcification deck, built again", "`import click`", None, partial(_real, fresh=False)),
    Row("cold", "A large deck in many files, one process", "the straightforward program", 0.45, _cold),
    Row("memory", "Peak of memory", "the straightforward program", 0.4, _memory),
    Row("memory-growth", "Peak of memory, ten times the facts", "the small deck", 2, _memory_growth),
    Row(
        "reading",
        "Reading YAML with places and duplicate keys, 4.5 MB",
        "CSafeLoader",
        0.35,
        stages.reading,
    ),
    Row("package", "Writing the package: time", "genanki as it comes", 0.5, stages.package),
    Row("package-bytes", "Writing the package: bytes", "genanki as it comes", 0.25, stages.package_bytes_of),
    Row(
        "package-floor",
        "Writing the package: time",
        "the same rows, `executemany`, zip",
        None,
        stages.floor,
    ),
    Row("unchanged", "Nothing changed, a thousand files", "`import click`", 1.5, _unchanged),
    Row("one-changed", "One file of a thousand changed", "the first build", 0.25, _one_changed),
    Row("growth", "Ten times the facts", "the small deck", 11, _growth),
    Row("decks", "A package of notes in a thousand decks of Anki", "the same notes in one deck", 1.5, stages.decks),
    Row("many-decks", "A hundred decks of 10 notes, each in a file", "the same notes in one file", None, _many_decks),
    Row("hostile", "Hostile text, twice as long", "the same text", 2.3, stages.hostile),
)


def main() -> None:
    options = _options()
    sizes = SHORT if options.short else LONG
    results: dict[str, Ratio] = {}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), sizes, options.rounds)
        for row in ROWS:
            if not options.only or row.id in options.only:
                results[row.id] = Ratio.of([(one, other) for one, other in row.measure(bench)])
                print(f"{row.id:<18}{report.in_words(results[row.id], row.target)}", flush=True)
    recorded = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    form = "short" if options.short else "long"
    if options.check:
        sys.exit(_collapsed(results, recorded.get(form, {}).get("rows", {})))
    _record(recorded, form, sizes, results)
    report.write(HERE.parent / "docs", ROWS, recorded)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="pairs of runs for each row")
    parser.add_argument("--only", nargs="*", default=[], metavar="ROW", help="rows to measure, instead of all")
    parser.add_argument("--short", action="store_true", help="small decks")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a ratio has collapsed")
    return parser.parse_args()


def _collapsed(results: dict[str, Ratio], recorded: dict[str, dict[str, float]]) -> str | None:
    """What to say of the rows that are more than twice as bad as they were recorded; None if there is none."""
    bad = [
        f"{name}: {ratio.median:.2f}, recorded {recorded[name]['median']:.2f}"
        for name, ratio in results.items()
        if name in recorded and ratio.median > COLLAPSE * recorded[name]["median"]
    ]
    return "More than twice as slow as recorded:\n" + "\n".join(bad) if bad else None


def _record(recorded: dict[str, dict[str, object]], form: str, sizes: Sizes, results: dict[str, Ratio]) -> None:
    before = recorded.get(form, {}).get("rows", {})
    recorded[form] = {
        "machine": {
            "python": platform.python_version(),
            "system": platform.system(),
            **{name: version(name) for name in LIBRARIES},
        },
        "sizes": asdict(sizes),
        "rows": {
            **(before if isinstance(before, dict) else {}),
            **{name: asdict(one) for name, one in results.items()},
        },
    }
    RESULTS.write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
