"""All that the schema finds in a file, told in the author's words."""

from collections.abc import Container, Iterator, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from deckbuilder.facts import models
from deckbuilder.facts.events import YamlPath
from deckbuilder.facts.judge import judged
from deckbuilder.facts.keys import Strict, keys_of
from deckbuilder.facts.models import FactsFile
from deckbuilder.facts.places import Origin, place_of
from deckbuilder.facts.plain import Value
from deckbuilder.facts.source import Source
from deckbuilder.facts.syntax import in_quotes
from deckbuilder.problems import Place, Problem, did_you_mean

# How alike a mistyped key and the right one are: 'anwser' and 'answer', 'trem' and 'term'.
_SLIP = 0.75
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
# Keys of facts that an author may have put where they mean nothing.
_ELSEWHERE = keys_of(models.Member).keys() | keys_of(models.Question).keys()
# Mappings whose first keys an author chooses, and how they are written.
_MAPPINGS: dict[str | int, str] = {
    "outputs": "name each package, and say what it holds: 'outputs: {short: {tags: [...]}}'",
    "translations": "name the language, then the words: 'translations: {de: ...}'",
}
# What is written as a row of numbers, and how.
_CORNER = "a corner is given by two numbers", "write it as [left, top]"
_NUMBERS = {
    form: (f"{form!r} is given by four numbers", "write [left, top, width, height]") for form in ("box", "ellipse")
}


def facts_or_mistakes(value: Value, source: Source) -> tuple[FactsFile | None, list[Problem]]:
    """The facts of a file, or all problems that the schema finds in it."""
    empty = [*_unwritten(value, source)]
    try:
        facts = judged(value)
    except ValidationError as error:
        mistakes = error.errors(include_url=False)
        told = [
            _problem(details, source)
            for details in mistakes
            if details["input"] is not None and not (details["type"] == "missing" and _is_mistyped(details, mistakes))
        ]
        return None, [*empty, *told]
    return (None if empty else facts), empty


def _is_mistyped(missing: ErrorDetails, mistakes: Sequence[ErrorDetails]) -> bool:
    """Whether a missing key stands there under a name that is not known: that is one mistake, not two."""
    *around, name = missing["loc"]
    unknown = [
        str(other["loc"][-1])
        for other in mistakes
        if other["type"] == "extra_forbidden" and other["loc"][:-1] == (*around,)
    ]
    return bool(unknown) and (name == "text" or bool(get_close_matches(str(name), unknown, n=1, cutoff=_SLIP)))


def _unwritten(value: Value, source: Source) -> Iterator[Problem]:
    """Where a key or an entry of a list has nothing behind it: begun and not written, or a text that a comma parts."""
    empties = list(_empties(value))
    parted = {path: place for path in empties if (place := _without_colon(path, source))}
    texts: dict[YamlPath, list[YamlPath]] = {}
    for path in empties:
        before = _text_before(path, value, parted) if path in parted else None
        if before is None:
            yield _empty(path, source)
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


def _empty(path: YamlPath, source: Source) -> Problem:
    what, fix = ("this entry", "entry") if isinstance(path[-1], int) else (repr(path[-1]), "key")
    return Problem(place_of(Origin(source.file, path)), "schema", f"{what} is empty", f"write it, or remove the {fix}")


def _problem(details: ErrorDetails, source: Source) -> Problem:
    path = tuple(step for step in details["loc"] if step != "[key]")
    message, fix = _in_words(details, path)
    on_key = details["type"] == "extra_forbidden" or details["loc"][-1:] == ("[key]",)
    rule = details.get("ctx", {}).get("rule", "schema")
    place = place_of(Origin(source.file, path), key=on_key)
    return Problem(place, rule, message, fix, mend=_mend(details, path))


def _mend(details: ErrorDetails, path: YamlPath) -> tuple[str, str] | None:
    """What was meant, where a slip of the keyboard is the only reading."""
    if details["type"] == "extra_forbidden":
        key = str(path[-1])
        elsewhere = key in _ELSEWHERE
        near = get_close_matches(key, list(keys_of(_model_at(path[:-1]))), n=2, cutoff=_SLIP)
        return (key, near[0]) if len(near) == 1 and not elsewhere else None
    mended = details.get("ctx", {}).get("mended", "")
    return (str(details["input"]), mended) if mended else None


def _in_words(details: ErrorDetails, path: YamlPath) -> tuple[str, str]:
    kind, given, context = details["type"], details["input"], details.get("ctx", {})
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    match kind:
        case "mistake":
            words = context["message"], context["fix"]
        case "extra_forbidden":
            words = _unknown_key(str(path[-1]), path)
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


def _choices(expected: str) -> list[str]:
    """Of a sentence like "'ok', 'disputed' or 'hold'" the words."""
    return expected.replace(" or ", ", ").replace("'", "").split(", ")


def _wrong_shape(kind: str, given: Any, path: YamlPath = ()) -> tuple[str, str]:
    if kind.startswith("int"):
        # A number is a text as typed, so "not a text" would say nothing.
        return "a whole number is expected here", "write it in digits, as 5"
    expected = _SHAPES.get(kind, "something else is expected here")
    return expected + _not_what_stands_there(given), _fix_for(kind, given, path)


def _unknown_key(key: str, path: YamlPath) -> tuple[str, str]:
    known = list(keys_of(_model_at(path[:-1])))
    if key in _ELSEWHERE:
        return f"{key!r} has no meaning here", f"remove it; known here: {', '.join(known)}"
    fix = did_you_mean(key, known)
    if "of" in known and not fix.startswith("did"):
        fix = "a group is written 'Name: [members]'; a text that contains ': ' needs quotes"
    return f"unknown key {key!r}", fix


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
    if kind == "tuple_type":
        return "begin each entry with '- ', or write [one, two]"
    if kind == "string_type" and isinstance(given, dict):
        return "put a text that contains ': ' in quotes"
    if kind == "string_type" and isinstance(given, list):
        return "put a text that begins with [[ in quotes"
    named = (_MAPPINGS[key] for key in path[-2:] if key in _MAPPINGS)
    return next(named, "see the authoring guide for what can stand here")
