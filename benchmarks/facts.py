"""Decks to measure with: realistic facts of every kind, nested, in as many files as wanted.

Words are made up, and as common and as rare as in a language; some facts carry notes, hints, reasons, groups,
math and Markdown, and some questions are nearly the same. The same numbers give the same decks.
"""

# ruff: noqa: INP001, S311 - a script's part, and its chance is no secret

import random
from itertools import accumulate
from pathlib import Path
from typing import Any

import yaml

BEGINNINGS = ["b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "pl"]
SYLLABLES = [beginning + vowel for beginning in BEGINNINGS for vowel in "aeiou"]
SMALL_WORDS = ["of", "the", "in", "and", "a", "to", "by", "with", "from", "at", "on"]
WORDS = 6000
CONCEPTS_TOGETHER = 4  # that contrast with one another, and are told apart in one classification
FACTS_OF_A_CONCEPT = 27
NEARLY_THE_SAME = 0.02
SEED = 7


def write_deck(folder: Path, facts: int, files: int, deck_id: str = "benchmark") -> int:
    """A deck of about so many facts in a folder: a heading, and the concepts in `files` files. Gives its bytes."""
    author = Author(random.Random(SEED))
    count = max(round(facts / FACTS_OF_A_CONCEPT / CONCEPTS_TOGETHER), 1) * CONCEPTS_TOGETHER
    concepts = {f"concept-{number}": author.concept(number) for number in range(count)}
    names = list(concepts)
    # One file holds concepts that stand together in a chapter.
    files = min(files, count)
    parts = [names[n * count // files : (n + 1) * count // files] for n in range(files)]
    written = {"deck.yaml": _heading(author, names, deck_id)}
    written |= {
        f"part-{n:05}.yaml": {"concepts": {name: concepts[name] for name in part}} for n, part in enumerate(parts)
    }
    folder.mkdir(parents=True, exist_ok=True)
    return sum(_write(folder / name, value) for name, value in written.items())


def write_decks(folder: Path, decks: int, questions: int) -> None:
    """So many small decks of plain questions, each a file of its own."""
    author = Author(random.Random(SEED))
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(decks):
        asked = [{"ask": author.question(), "answer": author.answer()} for _ in range(questions)]
        deck = {"id": f"deck-{number}", "name": f"Benchmark::{number}"}
        concepts = {"all": {"term": author.rare(), "questions": asked}}
        _write(folder / f"deck-{number:05}.yaml", {"format": 1, "deck": deck, "concepts": concepts})


def _heading(author: "Author", names: list[str], deck_id: str) -> dict[str, Any]:
    groups = [names[n : n + CONCEPTS_TOGETHER] for n in range(0, len(names), CONCEPTS_TOGETHER)]
    return {
        "format": 1,
        "deck": {"id": deck_id, "name": "Benchmark::Facts", "tags": ["benchmark"]},
        "sources": {f"source-{n}": {"title": author.phrase(5), "author": author.phrase(2)} for n in range(5)},
        "default_source": "source-0",
        "axes": {f"axis-{n}": author.phrase(2) for n in range(3)},
        "lists": {"sites": {"title": "Sites"}},
        "classifications": {
            f"group-{n}": {
                "among": group,
                "ask": f"Which of the kind {n} is it?",
                "items": ["examples"],
                "because": ["axis-1"],
            }
            for n, group in enumerate(groups)
        },
    }


def _write(file: Path, value: dict[str, Any]) -> int:
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    data: bytes = yaml.dump(value, Dumper=dumper, allow_unicode=True, sort_keys=False, width=110, encoding="utf-8")
    return file.write_bytes(data)


class Author:
    """Writes facts with words of a made-up language, in which a few are common and most are rare."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        made = dict.fromkeys("".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(2 * WORDS))
        self.words = list(made)[:WORDS]
        # As Zipf found: the tenth word is a tenth as common as the first.
        self.commonness = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))
        self.questions: list[str] = []
        self.written = 0

    def phrase(self, count: int) -> str:
        words = self.chance.choices(self.words, cum_weights=self.commonness, k=count)
        for place in range(2, count - 1, 3):
            words[place] = self.chance.choice(SMALL_WORDS)
        return " ".join(words).capitalize()

    def rare(self) -> str:
        """A phrase that no other fact has."""
        return f"{self.phrase(self.chance.randint(1, 2))} {self.numeral()}"

    def numeral(self) -> str:
        """A word that is nowhere else: the count of what was written."""
        self.written += 1
        letters, number = "", self.written
        while number:
            number, rest = divmod(number, len(SYLLABLES))
            letters += SYLLABLES[rest]
        return f"x{letters}"

    def concept(self, number: int) -> dict[str, Any]:
        """27 facts, of which 3 are groups."""
        first = number - number % CONCEPTS_TOGETHER
        mates = [f"concept-{mate}" for mate in range(first, first + CONCEPTS_TOGETHER) if mate != number]
        concept = {
            "term": self.rare(),
            "aliases": [self.rare()] if number % 3 == 0 else [],
            "is_a": [f"concept-{number // 2}"] if number % 5 == 0 and number else [],
            "requires": [f"concept-{first - 1}"] if first and number % 3 == 0 else [],
            "contrasts": mates,
            "source": f"source-{number % 5}",
            "definition": {"text": f"{self.phrase(14)}.", "note": f"*{self.phrase(2)}*: {self.phrase(20)}."},
            "features": {
                "axis-1": {"text": self.phrase(4), "note": f"{self.phrase(12)}."},
                f"axis-{number % 2 * 2}": self.phrase(3),
            },
            "mechanism": [
                {"text": self.rare(), "why": f"{self.phrase(9)}."},
                self.statement(),
                {"text": self.rare(), "of": [self.rare(), self.rare()]},
                {"text": f"{self.phrase(8)} {self.numeral()}", "ref": f"F{number}"},
            ],
            "causes": [self.fact(), {self.rare(): [self.rare(), self.fact()]}],
            "examples": [
                {**self.fact(), "note": f"{self.phrase(12)}."},
                {self.rare(): [{"text": self.rare(), "source": f"source-{number % 3}"}, self.fact()]},
                {"text": self.rare(), "id": f"item-{number}", "tags": ["rare"]},
            ],
            "lists": {"sites": [self.fact(), self.rare(), self.rare()]},
            "statements": [
                self.statement(),
                {"text": self.statement("what?"), "note": f"{self.phrase(16)}."},
                f"{self.phrase(6)} $x_{number} < y$ [[{self.numeral()}]].",
            ],
            "questions": [
                {"ask": self.question(), "answer": self.answer(), "why": f"{self.phrase(12)}."},
                {"ask": self.question(), "answer": self.answer(), "hint": self.phrase(3), "ref": f"F{number}"},
                {"ask": self.question(), "answer": self.answer(), "extra": f"{self.phrase(16)}.\n\n- {self.phrase(6)}"},
                {"ask": self.question(), "answer": f"**{self.phrase(1)}** {self.numeral()}"},
            ],
        }
        return {key: value for key, value in concept.items() if value}

    def fact(self) -> dict[str, str]:
        return {"text": self.rare(), "why": f"{self.phrase(10)}."}

    def statement(self, hint: str = "") -> str:
        blank = f"[[{self.numeral()}{hint and '|'}{hint}]]"
        return f"{self.phrase(6)} {self.numeral()} {blank} {self.phrase(7).lower()}."

    def question(self) -> str:
        if self.questions and self.chance.random() < NEARLY_THE_SAME:
            known = self.chance.choice(self.questions)
            asked = f"{known.removesuffix('?')} {self.numeral()}?"
        else:
            asked = f"What {self.phrase(self.chance.randint(6, 13)).lower()} {self.numeral()}?"
        self.questions.append(asked)
        return asked

    def answer(self) -> str:
        return f"{self.phrase(self.chance.randint(1, 6))} {self.numeral()}"
