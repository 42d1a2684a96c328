"""What an update does to a student, judged by Anki of many years: each version in an environment of its own.

The packages are built once, by this program; `tests/matrix/judge.py` imports, studies and updates them with the
`anki` package of each version. What was measured stands in docs/anki-versions.md; write it anew with
`python -m tests.test_update_matrix`. The environments are kept in `~/.cache/anki-deckbuilder/matrix`, or where
DECKBUILDER_MATRIX says.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from deckbuilder.build import build
from deckbuilder.built import BuiltDeck
from deckbuilder.notes import Shipped
from deckbuilder.package.read import read_package
from tests.students import release_time
from tests.term_deck import TERM
from tests.test_updates_in_anki import BONES, USED, edited

pytestmark = pytest.mark.slow

JUDGE = Path(__file__).parent / "matrix" / "judge.py"
PAGE = Path(__file__).parent.parent / "docs" / "anki-versions.md"


@dataclass(frozen=True)
class Version:
    """A published version of Anki's backend. `importer` is "old" where Anki's window still used its first one."""

    number: str
    year: int
    importer: str = "new"
    needs: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.number} (old importer)" if self.importer == "old" else self.number


VERSIONS = (
    Version("2.1.54", 2022, importer="old", needs=("protobuf<4",)),
    Version("2.1.55", 2022),
    Version("2.1.66", 2023),
    Version("23.10.1", 2023),
    Version("24.11", 2024),
    Version("25.2.7", 2025),
    Version("26.9.3", 2026),
)
# What the judge looks at, by its name for it.
PROMISES = {
    "notes": "Version 1 arrives whole: all notes, all cards",
    "again": "Importing the same version again changes nothing",
    "new notes": "New notes arrive",
    "new cards": "New blanks of known notes get cards",
    "changes": "Changed notes are updated",
    "edits": "Edits and tags of a student stay on all other notes",
    "history": "Scheduling, flags, suspension, decks and review log stay as they were",
    "facts": "Every review stays with its fact",
    "conflicts": "Nothing is in conflict, doubled or skipped",
    "style": "Styling of a student stays while ours does not change",
    "withdrawn": "The update package tells what was withdrawn, and history stays",
    "theme": "A deck's theme arrives, another one takes its place, and history stays",
}
# All that an author can do to a note, at once; then the same for what else facts can be and carry.
EDITS = {
    "Where does it grow in length?": "Where does a child's bone grow in length?",
    "          - {id: femur": "          - PATELLA\n          - {id: femur",
    "VESSELS grow into it}\n      - The model is REPLACED": "VESSELS grow into it}\n      - {text: Bone has REPLACED "
    "it, formerly: the-model-is-replaced}",
    "[[MARROW]] in a [[CAVITY]]": "in its [[CAVITY]] some [[FAT]]",
    "take away.": "take away, through {{c3::LIFE}}.",
    "      - ask: What covers its ends?\n        answer: HYALINE cartilage.\n": "",
    "    examples: [PARIETAL bone, STERNUM]\n": "    examples: [STERNUM, PARIETAL bone]\n    statements:\n"
    '      - "It protects the [[BRAIN]]."\n',
}
TERM_EDITS = {
    'KONNICHI", lang: ja, type: true': 'KONNICHI", lang: ja',
    "answer: EDO once": "answer: EDO once\n        type: true",
    "LETTER in a b;": "LETTER in a b c;",
    "value: 124, unit: MILLION, as_of: 2023": "value: 123, unit: MILLION, as_of: 2025-10",
    "大阪[おおさか]": "大阪[オーサカ]",
    "      - KYOTO\n": "",
    "counts [[FILES]] through": "[[COUNTS]] [[FILES]] through",
    "        a CAT: 猫[ねこ] NEKO\n": "        a BIRD: 鳥[とり] TORI\n        a CAT: 猫[ねこ] NEKO\n",
    '      - {ask: How do you COUNT lines?, answer: "`wc -l LINES`", type: true}\n': "",
    "[MERCURY, ": "[BROMINE, MERCURY, ",
    "mean?, lang: ja,": "mean?, first_lang: en, lang: ja,",
}
# The edits of version 2, and the facts that it takes away from notes that stay.
VERSION_2 = {"bones": (EDITS, [[["MARROW"]]]), "term": (TERM_EDITS, [[["KYOTO"]]])}
DECKS = {deck.id: deck for deck in (BONES, TERM)}


@pytest.mark.parametrize("deck", DECKS)
def test_judge_sees_a_change_of_every_sort(deck):
    """The table proves something only of what happens in it."""
    packages = expected(deck)
    one, two = packages["version 1"], packages["version 2"]
    new = [guid for guid in two["notes"] if guid not in one["notes"]]
    assert new
    assert [guid for guid in one["notes"] if guid not in two["notes"]]
    assert [guid for guid in one["notes"] if guid in two["notes"] and one["notes"][guid] != two["notes"][guid]]
    assert packages["all cards"] > one["cards"] + len(new)


BROKEN = {
    "changes": {"second": 1},
    "facts": {"lock_is_lost": True},
}


@pytest.mark.parametrize("promise", BROKEN)
@pytest.mark.parametrize("version", [VERSIONS[0], VERSIONS[-1]], ids=lambda version: version.label)
def test_judge_sees_when_a_promise_is_broken(version, promise, tmp_path, monkeypatch):
    """Version 2 with the times of version 1, and version 2 with numbers given anew."""
    if promise == "changes":
        pin = import_module("deckbuilder.lock.pin")
        monkeypatch.setattr(pin, "_mod", lambda before, _content, now: before.mod if before else now)
    assert judged(version, released(tmp_path, "bones", **BROKEN[promise]))[promise] is False


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.label)
def test_contract_holds_in_this_version_of_anki(version):
    measured = held(version)
    assert set(measured) == set(PROMISES)
    broken = [PROMISES[name] for name, kept in measured.items() if not kept]
    known = [PROMISES[name] for name in LIMITS.get(version.label, ())]
    assert broken == known


# What an old version cannot do, however a package is written.
LIMITS: dict[str, tuple[str, ...]] = {}


def test_page_in_the_docs_says_what_was_measured():
    assert PAGE.read_text(encoding="utf-8") == page({version: held(version) for version in VERSIONS})


# --------------------------------------------------------------------- measuring


@cache
def expected(deck: str) -> dict:
    """Versions 1 and 2 of a deck, and the update package: where they are, and what is in them."""
    return released(Path(tempfile.mkdtemp(prefix="matrix-")), deck)


def released(folder: Path, deck: str, *, second: int = 2, lock_is_lost: bool = False) -> dict:
    """Both versions and what is in them; `second` is the day of version 2."""
    facts, (edits, emptied) = DECKS[deck].facts, VERSION_2[deck]
    one = _released(folder / f"{deck}.yaml", facts, 1)
    first = one.package.rename(folder / "version 1.apkg")
    if lock_is_lost:
        (folder / f"{deck}.lock").unlink()
    two = _released(folder / f"{deck}.yaml", edited(edits, facts), second)
    found = {"version 1": first, "version 2": two.package, "update": two.update or two.package}
    shipped = {name: read_package(package)[0] for name, package in found.items()}
    ords: dict[str, set[int]] = {}
    for note in (*shipped["version 1"].notes, *shipped["version 2"].notes):
        ords.setdefault(note.guid, set()).update(note.ords)
    return {
        **{name: {"package": str(found[name]), **contents(shipped[name])} for name in found},
        "deck": deck,
        "emptied": emptied,
        "all cards": sum(map(len, ords.values())),
        "note types": len(USED),
        "themes": themed(folder / "themed"),
    }


def themed(folder: Path) -> list[dict[str, str]]:
    """A deck with one theme, and with another one a day later: package, and what its styling holds."""
    facts, found = BONES.facts.replace("  id: bones\n", "  id: bones-themed\n  theme: theme.css\n"), []
    folder.mkdir()
    for number, theme in enumerate((".card { --paper: #fdf6e3; }", ".card { --paper: #eef7ee; }"), start=1):
        (folder / "theme.css").write_text(theme, encoding="utf-8")
        package = _released(folder / "bones.yaml", facts, number).package.rename(folder / f"theme {number}.apkg")
        found.append({"package": str(package), "css": theme})
    return found


def _released(file: Path, facts: str, number: int) -> BuiltDeck:
    file.write_text(facts, encoding="utf-8")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(release_time(number)))
        built = build([file], file.parent / "dist", accept_removals=True)
    assert built.problems == ()
    return built.decks[0]


def contents(shipped: Shipped) -> dict:
    return {
        "notes": {note.guid: [list(note.row), sorted(note.tags)] for note in shipped.notes},
        "cards": sum(len(note.ords) for note in shipped.notes),
    }


@cache
def held(version: Version) -> dict[str, bool]:
    """What held in a version for every deck, measured by its own backend."""
    measured = [judged(version, expected(deck)) for deck in DECKS]
    return {name: all(one[name] for one in measured) for name in measured[0]}


def judged(version: Version, packages: dict) -> dict[str, bool]:
    with tempfile.TemporaryDirectory(prefix="student-") as folder:
        told = Path(folder, "expected.json")
        told.write_text(json.dumps({**packages, "importer": version.importer}), encoding="utf-8")
        result = run(python_of(version), "-I", str(JUDGE), str(told), folder)
    return json.loads(result.splitlines()[-1])


def python_of(version: Version) -> Path:
    """The interpreter of the version's environment, which is made if it is not there."""
    cache_folder = os.environ.get("DECKBUILDER_MATRIX") or Path.home() / ".cache" / "anki-deckbuilder" / "matrix"
    home = Path(cache_folder, f"anki-{version.number}-python-{sys.version_info.major}.{sys.version_info.minor}")
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (home / "complete").exists():
        run(sys.executable, "-m", "venv", "--clear", str(home))
        run(
            python,
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            f"anki=={version.number}",
            *version.needs,
        )
        (home / "complete").touch()
    return python


