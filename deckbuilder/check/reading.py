"""What is found before the rules: in reading a deck, in making its cards, in comparing it with its lock.

These are told by the stage that finds them, and none can be waived: without them there is no deck to judge.
"""

from deckbuilder.check.rule import Rule
from deckbuilder.problems import Severity


def _told(name: str, summary: str, why: str, fails: str = "", passes: str = "") -> Rule:
    return Rule(name, Severity.ERROR, summary, why, fails, passes)


FORMAT = (
    _told(
        "yaml",
        "A file that is no YAML: a quote, bracket or indentation that does not fit.",
        "What cannot be read cannot be reviewed; often a text with `: ` or a leading `[` only needs quotes.",
        """
owl:
  term: Owl
  definition: A bird: it hunts at night.
""",
        """
owl:
  term: Owl
  definition: "A bird: it hunts at night."
""",
    ),
    Rule(
        "words-lost",
        Severity.WARNING,
        "A text that ends at ` #`, or an entry that is read as part of the one above it.",
        "YAML takes it otherwise than the eye, and the card would lack words or have too many.",
        """
owl:
  term: Owl
  definition: A bird of group #3 that hunts at night.
""",
        """
owl:
  term: Owl
  definition: "A bird of group #3 that hunts at night."
""",
    ),
    _told(
        "duplicate-key",
        "A key that stands twice in one mapping.",
        "YAML would silently keep the last one, and the facts under the first would be gone.",
        """
owl:
  term: Owl
  examples: [Barn owl]
  examples: [Tawny owl]
""",
        """
owl:
  term: Owl
  examples: [Barn owl, Tawny owl]
""",
    ),
    _told(
        "schema",
        "A key that the format does not know, a missing one, or something of another shape than is expected.",
        "Nothing that an author writes is silently left out of the cards.",
        """
owl:
  term: Owl
  defintion: A bird that hunts at night.
""",
        """
owl:
  term: Owl
  definition: A bird that hunts at night.
""",
    ),
    _told(
        "tag-invalid",
        "A tag that Anki cannot hold or keeps to itself: with spaces, quotes or empty levels, `leech`, `marked`.",
        "Anki would cut the tag in two, or treat the cards as its own.",
        """
owl:
  term: Owl
  definition: {text: A bird that hunts at night., tags: [night birds]}
""",
        """
owl:
  term: Owl
  definition: {text: A bird that hunts at night., tags: [night-birds]}
""",
    ),
    _told(
        "reference",
        "A concept, axis, source or list that is named and does not exist.",
        "A contrast or a source that leads nowhere would silently make no card.",
        """
owl:
  term: Owl
  contrasts: [hawkk]
  definition: A bird that hunts at night.
""",
        """
owl:
  term: Owl
  contrasts: [eagle]
  definition: A bird that hunts at night.
eagle:
  term: Eagle
  contrasts: [owl]
  definition: A bird that hunts by day.
""",
    ),
    _told(
        "cycle",
        "Concepts that require each other, or are kinds of each other, in a circle.",
        "Cards come in the order of what they require, and a circle has no beginning.",
        """
owl:
  term: Owl
  requires: [prey]
  definition: A bird that eats its prey whole.
prey:
  term: Prey
  requires: [owl]
  definition: What an owl eats.
""",
        """
owl:
  term: Owl
  requires: [prey]
  definition: A bird that eats its prey whole.
prey:
  term: Prey
  definition: An animal that is eaten by another.
""",
    ),
    _told(
        "cloze-syntax",
        "A blank that is not closed, is empty, stands in another or stands where none can; a statement without any.",
        "Anki would show the brackets, or make no card.",
        """
owl:
  term: Owl
  statements: ["An owl hunts [[at night."]
""",
        """
owl:
  term: Owl
  statements: ["An owl hunts [[at night]]."]
""",
    ),
    _told(
        "empty-text",
        "A text of which nothing is seen on the card.",
        "Anki makes no card of a note with an empty front.",
        """
owl:
  term: Owl
  questions: [{ask: "&nbsp;", answer: At night}]
""",
        """
owl:
  term: Owl
  questions: [{ask: When does it hunt?, answer: At night}]
""",
    ),
    _told(
        "no-effect",
        "Something that is written where it can show nowhere, as the hint of a step that has no blank.",
        "The author believes that students see it.",
        """
owl:
  term: Owl
  mechanism:
    - text: It hears its prey
      hint: ears
      of: [It turns its head, It waits]
""",
        """
owl:
  term: Owl
  mechanism:
    - text: It [[hears]] its prey
      hint: ears
      of: [It turns its head, It waits]
""",
    ),
    _told(
        "media-missing",
        "A picture or sound that is not there, or that is written otherwise.",
        "The card would show a gap, or be silent.",
    ),
    _told(
        "media-broken",
        "A file that is no whole picture or sound in the form that its ending says.",
        "Some devices would show or play it, and others not.",
    ),
    _told(
        "media-unsafe",
        "An SVG that fetches files, or that holds another document.",
        "Students open decks of people whom they do not know; and a part of the picture would be missing.",
    ),
    Rule(
        "media-cleaned",
        Severity.INFO,
        "An SVG with scripts or links, which goes into the package without them.",
        "Nothing of the picture is lost. A drawing that came from elsewhere may deserve a second look.",
        "",
        "",
    ),
    _told(
        "media-clash",
        "A picture that two facts want in two sizes.",
        "The package holds each file once.",
    ),
    _told(
        "theme-broken",
        "A theme that cannot be read as CSS, or that uses what many devices do not know.",
        "One wrong sign can take all that follows it away, on some devices and not on others.",
    ),
    _told(
        "theme-unsafe",
        "A theme that fetches something, or that could end the styling of the card.",
        "Cards are shown without a network, and nobody should learn when a student looks at them.",
    ),
    _told(
        "mask-broken",
        "A mask that lies outside of its picture, has no size, or not one form.",
        "It would hide nothing, so the front would show the answer.",
        """
owl:
  term: Owl
  images:
    - file: media/owl.svg
      alt: A bird on a branch
      masks: [{answer: Beak, box: [900, 20, 10, 5]}]
""",
        """
owl:
  term: Owl
  images:
    - file: media/owl.svg
      alt: A bird on a branch
      masks: [{answer: Beak, box: [90, 20, 10, 5]}]
""",
    ),
    _told("encoding", "A file that is not saved as UTF-8.", "Its letters would come out as others."),
    _told(
        "control-character", "A sign in the file that cannot be seen or typed.", "It came in by a mishap of copying."
    ),
    _told("alias-recursive", "An alias (`*name`) that contains itself.", "Its content has no end."),
    _told("unreadable", "A file that cannot be opened.", "Its facts would be missing."),
    _told("empty-file", "A file without content.", "It may have been cut off."),
    _told("no-heading", "A file without the heading of a deck, or a folder with two.", "A deck has one heading."),
    _told(
        "misplaced", "Sources, axes or lists in a file that holds a part of a deck.", "They belong to the whole deck."
    ),
    _told("no-deck", "A folder without decks.", "There is nothing to build."),
    _told("no-cards", "A deck that makes no card.", "Anki would import nothing."),
    _told("duplicate-concept", "A concept id that two files of a deck use.", "Their cards would share histories."),
    _told("duplicate-deck", "An id that two decks use.", "One would overwrite the other's package and lock."),
)

