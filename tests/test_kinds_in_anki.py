"""Each kind of card as Anki shows it, from a small deck written by hand."""

import re

import pytest

from deckbuilder.facts.load import load
from deckbuilder.kinds import make_notes
from deckbuilder.notetypes import QUESTION
from tests.anki_helpers import InAnki, study
from tests.helpers import write_deck

HEADING = """
format: 1
deck: {id: bones, name: "Medicine::Bones", tags: [anatomy]}
sources:
  atlas: {title: Atlas of Bones, author: A. Author, date: 2020}
  manual: {title: Manual, url: "https://example.org/manual"}
default_source: atlas
"""
ATLAS = "Source: A. Author. Atlas of Bones. 2020."
MANUAL = "Source: Manual. https://example.org/manual"
CAVEAT = "Disputed: sources disagree. See the note on the back."


@pytest.fixture
def in_anki(tmp_path):
    """Facts (without the heading) as a student sees them, once Anki has found nothing to complain about."""

    def run(facts: str, heading: str = HEADING) -> InAnki:
        seen = study(heading + facts, tmp_path)
        assert seen.empty_cards == ""
        assert not seen.changed_by_check
        assert seen.second_import == {"duplicate": seen.notes}
        return seen

    return run


def fronts(cards):
    return [card.front for card in cards]


def backs(cards):
    return [card.back for card in cards]


# ---------------------------------------------------------------- definition


def test_definition_is_asked_both_ways(in_anki):
    seen = in_anki("""
concepts:
  femur:
    term: Femur
    definition: Bone of the thigh.
""")
    to_definition, to_term = seen.cards
    assert to_definition.front == ["Definition", "Femur"]
    assert to_definition.back == ["Bone of the thigh.", ATLAS]
    assert to_term.front == ["Which term?", "Bone of the thigh."]
    assert to_term.back == ["Femur", ATLAS]
    assert to_definition.note_type == to_term.note_type == "Deckbuilder question"
    assert to_definition.due == to_term.due


def test_definition_shows_aliases_and_parent_only_behind_the_answer(in_anki):
    seen = in_anki("""
concepts:
  femur:
    term: Femur
    aliases: [Thigh bone, Os femoris]
    is_a: bone
    definition: Holds the body up between hip and knee.
  bone:
    term: Bone
""")
    to_definition, to_term = seen.cards
    assert to_definition.front == ["Definition", "Femur"]
    assert to_definition.back == [
        "Holds the body up between hip and knee.",
        "Also called: Thigh bone, Os femoris",
        "A kind of: Bone",
        ATLAS,
    ]
    assert to_term.front == ["Which term?", "Holds the body up between hip and knee."]
    assert to_term.back == ["Femur", "Also called: Thigh bone, Os femoris", ATLAS]


def test_definition_shows_hint_on_the_front_and_the_rest_on_the_back(in_anki):
    seen = in_anki("""
concepts:
  femur:
    term: Femur
    definition:
      text: Bone of the *thigh*.
      hint: between hip and knee
      why: It carries the body.
      note: |
        Curator: strong.

        Second paragraph.
      extra: |
        * head
        * shaft
      source: [atlas, manual]
""")
    card = seen.cards[0]
    assert card.front == ["Definition", "Femur", "Hint", "between hip and knee"]
    assert card.back == [
        "Bone of the thigh.",
        "It carries the body.",
        "Curator: strong.",
        "Second paragraph.",
        "head",
        "shaft",
        ATLAS,
        MANUAL,
    ]
    assert "<em>thigh</em>" in card.back_html
    assert '<a href="https://example.org/manual">' in card.back_html


def test_hint_for_a_definition_is_not_shown_when_the_term_is_asked(in_anki):
    seen = in_anki("""
concepts:
  femur:
    term: Femur
    definition: {text: Bone of the thigh., hint: between hip and knee}
""")
    assert seen.cards[1].front == ["Which term?", "Bone of the thigh."]


