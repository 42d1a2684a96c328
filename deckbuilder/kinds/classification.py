"""An item, and the question to which of several confusable concepts it belongs."""

from collections.abc import Iterator
from typing import NamedTuple

from deckbuilder.facts.deck import list_path, lists_of
from deckbuilder.facts.models import Classification
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.around import Leaf, leaves, renamed_groups
from deckbuilder.kinds.bench import Bench
from deckbuilder.kinds.identity import concept_names, item_names, note_keys
from deckbuilder.kinds.lists import PATH_SIGN, list_title
from deckbuilder.notes import Note
from deckbuilder.notetypes import CLASSIFICATION


class _Asked(NamedTuple):
    """A question about one class, with what all its notes share: their keys begin with `name`."""

    concept_id: str
    name: str
    about: Classification
    fields: dict[str, str]
    features: str


def make(bench: Bench, concept_id: str) -> Iterator[Note]:
    concept = bench.deck.concepts[concept_id]
    for name, classification in bench.classified.get(concept_id, ()):
        keys: set[str] = set()
        silent: list[Note] = []
        asked: _Asked | None = None
        for list_name, members in lists_of(concept).items():
            if not members or list_name not in classification.items:
                continue
            asked = asked or _asked(bench, concept_id, name, classification)
            origin, around = bench.origin(concept_id, *list_path(list_name)), bench.around(concept_id)
            for leaf in leaves(members, around, origin):
                note = _note(bench, asked, list_name, leaf)
                keys.add(note.key)
                yield note
            silent += (
                _note(bench, asked, list_name, group)._replace(asked=False)
                for group in renamed_groups(members, around, origin)
            )
        yield from (note for note in silent if note.key not in keys)


def _asked(bench: Bench, concept_id: str, name: str, classification: Classification) -> _Asked:
    options = "".join(f"<li>{bench.term(other)}</li>" for other in classification.among)
    fields = {
        "Ask": bench.inline(classification.ask, Origin(bench.deck.file, ("classifications", name, "ask"))),
        "Options": f"<ul>{options}</ul>",
        "Class": bench.term(concept_id),
    }
    return _Asked(concept_id, name, classification, fields, features_of(bench, concept_id, classification))


def _note(bench: Bench, asked: _Asked, list_name: str, leaf: Leaf) -> Note:
    member = leaf.member
    items = tuple([f"{asked.name}.{item}" for item in item_names(member, member.text)])
    asides = bench.asides(member, leaf.origin)
    asides["Reason"] = with_features(asides["Reason"], asked.features)
    # A member's hint helps where its list is asked; here it could point to the class.
    asides["Hint"] = ""
    path = [list_title(bench, list_name), *(bench.inline(group.text, leaf.origin, group.lang) for group in leaf.groups)]
    # Nothing that a student sees before answering may name the class: no tag of the concept, no path in front.
    return bench.note(
        "classification",
        CLASSIFICATION,
        note_keys(bench.deck, concept_names(bench.deck, asked.concept_id), "classification", items),
        leaf.origin,
        leaf.around,
        asked.about.among,
        {
            "Item": bench.inline(member.text, leaf.origin, member.lang),
            "Path": PATH_SIGN.join(path),
            **asked.fields,
            **asides,
        },
        asked=leaf.around.status == "ok" and leaf.around.classify,
    )


def with_features(why: str, features: str) -> str:
    """Why this item: the item's own reason, then what its class is like."""
    return f"<p>{why}</p>{features}" if why else features


def features_of(bench: Bench, concept_id: str, classification: Classification) -> str:
    """What a class is like on the axes that decide."""
    features = bench.deck.concepts[concept_id].features
    rows = [
        f"<dt>{bench.inline(bench.deck.axes[axis].name, Origin(bench.deck.file, ('axes', axis)))}</dt>"
        f"<dd>{bench.inline(feature.text, bench.origin(concept_id, 'features', axis), feature.lang)}</dd>"
        for axis in classification.because
        for feature in (features.get(axis),)
        if feature is not None and feature.status == "ok"
    ]
    return f"<dl>{''.join(rows)}</dl>" if rows else ""
