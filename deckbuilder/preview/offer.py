"""The package that a deck's share page offers: what students have or get, never one that is made on the fly.

A package without its lock on the disk would give cards an identity that no later release knows.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from deckbuilder.beside import RELEASED, last_package
from deckbuilder.lock.retire import RETIRED_TAG
from deckbuilder.notes import PinnedNote, Shipped, ShippedNote
from deckbuilder.package.description import describe, extent_of, version_of
from deckbuilder.package.read import read_package_bytes
from deckbuilder.plan import Plan
from deckbuilder.problems import Place, Problem, Severity

_KIND_TAG = "deckbuilder::kind::"


@dataclass(frozen=True, slots=True)
class Offer:
    """A package as it was released, or else built; byte for byte. `kinds` counts its cards by kind.

    `changed` is the day of the last change to any of its notes. `update` is the package that also tells what
    was withdrawn, where there is one that belongs to it.
    """

    file: Path
    data: bytes
    version: str
    changed: date
    notes: int
    kinds: Mapping[str, int]
    update: bytes | None

    @property
    def cards(self) -> int:
        return sum(self.kinds.values())


def sha256(package: bytes) -> str:
    return hashlib.sha256(package).hexdigest()


def offer_of(plan: Plan) -> tuple[Offer | None, list[Problem]]:
    """What a deck's page can offer, and what its author should know of it."""
    file = last_package(plan.files.package)
    if file is None:
        return None, [_missing(plan.files.package)]
    data = file.read_bytes()
    shipped, problems = read_package_bytes(data, file)
    if shipped is None:
        return None, problems
    offer = Offer(
        file=file,
        data=data,
        version=version_of(shipped.description),
        changed=datetime.fromtimestamp(max((note.mod for note in shipped.notes), default=0), UTC).date(),
        notes=len(shipped.notes),
        kinds=_kinds(shipped.notes),
        update=_update_of(plan, shipped),
    )
    return offer, [] if _is_current(shipped, plan) else [_older(plan, file)]


def _kinds(notes: Sequence[ShippedNote]) -> dict[str, int]:
    return dict(Counter(_kind(note) for note in notes for _ in note.ords))


def _kind(note: ShippedNote) -> str:
    """Notes that came from another deck carry no tag of ours."""
    return next((tag.removeprefix(_KIND_TAG) for tag in note.tags if tag.startswith(_KIND_TAG)), "note")


def _is_current(shipped: Shipped, plan: Plan) -> bool:
    """Whether the package holds what the facts make now: the same cards, name and description."""
    heading = (shipped.deck, shipped.description)
    return _content(shipped.notes) == _content(plan.notes) and heading == (
        plan.deck.heading.name,
        describe(plan.deck, extent_of(plan.notes), plan.selection),
    )


def _content(notes: Sequence[ShippedNote | PinnedNote]) -> set[tuple[object, ...]]:
    return {(note.guid, note.mod, note.row, frozenset(note.tags), note.ords) for note in notes}


def _update_of(plan: Plan, shipped: Shipped) -> bytes | None:
    """The update package beside it, if it holds just the same notes and those that were withdrawn."""
    if not plan.files.update.is_file():
        return None
    data = plan.files.update.read_bytes()
    update, _ = read_package_bytes(data, plan.files.update)
    if update is None:
        return None
    kept = [note for note in update.notes if RETIRED_TAG not in note.tags]
    return data if _content(kept) == _content(shipped.notes) else None


def _missing(package: Path) -> Problem:
    message = "there is no package yet, so the page about the deck offers no download"
    return Problem(
        Place(package), "download-missing", message, "run 'deckbuilder build', then this again", Severity.INFO
    )


def _older(plan: Plan, file: Path) -> Problem:
    released = file.parent.name == RELEASED
    message = f"the cards shown are not those of the download, which was {'released' if released else 'built'} before"
    command = f"deckbuilder release {plan.deck.file.as_posix()}" if released else "deckbuilder build"
    remedy = f"to offer the cards as they are now, run '{command}', then this again"
    return Problem(Place(file), "download-older", message, remedy, Severity.WARNING)
