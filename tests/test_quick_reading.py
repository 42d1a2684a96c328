"""Files without a mistake are read without the judge: the same facts come out, and nothing passes that it refuses."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import deckbuilder
from deckbuilder.facts import keys, models
from deckbuilder.facts.events import read_values
from deckbuilder.facts.judge import judged
from deckbuilder.facts.quick import quick
from deckbuilder.facts.source import Source
from tests.fuzz.facts import facts
from tests.fuzz.slips import spoiled
from tests.test_docs import COMPLETE_EXAMPLES
from tests.test_reader_fuzz import DECKS
from tests.test_reading import MISTAKES

ROOT = Path(deckbuilder.__file__).parents[1]
REAL = sorted([*ROOT.glob("cards/**/*.y*ml"), *ROOT.glob("tests/decks/*.y*ml")])
MANY = settings(
    max_examples=400, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
# What a text, an id, a number or a truth value can be mistaken for.
ODD = [
    *("", " ", "\t", "\u200b", " owl ", "\u2003owl\u3000", "\x1cowl", "owl\x1f", "\x85owl", "\ufeffowl"),
    *("\ud800", "a\udcff", "owl", "Käuzchen", "梟", "हाथी", "-owl", "two words", "a::b", "::", "leech"),
    *("ok", " ok", "OK", "hold", "contrast", "true", "True", "yes", "off", "1", "t", "0", "7", "007", "+7", "-7"),
    *("1_0", "7.0", "7.5", " 7 ", "٧", "²", "9" * 30, "1" * 5000, "1e3", "-0", ".5", "5.", "inf", "nan", "0x10"),
    *("2023", "2023-02-30", "en", "pt-BR", "1.0", "..."),
]


def value_of(text):
    return read_values(Source(Path("birds.yaml"), text)).value


def has_nothing(value):
    """Whether a key or an entry was begun and not written; of that the judge alone does not tell all."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value is None or any(map(has_nothing, inner))


def is_read(value):
    """Whether the quick way reads it; if so, both ways give the same facts."""
    found = quick(value)
    if found is None:
        return False
    assert not has_nothing(value)
    assert found == judged(value)
    return True


def is_refused(value):
    try:
        judged(value)
    except ValidationError:
        return True
    return has_nothing(value)


@pytest.mark.parametrize("deck", REAL, ids=lambda deck: deck.stem)
def test_a_real_deck_is_read_without_the_judge(deck):
    assert is_read(value_of(deck.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("page", "text"), COMPLETE_EXAMPLES)
def test_every_complete_example_of_the_docs_is_read_without_the_judge(page, text):
    del page
    assert is_read(value_of(text))


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: case["name"])
def test_what_the_judge_refuses_is_not_read(case):
    value = value_of(case["facts"])
    assert is_read(value) != is_refused(value)


@MANY
@given(facts())
def test_facts_of_every_kind_are_read_alike_or_left_to_the_judge(data):
    value = value_of(data.decode())
    assert is_read(value) or is_refused(value), "what is right is read without the judge"


@MANY
@given(spoiled(DECKS))
def test_a_deck_with_slips_is_read_alike_or_left_to_the_judge(data):
    is_read(value_of(data.decode("utf-8", "replace")))


def places_in(value, path=()):
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in inner:
        yield from places_in(part, (*path, step))


def put(value, path, other):
    """The value with something else at a place."""
    if not path:
        return other
    step, *rest = path
    if isinstance(value, dict):
        return {**value, step: put(value[step], rest, other)}
    return [*value[:step], put(value[step], rest, other), *value[step + 1 :]]


@MANY
@given(facts(), st.data())
def test_an_odd_text_anywhere_is_read_alike_or_left_to_the_judge(data, more):
    value = value_of(data.decode())
    path = more.draw(st.sampled_from(list(places_in(value))))
    is_read(put(value, path, more.draw(st.sampled_from(ODD))))


