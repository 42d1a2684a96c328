"""A deck in English, studied in German: the output of its translations, some of which come later.

Words in CAPITALS name a fact, as in `test_updates_in_anki.py`: an author's edit and a translation keep them.
"""

from tests.changes import Change, StudiedDeck

FACTS = """\
format: 1
deck: {id: moons, name: Moons}
sources: {atlas: {title: Atlas of the sky}}
default_source: atlas
axes:
  air: {name: Its AIR, translations: {de: Die AIR dort}}
lists:
  moons: {title: Moons, translations: {de: Monde}}
relations:
  found: {ask: Who found ...?, back: What did ... find?, translations: {de: {ask: Wer fand ...?, back: Was fand ...?}}}
classifications:
  planet: {among: [mars, saturn], ask: Around which planet?, translations: {de: Um welchen Planeten?}, items: [moons]}
outputs:
  german: {language: de, name: Monde}
concepts:
  mars:
    term: MARS
    translations: {de: {term: der MARS, aliases: [Roter Planet]}}
    contrasts: [saturn]
    features: {air: {text: thin CARBON dioxide, translations: {de: dünnes CARBON-Dioxid}}}
    definition: {text: A planet of RUST., translations: {de: {text: Ein Planet aus RUST., note: Auch nachts rot.}}}
    lists:
      moons:
        - {text: PHOBOS within, id: phobos, translations: {de: PHOBOS innen}}
        - {text: DEIMOS without, translations: {de: {text: DEIMOS außen, note: Er ist klein.}}}
    statements:
      - text: "[[OLYMPUS]] is higher than [[EVEREST]]."
        translations: {de: "[[EVEREST]] ist niedriger als [[OLYMPUS|Berg]]."}
      - {id: day, text: "A day there is a [[SOL]]."}
    questions:
      - ask: Which ROVER was the first?
        answer: SOJOURNER
        translations: {de: {ask: Welcher ROVER war der erste?, answer: SOJOURNER im Jahr 1997}}
      - {ask: How long is its ORBIT?, answer: ... in DAYS, value: 687, unit: days,
         translations: {de: {ask: Wie lang ist sein ORBIT?, answer: ... als DAYS, unit: Tage}}}
      - {ask: Where is the VALLEY?, answer: At its EQUATOR}
    mechanism:
      - {text: WATER froze, translations: {de: WATER gefror}}
      - {text: The FIELD died, id: field, translations: {de: Das FIELD erlosch}}
      - {text: The WIND took the air, translations: {de: Der WIND nahm die Luft}}
  saturn:
    term: SATURN
    translations: {de: der SATURN}
    features: {air: {text: much HYDROGEN, translations: {de: viel HYDROGEN}}}
    definition: {text: A planet with RINGS., translations: {de: Ein Planet mit RINGS.}}
    lists:
      moons:
        - TITAN
        - {text: RHEA of ice, translations: {de: RHEA aus Eis}}
        - {text: MIMAS, translations: {de: MIMAS mit Krater}}
    pairs:
      found:
        DIONE: {text: CASSINI, translations: {de: {first: DIONE am Himmel, text: CASSINI in Paris}}}
        HYPERION: {text: BOND, translations: {de: BOND in Harvard}}
    orders:
      - title: From INSIDE
        translations: {de: Von INSIDE}
        cards: [next, at]
        items:
          - {text: ENCELADUS, at: FOURTH of a million, translations: {de: {at: FOURTH einer Million}}}
          - {text: TETHYS, at: HALF, id: tethys, translations: {de: {text: TETHYS dort, at: HALF davon}}}
    questions:
      - {ask: Who saw the rings FIRST?, answer: GALILEO, translations: {de: {ask: Wer sah die Ringe FIRST?}}}
"""

NOTES = 20

