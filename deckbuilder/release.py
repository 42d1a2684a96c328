"""A release: the difference to what students have, its entry in the changelog, and the files to publish."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from deckbuilder.beside import RELEASED, last_package
from deckbuilder.build import contents_of
from deckbuilder.changes import Changes, Verdict, compare, is_too_old
from deckbuilder.changes.text import to_markdown
from deckbuilder.check import check, check_editions, stops_build
from deckbuilder.facts.edit import with_version
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.files import Content, replace_files, whole
from deckbuilder.notes import Shipped
from deckbuilder.package.description import version_of
from deckbuilder.package.read import read_package, read_package_bytes
from deckbuilder.plan import Plan, now, plan
from deckbuilder.problems import Place, Problem, Progress, Severity, by_place, has_errors, unwatched


@dataclass(frozen=True, slots=True)
class Released:
    """A release that was made. `files` are to be published, the first for new students; `outputs` those of each output.

    `findings` counts by severity what the reviewer finds and lets pass.
    """

    deck: str
    version: str
    changes: Changes
    files: tuple[Path, ...]
    changelog: Path
    findings: Mapping[Severity, int]
    outputs: Mapping[str, tuple[Path, ...]]


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
    for one in _compared(planned.plans, against):
        # The package named, or the last one released, or else the last one built.
        package = against or last_package(one.files.package)
        before, found = (_nothing(one), []) if package is None else read_package(package)
        problems += found
        if before is not None:
            result.append(Compared(one, package, _changes(one, before)))
    return result, by_place(problems)


def _compared(plans: Sequence[Plan], against: Path | None) -> list[Plan]:
    """All packages of all decks, or with a package named the one that has its name, or else the whole deck."""
    if against is None:
        return [each for one in plans for each in one.all]
    return [next((each for each in one.all if each.files.package.name == against.name), one) for one in plans]


def _name(one: Plan) -> str:
    name = one.deck.heading.name
    return f"{name} (output {one.output})" if one.output else name


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
    findings += check_editions(one, findings)
    if any(map(stops_build, findings)):
        return None, [*planned.problems, *filter(stops_build, findings)]
    problems = list(planned.problems)
    chosen = version or _next_version(one, out)
    facts = with_version(one.deck.file, chosen)
    if facts is None:
        problems.append(_write_it_yourself(one.deck.file, chosen))
    one = _with_version(one, chosen)
    contents = contents_of(one, progress)
    since = {each.output: _since(each, chosen, out) for each in one.all}
    problems += [problem for found in since.values() for problem in found.problems]
    problems += [problem for each in one.all for problem in _verify(each, contents[each.files.package])]
    problems += [problem for each in one.all for problem in _behind(each, since[each.output].last)]
    if has_errors(problems) or facts is None:
        return None, problems
    changes = {each.output: _changes(each, since[each.output].shipped) for each in one.all}
    told = [changes[each.output] for each in one.all if each.lock is not one.lock]
    changelog = one.deck.file.parent / f"{one.deck.heading.id}.changelog.md"
    contents |= {one.deck.file: facts, changelog: _with_entry(changelog, chosen, changes[""], told).encode()}
    for each in one.all:
        contents |= {**since[each.output].moved, _kept(each, out): contents[each.files.package]}
    replace_files(contents, one.files.journal)
    passed = Counter(problem.severity for problem in findings)
    outputs = {name: _published(each) for name, each in one.outputs.items()}
    return Released(one.deck.heading.name, chosen, changes[""], _published(one), changelog, passed, outputs), problems


def _changes(one: Plan, before: Shipped | None) -> Changes:
    changes = compare(_name(one), before or _nothing(one), one.notes, one.retired)
    return replace(changes, imported=bool(one.deck.carried.notes))


def _with_version(one: Plan, version: str) -> Plan:
    """A release with its version in the headings of all its packages."""
    heading = replace(one.deck.heading, version=version)
    outputs = {name: _with_version(each, version) for name, each in one.outputs.items()}
    return replace(one, deck=replace(one.deck, heading=heading), outputs=outputs)


def _published(one: Plan) -> tuple[Path, ...]:
    return (one.files.package, *((one.files.update,) if one.retired else ()))


@dataclass(frozen=True, slots=True)
class _Since:
    """What a release of a package is compared with, and what takes another place for it; `last` was released last."""

    shipped: Shipped | None
    last: Shipped | None
    moved: Mapping[Path, bytes]
    problems: Sequence[Problem]


def _since(one: Plan, version: str, out: Path) -> _Since:
    last, problems = _read(_kept(one, out))
    if last is None:
        return _Since(None, None, {}, problems)
    if version_of(last.description) == version:
        # A version that is made again takes the place of itself: it is compared with the one before.
        base, more = _read(_before(one, out))
        return _Since(base, last, {}, [*problems, *more])
    return _Since(last, last, {_before(one, out): _kept(one, out).read_bytes()}, problems)


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


def _verify(one: Plan, package: Content | None) -> list[Problem]:
    """The package that is about to be written, opened again: the same notes with the same cards."""
    shipped, problems = read_package_bytes(whole(package or b""), one.files.package)
    if shipped is None:
        return problems
    written = {(note.guid, note.row, note.ords) for note in shipped.notes}
    meant = {(note.guid, tuple(note.row), note.ords) for note in one.notes}
    if written == meant and len(shipped.notes) == len(one.notes):
        return []
    message = "the package does not hold the notes it was made from"
    return [Problem(Place(one.files.package), "package-wrong", message, "report this as a mistake in deckbuilder")]


def _behind(one: Plan, last: Shipped | None) -> list[Problem]:
    """A lock from before the last release, as `git revert` leaves it: nothing would correct what students got then."""
    ours = {note.guid: note for note in (*one.notes, *one.retired)}
    known = {entry.guid for entry in one.lock.entries.values()}
    newer = sum(
        is_too_old(note, ours[note.guid]) if note.guid in ours else note.guid not in known
        for note in (last.notes if last else ())
    )
    message = f"the lock is older than the last release: it does not know {newer:,} of the notes as students have them"
    fix = "take the lock from git as it was at that release, leave the facts as they are, and build"
    return [Problem(Place(one.files.lock), "lock-behind", message, fix)] if newer else []


def _next_version(one: Plan, out: Path) -> str:
    """The last version counted up: by how much, the worst that happens to students of any package decides."""
    last, _ = _read(_kept(one, out))
    version = (version_of(last.description) if last else "") or one.deck.heading.version
    if version is None:
        return "1.0"
    if last is None:
        return version
    major, minor, *_ = map(int, version.split("."))
    verdicts = {_changes(each, _read(_kept(each, out))[0]).verdict for each in one.all}
    return f"{major + 1}.0" if Verdict.BREAKING in verdicts else f"{major}.{minor + 1}"


def _write_it_yourself(file: Path, version: str) -> Problem:
    place = place_of(Origin(file, ("deck",)), key=True)
    message = "the version cannot be written here without changing more"
    return Problem(place, "version", message, f'write it into the heading yourself: version: "{version}"')


def _with_entry(changelog: Path, version: str, changes: Changes, others: Sequence[Changes]) -> str:
    """The changelog with this release on top; a release made again replaces its entry.

    `others` are the changes of packages in other languages, whose cards are others than those of the deck.
    """
    before = changelog.read_text(encoding="utf-8") if changelog.exists() else f"# Changes of {changes.deck}\n"
    head, *entries = re.split(r"(?m)^(?=## )", before)
    kept = [entry for entry in entries if not entry.startswith(f"## {version} ")]
    date = datetime.fromtimestamp(now(), UTC).date().isoformat()
    entry = f"## {version} ({date})\n\n{to_markdown(changes)}\n"
    entry += "".join(f"### {other.deck}\n\n{to_markdown(other).replace('### ', '#### ')}\n" for other in others)
    return "".join([head.rstrip() + "\n\n", entry, *kept]).rstrip() + "\n"