def texts_of(kind, odd):
    """A file with an odd text where that kind of value belongs."""
    concept = {"term": "Owl", **({kind: odd} if kind in {"lang", "tts", "skip", "tags", "is_a", "aliases"} else {})}
    heading = {"id": "birds", "name": "Birds", **({kind: odd} if kind in {"version", "choices"} else {})}
    heading |= {"check": {"members": odd}} if kind == "members" else {}
    heading |= {"id": odd} if kind == "deck id" else {"name": odd} if kind == "deck name" else {}
    mask = {"answer": "Beak", "box": [odd, "1", "2", "3"]} if kind == "box" else {"answer": "Beak", "box": ["0"] * 4}
    picture = {"file": "owl.png", "masks": [mask]}
    fact = {"text": "Owls hoot", **({kind: odd} if kind in {"status", "id", "as_of"} else {})}
    concept |= {"images": [picture], "statements": [fact]}
    return {"format": "1", "deck": heading, "concepts": {odd if kind == "concept id" else "owl": concept}}


KINDS = ["lang", "tts", "skip", "tags", "is_a", "aliases", "version", "choices", "members", "deck id", "deck name"]
KINDS += ["box", "status", "id", "as_of", "concept id"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_odd_text_where_it_could_mean_something_is_read_alike_or_left_to_the_judge(kind):
    read = [odd for odd in ODD if is_read(texts_of(kind, odd))]
    assert 0 < len(read) < len(ODD)


def test_a_way_to_write_a_number_that_only_the_judge_knows_is_read_all_the_same():
    value = texts_of("members", "1_0")
    assert quick(value) is None
    assert judged(value).deck.check.members == 10


def test_facts_cannot_be_changed_and_hold_nothing_but_their_keys():
    text = models.Text(text="Owls hoot")
    with pytest.raises(AttributeError):
        text.text = "Owls sing"
    assert not hasattr(text, "__dict__")
    assert not hasattr(models.Picture(file="owl.png"), "__dict__")
    with pytest.raises(TypeError):
        text.allow["orphan"] = "No."


def test_a_fact_has_room_for_what_is_written_and_knows_the_rest():
    short, long = models.Member(text="Barn owl"), models.Member(text="Barn owl", note="Pale.", why="It hunts at night.")
    assert sys.getsizeof(short) < sys.getsizeof(long)
    assert (short.note, short.of, short.classify, short.status) == (None, (), True, "ok")
    assert (
        short == models.Member(text="Barn owl", note=None, of=(), classify=True) == replace(long, note=None, why=None)
    )
    assert short != models.Step(text="Barn owl")
    assert repr(short) == "Member(text='Barn owl')"


def test_facts_of_which_each_has_other_keys_take_no_class_each(monkeypatch):
    monkeypatch.setattr(models.Mask, "_ROOMS", {})
    monkeypatch.setattr(keys, "MOST_ROOMS", 5)
    more = ["id", "note", "extra", "hint", "why", "ref"]
    assert models.Mask(**dict.fromkeys(keys.keys_of(models.Mask), "all of them")).why == "all of them"
    masks = [models.Mask(answer="Beak", **{key: key}) for key in more]
    assert len({type(mask) for mask in masks}) == 5
    assert len({type(models.Mask(answer="Beak", **{one: one, other: other})) for one in more for other in more}) == 5
    late = models.Mask(answer="Beak", id="beak", note="It is hooked.")
    assert (late.answer, late.id, late.note, late.why, late.source) == ("Beak", "beak", "It is hooked.", None, ())
    assert late != masks[0]
    assert replace(late, note=None, id="id") == masks[0]
    assert not hasattr(late, "text")
    with pytest.raises(AttributeError):
        late.why = "It eats mice."


def test_a_fact_needs_its_words_and_has_no_key_of_another():
    with pytest.raises(TypeError):
        models.Member(note="Pale.")
    with pytest.raises(TypeError):
        models.Member(text="Barn owl", answer="Owl")