def test_definition_with_blanks_also_makes_a_cloze_note(in_anki):
    seen = in_anki("""
concepts:
  femur:
    term: Femur
    definition: "Bone of the [[thigh|part of the leg]]."
""")
    assert fronts(seen.of_kind("definition")) == [["Definition", "Femur"], ["Which term?", "Bone of the thigh."]]
    (cloze,) = seen.of_kind("cloze")
    assert cloze.front[-1] == "Bone of the [part of the leg]."
    assert "Bone of the thigh." in cloze.back


def test_held_definition_makes_no_card_and_disputed_one_shows_the_caveat(in_anki):
    seen = in_anki("""
concepts:
  femur:
    term: Femur
    definition: {text: Bone of the thigh., status: hold}
  patella:
    term: Patella
    definition: {text: Bone of the knee., status: disputed, note: Some call it a seed in a tendon.}
""")
    assert fronts(seen.cards) == [
        [CAVEAT, "Definition", "Patella"],
        [CAVEAT, "Which term?", "Bone of the knee."],
    ]
    assert seen.cards[0].back == ["Bone of the knee.", "Some call it a seed in a tendon.", ATLAS]
    assert "deckbuilder::status::disputed" in seen.cards[0].tags


# --------------------------------------------------------------------- cloze


def sentence(card):
    return card.front[-1]


def test_statement_makes_one_card_for_each_blank(in_anki):
    seen = in_anki("""
concepts:
  femur:
    term: Femur
    statements:
      - "The [[femur]] meets the [[hip|joint]] above and the [[knee]] below."
""")
    assert [sentence(card) for card in seen.cards] == [
        "The [...] meets the hip above and the knee below.",
        "The femur meets the [joint] above and the knee below.",
        "The femur meets the hip above and the [...] below.",
    ]
    assert [card.number for card in seen.cards] == [1, 2, 3]
    assert {card.due for card in seen.cards} == {100}
    for card in seen.cards:
        assert card.back[-2:] == ["The femur meets the hip above and the knee below.", ATLAS]


def test_equal_answers_in_one_statement_hide_together(in_anki):
    seen = in_anki("""
concepts:
  femur:
    term: Femur
    statements:
      - "[[Bone]] is living: old [[bone]] goes, new [[bone]] comes, kept by [[cells]]."
""")
    assert [sentence(card) for card in seen.cards] == [
        "[...] is living: old [...] goes, new [...] comes, kept by cells.",
        "Bone is living: old bone goes, new bone comes, kept by [...].",
    ]


def test_blanks_that_the_author_numbered_keep_their_numbers(in_anki):
    seen = in_anki("""
concepts:
  femur:
    term: Femur
    statements:
      - "{{c2::Calcium}} and {{c5::phosphate::which ion?}} make {{c2::hydroxyapatite}}."
""")
    assert [card.number for card in seen.cards] == [2, 5]
    assert [sentence(card) for card in seen.cards] == [
        "[...] and phosphate make [...].",
        "Calcium and [which ion?] make hydroxyapatite.",
    ]


def test_blank_in_math_is_hidden_within_the_formula(in_anki):
    seen = in_anki(r"""
concepts:
  force:
    term: Force
    statements:
      - 'Newton: $F = [[m]] \cdot \frac{a}{1}$'
""")
    (card,) = seen.cards
    assert sentence(card) == r"Newton: \(F = [...] \cdot \frac{a}{1}\)"
    assert r"Newton: \(F = m \cdot \frac{a}{1}\)" in card.back


