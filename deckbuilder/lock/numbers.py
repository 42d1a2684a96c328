"""Which number hides which fact. A student's history follows the number, so it never moves to another fact."""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from deckbuilder.facts.places import place_of
from deckbuilder.lock.claim import Claims, Known, claim
from deckbuilder.lock.identity_text import format_numbers, parse_numbers
from deckbuilder.lock.model import Entry
from deckbuilder.markup.blanks import HIGHEST_NUMBER
from deckbuilder.notes import Hidden, Note
from deckbuilder.problems import Problem, likeliest


class Numbers(NamedTuple):
    """A note's numbers: by blank, and in words with those whose fact is gone; and the cards of those in use."""

    by_id: Mapping[str, int]
    told: str
    ords: tuple[int, ...]
    problems: tuple[Problem, ...] = ()


_NO_NUMBERS = Numbers({}, "", ())
_FORMER = attrgetter("former")


def number_blanks(note: Note, before: Entry, *, accept_removals: bool) -> Numbers:
    """Numbers for the blanks of `note`: the author's as written, pinned ones kept, new ones never used before."""
    if not (note.cloze or before.blanks):
        return _NO_NUMBERS
    blanks = note.hidden
    names = [blank.id for blank in blanks if blank.number is None]
    if len(names) == len(blanks) and not any(map(_FORMER, note.items)):
        # By far most notes are new, or ask what they asked before, in the same order.
        plain = _from_first_to_last(names)
        if before.blanks in {"", plain.told}:
            return plain
    old, spent, problems = _named_now(note, before)
    written = {hidden.number: hidden.id for hidden in blanks if hidden.number is not None}
    free = [hidden for hidden in blanks if hidden.number is None]
    # A fact that returns gets its number back; what the author numbers is not given to another.
    known = {name: n for n, name in (*spent.items(), *old.items()) if n not in written}
    own = {hidden.id: known[hidden.id] for hidden in free if hidden.id in known}
    # A number that became a value, unless another blank still has its name.
    before_value = {hidden.id: known[hidden.former] for hidden in free if hidden.former in known.keys() - own}
    numbers = {**before_value, **own}
    appeared = list({hidden.id: hidden for hidden in free if hidden.id not in numbers}.values())
    in_use = written | {number: name for name, number in numbers.items()}
    vanished = {number: name for number, name in old.items() if number not in in_use}
    problems = (*_misplaced(note, written, old, spent), *problems)
    if vanished and appeared and not accept_removals:
        problems += _guesses(note, _unexplained(note, vanished), appeared)
    for number, hidden in enumerate(appeared, start=_following(old, spent, written)):
        numbers[hidden.id] = number
        in_use[number] = hidden.id
    gone = {number: name for number, name in {**spent, **vanished}.items() if number not in in_use}
    return Numbers(numbers, format_numbers(in_use, gone), tuple(sorted(number - 1 for number in in_use)), problems)


def without_card(note: Note, numbers: Numbers) -> tuple[Problem, ...]:
    """What is wrong with numbers for which Anki makes no card."""
    if not numbers.ords or numbers.ords[-1] < HIGHEST_NUMBER:
        return ()
    highest = numbers.ords[-1] + 1
    message = f"a blank of this note would have the number {highest}, and Anki has no card above {HIGHEST_NUMBER}"
    fix = "divide the note; or, where you number its blanks, begin lower"
    return (Problem(place_of(note.origin), "cloze-syntax", message, fix),)


def _from_first_to_last(names: Sequence[str]) -> Numbers:
    """The numbers of blanks of which nothing is known."""
    by_id = {name: number for number, name in enumerate(dict.fromkeys(names), start=1)}
    told = " ".join([f"{number}={name}" for name, number in by_id.items()])
    return Numbers(by_id, told, tuple(range(len(by_id))))


def _following(*used: Mapping[int, str]) -> int:
    """The first number that nothing has used yet."""
    return max((number for numbers in used for number in numbers), default=0) + 1


def name_blanks(note: Note, before: Entry) -> Entry:
    """What students had as `before`, with its blanks named as the facts are now."""
    numbers, spent, _ = _named_now(note, before)
    return before._replace(blanks=format_numbers(numbers, spent))