IDENTITY = (
    _told(
        "key-duplicate",
        "Two facts of one identity, or two different answers that would hide together.",
        "They would share one card and one history.",
        """
owl:
  term: Owl
  examples: [Barn owl, Barn owl]
""",
        """
owl:
  term: Owl
  examples: [Barn owl, Tawny owl]
""",
    ),
    _told(
        "identity-lost",
        "A fact that appeared where one vanished (here from the better example to the other).",
        "Were it guessed, students could find their history at another fact, or lose it.",
        """
owl:
  term: Owl
  examples: [Common barn owl, Tawny owl]
""",
        """
owl:
  term: Owl
  examples: [Barn owl, Tawny owl]
""",
    ),
    _told(
        "identity-unclear",
        "A `formerly` that can be read in two ways.",
        "Only the author knows which of the two a student has studied.",
        """
owl:
  term: Owl
  examples:
    - {id: barn, formerly: tawny, text: Barn owl}
    - {id: tawny, formerly: barn, text: Tawny owl}
""",
        """
owl:
  term: Owl
  examples:
    - {id: barn, text: Barn owl}
    - {id: tawny, text: Tawny owl}
""",
    ),
    _told(
        "number-moved",
        "An answer that had another number when it was shipped (here from the better example to the other).",
        "A student's history follows the number, and would come to another answer.",
        """
owl:
  term: Owl
  statements: [{id: hunt, text: "It hunts {{c2::at night}} and by {{c1::ear}}."}]
""",
        """
owl:
  term: Owl
  statements: [{id: hunt, text: "It hunts {{c1::at night}} and by {{c2::ear}}."}]
""",
    ),
    _told(
        "number-reused",
        "A number that belonged to an answer which was removed.",
        "Students who still have the old card would find another answer under its history.",
    ),
    _told(
        "retired",
        "An entry of `retired` that names no shipped note, or one that the facts still make.",
        "A student would be told that a living card is withdrawn.",
    ),
    Rule(
        "theme-late",
        Severity.INFO,
        "A theme that came after notes which students may have; these keep the common look.",
        "Anki never moves a note to another note type, and a theme in the common types would show on all decks.",
        "",
        "",
    ),
    _told(
        "lock-missing",
        "A package or an imported deck whose lock is gone.",
        "Without it all students' histories would be lost.",
    ),
    _told("lock-broken", "A lock that cannot be read, or that belongs to another deck.", "It holds all identities."),
    _told(
        "lock-conflict", "A lock with the marks of a merge conflict.", "Each side may have given out the same number."
    ),
    Rule(
        "note-file-missing",
        Severity.WARNING,
        "An imported note whose HTML shows a file that is not among those of the imported deck.",
        "Students would see a broken picture, or hear nothing.",
        "",
        "",
    ),
    Rule(
        "media-replaced",
        Severity.INFO,
        "A file of an imported deck that holds something else than at the import.",
        "Students who have the file keep it: Anki replaces none of the same name. Under a new name it reaches them.",
        "",
        "",
    ),
    _told(
        "carried-missing",
        "A note of an imported deck whose note type or fields are not in `NAME.carried.json`.",
        "Built in another note type, it would be a conflict for every student who has it.",
    ),
    _told(
        "carried-broken",
        "A `NAME.carried.json` that cannot be read.",
        "It holds the note types of the deck that was imported.",
    ),
    _told(
        "notetype-changed",
        "A note of an imported deck under another `type`.",
        "Anki does not update a note whose note type changed.",
    ),
    _told("waiver-unknown", "A waiver of a rule that does not exist or that cannot be waived.", "It has no effect."),
    Rule(
        "waiver-unused",
        Severity.WARNING,
        "A waiver where its rule finds nothing.",
        "It would hide what the rule finds there later.",
        "",
        "",
    ),
)
