"""What is in a package, counted while its notes pass by: none of them is kept."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from urllib.parse import unquote

from deckbuilder.markup import sort_text, visible_text
from deckbuilder.notetypes import is_ours
from deckbuilder.package.cards import Cards, cards_of
from deckbuilder.package.content import DEFAULT_DECK, DeckContent, MediaContent, NoteContent, Package, TypeContent
from deckbuilder.package.open import OpenPackage
from deckbuilder.problems import Problem

# Of what is wrong so many examples are kept, and of what cannot be bounded otherwise so many are told apart.
EXAMPLES = 5
# What is longer than this (in letters) is no front that anybody reads, and is not taken apart.
LONG = 10_000
MOST_TAGS = 100_000
MOST_MISSING = 10_000
# Files whose names begin so are there for templates; Anki never takes them for unused.
TEMPLATE_FILE = "_"
# No name is longer, and no text can make the search for one long.
_FILE = re.compile(
    r"""\[sound:([^\]]{1,999})\]|(?:src|data|href)\s{0,9}=\s{0,9}(?:"([^"]{1,999})"|'([^']{1,999})'|([^\s>"']{1,999}))"""
    r"""|url\(\s{0,9}["']?([^"')]{1,999})""",
    re.IGNORECASE,
)
_REMOTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//|#|\{\{)", re.IGNORECASE)
_MILLISECONDS = 1000


@dataclass(slots=True)
class Count:
    """Notes, and cards by the ord of their template (of a cloze note: all of them)."""

    notes: int = 0
    cards: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True)
class Some:
    """How many there are of something that is wrong, and what the first few show."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, example: str) -> None:
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(example)


@dataclass(frozen=True, slots=True)
class Survey:
    """What is in a package. Times are Unix seconds; `made` are those of the first and the last note,
    where the package tells them, and `changed` that of the last change. `tags` count notes, `top_tags` by first level.

    `studied` are cards that somebody answered; `unused` are media files that nothing shows, `missing` those that
    are shown and not there, with how often.
    """

    package: Package
    notes: int
    cards: int
    reviews: int
    studied: int
    suspended: int
    made: tuple[int, int] | None
    changed: int
    decks: tuple[tuple[DeckContent, Count], ...]
    types: tuple[tuple[TypeContent, Count], ...]
    tags: Mapping[str, int]
    top_tags: Mapping[str, int]
    same_guid: Some
    same_front: Some
    empty_cards: Some
    without_cards: Some
    unused: tuple[MediaContent, ...]
    missing: Mapping[str, int]
    problems: tuple[Problem, ...]

    @property
    def media_size(self) -> int:
        return sum(media.size for media in self.package.media)

    @property
    def has_history(self) -> bool:
        """Whether the package tells how somebody learned."""
        return bool(self.reviews or self.studied)


def survey(opened: OpenPackage, watchers: Sequence[Callable[[NoteContent], None]] = ()) -> Survey:
    """Count all that is in a package; `watchers` are told of every note. Raises UnreadableError."""
    package = opened.package
    counting = _Counting(package)
    for note in opened.notes():
        counting.add(note)
        for tell in watchers:
            tell(note)
    reviews = opened.reviews()
    decks = ((deck, counting.decks[deck.id]) for deck in package.decks)
    return Survey(
        package=package,
        notes=counting.notes,
        cards=sum(count.cards.total() for count in counting.types.values()),
        reviews=reviews,
        studied=counting.studied,
        suspended=counting.suspended,
        made=counting.made,
        changed=counting.changed,
        decks=tuple((deck, count) for deck, count in decks if count.cards or deck.id != DEFAULT_DECK),
        types=tuple((one, counting.types[one.id]) for one in package.types),
        tags=_by_number(counting.tags),
        top_tags=_by_number(counting.top_tags),
        same_guid=counting.same_guid,
        same_front=counting.same_front,
        empty_cards=counting.empty_cards,
        without_cards=counting.without_cards,
        unused=tuple(m for m in package.media if m.name in counting.unused and not m.name.startswith(TEMPLATE_FILE)),
        missing=dict(counting.missing.most_common()),
        problems=tuple(opened.problems),
    )


def _by_number(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def date_of(seconds: int) -> str:
    """A day, or nothing for a time that no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (OverflowError, OSError, ValueError):
        return "unknown"


