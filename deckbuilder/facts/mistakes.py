"""All that the schema finds in a file, told in the author's words."""

import copy
from collections.abc import Container, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from deckbuilder.facts import models
from deckbuilder.facts.events import YamlPath
from deckbuilder.facts.judge import judged
from deckbuilder.facts.keys import Strict, keys_of
from deckbuilder.facts.models import FactsFile
from deckbuilder.facts.partial import value_at
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.facts.plain import Value
from deckbuilder.facts.source import Source
from deckbuilder.facts.syntax import in_quotes
from deckbuilder.problems import Place, Problem, did_you_mean

# How alike a mistyped key and the right one are: 'anwser' and 'answer', 'trem' and 'term'.
_SLIP = 0.75
# So deep may mistyped keys stand in one another; what stands deeper is told once they are right.
_MOST_SLIPS = 5
_SHAPES = {
    "tuple_type": "a list is expected here",
    "dict_type": "a mapping (key: value) is expected here",
    "model_type": "a mapping (key: value) is expected here",
    "model_attributes_type": "a mapping (key: value) is expected here",
    "string_type": "a text is expected here",
    "bool_parsing": "true or false is expected here",
    "bool_type": "true or false is expected here",
    "float_parsing": "a number is expected here",
    "float_type": "a number is expected here",
    "finite_number": "a number is expected here",
}
_FIXES = {
    "tuple_type": "begin each entry with '- ', or write [one, two]",
    **dict.fromkeys(("bool_parsing", "bool_type"), "write true or false"),
    **dict.fromkeys(("float_parsing", "float_type", "finite_number"), "write it in digits, as 12 or 0.5"),
}
# Keys of facts that an author may have put where they mean nothing.
_ELSEWHERE = keys_of(models.Member).keys() | keys_of(models.Question).keys()
_IN_A_HEADING = keys_of(models.Heading).keys() - keys_of(FactsFile).keys()
_OF_A_FILE = keys_of(FactsFile).keys() - keys_of(models.Heading).keys()
# What an entry of a list needs: an author who named it by another word has not left it out.
_OF_AN_ENTRY = {"text", "ask", "answer"}
_QUESTION = "a question has 'ask: ...' and, below it, 'answer: ...'"
# What an author may have named by its words.
_IDS = {
    "source": "write the id of one of the deck's 'sources'",
    **dict.fromkeys(
        ("contrasts", "requires", "is_a", "among"),
        "write the id of a concept: what stands before the colon above its 'term'",
    ),
    "because": "write the id of one of the deck's 'axes'",
}
# concepts, the id of a concept, a key.
_KEY_OF_A_CONCEPT = 3
# Mappings, and how they are written.
_MAPPINGS: dict[str | int, str] = {
    "deck": "write 'deck: {id: ..., name: ...}'",
    "concepts": "write the concept's id and a colon, and below it, further right, 'term: ...'",
    "sources": "name each source: 'sources: {handbook: {title: ...}}'",
    "axes": "name each axis: 'axes: {size: How large it is}'",
    "lists": "name each list: 'lists: {uses: {title: ...}}'",
    "classifications": "name each, and say how to ask: 'classifications: {kind: {among: [one, other], ask: ...}}'",
    "relations": "name each relation, and say how to ask: 'relations: {capital: {ask: ...}}'",
    "features": "name the axis, then what it is like: 'features: {size: large}'",
    "pairs": "name the relation, then each pair: 'pairs: {capital: {France: Paris}}'",
    "questions": _QUESTION,
    "rejected": "write 'claim: ...' and, below it, 'why: ...'",
    "outputs": "name each package, and say what it holds: 'outputs: {short: {tags: [...]}}'",
    "translations": "name the language, then the words: 'translations: {de: ...}'",
    "allow": "name the rule, then the reason: 'allow: {cloze-bare: ...}'",
    "media": "say to what size: 'media: {longest_side: 1600}'",
    "check": "name the threshold: 'check: {front_words: 25}'",
    "image": "write 'image: media/owl.png', or 'image: {file: media/owl.png, alt: ...}'",
    "audio": "write 'audio: media/owl.mp3', or 'audio: {file: media/owl.mp3, credit: ...}'",
}
_IN_A_CONCEPT: dict[str | int, str] = {"lists": "name the list, then its members: 'lists: {uses: [one, other]}'"}
# What is written as a row of numbers, and how.
_CORNER = "a corner is given by two numbers", "write it as [left, top]"
_NUMBERS: dict[str | int, tuple[str, str]] = {
    form: (f"{form!r} is given by four numbers", "write [left, top, width, height]") for form in ("box", "ellipse")
}


