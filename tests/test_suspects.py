"""Of a large deck a build looks closely at few cards: what it finds in them is all that there is to find."""

import tracemalloc
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deckbuilder.check import STOPPING, Judge, check, stops_build
from deckbuilder.check.suspects import Suspects
from deckbuilder.check.text import contains, folded, may_contain, same_letters, same_words, stems
from deckbuilder.facts.load import load
from deckbuilder.kinds import make_notes
from deckbuilder.markup import Blank, render_inline, shown_text, visible_text
from tests.helpers import HEADING, verdict_on, write_deck
from tests.test_rules import CASES, lay_out

# Words of many scripts and spellings, and signs that mean something to cards, formulas or the comparison itself.
WORDS = [
    *(
        "owl",
        "Owls",
        "owlets",
        "city",
        "cities",
        "branches",
        "glass",
        "calcified",
        "Calcification",
        "e.g.",
        "snake_case",
    ),
    *(
        "Größe",
        "GRÖSSE",
        "Straße",
        "STRASSE",
        "cafe\u0301",
        "café",
        "CAFÉ",
        "İstanbul",
        "istanbul",
        "ısı",
        "ΟΔΟΣ",
        "οδος",
    ),
    *(
        "город",
        "йод",
        "Йод",
        "שָׁלוֹם",
        "שלום",
        "مُحَمَّد",
        "हिन्दी",
        "ไทย",
        "ガラス",
        "カ\u3099ラス",
        "猫",
        "한국",
        "ﬁnch",
        "ſee",
        "𝐀b",
        "ᾳ",
        "ŉa",
    ),
    *(
        "Na",
        "Na+",
        "NO2",
        r"\(x < y\)",
        r"\(x<y\)",
        r"\ce{NO2-}",
        r"\(a \ne b\)",
        r"\[H_2 O\]",
        "\\",
        "[…]",
        "…",
        "›",
        ">",
    ),
    *(
        "?",
        " . ",
        ",",
        "¿",
        "«",
        "»",
        "-",
        "–",
        "’s",
        "\u0301",
        "\u0338",
        "\u0345",
        "\x1e",
        "\n",
        "\u3000",
        "\xa0",
        "\u200d",
        "🦉",
    ),
]
TEXT = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=4).map("".join),
    st.text(max_size=12),
)


@st.composite
def texts_with_phrases(draw):
    """Texts, each with a phrase that is a part of it or another spelling of one, or something else."""
    pairs = []
    for text in draw(st.lists(TEXT, min_size=1, max_size=4)):
        start = draw(st.integers(0, len(text)))
        phrase = text[start : draw(st.integers(start, len(text)))]
        respelled = draw(st.sampled_from([str, str.upper, str.lower, str.casefold, str.title, decomposed, composed]))
        pairs.append((text, draw(st.one_of(st.just(respelled(phrase)), TEXT))))
    return pairs


def decomposed(text):
    return unicodedata.normalize("NFD", text)


def composed(text):
    return unicodedata.normalize("NFC", text)


@settings(max_examples=600, deadline=None)
@given(texts_with_phrases())
@example([("A barn owl hunts", "owls"), ("Two cities", "A city"), ("Old cities", "city"), ("Die STRASSE", "straße")])
def test_an_answer_that_a_text_contains_is_always_suspected(pairs):
    may = may_contain([text for text, _ in pairs], [phrase for _, phrase in pairs])
    assert [pair for pair, suspected in zip(pairs, may, strict=True) if contains(*pair) and not suspected] == []
    assert [pair for pair in pairs if contains(*pair) != side_by_side(*pair)] == []


def side_by_side(text, phrase):
    """What it is that a text contains a phrase, without any haste."""
    there, words = stems(text), stems(phrase)
    return bool(words) and any(there[n:][: len(words)] == words for n in range(len(there)))


def test_an_answer_that_stands_nowhere_in_a_text_is_mostly_not_suspected():
    texts = ["Barn owls hunt […] over open fields", "Was ist größer als die […]?", "Мой город"]
    assert may_contain(texts, ["Voles", "Straße", "река"]) == [False, False, False]
    assert may_contain(texts, ["owl", "GRÖSSER", "ГОРОД"]) == [True, True, True]
    assert may_contain([], []) == same_letters([]) == []


