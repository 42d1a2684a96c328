"""Pictures and sounds: there for everybody, and no heavier than they need be.

Whether they can be shown or played is told in reading.
"""

from collections.abc import Iterator
from pathlib import Path

from deckbuilder.check.rule import Finding, Rule
from deckbuilder.check.subject import Subject
from deckbuilder.check.text import as_written, contains
from deckbuilder.facts.media import PICTURES_AND_SOUNDS
from deckbuilder.facts.places import Origin
from deckbuilder.facts.references import files_of, pictures_of
from deckbuilder.facts.sounds import SOUNDS
from deckbuilder.problems import Severity

# By whether it is a sound.
_SMALLER = {
    False: "save it as WebP, or let it be scaled down: longest_side: 1600",
    True: "save it as MP3 or OPUS: speech needs no more than 32 kbit a second",
}


def no_alt(subject: Subject) -> Iterator[Finding]:
    for origin, image in pictures_of(subject.deck):
        if not image.alt:
            yield Finding(origin, "the picture has no alt text", "say what it shows: {file: ..., alt: ...}")


def alt_answer(subject: Subject) -> Iterator[Finding]:
    """Only where the picture stands on the front."""
    for card in subject.cards:
        if card.kind not in {"image", "occlusion"}:
            continue
        origin = card.note.origin
        picture = subject.deck.concepts[card.note.concepts[0]].images[int(origin.path[-1])]
        if picture.alt and contains(picture.alt, card.answer):
            message = f"the alt text gives the answer {as_written(card.answer)} away"
            yield Finding(origin.at("alt"), message, "say what can be seen, without its name")


def heavy(subject: Subject) -> Iterator[Finding]:
    """Once for each file, where it is named first."""
    first: dict[str, Origin] = {}
    for origin, named in files_of(subject.deck):
        first.setdefault(named.file, origin)
    for name, origin in first.items():
        size = len(subject.deck.media[name].data)
        if size > subject.limits.file_kilobytes * 1000:
            message = f"{name!r} has {size / 1_000_000:.1f} MB"
            yield Finding(origin, message, _SMALLER[Path(name).suffix.lower() in SOUNDS])


def unused(subject: Subject) -> Iterator[Finding]:
    """Files that lie beside those of the deck; not where other decks could use them."""
    deck = subject.deck
    # A folder is looked into for decks that show files: it may hold a thousand that do not.
    if not deck.media or set(deck.file.parent.glob("*.y*ml")) - {deck.file, *deck.homes.values()}:
        return
    used = {one.file.resolve() for one in deck.media.values()}
    for folder in sorted({file.parent for file in used}):
        for file in sorted(folder.iterdir()):
            if file.suffix.lower() in PICTURES_AND_SOUNDS and file.resolve() not in used:
                message = f"no fact names {file.name!r}"
                yield Finding(Origin(deck.file), message, "remove the file, or name it in a fact")


RULES = (
    Rule(
        "media-no-alt",
        Severity.WARNING,
        "A picture without alt text.",
        "Students who listen to their cards, and all whose phone has not fetched the picture, have only these words.",
        """
owl:
  term: Owl
  definition: {text: A bird that hunts at night., image: media/owl.svg}
""",
        """
owl:
  term: Owl
  definition: {text: A bird that hunts at night., image: {file: media/owl.svg, alt: An owl on a branch}}
""",
        no_alt,
    ),
    Rule(
        "media-alt-answer",
        Severity.WARNING,
        "The alt text of a picture that is asked names the answer.",
        "Students who listen to their cards hear the answer with the question.",
        """
owl:
  term: Owl
  images: [{file: media/owl.svg, alt: An owl on a branch}]
""",
        """
owl:
  term: Owl
  images: [{file: media/owl.svg, alt: A brown bird with large eyes on a branch}]
""",
        alt_answer,
    ),
    Rule(
        "media-large",
        Severity.WARNING,
        "A picture or sound of more than 1 MB, or of what `file_kilobytes` says.",
        "It is fetched by every student, often over a phone, and AnkiWeb holds decks to a size.",
        """
owl:
  term: Owl
  definition: {text: A bird that hunts at night., image: {file: media/heavy.png, alt: An owl}}
""",
        """
owl:
  term: Owl
  definition: {text: A bird that hunts at night., image: {file: media/owl.svg, alt: An owl}}
""",
        heavy,
    ),
    Rule(
        "media-unused",
        Severity.WARNING,
        "A picture or sound beside those of the deck that no fact names.",
        "Its fact may have been lost, or its name be written otherwise.",
        """
owl:
  term: Owl
  definition: {text: A bird that hunts at night., image: {file: media/owl.svg, alt: An owl}}
""",
        """
owl:
  term: Owl
  definition: {text: A bird that hunts at night., image: {file: media/owl.svg, alt: An owl}}
hawk:
  term: Hawk
  definition: {text: A bird that hunts by day., image: {file: media/hawk.svg, alt: A hawk}}
""",
        unused,
        needs_all=True,
    ),
)
