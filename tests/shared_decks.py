"""Decks as people really share them: made in Anki's own editor over years, with all that such editors leave behind."""

import struct
import zlib
from pathlib import Path
from typing import Any

from anki.collection import Collection, ExportAnkiPackageOptions
from anki.decks import DeckId


def png(shade: int) -> bytes:
    """A picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixel = zlib.compress(bytes((0, shade)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


class Author:
    """Somebody who makes a deck in Anki, and shares it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.col = Collection(str(folder / "author.anki2"))
        self._folder = folder

    def close(self) -> None:
        self.col.close()

    def note_type(
        self, name: str, fields: list[str], cards: list[tuple[str, str, str]], css: str = "", *, cloze: bool = False
    ) -> dict[str, Any]:
        models = self.col.models
        model = models.new(name)
        for field in fields:
            models.add_field(model, models.new_field(field))
        for title, front, back in cards:
            template = models.new_template(title)
            template["qfmt"], template["afmt"] = front, back
            models.add_template(model, template)
        model["type"] = int(cloze)
        model["css"] += css
        models.add(model)
        return models.by_name(name)

    def add(self, deck: str, note_type: str, *fields: str, tags: str = "") -> int:
        model = self.col.models.by_name(note_type)
        note = self.col.new_note(model)
        for position, content in enumerate(fields):
            note.fields[position] = content
        note.tags = tags.split()
        self.col.add_note(note, DeckId(self.col.decks.id(deck)))
        return int(note.id)

    def media(self, name: str, data: bytes) -> None:
        self.col.media.write_data(name, data)

    def share(self, name: str = "shared.apkg", *, legacy: bool = False) -> Path:
        file = self._folder / name
        options = ExportAnkiPackageOptions(
            with_scheduling=False, with_deck_configs=False, with_media=True, legacy=legacy
        )
        self.col.export_anki_package(out_path=str(file), options=options, limit=None)
        return file


def anatomy(author: Author) -> None:
    """A deck on the heart and the hand, as a student made it: three subdecks, stock and own note types, much mess."""
    heart, hand, words = "Anatomy::Heart", "Anatomy::Hand", "Anatomy::Terms"
    author.col.decks.id("Anatomy")
    for name, shade in (("paste-1a2b.png", 10), ("hand bones.png", 20), ("ecg.png", 30), ("_logo.png", 40)):
        author.media(name, png(shade))
    author.media("heart.mp3", b"ID3 no real sound")
    author.add(
        heart,
        "Basic",
        "<div>How many chambers does the heart have?</div>",
        '<div><span style="font-family: Calibri; font-size: 15px; color: rgb(0, 0, 0);">Four:&nbsp;</span></div>'
        "<ul><li>right atrium</li><li>right ventricle</li><li>left atrium</li><li>left ventricle</li></ul>",
        tags="anatomy heart::structure",
    )
    author.add(
        heart,
        "Basic",
        "Which valve lies between left atrium and ventricle?",
        "<b>Mitral</b> (bicuspid) valve",
        tags="anatomy heart::valves",
    )
    author.add(
        heart,
        "Basic",
        "What does the ECG show?<br>",
        'Sinus rhythm<br><img src="ecg.png"><br>',
        tags="anatomy heart::ecg",
    )
    author.add(heart, "Basic", '<img src="paste-1a2b.png">', "Aortic arch", tags="anatomy")
    author.add(heart, "Basic", "Normal ejection fraction", '<font color="#ff0000">&gt; 55 %</font>', tags="anatomy")
    author.add(heart, "Basic", "Sounds of the heart", "lub &amp; dub [sound:heart.mp3]", tags="anatomy leech")
    author.add(
        heart,
        "Basic",
        "Cardiac output?",
        "\\( CO = HR \\times SV \\)<div><br></div><div>about 5 L/min</div>",
        tags="anatomy",
    )
    author.add(
        heart, "Basic", "Compare the valves", "<table><tr><td>mitral</td><td>2 cusps</td></tr></table>", tags="anatomy"
    )
    author.add(heart, "Basic", "What is the septum?", "A wall", tags="anatomy")
    author.add(heart, "Basic", "What is the septum?", "A wall of muscle", tags="anatomy")
    author.add(
        heart,
        "Cloze",
        "The {{c1::SA node}} is the {{c2::pacemaker::role}} of the heart, in the {{c1::right atrium }}wall.",
        "<i>Keith and Flack, 1907</i>",
        tags="anatomy heart::conduction",
    )
    author.add(heart, "Cloze", "Branches:<ol><li>{{c1::LAD}}</li><li>{{c3::circumflex}}</li></ol>", "", tags="anatomy")
    author.add(heart, "Cloze", "Nested {{c1::outer {{c2::inner}} blank}}", "", tags="anatomy")
    author.add(heart, "Basic (and reversed card)", "systole", "contraction of the heart", tags="anatomy")
    author.add(heart, "Basic (and reversed card)", "diastole", "relaxation of the heart", tags="anatomy")
    author.add(heart, "Basic (and reversed card)", "stroke volume", "blood ejected in one beat", tags="anatomy")
    author.add(
        heart, "Basic (optional reversed card)", "tachycardia", "more than 100 beats a minute", "y", tags="anatomy"
    )
    author.add(heart, "Basic (type in the answer)", "Largest artery?", "aorta", tags="anatomy")
    for front, back in (
        ("Scaphoid", "boat-shaped carpal bone"),
        ("Lunate", "moon-shaped carpal bone"),
        ("Triquetrum", "<span>three-cornered carpal bone</span>"),
        ("Pisiform", "pea-shaped carpal bone"),
        ("Hamate", 'hooked carpal bone<div><img src="hand%20bones.png"></div>'),
    ):
        author.add(hand, "Basic", front, back, tags="anatomy hand")
    author.note_type(
        "Latin words",
        ["Latin", "English", "Example", "Audio"],
        [
            ("Recognise", '<img src="_logo.png">{{Latin}}', "{{FrontSide}}<hr>{{English}}<br>{{Example}}{{Audio}}"),
            ("Produce", "{{#Example}}{{English}}{{/Example}}", "{{Latin}}<script>var x = 1;</script>"),
        ],
        css=".card { background: url('_logo.png'); }",
    )
    author.add(words, "Latin words", "cor", "heart", "<i>cor pulmonale</i>", "[sound:heart.mp3]", tags="latin")
    author.add(words, "Latin words", "manus", "hand", "", "", tags="latin")
    author.add(words, "Latin words", "os, ossis", "bone", "os sacrum <u>not</u> oral", "", tags="latin")
    author.add(
        heart,
        "Image Occlusion",
        "{{c1::image-occlusion:rect:left=.1:top=.1:width=.2:height=.2:oi=1}}"
        "{{c2::image-occlusion:rect:left=.5:top=.5:width=.2:height=.2:oi=1}}",
        '<img src="paste-1a2b.png">',
        "The great vessels",
        "",
        "",
        tags="anatomy",
    )
