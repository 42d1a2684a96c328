"""The straightforward program, as one writes it in an afternoon: the opponent of every measurement.

    python benchmarks/naive.py FOLDER OUT

CSafeLoader, pydantic models, markdown-it for each text, genanki as its manual shows it. From the decks of `facts.py` it
makes the same notes as deckbuilder (a test compares them). It keeps no lock, tells no places, reviews nothing, and
knows only as much of the format as those decks use: all of that is in its favour.
"""

# ruff: noqa: INP001 - a script

import base64
import hashlib
import html
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import genanki
import yaml
from markdown_it import MarkdownIt
from pydantic import BaseModel, ConfigDict, model_validator

from deckbuilder.notetypes import CLASSIFICATION, CLOZE, QUESTION, NoteType

MARKDOWN = MarkdownIt("commonmark", {"html": False})
PARTS = re.compile(r"(\[\[.+?\]\]|\$[^$]+\$)")
LONGEST = 60  # letters of an id
SIGN = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "


# --- Models -----------------------------------------------------------------------------------------------------------


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Fact(Model):
    id: str | None = None
    source: str | None = None
    note: str | None = None
    extra: str | None = None
    hint: str | None = None
    why: str | None = None
    ref: str | None = None
    tags: list[str] = []


class Text(Fact):
    text: str
    of: list["Text"] = []

    @model_validator(mode="before")
    @classmethod
    def from_string(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"text": value}
        if isinstance(value, dict) and len(value) == 1 and "text" not in value:
            return {"text": next(iter(value)), "of": next(iter(value.values()))}
        return value


class Question(Fact):
    ask: str
    answer: str


class Concept(Model):
    term: str
    aliases: list[str] = []
    is_a: list[str] = []
    requires: list[str] = []
    contrasts: list[str] = []
    source: str | None = None
    definition: Text
    features: dict[str, Text]
    mechanism: list[Text]
    causes: list[Text]
    examples: list[Text]
    lists: dict[str, list[Text]]
    statements: list[Text]
    questions: list[Question]


class Source(Model):
    title: str
    author: str


class Classification(Model):
    among: list[str]
    ask: str
    items: list[str]
    because: list[str]


class Heading(Model):
    id: str
    name: str
    tags: list[str]


class Title(Model):
    title: str


class Part(Model):
    format: int = 1
    deck: Heading | None = None
    sources: dict[str, Source] = {}
    default_source: str = ""
    axes: dict[str, str] = {}
    lists: dict[str, Title] = {}
    classifications: dict[str, Classification] = {}
    concepts: dict[str, Concept] = {}
    # For each concept the classifications that it is a class of; filled once all is read.
    classes: dict[str, list[str]] = {}


def read(folder: Path) -> Part:
    deck = Part()
    for file in sorted(folder.glob("*.yaml")):
        with file.open(encoding="utf-8") as stream:
            part = Part.model_validate(yaml.load(stream, Loader=yaml.CSafeLoader))
        if part.deck:
            part.concepts = deck.concepts
            deck = part
        deck.concepts.update(part.concepts)
    for name, classification in deck.classifications.items():
        for concept_id in classification.among:
            deck.classes.setdefault(concept_id, []).append(name)
    return deck


# --- Notes ------------------------------------------------------------------------------------------------------------


@dataclass
class Note:
    type: NoteType
    key: str
    fields: dict[str, str]
    tags: set[str] = field(default_factory=set)


def inline(text: str) -> str:
    """Markdown with math; answers are shown."""
    return "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces(text))


def pieces(text: str) -> list[str | tuple[str, str]]:
    """HTML, and blanks as answer and hint."""
    found: list[str | tuple[str, str]] = []
    for part in PARTS.split(text):
        if part.startswith("[["):
            answer, _, hint = part[2:-2].partition("|")
            found.append((MARKDOWN.renderInline(answer), MARKDOWN.renderInline(hint)))
        elif part.startswith("$"):
            found.append(f"\\({html.escape(part[1:-1])}\\)")
        elif part:
            found.append(MARKDOWN.renderInline(part))
    return found


def block(text: str | None) -> str:
    return MARKDOWN.render(text).strip() if text else ""


def slug(html_text: str) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", "", html_text))
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip('-')}-{sha256(text).hexdigest()[:8]}"


def sha256(text: str) -> Any:
    return hashlib.sha256(text.encode())


def notes_of(deck: Part, concept_id: str) -> Iterator[Note]:
    yield definition(deck, concept_id)
    yield from contrasts(deck, concept_id)
    for statement in deck.concepts[concept_id].statements:
        yield cloze(deck, concept_id, statement)
    for question in deck.concepts[concept_id].questions:
        yield asked(deck, concept_id, question)
    yield mechanism(deck, concept_id)
    concept = deck.concepts[concept_id]
    for name, members in {"causes": concept.causes, "examples": concept.examples, **concept.lists}.items():
        yield from level(deck, concept_id, name, members, [])
    yield from classified(deck, concept_id)


