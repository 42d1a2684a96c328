"""What a fact takes from the concept and the groups around it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.models import Annotations, Member, Status
from deckbuilder.facts.places import Origin
from deckbuilder.facts.references import is_group, parts_of, roots_of

_STRICTER: dict[Status, int] = {"ok": 0, "disputed": 1, "hold": 2}


def stricter(one: Status, other: Status) -> Status:
    return one if _STRICTER[one] >= _STRICTER[other] else other


@dataclass(frozen=True, slots=True)
class Around:
    """Sources, tags and status in force at some place among the facts."""

    sources: tuple[str, ...]
    tags: tuple[str, ...] = ()
    status: Status = "ok"
    classify: bool = True

    def within(self, fact: Annotations) -> "Around":
        """The same inside `fact`: its own sources replace, its tags add, the stricter status holds."""
        classify = self.classify and (fact.classify if isinstance(fact, Member) else True)
        if not fact.source and not fact.tags and fact.status == "ok" and classify == self.classify:
            return self
        return Around(
            sources=fact.source or self.sources,
            tags=(*self.tags, *fact.tags),
            status=stricter(self.status, fact.status),
            classify=classify,
        )


class Leaf(NamedTuple):
    """An entry of a list that is no group, with the groups that it stands in."""

    member: Member
    groups: tuple[Member, ...]
    around: Around
    origin: Origin


def around_concept(deck: Deck, concept_id: str) -> Around:
    concept = deck.concepts[concept_id]
    default = (deck.default_source,) if deck.default_source else ()
    return Around(sources=concept.source or default, tags=concept.tags)


def leaves(
    members: Sequence[Member], around: Around, origin: Origin, groups: tuple[Member, ...] = ()
) -> Iterator[Leaf]:
    for index, member in enumerate(members):
        here, inner = origin.at(index), around.within(member)
        if member.of:
            yield from leaves(member.of, inner, here.at("of"), (*groups, member))
        else:
            yield Leaf(member, groups, inner, here)


def renamed_groups(
    members: Sequence[Member], around: Around, origin: Origin, groups: tuple[Member, ...] = ()
) -> Iterator[Leaf]:
    """Groups that had other names: one that was no group then is asked no more, and its old names are not free."""
    for index, member in enumerate(members):
        if member.of:
            here, inner = origin.at(index), around.within(member)
            if member.formerly:
                yield Leaf(member, groups, inner, here)
            yield from renamed_groups(member.of, inner, here.at("of"), (*groups, member))


def count_status(deck: Deck) -> Counter[Status]:
    """How many facts of a deck have each status, by themselves or through the group they stand in."""
    counts: Counter[Status] = Counter()
    for concept in deck.concepts.values():
        for fact in roots_of(concept):
            _count(fact, "ok", counts)
    return counts


def _count(fact: Annotations, outer: Status, counts: Counter[Status]) -> None:
    status = stricter(outer, fact.status)
    if not is_group(fact):
        counts[status] += 1
    for part in parts_of(fact):
        _count(part, status, counts)
