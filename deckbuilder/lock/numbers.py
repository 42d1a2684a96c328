"""Which number hides which fact. A student's history follows the number, so it never moves to another fact."""

from collections.abc import Mapping
from dataclasses import dataclass

from deckbuilder.facts.places import place_of
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
    """Numbers for the blanks of `note`: pinned ones kept, new ones never used before."""
    old = dict(before.numbers) if before else {}
    spent = dict(before.spent) if before else {}
    if any(hidden.number is not None for hidden in note.hidden):
        return _by_author(note, old, spent)
    numbers = _pinned(note, old, spent)
    appeared = [hidden for hidden in _once(note) if hidden.id not in numbers]
    vanished = {number: name for number, name in old.items() if number not in numbers.values()}
    problems = () if accept_removals else _guesses(note, vanished, appeared)
    following = max((*old, *spent, 0)) + 1
    for number, hidden in enumerate(appeared, start=following):
        numbers[hidden.id] = number
    in_use = {number: name for name, number in numbers.items()}
    gone = {number: name for number, name in {**spent, **vanished}.items() if number not in in_use}
    return Numbers(numbers, in_use, gone, problems)


def _once(note: Note) -> list[Hidden]:
    return list({hidden.id: hidden for hidden in reversed(note.hidden)}.values())[::-1]


def _pinned(note: Note, old: Mapping[int, str], spent: Mapping[int, str]) -> dict[str, int]:
    """The blanks that students have, by their own name or one that they had before; a returning fact returns."""
    known = {name: number for number, name in (*spent.items(), *old.items())}
    numbers = {hidden.id: known[hidden.id] for hidden in note.hidden if hidden.id in known}
    for hidden in note.hidden:
        former = [name for name in hidden.former if name in known and known[name] not in numbers.values()]
        if hidden.id not in numbers and former:
            numbers[hidden.id] = known[former[0]]
    return numbers


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


def _by_author(note: Note, old: Mapping[int, str], spent: Mapping[int, str]) -> Numbers:
    """Numbers as written; an answer that students know under another number must not move."""
    in_use = {hidden.number: hidden.id for hidden in note.hidden if hidden.number is not None}
    known = {name: number for number, name in old.items()}
    problems = tuple(
        Problem(
            place_of(note.origin),
            "number-moved",
            f"{name!r} is number {known[name]} for students and {number} here",
            f"write it as {{{{c{known[name]}::...}}}}, give new blanks numbers from {max((*old, *spent, 0)) + 1} on",
        )
        for number, name in in_use.items()
        if name in known and known[name] != number and in_use.get(known[name]) != name
    ) + tuple(
        Problem(
            place_of(note.origin),
            "number-reused",
            f"number {number} belonged to {spent[number]!r}, which was removed",
            f"use {max((*old, *spent, *in_use)) + 1} instead",
        )
        for number, name in in_use.items()
        if number in spent and spent[number] != name
    )
    gone = {number: name for number, name in {**spent, **old}.items() if number not in in_use}
    return Numbers({name: number for number, name in in_use.items()}, in_use, gone, problems)