def test_statement_shows_hint_in_front_and_why_note_extra_and_own_source_behind(in_anki):
    seen = in_anki("""
concepts:
  femur:
    term: Femur
    source: manual
    statements:
      - text: "The longest bone is the [[femur]]."
        hint: in the leg
        why: It spans the thigh.
        note: In man.
        extra: More to read.
""")
    (card,) = seen.cards
    assert card.front[-3:] == ["The longest bone is the [...].", "Hint", "in the leg"]
    assert card.back[-5:] == [
        "The longest bone is the femur.",
        "It spans the thigh.",
        "In man.",
        "More to read.",
        MANUAL,
    ]


def test_held_statement_makes_no_card_and_disputed_one_shows_the_caveat(in_anki):
    seen = in_anki("""
concepts:
  femur:
    term: Femur
    statements:
      - {text: "Held [[back]].", status: hold}
      - {text: "Doubtful [[claim]].", status: disputed}
""")
    (card,) = seen.cards
    assert card.front[0] == CAVEAT
    assert sentence(card) == "Doubtful [...]."


# ------------------------------------------------------------------ question


def test_question_is_asked_plainly(in_anki):
    seen = in_anki("""
concepts:
  femur:
    term: Femur
    questions:
      - {ask: Why is it strong?, answer: It carries us., hint: weight, why: Wolff's law., note: N., extra: E.}
      - {ask: Held?, answer: Yes, status: hold}
      - {ask: How many?, answer: 206 bones, status: disputed, tags: [numbers]}
""")
    plain, disputed = seen.cards
    assert plain.front[-3:] == ["Why is it strong?", "Hint", "weight"]
    assert plain.back == ["It carries us.", "Wolff's law.", "N.", "E.", ATLAS]
    assert disputed.front[0] == CAVEAT
    assert disputed.front[-1] == "How many?"
    assert disputed.back == ["206 bones", ATLAS]
    assert set(disputed.tags) == {
        "anatomy",
        "deckbuilder::kind::question",
        "deckbuilder::status::disputed",
        "Medicine::Bones::femur",
        "numbers",
    }


# ----------------------------------------------------------------- mechanism

HEALING = """
concepts:
  healing:
    term: Fracture healing
    mechanism:
      - {text: Blood clots, hint: first hours}
      - Cells arrive, any order:
          - Macrophages
          - {text: Stem cells, note: From the periosteum.}
      - {text: "A [[callus|bridge]] of [[cartilage]] forms", why: Oxygen is scarce.}
      - {text: Remodelling, source: manual, status: disputed}
      - {text: Held step, status: hold}
"""


def test_mechanism_shows_the_whole_process_and_asks_one_step_a_card(in_anki):
    seen = in_anki(HEALING)
    assert [card.front[:2] for card in seen.cards] == [["Mechanism", "Fracture healing"]] * 6
    assert [card.front[2:] for card in seen.cards] == [
        [
            *("[first hours]", "Cells arrive, any order", "Macrophages", "Stem cells"),
            *("A callus of cartilage forms", "Remodelling (disputed)"),
        ],
        [
            *("Blood clots", "Cells arrive, any order", "[...]", "Stem cells"),
            *("A callus of cartilage forms", "Remodelling (disputed)"),
        ],
        [
            *("Blood clots", "Cells arrive, any order", "Macrophages", "[...]"),
            *("A callus of cartilage forms", "Remodelling (disputed)"),
        ],
        [
            *("Blood clots", "Cells arrive, any order", "Macrophages", "Stem cells"),
            *("A [bridge] of cartilage forms", "Remodelling (disputed)"),
        ],
        [
            *("Blood clots", "Cells arrive, any order", "Macrophages", "Stem cells"),
            *("A callus of [...] forms", "Remodelling (disputed)"),
        ],
        [
            *("Blood clots", "Cells arrive, any order", "Macrophages", "Stem cells"),
            *("A callus of cartilage forms", "[...] (disputed)"),
        ],
    ]


