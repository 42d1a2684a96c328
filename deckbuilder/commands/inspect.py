"""`deckbuilder inspect`: what is in a package of anybody."""

import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click

from deckbuilder.commands.paths import deck_path, output_option
from deckbuilder.commands.show import show_json, show_problems
from deckbuilder.package.content import DeckContent, Kind, TypeContent
from deckbuilder.package.open import open_package
from deckbuilder.package.unreadable import UnreadableError
from deckbuilder.problems import Problem, has_errors
from deckbuilder.received.arrival import Arrival, Importer
from deckbuilder.received.students import students_of
from deckbuilder.received.survey import EXAMPLES, Count, Some, Survey, date_of, survey
from deckbuilder.received.text import STOCK, card_names, form_text, media_kinds, plain, size_text, to_record
from deckbuilder.report import count, problem_record

_MANY = 12
_WIDTH = 100
Row = TypeVar("Row")


@click.command(epilog="Example: deckbuilder inspect from-a-colleague.apkg")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=deck_path)
@output_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, for other programs.")
def command(file: Path, paths: tuple[Path, ...], out: Path, *, as_json: bool) -> int:
    """Say what is in a package (.apkg or .colpkg), whoever made it. Nothing is written or imported.

    FILE is the package. PATH is a deck of ours, or a folder of them: what importing FILE would do to students
    who have it. Without one: the folder cards/, if it is there.
    """
    ours = paths or ((Path("cards"),) if Path("cards").is_dir() else ())
    students, problems = students_of(ours, out)
    try:
        with open_package(file) as opened:
            importers = [Importer(opened.package, one) for one in students]
            found = survey(opened, [importer.take for importer in importers])
    except UnreadableError as error:
        return _unreadable([*problems, error.problem(file)], as_json=as_json)
    # A package that shares no note with a deck of ours has nothing to do with it.
    arrivals = [arrival for arrival in (importer.arrival() for importer in importers) if arrival.known]
    problems += found.problems
    if as_json:
        show_json(to_record(found, arrivals) | {"problems": [problem_record(problem) for problem in problems]})
    else:
        show_problems(problems)
        click.echo("\n".join(_text(found, arrivals)))
    return 1 if has_errors(problems) else 0


def _unreadable(problems: Sequence[Problem], *, as_json: bool) -> int:
    if as_json:
        show_json({"problems": [problem_record(problem) for problem in problems]})
    else:
        show_problems(problems)
    return 1


def _text(found: Survey, arrivals: Sequence[Arrival]) -> Iterator[str]:
    package = found.package
    yield click.style(package.file.name, bold=True)
    yield f"  {form_text(found)}, {size_text(package.file.stat().st_size)}"
    yield f"  {count(found.notes, 'note')}, {count(found.cards, 'card')}, {count(len(package.media), 'media file')}"
    if found.notes:
        yield f"  {_times(found)}"
    full = [(plain(deck.name), number, _mark(deck)) for deck, number in found.decks if number.notes]
    yield from _section("Decks", _table(full))
    yield from _section("Note types", _types(found))
    yield from _section("Tags", _tags(found))
    yield from _section("Media", _media(found))
    yield from _section("Review history", _history(found))
    yield from _section("To look at", _findings(found))
    for arrival in arrivals:
        yield from _section(f"Importing it over {arrival.lock}", _arrival(arrival))


def _times(found: Survey) -> str:
    changed = f"last changed {date_of(found.changed)}"
    if found.made is None:
        return changed.capitalize()
    first, last = map(date_of, found.made)
    return f"Notes made {first if first == last else f'{first} to {last}'}, {changed}"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    told = list(lines)
    if told:
        yield ""
        yield click.style(title, bold=True)
        yield from (f"  {line}" for line in told)


def _table(rows: Sequence[tuple[str, Count, str]]) -> Iterator[str]:
    width = max((len(name) for name, _, _ in rows), default=0)
    for name, number, mark in _some_of(rows):
        counts = f"{count(number.notes, 'note'):>13}  {count(number.cards.total(), 'card'):>13}"
        yield f"{name:<{width}}  {counts}{mark}".rstrip()
    yield from _more(rows)


def _mark(deck: DeckContent) -> str:
    return "  (filtered: its cards belong to other decks)" if deck.filtered else ""


def _types(found: Survey) -> Iterator[str]:
    used = [(one, number) for one, number in found.types if number.notes]
    width = max((len(plain(one.name)) for one, _ in used), default=0)
    for one, number in used:
        name = f"{plain(one.name):<{width}}"
        total = f"{count(number.notes, 'note'):>13}  {count(number.cards.total(), 'card'):>13}"
        yield f"{click.style(name, fg='cyan')}  {total}{_origin(one)}"
        yield from _wrapped("fields: ", ", ".join(plain(field.name) for field in one.fields))
        cards = ", ".join(f"{plain(name)} ({cards:,})" for name, cards in card_names(one, number))
        yield from _wrapped("cards:  ", cards)
    unused = len(found.types) - len(used)
    if unused:
        yield f"and {count(unused, 'note type')} without notes"