def facts_or_mistakes(value: Value, source: Source) -> tuple[FactsFile | None, list[Problem]]:
    """The facts of a file, or all problems that the schema finds in it."""
    empty = [*_unwritten(value, source)]
    try:
        facts = judged(value)
    except ValidationError as error:
        return None, [*empty, *_told(error, value, source)]
    return (None if empty else facts), empty


def _told(error: ValidationError, value: Value, source: Source) -> list[Problem]:
    """All mistakes, also those behind a mistyped key."""
    mistakes, slips, written = _mistakes(error), list[Problem](), dict[YamlPath, str]()
    for _ in range(_MOST_SLIPS):
        keys = {
            _path(details): mend[1]
            for details in mistakes
            if details["type"] == "extra_forbidden" and (mend := _mend(details, _path(details)))
        }
        meant = _with_keys(value, keys)
        if meant is None:
            break
        slips += [_problem(details, source, written) for details in mistakes if _path(details) in keys]
        written |= {(*path[:-1], key): str(path[-1]) for path, key in keys.items()}
        value = meant
        try:
            judged(value)
        except ValidationError as further:
            mistakes = _mistakes(further)
        else:
            mistakes = []
    return slips + [_problem(details, source, written) for details in _first_causes(mistakes, value)]


def _mistakes(error: ValidationError) -> list[ErrorDetails]:
    return [details for details in error.errors(include_url=False) if details["input"] is not None]


def _path(details: ErrorDetails) -> YamlPath:
    return tuple(step for step in details["loc"] if step != "[key]")


def _with_keys(value: Value, keys: Mapping[YamlPath, str]) -> Value:
    """`value` with the keys that were meant, or None if there are none to put right."""
    meant, changed = copy.deepcopy(value), False
    for path, key in keys.items():
        around = value_at(meant, path[:-1])
        # Of two facts that share an anchor, the other is right by now.
        if isinstance(around, dict) and path[-1] in around and key not in around:
            around[key] = around.pop(str(path[-1]))
            changed = True
    return meant if changed else None


def _first_causes(mistakes: list[ErrorDetails], value: Value) -> list[ErrorDetails]:
    """One slip is one mistake: without what only follows from another one."""
    unknown = {_path(details)[:-1] for details in mistakes if details["type"] == "extra_forbidden"}
    paths = {_path(details) for details in mistakes}
    astray = {(*path[:-1], key) for path in _empties(value) for key in _left_of(path, value)}

    def follows(details: ErrorDetails) -> bool:
        path, kind = _path(details), details["type"]
        # The key that a mistyped one was meant to be is not missing, and a list of mistyped words not empty.
        is_mistyped = kind == "missing" and path[-1] in _OF_AN_ENTRY and path[:-1] in unknown
        is_wrong_within = kind == "too_short" and any(len(p) > len(path) and p[: len(path)] == path for p in paths)
        return is_mistyped or is_wrong_within or path in astray

    return [details for details in mistakes if not follows(details)]


def _left_of(path: YamlPath, value: Value) -> list[str]:
    """The keys behind an empty one that belong to it, and are not far enough to the right."""
    around = value_at(value, path[:-1])
    if not isinstance(around, dict):
        return []
    around_model, model = _model_at(path[:-1]), _model_at(path)
    names = list(around)
    later = names[names.index(str(path[-1])) + 1 :]
    if path == ("concepts",):
        return [name for name in later if name not in keys_of(around_model)]
    return [name for name in later if path[:-1] == ("concepts",) and name in keys_of(model)]


def _unwritten(value: Value, source: Source) -> Iterator[Problem]:
    """Where a key or an entry of a list has nothing behind it: begun and not written, or a text that a comma parts."""
    empties = list(_empties(value))
    parted = {path: place for path in empties if (place := _without_colon(path, source))}
    texts: dict[YamlPath, list[YamlPath]] = {}
    for path in empties:
        before = _text_before(path, value, parted) if path in parted else None
        if before is None:
            yield _empty(path, source, is_beside=bool(_left_of(path, value)))
        else:
            texts.setdefault(before, []).append(path)
    for before, pieces in texts.items():
        yield _parted(place_of(Origin(source.file, before)), parted[pieces[-1]], str(pieces[-1][-1]))


