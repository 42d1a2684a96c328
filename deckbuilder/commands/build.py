"""`deckbuilder build`: facts in, packages out."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

import click

from deckbuilder import cache
from deckbuilder.built import Built, BuiltDeck
from deckbuilder.commands.paths import chosen_paths, output_option, paths_argument
from deckbuilder.commands.progress import progress
from deckbuilder.commands.show import show_json, show_problems
from deckbuilder.problems import Severity, has_errors
from deckbuilder.report import count, problem_record, tally
from deckbuilder.unchanged import Call


@click.command(epilog="Example: deckbuilder build cards/calcification.yaml -o dist")
@paths_argument
@output_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, for other programs.")
@click.option("--locked", is_flag=True, help="Write nothing; fail if lock or package would change (for CI).")
@click.option("--accept-removals", is_flag=True, help="Confirm that facts which vanished are gone, not renamed.")
@click.option("--no-cache", is_flag=True, help="Read and build everything anew, and keep nothing for the next time.")
def command(  # noqa: PLR0913 - an argument for each option
    paths: tuple[Path, ...], out: Path, *, as_json: bool, locked: bool, accept_removals: bool, no_cache: bool
) -> int:
    """Turn decks of facts into packages for Anki.

    PATH is a deck's YAML file, a deck's folder, or a folder of decks; without one, the folder cards/.
    Exit code: 0 built, 1 problems in the facts, 2 wrong usage, 3 unexpected.
    """
    with cache.unused() if no_cache else nullcontext():
        built = _built(chosen_paths(paths), out, accept_removals=accept_removals, locked=locked, quiet=as_json)
    if as_json:
        show_json(_record(built))
    else:
        show_problems(built.problems)
        for deck in built.decks:
            click.echo(_summary(deck))
        _show_outcome(built)
    return 1 if has_errors(built.problems) else 0


def _built(paths: Sequence[Path], out: Path, *, accept_removals: bool, locked: bool, quiet: bool) -> Built:
    """What a build answers: at once, if it would do again what the last one did."""
    started = time.time_ns()
    call = Call(paths, out, locked, accept_removals)
    answer = call.answer()
    if answer is not None:
        return answer
    # Whatever building needs is slow to import.
    from deckbuilder.build import build  # noqa: PLC0415

    with progress(quiet=quiet) as tell:
        built = build(paths, out, accept_removals=accept_removals, locked=locked, progress=tell, last=call.last())
    call.remember(built, started)
    return built


def _record(built: Built) -> dict[str, object]:
    return {
        "decks": [
            {
                "id": deck.id,
                "name": deck.name,
                "package": str(deck.package),
                "notes": deck.notes,
                "cards": deck.cards,
                "kinds": deck.kinds,
                "held": deck.held,
                "disputed": deck.disputed,
            }
            for deck in built.decks
        ],
        "problems": [problem_record(problem) for problem in built.problems],
    }


def _summary(deck: BuiltDeck) -> str:
    if deck.output:
        return "\n".join(_output(deck)) + "\n"
    lines = [click.style(deck.name, bold=True)]
    width = max(map(len, (*deck.kinds, "cards")))
    digits = len(f"{deck.cards:,}")
    lines += [f"  {kind:<{width}}  {cards:>{digits},}" for kind, cards in deck.kinds.items()]
    lines.append(
        click.style(f"  {'cards':<{width}}  {deck.cards:>{digits},}", bold=True) + f"  in {count(deck.notes, 'note')}"
    )
    asides = [f"{deck.disputed} disputed (shown with a caveat)"] if deck.disputed else []
    asides += [f"{deck.held} held back (no cards)"] if deck.held else []
    if asides:
        lines.append(f"  facts: {', '.join(asides)}")
    if deck.findings is None:
        lines.append("  review: not counted in a deck of this size; deckbuilder check tells it")
    elif deck.findings:
        lines.append(f"  review: {click.style(tally(deck.findings), fg='yellow')}; deckbuilder check shows them")
    return "\n".join((*lines, *_packages(deck))) + "\n"


def _output(deck: BuiltDeck) -> Iterator[str]:
    yield f"{click.style(deck.name, bold=True)}  output {deck.output}"
    yield click.style(f"  {count(deck.cards, 'card')}", bold=True) + f"  in {count(deck.notes, 'note')}"
    yield from _packages(deck)


def _packages(deck: BuiltDeck) -> Iterator[str]:
    yield f"  → {click.style(str(deck.package), fg='green')}"
    if deck.update:
        retired = f"with {count(deck.retired, 'withdrawn note')}, for students who have the deck"
        yield f"  → {click.style(str(deck.update), fg='green')}  {retired}"


def _show_outcome(built: Built) -> None:
    errors = sum(problem.severity is Severity.ERROR for problem in built.problems)
    if errors:
        click.echo(f"{count(errors, 'error')}: the decks concerned were left as they were.", err=True)
    elif built.decks and sys.stdout.isatty():
        click.echo("Import it in Anki with File → Import, or open it on your phone.")
