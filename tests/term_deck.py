"""A first term of several subjects: typed answers, code, formulas, choices, numbers with dates, readings, languages.

Words in CAPITALS name a fact, as in `test_updates_in_anki.py`: an author's edit keeps them.
"""

from tests.changes import Change, StudiedDeck

FACTS = """\
format: 1
deck: {id: term, name: First term, check: {choice_share: 100}}
sources: {script: {title: My notes}}
default_source: script
axes: {form: Its form}
lists: {uses: {title: What it is used for}}
relations:
  word: {ask: What is ... in Japanese?, back: What does ... mean?, lang: ja, type: true}
  option: {ask: Which option ...?}
classifications:
  state: {among: [solid, liquid], ask: In which state?, items: [examples], because: [form], choices: true}
  need: {among: [solid, liquid], ask: Who needs it?, items: [uses]}
concepts:
  japan:
    term: JAPAN
    definition: {text: ISLANDS in the east of Asia., type: true}
    statements:
      - {text: "About [[...|how many?]] people live there.", value: 124, unit: MILLION, as_of: 2023}
      - {id: mountain, text: "Its highest mountain is [[富士山[ふじさん] FUJI]]."}
      - {id: regions, text: "It has [[47 PREFECTURES]]."}
      - {id: year, text: "Its year of [[MEIJI]] is that of [[REFORM]].", type: true}
    examples:
      - {text: TOKYO with ..., value: 14, unit: million, as_of: 2023}
      - KYOTO
      - {id: osaka, text: "大阪[おおさか] OSAKA", lang: ja}
    pairs:
      word:
        a DOG: 犬[いぬ] INU
        a CAT: 猫[ねこ] NEKO
    questions:
      - {ask: How high is its HIGHEST point?, answer: ... of ALTITUDE, value: "3,776", unit: m, as_of: 2020-01}
      - {id: greeting, ask: Which GREETING at noon?, answer: "今日[こんにち]は KONNICHI", lang: ja, type: true}
      - ask: What is its CAPITAL?
        answer: EDO once
  shell:
    term: SHELL
    pairs:
      option:
        shows ALL files: "`-a DOTFILES`"
        shows SIZES: "`-s BLOCKS`"
    questions:
      - id: loop
        ask: |
          What does this LOOP print?

          ```sh
          for LETTER in a b; do echo "$LETTER"; done
          ```
        answer: "`a b` by ECHO"
      - {ask: How do you COUNT lines?, answer: "`wc -l LINES`", type: true}
    statements:
      - {id: pipe, text: "`ls | wc` counts [[FILES]] through a [[PIPE]]."}
  solid:
    term: SOLID
    features: {form: it keeps its form}
    examples: [{id: iron, text: IRON, why: It melts late.}, SALT, '$\\ce{H2O}$ as ICE']
    lists: {uses: [WALLS, TOOLS]}
  liquid:
    term: LIQUID
    features: {form: it takes that of its vessel}
    examples: [MERCURY, {id: milk, text: MILK}, '$\\ce{C2H5OH}$, ALCOHOL']
    lists: {uses: [WASHING, COOLING]}
"""

NOTES = 36

