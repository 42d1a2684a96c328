"""The whole way through the house: facts read, notes made, pinned, and written, deck by deck."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from deckbuilder.built import Built, BuiltDeck
from deckbuilder.check import Verdict, judge
from deckbuilder.facts.carried import carried_file
from deckbuilder.facts.deck import Deck
from deckbuilder.files import replace_files
from deckbuilder.kinds import Made
from deckbuilder.lock import format_lock
from deckbuilder.notes import PinnedNote
from deckbuilder.outputs.tell import in_edition
from deckbuilder.plan import Plan, collector_paused, plan
from deckbuilder.problems import Place, Problem, Progress, Severity, by_place, has_errors, unwatched

_NAMED = re.compile(r'<img src="([^"]+)"|\[sound:([^\]]+)\]')


def build(
    paths: Iterable[Path],
    out: Path,
    *,
    accept_removals: bool = False,
    locked: bool = False,
    progress: Progress = unwatched,
) -> Built:
    """Build every deck at `paths` into `out`; a deck with an error is left as it was, package and lock.

    The reviewer's errors count where they make a card wrong; what makes it poor is only counted, in decks
    of up to 5,000 cards.

    `locked` writes nothing: it is a problem if lock or packages would change.
    `progress` is told of each stage: its name, how much is done, and how much there is.
    Raises OSError when a package or a lock cannot be written.
    """
    with collector_paused():
        return _build(paths, out, accept_removals=accept_removals, locked=locked, progress=progress)


def _build(paths: Iterable[Path], out: Path, *, accept_removals: bool, locked: bool, progress: Progress) -> Built:
    verdicts: dict[str, Verdict] = {}

    def see(deck: Deck, made: Made) -> None:
        verdicts[deck.heading.id] = judge(deck, made, progress)

    planned = plan(paths, out, accept_removals=accept_removals, progress=progress, see=see)
    problems = list(planned.problems)
    built: list[BuiltDeck] = []
    for one in planned.plans:
        verdict = verdicts[one.deck.heading.id]
        wrong = list(verdict.wrong)
        for edition in one.editions:
            heading = edition.deck.heading
            wrong += in_edition(heading.language, verdicts[heading.id].wrong, wrong)
        if wrong:
            problems += wrong
            continue
        contents = contents_of(one, progress)
        found = _changes(contents) if locked else []
        problems += found
        if not locked:
            replace_files(contents, one.files.journal)
        if not has_errors(found):
            built += [_built(each, verdict.counts) for each in one.all]
    beside = frozenset(file for one in planned.plans for file in _beside(one))
    return Built(tuple(built), tuple(by_place(problems)), beside)


def _beside(one: Plan) -> Iterator[Path]:
    """The files that a release depends on, there or not, but for its facts."""
    deck, files, folder = one.deck, one.files, one.deck.file.parent
    yield from (files.journal, carried_file(folder, deck.heading.id))
    yield from (file for each in one.all for file in (each.files.lock, each.files.package, each.files.update))
    yield from (media.file for media in deck.media.values())
    yield from ([deck.theme.file] if deck.theme else [])
    yield from (folder / source.text for source in deck.sources.values() if source.text)


def contents_of(one: Plan, progress: Progress) -> dict[Path, bytes | None]:
    """What stands in each file after this release; the locks first."""
    renamed: dict[Path, bytes | None] = {each.files.former_lock: None for each in one.all if each.files.former_lock}
    contents: dict[Path, bytes | None] = {each.files.lock: format_lock(each.lock).encode() for each in one.all}
    for each in one.all:
        contents[each.files.package] = _package(each, each.notes, progress)
        contents[each.files.update] = _package(each, (*each.notes, *each.retired), progress) if each.retired else None
    return contents | renamed


def _package(one: Plan, notes: Sequence[PinnedNote], progress: Progress) -> bytes:
    # genanki is slow to import, and a build that ends with problems has no use for it.
    from deckbuilder.package.description import describe  # noqa: PLC0415
    from deckbuilder.package.write import PackageDeck, package_bytes  # noqa: PLC0415

    deck = one.deck
    described = describe(deck, notes, one.selection)
    return package_bytes(
        PackageDeck(deck.heading.id, deck.heading.name, described, notes, _shown(deck, notes)), progress
    )


def _shown(deck: Deck, notes: Sequence[PinnedNote]) -> dict[str, bytes]:
    """The files that cards show. What an author types is escaped, so a tag in a field is one that was made."""
    if not deck.media:
        return {}
    shown = {name for note in notes for text in note.row for names in _NAMED.findall(text) for name in names}
    own = {one.name: one.data for one in deck.media.values() if one.name in shown}
    # A theme shows its files on every card, and what an imported deck brought along is shown in ways that are its own.
    return {**{one.name: one.data for one in deck.media.values() if one.carried or one.theme}, **own}


def _changes(contents: dict[Path, bytes | None]) -> list[Problem]:
    """Files that a build would change."""
    from deckbuilder.package.same import same_content  # noqa: PLC0415

    problems = []
    for file, data in contents.items():
        before = file.read_bytes() if file.exists() else None
        if before == data or (before and data and file.suffix == ".apkg" and same_content(before, data)):
            continue
        message = "would be made" if before is None else "would be removed" if data is None else "would change"
        problems.append(
            Problem(Place(file), "not-locked", message, "run 'deckbuilder build' and commit lock and package")
        )
    return problems


def _built(one: Plan, findings: Mapping[Severity, int] | None) -> BuiltDeck:
    counts = Counter(note.kind for note in one.notes for _ in note.ords)
    return BuiltDeck(
        id=one.files.package.stem,
        name=one.deck.heading.name,
        package=one.files.package,
        notes=len(one.notes),
        cards=counts.total(),
        kinds=dict(counts),
        held=one.made.held,
        disputed=one.made.disputed,
        update=one.files.update if one.retired else None,
        retired=len(one.retired),
        findings=findings,
        output=one.output,
    )
