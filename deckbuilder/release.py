"""A release: the difference to what students have, its entry in the changelog, and the files to publish."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from deckbuilder.build import build
from deckbuilder.changes import Changes, Verdict, compare
from deckbuilder.changes.text import to_markdown
from deckbuilder.facts.deck import Deck
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.files import replace_files
from deckbuilder.notes import Shipped
from deckbuilder.package.read import read_package
from deckbuilder.plan import Plan, now, plan
from deckbuilder.problems import Place, Problem, Progress, by_place, has_errors, unwatched

# The package that was released last; the next release is compared with it.
RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Released:
    """A release that was made. `files` are to be published, the first for new students."""

    deck: str
    version: str
    changes: Changes
    files: tuple[Path, ...]
    changelog: Path


def changes_since(
    paths: Iterable[Path], out: Path, against: Path | None, *, accept_removals: bool = False
) -> tuple[list[Changes], list[Problem]]:
    """What the next release of each deck does to students who have `against`, or the last package in `out`."""
    planned = plan(paths, out, accept_removals=accept_removals)
    problems = list(planned.problems)
    result = []
    if against is not None and len(planned.plans) > 1:
        message = "--against names one package, and there are several decks"
        return [], [*problems, Problem(Place(against), "usage", message, "name one deck")]
    for one in planned.plans:
        before, found = _shipped(one, out, against)
        problems += found
        if before is not None:
            result.append(compare(one.deck.heading.name, before, one.notes, one.retired))
    return result, by_place(problems)


def release(
    path: Path, out: Path, version: str | None, progress: Progress = unwatched
) -> tuple[Released | None, list[Problem]]:
    """Release the deck at `path`: build and verify it, write its changelog, keep its package for the next comparison.

    `version` (X.Y) goes into the deck's heading; without one the last is counted up, the first place only
    when students may lose something. Raises OSError when a file cannot be written.
    """
    planned = plan([path], out, progress=progress)
    if len(planned.plans) != 1:
        several = Problem(Place(path), "usage", "a release is of one deck", "name its file or folder")
        return None, [*planned.problems, *([several] if planned.plans else [])]
    one = planned.plans[0]
    kept = _kept(one, out)
    nothing = Shipped(one.deck.heading.name, "", (), ())
    before, problems = _shipped(one, out, None) if kept.exists() else (nothing, [])
    if before is None:
        return None, problems
    changes = compare(one.deck.heading.name, before, one.notes, one.retired)
    chosen = version or _next_version(one.deck.heading.version, changes, first=not kept.exists())
    _write_version(one.deck, chosen)
    built = build([path], out, progress=progress)
    problems = [*built.problems, *(_verify(one) if built.decks else [])]
    if has_errors(problems):
        return None, problems
    changelog = one.deck.file.parent / f"{one.deck.heading.id}.changelog.md"
    contents = {changelog: _with_entry(changelog, chosen, changes).encode(), kept: one.files.package.read_bytes()}
    replace_files(contents, one.files.journal)
    files = (one.files.package, *((one.files.update,) if one.retired else ()))
    return Released(one.deck.heading.name, chosen, changes, files, changelog), problems


def _shipped(one: Plan, out: Path, against: Path | None) -> tuple[Shipped | None, list[Problem]]:
    """What students have: the package named, or the last one released, or else the last one built; or nothing yet."""
    known = (against, _kept(one, out), one.files.package)
    file = next((file for file in known if file is not None and file.exists()), None)
    if file is None:
        return Shipped(one.deck.heading.name, "", (), ()), []
    return read_package(file)


def _kept(one: Plan, out: Path) -> Path:
    return out / RELEASED / one.files.package.name


def _verify(one: Plan) -> list[Problem]:
    """The package that was written, opened again: the same notes with the same cards."""
    shipped, problems = read_package(one.files.package)
    if shipped is None:
        return problems
    written = {(note.guid, note.row, note.ords) for note in shipped.notes}
    meant: set[tuple[str, tuple[str, ...], tuple[int, ...]]] = {(note.guid, note.row, note.ords) for note in one.notes}
    if written == meant and len(shipped.notes) == len(one.notes):
        return []
    message = "the package does not hold the notes it was made from"
    return [Problem(Place(one.files.package), "package-wrong", message, "report this as a mistake in deckbuilder")]


def _next_version(last: str | None, changes: Changes, *, first: bool) -> str:
    if last is None:
        return "1.0"
    if first:
        return last
    major, minor, *_ = map(int, last.split("."))
    return f"{major + 1}.0" if changes.verdict is Verdict.BREAKING else f"{major}.{minor + 1}"


def _write_version(deck: Deck, version: str) -> None:
    """Put the version into the heading: one line changed or added, the author's file otherwise as it was."""
    if deck.heading.version == version:
        return
    data = deck.file.read_bytes().decode("utf-8")
    lines = data.splitlines(keepends=True)
    if deck.heading.version is not None:
        place = place_of(Origin(deck.file, ("deck", "version")))
        head, old = lines[place.line - 1][: place.column - 1], lines[place.line - 1][place.column - 1 :]
        lines[place.line - 1] = head + re.sub(r"""^("[^"]*"|'[^']*'|[^\s,}#]+)""", f'"{version}"', old, count=1)
    else:
        place = place_of(Origin(deck.file, ("deck", "id")), key=True)
        line = lines[place.line - 1]
        end = line[len(line.rstrip("\r\n")) :] or "\n"
        lines.insert(place.line, f'{line[: place.column - 1]}version: "{version}"{end}')
    contents = {deck.file: "".join(lines).encode()}
    replace_files(contents, deck.file.parent / f".{deck.heading.id}.version.journal")


def _with_entry(changelog: Path, version: str, changes: Changes) -> str:
    """The changelog with this release on top; a release made twice replaces its entry."""
    before = changelog.read_text(encoding="utf-8") if changelog.exists() else f"# Changes of {changes.deck}\n"
    head, *entries = re.split(r"(?m)^(?=## )", before)
    kept = [entry for entry in entries if not entry.startswith(f"## {version} ")]
    date = datetime.fromtimestamp(now(), UTC).date().isoformat()
    entry = f"## {version} ({date})\n\n{to_markdown(changes)}\n"
    return "".join([head.rstrip() + "\n\n", entry, *kept]).rstrip() + "\n"
