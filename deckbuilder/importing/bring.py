"""The whole way of an import: a file of somebody else in, facts with their lock out, and an account of both."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckbuilder.facts.carried import carried_file
from deckbuilder.facts.media import is_picture
from deckbuilder.facts.source import FORBIDDEN, PACKAGES
from deckbuilder.importing.crowdanki import deck_file, old_deck_of_crowdanki
from deckbuilder.importing.decoding import decoded
from deckbuilder.importing.draft import Draft, draft
from deckbuilder.importing.layout import said_tags
from deckbuilder.importing.lists import read_list
from deckbuilder.importing.newly import settle_new
from deckbuilder.importing.old import OldDeck
from deckbuilder.importing.outcome import Case, Outcome, What
from deckbuilder.importing.package import NothingToImportError, old_deck, shown
from deckbuilder.importing.roles import roles_of
from deckbuilder.importing.settle import Heading, Settled, changed_cards, media_folder, settle
from deckbuilder.importing.table import read_table
from deckbuilder.package.open import open_package
from deckbuilder.package.unreadable import UnreadableError
from deckbuilder.plan import now
from deckbuilder.problems import Place, Problem, Progress, has_errors, unwatched

TABLES = (".csv", ".tsv", ".txt")
_SPREADSHEETS = frozenset({".xlsx", ".xls", ".xlsm", ".ods", ".numbers"})
LISTS = (".md", ".markdown")
_BY_CROWDANKI = (
    "who has it through CrowdAnki updates through CrowdAnki (deckbuilder export --to crowdanki); "
    "a package is for others"
)
_REMARK = (
    "Imported from {source} by deckbuilder import. The cards of students who have that deck go on as they are:\n"
    "its note types and their identities stand beside this file. Change words freely, and leave every 'id' as it is."
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where an imported deck goes: its id, its folder, and the language of its cards."""

    deck_id: str
    folder: Path
    language: str = "en"

    @property
    def file(self) -> Path:
        return self.folder / f"{self.deck_id}.yaml"


def bring_file(file: Path, target: Target, only: str = "", progress: Progress = unwatched) -> Outcome:
    """Any file that can become facts: by its ending, or as a folder of CrowdAnki. Raises OSError."""
    ending = file.suffix.lower()
    crowdanki = deck_file(file)
    try:
        if ending in PACKAGES:
            return bring_package(file, target, only, progress)
        if crowdanki is not None:
            old, cases = old_deck_of_crowdanki(crowdanki, now())
            cases.append(Case(What.READ, file.name, _BY_CROWDANKI))
            return bring(old, target, file.name, cases, progress)
        if ending in {*TABLES, *LISTS} and file.is_file():
            return bring_text(file, target)
    except NothingToImportError as error:
        return Outcome(problems=(Problem(Place(file), "nothing-to-import", str(error), "check the file"),))
    if ending in _SPREADSHEETS:
        message, fix = (
            "this is a spreadsheet, not a table as text",
            "save it from its program as 'CSV UTF-8', and import that",
        )
        return Outcome(problems=(Problem(Place(file), "import-unknown", message, fix),))
    known = ", ".join((*PACKAGES, *TABLES, *LISTS))
    message = "it is none of the files that can be imported"
    return Outcome(problems=(Problem(Place(file), "import-unknown", message, f"{known}, or a folder of CrowdAnki"),))


def bring_text(file: Path, target: Target) -> Outcome:
    """A table or a Markdown list. Nobody has studied it, so there is no identity to keep. Raises OSError."""
    try:
        text, encoding = decoded(file.read_bytes())
        # What a Mac writes has letters apart from their marks, and ids are made of them.
        text, name = (unicodedata.normalize("NFC", FORBIDDEN.sub("", one)) for one in (text, _readable(file.stem)))
        is_list = file.suffix.lower() in LISTS
        table = read_list(text, name) if is_list else read_table(text, name, tabs=file.suffix.lower() == ".tsv")
    except ValueError as error:
        raise NothingToImportError(str(error)) from error
    if not table.drafts:
        reason = table.cases[0].reason if table.cases else "it is empty"
        raise NothingToImportError(f"nothing in it becomes a fact: {reason}")
    deck = table.deck or name
    new = settle_new(
        table.drafts, Heading(target.deck_id, deck, target.language, "", f"Imported from {_line(file.name)}.")
    )
    kinds: Counter[str] = Counter(placed.draft.kind for placed in new.laid.placed)
    pinned = new.plan.notes if new.plan else ()
    read_as = f"read as {encoding}, since it is not UTF-8: look whether all letters are right"
    told = [Case(What.READ, file.name, read_as)] if encoding else []
    return Outcome(
        deck_id=target.deck_id,
        deck_name=deck,
        files={} if new.problems else {target.file: new.yaml.encode()},
        facts=dict(kinds),
        concepts=len(new.laid.concepts),
        notes=len(pinned),
        cards=sum(len(note.ords) for note in pinned),
        cases=(*told, *table.cases, *new.cases),
        problems=new.problems,
    )


