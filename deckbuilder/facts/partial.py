"""The facts of a file that are right, so that one run tells all mistakes of it and not only the first kind.

Nothing is built from it: where a mistake stands, a stand-in that makes no card takes the place of what was written,
so that everything else keeps its path and with it its line.
"""

import copy
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from deckbuilder.facts.deck import Deck, Media
from deckbuilder.facts.events import YamlPath
from deckbuilder.facts.models import Axis, FactsFile, ListTitle, Relation, SourceEntry
from deckbuilder.facts.plain import Value
from deckbuilder.facts.references import facts_of, files_of

# Each round drops what the schema refuses then; what needs more is not understood.
_MOST_ROUNDS = 10
# What other facts name, and the text that it needs: where it is wrong, its name is known all the same.
_NAMED = {"concepts": "term", "sources": "title", "axes": "name", "lists": "title", "relations": "ask"}
# Lists whose entries are facts: one that is broken leaves the others where they are.
_FACTS = {
    *("statements", "exceptions", "questions", "notes", "orders", "masks"),
    *("mechanism", "causes", "examples", "of"),
}


def what_is_right(value: Value) -> FactsFile | None:
    """The facts of a file without those that the schema refuses; None if too little is left."""
    # Not above: only a broken deck asks for them.
    from pydantic import ValidationError  # noqa: PLC0415

    from deckbuilder.facts.judge import judged  # noqa: PLC0415

    value = _without_empty(copy.deepcopy(value), ())
    filled = set[YamlPath]()
    for _ in range(_MOST_ROUNDS):
        try:
            return judged(value)
        except ValidationError as error:
            gone: list[YamlPath] = []
            for details in error.errors(include_url=False, include_context=False):
                path = _up_to_mask(tuple(step for step in details["loc"] if step != "[key]"))
                if any(path[: len(other)] == other for other in gone):
                    # It went with what stood around it, which is not to go for it once more.
                    continue
                if details["type"] == "missing" and "masks" not in path and path not in filled:
                    filled.add(path)
                    gone.append(_fill(value, path))
                else:
                    # Where nothing can stand in, since no text is wanted, it goes as a whole.
                    gone.append(_drop(value, path[:-1] if path in filled else path))
    return None


def _up_to_mask(path: YamlPath) -> YamlPath:
    """A mask without its form would be a mistake of its own, so it goes as a whole."""
    return path[: path.index("masks") + 2] if "masks" in path else path


def _without_empty(value: Any, path: YamlPath) -> Any:
    if isinstance(value, dict):
        return {key: _without_empty(inner, (*path, key)) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        kept = [_without_empty(inner, (*path, index)) for index, inner in enumerate(value)]
        return [_stand_in((*path, index)) if inner is None else inner for index, inner in enumerate(kept)]
    return value


def _fill(value: Any, path: YamlPath) -> YamlPath:
    """Put a stand-in for what is missing at `path`: an entry as a whole, or one text, such as a concept's term.

    Gives the path of what is another now.
    """
    around = value_at(value, path[:-1])
    owner = path[-2] if len(path) > 1 else None
    # A file would be looked for on the disk.
    if isinstance(around, dict) and isinstance(owner, str) and path[-1] != "file":
        around[str(path[-1])] = owner
        return path
    return _drop(value, path[:-1])


def _drop(value: Any, path: YamlPath) -> YamlPath:
    """Take away what stands at `path`, or the nearest thing around it that the author wrote; gives the path of that."""
    while path and value_at(value, path) is None:
        path = path[:-1]
    if not path:
        return path
    around, last = value_at(value, path[:-1]), path[-1]
    if isinstance(around, dict):
        written = around.pop(str(last))
        around |= _known_by_name(path, written)
    elif isinstance(around, list) and isinstance(last, int):
        if _is_list_of_facts(path):
            around[last] = _stand_in(path)
        else:
            return _drop(value, path[:-1])
    return path


def _known_by_name(path: YamlPath, written: Any) -> dict[str, Any]:
    """What keeps the names known that an author declared in a wrong way, by the last key of `path`."""
    if path[0] not in _NAMED:
        return {}
    needed = _NAMED[str(path[0])]
    if len(path) == 2:  # noqa: PLR2004 - a table and a name in it
        return {} if isinstance(written, dict) else {str(path[1]): {needed: path[1]}}
    if len(path) == 1 and isinstance(written, list):
        names = {name: {needed: name} for name in written if isinstance(name, str)}
        return {str(path[0]): names} if names else {}
    return {}


def value_at(value: Any, path: Sequence[str | int]) -> Any:
    """What stands at a path in a file's value, or None: a short form has no place for all that the schema knows."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _is_list_of_facts(path: YamlPath) -> bool:
    """Whether `path` is of an entry that becomes a fact; an entry of a list of names does not."""
    keys = [step for step in path if isinstance(step, str)]
    return bool(keys) and (keys[-1] in _FACTS or keys[-2:] == ["orders", "items"] or keys[-2:-1] == ["lists"])


def _stand_in(path: YamlPath) -> dict[str, Any]:
    """A fact that is held back, with an id of its own."""
    name = "stand-in-" + "-".join(str(step) for step in path if isinstance(step, int))
    (owner,) = path[-2:-1] or ("",)
    if owner == "notes":
        return {"id": name, "status": "hold", "type": name, "fields": {}}
    if "questions" in path:
        return {"id": name, "status": "hold", "ask": name, "answer": name}
    if owner == "orders":
        return {"id": name, "status": "hold", "title": name, "items": [f"{name}-1", f"{name}-2"]}
    if owner == "masks":
        return {"id": name, "status": "hold", "answer": name}
    return {"id": name, "status": "hold", "text": f"[[{name}]]" if owner == "statements" else name}


def without_dead_ends(deck: Deck) -> Deck:
    """A broken deck in which every name leads somewhere, so that its cards can be judged; its order does not count."""
    known = deck.concepts.keys()
    concepts = {
        concept_id: replace(concept, contrasts=_only(concept.contrasts, known - {concept_id}), requires=(), is_a=())
        for concept_id, concept in deck.concepts.items()
    }
    classifications = {
        name: replace(classification, among=among, because=_only(classification.because, deck.axes.keys()))
        for name, classification in deck.classifications.items()
        if len(among := _only(dict.fromkeys(classification.among), known)) > 1
    }
    facts = [fact for concept_id in known for _, fact in facts_of(deck, concept_id)]
    cited = {name for fact in facts for name in fact.source} | {deck.default_source or ""}
    cited |= {name for concept in deck.concepts.values() for name in concept.source}
    axes = {axis for concept in deck.concepts.values() for axis in concept.features}
    lists = {name for concept in deck.concepts.values() for name in concept.lists}
    related = {name for concept in deck.concepts.values() for name in concept.pairs}
    shown = {file.file for _, file in files_of(deck)}
    return replace(
        deck,
        concepts=concepts,
        classifications=classifications,
        relations={**{name: Relation(ask=name) for name in related}, **deck.relations},
        sources={**{name: SourceEntry(title=name) for name in cited if name}, **deck.sources},
        axes={**{axis: Axis(name=axis) for axis in sorted(axes)}, **deck.axes},
        list_titles={**{name: ListTitle(title=name) for name in lists}, **deck.list_titles},
        media={**{name: Media("missing", deck.file.parent / name, b"") for name in shown}, **deck.media},
    )


def _only(names: Iterable[str], known: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in known)