def test_mechanism_shows_reasons_notes_and_all_sources_on_each_back(in_anki):
    seen = in_anki(HEALING)
    for card in seen.cards:
        assert card.back == [
            *("Mechanism", "Fracture healing"),
            *("Blood clots", "Cells arrive, any order", "Macrophages", "Stem cells"),
            *("A callus of cartilage forms", "Remodelling (disputed)"),
            *("A callus of cartilage forms", "Oxygen is scarce."),
            *("Stem cells", "From the periosteum."),
            *(ATLAS, MANUAL),
        ]


def test_steps_are_numbered_and_parallel_factors_are_not(in_anki):
    front = in_anki(HEALING).cards[0].front_html
    outer, _, inner = front.partition("<ul>")
    assert "<ol>" in outer
    assert "<ol>" not in inner.partition("</ul>")[0]


def test_mechanism_of_disputed_steps_alone_is_disputed_as_a_whole(in_anki):
    seen = in_anki("""
concepts:
  healing:
    term: Healing
    mechanism:
      - {text: One, status: disputed}
      - {text: Two, status: disputed}
""")
    assert [card.front[0] for card in seen.cards] == [CAVEAT, CAVEAT]


# ---------------------------------------------------------------------- list

FRACTURES = """
concepts:
  fracture:
    term: Fracture
    causes:
      - {text: Fall, hint: gravity, why: Energy exceeds strength.}
      - Weak bone:
          - {text: Osteoporosis, note: Loss of mass., tags: [metabolic]}
          - {text: Metastasis, status: disputed}
          - {text: Held cause, status: hold}
"""


def test_list_asks_one_member_a_card_with_the_others_in_view(in_anki):
    seen = in_anki(FRACTURES)
    assert fronts(seen.cards) == [
        ["Causes", "Fracture", "[gravity]", "Weak bone"],
        ["Causes", "Fracture", "Fall", "[...]"],
        ["Causes › Weak bone", "Fracture", "[...]", "Metastasis (disputed)"],
        ["Causes › Weak bone", "Fracture", "Osteoporosis", "[...] (disputed)"],
    ]
    assert backs(seen.cards)[0] == [
        *("Causes", "Fracture", "Fall", "Weak bone"),
        *("Fall", "Energy exceeds strength."),
        ATLAS,
    ]
    assert backs(seen.cards)[2] == [
        *("Causes › Weak bone", "Fracture", "Osteoporosis", "Metastasis (disputed)"),
        *("Osteoporosis", "Loss of mass."),
        ATLAS,
    ]
    assert "metabolic" in seen.cards[2].tags
    assert "metabolic" not in seen.cards[0].tags


def test_status_of_a_group_holds_for_its_members(in_anki):
    seen = in_anki("""
concepts:
  fracture:
    term: Fracture
    causes:
      - Fall
      - {text: Doubtful, status: disputed, of: [Cold]}
      - {text: Held, status: hold, of: [Moonlight]}
""")
    assert fronts(seen.cards) == [
        ["Causes", "Fracture", "[...]", "Doubtful (disputed)"],
        ["Causes", "Fracture", "Fall", "[...] (disputed)"],
        [CAVEAT, "Causes › Doubtful", "Fracture", "[...]"],
    ]
    assert not any("Moonlight" in card.back_html for card in seen.cards)


def test_further_lists_are_headed_by_their_title(in_anki):
    seen = in_anki("""
lists:
  sites: {title: Typical sites}
concepts:
  fracture:
    term: Fracture
    lists:
      sites: [Wrist, Hip]
""")
    assert fronts(seen.cards) == [
        ["Typical sites", "Fracture", "[...]", "Hip"],
        ["Typical sites", "Fracture", "Wrist", "[...]"],
    ]


def test_groups_within_groups_show_their_path(in_anki):
    seen = in_anki("""
concepts:
  fracture:
    term: Fracture
    examples:
      - Arm:
          - Forearm:
              - Distal radius
""")
    assert fronts(seen.cards) == [
        ["Examples", "Fracture", "[...]"],
        ["Examples › Arm", "Fracture", "[...]"],
        ["Examples › Arm › Forearm", "Fracture", "[...]"],
    ]


