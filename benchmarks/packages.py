"""How long it takes to say what is in a package, and how much memory, for growing packages of both formats.

    python benchmarks/packages.py [--notes 1000 10000 100000]

Writes packages of so many notes (two cards each, fields of a few sentences, tags) into a temporary folder, as old Ankis
and as today's write them, and runs `deckbuilder inspect` on each in a process of its own. Seconds are of the processor;
the peak of memory is that of the whole process, beside that of a package without notes, which is what Python and the
program cost by themselves. It fails if the peak above that is more than the bound that is stated here. For Unix: it
asks for `resource`.
"""

# ruff: noqa: INP001, T201, S311 - a script, which prints, and whose chance is no secret

import argparse
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import zstandard

# Bytes for each note that a survey may keep: prints of its GUID and its first field, and its cards until it has passed.
BOUND_PER_NOTE = 600
# What passes through at a time, whatever the size: pages of the database, blocks of the zip.
BOUND_FOR_ALL = 24 * 2**20

TABLES = """
create table col (id integer primary key, crt, mod, scm, ver, dty, usn, ls, conf, models, decks, dconf, tags);
create table notes (id integer primary key, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data);
create table cards (id integer primary key, nid, did, ord, mod, usn, type, queue, due, ivl, factor, reps, lapses, left,
  odue, odid, flags, data);
create table revlog (id integer primary key, cid, usn, ease, ivl, lastIvl, factor, time, type);
"""
MODEL = {
    "id": 1500,
    "name": "Vocabulary",
    "type": 0,
    "mod": 0,
    "css": ".card { font-size: 20px }",
    "flds": [{"name": name, "ord": ord_} for ord_, name in enumerate(("Front", "Back", "Notes"))],
    "tmpls": [
        {"name": "Recall", "ord": 0, "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}{{Notes}}"},
        {"name": "Reverse", "ord": 1, "qfmt": "{{Back}}", "afmt": "{{FrontSide}}<hr id=answer>{{Front}}"},
    ],
}
DECK = {"id": 2, "name": "Languages::Vocabulary", "desc": ""}
SYLLABLES = [
    a + b for a in ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr") for b in "aeiou"
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, nargs="+", default=[1000, 10_000, 100_000], help="sizes of the packages")
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.file:
        print(json.dumps(measured(options.file)))
        return
    print(f"{'notes':>8} {'format':>8} {'file MiB':>9} {'seconds':>8} {'peak MiB':>9} {'above none':>11} {'bound':>6}")
    beyond = False
    with tempfile.TemporaryDirectory() as folder:
        for modern in (False, True):
            none = told(write(Path(folder), 0, modern=modern))["peak"]
            for notes in options.notes:
                file = write(Path(folder), notes, modern=modern)
                result = told(file)
                above, bound = result["peak"] - none, BOUND_FOR_ALL + notes * BOUND_PER_NOTE
                beyond |= above > bound
                print(
                    f"{notes:>8,} {'modern' if modern else 'legacy':>8} {file.stat().st_size / 2**20:>9.1f} "
                    f"{result['seconds']:>8.2f} {result['peak'] / 2**20:>9.0f} {above / 2**20:>11.1f} "
                    f"{bound / 2**20:>6.0f}{'  beyond it' if above > bound else ''}",
                    flush=True,
                )
    if beyond:
        sys.exit("more memory than is stated")


def told(file: Path) -> dict[str, float]:
    """Seconds and bytes of a process that inspects the file."""
    # Not `-m`, so that it also runs from elsewhere.
    command = [sys.executable, __file__, "--file", str(file)]
    result = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - this script
    return dict(json.loads(result.stdout))


def measured(file: Path) -> dict[str, float]:
    from deckbuilder.package.open import open_package  # noqa: PLC0415 - in the process that is measured alone
    from deckbuilder.received.survey import survey  # noqa: PLC0415
    from deckbuilder.received.text import to_record  # noqa: PLC0415

    start = time.process_time()
    with open_package(file) as opened:
        json.dumps(to_record(survey(opened), []))
    seconds = time.process_time() - start
    unit = 1 if sys.platform == "darwin" else 1024
    return {"seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit}


def write(folder: Path, notes: int, *, modern: bool) -> Path:
    """A package of so many notes."""
    database, file = folder / "collection", folder / f"{notes}{'-modern' if modern else ''}.apkg"
    database.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(TABLES)
        models, decks = json.dumps({"1500": MODEL}), json.dumps({"2": DECK})
        connection.execute("insert into col values (1, 0, 0, 0, 11, 0, 0, 0, '{}', ?, ?, '{}', '{}')", (models, decks))
        connection.executemany("insert into notes values (?, ?, 1500, ?, -1, ?, ?, '', 0, 0, '')", rows(notes))
        cards = ((2 * note + ord_, 1_600_000_000_000 + note, ord_, note) for note in range(notes) for ord_ in (0, 1))
        query = "insert into cards values (?, ?, 2, ?, 0, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')"
        connection.executemany(query, cards)
        connection.commit()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED if modern else zipfile.ZIP_DEFLATED) as archive:
        if modern:
            packed = zstandard.ZstdCompressor().compress(database.read_bytes())
            archive.writestr("collection.anki21b", packed)
            archive.writestr("media", zstandard.ZstdCompressor().compress(b""))
        else:
            archive.write(database, "collection.anki2")
            archive.writestr("media", "{}")
    return file


def rows(notes: int) -> Iterator[tuple[int, str, int, str, str]]:
    chance = random.Random(7)
    for number in range(notes):
        words = [word(chance) for _ in range(40)]
        fields = (
            " ".join(words[:4]) + f" {number}",
            " ".join(words[4:16]),
            f"<b>{words[16]}</b> " + " ".join(words[17:]),
        )
        tags = f" {words[0][:4]}::{words[1][:3]} vocabulary "
        yield 1_600_000_000_000 + number, f"guid-{number}", 1_700_000_000 + number, tags, "\x1f".join(fields)


def word(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.randint(1, 4)))


if __name__ == "__main__":
    main()
