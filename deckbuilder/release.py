"""A release: the difference to what students have, its entry in the changelog, and the files to publish."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from deckbuilder.build import contents_of
from deckbuilder.changes import Changes, Verdict, compare
from deckbuilder.changes.text import to_markdown
from deckbuilder.check import check, stops_build
from deckbuilder.facts.edit import with_version
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.files import replace_files
from deckbuilder.notes import Shipped
from deckbuilder.package.description import version_of
from deckbuilder.package.read import read_package, read_package_bytes
from deckbuilder.plan import RELEASED, Plan, last_package, now, plan
from deckbuilder.problems import Place, Problem, Progress, Severity, by_place, has_errors, unwatched


@dataclass(frozen=True, slots=True)
class Released:
    """A release that was made. `files` are to be published, the first for new students.

    `findings` counts by severity what the reviewer finds and lets pass.
    """

    deck: str
    version: str
    changes: Changes
    files: tuple[Path, ...]
    changelog: Path
    findings: Mapping[Severity, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """A deck's next release held against `package`, which students have; None before the first one."""

    plan: Plan
    package: Path | None
    changes: Changes


def changes_since(
    paths: Iterable[Path], out: Path, against: Path | None, *, accept_removals: bool = False
) -> tuple[list[Compared], list[Problem]]:
    """What the next release of each deck does to students who have `against`, or the last package in `out`."""
    planned = plan(paths, out, accept_removals=accept_removals)
    problems = list(planned.problems)
    result = []
    if against is not None and len(planned.plans) > 1:
        message = "--against names one package, and there are several decks"
        return [], [*problems, Problem(Place(against), "usage", message, "name one deck")]
    for one in planned.plans:
        # The package named, or the last one released, or else the last one built.
        package = against or last_package(out, one.deck.heading.id)
        before, found = (_nothing(one), []) if package is None else read_package(package)
        problems += found
        if before is not None:
            result.append(Compared(one, package, compare(one.deck.heading.name, before, one.notes, one.retired)))
    return result, by_place(problems)


def release(
    path: Path, out: Path, version: str | None, progress: Progress = unwatched
) -> tuple[Released | None, list[Problem]]:
    """Release the deck at `path`: review, build and verify it, write its changelog, keep its package.

    `version` (X.Y) goes into the deck's heading; without one the last is counted up, the first place only
    when students may lose something. All files change together, or none. Raises OSError.
    """
    planned = plan([path], out, progress=progress)
    if len(planned.plans) != 1:
        several = Problem(Place(path), "usage", "a release is of one deck", "name its file or folder")
        return None, [*planned.problems, *([several] if planned.plans else [])]
    one = planned.plans[0]
    findings = check(one.deck, one.made)
    if any(map(stops_build, findings)):
        return None, [*planned.problems, *filter(stops_build, findings)]
    problems = list(planned.problems)
    last, found = _read(_kept(one, out))
    chosen = version or _next_version(one, last)
    # A version that is made again takes the place of itself: it is compared with the one before.
    again = last is not None and version_of(last.description) == chosen
    base, more = _read(_before(one, out)) if again else (last, [])
    problems += [*found, *more]
    facts = with_version(one.deck.file, chosen)
    if facts is None:
        problems.append(_write_it_yourself(one.deck.file, chosen))
    heading = replace(one.deck.heading, version=chosen)
    one = replace(one, deck=replace(one.deck, heading=heading))
    contents = contents_of(one, progress)
    problems += _verify(one, contents[one.files.package])
    if has_errors(problems) or facts is None:
        return None, problems
    changes = compare(one.deck.heading.name, base or _nothing(one), one.notes, one.retired)
    changelog = one.deck.file.parent / f"{one.deck.heading.id}.changelog.md"
    kept = _kept(one, out)
    before = {} if again or last is None else {_before(one, out): kept.read_bytes()}
    contents |= {
        one.deck.file: facts,
        changelog: _with_entry(changelog, chosen, changes).encode(),
        kept: contents[one.files.package],
        **before,
    }
    replace_files(contents, one.files.journal)
    files = (one.files.package, *((one.files.update,) if one.retired else ()))
    passed = Counter(problem.severity for problem in findings)
    return Released(one.deck.heading.name, chosen, changes, files, changelog, passed), problems


def _read(file: Path) -> tuple[Shipped | None, list[Problem]]:
    return read_package(file) if file.exists() else (None, [])


def _nothing(one: Plan) -> Shipped:
    return Shipped(one.deck.heading.name, "", (), ())


def _kept(one: Plan, out: Path) -> Path:
    """The package that was released last."""
    return out / RELEASED / one.files.package.name


def _before(one: Plan, out: Path) -> Path:
    """The package that was released before the last one."""
    return out / RELEASED / f"{one.files.package.stem}-before.apkg"


def _verify(one: Plan, package: bytes | None) -> list[Problem]:
    """The package that is about to be written, opened again: the same notes with the same cards."""
    shipped, problems = read_package_bytes(package or b"", one.files.package)
    if shipped is None:
        return problems
    written = {(note.guid, note.row, note.ords) for note in shipped.notes}
    meant: set[tuple[str, tuple[str, ...], tuple[int, ...]]] = {(note.guid, note.row, note.ords) for note in one.notes}
    if written == meant and len(shipped.notes) == len(one.notes):
        return []
    message = "the package does not hold the notes it was made from"
    return [Problem(Place(one.files.package), "package-wrong", message, "report this as a mistake in deckbuilder")]


def _next_version(one: Plan, last: Shipped | None) -> str:
    version = (version_of(last.description) if last else "") or one.deck.heading.version
    if version is None:
        return "1.0"
    if last is None:
        return version
    major, minor, *_ = map(int, version.split("."))
    verdict = compare(one.deck.heading.name, last, one.notes, one.retired).verdict
    return f"{major + 1}.0" if verdict is Verdict.BREAKING else f"{major}.{minor + 1}"


def _write_it_yourself(file: Path, version: str) -> Problem:
    place = place_of(Origin(file, ("deck",)), key=True)
    message = "the version cannot be written here without changing more"
    return Problem(place, "version", message, f'write it into the heading yourself: version: "{version}"')


def _with_entry(changelog: Path, version: str, changes: Changes) -> str:
    """The changelog with this release on top; a release made again replaces its entry."""
    before = changelog.read_text(encoding="utf-8") if changelog.exists() else f"# Changes of {changes.deck}\n"
    head, *entries = re.split(r"(?m)^(?=## )", before)
    kept = [entry for entry in entries if not entry.startswith(f"## {version} ")]
    date = datetime.fromtimestamp(now(), UTC).date().isoformat()
    entry = f"## {version} ({date})\n\n{to_markdown(changes)}\n"
    return "".join([head.rstrip() + "\n\n", entry, *kept]).rstrip() + "\n"
