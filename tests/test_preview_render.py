"""The preview shows what Anki shows: each card's HTML is held against what Anki's own backend renders.

Nothing is normalised: both sides must be the same, letter for letter.
"""

from pathlib import Path

import pytest
import yaml

from deckbuilder.build import contents_of
from deckbuilder.files import whole
from deckbuilder.kinds import KINDS
from deckbuilder.plan import plan
from deckbuilder.preview.render import render
from deckbuilder.problems import unwatched
from tests.anki_helpers import import_package
from tests.test_hostile_texts_in_anki import NUMBERS, RELATIONS, TEXTS, facts_with

ROOT = Path(__file__).parents[1]
DECKS = [ROOT / "cards" / "calcification.yaml", *sorted((ROOT / "tests" / "decks").glob("*.yaml"))]
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><circle r="4"/></svg>'


def hostile_facts():
    """Every hostile text in every place where an author can write one, in cards of every kind.

    Its pictures are `drawn.svg` beside it: a DRAWING.
    """
    return {
        "format": "1",
        "deck": {"id": "hostile", "name": "Hostile", "choices": True},
        "sources": {f"s{NUMBERS[name]}": {"title": shown, "author": shown} for name, (_, shown) in TEXTS.items()},
        "axes": {f"axis{NUMBERS[name]}": typed for name, (typed, _) in TEXTS.items()},
        "relations": RELATIONS,
        "classifications": {
            f"type{number}": {"among": [f"c{number}", "plain"], "ask": TEXTS[name][0], "items": ["examples"]}
            for name, number in NUMBERS.items()
        },
        "concepts": {
            "plain": {
                "term": "Plain",
                "features": {f"axis{number}": "plain" for number in NUMBERS.values()},
                "examples": ["one", "another"],
            },
            **{
                f"c{NUMBERS[name]}": {**facts_with(NUMBERS[name], typed), "images": pictures_with(typed)}
                for name, (typed, _) in TEXTS.items()
            },
        },
    }


def pictures_with(typed):
    """Pictures that hold the text in every place."""
    told = {"hint": typed, "why": typed, "note": typed, "extra": typed}
    picture = {"file": "drawn.svg", "alt": typed, "credit": typed, "license": typed, "ask": typed, **told}
    masks = [
        {"id": "box", "answer": typed, "box": [0.1, 0.1, 0.2, 0.2], **told},
        {"id": "bare", "answer": f"bare {typed}", "polygon": [[0.5, 0.5], [0.9, 0.5], [0.5, 0.9]]},
        {"id": "two", "answer": "two", "shapes": [{"ellipse": [0, 0, 0.1, 0.1]}, {"box": [0.1, 0, 0.1, 0.1]}]},
    ]
    return [
        {"id": "asked", **picture, "answer": typed},
        {"id": "masked", **picture, "masks": masks},
        {"id": "one", "file": "drawn.svg", "mode": "hide-one", "masks": masks[1:]},
    ]


def assert_same(file, folder):
    """Each card of the package that is built from `file`; gives the kinds that were seen."""
    (planned,) = plan([file], folder).plans
    package = folder / "deck.apkg"
    package.write_bytes(whole(contents_of(planned, unwatched)[planned.files.package]))
    anki = {(card.key, card.number): card for card in import_package(package, folder).cards}
    preview = {(note.key, ord_ + 1): (note, ord_) for note in planned.notes for ord_ in note.ords}
    assert set(preview) == set(anki)
    for name, (note, ord_) in preview.items():
        sides = render(note.type, note.row, ord_)
        assert sides.question == anki[name].front_html, name
        assert sides.answer == anki[name].back_html, name
        assert [(one.words, one.language) for one in sides.heard.values()] == anki[name].heard, name
    return {note.kind for note in planned.notes}


@pytest.mark.parametrize("source", DECKS, ids=lambda source: source.stem)
def test_every_card_of_a_deck_is_rendered_as_in_anki(source, tmp_path):
    file = tmp_path / source.name
    file.write_bytes(source.read_bytes())
    assert_same(file, tmp_path)


def test_every_kind_of_card_with_hostile_texts_is_rendered_as_in_anki(tmp_path):
    (tmp_path / "drawn.svg").write_text(DRAWING, encoding="utf-8")
    file = tmp_path / "hostile.yaml"
    file.write_text(yaml.safe_dump(hostile_facts(), allow_unicode=True, sort_keys=False), encoding="utf-8")
    # Notes of imported decks are drawn by templates of others: see the tests of importing.
    assert assert_same(file, tmp_path) == set(KINDS) - {"note"}