def _named_now(note: Note, before: Entry) -> tuple[dict[int, str], dict[int, str], tuple[Problem, ...]]:
    """Numbers in use and spent numbers with the names that their facts have now, and what only the author can tell."""
    numbers, spent = parse_numbers(before.blanks)
    asked, gone = ({_item(name) for name in names.values()} for names in (numbers, spent))
    silent = _silent(note) if any(item.former for item in note.items) else ()
    claims = claim(note.items, Known(asked, gone), silent)
    return _renamed(numbers, claims), _renamed(spent, claims), claims.problems


def _renamed(names: Mapping[int, str], claims: Claims) -> dict[int, str]:
    """The names behind numbers, by what their items are called now."""
    if not names:
        return {}
    now = {known: name for name, known in claims.known_as.items()}
    parts = {number: name.partition(".") for number, name in names.items()}
    return {number: "".join((now.get(item, item), *rest)) for number, (item, *rest) in parts.items()}


def _item(name: str) -> str:
    """The step or member that a blank belongs to."""
    return name.partition(".")[0]


def _unexplained(note: Note, vanished: Mapping[int, str]) -> dict[int, str]:
    """What vanished and is not merely asked no more, as an item that is held back."""
    silent = _silent(note)
    return {number: name for number, name in vanished.items() if _item(name) not in silent}


def _silent(note: Note) -> set[str]:
    """The items of a note that have no blank."""
    return {item.name for item in note.items} - {_item(hidden.id) for hidden in note.hidden}


def _guesses(note: Note, vanished: Mapping[int, str], appeared: list[Hidden]) -> tuple[Problem, ...]:
    """A blank that went and one that came may be one fact or two: only the author knows."""
    if not vanished:
        return ()
    gone = ", ".join(f"{name!r} (number {number})" for number, name in vanished.items())
    lost = {name: number for number, name in vanished.items()}
    return tuple(
        Problem(
            place_of(hidden.origin),
            "identity-lost",
            f"{hidden.id!r} appeared where {gone} vanished",
            _ways_out(note, hidden, lost[name := likeliest(hidden.id, list(lost))], name),
        )
        for hidden in appeared
    )


def _ways_out(note: Note, hidden: Hidden, number: int, name: str) -> str:
    last = "Another fact: build with --accept-removals"
    # The date of an item in an order goes with the item.
    if note.items and ("." not in hidden.id or note.kind == "order"):
        return f"The same fact: add 'id: {_item(name)}' (or 'formerly: [{_item(name)}]'). {last}"
    return f"The same fact: number the text's blanks yourself, as {{{{c{number}::...}}}}. {last}"


def _moved_parts(written: Mapping[int, str], old: Mapping[int, str]) -> Iterator[tuple[str, int, int]]:
    """Answers that hid together and went to a number that all others have left, with the number before and now.

    One that is divided from its fellows gets a number of its own, or joins others.
    """
    known = {part: number for number, name in old.items() for part in _parts(name)}
    for number, name in written.items():
        before = _parts(old.get(number, ""))
        if name == old.get(number) or not before or before & _parts(name):
            continue
        for part in sorted(_parts(name) & known.keys()):
            if part not in _parts(written.get(known[part], "")) and part not in old.values():
                yield part, known[part], number


def _parts(name: str) -> set[str]:
    """The answers that one number hides: `step.this+that` hides two."""
    item, dot, answers = name.rpartition(".")
    return {f"{item}{dot}{answer}" for answer in answers.split("+")} if name else set()


def _moved(note: Note, name: str, before: int, now: int, free: int) -> Problem:
    return Problem(
        place_of(note.origin),
        "number-moved",
        f"{name!r} is number {before} for students and {now} here",
        f"write it as {{{{c{before}::...}}}}, give new blanks numbers from {free} on",
    )


def _misplaced(
    note: Note, written: Mapping[int, str], old: Mapping[int, str], spent: Mapping[int, str]
) -> tuple[Problem, ...]:
    """Answers that students know under another number than the author's, and numbers that were used up."""
    known = {name: number for number, name in old.items()}
    moved = [
        _moved(note, name, known[name], number, _following(old, spent, written))
        for number, name in written.items()
        if name in known and known[name] != number and written.get(known[name]) != name
    ]
    if any("+" in name for name in known):
        moved += [_moved(note, *one, _following(old, spent, written)) for one in _moved_parts(written, old)]
    reused = [
        Problem(
            place_of(note.origin),
            "number-reused",
            f"number {number} belonged to {spent[number]!r}, which was removed",
            f"use {_following(old, spent, written)} instead",
        )
        for number, name in written.items()
        if number in spent and spent[number] != name
    ]
    return (*moved, *reused)
