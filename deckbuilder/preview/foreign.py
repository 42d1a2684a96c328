"""Cards of foreign note types, as near to Anki as is safe: their templates are read, their scripts are not run."""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape

from deckbuilder.facts.shown import SOUND
from deckbuilder.markup import visible_text
from deckbuilder.markup.safe import harmless
from deckbuilder.notetypes import CarriedType, is_blank
from deckbuilder.notetypes.generate import plain_name

_TAG = re.compile(r"<!--.*?-->|\{\{\s*([#^/])?\s*([^{}]*?)\s*\}\}", re.DOTALL)
_SIGN = re.compile(r"\{\{c([\d,]+)::|::|\}\}")
_FURIGANA = re.compile(r" ?([^ >]+?)\[(.+?)\]")
_SHAPE = "image-occlusion:"


def render_foreign(note_type: CarriedType, row: Sequence[str], ord_: int) -> tuple[str, str]:
    """Question and answer of a card, without what could run or fetch."""
    template = note_type.templates[0 if note_type.is_cloze else ord_]
    fields = {field.name: content for field, content in zip(note_type.fields, row, strict=True)}
    fields |= {"Type": escape(note_type.name), "Card": escape(template.name), "Tags": "", "Deck": "", "Subdeck": ""}
    question = _fill(template.front, fields, ord_ + 1, is_answer=False)
    answer = _fill(template.back, {**fields, "FrontSide": question}, ord_ + 1, is_answer=True)
    return _shown(question), _shown(answer)


def _shown(side: str) -> str:
    heard = SOUND.sub(lambda sound: f'<span class="sound">\u25b6 {escape(sound[1])}</span>', side)
    return harmless(heard)


def _fill(template: str, fields: Mapping[str, str], number: int, *, is_answer: bool) -> str:
    """Fields for their names; a section stays or goes with its field."""
    pieces: list[str] = []
    silent: list[bool] = []
    position = 0
    for tag in _TAG.finditer(template):
        text, position = template[position : tag.start()], tag.end()
        pieces += [] if any(silent) else [text]
        sign, name = tag[1], tag[2]
        if name is None:
            continue
        if sign == "/":
            silent = silent[:-1]
        elif sign:
            filled = not is_blank(fields.get(plain_name(name), ""))
            silent.append(filled is (sign == "^"))
        elif not any(silent):
            pieces.append(_field(name, fields, number, is_answer=is_answer))
    return "".join([*pieces, *([] if any(silent) else [template[position:]])])


def _field(said: str, fields: Mapping[str, str], number: int, *, is_answer: bool) -> str:
    *filters, name = said.split(":")
    content = fields.get(plain_name(name), "")
    for one in reversed(filters):
        content = _filtered(one.strip().split(" ")[0], content, plain_name(name), number, is_answer=is_answer)
    return content


def _filtered(name: str, content: str, field: str, number: int, *, is_answer: bool) -> str:
    """A field through one of Anki's filters; what others' add-ons would do is left to them."""
    if name == "cloze":
        return clozed(content, number, is_answer=is_answer)
    if name == "hint":
        return f"<details><summary>{escape(field)}</summary>{content}</details>" if content else ""
    if name == "type":
        return f"<code>{content}</code>" if is_answer else '<span class="typed">[\u2026]</span>'
    filters: dict[str, Callable[[str], str]] = {
        "text": lambda text: escape(visible_text(text)),
        "furigana": lambda text: _FURIGANA.sub(r"<ruby>\1<rt>\2</rt></ruby>", text),
        "kanji": lambda text: _FURIGANA.sub(r"\1", text),
        "kana": lambda text: _FURIGANA.sub(r"\2", text),
        "tts": lambda _: "",
        "tts-voices": lambda _: "",
    }
    return filters[name](content) if name in filters else content


def clozed(text: str, asked: int, *, is_answer: bool) -> str:
    """A cloze field with the blanks of number `asked` hidden or marked; blanks may stand in blanks."""
    root: list[str] = []
    stack: list[tuple[list[int], list[str], list[str]]] = []
    position = 0
    for sign in _SIGN.finditer(text):
        here = stack[-1][1] if stack else root
        here.append(text[position : sign.start()])
        position = sign.end()
        if sign[1]:
            stack.append(([int(number) for number in sign[1].split(",") if number], [], []))
        elif sign.group() == "::" and stack:
            numbers, content, hint = stack.pop()
            # What stands before the first :: is the answer; what follows it is the hint.
            stack.append((numbers, hint, content) if not hint and content else (numbers, content, hint))
            stack[-1][1].append("" if stack[-1][1] is hint else "::")
        elif sign.group() == "}}" and stack:
            _close(stack, root, asked, is_answer=is_answer)
        else:
            here.append(sign.group())
    (stack[-1][1] if stack else root).append(text[position:])
    while stack:
        numbers, inner, other = stack.pop()
        (stack[-1][1] if stack else root).append("".join([*other, *inner]))
    return "".join(root)


def _close(
    stack: list[tuple[list[int], list[str], list[str]]], root: list[str], asked: int, *, is_answer: bool
) -> None:
    numbers, last, first = stack.pop()
    answer, hint = ("".join(first), "".join(last)) if first else ("".join(last), "")
    around = stack[-1][1] if stack else root
    if answer.startswith(_SHAPE):
        # Shapes over a picture: Anki draws them.
        return
    if asked not in numbers:
        around.append(f'<span class="cloze-inactive">{answer}</span>')
    elif is_answer:
        around.append(f'<span class="cloze">{answer}</span>')
    else:
        around.append(f'<span class="cloze">[{hint or "..."}]</span>')
