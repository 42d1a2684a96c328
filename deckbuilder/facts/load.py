"""From the paths that a person names to decks of facts, with every problem of every file."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from deckbuilder import cache
from deckbuilder.facts.carried import Carried, carried_file, read_carried
from deckbuilder.facts.deck import Deck
from deckbuilder.facts.events import read_values
from deckbuilder.facts.kept import Kept
from deckbuilder.facts.losses import losses
from deckbuilder.facts.media import media_of
from deckbuilder.facts.models import Concept, FactsFile
from deckbuilder.facts.partial import what_is_right, without_dead_ends
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.facts.quick import quick
from deckbuilder.facts.references import check_references
from deckbuilder.facts.source import Source, read_source
from deckbuilder.facts.validate import validate
from deckbuilder.problems import Place, Problem, Progress, has_errors, unwatched

HEADING_FILE = "deck.yaml"
_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The decks that could be read, and all that was wrong on the way.

    `broken` are those with an error, as far as they can be understood: for telling more mistakes, never to be built.
    """

    decks: tuple[Deck, ...]
    broken: tuple[Deck, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What one file gives to a deck; `keys` are those that the author wrote in a file that is right as a `whole`."""

    file: Path
    facts: FactsFile
    whole: bool
    keys: frozenset[str] = frozenset()


def load(paths: Iterable[Path], progress: Progress = unwatched, instead: Mapping[Path, Source] | None = None) -> Loaded:
    """All decks at `paths`: files, folders of one deck, or folders of decks. A deck with an error is left out.

    `instead` tries a change: what would stand in a file, in the place of what stands there.
    """
    decks: list[Deck] = []
    broken: list[Deck] = []
    problems: list[Problem] = []
    chosen = _distinct(paths, problems)
    files_left = iter(range(1, sum(map(len, chosen)) + 1))
    for files in chosen:
        tell = partial(_tell, progress, files_left, sum(map(len, chosen)))
        deck, found = _load_deck(files, tell, instead or {})
        problems += found
        if deck is not None:
            if has_errors(found):
                broken.append(without_dead_ends(deck))
            else:
                decks.append(deck)
    twins = _same_ids(decks)
    problems += twins
    return Loaded(tuple(deck for deck in decks if not _named_in(deck, twins)), tuple(broken), tuple(problems))


def _tell(progress: Progress, files_left: Iterator[int], total: int) -> None:
    progress("reading", next(files_left), total)


def deck_ids_in(folder: Path) -> set[str]:
    """The ids of all decks whose heading stands in a file of `folder`."""
    ids = set()
    for file in _yaml_files(folder, deep=False):
        source, _ = read_source(file)
        value = read_values(source).value if source else None
        heading = value.get("deck") if isinstance(value, dict) else None
        if isinstance(heading, dict) and isinstance(heading.get("id"), str):
            ids.add(str(heading["id"]))
    return ids


def _distinct(paths: Iterable[Path], problems: list[Problem]) -> list[tuple[Path, ...]]:
    """The files of each deck, a deck once however often it is named."""
    found: dict[Path, tuple[Path, ...]] = {}
    for path in paths:
        decks = _decks_at(path, problems)
        if not decks:
            message = "no deck here: no YAML file with a 'deck:' heading"
            problems.append(Problem(Place(path), "no-deck", message, _remedy_without_deck(path)))
        for files in decks:
            found.setdefault(files[0].resolve(), files)
    return list(found.values())


def _remedy_without_deck(folder: Path) -> str:
    """Editors on Windows put an ending of their own behind that of a name, and do not show it."""
    hidden = next((file for file in sorted(folder.glob("*.txt")) if Path(file.stem).suffix.lower() in _ENDINGS), None)
    return f"rename {hidden.name} to {hidden.stem}" if hidden else "write one with 'deckbuilder new NAME'"


def _decks_at(path: Path, problems: list[Problem]) -> list[tuple[Path, ...]]:
    if path.is_dir():
        return _decks_in(path, problems)
    # A file of a deck's folder stands for the whole deck: its other files hold what it refers to.
    folder = next((folder for folder in path.parents if (folder / HEADING_FILE).is_file()), None)
    return [(path,)] if folder is None else _decks_in(folder, problems)


def _decks_in(folder: Path, problems: list[Problem]) -> list[tuple[Path, ...]]:
    heading = folder / HEADING_FILE
    if heading.is_file():
        return [(heading, *(file for file in _yaml_files(folder, deep=True) if file != heading))]
    decks: list[tuple[Path, ...]] = [(file,) for file in _yaml_files(folder, deep=False)]
    within = (path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    for inner in sorted(path for path in within if not _leads_back(path)):
        below = _decks_in(inner, problems)
        loose = [files for files in below if files[0].name != HEADING_FILE]
        if loose and not _has_heading(loose[0][0]):
            message = f"this folder has facts and no {HEADING_FILE}"
            fix = _misnamed(folder) or f"put the 'deck:' heading into {inner / HEADING_FILE}"
            problems.append(Problem(Place(inner), "no-heading", message, fix))
            below = [files for files in below if files not in loose]
        decks += below
    return decks


def _leads_back(folder: Path) -> bool:
    """Whether this is a link to a folder that it stands in."""
    return folder.is_symlink() and folder.parent.resolve().is_relative_to(folder.resolve())


def _yaml_files(folder: Path, *, deep: bool) -> list[Path]:
    candidates = folder.rglob("*") if deep else folder.iterdir()
    return sorted(
        path
        for path in candidates
        if path.suffix.lower() in _ENDINGS
        and path.is_file()
        and not any(p.startswith(".") for p in path.relative_to(folder).parts)
    )


def _has_heading(file: Path) -> bool:
    source, _ = read_source(file)
    return source is None or any(line.startswith("deck:") for line in source.text.splitlines())


def _load_deck(
    files: Sequence[Path], tell: Callable[[], None], instead: Mapping[Path, Source]
) -> tuple[Deck | None, list[Problem]]:
    problems: list[Problem] = []
    parts: list[_Part] = []
    heading = files[0]
    # Of one file there is nothing to keep: if it has not changed, neither has the deck. What is only tried does not
    # stand in the file, and is not remembered.
    kept = Kept(heading) if len(files) > 1 and not instead and cache.is_used() else None
    for file in files:
        part, found = _load_file(file, instead.get(file), kept)
        tell()
        problems += found
        if part is not None:
            parts.append(part)
    if kept is not None:
        kept.keep()
    for part in parts:
        problems += _check_role(part, is_heading=part.file == heading) if part.whole else []
    problems += _double_concepts(parts)
    head = next((part.facts for part in parts if part.file == heading), None)
    if head is None or head.deck is None:
        return None, problems
    deck = _gather(heading, head, parts)
    deck, found = _with_carried(deck)
    problems += found
    # With a file or a concept missing, it would seem unknown: tell what is sure, and no more.
    if len(parts) == len(files):
        wrong = {problem.place for problem in problems}
        problems += [problem for problem in check_references(deck) if problem.place not in wrong]
        media, found = media_of(deck)
        problems += found
        deck = replace(deck, media=media)
        if deck.heading.theme is not None:
            deck, found = _with_theme(deck)
            problems += found
    return deck, problems


def _with_carried(deck: Deck) -> tuple[Deck, list[Problem]]:
    """The deck with what it brought along when it was imported, under whatever id it then had."""
    names = (deck.heading.id, *deck.heading.formerly)
    files = [carried_file(deck.file.parent, name) for name in names]
    present = next((file for file in files if file.exists()), None)
    carried, problems = read_carried(present or files[0])
    if present is None and any(concept.notes for concept in deck.concepts.values()):
        problems = _renamed_unsaid(deck)
        carried = replace(carried, whole=not problems)
    return replace(deck, carried=replace(carried, decks={**dict(_renamed(deck, carried)), **carried.decks})), problems


def _renamed(deck: Deck, carried: Carried) -> Iterator[tuple[str, str]]:
    """Where Anki keeps the notes of concepts that have another id than at the import."""
    if not carried.decks:
        return
    for name, concept in deck.concepts.items():
        yield from ((name, carried.decks[before]) for before in concept.formerly if before in carried.decks)


def _renamed_unsaid(deck: Deck) -> list[Problem]:
    """What an imported deck brought along stands here under another id, which no deck has any more."""
    folder = deck.file.parent
    ending = carried_file(folder, "").name
    left = {file.name.removesuffix(ending): file for file in sorted(folder.glob(f"*{ending}"))}
    known = deck_ids_in(folder) if left else set()
    return [
        Problem(
            place_of(Origin(deck.file, ("deck", "id"))),
            "carried-missing",
            f"the deck {deck.heading.id!r} has notes of an imported deck, and {file} belongs to no deck any more",
            f"add 'formerly: [{name}]' to the deck's heading if it is the same deck",
        )
        for name, file in left.items()
        if name not in known
    ]


def _with_theme(deck: Deck) -> tuple[Deck, list[Problem]]:
    # Few decks have a theme, and the reader of CSS takes its time to load.
    from deckbuilder.facts.theme import with_theme  # noqa: PLC0415

    return with_theme(deck)


def _load_file(file: Path, tried: Source | None, kept: Kept | None) -> tuple[_Part | None, list[Problem]]:
    source, problems = (tried, []) if tried else read_source(file)
    if source is None:
        return None, problems
    reading = read_values(source) if kept is None else kept.read(source)
    problems = list(reading.problems)
    plain = quick(reading.value) if reading.whole else None
    if not reading.whole or (reading.value is not None and plain is None):
        # Only mistakes pay for it.
        from deckbuilder.facts.recover import as_written, readable  # noqa: PLC0415

        near, problems = readable(source)
        reading = read_values(near)
        problems += [as_written(problem, source) for problem in reading.problems]
        if not reading.whole:
            return None, list(dict.fromkeys(problems))
    if reading.value is None:
        return None, [Problem(Place(file), "empty-file", "the file is empty", "write a deck into it, or delete it")]
    facts, found = (plain, []) if plain is not None else validate(reading.value, source)
    problems = list(dict.fromkeys([*problems, *found]))
    if facts is not None and isinstance(reading.value, dict):
        told = problems or losses(source)
        return _Part(file, facts, whole=not problems, keys=frozenset(reading.value)), told
    facts = what_is_right(reading.value)
    return (None if facts is None else _Part(file, facts, whole=False)), problems


def _misnamed(folder: Path) -> str:
    """What to do about the heading of a folder in a file that is a deck for itself."""
    beside = (folder / HEADING_FILE).with_suffix(".yml")
    return (
        f"rename {beside} to {HEADING_FILE}: it is the heading of a folder by that name alone"
        if beside.is_file()
        else ""
    )


def _check_role(part: _Part, *, is_heading: bool) -> list[Problem]:
    """A heading stands in one file of a deck; the others hold concepts alone."""
    facts, origin = part.facts, Origin(part.file)
    if is_heading:
        found = []
        if facts.deck is None:
            found.append(
                Problem(
                    Place(part.file),
                    "no-heading",
                    "the 'deck:' heading is missing",
                    _misnamed(part.file.parent) or "add 'deck:' with an id and a name",
                )
            )
        if facts.format is None:
            found.append(Problem(Place(part.file), "schema", "'format' is missing", "begin the file with 'format: 1'"))
        return found
    return [
        Problem(
            place_of(origin.at(name), key=True),
            "misplaced",
            f"{name!r} belongs into the deck's {HEADING_FILE}",
            "move it there; this file holds 'concepts:' only",
        )
        for name in sorted(part.keys - {"concepts", "format"})
    ]


def _double_concepts(parts: Sequence[_Part]) -> list[Problem]:
    homes: dict[str, Path] = {}
    problems = []
    for part in parts:
        for concept_id in part.facts.concepts:
            first = homes.setdefault(concept_id, part.file)
            if first != part.file:
                here = place_of(Origin(part.file, ("concepts", concept_id)), key=True)
                there = place_of(Origin(first, ("concepts", concept_id)), key=True)
                message = f"the concept {concept_id!r} stands also in {there.file}:{there.line}"
                problems.append(Problem(here, "duplicate-concept", message, "give one of the two another id"))
    return problems


def _gather(heading: Path, head: FactsFile, parts: Sequence[_Part]) -> Deck:
    assert head.deck is not None  # noqa: S101 - the caller checked, for mypy
    concepts: dict[str, Concept] = {}
    homes: dict[str, Path] = {}
    for part in parts:
        for concept_id, concept in part.facts.concepts.items():
            concepts.setdefault(concept_id, concept)
            homes.setdefault(concept_id, part.file)
    return Deck(
        file=heading,
        heading=head.deck,
        sources=head.sources,
        default_source=head.default_source,
        axes=head.axes,
        list_titles=head.lists,
        classifications=head.classifications,
        relations=head.relations,
        concepts=concepts,
        homes=homes,
        retired=head.retired,
        outputs=head.outputs,
    )


def _same_ids(decks: Sequence[Deck]) -> list[Problem]:
    first: dict[str, Deck] = {}
    problems = []
    for deck in decks:
        other = first.setdefault(deck.heading.id, deck)
        if other is not deck:
            for one, two in ((other, deck), (deck, other)):
                place = place_of(Origin(one.file, ("deck", "id")))
                message = f"the deck id {deck.heading.id!r} is also used by {two.file}"
                problems.append(Problem(place, "duplicate-deck", message, "give each deck an id of its own"))
    return problems


def _named_in(deck: Deck, problems: Sequence[Problem]) -> bool:
    return any(problem.place.file == deck.file for problem in problems)