CHANGES = {
    "wording of a translation": Change({"Ein Planet aus RUST.": "Ein Planet voll RUST."}, updated=1),
    "note of a translation": Change({"Auch nachts rot.": "Bei Tag und Nacht rot."}, updated=1),
    "translation added": Change({"- TITAN": "- {text: TITAN, translations: {de: TITAN mit Luft}}"}, updated=2),
    "translation of a question added": Change(
        {"answer: At its EQUATOR": "answer: At its EQUATOR, translations: {de: {ask: Wo ist das VALLEY?}}"}, updated=1
    ),
    "translation removed": Change({", translations: {de: RHEA aus Eis}": ""}, updated=2),
    "aliases of a translation": Change({"aliases: [Roter Planet]": "aliases: [Der rote Planet]"}, updated=1),
    "words of the deck itself, with an id": Change({"text: RHEA of ice": "text: RHEA made of ice, id: rhea-of-ice"}),
    "words of the deck itself, of what is not translated": Change(
        {"answer: At its EQUATOR": "answer: Along its EQUATOR"}, updated=1
    ),
    "note of the deck itself": Change({"text: A planet of RUST.,": "text: A planet of RUST., why: Iron.,"}, updated=1),
    "fact inserted, translated": Change(
        {
            "      - ask: Which ROVER": "      - {ask: What is its YEAR?, answer: A FULL one,\n"
            "         translations: {de: {ask: Was ist sein YEAR?, answer: Ein FULL}}}\n      - ask: Which ROVER"
        },
        new=1,
    ),
    "fact inserted, not translated": Change(
        {"      - ask: Which ROVER": "      - {ask: What is its YEAR?, answer: A FULL one}\n      - ask: Which ROVER"},
        new=1,
    ),
    "facts reordered": Change(
        {
            "        - {text: MIMAS, translations: {de: MIMAS mit Krater}}\n": "",
            "        - TITAN\n": "        - {text: MIMAS, translations: {de: MIMAS mit Krater}}\n        - TITAN\n",
        },
        updated=1,
    ),
    "member inserted at the front": Change(
        {"        - TITAN\n": "        - {text: PHOEBE, translations: {de: PHOEBE weit fort}}\n        - TITAN\n"},
        updated=1,
        new=1,
    ),
    "fact removed": Change({"      - {ask: Where is the VALLEY?, answer: At its EQUATOR}\n": ""}, withdrawn=1),
    "member removed": Change({"        - TITAN\n": ""}, updated=1, withdrawn=1, gone=frozenset({"TITAN"})),
    "member renamed": Change({"- TITAN": "- {text: TITAN the large, formerly: titan}"}, updated=2),
    "concept renamed": Change(
        {"  mars:\n": "  red-planet:\n    formerly: mars\n", "among: [mars": "among: [red-planet"}, updated=9
    ),
    # Its definition, contrast, list and mechanism, and all that ask which planet it is.
    "term in the language": Change({"term: der MARS": "term: MARS oben"}, updated=9),
    # Two lists, and where five items stand.
    "title of a list in the language": Change({"{de: Monde}": "{de: Trabanten}"}, updated=7),
    "axis in the language": Change({"Die AIR dort": "Seine AIR"}, updated=1),
    "question of a relation in the language": Change({"ask: Wer fand ...?": "ask: Wer sah ... zuerst?"}, updated=2),
    "question of a classification in the language": Change({"Um welchen Planeten?": "Um was?"}, updated=5),
    "first of a pair in the language": Change({"DIONE am Himmel": "der Mond DIONE"}, updated=1),
    "blanks in another order in the language": Change(
        {"[[EVEREST]] ist niedriger als [[OLYMPUS|Berg]].": "[[OLYMPUS|Berg]] überragt [[EVEREST]]."}, updated=1
    ),
    "blank added in the language": Change(
        {"ist niedriger als [[OLYMPUS|Berg]].": "ist niedriger als [[OLYMPUS|Berg]] im [[WESTEN]]."}, updated=1
    ),
    "sentence of the deck itself, with an id": Change(
        {'text: "[[OLYMPUS]] is higher than': 'id: olympus-is-higher-than-everest\n        text: "[[OLYMPUS]] tops'}
    ),
    "value": Change({"value: 687": "value: 686.98"}, updated=1),
    "unit in the language": Change({"unit: Tage": "unit: Erdtage"}, updated=1),
    "place in an order in the language": Change({"at: HALF davon": "at: HALF etwa"}, updated=1),
    "step inserted": Change(
        {"      - {text: WATER froze": "      - {text: DUST fell}\n      - {text: WATER froze"},
        updated=1,
    ),
    "disputed": Change({"answer: At its EQUATOR": "answer: At its EQUATOR, status: disputed"}, updated=1),
    "held back": Change({"answer: At its EQUATOR": "answer: At its EQUATOR, status: hold"}, withdrawn=1),
    "source": Change({"title: Atlas of the sky": "title: A new atlas of the sky"}, updated=NOTES),
    "name of the output": Change({"name: Monde}": "name: Die Monde}"}),
    "another output": Change({"outputs:\n": "outputs:\n  kurz: {language: de, concepts: [mars]}\n"}),
    "another language": Change({"outputs:\n": "outputs:\n  french: {language: fr}\n"}),
    "the language in capitals": Change({"language: de, name": "language: DE, name"}, updated=NOTES),
}

MOONS = StudiedDeck("moons", FACTS, NOTES, CHANGES, output="german", withdrawn="Aus dem Stapel zurückgezogen.")
