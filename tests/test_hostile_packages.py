"""A package from anywhere: whatever its bytes are, they end in notes or in a message, and cost little."""

import sqlite3
import struct
import subprocess
import sys
import tempfile
import zipfile

import pytest
import zstandard

from deckbuilder.package import archive, collection, wire
from deckbuilder.package import open as opening
from deckbuilder.package.open import open_package, read_content
from deckbuilder.package.unreadable import UnreadableError
from deckbuilder.problems import Severity
from tests import packages
from tests.packages import BASIC, OWL, field, legacy_package, modern_package, zipped

ONE_MIB = 1 << 20


@pytest.fixture
def read(tmp_path, monkeypatch):
    """A package of these bytes, read; nothing may be left behind in the temporary folder."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def read_bytes(data):
        file = tmp_path / "birds.apkg"
        file.write_bytes(data)
        content, problems = read_content(file)
        assert list(temporary.iterdir()) == []
        for problem in problems:
            assert problem.place.file == file
            assert problem.message.isprintable()
            assert problem.fix or problem.message.startswith("and ")
        return content, problems

    return read_bytes


def refused(result):
    """Why nothing was read."""
    content, problems = result
    assert content is None
    (problem,) = problems
    assert (problem.rule, problem.severity) == ("package-unreadable", Severity.ERROR)
    return problem.message


def warned(result):
    """The guids that were read, and what was told."""
    content, problems = result
    assert {problem.severity for problem in problems} <= {Severity.WARNING}
    return [note.guid for note in content.notes], [f"{problem.rule}: {problem.message}" for problem in problems]


def test_the_package_that_all_others_are_made_from_is_whole(read):
    assert warned(read(legacy_package())) == (["owl", "hawk"], [])
    assert warned(read(modern_package(packages.collection()))) == (["owl", "hawk"], [])


# ---------------------------------------------------------------------------------------------------------- no package


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all", bytes(5000), zipped([])[:-1]])
def test_what_is_no_zip_is_told(read, data):
    assert "no whole file of a package" in refused(read(data))


def test_a_zip_without_a_collection_is_told(read):
    assert "holds no collection" in refused(read(zipped([("word/document.xml", b"<w/>")])))


def test_a_file_that_is_not_there_is_told(tmp_path):
    assert "cannot be read" in refused(read_content(tmp_path / "nothing.apkg"))


def test_a_folder_is_told(tmp_path):
    assert "cannot be read" in refused(read_content(tmp_path))


@pytest.mark.parametrize("form", ["legacy", "modern"])
def test_a_package_cut_off_anywhere_is_told(read, form):
    media = {"media": {"0": "owl.png"}} if form == "legacy" else {"media": [("owl.png", 9)]}
    make = legacy_package if form == "legacy" else lambda **parts: modern_package(packages.collection(), **parts)
    whole = make(**media, files=[("0", b"a picture")])
    for end in range(0, len(whole), max(len(whole) // 60, 1)):
        refused(read(whole[:end]))


@pytest.mark.parametrize("form", ["collection.anki2", "collection.anki21b"])
def test_a_collection_cut_off_anywhere_is_told_or_read_as_far_as_it_is_whole(read, form):
    data = packages.collection()
    for end in range(0, len(data), 997):
        part = zstandard.compress(data[:end]) if form.endswith("b") else data[:end]
        content, problems = read(zipped([(form, part)]))
        # What is missing may be an index, or a log in which nothing stands.
        assert [note.guid for note in content.notes] == ["owl", "hawk"] if content else problems


def test_a_zstd_stream_cut_off_anywhere_is_told(read):
    data = zstandard.compress(packages.collection())
    for end in range(0, len(data), 41):
        refused(read(zipped([("collection.anki21b", data[:end])])))


# --------------------------------------------------------------------------------------------------------------- bombs


@pytest.fixture
def small_bounds(monkeypatch):
    """The bounds of a package a thousandth as large, so that a test need not unpack two gigabytes."""
    monkeypatch.setattr(archive, "SMALL", 64_000)
    monkeypatch.setattr(opening, "LARGEST_COLLECTION", 2_000_000)


@pytest.mark.usefixtures("small_bounds")
def test_a_zip_bomb_is_stopped(read):
    told = refused(read(zipped([("collection.anki2", bytes(50 * ONE_MIB))])))
    assert told.startswith("'collection.anki2' unpacks to more than 2,000,000 bytes")


@pytest.mark.usefixtures("small_bounds")
def test_a_zstd_bomb_is_stopped(read):
    bomb = zstandard.compress(bytes(50 * ONE_MIB))
    told = refused(read(zipped([("collection.anki21b", bomb)])))
    assert told.startswith("'collection.anki21b' unpacks to more than ")


@pytest.mark.usefixtures("small_bounds")
def test_what_is_packed_beyond_measure_is_stopped_before_it_is_large(read):
    bomb = zstandard.compress(bytes(ONE_MIB))
    assert "more than 64,000 bytes" in refused(read(zipped([("collection.anki21b", bomb)])))


def test_a_zstd_frame_that_asks_for_gigabytes_of_memory_is_refused(read):
    # Magic number, no content size, a window of 2 ** 41 bytes.
    frame = b"\x28\xb5\x2f\xfd" + b"\x00" + b"\xf8" + b"\x01\x00\x00"
    refused(read(zipped([("collection.anki21b", frame)])))


def test_a_directory_of_gigabytes_is_not_read(read):
    whole = bytearray(legacy_package())
    end = whole.rindex(b"PK\x05\x06")
    struct.pack_into("<L", whole, end + 12, 0xFFFFFFF0)
    refused(read(bytes(whole)))


def test_a_bomb_in_the_list_of_media_is_stopped(read, monkeypatch):
    monkeypatch.setattr(opening, "LARGEST_MEDIA_LIST", 10_000)
    bomb = legacy_package(media={str(number): "a" * 100 for number in range(1000)})
    assert "'media' unpacks to more than 10,000 bytes" in refused(read(bomb))


def test_json_that_would_fill_the_memory_is_not_parsed(read):
    heavy = '{"1500": [' + "[]," * collection.MOST_VALUES + "[]]}"
    assert "more values than an honest package has" in refused(read(legacy_package(models=heavy)))


def test_a_message_that_would_fill_the_memory_is_not_kept(read):
    message = zstandard.compress(packages.number(1, 1) * (wire.MOST_VALUES + 1))
    entries = [("collection.anki21b", zstandard.compress(packages.collection())), ("media", message)]
    assert "more values than an honest package has" in refused(read(zipped(entries)))


def test_settings_that_would_fill_the_memory_together_are_not_kept(read, monkeypatch):
    monkeypatch.setattr(collection, "LONGEST_JSON", 1_000_000)
    tables = """
        create table notetypes (id integer primary key, name text, mtime_secs, usn, config blob);
        create table fields (ntid, ord, name text, config blob);
        create table templates (ntid, ord, name text, config blob);
        create table decks (id integer primary key, name text, kind blob);
        with recursive many(n) as (select 1 union all select n + 1 from many where n < 20)
          insert into fields select 1500, n, 'Front', zeroblob(100000) from many;
    """
    assert "larger than in any honest collection" in refused(read(modern_package(packages.collection(tables))))


def test_a_database_of_nothing_but_tables_is_refused(read, monkeypatch):
    monkeypatch.setattr(opening, "MOST_TABLES", 100)
    tables = "".join(f"create table t{number} (x);" for number in range(200))
    assert "more tables than any honest one" in refused(read(legacy_package(tables)))


def test_more_text_than_memory_should_hold_is_told(read, monkeypatch):
    monkeypatch.setattr(opening, "MOST_TEXT", 20)
    assert "more than 20 letters" in refused(read(legacy_package()))


def test_signs_that_are_searched_for_do_not_make_reading_slow(tmp_path, run):
    """Three megabytes of what opens and never closes; the time limit is that of patience, not of a clock."""
    signs = ("<", "[sound:", "<img src=", "{{c1::", "url(", "&", "<br", "{{")
    notes = [
        (n, f"n{n}", 1500, 0, "", f"{sign * (400_000 // len(sign))}\x1fx") for n, sign in enumerate(signs, start=1)
    ]
    file = tmp_path / "slow.apkg"
    file.write_bytes(legacy_package(notes=notes))
    assert run("inspect", file).code == 0


def test_json_nested_without_end_is_told(read):
    assert "damaged" in refused(read(legacy_package(models="[" * 100_000)))


def test_a_note_of_many_megabytes_is_not_read(read):
    huge = (
        f"insert into notes select 12, 'huge', 1500, 0, -1, '', hex(zeroblob({collection.LONGEST_NOTE})), '', 0, 0, ''"
    )
    assert "too big" in refused(read(legacy_package(huge)))


def test_a_media_file_larger_than_anki_takes_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "LARGEST_MEDIA", 1000)
    file = tmp_path / "birds.apkg"
    file.write_bytes(legacy_package(media={"0": "owl.png"}, files=[("0", bytes(1001))]))
    with open_package(file) as opened, pytest.raises(UnreadableError, match="more than 1,000 bytes"):
        opened.media_bytes(opened.package.media[0])


PEAK = """
import resource, sys
from pathlib import Path
from deckbuilder.package.open import read_content
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
content, problems = read_content(Path(sys.argv[1]))
print(content is None, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("form", ["collection.anki2", "collection.anki21b"])
def test_a_large_bomb_costs_little_memory(tmp_path, form):
    """With the bounds as they are, in a process of its own."""
    file = tmp_path / "bomb.apkg"
    compressor = zstandard.ZstdCompressor().compressobj()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb, bomb.open(form, "w", force_zip64=True) as entry:
        for _ in range(300):
            entry.write(compressor.compress(bytes(ONE_MIB)) if form.endswith("b") else bytes(ONE_MIB))
    told = subprocess.run([sys.executable, "-c", PEAK, file], check=True, capture_output=True, text=True)  # noqa: S603
    refused_, kib = told.stdout.split()
    assert refused_ == "True"
    assert int(kib) < 30 * 1024


# --------------------------------------------------------------------------------------------------------------- names

UNSAFE = [
    "../../.ssh/authorized_keys",
    "/etc/passwd",
    "..\\..\\boot.ini",
    "C:\\Windows\\win.ini",
    "C:evil.exe",
    "a/b.png",
    "..",
    ".",
    "",
    "nul\x00.png",
    "line\nbreak.png",
    "rtl\u202egnp.exe",
    "a" * 300 + ".png",
    "owl.png ",
    "owl.png.",
]


@pytest.mark.parametrize("name", UNSAFE)
@pytest.mark.parametrize("form", ["legacy", "modern"])
def test_a_media_file_that_reaches_beyond_a_folder_is_left_out_and_told(read, form, name):
    files = [("0", b"evil"), ("1", b"good")]
    if form == "legacy":
        package = legacy_package(media={"0": name, "1": "owl.png"}, files=files)
    else:
        package = modern_package(packages.collection(), [(name, 4), ("owl.png", 4)], files)
    result = read(package)
    assert [media.name for media in result[0].package.media] == ["owl.png"]
    _, (told,) = warned(result)
    assert told.startswith("media-name: the media file ")


@pytest.mark.parametrize("name", ["owl.png", "Eule 1.PNG", "بومة.jpg", "_font.woff2", "a'b&c.mp3", ".hidden", "🦉.gif"])
def test_a_media_file_with_an_honest_name_is_kept(read, name):
    content, problems = read(legacy_package(media={"0": name}, files=[("0", b"x")]))
    assert problems == []
    assert [media.name for media in content.package.media] == [name]


def test_media_names_are_composed_as_anki_composes_them(read):
    content, _ = read(legacy_package(media={"0": "a\u0308.png"}, files=[("0", b"x")]))
    assert content.package.media[0].name == "ä.png"


def test_two_media_files_of_one_name_are_told_and_one_is_kept(read):
    files = [("0", b"first"), ("1", b"second")]
    result = read(legacy_package(media={"0": "ä.png", "1": "a\u0308.png"}, files=files))
    assert [(media.name, media.entry) for media in result[0].package.media] == [("ä.png", "0")]
    assert warned(result)[1] == ["media-twice: two media files are named 'ä.png': the first is taken"]


def test_a_media_file_that_is_listed_and_not_there_is_told(read):
    assert warned(read(legacy_package(media={"7": "owl.png"})))[1] == [
        "media-gone: the media file 'owl.png' is listed and not there"
    ]


def test_a_media_file_that_was_exchanged_is_told(tmp_path):
    listed = field(1, field(1, b"owl.png") + packages.number(2, 4) + field(3, bytes(20)))
    entries = [("collection.anki21b", zstandard.compress(packages.collection())), ("media", zstandard.compress(listed))]
    file = tmp_path / "birds.apkg"
    file.write_bytes(zipped([*entries, ("0", zstandard.compress(b"evil"))]))
    with open_package(file) as opened, pytest.raises(UnreadableError, match=r"'owl\.png' is damaged"):
        opened.media_bytes(opened.package.media[0])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_collections_of_one_name_are_refused(read):
    evil = packages.collection(notes=(OWL,))
    told = refused(read(zipped([("collection.anki2", packages.collection()), ("collection.anki2", evil)])))
    assert told == "there are two entries named 'collection.anki2' in it, and one of them would be a lie"


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_that_anki_does_not_use_is_refused(read, compression):
    told = refused(read(zipped([("collection.anki2", packages.collection())], compression)))
    assert "packed in a way that no Anki packs" in told


def test_an_encrypted_package_is_told(read):
    whole = bytearray(legacy_package())
    whole[whole.index(b"PK\x03\x04") + 6] |= 1
    whole[whole.index(b"PK\x01\x02") + 8] |= 1
    refused(read(bytes(whole)))


# ------------------------------------------------------------------------------------------------------------ database


def test_a_database_with_a_trigger_is_refused(read):
    trigger = "create trigger evil after insert on notes begin delete from cards; end"
    assert "holds a trigger" in refused(read(legacy_package(trigger)))


def test_a_view_in_the_place_of_a_table_is_refused(read):
    endless = """
        alter table notes rename to real;
        create view notes as with recursive r(n) as (select 1 union all select n + 1 from r)
          select n as id, 'x' as guid, 1500 as mid, 0 as mod, '' as tags, 'a' as flds from r;
    """
    assert refused(read(legacy_package(endless))) == "'notes' in its collection is no plain table"


def test_a_view_of_another_name_is_let_alone(read):
    assert warned(read(legacy_package("create view mine as select * from notes")))[0] == ["owl", "hawk"]


def test_a_virtual_table_is_refused(read):
    virtual = "drop table revlog; create virtual table revlog using fts5(id)"
    assert refused(read(legacy_package(virtual))) == "'revlog' in its collection is no plain table"


def test_a_table_that_computes_its_values_is_refused(read):
    computed = "alter table notes add column more text as (hex(zeroblob(1000000000)))"
    assert "computes its values" in refused(read(legacy_package(computed)))


@pytest.mark.parametrize("table", ["col", "notes", "cards"])
def test_a_missing_table_is_told(read, table):
    assert refused(read(legacy_package(f"drop table {table}"))) == f"its collection has no table '{table}'"


def test_a_package_without_a_review_log_is_read(read):
    assert warned(read(legacy_package("drop table revlog")))[0] == ["owl", "hawk"]


def test_a_missing_column_is_told(read):
    assert "damaged (no such column: flds)" in refused(read(legacy_package("alter table notes rename flds to fields")))


def test_a_table_without_ids_that_rise_is_told(read):
    table = "alter table notes rename to old; create table notes (id, guid, mid, mod, tags, flds);"
    rows = "insert into notes values (5, 'a', 1500, 0, '', 'a' || char(31)), (5, 'b', 1500, 0, '', 'b' || char(31))"
    assert "ids that do not rise" in refused(read(legacy_package(table, rows)))


def test_a_note_of_wrong_field_count_is_left_out_and_told(read):
    narrow = "update notes set flds = 'Owl' where id = 10"
    assert warned(read(legacy_package(narrow))) == (
        ["hawk"],
        ["note-misfit: the note 'owl' has 1 fields, and its note type 'Basic' has 2: left out"],
    )


def test_a_note_of_no_note_type_is_left_out_and_told(read):
    assert warned(read(legacy_package("update notes set mid = 99 where id = 10"))) == (
        ["hawk"],
        ["note-misfit: the note 'owl' has no note type: left out"],
    )


@pytest.mark.parametrize("value", ["x'ff00'", "cast(x'fffe' as text)"])
@pytest.mark.parametrize("column", ["guid", "flds", "tags"])
def test_a_note_of_bytes_that_are_no_text_is_left_out_and_told(read, column, value):
    result = read(legacy_package(f"update notes set {column} = {value} where id = 10"))  # noqa: S608 - of this page
    assert warned(result) == (["hawk"], ["note-damaged: the note 10 holds something that is no text: left out"])


@pytest.mark.parametrize(
    "change", ["notes set mid = 'x'", "notes set mod = x'00'", "cards set nid = 'owl'", "col set crt = 'x'"]
)
def test_a_text_where_a_number_belongs_is_told(read, change):
    assert "no number where one belongs" in refused(read(legacy_package(f"update {change}")))


def test_a_time_with_a_fraction_as_old_programs_wrote_it_is_read(read):
    content, _ = read(legacy_package("update notes set mod = 1700000000.75 where id = 10"))
    assert content.notes[0].mod == 1_700_000_000


@pytest.mark.parametrize("change", ["cards set nid = 77 where nid = 11", "cards set nid = 5 where nid = 11"])
def test_cards_of_no_note_are_told(read, change):
    assert warned(read(legacy_package(f"update {change}"))) == (
        ["owl", "hawk"],
        ["cards-orphaned: 1 of its cards belong to no note: left out"],
    )


@pytest.mark.parametrize(
    "model",
    [
        [],
        "Basic",
        {**BASIC, "flds": "Front"},
        {**BASIC, "flds": [7]},
        {**BASIC, "tmpls": None},
        {**BASIC, "name": ["x"]},
        {**BASIC, "name": "\ud800"},
        {**BASIC, "id": None},
        {**BASIC, "id": 1e400},
        {key: value for key, value in BASIC.items() if key != "flds"},
    ],
)
def test_a_note_type_that_is_none_is_told(read, model):
    assert refused(read(legacy_package(models={"1500": model}))).startswith("its collection is damaged (")


@pytest.mark.parametrize("decks", [{"2": 7}, {"2": {"id": "x", "name": "Birds"}}, {"2": {"id": 2}}, "[]", "{", "7"])
def test_a_deck_that_is_none_is_told(read, decks):
    assert refused(read(legacy_package(decks=decks))).startswith("its collection is damaged (")


def test_two_note_types_of_one_id_are_told(read):
    assert "two of its note types have one id" in refused(read(legacy_package(models={"1": BASIC, "2": BASIC})))


@pytest.mark.parametrize("media", [b"[]", b"{", b"7", b"\xff", b"[" * 100_000, b'{"0": 1}'])
def test_a_list_of_media_that_is_none_is_told(read, media):
    content, problems = read(zipped([("collection.anki2", packages.collection()), ("media", media)]))
    assert problems
    assert content is None or content.package.media == ()


@pytest.mark.parametrize("message", [b"\x0a", b"\x0a\xff", b"\xff" * 20, b"\x08\x01\x0a\x05ab", b"\x0b", b"\x08\x80"])
def test_a_message_that_is_none_is_told(read, message):
    entries = [
        ("collection.anki21b", zstandard.compress(packages.collection())),
        ("media", zstandard.compress(message)),
    ]
    assert refused(read(zipped(entries))).startswith("its list of media files is damaged (")


def test_many_mistakes_of_one_kind_are_told_in_few_lines(read):
    notes = tuple((number, f"note {number}", 99, 0, "", "x") for number in range(1, 500))
    _, told = warned(read(legacy_package(notes=notes)))
    assert len(told) == 11
    assert told[-1] == "note-misfit: and 489 more like these"


def test_texts_of_note_types_and_decks_can_be_anything(read):
    name = 'Birds::<script>alert(1)</script>"\u202e'
    content, problems = read(legacy_package(decks={"2": {"id": 2, "name": name, "desc": name}}))
    assert (content.package.decks[0].name, problems) == (name, [])


# -------------------------------------------------------------------------------------------------------- random bytes


def test_bytes_changed_anywhere_in_a_package_are_read_or_told(read):
    """Every hundredth byte of a package and of its unpacked database, in three ways."""
    data = packages.collection()
    for position in range(0, len(data), 499):
        for value in (0, 0xFF, data[position] ^ 1):
            changed = bytes([*data[:position], value, *data[position + 1 :]])
            read(zipped([("collection.anki2", changed)], zipfile.ZIP_STORED))
    whole = legacy_package(media={"0": "owl.png"}, files=[("0", b"x")])
    for position in range(0, len(whole), 37):
        read(bytes([*whole[:position], whole[position] ^ 0xFF, *whole[position + 1 :]]))


def test_a_database_whose_pages_lead_in_circles_is_told(read):
    """A page that is its own child, and one that is named as a child again and again."""
    notes = tuple((number, f"n{number}", 1500, 0, "", f"{'a' * 500}\x1f") for number in range(1, 400))
    data = bytearray(packages.collection(notes=notes))
    size = struct.unpack(">H", data[16:18])[0]
    with sqlite3.connect(":memory:") as connection:
        connection.deserialize(bytes(data))
        (root,) = connection.execute("select rootpage from sqlite_master where name = 'notes'").fetchone()
    start = (root - 1) * size
    assert data[start] == 5  # an inner page of a table
    cells = struct.unpack(">H", data[start + 3 : start + 5])[0]
    pointers = struct.unpack(f">{cells}H", data[start + 12 : start + 12 + 2 * cells])
    for child in (root, struct.unpack(">L", data[start + pointers[0] : start + pointers[0] + 4])[0]):
        circle = bytearray(data)
        for pointer in pointers:
            struct.pack_into(">L", circle, start + pointer, child)
        refused(read(zipped([("collection.anki2", bytes(circle))])))
