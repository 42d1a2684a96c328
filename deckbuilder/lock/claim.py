"""Which fact of a release is which one that students have: by its own name, or by one that it had before.

Names can change hands: a fact is renamed, and later another one takes the old name. So what an author says with
`formerly` comes first, and where two readings are left nothing is guessed.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from deckbuilder.facts.places import place_of
from deckbuilder.notes import Named, Note
from deckbuilder.problems import Problem


@dataclass(frozen=True, slots=True)
class Claims:
    """For each present name the known one that it continues, and what only the author can decide."""

    known_as: Mapping[str, str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The names that students' facts have: of those that are asked now, and of those that once were."""

    living: Collection[str] = ()
    gone: Collection[str] = ()

    def __contains__(self, name: object) -> bool:
        return name in self.living or name in self.gone


def claim(present: Sequence[Named], known: Known, silent: Collection[str] = ()) -> Claims:
    """Match present names to `known` ones. A name that is in neither role stays unmatched: it is new, or gone.

    Names in `silent` are of facts that are not asked: a lock knows of them only what they claim.
    What is accepted must be read the same way when it is built again, with all its names known.
    """
    if not any(one.former for one in present):
        return never_renamed((one.name for one in present), known)
    names = {one.name for one in present}
    claims: dict[str, str] = {}
    heirs: dict[str, Named] = {}
    problems = list(_handed_on(present, names, silent))

    @cache
    def living_concepts() -> set[str]:
        return set(map(_concept, known.living))

    for one in present:
        before = [name for name in dict.fromkeys(one.former) if name in known]
        free = [name for name in before if name not in names]
        if one.name in known:
            # Renamed to the name of another fact? Or renamed long ago, and a later fact bore the old name?
            unclear = free if one.name in known.living or one.name in silent else before
            problems += [_either(one, one.name, name) for name in unclear]
            continue
        # A name that another fact bears now is meant only if there is no other.
        for name in (free or before)[:1]:
            if not free and _concept(name) != _concept(one.name):
                # The concept was renamed and another has its name now, or this one was divided from it: both are said$
                # in the same words. One that students know already was not renamed, and what is borne stays.
                problems += [] if _concept(one.name) in living_concepts() else [_renamed_or_divided(one, name)]
                continue
            problems += [_either(one, name, other) for other in before if other != name]
            heir = heirs.setdefault(name, one)
            problems += [_both(one, heir, name)] if heir is not one else []
            claims[one.name] = name
    claims |= {name: name for name in names if name in known and name not in heirs}
    return Claims(claims, tuple(dict.fromkeys(problems)))


def never_renamed(names: Iterable[str], known: Container[str]) -> Claims:
    """By far most facts were never renamed: each is what its name says."""
    return Claims({name: name for name in names if name in known}, ())


def moved_and_replaced(notes: Callable[[], Iterable[Note]]) -> Iterator[Problem]:
    """Items whose names were those of items that stand in another list of their concept now.

    An item that moves cannot take its history along, so what bears its old name must not come into it either.
    """
    renamed = [(note, item) for note in notes() if note.kind == "list" for item in note.items if item.former]
    asked_for = {(note.concepts[0], name) for note, item in renamed for name in item.former}
    homes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for note in notes() if renamed else ():
        for item in note.items if note.kind == "list" else ():
            if (note.concepts[0], item.name) in asked_for:
                homes[note.concepts[0], item.name].add(note.key)
    for note, item in renamed:
        for name in item.former:
            if name != item.name and homes[note.concepts[0], name] - {note.key}:
                yield _either(item, item.name, name)


def _handed_on(present: Sequence[Named], names: Collection[str], silent: Collection[str]) -> Iterator[Problem]:
    """Names that are handed on in a chain or a circle, or taken from a fact that no lock can tell of."""
    handed_on = {name for one in present for name in one.former if name != one.name}
    asked = {name for name in names if name not in silent}
    for one in present:
        taken = names if one.name in handed_on else asked if one.name in silent else ()
        yield from (_either(one, one.name, name) for name in one.former if name in taken and name != one.name)


def _either(one: Named, name: str, other: str) -> Problem:
    return Problem(
        place_of(one.origin),
        "identity-unclear",
        f"students have {name!r} and {other!r} as two facts, and this could be either",
        "remove the 'formerly' if the renaming is past; if it is new, choose an id that was never used",
    )


def _concept(name: str) -> str:
    """The concept whose note has this key; nothing for an item, which is named within its note."""
    parts = name.split("/")
    return parts[1] if len(parts) > 1 else ""


def _renamed_or_divided(one: Named, name: str) -> Problem:
    old, new = _concept(name), _concept(one.name)
    return Problem(
        place_of(one.origin),
        "identity-unclear",
        f"{new!r} says that it was {old!r}, and {old!r} is still there with a fact of this name",
        f"if {old!r} goes on, build once without this fact, and add it then; "
        f"if all of it is {new!r} now, give the other concept an id that was never used",
    )


def _both(one: Named, heir: Named, name: str) -> Problem:
    there = place_of(heir.origin)
    return Problem(
        place_of(one.origin),
        "identity-unclear",
        f"both this and the fact at {there.file}:{there.line} say that they were {name!r}",
        "students know one fact under that name: keep 'formerly' there, and remove it here",
    )
