"""Which of these? One item of a class among items of the classes that it is confused with.

The wrong ones and the places of all are drawn by hashes of their keys: the same for the same facts, and an item that
is added takes the place of one wrong answer at most, without moving the others.
"""

import hashlib
from collections.abc import Iterator, Sequence

from deckbuilder.facts.deck import list_path, lists_of
from deckbuilder.facts.models import Classification, Member
from deckbuilder.kinds.around import Around, Leaf, leaves
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.classification import features_of, with_features
from deckbuilder.kinds.identity import concept_names, item_id, item_names, note_keys
from deckbuilder.kinds.lists import PATH_SIGN, list_title
from deckbuilder.markup import escape, render_inline, visible_text
from deckbuilder.notes import Note
from deckbuilder.notetypes import QUESTION

_WRONG = 3
# With one wrong answer, half of all guesses are right.
_FEWEST_WRONG = 2
# An item of another class, and that class.
_Other = tuple[Leaf, str]


def make(bench: Bench, concept_id: str) -> Iterator[Note]:
    for name, classification in bench.classified.get(concept_id, ()):
        for list_name in classification.items:
            members = lists_of(bench.deck.concepts[concept_id]).get(list_name, ())
            if not _any_wanted(members, outer=_by_default(bench, classification)):
                continue
            mine = list(_leaves(bench, concept_id, list_name))
            own = {_shown(leaf) for leaf in mine}
            others: dict[str, _Other] = {}
            for other in classification.among:
                for leaf in _leaves(bench, other, list_name) if other != concept_id else ():
                    # What stands in the class too is no wrong answer, held back or not.
                    if _is_sure(leaf) and _shown(leaf) not in own:
                        others.setdefault(_shown(leaf), (leaf, other))
            for leaf in mine:
                if _wanted(bench, classification, leaf) and len(others) >= _FEWEST_WRONG:
                    yield _note(bench, concept_id, (name, classification), list_name, leaf, list(others.values()))


def _leaves(bench: Bench, concept_id: str, list_name: str) -> Iterator[Leaf]:
    members = lists_of(bench.deck.concepts[concept_id]).get(list_name, ())
    origin = bench.origin(concept_id, *list_path(list_name))
    return leaves(members, bench.around(concept_id), origin)


def _is_sure(leaf: Leaf) -> bool:
    return leaf.around.status == "ok" and leaf.around.classify


def _by_default(bench: Bench, classification: Classification) -> bool:
    return bench.deck.heading.choices if classification.choices is None else classification.choices


def _any_wanted(members: Sequence[Member], *, outer: bool) -> bool:
    """Whether one of them is asked so. In most lists none is."""
    said = ((member.of, outer if member.choice is None else member.choice) for member in members)
    return any(_any_wanted(inner, outer=one) if inner else one for inner, one in said)


def _wanted(bench: Bench, classification: Classification, leaf: Leaf) -> bool:
    """Whether an item is asked so: what stands nearest to it decides."""
    said = [leaf.member.choice, *(group.choice for group in reversed(leaf.groups))]
    return next((one for one in said if one is not None), _by_default(bench, classification))


def _shown(leaf: Leaf) -> str:
    return visible_text(render_inline(leaf.member.text).html).casefold()


def _note(  # noqa: PLR0913 - all that a card of this kind is made of
    bench: Bench,
    concept_id: str,
    question: tuple[str, Classification],
    list_name: str,
    leaf: Leaf,
    others: list[_Other],
) -> Note:
    name, classification = question
    items = tuple(f"{name}.{item}" for item in item_names(leaf.member, leaf.member.text))
    keys = note_keys(bench.deck, concept_names(bench.deck, concept_id), "choice", items)
    # Drawn by the item's own name, so that a renamed concept or deck keeps its draw.
    seed = f"{name}.{item_id(leaf.member, leaf.member.text)}"
    wrong = sorted(others, key=lambda other: _draw(seed, "wrong", *other))[:_WRONG]
    options = sorted([(leaf, concept_id), *wrong], key=lambda option: _draw(seed, "place", *option))
    asides = bench.asides(leaf.member, leaf.origin)
    # A hint that leads to the item in its list would point to it here.
    asides["Hint"] = ""
    asides["Reason"] = with_features(asides["Reason"], features_of(bench, concept_id, classification)) + _explained(
        bench, [option for option in options if option in wrong]
    )
    shown = "".join(f"<li>{_html(bench, option)}</li>" for option, _ in options)
    return bench.note(
        "choice",
        QUESTION,
        keys,
        leaf.origin,
        Around(
            (*leaf.around.sources, *(source for other, _ in wrong for source in other.around.sources)),
            leaf.around.tags,
            leaf.around.status,
        ),
        classification.among,
        {
            "Context": escape(bench.words.which_of_these),
            "Front": f"<strong>{bench.term(concept_id)}</strong>{PATH_SIGN}{list_title(bench, list_name)}"
            f'<div class="options"><ul>{shown}</ul></div>',
            "Back": _html(bench, leaf),
            **asides,
        },
        tags=[bench.concept_tag(concept_id)],
        asked=_is_sure(leaf),
    )


def _html(bench: Bench, leaf: Leaf) -> str:
    return bench.inline(leaf.member.text, leaf.origin, leaf.member.lang)


def _explained(bench: Bench, wrong: list[_Other]) -> str:
    """What each wrong answer belongs to, and why."""
    rows = []
    for leaf, other in wrong:
        why = f": {bench.inline(leaf.member.why, leaf.origin.at('why'))}" if leaf.member.why else ""
        rows.append(f"<dt>{_html(bench, leaf)}</dt><dd>{bench.term(other)}{why}</dd>")
    return f"<dl>{''.join(rows)}</dl>"


def _draw(seed: str, what: str, leaf: Leaf, concept_id: str) -> bytes:
    del concept_id
    name = item_id(leaf.member, leaf.member.text)
    return hashlib.sha256(f"{seed}\n{what}\n{name}".encode()).digest()