class _Counting:
    """Counts of what passed by so far."""

    def __init__(self, package: Package) -> None:
        self.notes = self.studied = self.suspended = self.changed = 0
        self.made: tuple[int, int] | None = None
        self.decks = {deck.id: Count() for deck in package.decks}
        self.types = {one.id: Count() for one in package.types}
        self._ours = {one.id: is_ours(one.id) for one in package.types}
        self.tags: Counter[str] = Counter()
        self.top_tags: Counter[str] = Counter()
        self.missing: Counter[str] = Counter()
        self.same_guid, self.same_front, self.empty_cards, self.without_cards = Some(), Some(), Some(), Some()
        self.unused = {media.name for media in package.media}
        self._media = frozenset(self.unused)
        self._cards: dict[int, Cards | None] = {one.id: cards_of(one) for one in package.types}
        # Short prints, not texts: 100,000 notes must not cost more than a few bytes each.
        self._guids: set[int] = set()
        self._fronts: set[int] = set()
        for one in package.types:
            for text in (one.css, *(side for t in one.templates for side in (t.front, t.back))):
                self.unused -= set(_files(text))

    def add(self, note: NoteContent) -> None:
        self.notes += 1
        self.changed = max(self.changed, note.mod)
        # The ids of our notes only look like times.
        if not self._ours[note.type_id]:
            made = note.id // _MILLISECONDS
            self.made = (min(self.made[0], made), max(self.made[1], made)) if self.made else (made, made)
        self._count(note)
        self._compare(note)
        self._look_for_empty_cards(note)
        self._look_for_media(note)

    def _count(self, note: NoteContent) -> None:
        of_type = self.types[note.type_id]
        of_type.notes += 1
        for deck in {card.deck for card in note.cards}:
            self.decks.setdefault(deck, Count()).notes += 1
        for card in note.cards:
            of_type.cards[card.ord] += 1
            self.decks[card.deck].cards[card.ord] += 1
            self.studied += card.reviews > 0 or card.interval != 0
            self.suspended += card.queue < 0
        for counts, tags in ((self.tags, set(note.tags)), (self.top_tags, {tag.split("::")[0] for tag in note.tags})):
            counts.update(tag for tag in tags if tag in counts or len(counts) < MOST_TAGS)

    def _compare(self, note: NoteContent) -> None:
        first = note.row[0]
        shown = sort_text(first).strip() if len(first) <= LONG else first
        guid, front = _print(note.guid), _print(f"{note.type_id}\x1f{shown}")
        if guid in self._guids:
            self.same_guid.add(title_of(note))
        if shown and front in self._fronts:
            self.same_front.add(title_of(note))
        self._guids.add(guid)
        self._fronts.add(front)

    def _look_for_empty_cards(self, note: NoteContent) -> None:
        cards = self._cards[note.type_id]
        if cards is None:
            return
        meant = cards(note.row, note.tags)
        if not note.cards:
            self.without_cards.add(title_of(note))
        for card in note.cards:
            if card.ord not in meant:
                self.empty_cards.add(f"{title_of(note)} (card {card.ord + 1})")

    def _look_for_media(self, note: NoteContent) -> None:
        for text in note.row:
            for name in _files(text):
                self.unused.discard(name)
                if name not in self._media and (name in self.missing or len(self.missing) < MOST_MISSING):
                    self.missing[name] += 1


def title_of(note: NoteContent) -> str:
    """What a note shows first, in a line."""
    longest = 70
    text = next((text for field in note.row if (text := visible_text(field[:LONG]))), "(empty)")
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _files(html: str) -> Iterator[str]:
    """The names of media files that a field, a template or a style names."""
    if "=" not in html and "[" not in html and "(" not in html:
        return
    for match in _FILE.finditer(html):
        sound, *others = match.groups()
        name = sound or next(filter(None, others), "")
        if name and not _REMOTE.match(name):
            # Anki takes names in HTML for addresses, in which signs may be escaped.
            yield name.strip() if sound else unquote(sort_text(name))


def _print(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=8).digest())