def bring_package(file: Path, target: Target, only: str = "", progress: Progress = unwatched) -> Outcome:
    """A package of Anki, or of its decks the one named `only`."""
    try:
        with open_package(file) as opened:
            old, cases = old_deck(opened, only)
            problems = opened.problems
    except UnreadableError as error:
        return Outcome(problems=(error.problem(file),))
    outcome = bring(old, target, file.name, cases, progress)
    return replace(outcome, problems=(*outcome.problems, *problems))


def bring(
    old: OldDeck, target: Target, source: str, cases: Iterable[Case] = (), progress: Progress = unwatched
) -> Outcome:
    """An old deck as facts, with all its identities."""
    by_type: dict[int, list[int]] = {}
    for number, note in enumerate(old.notes):
        by_type.setdefault(note.type, []).append(number)
    roles = {
        type_id: roles_of(old.types[type_id].type, [old.notes[number] for number in numbers])
        for type_id, numbers in by_type.items()
    }
    pictures = frozenset(name for name, data in old.media.items() if is_picture(name, data))
    drafts = []
    for done, note in enumerate(old.notes, start=1):
        drafts.append(draft(note, old.types[note.type], roles[note.type], pictures))
        progress("reading", done, len(old.notes))
    heading = Heading(target.deck_id, old.name, target.language, old.description, _REMARK.format(source=_line(source)))
    settled = settle(old, drafts, roles, heading, old.media)
    return _outcome(old, settled, target, [*cases, *_cases(old, settled)])


def _outcome(old: OldDeck, settled: Settled, target: Target, cases: Sequence[Case]) -> Outcome:
    wrong = [problem for problem in (*settled.problems, *settled.findings) if has_errors([problem])]
    kinds: Counter[str] = Counter(placed.draft.kind for placed in settled.laid.placed)
    pinned = settled.plan.notes if settled.plan else ()
    return Outcome(
        deck_id=target.deck_id,
        deck_name=old.name,
        files={} if wrong else dict(_files(old, settled, target)),
        facts=dict(kinds),
        concepts=len(settled.laid.concepts),
        notes=len(old.notes),
        cards=sum(len(note.ords) for note in pinned),
        media=len(old.media),
        types=tuple(one.name for one in old.types.values()),
        identities=True,
        cases=tuple(cases),
        problems=tuple(wrong),
    )


def _files(old: OldDeck, settled: Settled, target: Target) -> Iterator[tuple[Path, bytes]]:
    yield target.file, settled.yaml.encode()
    yield target.folder / f"{target.deck_id}.lock", settled.lock.encode()
    yield carried_file(target.folder, target.deck_id), settled.carried.encode()
    folder = target.folder / media_folder(target.deck_id)
    yield from ((folder / name, data) for name, data in sorted(old.media.items()))


def _cases(old: OldDeck, settled: Settled) -> Iterator[Case]:
    for placed in settled.laid.placed:
        one: Draft = placed.draft
        words = shown(one.old.row)
        if one.kind == "note":
            yield Case(What.AS_IT_WAS, words, one.reason)
        if one.lost and one.kind != "note":
            yield Case(What.LOOK, words, ", ".join(sorted(one.lost)))
        for rule in one.allow:
            yield Case(What.WAIVED, words, rule)
        told = changed_cards(old, placed)
        if told:
            yield Case(What.CARDS, words, told)
        unsaid = sorted(set(one.old.tags) - set(said_tags(one)))
        if unsaid:
            yield Case(What.TAGS, words, ", ".join(unsaid))


def _line(text: str) -> str:
    """A file's name as it can stand in a remark."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def _readable(stem: str) -> str:
    """A file's name as that of a deck; what is no letter in it, as in names of old zip files, is shown as such."""
    stem = stem.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(stem.replace("_", " ").replace("::", " ").split()) or "Deck"
