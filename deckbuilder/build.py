"""The whole way through the house: facts read, notes made, pinned, and written, deck by deck."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from deckbuilder.amend import amend, concepts_before
from deckbuilder.built import Built, BuiltDeck, LastBuild
from deckbuilder.check import Judge, Verdict
from deckbuilder.facts.deck import Deck
from deckbuilder.facts.load import load
from deckbuilder.files import Content, Parts, replace_files, whole
from deckbuilder.lock import lock_parts
from deckbuilder.notes import PinnedNote
from deckbuilder.outputs.tell import in_edition
from deckbuilder.plan import Plan, PlannedDeck, collector_paused, plan_each
from deckbuilder.problems import Place, Problem, Progress, Severity, by_place, has_errors, unwatched

_NAMED = re.compile(r'<img src="([^"]+)"|\[sound:([^\]]+)\]')


def build(  # noqa: PLR0913 - what a build wants, one by one
    paths: Iterable[Path],
    out: Path,
    *,
    accept_removals: bool = False,
    locked: bool = False,
    progress: Progress = unwatched,
    last: LastBuild | None = None,
) -> Built:
    """Build every deck at `paths` into `out`; a deck with an error is left as it was, package and lock.

    The reviewer's errors count where they make a card wrong; what makes it poor is only counted, in decks
    of up to 5,000 cards and 20,000 facts.

    `locked` writes nothing: it is a problem if lock or packages would change.
    `progress` is told of each stage: its name, how much is done, and how much there is.
    `last` is the last build of the same with the same options, if little has changed since: it can save time.
    Raises OSError when a package or a lock cannot be written.
    """
    with collector_paused():
        before = None if last is None or locked or accept_removals else concepts_before(last)
        loaded = load(paths, progress)
        amended = None if last is None or before is None else amend(last, before, loaded, out)
        if amended is not None:
            return amended
        builder = _Builder(locked=locked, progress=progress)
        problems = loaded.problems
        decks = plan_each(
            loaded, out, accept_removals=accept_removals, progress=progress, review=builder.review, spend=True
        )
        del loaded
        # Each is let go before the next is planned, so that the notes of one deck at a time are held.
        parts = list(map(builder.build, decks))
    return Built(
        tuple(deck for part in parts for deck in part.decks),
        tuple(by_place([*problems, *(problem for part in parts for problem in part.problems)])),
        frozenset(file for part in parts for file in part.beside),
        parts[0].questions if len(parts) == 1 else (),
    )


class _Builder:
    """Writes one deck after the other; what the reviewer says of a deck is asked before it is pinned."""

    def __init__(self, *, locked: bool, progress: Progress) -> None:
        self._locked = locked
        self._progress = progress
        self._judges: dict[str, Judge] = {}

    def review(self, deck: Deck) -> Judge:
        self._judges[deck.heading.id] = judge = Judge(deck, self._progress)
        return judge

    def build(self, planned: PlannedDeck) -> Built:
        """One deck, unless one of its problems is in the way."""
        verdicts = {deck_id: judge.verdict for deck_id, judge in self._judges.items()}
        # A judge knows a deck, which is let go with its plan.
        self._judges.clear()
        one = planned.plan
        if one is None:
            return Built((), planned.problems)
        wrong = _wrong(one, verdicts)
        beside = frozenset(_beside(one))
        if wrong:
            return Built((), (*planned.problems, *wrong), beside)
        contents = contents_of(one, self._progress)
        found = _changes(contents) if self._locked else []
        if not self._locked:
            replace_files(contents, one.files.journal)
        counts = verdicts[one.deck.heading.id].counts
        decks = () if has_errors(found) else tuple(_built(each, counts) for each in one.all)
        return Built(decks, (*planned.problems, *found), beside, verdicts[one.deck.heading.id].questions)


def _wrong(one: Plan, verdicts: Mapping[str, Verdict]) -> list[Problem]:
    """What the reviewer finds that stops a build, in any language of the deck."""
    wrong = list(verdicts[one.deck.heading.id].wrong)
    for edition in one.editions:
        heading = edition.deck.heading
        wrong += in_edition(heading.language, verdicts[heading.id].wrong, wrong)
    return wrong


def _beside(one: Plan) -> Iterator[Path]:
    """The files that a release depends on, there or not, but for its facts."""
    deck, files, folder = one.deck, one.files, one.deck.file.parent
    yield from (files.journal, deck.carried.file)
    yield from (file for each in one.all for file in (each.files.lock, each.files.package, each.files.update))
    yield from (media.file for media in deck.media.values())
    yield from ([deck.theme.file] if deck.theme else [])
    yield from (folder / source.text for source in deck.sources.values() if source.text)


def contents_of(one: Plan, progress: Progress) -> dict[Path, Content | None]:
    """What stands in each file after this release; the locks first."""
    renamed: dict[Path, Content | None] = {each.files.former_lock: None for each in one.all if each.files.former_lock}
    contents: dict[Path, Content | None] = {each.files.lock: partial(lock_parts, each.lock) for each in one.all}
    for each in one.all:
        contents[each.files.package] = _package(each, each.notes, progress)
        contents[each.files.update] = _package(each, (*each.notes, *each.retired), progress) if each.retired else None
    return contents | renamed


def _package(one: Plan, notes: Sequence[PinnedNote], progress: Progress) -> Parts:
    # genanki is slow to import, and a build that ends with problems has no use for it.
    from deckbuilder.package.description import describe, extent_of  # noqa: PLC0415
    from deckbuilder.package.write import PackageDeck, package_parts  # noqa: PLC0415

    deck = one.deck
    described = describe(deck, extent_of(notes), one.selection)
    return package_parts(
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


def _changes(contents: Mapping[Path, Content | None]) -> list[Problem]:
    """Files that a build would change."""
    from deckbuilder.package.same import same_content  # noqa: PLC0415

    problems = []
    for file, content in contents.items():
        data = None if content is None else whole(content)
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
