"""Pictures: there for everybody, and no heavier than they need be. Whether they can be shown is told in reading."""

from collections.abc import Iterator

from deckbuilder.check.rule import Finding, Rule
from deckbuilder.check.subject import Subject
from deckbuilder.facts.media import PICTURES
from deckbuilder.facts.models import Image
from deckbuilder.facts.places import Origin
from deckbuilder.facts.references import facts_of
from deckbuilder.problems import Severity

# In bytes.
_HEAVY = 1_000_000


def no_alt(subject: Subject) -> Iterator[Finding]:
    for origin, image in _pictures(subject):
        if not image.alt:
            yield Finding(origin, "the picture has no alt text", "say what it shows: image: {file: ..., alt: ...}")


def heavy(subject: Subject) -> Iterator[Finding]:
    """Once for each file, where it is named first."""
    first: dict[str, Origin] = {}
    for origin, image in _pictures(subject):
        first.setdefault(image.file, origin)
    for name, origin in first.items():
        size = len(subject.deck.media[name].data)
        if size > _HEAVY:
            message = f"{name!r} has {size / 1_000_000:.1f} MB"
            yield Finding(origin, message, "scale it down, or save it as WebP")


def unused(subject: Subject) -> Iterator[Finding]:
    """Pictures that lie beside those of the deck; not where other decks could use them."""
    deck = subject.deck
    if set(deck.file.parent.glob("*.y*ml")) - {deck.file, *deck.homes.values()}:
        return
    used = {one.file.resolve() for one in deck.media.values()}
    for folder in sorted({file.parent for file in used}):
        for file in sorted(folder.iterdir()):
            if file.suffix.lower() in PICTURES and file.resolve() not in used:
                message = f"no fact shows {file.name!r}"
                yield Finding(Origin(deck.file), message, "remove the file, or name it in a fact")


def _pictures(subject: Subject) -> Iterator[tuple[Origin, Image]]:
    for concept_id in subject.deck.concepts:
        for origin, fact in facts_of(subject.deck, concept_id):
            if fact.image is not None:
                yield origin.at("image"), fact.image


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
        "media-large",
        Severity.WARNING,
        "A picture of more than 1 MB.",
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
        "A picture beside those of the deck that no fact shows.",
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