# ------------------------------------------------------------ classification

JOINTS = """
axes: {gap: Joint gap, motion: Motion}
classifications:
  type:
    among: [synovial, fibrous]
    ask: Which type of joint?
    items: [examples]
    because: [motion, gap]
concepts:
  synovial:
    term: Synovial joint
    features: {gap: present, motion: free}
    examples:
      - Ball and socket:
          - {text: Hip, hint: thigh, why: The head turns in a cup., note: Deep socket.}
      - {text: Sacroiliac, status: disputed}
      - {text: Facet, status: hold}
      - {text: Named by its class, classify: false}
  fibrous:
    term: Fibrous joint
    features: {gap: absent, motion: {text: none, status: hold}}
    examples: [Skull suture]
"""


def test_classification_asks_for_the_class_of_each_leaf(in_anki):
    cards = {card.front[1]: card for card in in_anki(JOINTS).of_kind("classification")}
    assert set(cards) == {"Hip", "Skull suture"}
    assert cards["Hip"].front == ["Which type of joint?", "Hip", "Synovial joint", "Fibrous joint"]
    assert cards["Hip"].back == [
        "Synovial joint",
        "Examples › Ball and socket",
        "The head turns in a cup.",
        *("Motion", "free", "Joint gap", "present"),
        "Deep socket.",
        ATLAS,
    ]


def test_held_feature_is_no_reason_for_a_class(in_anki):
    cards = {card.front[1]: card for card in in_anki(JOINTS).of_kind("classification")}
    assert cards["Skull suture"].back == ["Fibrous joint", "Examples", "Joint gap", "absent", ATLAS]


def test_nothing_on_a_classification_card_but_the_options_names_the_class_before_the_answer(in_anki):
    for card in in_anki(JOINTS).of_kind("classification"):
        assert card.front[2:] == ["Synovial joint", "Fibrous joint"]
        assert set(card.tags) == {"anatomy", "deckbuilder::kind::classification"}


# ------------------------------------------------------------------ contrast


def test_contrast_asks_two_concepts_on_each_axis_that_both_have(in_anki):
    seen = in_anki("""
axes: {gap: Joint gap, motion: Motion, pain: Pain}
concepts:
  synovial:
    term: Synovial joint
    contrasts: [fibrous]
    features: {gap: present, motion: {text: free, note: Within limits., why: Cartilage glides.}, pain: often}
  fibrous:
    term: Fibrous joint
    features: {gap: absent, motion: {text: none, source: manual, status: disputed}}
""")
    gap, motion = seen.cards
    assert gap.front == ["Tell apart", "Joint gap", "Fibrous joint or Synovial joint?"]
    assert gap.back == ["Fibrous joint absent", "Synovial joint present", ATLAS]
    assert motion.front == [CAVEAT, "Tell apart", "Motion", "Fibrous joint or Synovial joint?"]
    assert motion.back == [
        *("Fibrous joint none", "Synovial joint free"),
        *("Synovial joint", "Cartilage glides."),
        *("Synovial joint", "Within limits."),
        *(MANUAL, ATLAS),
    ]


@pytest.mark.parametrize(
    ("language", "question"),
    [("de", "A oder B?"), ("es", "¿A o B?"), ("fr", "A ou B\N{NO-BREAK SPACE}?"), ("pt", "A ou B?"), ("ar", "A أم B؟")],
)
def test_contrast_asks_as_one_does_in_the_language_of_the_deck(language, question, tmp_path):
    facts = f"""\
format: 1
deck: {{id: letters, name: Letters, language: {language}}}
axes: {{sound: Sound}}
concepts:
  a: {{term: A, contrasts: b, features: {{sound: open}}}}
  b: {{term: B, features: {{sound: shut}}}}
"""
    (deck,) = load([write_deck(tmp_path, facts)]).decks
    (note,) = make_notes(deck).notes
    assert note.row[QUESTION.positions["Front"]] == f"<strong>Sound</strong><br>{question}"


