"""A note's identity in words: as the lock writes it, and as every note carries it, so that a lost lock can be restored.

`calcification/dystrophic/cloze/normal 1=normal -2=raised` is the note with that key, whose number 1 hides "normal"
and whose number 2 hid a fact that is gone.
"""

from collections.abc import Mapping

_FIRST = [f"{number}=" for number in range(1, 10)]


def identity_text(key: str, blanks: str) -> str:
    return f"{key} {blanks}" if blanks else key


def parse_identity(text: str) -> tuple[str, str]:
    """Key and numbers. Raises ValueError."""
    key, _, blanks = text.partition(" ")
    return key, in_order(blanks)


def format_numbers(numbers: Mapping[int, str], spent: Mapping[int, str]) -> str:
    """Numbers in use and spent numbers as one text; equal numbers give equal texts."""
    cells = [(n, f"{n}={name}") for n, name in numbers.items()] + [(n, f"-{n}={name}") for n, name in spent.items()]
    return " ".join(text for _, text in sorted(cells))


def in_order(text: str) -> str:
    """Numbers as somebody wrote them, in the words of `format_numbers`. Raises ValueError."""
    cells = text.split()
    if [cell[:2] for cell in cells] == _FIRST[: len(cells)] and " ".join(cells) == text:
        return text
    return format_numbers(*parse_numbers(text))


def parse_numbers(text: str) -> tuple[dict[int, str], dict[int, str]]:
    """Numbers in use and spent numbers. Raises ValueError."""
    numbers: dict[int, str] = {}
    spent: dict[int, str] = {}
    for cell in text.split():
        number, name = cell.split("=", 1)
        (spent if number.startswith("-") else numbers)[abs(int(number))] = name
    return numbers, spent