def definition(deck: Part, concept_id: str) -> Note:
    concept = deck.concepts[concept_id]
    term, text = inline(concept.term), inline(concept.definition.text)
    also = line("Also called", concept.aliases)
    fields = {
        "Context": "Definition",
        "Front": term,
        "Back": text + also + line("A kind of", [deck.concepts[parent].term for parent in concept.is_a]),
        "Reverse": text,
        "Reverse context": "Which term?",
        "Reverse back": term + also,
        **asides(concept.definition),
    }
    return note(deck, concept_id, "definition", QUESTION, "", fields)


def line(label: str, names: list[str]) -> str:
    return f'<p class="also">{label}: {", ".join(map(inline, names))}</p>' if names else ""


def contrasts(deck: Part, one: str) -> Iterator[Note]:
    for two in deck.concepts[one].contrasts:
        if one > two:
            continue
        first, second = deck.concepts[one], deck.concepts[two]
        terms = inline(first.term), inline(second.term)
        for axis, name in deck.axes.items():
            if axis in first.features and axis in second.features:
                features = first.features[axis], second.features[axis]
                rows = zip(terms, features, strict=True)
                table = "".join(f"<tr><th>{term}</th><td>{inline(feature.text)}</td></tr>" for term, feature in rows)
                fields = {
                    "Context": "Tell apart",
                    "Front": f"<strong>{inline(name)}</strong><br>{terms[0]} or {terms[1]}?",
                    "Back": f"<table>{table}</table>",
                    "Note": told([(term, block(feature.note)) for term, feature in zip(terms, features, strict=True)]),
                }
                sources = [source for source in (first.source, second.source) if source]
                made = note(deck, one, "contrast", QUESTION, f"{two}.{axis}", fields, sources)
                made.tags.add(concept_tag(deck, two))
                yield made


def cloze(deck: Part, concept_id: str, statement: Text) -> Note:
    text = pieces(statement.text)
    item = slug("".join(piece if isinstance(piece, str) else piece[0] for piece in text))
    blanks = [piece if isinstance(piece, str) else (slug(piece[0]), *piece) for piece in text]
    return note(deck, concept_id, "cloze", CLOZE, item, {"Context": "Fill in", **asides(statement)}, blanks=blanks)


def asked(deck: Part, concept_id: str, question: Question) -> Note:
    front = inline(question.ask)
    fields = {"Context": "Question", "Front": front, "Back": inline(question.answer), **asides(question)}
    return note(deck, concept_id, "question", QUESTION, slug(front), fields)


def mechanism(deck: Part, concept_id: str) -> Note:
    concept = deck.concepts[concept_id]
    steps: list[tuple[str, Text]] = []
    blanks = [f"<h2>{inline(concept.term)}</h2>\n", *stepwise(concept.mechanism, "ol", steps)]
    fields = {
        "Context": "Mechanism",
        "Reason": told([(shown, inline(step.why or "")) for shown, step in steps]),
        "Note": told([(shown, block(step.note)) for shown, step in steps]),
    }
    return note(deck, concept_id, "mechanism", CLOZE, "", fields, blanks=blanks)


def stepwise(steps: list[Text], tag: str, seen: list[tuple[str, Text]]) -> list[Any]:
    blanks: list[Any] = [f"\n<{tag}>\n"]
    for step in steps:
        text = pieces(step.text)
        shown = "".join(piece if isinstance(piece, str) else piece[0] for piece in text)
        seen.append((shown, step))
        name = slug(shown)
        blanks.append("<li>")
        if any(not isinstance(piece, str) for piece in text):
            blanks += [piece if isinstance(piece, str) else (f"{name}.{slug(piece[0])}", *piece) for piece in text]
        else:
            blanks.append(shown if step.of else (name, shown, ""))
        blanks += [*(stepwise(step.of, "ul", seen) if step.of else []), "</li>\n"]
    return [*blanks, f"</{tag}>"]


def level(deck: Part, concept_id: str, name: str, members: list[Text], groups: list[Text]) -> Iterator[Note]:
    concept = deck.concepts[concept_id]
    shown = [(inline(member.text), member) for member in members]
    blanks: list[Any] = [f"<h2>{inline(concept.term)}</h2>\n<ul>\n"]
    for text, member in shown:
        blanks += ["<li>", (member.id or slug(text), text, ""), "</li>\n"]
    asked_by_class = any(name in deck.classifications[one].items for one in deck.classes.get(concept_id, []))
    fields = {
        "Context": SIGN.join([list_title(deck, name), *(inline(group.text) for group in groups)]),
        "Reason": "" if asked_by_class else told([(text, inline(member.why or "")) for text, member in shown]),
        "Note": told([(text, block(member.note)) for text, member in shown]),
    }
    sources = [member.source or concept.source or deck.default_source for member in members]
    item = f"{name}.{groups[-1].id or slug(inline(groups[-1].text))}" if groups else name
    made = note(deck, concept_id, "list", CLOZE, item, fields, sources, [*blanks, "</ul>"])
    made.tags.update(tag for member in members for tag in member.tags)
    yield made
    for member in members:
        if member.of:
            yield from level(deck, concept_id, name, member.of, [*groups, member])