def test_pair_that_names_each_other_is_asked_once_and_a_held_feature_never(in_anki):
    seen = in_anki("""
axes: {gap: Joint gap, motion: Motion}
concepts:
  fibrous: {term: Fibrous, contrasts: [synovial], features: {gap: absent, motion: {text: none, status: hold}}}
  synovial: {term: Synovial, contrasts: [fibrous], features: {gap: present, motion: free}}
""")
    assert fronts(seen.cards) == [["Tell apart", "Joint gap", "Fibrous or Synovial?"]]


# --------------------------------------------------------------------- order

CHILDHOOD = """
concepts:
  bone:
    term: Bone
    orders:
      - title: When *bone* begins to form
        cards: [next, at]
        items:
          - {text: Collarbone, at: week 5, why: It forms without cartilage.}
          - {text: Skull, at: week 8, hint: above the neck}
          - {text: Elbow, status: hold}
          - {text: Kneecap, at: year 3, status: disputed, source: manual}
"""


def test_order_asks_each_thing_and_each_date_in_one_note(in_anki):
    seen = in_anki(CHILDHOOD)
    assert seen.notes == 1
    assert [card.front[2] for card in seen.cards] == [
        "[...] week 5 Skull week 8 Kneecap year 3 (disputed)",
        "Collarbone [...] Skull week 8 Kneecap year 3 (disputed)",
        "Collarbone week 5 [above the neck] week 8 Kneecap year 3 (disputed)",
        "Collarbone week 5 Skull [...] Kneecap year 3 (disputed)",
        "Collarbone week 5 Skull week 8 [...] year 3 (disputed)",
        "Collarbone week 5 Skull week 8 Kneecap [...] (disputed)",
    ]
    assert seen.cards[0].front[:2] == ["In order", "When bone begins to form"]
    assert seen.cards[0].back == [
        *("In order", "When bone begins to form"),
        "Collarbone week 5 Skull week 8 Kneecap year 3 (disputed)",
        *("Collarbone", "It forms without cartilage."),
        *(ATLAS, MANUAL),
    ]


def test_what_follows_in_an_order_is_reached_by_the_rule_that_covers_it(in_anki):
    """Blanks and dates are siblings, and only the blank that is asked carries its answer as data: see card.css."""
    first, _, second, *_ = in_anki(CHILDHOOD).cards
    covering = ".order > .cloze[data-cloze] ~ *"
    assert covering in first.css
    for card in (first, second):
        inner = card.front_html.partition('<div class="order">')[2].partition("</div>")[0]
        things = re.sub(r"<span>([^<]*)</span>", r"\1", inner)
        assert re.sub(r"<strong>.*?</strong>|<(span|em) class[^<>]*>[^<]*</\1>", "", things).split() == []
        assert inner.count("data-cloze") == 1
        assert "data-cloze" not in card.back_html


def test_order_backwards_is_a_note_of_its_own(in_anki):
    seen = in_anki(CHILDHOOD.replace("[next, at]", "[next, previous]"))
    assert [card.key for card in seen.cards[::3]] == [
        "bones/bone/order/when-bone-begins-to-form",
        "bones/bone/order/previous.when-bone-begins-to-form",
    ]
    assert seen.cards[-1].front == [
        *("In reverse order", "When bone begins to form"),
        "Kneecap year 3 (disputed) Skull week 8 [...] week 5",
    ]


def test_order_without_dates_is_numbered(in_anki):
    seen = in_anki("""
concepts:
  bone: {term: Bone, orders: [{title: Longest, cards: [next, previous], items: [Femur, Tibia]}]}
""")
    assert [card.front[2] for card in seen.cards] == [
        *("1 [...] 2 Tibia", "1 Femur 2 [...]"),
        *("2 [...] 1 Femur", "2 Tibia 1 [...]"),
    ]


