"""Which number hides which fact. A student's history follows the number, so it never moves to another fact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deckbuilder.facts.places import place_of
from deckbuilder.lock.claim import UNCLEAR_FIX, Claims, Named, claim
from deckbuilder.lock.model import Entry
from deckbuilder.notes import Hidden, Note
from deckbuilder.problems import Problem


@dataclass(frozen=True, slots=True)
class Numbers:
    """A note's numbers: by blank, and by number those in use and those whose fact is gone."""

    by_id: Mapping[str, int]
    pinned: Mapping[int, str]
    spent: Mapping[int, str]
    problems: tuple[Problem, ...] = ()


def number_blanks(note: Note, before: Entry | None, *, accept_removals: bool) -> Numbers:
    """Numbers for the blanks of `note`: the author's as written, pinned ones kept, new ones never used before."""
    old = dict(before.numbers) if before else {}
    spent = dict(before.spent) if before else {}
    written = {hidden.number: hidden.id for hidden in note.hidden if hidden.number is not None}
    free = [hidden for hidden in note.hidden if hidden.number is None]
    # A fact that returns gets its number back; what the author numbers is not given to another.
    known = {name: n for n, name in (*spent.items(), *old.items()) if n not in written}
    claims = claim([Named(hidden.id, hidden.former) for hidden in free], known)
    numbers = {name: known[before] for name, before in claims.known_as.items()}
    appeared = list({hidden.id: hidden for hidden in free if hidden.id not in numbers}.values())
    in_use = written | {number: name for name, number in numbers.items()}
    vanished = {number: name for number, name in old.items() if number not in in_use}
    problems = (*_misplaced(note, written, old, spent), *_unclear(free, claims))
    if not accept_removals:
        problems += _guesses(note, vanished, appeared)
    for number, hidden in enumerate(appeared, start=_following(old, spent, written)):
        numbers[hidden.id] = number
        in_use[number] = hidden.id
    gone = {number: name for number, name in {**spent, **vanished}.items() if number not in in_use}
    return Numbers(numbers, in_use, gone, problems)


def _following(*used: Mapping[int, str]) -> int:
    """The first number that nothing has used yet."""
    return max((number for numbers in used for number in numbers), default=0) + 1


def _unclear(free: Sequence[Hidden], claims: Claims) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            place_of(next(hidden for hidden in free if one == hidden.id or one in hidden.former).origin),
            "identity-unclear",
            f"students have {one!r} and {other!r} as two facts, and this could be either",
            UNCLEAR_FIX,
        )
        for one, other in claims.unclear
    )


def _guesses(note: Note, vanished: Mapping[int, str], appeared: list[Hidden]) -> tuple[Problem, ...]:
    """A blank that went and one that came may be one fact or two: only the author knows."""
    if not vanished or not appeared:
        return ()
    gone = ", ".join(f"{name!r} (number {number})" for number, name in vanished.items())
    old = next(iter(vanished.items()))
    return tuple(
        Problem(
            place_of(hidden.origin),
            "identity-lost",
            f"{hidden.id!r} appeared where {gone} vanished",
            _ways_out(note, hidden, *old),
        )
        for hidden in appeared
    )


def _ways_out(note: Note, hidden: Hidden, number: int, name: str) -> str:
    last = "Another fact: build with --accept-removals"
    if note.kind in {"list", "mechanism"} and "." not in hidden.id:
        return f"The same fact: add 'id: {name}' (or 'formerly: [{name}]'). {last}"
    return f"The same fact: number the text's blanks yourself, as {{{{c{number}::...}}}}. {last}"


def _misplaced(
    note: Note, written: Mapping[int, str], old: Mapping[int, str], spent: Mapping[int, str]
) -> tuple[Problem, ...]:
    """Answers that students know under another number than the author's, and numbers that were used up."""
    place = place_of(note.origin)
    known = {name: number for number, name in old.items()}
    moved = [
        Problem(
            place,
            "number-moved",
            f"{name!r} is number {known[name]} for students and {number} here",
            f"write it as {{{{c{known[name]}::...}}}}, give new blanks numbers from {_following(old, spent)} on",
        )
        for number, name in written.items()
        if name in known and known[name] != number and written.get(known[name]) != name
    ]
    reused = [
        Problem(
            place,
            "number-reused",
            f"number {number} belonged to {spent[number]!r}, which was removed",
            f"use {_following(old, spent, written)} instead",
        )
        for number, name in written.items()
        if number in spent and spent[number] != name
    ]
    return (*moved, *reused)
