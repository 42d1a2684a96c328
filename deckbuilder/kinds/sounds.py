"""What is heard on a card, on the side where its text stands: a recording, or the voice of the device."""

from collections.abc import Iterable, Mapping
from typing import Any

from deckbuilder.facts.deck import Deck
from deckbuilder.facts.models import (
    Annotations,
    Audio,
    Concept,
    Mask,
    Order,
    Picture,
    Question,
    Relation,
    Second,
    Text,
)
from deckbuilder.facts.places import Origin
from deckbuilder.kinds.bench import Bench, credit
from deckbuilder.markup import render_inline, typed_text
from deckbuilder.notes import Hidden, Note
from deckbuilder.notetypes import OCCLUSION, SOUND, SOUND_BACK

# Where a language alone is named, the voice that most devices have for it. Anki asks for language and region.
_REGIONS = {
    **{
        language: f"{language}_{language.upper()}"
        for language in ("bg", "de", "es", "fi", "fr", "hr", "hu", "id", "it")
    },
    **{language: f"{language}_{language.upper()}" for language in ("nl", "pl", "ro", "ru", "sk", "th", "tr")},
    "ar": "ar_SA",
    "ca": "ca_ES",
    "cs": "cs_CZ",
    "da": "da_DK",
    "el": "el_GR",
    "en": "en_US",
    "he": "he_IL",
    "hi": "hi_IN",
    "ja": "ja_JP",
    "ko": "ko_KR",
    "nb": "nb_NO",
    "no": "nb_NO",
    "pt": "pt_BR",
    "sl": "sl_SI",
    "sv": "sv_SE",
    "uk": "uk_UA",
    "vi": "vi_VN",
    "zh": "zh_CN",
}


def with_sounds(bench: Bench, note: Note) -> Note:
    """A note with what is heard on its cards; most notes have nothing."""
    if SOUND not in note.type.positions or not note.asked:
        return note
    if note.type.is_cloze:
        return _with_sounds_of_blanks(bench, note)
    front, back = _SIDES.get(note.kind, _nothing)(bench, note)
    recorded = [audio for audio in _recordings(bench.deck, note) if _played(bench.deck, audio) in front + back]
    return _filled(note, {SOUND: front, SOUND_BACK: back}, recorded) if front or back else note


def voice(language: str) -> str:
    """How Anki names the voice of a language: `pt-BR` is `pt_BR`, and `de` that of Germany."""
    return _REGIONS.get(language.lower(), language.replace("-", "_"))


def _with_sounds_of_blanks(bench: Bench, note: Note) -> Note:
    heard: dict[str, Hidden] = {}
    recorded: dict[str, Audio] = {}
    for hidden in note.hidden:
        fact = _fact_at(bench.deck, hidden.origin)
        text = getattr(fact, "answer", "") or getattr(fact, "text", "")
        sound = _of_fact(bench, note, fact, text)
        if sound:
            heard.setdefault(hidden.id, Hidden(hidden.id, sound, hidden.origin, number=hidden.number))
        if fact.audio is not None:
            recorded[fact.audio.file] = fact.audio
    if not heard:
        return note
    filled = _filled(note, {}, recorded.values())
    return filled._replace(beside={**filled.beside, SOUND_BACK: tuple(heard.values())})


def _definition(bench: Bench, note: Note) -> tuple[str, str]:
    fact = _fact_at(bench.deck, note.origin)
    return _of_term(bench, note.concepts[0]), _of_fact(bench, note, fact, getattr(fact, "text", ""))


def _question(bench: Bench, note: Note) -> tuple[str, str]:
    fact = _fact_at(bench.deck, note.origin)
    assert isinstance(fact, Question)  # noqa: S101 - what questions are made of, for mypy
    if fact.audio is not None and fact.audio.side == "front":
        return _played(bench.deck, fact.audio), _spoken_of(bench, note, fact, fact.answer, fact.lang)
    return _spoken_of(bench, note, fact, fact.ask, fact.ask_lang), _of_fact(bench, note, fact, fact.answer)


def _image(bench: Bench, note: Note) -> tuple[str, str]:
    fact = _fact_at(bench.deck, note.origin)
    assert isinstance(fact, Picture)  # noqa: S101 - as above
    if fact.audio is None and fact.answer is None:
        return "", _of_term(bench, note.concepts[0])
    return "", _of_fact(bench, note, fact, fact.answer or "")