def _origin(one: TypeContent) -> str:
    stock = STOCK[one.stock] if 0 < one.stock < len(STOCK) else ""
    if stock and stock != one.name:
        return f"  made from Anki's {stock!r}"
    return "  cloze" if one.kind is Kind.CLOZE and not stock else ""


def _wrapped(label: str, text: str) -> list[str]:
    margin = " " * (len(label) + 2)
    return textwrap.wrap(text, _WIDTH, initial_indent=f"  {label}", subsequent_indent=margin)


def _tags(found: Survey) -> Iterator[str]:
    few = 40
    told = found.tags if len(found.tags) <= few else found.top_tags
    tags = sorted(told.items()) if told is found.tags else list(told.items())
    width = max((len(plain(tag)) for tag, _ in _some_of(tags, few)), default=0)
    for tag, number in _some_of(tags, few):
        yield f"{plain(tag):<{width}}  {count(number, 'note'):>13}"
    yield from _more(tags, few)
    if told is not found.tags:
        yield f"{count(len(found.tags), 'tag')} in all, with the levels below these (each with --json)"


def _media(found: Survey) -> Iterator[str]:
    for ending, number, size in media_kinds(found)[:_MANY]:
        yield f"{plain(ending):<12}{count(number, 'file'):>12}  {size_text(size):>12}"
    if found.package.media:
        largest = max(found.package.media, key=lambda media: media.size)
        yield f"{size_text(found.media_size)} in all; the largest is {plain(largest.name)} ({size_text(largest.size)})"


def _history(found: Survey) -> Iterator[str]:
    if not found.has_history:
        yield f"{click.style('none', fg='green')}: it tells nothing of how anybody learned"
        return
    yield click.style(
        f"{count(found.reviews, 'review')}, {count(found.studied, 'card')} studied", fg="yellow", bold=True
    )
    yield "It tells how whoever exported it learned. Before you pass it on, export it again"
    yield "without 'Include scheduling information'."


def _findings(found: Survey) -> Iterator[str]:
    if found.package.whole_collection:
        yield _warning("a whole collection: in Anki, importing it replaces everything that is there")
    yield from _examples(found.same_guid, "note has a GUID that another one has", "notes have a GUID of another one")
    same_front = "note has the first field of another one", "notes have the first field of another one"
    yield from _examples(found.same_front, *same_front)
    yield from _examples(found.empty_cards, "card has an empty front", "cards have an empty front")
    yield from _examples(found.without_cards, "note has no card", "notes have no card")
    unused = [f"{media.name} ({size_text(media.size)})" for media in found.unused]
    shown = "media file is shown by no note", "media files are shown by no note"
    yield from _examples(Some(len(unused), unused), *shown)
    missing = [f"{name} (in {count(number, 'place')})" for name, number in found.missing.items()]
    why = "and not in the package" if found.package.media else "and not in the package, which holds no media at all"
    named = f"file is shown by notes {why}", f"files are shown by notes {why}"
    yield from _examples(Some(len(missing), missing), *named)


def _examples(some: Some, one: str, many: str) -> Iterator[str]:
    if not some.count:
        return
    yield _warning(f"{some.count:,} {one if some.count == 1 else many}")
    shown = some.examples[:EXAMPLES]
    yield from (f"    {plain(example)}" for example in shown)
    if some.count > len(shown):
        yield f"    and {some.count - len(shown):,} more"


def _warning(text: str) -> str:
    return f"{click.style('!', fg='yellow', bold=True)} {text}"


def _arrival(arrival: Arrival) -> Iterator[str]:
    rows = [
        ("replaced", len(arrival.updated), "newer than what students have: their words become those of the package"),
        ("kept", arrival.kept, "not newer: students keep what they have"),
        ("withdrawn", len(arrival.withdrawn), "that the deck has withdrawn, and the package still holds"),
        ("conflicting", len(arrival.conflicting), "that Anki would leave out"),
        ("new", arrival.new, "that the deck does not have"),
        ("absent", arrival.absent, "only in the deck: students keep them"),
    ]
    for name, number, told in rows:
        if number:
            colour = {"replaced": "yellow", "conflicting": "red", "new": "green"}.get(name)
            yield f"{click.style(f'{name:<12}', fg=colour)}{count(number, 'note'):>13}  {told}"
    yield from (_warning(plain(reason)) for reason in arrival.reasons)
    yield from (_warning(f"the look of {plain(name)!r} would change") for name in arrival.looks)
    if arrival.updated:
        yield "deckbuilder absorb shows what was changed in them."


def _some_of(rows: Sequence[Row], few: int = _MANY) -> Sequence[Row]:
    return rows[:few] if sys.stdout.isatty() else rows


def _more(rows: Sequence[object], few: int = _MANY) -> Iterator[str]:
    if len(_some_of(rows, few)) < len(rows):
        yield f"and {len(rows) - few:,} more (all in a pipe or with --json)"
