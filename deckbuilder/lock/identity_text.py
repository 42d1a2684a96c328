"""A note's identity in words: as the lock writes it, and as every note carries it, so that a lost lock can be restored.

`calcification/dystrophic/cloze/normal 1=normal -2=raised` is the note with that key, whose number 1 hides "normal"
and whose number 2 hid a fact that is gone.
"""

from collections.abc import Mapping


def identity_text(key: str, numbers: Mapping[int, str], spent: Mapping[int, str]) -> str:
    told = format_numbers(numbers, spent)
    return f"{key} {told}" if told else key


def parse_identity(text: str) -> tuple[str, dict[int, str], dict[int, str]]:
    """Key, numbers in use and spent numbers. Raises ValueError."""
    key, _, numbers = text.partition(" ")
    return (key, *parse_numbers(numbers))


def format_numbers(numbers: Mapping[int, str], spent: Mapping[int, str]) -> str:
    cells = [(n, f"{n}={name}") for n, name in numbers.items()] + [(n, f"-{n}={name}") for n, name in spent.items()]
    return " ".join(text for _, text in sorted(cells))


def parse_numbers(text: str) -> tuple[dict[int, str], dict[int, str]]:
    """Numbers in use and spent numbers. Raises ValueError."""
    numbers: dict[int, str] = {}
    spent: dict[int, str] = {}
    for cell in text.split():
        number, name = cell.split("=", 1)
        (spent if number.startswith("-") else numbers)[abs(int(number))] = name
    return numbers, spent