def _pair(bench: Bench, note: Note) -> tuple[str, str]:
    fact = _fact_at(bench.deck, note.origin)
    assert isinstance(fact, Second)  # noqa: S101 - as above
    first, language = str(note.origin.path[-1]), fact.first_lang or _relation(bench, note).first_lang
    return _spoken_of(bench, note, fact, first, language), _of_fact(bench, note, fact, fact.text)


def _classification(bench: Bench, note: Note) -> tuple[str, str]:
    fact = _fact_at(bench.deck, note.origin)
    # The concept that holds the item is its class, whichever others it could be taken for.
    return _of_fact(bench, note, fact, getattr(fact, "text", "")), _of_term(bench, str(note.origin.path[1]))


def _contrast(bench: Bench, note: Note) -> tuple[str, str]:
    return "", "".join(_played(bench.deck, audio) for audio in _recordings(bench.deck, note))


def _nothing(bench: Bench, note: Note) -> tuple[str, str]:
    del bench, note
    return "", ""


_SIDES = {
    "definition": _definition,
    "question": _question,
    "image": _image,
    "pair": _pair,
    "classification": _classification,
    "contrast": _contrast,
}


def _of_term(bench: Bench, concept_id: str) -> str:
    concept = bench.deck.concepts[concept_id]
    if concept.audio is not None:
        return _played(bench.deck, concept.audio)
    return _spoken(bench, concept.term, concept.lang) if _speaks(bench.deck, concept) else ""


def _of_fact(bench: Bench, note: Note, fact: Annotations, text: str) -> str:
    return (
        _played(bench.deck, fact.audio)
        if fact.audio
        else _spoken_of(bench, note, fact, text, _language_of(bench, note, fact))
    )


def _language_of(bench: Bench, note: Note, fact: Annotations) -> str | None:
    """The language of a fact's words or answer, where it has one of its own."""
    own = fact.lang if isinstance(fact, Text | Question | Picture | Mask) else None
    if own is None and note.kind == "pair":
        return _relation(bench, note).lang
    if own is None and note.kind in {"order", "occlusion"}:
        whole = _fact_at(bench.deck, note.origin)
        assert isinstance(whole, Order | Picture)  # noqa: S101 - as above
        return whole.lang
    return own


def _relation(bench: Bench, note: Note) -> Relation:
    return bench.deck.relations[str(note.origin.path[3])]


def _spoken_of(bench: Bench, note: Note, fact: Annotations, text: str, language: str | None = None) -> str:
    concept = bench.deck.concepts[note.key.split("/")[1]]
    speaks = _speaks(bench.deck, concept) if fact.tts is None else fact.tts
    return _spoken(bench, text, language) if speaks else ""


def _speaks(deck: Deck, concept: Concept) -> bool:
    return deck.heading.tts if concept.tts is None else concept.tts


def _played(deck: Deck, audio: Audio) -> str:
    return f"[sound:{deck.media[audio.file].name}]"


def _spoken(bench: Bench, text: str, language: str | None) -> str:
    """Plain words, blanks filled in; formulas are for the eye, and a reading over a word would be said behind it."""
    words = typed_text(render_inline(text).html)
    return f"[anki:tts lang={voice(language or bench.deck.heading.language)}]{words}[/anki:tts]"


def _recordings(deck: Deck, note: Note) -> list[Audio]:
    """The recordings that a note may play: for a contrast those of both features, else of the term and of the fact."""
    if note.kind == "contrast":
        axis = note.origin.path[-1]
        facts = [deck.concepts[concept_id].features[str(axis)] for concept_id in note.concepts]
        return [fact.audio for fact in facts if fact.audio]
    concept = deck.concepts[str(note.origin.path[1])]
    own = _fact_at(deck, note.origin).audio
    return [audio for audio in (concept.audio, own) if audio]


def _filled(note: Note, fields: Mapping[str, str], recorded: Iterable[Audio]) -> Note:
    """A note with fields filled, and with whose recordings it plays at the end of what there is to read."""
    told = "".join(f'<p class="credit">{line}</p>' for line in dict.fromkeys(map(credit, recorded)) if line)
    extra = note.type.positions["Back Extra" if note.type is OCCLUSION else "Extra"]
    row = list(note.row)
    row[extra] += told
    for name, content in fields.items():
        row[note.type.positions[name]] = content
    return note._replace(row=tuple(row))


def _fact_at(deck: Deck, origin: Origin) -> Annotations:
    """The fact that stands at a place."""
    here: Any = deck.concepts[str(origin.path[1])]
    for step in origin.path[2:]:
        here = getattr(here, step) if isinstance(step, str) and not isinstance(here, Mapping) else here[step]
    assert isinstance(here, Annotations)  # noqa: S101 - notes are made of facts, for mypy
    return here