def run(*words: str | Path) -> str:
    done = subprocess.run(  # noqa: S603 - our own words
        [str(word) for word in words], check=False, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, f"{' '.join(map(str, words[1:]))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


# --------------------------------------------------------------------- telling


def page(results: dict[Version, dict[str, bool]]) -> str:
    """The page in the docs."""
    head = ["", *(f"{version.label}<br>{version.year}" for version in results)]
    rows = [head, ["---"] + [":-:"] * len(results)]
    rows += [
        [text, *("yes" if held[name] else "**no**" for held in results.values())] for name, text in PROMISES.items()
    ]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"""\
# What holds in which version of Anki

Two decks, which between them have all kinds of cards but pictures and imported notes, were imported, studied and
updated with the backend that Anki itself runs on, in {len(results)} published versions.

The student had reviewed cards, flagged, suspended, buried and moved some, put some into a filtered deck, edited and
tagged every note, and changed the styling; FSRS was on where the version has it. The update reworded, inserted,
reordered, renamed and removed facts and blanks, renewed numbers, and changed readings, languages, wrong answers and
what is typed.

{table}

"Old importer" is the one that Anki's window used until 2.1.54. What each promise means to students, and its limits,
is in [What an update does to your students](updates.md).

This page is written by `python -m tests.test_update_matrix`, and a test compares it with what it measures:
`pytest tests/test_update_matrix.py`. That takes a few minutes the first time, because each version of Anki gets an
environment of its own in `~/.cache/anki-deckbuilder/matrix`.
"""


if __name__ == "__main__":
    PAGE.write_text(page({version: held(version) for version in VERSIONS}), encoding="utf-8", newline="\n")