CHANGES = {
    # ------------------------------------------------------------- typed answers
    "wording of a typed answer": Change({"今日[こんにち]は KONNICHI": "こんにちは KONNICHI"}, updated=1),
    "answer typed from now on": Change({"answer: EDO once": "answer: EDO once\n        type: true"}, updated=1),
    "answer typed no more": Change({'KONNICHI", lang: ja, type: true': 'KONNICHI", lang: ja'}, updated=1),
    "blanks typed from now on": Change({'[[PIPE]]."': '[[PIPE]].", type: true'}, updated=1),
    "blanks typed no more": Change({'[[REFORM]].", type: true': '[[REFORM]]."'}, updated=1),
    "term typed no more": Change({"east of Asia., type: true": "east of Asia."}, updated=1),
    "pairs typed from now on": Change({"Which option ...?}": "Which option ...?, type: true}"}, updated=2),
    "pairs typed no more": Change({"mean?, lang: ja, type: true}": "mean?, lang: ja}"}, updated=2),
    "typed question renamed": Change(
        {"ask: How do you COUNT lines?": "ask: What do you COUNT lines with?, formerly: how-do-you-count-lines"},
        updated=1,
    ),
    "typed pair inserted at the front": Change(
        {"        a DOG:": "        a BIRD: 鳥[とり] TORI\n        a DOG:"}, new=1
    ),
    "typed pair removed": Change({"        a CAT: 猫[ねこ] NEKO\n": ""}, withdrawn=1),
    "typed pairs reordered": Change(
        {"        a CAT: 猫[ねこ] NEKO\n": "", "        a DOG:": "        a CAT: 猫[ねこ] NEKO\n        a DOG:"}
    ),
    # ------------------------------------------------------------- code and formulas
    "code of a question, with an id": Change({"LETTER in a b;": "LETTER in a b c;"}, updated=1),
    "code in colours no more": Change({"```sh": "```"}, updated=1),
    "code of an answer": Change({'answer: "`a b` by ECHO"': 'answer: "`a`, `b` by ECHO"'}, updated=1),
    "code around blanks": Change({"`ls | wc`": "`ls -1 | wc -l`"}, updated=1),
    "code in a pair": Change({"`-s BLOCKS`": "`-s` for BLOCKS"}, updated=1),
    "question with code inserted at the front": Change(
        {
            "    questions:\n      - id: loop": "    questions:\n"
            '      - {ask: Who are YOU?, answer: "`whoami NAME`"}\n      - id: loop'
        },
        new=1,
    ),
    # Its list, classification and choice, and the three choices in which it is wrong.
    "formula gets its old id": Change(
        {"'$\\ce{H2O}$ as ICE'": "{id: ce-h2o-as-ice, text: '$\\ce{H2O}(s)$, ICE'}"}, updated=6
    ),
    # ------------------------------------------------------------- choices
    "choices asked no more": Change({"because: [form], choices: true": "because: [form]"}, withdrawn=6),
    "choices asked of another classification": Change({"items: [uses]}": "items: [uses], choices: true}"}, new=4),
    "item asked by choice no more": Change({"text: IRON, why": "text: IRON, choice: false, why"}, withdrawn=1),
    # Its list, and two choices in which it is drawn.
    "wrong answer added": Change({"examples: [{id: iron": "examples: [COPPER, {id: iron"}, updated=3, new=2),
    "wrong answer removed": Change({"late.}, SALT, ": "late.}, "}, updated=4, gone=frozenset({"SALT"}), withdrawn=2),
    "wrong answer reworded, with an id": Change({"text: MILK}": "text: MILK of a cow}"}, updated=6),
    "wrong answer renamed": Change({"SALT, '": "{text: Table SALT, formerly: salt}, '"}, updated=6),
    "wrong answer disputed": Change({"SALT, '": "{text: SALT, status: disputed}, '"}, updated=4, withdrawn=2),
    # On its own cards and where it is wrong.
    "reason of a wrong answer": Change({"It melts late.": "It melts very late."}, updated=5),
    "reason of a class": Change({"it keeps its form": "it keeps a form"}, updated=6),
    "items of a class reordered": Change(
        {"[MERCURY, {id: milk, text: MILK}": "[{id: milk, text: MILK}, MERCURY"}, updated=1
    ),
    # Two lists and three choices have its tag.
    "class renamed": Change(
        {
            "  solid:\n    term": "  firm:\n    formerly: solid\n    term",
            "state: {among: [solid": "state: {among: [firm",
            "need: {among: [solid": "need: {among: [firm",
        },
        updated=5,
    ),
    # ------------------------------------------------------------- numbers and dates
    "value in a blank, with its date": Change(
        {"value: 124, unit: MILLION, as_of: 2023": "value: 123, unit: MILLION, as_of: 2025-10"}, updated=1
    ),
    "value of a member": Change({"value: 14, unit": "value: 13.9, unit"}, updated=1),
    "value of an answer": Change({'value: "3,776"': 'value: "3,775"'}, updated=1),
    "date alone": Change({"as_of: 2020-01": "as_of: 2024-07-01"}, updated=1),
    "unit": Change({"unit: MILLION": "unit: MILLION or so"}, updated=1),
    "hint of a value": Change({"[[...|how many?]]": "[[...]]"}, updated=1),
    "words around a value, with its old id": Change(
        {
            '{text: "About [[...|how many?]] people live there."': "{id: about-people-live-there, "
            'text: "[[...|how many?]] live there."'
        },
        updated=1,
    ),
    "member with a value removed": Change(
        {"      - {text: TOKYO with ..., value: 14, unit: million, as_of: 2023}\n": ""},
        updated=1,
        gone=frozenset({"TOKYO"}),
    ),
    "number of a blank becomes a value": Change(
        {'"It has [[47 PREFECTURES]]."': '"It has [[...]].", value: 47, unit: PREFECTURES, as_of: 2024'}, updated=1
    ),
    "number of a member becomes a value": Change(
        {"- KYOTO": "- {id: kyoto, text: KYOTO with ..., value: 1.4, unit: million, as_of: 2024}"}, updated=1
    ),
    # ------------------------------------------------------------- readings and languages
    "reading, with an id": Change({"大阪[おおさか]": "大阪[オーサカ]"}, updated=1),
    "reading in a pair": Change({"犬[いぬ] INU": "犬[ケン] INU"}, updated=1),
    "reading in a blank, numbered by hand": Change(
        {"[[富士山[ふじさん] FUJI]]": "{{c1::富士山[ふじやま] FUJI}}"}, updated=1
    ),
    "language of a member": Change({"- KYOTO": "- {text: KYOTO, lang: ja}"}, updated=1),
    "language of a member no more": Change({'OSAKA", lang: ja': 'OSAKA"'}, updated=1),
    "language of pairs": Change({"mean?, lang: ja,": "mean?, lang: ja-JP,"}, updated=2),
    "language of the first of pairs": Change({"mean?, lang: ja,": "mean?, first_lang: en, lang: ja,"}, updated=2),
    "language of a question": Change({"GREETING at noon?,": "GREETING at noon?, ask_lang: en,"}, updated=1),
    # Its definition and its list.
    "language of a term": Change({"term: JAPAN": "term: JAPAN\n    lang: de"}, updated=2),
    "language of the deck": Change({"name: First term,": "name: First term, language: de,"}, updated=NOTES),
    # All that it has.
    "facts spoken from now on": Change({"term: JAPAN": "term: JAPAN\n    tts: true"}, updated=11),
}

TERM = StudiedDeck("term", FACTS, NOTES, CHANGES)
