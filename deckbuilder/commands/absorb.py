"""`deckbuilder absorb`: the corrections that somebody made in Anki, taken over into the facts."""

import codecs
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from deckbuilder.changes.readable import readable
from deckbuilder.changes.words import join_words, word_difference
from deckbuilder.commands.diff import marked
from deckbuilder.commands.paths import chosen_paths, deck_path, output_option
from deckbuilder.commands.show import show_json, show_problems
from deckbuilder.files import replace_files
from deckbuilder.package.content import Content
from deckbuilder.package.open import read_content
from deckbuilder.plan import Plan, plan
from deckbuilder.problems import has_errors
from deckbuilder.received.absorb import Absorbed, Correction, Edit, FieldWish, State, absorb
from deckbuilder.received.text import absorbed_record, plain
from deckbuilder.received.wording import LONGEST
from deckbuilder.report import count, problem_record

_COLOURS = {State.READY: "green", State.BY_HAND: "yellow", State.CONFLICT: "red"}


@click.command(epilog="Example: deckbuilder absorb from-a-student.apkg --apply")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("path", metavar="[PATH]", required=False, type=deck_path)
@output_option
@click.option("--apply", "write", is_flag=True, help="Write into the facts what can be taken over as it is.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, for other programs.")
def command(file: Path, path: Path | None, out: Path, *, write: bool, as_json: bool) -> int:
    """Show what somebody corrected in a deck of ours, at the lines of the facts; with --apply, take it over.

    FILE is what they exported from Anki. PATH is the deck, or a folder of decks; without it: the folder cards/.
    Corrections of what the facts have changed too are shown, never decided. Identity is never touched.
    Exit code: 0 nothing is left to do by hand, 1 something is, or the facts have mistakes.
    """
    planned = plan(chosen_paths((path,) if path else ()), out)
    content, problems = read_content(file)
    problems = [*planned.problems, *problems]
    found = (
        []
        if content is None
        else [(one, absorb(one, content.notes, out)) for one in _concerned(planned.plans, content)]
    )
    if write:
        for one, absorbed in found:
            _write(one, absorbed)
    if as_json:
        decks = [absorbed_record(absorbed, applied=write) for _, absorbed in found]
        show_json({"decks": decks, "problems": [problem_record(problem) for problem in problems]})
    else:
        show_problems(problems)
        for _, absorbed in found:
            click.echo("\n".join(_text(absorbed, applied=write)))
        if content is not None and not found and not has_errors(problems):
            click.echo(f"{file}: {_why_not(planned.plans, content)}")
    left = any(absorbed.count(State.BY_HAND) + absorbed.count(State.CONFLICT) for _, absorbed in found)
    return 1 if left or has_errors(problems) else 0


def _concerned(plans: Sequence[Plan], content: Content) -> list[Plan]:
    """The decks that a package has notes of."""
    guids = {note.guid for note in content.notes}
    return [one for one in plans if any(note.guid in guids for note in one.notes)]


def _why_not(plans: Sequence[Plan], content: Content) -> str:
    """Why nothing of a package can be taken over."""
    guids = {note.guid for note in content.notes}
    for edition in (edition for one in plans for edition in one.editions):
        if any(note.guid in guids for note in edition.notes):
            language = edition.deck.heading.language
            return (
                f"its notes are in {language!r}, made of translations: correct these in {edition.deck.file} yourself."
            )
    return "none of its notes is of a deck of ours. deckbuilder inspect says what is in it."


def _write(one: Plan, absorbed: Absorbed) -> None:
    contents: dict[Path, bytes | None] = {}
    for file, text in absorbed.files.items():
        mark = codecs.BOM_UTF8 if file.read_bytes().startswith(codecs.BOM_UTF8) else b""
        contents[file] = mark + text.encode()
    if contents:
        replace_files(contents, one.files.journal)


def _text(absorbed: Absorbed, *, applied: bool) -> Iterator[str]:
    yield click.style(absorbed.deck, bold=True)
    for correction in absorbed.corrections:
        yield from _correction(correction, applied=applied)
    if absorbed.added:
        yield f"\n  {count(len(absorbed.added), 'note')} of their own:"
        yield from (f"    {plain(title)}" for title in absorbed.added)
    yield ""
    yield from (f"  {line}" for line in _summary(absorbed, applied=applied))


def _correction(correction: Correction, *, applied: bool) -> Iterator[str]:
    where = f"{correction.place.file}:{correction.place.line}"
    yield f"\n  {click.style(where, bold=True)}  {plain(correction.key)}"
    for wish in correction.fields:
        yield from (f"    {line}" for line in _wish(wish))
    # Two fields may show one text.
    edits = dict.fromkeys(edit for wish in correction.fields for edit in wish.edits)
    done = click.style("taken over" if applied else "ready", fg=_COLOURS[State.READY])
    yield from (f"    {done}: {_edit(edit)}" for edit in edits)
    if correction.tags_added:
        yield f"    tags added: {', '.join(map(plain, correction.tags_added))} (put them into the facts by hand)"
    if correction.tags_removed:
        yield f"    tags removed: {', '.join(map(plain, correction.tags_removed))} (remove them by hand)"


def _wish(wish: FieldWish) -> Iterator[str]:
    if wish.field:
        yield f"{plain(wish.field)}: {_difference(wish.before, wish.theirs)}"
    if wish.before != wish.ours:
        yield f"in the facts since: {_difference(wish.before, wish.ours)}"
    if wish.why:
        yield f"{click.style(wish.state.value, fg=_COLOURS[wish.state])}: {wish.why}"


def _edit(edit: Edit) -> str:
    """`cards/owls.yaml:12  examples: Barn owl`."""
    name = next((str(step) for step in reversed(edit.path) if not isinstance(step, int)), "")
    identity = f"  (with 'id: {edit.identity}', so that it stays the same fact)" if edit.identity else ""
    return f"{edit.place.file}:{edit.place.line}  {plain(name)}: {plain(edit.after.strip())}{identity}"


def _difference(before: str, after: str) -> str:
    if max(len(before), len(after)) > LONGEST:
        return f"{len(before):,} letters [-before-], {len(after):,} {{+after+}}"
    one, two = readable(before), readable(after)
    if one == two:
        # Where only the markup changed, the markup is what there is to show.
        one, two = before, after
    return join_words(marked(kind, plain(text)) for kind, text in word_difference(one, two))


def _summary(absorbed: Absorbed, *, applied: bool) -> Iterator[str]:
    ready, by_hand, conflicts = (absorbed.count(state) for state in State)
    done = "taken over" if applied else "can be taken over"
    told = [
        f"{count(len(absorbed.corrections), 'note')} changed" if absorbed.corrections else "Nothing was changed",
        *([f"{count(ready, 'correction')} {done}"] if ready else []),
        *([f"{by_hand:,} to do by hand"] if by_hand else []),
        *([count(conflicts, "conflict")] if conflicts else []),
        f"{absorbed.unchanged:,} as in our deck",
    ]
    yield ", ".join(told)
    if absorbed.also:
        few = 10
        more = [f"and {len(absorbed.also) - few:,} more"] if len(absorbed.also) > few else []
        yield f"With them also change: {', '.join([*map(plain, absorbed.also[:few]), *more])}"
    if ready and not applied:
        yield "Write it into the facts with --apply; git diff then shows it once more."
    elif ready:
        yield "Look at it with git diff, then deckbuilder check and deckbuilder build."