def test_dates_alone_can_be_asked(in_anki):
    seen = in_anki(CHILDHOOD.replace("[next, at]", "at"))
    assert [card.front[2] for card in seen.cards] == [
        "Collarbone [...] Skull week 8 Kneecap year 3 (disputed)",
        "Collarbone week 5 Skull [...] Kneecap year 3 (disputed)",
        "Collarbone week 5 Skull week 8 Kneecap [...] (disputed)",
    ]


# ---------------------------------------------------------------------- pair

PAIRS = """
relations:
  latin: {ask: What is ... in Latin?, back: What does *...* mean?}
  count: {ask: How many?}
concepts:
  leg:
    term: Leg
    pairs:
      latin:
        the shin bone: {text: tibia, hint: a flute, why: Flutes were made of it, note: "Plural: tibiae", source: manual}
        the thigh bone: {text: femur, status: hold}
      count: {Bones of the *foot*: 26}
"""


def test_pair_is_asked_both_ways(in_anki):
    shin, tibia, foot = in_anki(PAIRS).cards
    assert shin.front == ["Question", "What is the shin bone in Latin?", "Hint", "a flute"]
    assert shin.back == ["tibia", "Flutes were made of it", "Plural: tibiae", MANUAL]
    assert tibia.front == ["Question", "What does tibia mean?"]
    assert tibia.back == ["the shin bone", "Flutes were made of it", "Plural: tibiae", MANUAL]
    assert "<em>tibia</em>" in tibia.front_html
    assert foot.front == ["Question", "How many?", "Bones of the foot"]
    assert foot.back == ["26", ATLAS]
    assert [shin.key, foot.key] == ["bones/leg/pair/latin.the-shin-bone", "bones/leg/pair/count.bones-of-the-foot"]


# ----------------------------------------------------------------- exception

RULE = """
concepts:
  bone:
    term: Bone
    statements:
      - id: joints
        text: "Every bone meets [[another]] at a joint."
        source: manual
        exceptions:
          - {text: The hyoid, hint: in the neck, why: Muscles carry it.}
          - {text: "A sesamoid lies in a [[tendon]]", source: atlas, note: Such as the kneecap., status: disputed}
          - {text: A third, status: hold}
"""


def test_exceptions_are_asked_under_their_rule(in_anki):
    rule, hyoid, sesamoid = in_anki(RULE).cards
    assert hyoid.front == [
        *("Exceptions", "Every bone meets another at a joint."),
        *("[in the neck]", "A sesamoid lies in a tendon (disputed)"),
    ]
    assert sesamoid.front[2:] == ["The hyoid", "A sesamoid lies in a [...] (disputed)"]
    assert hyoid.back[4:] == [
        *("The hyoid", "Muscles carry it."),
        *("A sesamoid lies in a tendon", "Such as the kneecap."),
        *(MANUAL, ATLAS),
    ]
    assert hyoid.key == "bones/bone/exception/joints"
    assert rule.kind == "cloze"


def test_a_rule_names_its_exceptions_on_its_back_alone(in_anki):
    rule, *_ = in_anki(RULE).cards
    assert rule.front == ["Fill in", "Every bone meets [...] at a joint."]
    assert rule.back[2] == "Exceptions: The hyoid; A sesamoid lies in a tendon"


# ------------------------------------------------------------- across kinds


