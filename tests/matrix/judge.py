"""Imports, studies and updates a deck with the `anki` package of this interpreter, and prints what held, as JSON.

    python judge.py EXPECTED.json FOLDER

Runs under every version of the matrix, so it uses nothing but the standard library and `anki`, in words that the oldest
of them knows. EXPECTED.json names the packages and says what is in them. `tests/test_update_matrix.py` writes it.
"""

import json
import re
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

from anki.collection import Collection  # noqa: E402 - its warnings come with the import

TAG, EDIT, STYLE = "exam-in-june", "What I found out myself.", "/* my own colours */"
HISTORY = "type, queue, due, ivl, factor, reps, lapses, left, odue, odid, did, flags, data, ord, nid"
ASKED_BLANK = re.compile(r'<span class="?cloze"?(?: [^>]*)?>(.*?)</span>', re.DOTALL)
AROUND = re.compile(r'<style.*?</style>|<div class="(?:options|reason)".*?</div>|<p class="path".*?</p>', re.DOTALL)


def import_(col, package, importer):
    try:
        return imported(col, package, importer)
    finally:
        # As Anki's window does: what was known of note types may have changed.
        getattr(col.models, "_clear_cache", lambda: None)()


def imported(col, package, importer):
    if importer == "old":
        import anki.lang  # noqa: PLC0415 - as the next
        from anki.importing.apkg import AnkiPackageImporter  # noqa: PLC0415 - gone from later versions

        anki.lang.set_lang("en")
        AnkiPackageImporter(col, package).run()
        return {}
    try:
        from anki.collection import ImportAnkiPackageRequest  # noqa: PLC0415 - not there in earlier versions
    except ImportError:
        log = col.import_anki_package(package).log
    else:
        log = col.import_anki_package(ImportAnkiPackageRequest(package_path=package)).log
    names = ("new", "updated", "duplicate", "conflicting")
    return {name: len(getattr(log, name)) for name in names if len(getattr(log, name))}


def answer(col, card_id, grade):
    """One answer through the scheduler, whatever it is called in this version."""
    card = col.get_card(card_id)
    (card.start_timer if hasattr(card, "start_timer") else card.startTimer)()
    backend = col._backend  # noqa: SLF001 - as Anki's reviewer does
    states = getattr(backend, "get_scheduling_states", None) or backend.get_next_card_states
    col.sched.answer_card(col.sched.build_answer(card=card, states=states(card_id), rating=grade))


def study(col):
    cards = col.find_cards("")
    for turn, card_id in enumerate(cards):
        for again, grade in enumerate(((2,), (0, 2), (3, 1, 2), (3, 0))[turn % 4] if turn % 10 != 9 else ()):
            if again:
                col.sched.set_due_date([card_id], "0")
            answer(col, card_id, grade)
    col.sched.deck_due_tree()
    for flag in (1, 2, 3):
        col.set_user_flag_for_cards(flag, cards[flag::7])
    col.sched.suspend_cards(cards[2::9])
    col.sched.bury_cards(cards[3::9])
    col.set_deck(cards[5::8], col.decks.id("Mine::Hard ones"))
    cram = col.sched.get_or_create_filtered_deck(0)
    cram.name = "Before the exam"
    del cram.config.search_terms[:]
    term = cram.config.search_terms.add()
    term.search, term.limit = "rated:30 -is:suspended -is:buried", 5
    col.sched.add_or_update_filtered_deck(cram)
    for note_id in col.find_notes(""):
        note = col.get_note(note_id)
        note["Extra"] = EDIT
        note.tags.append(TAG)
        col.update_note(note)
    for name in model_names(col):
        model = col.models.by_name(name)
        model["css"] += STYLE
        col.models.update_dict(model)


def model_names(col):
    return [entry.name for entry in col.models.all_names_and_ids() if entry.name.startswith("Deckbuilder")]


def history(col):
    cards = {row[0]: row[1:] for row in col.db.all("select id, %s from cards" % HISTORY)}  # noqa: S608, UP031
    return cards, sorted(col.db.all("select cid, id, ease, ivl, lastIvl, factor, time, type from revlog"))


def facts(col, cards):
    return {card_id: fact(col.get_card(card_id)) for card_id in cards}


