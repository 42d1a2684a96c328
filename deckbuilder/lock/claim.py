"""Which note of a release is which note of students: by its own name, or by one that it had before.

Names can change hands: a fact is renamed, and later another one takes the old name. So what an author says with
`formerly` comes first, and where two readings are left nothing is guessed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from deckbuilder.facts.references import find_cycles

UNCLEAR_FIX = "remove the 'formerly' if the renaming is past; if it is new, choose an id that was never used"


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name now and names before."""

    name: str
    former: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claims:
    """For each present name the known one it continues; and the pairs of which either could be meant."""

    known_as: Mapping[str, str]
    unclear: tuple[tuple[str, str], ...]


def claim(present: Sequence[Named], known: Collection[str]) -> Claims:
    """Match present names to `known` ones. A name that is in neither role stays unmatched: it is new, or gone."""
    names = {one.name for one in present}
    claims: dict[str, str] = {}
    taken: set[str] = set()
    unclear: list[tuple[str, str]] = []
    for one in present:
        before = [name for name in dict.fromkeys(one.former) if name in known and name not in taken]
        free = [name for name in before if name not in names]
        if one.name in known:
            # Renamed to the name of another fact? Or renamed long ago, and a later fact bore the old name?
            unclear += [(one.name, name) for name in free]
            continue
        # A name that another fact bears now is meant only if there is no other.
        candidates = free or before
        unclear += [(name, candidates[0]) for name in candidates[1:]]
        if candidates:
            claims[one.name] = candidates[0]
            taken.add(candidates[0])
    # Two facts that name each other as their past have changed names, or did so long ago.
    links = {one.name: [name for name in one.former if name in names and name in known] for one in present}
    unclear += [(cycle[0], cycle[1]) for cycle in find_cycles(links) if len(cycle) > 1]
    claims |= {name: name for name in names if name in known and name not in taken}
    return Claims(claims, tuple(unclear))