@st.composite
def respelled(draw):
    """A text, and one that mostly reads the same."""
    text = draw(TEXT)
    other = draw(st.sampled_from([str, decomposed, composed]))(text)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(other)))
        other = (
            other[:place]
            + draw(st.sampled_from([" ", "?", ".", " ! ", "…", "\u3000", "\x1e", "\n", "»"]))
            + other[place:]
        )
    return text, draw(st.sampled_from([other, other[:1].upper() + other[1:], other[:1].lower() + other[1:]]))


@settings(max_examples=600, deadline=None)
@given(respelled(), st.lists(TEXT, max_size=2))
@example(("Who is it?", "who is  it ?"), [])
def test_texts_that_read_the_same_always_have_the_same_letters(pair, others):
    one, other = pair
    if same_words(one) == same_words(other):
        letters = same_letters([*others, one, *others, other])
        assert letters[len(others)] == letters[-1]


def test_capitals_within_a_text_are_the_only_words_that_are_not_told_apart():
    read = ["What is Na?", "What is Na+?", "What is ano?", "What is año?", "What is polish?"]
    assert len(set(same_letters(read))) == len(read)
    assert len(set(same_letters(["What is Polish?", "What is polish?"]))) == 1


@settings(max_examples=600, deadline=None)
@given(TEXT.filter(lambda text: "\\" not in text))
def test_a_folded_text_is_lower_case_without_accents(text):
    """Said sign by sign, as slowly as it can be said."""
    lower = unicodedata.normalize("NFKD", text.casefold())
    shown = [c for c in lower if not 10 <= unicodedata.combining(c) < 100 and unicodedata.combining(c) < 200]
    words = "".join(c if c.isalnum() or c == "_" or unicodedata.category(c)[0] == "M" else " " for c in shown).split()
    assert folded(text) == " ".join(words)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([*WORDS, "**", "*", "`", "[[", "]]", "|", "$", "<b>", "&amp;", "&", "<", "a > b", "::"]))
)
@example(["**a", "[[", "b", "]]", "<", "c**"])
def test_the_pieces_between_blanks_read_one_by_one_say_what_they_say_together(words):
    pieces = [one.html if isinstance(one, Blank) else one for one in render_inline(" ".join(words)).segments]
    assert " ".join("".join(map(shown_text, pieces)).split()) == visible_text("".join(pieces))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}: {case['name']}")
def test_what_stops_a_small_deck_stops_a_large_one(case, tmp_path, monkeypatch):
    lay_out(tmp_path, case["facts"], case)
    monkeypatch.setattr("deckbuilder.check.run._MOST_COUNTED", 0)
    monkeypatch.setattr("deckbuilder.kinds.make._LARGE", 0)
    for deck, spent in zip(load([tmp_path]).decks, load([tmp_path]).decks, strict=True):
        made = make_notes(deck)
        stopping = tuple(filter(stops_build, check(deck, made)))
        assert verdict_on(deck, made).wrong == stopping
        # Where facts are let go as they become notes, what is left of them has to do.
        judge = Judge(spent)
        judge.seen(make_notes(spent, spend=True, see=judge.see))
        assert judge.verdict.wrong == stopping


def test_a_rule_that_stops_a_build_is_one_whose_suspects_are_known():
    """Whoever adds one sees to it that `suspects` suspects all in which it finds something."""
    judged = {rule.id for rule in STOPPING if rule.find}
    assert judged == {"front-ambiguous", "card-duplicate", "answer-leak", "class-conflict", "choice-many"}


def large(folder):
    entries = "\n".join(
        f'  owl-{n}:\n    term: Owl {n}\n    statements: ["Owl {n} hunts by [[ear {n}x]] in wood {n}."]\n'
        f"    questions:\n      - {{ask: Who saw owl {n}?, answer: Hawk {n}}}\n"
        f"    examples: [Small owl {n}, Large owl {n}, Red owl {n}]\n"
        for n in range(1500)
    )
    return write_deck(folder, f"{HEADING}concepts:\n{entries}")


def test_a_large_deck_without_mistakes_has_few_suspects_and_none_of_its_cards_is_held(tmp_path):
    (deck,) = load([large(tmp_path)]).decks
    notes = make_notes(deck).notes
    suspects = Suspects(deck)
    tracemalloc.start()
    try:
        for note in notes:
            suspects.see([note])
        assert (suspects.found(), suspects.kinds) == (set(), {"cloze": 1500, "question": 1500, "list": 4500})
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Those of some notes at a time, and a number for each card.
    assert most < 500 * suspects.kinds.total()
