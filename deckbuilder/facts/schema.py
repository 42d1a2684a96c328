"""The facts format as a JSON Schema, for editors: `python -m deckbuilder.facts.schema > deckbuilder/facts/schema.json`.

Made from the models; what these check by functions is said here in the words of JSON Schema. Two readings differ:
the reader takes every scalar as the text that was typed, an editor takes `1.0` for a number and `true` for a truth
value. So these may stand wherever a text may. What a schema cannot know is listed in `tests/test_schema.py`.

The dialect is draft-07, which every release of yaml-language-server knows. Patterns mean the same in Python and in
JavaScript. Alternatives are told apart by `if`, not by `anyOf`: an editor then says what is wrong with the one that
was meant. `errorMessage`, `patternErrorMessage` and `enumDescriptions` are words of editors; others pass over them.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from deckbuilder.facts import models
from deckbuilder.facts.judge import Judge, judge_of, one_or_many
from deckbuilder.facts.keys import MistakeError, keys_of

_DEFINITIONS = "#/definitions/"
_EXPECTED = "A text is expected here. Put it in quotes if it contains ': ' or begins with a sign such as [ or {."

# A sign that can be seen, as far as a short pattern can tell.
_SEEN = r"[^\s\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
# The signs that no id has, of ASCII, Latin-1 and general punctuation; an id may hold - and _, and not begin with them.
_NO_ID = r"{-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf\xd7\xf7\u2000-\u206f"
_ID = rf"[^\s\x00-/:-@\[-`{_NO_ID}][^\s\x00-,./:-@\[-^`{_NO_ID}]*"
_NAME_LEVEL = r"\s*(?!::)\S(?:(?!::)[\s\S])*"
_TAG_LEVEL = r'(?:(?!::)[^\s"])+'
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_DATE = rf"(?!0000)[0-9]{{4}}(?:-(?:0[1-9]|1[0-2])(?:-{_DAY})?|-W[0-5][0-9]-[1-7])?"
# In JavaScript \d is a digit of ASCII.
_VERSION = models.VERSION.pattern.replace(r"\d", "[0-9]")
_WHOLE_NUMBER = r"\s*\+?[0-9]+(?:_[0-9]+)*(?:\.0+)?\s*"
_DIGITS = "[0-9]+(?:_[0-9]+)*"
_DECIMAL = rf"\s*[+-]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?[0-9]{{1,2}})?\s*"
_TRUTH_WORDS = ("true", "false", "yes", "no", "on", "off", "t", "f", "y", "n", "1", "0")


def _any_case(words: Iterable[str]) -> str:
    """A pattern of these words; patterns have no flags here."""
    return "|".join(re.sub("[a-z]", lambda sign: f"[{sign[0].upper()}{sign[0]}]", word) for word in words)


@dataclass(frozen=True, slots=True)
class _Text:
    """What a check of a text lets through.

    `pattern` is asked of strings, `numbers` of what an editor takes for numbers; `never` are the other types
    that no text of this kind can seem to be.
    """

    name: str
    pattern: str
    numbers: JsonSchemaValue
    never: tuple[str, ...] = ()


_WHOLE = {"multipleOf": 1, "minimum": 0}
_RESERVED = "|".join(sorted(models.RESERVED_NAMES))
_OWN_TAGS = _any_case(sorted(models.ANKI_OWN_TAGS))

_TEXTS: Mapping[Callable[[str], str], _Text] = {
    models.check_words: _Text("Words", _SEEN, {}),
    models.check_question_about: _Text("QuestionAbout", rf"^(?=[\s\S]*{_SEEN})(?![\s\S]*\.\.\.[\s\S]*\.\.\.)", {}),
    models.check_id: _Text("Id", rf"^\s*{_ID}\s*$", _WHOLE),
    models.check_deck_id: _Text("DeckId", rf"^\s*(?!(?:{_RESERVED})\s*$){models.DECK_ID.pattern}\s*$", _WHOLE),
    models.check_output_id: _Text(
        "OutputId",
        rf"^\s*(?!(?:{_RESERVED})\s*$)(?![\s\S]*-(?:update|before)\s*$){models.DECK_ID.pattern}\s*$",
        _WHOLE,
    ),
    models.check_deck_name: _Text("DeckName", rf"^(?=[\s\S]*{_SEEN}){_NAME_LEVEL}(?:::{_NAME_LEVEL})*$", {}),
    models.check_language: _Text("Language", rf"^\s*{models.LANGUAGE.pattern}\s*$", {}, ("number",)),
    models.check_version: _Text("Version", rf"^\s*{_VERSION}\s*$", {"minimum": 0}, ("boolean",)),
    models.check_tag: _Text("Tag", rf"^\s*(?!(?:{_OWN_TAGS})\s*$){_TAG_LEVEL}(?:::{_TAG_LEVEL})*\s*$", {}),
    models.check_date: _Text(
        "Date", rf"^\s*{_DATE}\s*$", {"multipleOf": 1, "minimum": 1000, "maximum": 9999}, ("boolean",)
    ),
}
# Stands for a kind of text until all is made: pydantic wants to know where each $ref leads.
_KIND = "kind of text"

_MEANINGS = {
    "definition": "The term is asked from its definition, and the other way round.",
    "cloze": "A sentence is asked with a blank in it.",
    "exception": "An exception to a sentence is asked with the others in view.",
    "pair": "Of two things that belong together one is asked from the other.",
    "order": "A thing is asked from those that come before it.",
    "next": "What comes after those in view?",
    "previous": "What comes before those in view?",
    "at": "At what date or size does it stand?",
    "question": "A question is asked plainly.",
    "image": "A picture is shown: what is this?",
    "occlusion": "A part of a picture is hidden: what is it?",
    "mechanism": "A step is asked with the others in view.",
    "list": "A member of a list is asked with the others in view.",
    "note": "A note of an imported deck is asked as it was there.",
    "classification": "An item is shown: which of the concepts is it?",
    "choice": "A concept is shown: which of these items belongs to it?",
    "contrast": "Two concepts are shown: how do they differ on an axis?",
    "front": "It plays with the question: what is heard is what is asked.",
    "back": "It plays with the answer.",
    "hide-all": "All parts are hidden, and one is asked: no answer can be found by leaving out the others.",
    "hide-one": "Only the part that is asked is hidden.",
    "ok": "Its cards are made.",
    "disputed": "Its cards are made, with a visible caveat. Say in 'note' what the dispute is about.",
    "hold": "No cards are made of it. The build counts it, so that you do not forget it.",
}

# Only the heading's file may have these; it needs `deck`, and with it `format`.
_BESIDE_A_HEADING = tuple(key for key in keys_of(models.FactsFile) if key not in {"format", "deck", "concepts"})


def schema() -> JsonSchemaValue:
    """The schema of a facts file."""
    judge = judge_of(models.FactsFile)
    made = judge.model_json_schema(schema_generator=_ForEditors, ref_template=_DEFINITIONS + "{model}")
    definitions = made.pop("$defs") | {text.name: _of_text(check, text) for check, text in _TEXTS.items()}
    file = _written_out(made, definitions)
    described = {name: _written_out(definition, definitions) for name, definition in definitions.items()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": "Generated from deckbuilder/facts/models.py by deckbuilder/facts/schema.py: change these instead.",
        **file,
        "title": "deckbuilder facts",
        "dependencies": {"deck": ["format"], **{key: ["deck"] for key in _BESIDE_A_HEADING}},
        "definitions": {name: described[name] for name in sorted(_used(file, described))},
    }


def schema_text() -> str:
    return json.dumps(schema(), indent=2) + "\n"


class _ForEditors(GenerateJsonSchema):
    """pydantic's schema, with what an author may write in short, and without what only programs need."""

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:
        """Leave the order of the models: sorting would also turn round the keys of examples."""
        del parent_key
        return value

    def field_title_should_be_set(self, schema: Any) -> bool:
        """A key is its own title."""
        del schema
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """A key may be left out; what is begun and left empty is a mistake."""
        return self.generate_inner(schema["schema"])

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> JsonSchemaValue:
        check: Any = schema["function"]["function"]
        return {_KIND: _TEXTS[check.__wrapped__].name}

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        made = self.generate_inner(schema["schema"])
        if cast("object", schema["function"]["function"]) is one_or_many:
            return {"if": {"type": "array"}, "then": made, "else": made["items"]}
        return made  # the short forms of a model are added with the model

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        words = [str(word) for word in schema["expected"]]
        if words == ["1"]:
            advice = "This is the schema of format 1."
            return {
                "if": {"type": "string"},
                "then": {"const": "1", "errorMessage": advice},
                "else": {"const": 1, "errorMessage": advice},
            }
        return {"enum": words, "enumDescriptions": [_MEANINGS[word] for word in words]}

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:
        del schema
        return {
            "type": ["boolean", "string", "integer"],
            "pattern": f"^(?:{_any_case(_TRUTH_WORDS)})$",
            "minimum": 0,
            "maximum": 1,
            "errorMessage": "Write true or false.",
        }

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        not_zero = "(?=.*[1-9])" if schema.get("ge") else ""
        return {
            **super().int_schema(schema),
            "type": ["integer", "string"],
            "pattern": f"^{not_zero}{_WHOLE_NUMBER}$",
            "errorMessage": "Write a whole number.",
        }

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        """A row of so many values of one kind; draft-07 has no `prefixItems`."""
        made = super().tuple_schema(schema)
        if "prefixItems" in made:
            made["items"] = made.pop("prefixItems")[0]
        return made

    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        del schema
        return {"type": ["number", "string"], "pattern": f"^{_DECIMAL}$", "errorMessage": "Write a number."}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Keys are always strings, so of the forms of a text only the pattern is asked of them."""
        made = {"type": "object", "additionalProperties": self.generate_inner(schema["values_schema"])}
        keys = self.generate_inner(schema["keys_schema"])
        for check, text in _TEXTS.items():
            if text.name == keys.get(_KIND):
                # No pattern is a name that an editor should offer.
                advice = {"patternErrorMessage": _advice(check), "doNotSuggest": True}
                made["propertyNames"] = {"pattern": text.pattern, **advice}
        return made

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        for key in made["properties"].values():
            _tell_default(key)
        _number_for_words(made)
        made["title"] = re.sub(r"(?<=[a-z])[A-Z]", lambda capital: f" {capital[0].lower()}", made["title"])
        short = cast("type[Judge]", schema["cls"]).MODEL.SHORT
        return _with_short_forms(made, short) if short else made


def _of_text(check: Callable[[str], str], text: _Text) -> JsonSchemaValue:
    advice = _advice(check)
    return {
        "if": {"type": ["object", "array", "null", *text.never]},
        "then": {"type": "string", "errorMessage": _EXPECTED if check is models.check_words else advice},
        "pattern": text.pattern,
        "patternErrorMessage": advice,
        **text.numbers,
    }


def _advice(check: Callable[[str], str]) -> str:
    """The remedy that the reader tells: no check lets an empty text through."""
    try:
        check("")
    except MistakeError as mistake:
        return f"{mistake.fix[0].upper()}{mistake.fix[1:]}."
    raise AssertionError(f"{check.__name__} accepts an empty text")


def _tell_default(key: JsonSchemaValue) -> None:
    """In words: an editor would write out every `default` where a mapping begins."""
    default = key.pop("default", None)
    if default not in (None, [], {}):
        told = ", ".join(default) if isinstance(default, list) else json.dumps(default).strip('"')
        key["description"] += f" Default: {told}."


def _number_for_words(mapping: JsonSchemaValue) -> None:
    """Where a value can be all that is said, the words are needed only without one."""
    needed, keys = mapping.get("required", []), mapping["properties"]
    said = next((key for key in ("text", "answer") if key in needed), None)
    if "value" in keys and said:
        others = [key for key in needed if key != said]
        mapping.pop("required")
        mapping |= {"required": others} if others else {}
        mapping |= {"if": {"required": ["value"]}, "else": {"required": [said]}}


def _with_short_forms(mapping: JsonSchemaValue, short: str) -> JsonSchemaValue:
    """A mapping or the plain string that stands for its key `short`; and `Name: [members]` where members can be."""
    description, keys = mapping.pop("description"), mapping["properties"]
    words = _plain(keys[short])
    if "of" in keys:
        members = _plain(keys["of"])
        group = {
            "minProperties": 1,
            "maxProperties": 1,
            "propertyNames": {"pattern": _SEEN, "not": {"enum": list(keys)}},
        }
        lists = {"additionalProperties": {"type": "array"}}
        mapping = {"if": {**group, **lists}, "then": {"additionalProperties": members}, "else": mapping}
    return {"description": description, "if": {"type": "object"}, "then": mapping, "else": words}


def _plain(made: JsonSchemaValue) -> JsonSchemaValue:
    """Without the words of the key that it was made for."""
    return {name: value for name, value in made.items() if name not in {"description", "examples"}}


def _written_out(made: Any, definitions: JsonSchemaValue) -> Any:
    """With no reference that has something beside it, which draft-07 would pass over."""
    if isinstance(made, list):
        return [_written_out(inner, definitions) for inner in made]
    if not isinstance(made, dict):
        return made
    name = made.get(_KIND) or made.get("$ref", "").removeprefix(_DEFINITIONS)
    if not name:
        return {key: _written_out(inner, definitions) for key, inner in made.items()}
    reference = {"$ref": _DEFINITIONS + name}
    beside = {key: value for key, value in made.items() if key not in {_KIND, "$ref"}}
    # When a key is chosen, an editor writes the keys that its value needs: if it sees them without a reference.
    if beside and "properties" in definitions[name]:
        return _written_out({**definitions[name], **beside}, definitions)
    # With `anyOf` such a key may hold a text; with `allOf` the editor would leave it out.
    return {**beside, "anyOf": [reference]} if beside else reference


def _used(made: Any, definitions: JsonSchemaValue) -> set[str]:
    """The definitions that `made` leads to."""
    found: set[str] = set()
    waiting = [made]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            waiting += part.values()
            name = str(part.get("$ref", "")).removeprefix(_DEFINITIONS)
            if name and name not in found:
                found.add(name)
                waiting.append(definitions[name])
    return found


if __name__ == "__main__":
    sys.stdout.write(schema_text())