EVERY_KIND = """
axes: {gap: Joint gap}
relations: {count: {ask: How many?}}
classifications: {type: {among: [fibrous, synovial], ask: Which joint?}}
concepts:
  fibrous:
    term: Fibrous joint
    contrasts: [synovial]
    definition: Bones held by fibres.
    features: {gap: absent}
    mechanism: [Fibres grow]
    examples: [{text: Skull suture, choice: true}]
    statements: [{text: "The skull has [[sutures]].", exceptions: [The newborn's]}]
    questions: [{ask: Does it move?, answer: Hardly.}]
    orders: [{title: Size, items: [small, large]}]
    pairs: {count: {Sutures of the skull: 17}}
  synovial:
    term: Synovial joint
    features: {gap: present}
    examples: [Knee, Elbow]
    skip: [list, classification]
"""
KINDS = (
    *("definition", "contrast", "cloze", "exception", "question", "pair", "mechanism", "list", "order"),
    *("classification", "choice"),
)


def test_kinds_are_taught_from_definition_to_classification(in_anki):
    seen = in_anki(EVERY_KIND)
    assert tuple(dict.fromkeys(card.kind for card in seen.cards)) == KINDS
    dues = [card.due for card in seen.cards]
    assert dues == sorted(dues)


@pytest.mark.parametrize("kind", KINDS)
def test_kind_can_be_left_out_of_a_deck_or_a_concept(in_anki, kind, tmp_path):
    of_deck = study(HEADING.replace("tags: [anatomy]", f"skip: [{kind}]") + EVERY_KIND, tmp_path / "deck")
    of_concept = in_anki(EVERY_KIND.replace("contrasts:", f"skip: [{kind}]\n    contrasts:"))
    rest = [other for other in KINDS if other != kind]
    assert list(dict.fromkeys(card.kind for card in of_deck.cards)) == rest
    assert list(dict.fromkeys(card.kind for card in of_concept.cards)) == rest


def test_tags_name_deck_concept_and_kind(in_anki):
    seen = in_anki("""
concepts:
  femur:
    term: Femur
    tags: [leg, "exam::2026"]
    definition: {text: Bone of the thigh., tags: [first]}
""")
    assert set(seen.cards[0].tags) == {
        "anatomy",
        "deckbuilder::kind::definition",
        "exam::2026",
        "first",
        "leg",
        "Medicine::Bones::femur",
    }


def test_arabic_deck_reads_from_right_to_left_with_arabic_words(in_anki):
    seen = in_anki(
        """
concepts:
  bone:
    term: العظم
    aliases: [العظام]
    definition: نسيج صلب يدعم الجسم
    statements: ["يحتوي العظم على [[الكالسيوم|معدن]]"]
""",
        heading="""
format: 1
deck: {id: izam, name: العظام, language: ar}
sources: {kitab: {title: كتاب العظام}}
default_source: kitab
""",
    )
    to_definition, to_term, cloze = seen.cards
    assert to_definition.front == ["تعريف", "العظم"]
    assert to_definition.back == ["نسيج صلب يدعم الجسم", "يسمى أيضًا: العظام", "المصدر: كتاب العظام."]
    assert to_term.front == ["ما المصطلح؟", "نسيج صلب يدعم الجسم"]
    assert cloze.front[-1] == "يحتوي العظم على [معدن]"
    for card in seen.cards:
        for side in (card.front_html, card.back_html):
            assert '<article lang="ar">' in side
            assert 'dir="auto"' in side
            assert 'dir="ltr"' not in side
    assert "text-align: start" in to_definition.css


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ["Welcher Begriff?", "Knochen des Beins", "Femur", "Quelle: A. Author. Atlas of Bones. 2020."]),
        ("pt-BR", ["Qual é o termo?", "Knochen des Beins", "Femur", "Fonte: A. Author. Atlas of Bones. 2020."]),
        ("fi", ["Which term?", "Knochen des Beins", "Femur", ATLAS]),
    ],
)
def test_words_around_the_facts_follow_the_deck_language(in_anki, language, words):
    seen = in_anki(
        "concepts: {femur: {term: Femur, definition: Knochen des Beins}}",
        HEADING.replace("tags: [anatomy]", f"language: {language}"),
    )
    card = seen.cards[1]
    assert card.front + card.back == words
    assert f'lang="{language}"' in card.front_html