def fact(card):
    """The words in capitals that a card asks: for a cloze card those of the hidden answer."""
    output = card.render_output()
    if card.note_type()["type"] == 1:
        sides = [" ".join(ASKED_BLANK.findall(AROUND.sub("", output.answer_text)))]
    else:
        sides = [output.question_text, output.answer_text.split('<hr id="answer">')[-1]]
    return [sorted(set(re.findall(r"\b[A-Z]{3,}\b", AROUND.sub("", side)))) for side in sides]


def notes(col):
    rows = col.db.all("select guid, flds, tags from notes")
    return {guid: [fields.split("\x1f"), sorted(tags.split())] for guid, fields, tags in rows}


def judge(expected, folder):
    col = Collection(str(Path(folder, "collection.anki2")))
    if hasattr(col, "set_v3_scheduler") and not col.v3_scheduler():
        if hasattr(col, "upgrade_to_v2_scheduler") and col.sched_ver() == 1:
            col.upgrade_to_v2_scheduler()
        col.set_v3_scheduler(True)
    col.set_config("fsrs", True)  # noqa: FBT003 - versions that have no FSRS pay no heed
    try:
        return dict(_judge(col, expected, expected["importer"]))
    finally:
        col.close()


def _judge(col, expected, importer):
    first = import_(col, expected["version 1"]["package"], importer)
    one = expected["version 1"]["notes"]
    found = notes(col)
    yield "notes", found == one and col.card_count() == expected["version 1"]["cards"]
    study(col)
    cards = col.find_cards("")
    before, before_facts, before_notes = history(col), facts(col, cards), notes(col)
    again = import_(col, expected["version 1"]["package"], importer)
    yield "again", (history(col), notes(col)) == (before, before_notes)

    second = import_(col, expected["version 2"]["package"], importer)
    two, after, after_notes = expected["version 2"]["notes"], history(col), notes(col)
    key = expected["deck"] + "/"
    changed = {guid for guid in one if guid in two and shown(one[guid], key) != shown(two[guid], key)}
    yield "new notes", all(after_notes.get(guid) == two[guid] for guid in two if guid not in one)
    yield "new cards", col.card_count() == expected["all cards"]
    yield "changes", all(after_notes[guid] == two[guid] for guid in changed)
    yield "edits", all(after_notes[guid] == before_notes[guid] for guid in one if guid not in changed)
    yield "history", {n: after[0].get(n) for n in cards} == before[0] and after[1] == before[1]
    moved = [n for n, now in facts(col, cards).items() if now not in (before_facts[n], [[]])]
    emptied = [n for n, now in facts(col, cards).items() if now == [[]]]
    yield "facts", moved == [] and [before_facts[n] for n in emptied] == expected["emptied"]
    conflicts = [log["conflicting"] for log in (first, again, second) if "conflicting" in log]
    yield (
        "conflicts",
        conflicts == [] and len(model_names(col)) == expected["note types"] and set(after_notes) == {*one, *two},
    )
    models = [col.models.by_name(name) for name in model_names(col)]
    yield "style", all(model["css"].endswith(STYLE) for model in models)

    import_(col, expected["update"]["package"], importer)
    told = notes(col)
    withdrawn = [guid for guid in one if guid not in two]
    yield (
        "withdrawn",
        all(
            "deckbuilder::retired" in told[guid][1] and any("Withdrawn" in text for text in told[guid][0])
            for guid in withdrawn
        )
        and {n: history(col)[0].get(n) for n in cards} == before[0],
    )

    yield "theme", all(theme_arrives(col, theme, importer) for theme in expected["themes"])


def theme_arrives(col, theme, importer):
    """Whether all cards of the deck look so once it is imported, and those that were there keep their history."""
    before, reviews = history(col)
    import_(col, theme["package"], importer)
    after, now = history(col)
    themed = [name for name in model_names(col) if name.endswith("(bones-themed)")]
    css = [col.models.by_name(name)["css"] for name in themed]
    kept = {n: after[n] for n in before} == before and now == reviews
    for card_id in col.find_cards('"note:*(bones-themed)"')[::5]:
        answer(col, card_id, 2)
    return kept and bool(css) and all(theme["css"] in one for one in css)


def shown(note, key):
    """A note without the field that carries its identity, which no student sees."""
    return [text for text in note[0] if not text.startswith(key)], note[1]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - as plain as can be
        told = json.load(file)
    print(json.dumps(judge(told, sys.argv[2])))  # noqa: T201 - this is its result