def _empties(value: Value, path: YamlPath = ()) -> Iterator[YamlPath]:
    if value is None and path:
        yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _empties(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _empties(inner, (*path, index))


def _without_colon(path: YamlPath, source: Source) -> Place | None:
    """Where a piece of text stands that is a key to YAML alone, as "and moles" in {answer: Mice, and moles}."""
    key = path[-1]
    if isinstance(key, int):
        return None
    place = place_of(Origin(source.file, path), key=True)
    rest = place.text[place.column - 1 :]
    return place if rest.startswith(key) and rest[len(key) :].lstrip()[:1] in {",", "}"} else None


def _text_before(path: YamlPath, value: Value, parted: Container[YamlPath]) -> YamlPath | None:
    """The text that goes on in the piece at `path`."""
    *around, last = path
    for step in around:
        value = value[step]  # type: ignore[index]
    before: YamlPath | None = None
    for key, inner in value.items() if isinstance(value, dict) else ():
        if key == last:
            break
        if (*around, key) not in parted:
            before = (*around, key) if isinstance(inner, str) else None
    return before


def _parted(start: Place, end: Place, last: str) -> Problem:
    written = start.text[start.column - 1 : end.column - 1 + len(last)]
    mend = (written, in_quotes(written)) if start.line == end.line and written[0] not in "\"'" else None
    message = f"in braces a comma ends a text: {last!r} is read as a key"
    return Problem(start, "schema", message, "put the whole text in quotes", mend=mend)


def _empty(path: YamlPath, source: Source, *, is_beside: bool) -> Problem:
    what, kind = ("this entry", "entry") if isinstance(path[-1], int) else (repr(path[-1]), "key")
    fix = "move what belongs to it further right, below it" if is_beside else f"write it, or remove the {kind}"
    return Problem(place_of(Origin(source.file, path)), "schema", f"{what} is empty", fix)


def _problem(details: ErrorDetails, source: Source, written: Mapping[YamlPath, str]) -> Problem:
    """A mistake in the author's words; `written` has the mistyped key at the path that it was meant to be."""
    path = _path(details)
    message, fix = _in_words(details, path)
    on_key = details["type"] == "extra_forbidden" or details["loc"][-1:] == ("[key]",)
    rule = details.get("ctx", {}).get("rule", "schema")
    stands = tuple(written.get(path[: number + 1], step) for number, step in enumerate(path))
    place = place_of(Origin(source.file, stands), key=on_key)
    return Problem(place, rule, message, fix, mend=_mend(details, path))


def _mend(details: ErrorDetails, path: YamlPath) -> tuple[str, str] | None:
    """What was meant, where a slip of the keyboard is the only reading."""
    if details["type"] == "extra_forbidden":
        key = str(path[-1])
        elsewhere = key in _ELSEWHERE
        known = list(keys_of(_model_at(path[:-1])))
        if key.lower() in known:
            return key, key.lower()
        near = get_close_matches(key, known, n=2, cutoff=_SLIP)
        return (key, near[0]) if len(near) == 1 and not elsewhere else None
    mended = details.get("ctx", {}).get("mended", "")
    return (str(details["input"]), mended) if mended else None


def _in_words(details: ErrorDetails, path: YamlPath) -> tuple[str, str]:
    kind, given, context = details["type"], details["input"], details.get("ctx", {})
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    match kind:
        case "mistake":
            words = context["message"], _fix_of_name(given, path) or context["fix"]
        case "extra_forbidden":
            words = _unknown_key(str(path[-1]), path, given)
        case "missing" | "too_long" if isinstance(path[-1], int) or kind == "too_long":
            words = _NUMBERS.get(name, _CORNER)
        case "missing":
            words = f"{name!r} is missing", f"add '{name}: ...'"
        case "literal_error" if not isinstance(given, str):
            words = _wrong_shape("string_type", given)[0], did_you_mean("", _choices(context["expected"]))
        case "literal_error" if name == "format":
            words = (
                f"format {given!r} is not known to this deckbuilder",
                "write 'format: 1', or update deckbuilder",
            )
        case "literal_error":
            words = f"{given!r} is not possible for {name!r}", did_you_mean(given, _choices(context["expected"]))
        case "too_short":
            words = f"{name!r} needs {context['min_length']} entries or more", "add what is missing"
        case "greater_than_equal" | "less_than_equal":
            bound = f"{context['ge']} or more" if "ge" in context else f"{context['le']} or less"
            words = f"{given} is not possible for {name!r}", f"write {bound}"
        case _:
            words = _wrong_shape(kind, given, path)
    return words


def _fix_of_name(given: Any, path: YamlPath) -> str:
    """What to do about something that cannot be a name, where one stands that is declared elsewhere."""
    if not isinstance(given, str) or len(path) < 2 or not isinstance(path[-1], int):  # noqa: PLR2004 - a key, an entry
        return ""
    if "," in given:
        return f"write several as a list: [{given}]"
    return _IDS.get(str(path[-2]), "")


def _choices(expected: str) -> list[str]:
    """Of a sentence like "'ok', 'disputed' or 'hold'" the words."""
    return expected.replace(" or ", ", ").replace("'", "").split(", ")


def _wrong_shape(kind: str, given: Any, path: YamlPath = ()) -> tuple[str, str]:
    if kind.startswith("int"):
        # A number is a text as typed, so "not a text" would say nothing.
        return "a whole number is expected here", "write it in digits, as 5"
    if kind == "tuple_type" and path[-1] in _NUMBERS:
        return _NUMBERS[path[-1]]
    expected = _SHAPES.get(kind, "something else is expected here")
    return expected + _not_what_stands_there(given), _fix_for(kind, given, path)


def _unknown_key(key: str, path: YamlPath, given: Any) -> tuple[str, str]:
    known = list(keys_of(_model_at(path[:-1])))
    listed = f"known here: {', '.join(known)}"
    if len(path) == 1 and isinstance(given, dict) and "term" in given:
        return f"the concept {key!r} stands outside of 'concepts'", "put it below 'concepts:', further right"
    if len(path) == 1 and key in _IN_A_HEADING:
        return f"{key!r} has no meaning here", "move it below 'deck:', further right"
    if path[:-1] == ("deck",) and key in _OF_A_FILE:
        return f"{key!r} has no meaning here", "move it out of 'deck:', to the beginning of a line"
    if key in _ELSEWHERE and len(path) == _KEY_OF_A_CONCEPT:
        return f"{key!r} has no meaning here", f"write it at a fact: 'definition: {{text: ..., {key}: ...}}'; {listed}"
    if key in _ELSEWHERE:
        return f"{key!r} has no meaning here", f"remove it; {listed}"
    fix = did_you_mean(key.lower() if key.lower() in known else key, known)
    if not fix.startswith("did"):
        if "of" in known:
            fix = "a group is written 'Name: [members]'; a text that contains ': ' needs quotes"
        elif path[-3:-2] == ("questions",):
            fix = _QUESTION
    return f"unknown key {key!r}", fix or listed


def _model_at(path: YamlPath) -> type[Strict]:
    """The model whose keys stand at `path`, found by walking the schema's annotations."""
    model: type[Strict] = FactsFile
    for step in path:
        if isinstance(step, str) and step in keys_of(model):
            model = _inner_model(keys_of(model)[step].kind) or model
    return model


def _inner_model(annotation: Any) -> type[Strict] | None:
    if isinstance(annotation, type) and issubclass(annotation, Strict):
        return annotation
    return next((found for part in get_args(annotation) if (found := _inner_model(part))), None)


def _not_what_stands_there(given: Any) -> str:
    shapes: dict[type, str] = {str: "a text", list: "a list", dict: "a mapping"}
    found = shapes.get(type(given))
    return f", not {found}" if found else ""


def _fix_for(kind: str, given: Any, path: YamlPath) -> str:
    if kind in _FIXES:
        return _FIXES[kind]
    if kind == "string_type" and isinstance(given, dict):
        return "put a text that contains ': ' in quotes"
    if kind == "string_type" and isinstance(given, list):
        return models.one_text(given)
    if not path:
        return "begin with 'format: 1' and a 'deck:', as in the file that 'deckbuilder new NAME' writes"
    if path[0] == "concepts" and path[-1] in _IN_A_CONCEPT:
        return _IN_A_CONCEPT[path[-1]]
    named = (_MAPPINGS[key] for key in reversed(path[-2:]) if key in _MAPPINGS)
    return next(named, "see the authoring guide for what can stand here")
