"""Facts in the shape of the schema, with wrong kinds of values at random places."""

import random
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args, get_origin

import yaml
from hypothesis import strategies as st

from deckbuilder.facts.keys import Strict, keys_of
from deckbuilder.facts.models import FactsFile

WORDS = [
    "Owl",
    "A bird that hunts at night",
    "mice: many",
    "*soft* feathers",
    "$a < b$",
    "no",
    "بومة",
    "<b>",
    "🦉",
    "a",
]
# What a text has to be where not every text will do.
TEXTS = {
    "id": ["owl", "hawk", "night-bird"],
    "name": ["Birds", "Animals::Birds"],
    "language": ["en", "de", "pt-BR"],
    "version": ["1.0", "1.0.2"],
    "date": ["2023", "2023-10-29"],
    "url": ["https://birds.example"],
    "tags": ["night", "a::b"],
    "is_a": ["animal"],
    "requires": ["animal"],
    "contrasts": ["owl", "hawk"],
    "among": ["owl", "hawk"],
    "instead": ["owl"],
    "items": ["causes", "examples", "sites"],
    "because": ["hunt"],
    "source": ["atlas"],
    "default_source": ["atlas"],
    "formerly": ["strix", "asio"],
    "statements": ["Owls eat [[mice|what?]]", "The {{c1::wing}} is {{c2::quiet::loud?}}", "$\\frac{[[a]]}{b}$ is it"],
}
KEYS = {
    "sources": ["atlas"],
    "axes": ["hunt"],
    "features": ["hunt"],
    "lists": ["sites"],
    "allow": ["orphan", "yes-no"],
    "concepts": ["animal", "owl", "hawk"],
    "classifications": ["kind"],
    "relations": ["prey"],
    "fields": ["Front"],
    "pairs": ["prey", "colour"],
    "outputs": ["short"],
    "translations": ["de"],
}
# What is written in every deck, so that most names lead somewhere.
ALWAYS = {"format", "deck", "sources", "axes", "lists", "relations", "concepts", "definition"}
MAY_BE_TEXTS = {"definition", "features", "statements", "mechanism", "examples", "causes"}
WRONG = [None, True, 7, 1.5, "", "a", [], {}, [["a"]], {"a": "b"}, {"a": None}, {"text": None, "of": "a"}]
DEEPEST = 3


class Writer:
    """Writes facts as the schema has them, by chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.written = 0

    def model(self, model: type[Strict], name: str, depth: int) -> Any:
        if name in MAY_BE_TEXTS and self.chance.random() < 0.5:
            return self.text(name)
        keys = keys_of(model)
        optional = [name for name, key in keys.items() if not key.is_required and name not in ALWAYS]
        chosen = {*ALWAYS, *self.chance.sample(optional, min(len(optional), self.chance.randrange(5)))}
        return {
            own: self.value(key.kind, name if own == "text" else own, depth)
            for own, key in keys.items()
            if (key.is_required or own in chosen) and (own != "of" or depth < DEEPEST)
        }

    def value(self, kind: Any, name: str, depth: int) -> Any:
        """A value of an annotation of the schema; `name` is the key that it stands behind."""
        origin, inner = get_origin(kind), [part for part in get_args(kind) if part not in {type(None), ...}]
        if origin is tuple:
            return self.several(inner[0], name, depth + 1)
        if origin is Mapping:
            return {key: self.value(inner[1], name, depth) for key in KEYS[name]}
        if origin is Literal or kind in {bool, int}:
            return self.chance.choice({bool: [True, False], int: [0, 1, 50, 100, 1000]}.get(kind, inner))
        if origin is Annotated or inner:
            return self.value(inner[0], name, depth)
        return self.model(kind, name, depth) if isinstance(kind, type) and issubclass(kind, Strict) else self.text(name)

    def several(self, kind: Any, name: str, depth: int) -> list[Any]:
        """Entries of a list; names stand in it once."""
        if name in TEXTS and name != "statements":
            return self.chance.sample(TEXTS[name], 2 if name == "among" else 1)
        return [self.value(kind, name, depth) for _ in range(self.chance.randint(1, 3))]

    def text(self, name: str) -> str:
        self.written += 1
        word = self.chance.choice(TEXTS.get(name, WORDS))
        return word if name in TEXTS and name != "statements" else f"{word} {self.written}"

    def damaged(self, value: Any) -> Any:
        """The same with something else at a place somewhere in it, or with a slip in a key."""
        if not isinstance(value, dict | list) or not value or self.chance.random() < 0.15:
            return self.chance.choice(WRONG)
        if isinstance(value, list):
            place = self.chance.randrange(len(value))
            return [*value[:place], self.damaged(value[place]), *value[place + 1 :]]
        key = self.chance.choice(list(value))
        if self.chance.random() < 0.1:
            return {(f"{name}x" if name == key else name): inner for name, inner in value.items()}
        return {**value, key: self.damaged(value[key])}


class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc] - libyaml, where it is there
    """Writes nothing for None: `null` would be a text."""


Dumper.add_representer(type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", ""))


@st.composite
def facts(draw: st.DrawFn) -> bytes:
    """A facts file that is right, or wrong in a few places."""
    writer = Writer(random.Random(draw(st.integers(0, 2**32))))  # noqa: S311 - a test's chance is no secret
    value = writer.model(FactsFile, "", 0)
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 3]))):
        value = writer.damaged(value)
    flow = draw(st.sampled_from([True, False, None]))
    return yaml.dump(value, Dumper=Dumper, allow_unicode=True, sort_keys=False, default_flow_style=flow).encode()
