"""Concepts that are easily confused, side by side: what each is like on the axes that tell them apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deckbuilder.facts.deck import clusters
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.around import around_concept
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.order import concept_order
from deckbuilder.preview.handout.notes import Fact, fact

# More columns than this become too narrow to read on a sheet of paper.
_WIDEST = 4


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` and the first of each row are headings as HTML; where nothing is said the cell is None."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Fact | None, ...]], ...]


def contrast_tables(bench: Bench) -> Iterator[Table]:
    """A table or more for each group of confusable concepts of which at least two are told apart by an axis."""
    position = {concept_id: n for n, concept_id in enumerate(concept_order(bench.deck))}
    for group in _confusable(bench):
        cells = {axis: _cells(bench, axis, group) for axis in bench.deck.axes}
        axes = [axis for axis, found in cells.items() if len(found) > 1]
        shown = sorted({concept_id for axis in axes for concept_id in cells[axis]}, key=position.__getitem__)
        if len(shown) > _WIDEST >= len(axes):
            heads = tuple(_axis(bench, axis) for axis in axes)
            yield Table(heads, tuple((bench.term(c), tuple(cells[axis].get(c) for axis in axes)) for c in shown))
            continue
        for start in range(0, len(shown), _WIDEST):
            yield _beside(bench, shown[start : start + _WIDEST], axes, cells)


def _beside(bench: Bench, concepts: Sequence[str], axes: Sequence[str], cells: dict[str, dict[str, Fact]]) -> Table:
    rows = ((_axis(bench, axis), tuple(cells[axis].get(concept_id) for concept_id in concepts)) for axis in axes)
    return Table(tuple(map(bench.term, concepts)), tuple(row for row in rows if any(row[1])))


def _confusable(bench: Bench) -> list[list[str]]:
    """Concepts that are contrasted or that a classification tells apart; what a wider group holds comes once."""
    asked = [list(classification.among) for classification in bench.deck.classifications.values()]
    groups = [group for group in (*clusters(bench.deck), *asked) if len(group) > 1]
    sets = [frozenset(group) for group in groups]
    return [
        group
        for n, group in enumerate(groups)
        if not any(sets[n] < other or (sets[n] == other and m < n) for m, other in enumerate(sets))
    ]


def _cells(bench: Bench, axis: str, group: Sequence[str]) -> dict[str, Fact]:
    found = {}
    for concept_id in group:
        feature = bench.deck.concepts[concept_id].features.get(axis)
        around, origin = around_concept(bench.deck, concept_id), bench.deck.origin(concept_id, "features", axis)
        if feature is not None and around.within(feature).status != "hold":
            found[concept_id] = fact(bench, feature, bench.inline(feature.text, origin, feature.lang), around, origin)
    return found


def _axis(bench: Bench, axis: str) -> str:
    return bench.inline(bench.deck.axes[axis].name, Origin(bench.deck.file, ("axes", axis)))
