"""`deckbuilder import`: a deck of somebody else in, facts out."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from deckbuilder.commands.paths import OF_A_FOLDER, id_of, refuse_within_a_deck
from deckbuilder.commands.progress import progress
from deckbuilder.commands.show import show_json, show_problems
from deckbuilder.facts.models import LANGUAGE, is_deck_id
from deckbuilder.files import replace_files
from deckbuilder.importing.bring import Target, bring_file
from deckbuilder.importing.outcome import Case, Outcome, What
from deckbuilder.problems import has_errors
from deckbuilder.report import count, problem_record

_MOST_SHOWN = 5
_KINDS = {"question": "question", "definition": "definition", "cloze": "statement", "note": "note kept field by field"}


@click.command(epilog="Example: deckbuilder import bones.apkg -o cards/bones.yaml")
@click.argument("source", metavar="FILE", type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o",
    "--output",
    "out",
    metavar="YAML",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The facts file to write; its name becomes the deck's id.  [default: cards/NAME.yaml]",
)
@click.option("--deck", "only", metavar="NAME", default="", help="Of several decks in FILE, only this one.")
@click.option("--language", metavar="CODE", default="en", show_default=True, help="Language of the cards: en, de, ar.")
@click.option("--force", is_flag=True, help="Replace the files that this command writes, if they are there.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, with every case.")
def command(  # noqa: PLR0913 - one parameter an option
    source: Path, out: Path | None, *, only: str, language: str, force: bool, as_json: bool
) -> int:
    """Turn a deck of somebody else into facts that you can edit.

    FILE is a package of Anki (.apkg, .colpkg), a table (.csv, .tsv, .txt), a Markdown list (.md), or a
    folder of CrowdAnki. From a package, students of the old deck can update to what you build, and keep
    their progress. Exit code: 0 written, 1 it cannot be imported, 2 wrong usage, 3 unexpected.
    """
    file = out or Path("cards", f"{_name_of(only.rpartition('::')[2] or source.stem)}.yaml")
    target = Target(_deck_id(file), file.parent, _language(language))
    refuse_within_a_deck(file, "-o")
    _refuse_to_overwrite(target, force=force)
    with progress(quiet=as_json) as tell:
        outcome = bring_file(source, target, only, tell)
    failed = has_errors(outcome.problems)
    if not failed:
        existing = [path for path in outcome.files if path.exists() and path.read_bytes() != outcome.files[path]]
        if existing and not force:
            raise click.UsageError(f"{existing[0]} exists already; nothing was changed (--force replaces it)")
        replace_files(outcome.files, file.parent / f".{target.deck_id}.journal")
    if as_json:
        show_json(_record(outcome))
    else:
        show_problems(outcome.problems)
        for line in () if failed else _summary(outcome, file):
            click.echo(line)
    return 1 if failed else 0


def _deck_id(file: Path) -> str:
    if file.suffix not in {".yaml", ".yml"}:
        raise click.BadParameter(f"{file} does not end in .yaml", param_hint="-o")
    if not is_deck_id(file.stem):
        message = f"{file.stem!r} cannot be a deck's id: use a-z, 0-9, '-' and '_'; choose a name with -o"
        raise click.BadParameter(message, param_hint="-o")
    return file.stem


def _language(code: str) -> str:
    if not LANGUAGE.fullmatch(code):
        raise click.BadParameter(
            f"{code!r} is not a language code: write it as en, de or pt-BR", param_hint="--language"
        )
    return code


def _name_of(source: str) -> str:
    name = id_of(source)
    return f"imported-{OF_A_FOLDER}" if name in {"", OF_A_FOLDER} else name


def _refuse_to_overwrite(target: Target, *, force: bool) -> None:
    """Told before anything is read: a deck that is there holds the identities of its students."""
    for file in (target.file, target.folder / f"{target.deck_id}.lock"):
        if file.exists() and not force:
            raise click.UsageError(f"{file} exists already; nothing was changed (--force replaces it)")


def _summary(outcome: Outcome, file: Path) -> Iterator[str]:
    yield click.style(outcome.deck_name, bold=True)
    width = max(len(f"{number:,}") for number in (outcome.notes, outcome.cards, *outcome.facts.values(), 0))
    for kind, name in _KINDS.items():
        if outcome.facts.get(kind):
            yield f"  {outcome.facts[kind]:>{width},} {_plural(name, outcome.facts[kind])}"
    known = "all known again by students who have the deck" if outcome.identities else "new to everybody"
    yield f"  {outcome.notes:>{width},} {_plural('note', outcome.notes)} with {count(outcome.cards, 'card')}, {known}"
    if outcome.media:
        yield f"  {outcome.media:>{width},} media {_plural('file', outcome.media)} under the old names"
    yield from _cases(outcome.cases)
    yield f"  → {click.style(str(file), fg='green')}"
    yield f"\nNext: read it, then deckbuilder build {file}"


def _cases(cases: tuple[Case, ...]) -> Iterator[str]:
    """Each kind of case with its reasons, most frequent first, and an example of each."""
    for what in What:
        mine = [case for case in cases if case.what is what]
        if not mine:
            continue
        yield f"\n  {click.style(_HEADS[what], bold=True)} ({len(mine):,})"
        reasons = Counter(case.reason for case in mine)
        for reason, number in reasons.most_common(_MOST_SHOWN):
            example = next(case.shows for case in mine if case.reason == reason)
            yield f"    {number:,} times: {reason}, as {example!r}" if number > 1 else f"    {reason}: {example!r}"
        if len(reasons) > _MOST_SHOWN:
            yield f"    and {count(len(reasons) - _MOST_SHOWN, 'other reason')}; --json tells every case"
    if cases:
        yield ""


_HEADS = {
    What.AS_IT_WAS: "Kept field by field, as HTML, because a fact cannot say it",
    What.LOOK: "Facts whose old look is kept until you edit their text",
    What.WAIVED: "Allowed as imported, although the review would stop a build for it",
    What.CARDS: "Cards that are kept as they were",
    What.TAGS: "Tags that the facts cannot hold, kept beside them",
    What.SIMPLER: "Simplified",
    What.READ: "How it was read",
    What.LEFT_OUT: "Left out",
}


def _plural(noun: str, number: int) -> str:
    first, *rest = noun.split(" ")
    return noun if number == 1 else " ".join([f"{first}s", *rest])


def _record(outcome: Outcome) -> dict[str, object]:
    return {
        "deck": {"id": outcome.deck_id, "name": outcome.deck_name},
        "files": [path.as_posix() for path in outcome.files],
        "facts": dict(outcome.facts),
        "concepts": outcome.concepts,
        "notes": outcome.notes,
        "cards": outcome.cards,
        "media": outcome.media,
        "note_types": list(outcome.types),
        "identities_kept": outcome.identities,
        "cases": [{"what": case.what.value, "note": case.shows, "reason": case.reason} for case in outcome.cases],
        "problems": [problem_record(problem) for problem in outcome.problems],
    }
