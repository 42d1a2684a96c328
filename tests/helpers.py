"""What the tests share: small decks on disk, and problems in one line."""

import struct
import zlib
from pathlib import Path

from deckbuilder.check import Judge

# The least that a deck needs above its concepts: two lines.
HEADING = """\
format: 1
deck: {id: birds, name: Birds}
"""

OWL = """\
concepts:
  owl:
    term: Owl
    definition: A bird that hunts at night.
"""


def write_deck(folder, facts, name="birds.yaml"):
    """A facts file, with exactly these words (or bytes) in it."""
    file = Path(folder, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(facts if isinstance(facts, bytes) else facts.encode())
    return file


def told(problems):
    """Problems as `line:column rule: message`, in the order in which they are told."""
    return [f"{p.place.line}:{p.place.column} {p.rule}: {p.message}" for p in problems]


def verdict_on(deck, made):
    """What a build makes of a deck's notes."""
    judge = Judge(deck)
    judge.seen(made)
    return judge.verdict


def files_in(folder):
    """Every file below a folder with its bytes; hidden and temporary ones too."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def png(*pixel, padding=0):
    """A PNG of one pixel, with so many bytes in it that show nothing."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes((0, *pixel)))),
        *([(b"tEXt", b"Comment\0" + bytes(padding))] if padding else []),
        (b"IEND", b""),
    ]
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