def list_title(deck: Part, name: str) -> str:
    return {"causes": "Causes", "examples": "Examples"}.get(name) or inline(deck.lists[name].title)


def classified(deck: Part, concept_id: str) -> Iterator[Note]:
    concept = deck.concepts[concept_id]
    for name in deck.classes.get(concept_id, []):
        classification = deck.classifications[name]
        options = "".join(f"<li>{inline(deck.concepts[other].term)}</li>" for other in classification.among)
        reason = "".join(
            f"<dt>{inline(deck.axes[axis])}</dt><dd>{inline(concept.features[axis].text)}</dd>"
            for axis in classification.because
        )
        for member, groups in leaves(concept.examples, []):
            text = inline(member.text)
            fields = {
                "Item": text,
                "Ask": inline(classification.ask),
                "Options": f"<ul>{options}</ul>",
                "Class": inline(concept.term),
                "Path": SIGN.join(["Examples", *(inline(group.text) for group in groups)]),
                **asides(member),
                "Reason": (f"<p>{inline(member.why)}</p>" if member.why else "") + f"<dl>{reason}</dl>",
            }
            sources = [member.source or concept.source or deck.default_source]
            item = f"{name}.{member.id or slug(text)}"
            made = note(deck, concept_id, "classification", CLASSIFICATION, item, fields, sources)
            made.tags.discard(concept_tag(deck, concept_id))
            made.tags.update(member.tags)
            yield made


def leaves(members: list[Text], groups: list[Text]) -> Iterator[tuple[Text, list[Text]]]:
    for member in members:
        if member.of:
            yield from leaves(member.of, [*groups, member])
        else:
            yield member, groups


def told(entries: list[tuple[str, str]]) -> str:
    said = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in entries if text)
    return f"<dl>{said}</dl>" if said else ""


def asides(fact: Fact) -> dict[str, str]:
    return {
        "Hint": f"<details><summary>Hint</summary>{inline(fact.hint)}</details>" if fact.hint else "",
        "Reason": inline(fact.why or ""),
        "Note": block(fact.note),
        "Extra": block(fact.extra),
    }


def note(  # noqa: PLR0913 - the parts of a note
    deck: Part,
    concept_id: str,
    kind: str,
    note_type: NoteType,
    item: str,
    fields: dict[str, str],
    sources: list[str] | None = None,
    blanks: list[Any] | None = None,
) -> Note:
    key = "/".join([deck.deck.id if deck.deck else "", concept_id, kind, *([item] if item else [])])
    named = key
    if blanks:
        numbers: dict[str, int] = {}
        for blank in blanks:
            if not isinstance(blank, str):
                numbers.setdefault(blank[0], len(numbers) + 1)
        fields["Text"] = "".join(blank if isinstance(blank, str) else hidden(numbers, *blank) for blank in blanks)
        named = f"{key} {' '.join(f'{number}={name}' for name, number in numbers.items())}"
    cited = dict.fromkeys(sources or [deck.concepts[concept_id].source or deck.default_source])
    fields["Source"] = "".join(cite(deck.sources[name]) for name in cited)
    fields["Language"], fields["Key"] = "en", named
    tags = {*(deck.deck.tags if deck.deck else []), concept_tag(deck, concept_id), f"deckbuilder::kind::{kind}"}
    return Note(note_type, key, fields, tags)


def hidden(numbers: dict[str, int], name: str, answer: str, hint: str) -> str:
    return f"{{{{c{numbers[name]}::{answer}{hint and '::'}{hint}}}}}"


def cite(source: Source) -> str:
    return f"<p>Source: {html.escape(source.author)}. <cite>{html.escape(source.title)}</cite>.</p>"


def concept_tag(deck: Part, concept_id: str) -> str:
    return f"{deck.deck.name if deck.deck else ''}::{concept_id}"


# --- Package ----------------------------------------------------------------------------------------------------------


def model_of(note_type: NoteType) -> genanki.Model:
    return genanki.Model(
        note_type.id,
        note_type.name,
        fields=[{"name": one.name} for one in note_type.fields],
        templates=[{"name": one.name, "qfmt": one.front, "afmt": one.back} for one in note_type.templates],
        css=note_type.css,
        model_type=genanki.Model.CLOZE if note_type.is_cloze else genanki.Model.FRONT_BACK,
    )


def guid(key: str) -> str:
    return base64.urlsafe_b64encode(sha256(key).digest()[:12]).decode()


def main() -> None:
    folder, out = map(Path, sys.argv[1:])
    facts = read(folder)
    models = {one.id: model_of(one) for one in (QUESTION, CLOZE, CLASSIFICATION)}
    deck = genanki.Deck(1_700_000_000_000, facts.deck.name if facts.deck else "")
    for concept_id in facts.concepts:
        for made in notes_of(facts, concept_id):
            fields = [made.fields.get(one.name, "") for one in made.type.fields]
            tags = sorted(made.tags)
            deck.add_note(genanki.Note(models[made.type.id], fields, tags=tags, guid=guid(made.key)))
    out.mkdir(parents=True, exist_ok=True)
    genanki.Package(deck).write_to_file(out / "benchmark.apkg")


if __name__ == "__main__":
    main()
