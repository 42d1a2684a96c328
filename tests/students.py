"""A student with a collection of Anki's own: imports, studies, edits, and what must still be theirs after an update."""

import os
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anki.collection import Collection, ImportAnkiPackageRequest

from tests.anki_helpers import visible_lines

OUTCOMES = ("new", "updated", "duplicate", "conflicting", "first_field_match", "missing_notetype", "missing_deck")
AGAIN, HARD, GOOD, EASY = range(4)
_ASKED_BLANK = re.compile(r'<span class="cloze"[^>]*>(.*?)</span>', re.DOTALL)
# What there is to choose from, where an item stands, and why the answer is right: no part of what is asked.
_AROUND = re.compile(r'<div class="(?:options|reason)".*?</div>|<p class="path".*?</p>', re.DOTALL)
_STATE = "type, queue, due, ivl, factor, reps, lapses, left, odue, odid, did, flags, data, ord, nid"


@dataclass(frozen=True)
class State:
    """All that a card's history is made of: its row, and its entries in the review log."""

    row: tuple[Any, ...]
    reviews: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Asked:
    """What a card asks, as a student reads it: for a cloze card the hidden answer alone, else front and answer."""

    front: str
    answer: str


class Student:
    """A collection in `folder`, with FSRS on."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.col = Collection(str(folder / "collection.anki2"))
        self.col.set_config("fsrs", True)  # noqa: FBT003 - the parameter has other names in other versions

    def close(self) -> None:
        self.col.close()

    # ------------------------------------------------------------- what a student does

    def import_(self, package: Path) -> dict[str, int]:
        """How many notes had which outcome; outcomes that no note had are left out."""
        log = self.col.import_anki_package(ImportAnkiPackageRequest(package_path=os.fspath(package))).log
        counts = {outcome: len(getattr(log, outcome)) for outcome in (*OUTCOMES, "empty_first_field")}
        self.col.models._clear_cache()  # noqa: SLF001 - as Anki's window does after an import
        return {outcome: count for outcome, count in counts.items() if count}

    def answer(self, card_id: int, *grades: int) -> None:
        """Answers a card through the scheduler; from the second time on it is made due first."""
        for turn, grade in enumerate(grades):
            if turn:
                self.col.sched.set_due_date([card_id], "0")
            card = self.col.get_card(card_id)
            card.start_timer()
            states = self.col._backend.get_scheduling_states(card_id)  # noqa: SLF001 - as Anki's reviewer does
            self.col.sched.answer_card(self.col.sched.build_answer(card=card, states=states, rating=grade))

    # ------------------------------------------------------------- what a student has

    def cards(self) -> list[int]:
        return list(self.db.list("select id from cards order by id"))

    def reviewed(self) -> list[int]:
        return list(self.db.list("select distinct cid from revlog where cid in (select id from cards) order by cid"))

    def states(self) -> dict[int, State]:
        """Every card's scheduling, place, flag and review log."""
        reviews: dict[int, list[tuple[Any, ...]]] = {}
        for card_id, *entry in self.db.all("select cid, id, ease, ivl, lastIvl, factor, time, type from revlog"):
            reviews.setdefault(card_id, []).append(tuple(entry))
        rows = self.db.all(f"select id, {_STATE} from cards")  # noqa: S608 - a constant
        return {card_id: State(tuple(row), tuple(sorted(reviews.get(card_id, ())))) for card_id, *row in rows}

    def asked(self, card_ids: Iterable[int]) -> dict[int, Asked]:
        """What each card asks now, rendered by Anki."""
        return {card_id: self._asked(card_id) for card_id in card_ids}

    def notes(self) -> dict[str, tuple[int, tuple[str, ...], tuple[str, ...]]]:
        """Note type, fields and tags of each note, by GUID; a GUID is there once."""
        rows = self.db.all("select guid, mid, flds, tags from notes")
        found = {guid: (mid, tuple(fields.split("\x1f")), tuple(tags.split())) for guid, mid, fields, tags in rows}
        assert len(found) == len(rows), "a note is there twice"
        return found

    def guid_of(self, card_id: int) -> str:
        return str(self.db.scalar("select guid from notes where id = (select nid from cards where id = ?)", card_id))

    @property
    def db(self) -> Any:
        assert self.col.db is not None
        return self.col.db

    def _asked(self, card_id: int) -> Asked:
        card = self.col.get_card(card_id)
        note_type, output = card.note_type(), card.render_output()
        if note_type["type"] == 1:
            return Asked(_words(" ".join(_ASKED_BLANK.findall(output.answer_text))), "")
        front, back = output.question_text, output.answer_text.split('<hr id="answer">')[-1]
        return Asked(_words(_AROUND.sub("", front)), _words(_AROUND.sub("", back)))


def _words(side: str) -> str:
    return " ".join(visible_lines(side))


def release_time(release: int) -> int:
    """When the author's release of that number comes out: the first just before now, each later one a day later.

    A student studies with the clock of this machine, so the later ones are newer than all that students do.
    """
    return int(time.time()) - 3600 + 86400 * (release - 1)
