"""Texts that lie in a temporary file come back as they were put there."""

import errno
import random
import tempfile
import tracemalloc

import pytest

from deckbuilder.shelf import Shelf, ShelvedRow, whole
from deckbuilder.spool import Spool, temporary_folder_told

ROWS = [
    ("Owl", "A bird that hunts at night.", ""),
    (),
    ("",),
    ("\x1f", "\0", "\n\r\u2028", "\udcff alone"),
    ("漢字かな", "👩‍🔬", "e\u0301"),
    ("long " * 100_000, "after it"),
]


def put_row(shelf, row):
    return ShelvedRow(shelf, shelf.put(row))


def test_rows_come_back_in_whatever_order_they_are_asked_for():
    shelf = Shelf()
    wanted = [(f"Row {n}", "x" * (n % 97), *ROWS[n % len(ROWS)]) for n in range(3000)]
    rows = [put_row(shelf, row) for row in wanted]
    assert list(map(tuple, rows)) == wanted
    order = random.Random(1).sample(range(len(rows)), len(rows))  # noqa: S311 - no secret
    assert [tuple(rows[n]) for n in order] == [wanted[n] for n in order]


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_a_row_is_read_like_the_tuple_that_it_was(row):
    shelf = Shelf()
    first, shelved = put_row(shelf, ("first",)), put_row(shelf, row)
    assert (shelved, len(shelved), list(shelved), shelved[:2]) == (row, len(row), list(row), row[:2])
    assert (hash(shelved), first != shelved, shelved == put_row(shelf, row)) == (hash(row), True, True)
    assert [shelved[n] for n in range(len(row))] == list(row)
    assert whole(shelved) == whole(row) == row


def test_rows_that_are_asked_for_between_others_that_are_put_are_right_too():
    shelf = Shelf()
    rows = []
    for n in range(2000):
        rows.append(put_row(shelf, (f"Row {n}", "y" * 1500)))
        assert rows[n // 2][0] == f"Row {n // 2}"
        assert rows[n][0] == f"Row {n}"


def test_texts_on_a_shelf_take_no_room():
    tracemalloc.start()
    try:
        shelf = Shelf()
        rows = [put_row(shelf, (f"Row {n}", "z" * 10_000)) for n in range(2000)]
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(rows[-1][1]) == 10_000
    assert taken < 2_500_000


def test_a_shelf_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shelf = Shelf()
    assert put_row(shelf, ("Owl",)) == ("Owl",)
    del shelf
    assert list(tmp_path.iterdir()) == []


class FullDisk:
    """A file for which there is no room: not even for what waits when it is closed."""

    def seek(self, _place):
        pass

    def write(self, _data):
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self):
        self.write(b"")


def test_without_room_the_folder_of_temporary_files_is_told(monkeypatch):
    monkeypatch.setattr(FullDisk, "close", lambda _: None)
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: FullDisk())
    monkeypatch.setattr("deckbuilder.shelf._TOGETHER", 1)
    with pytest.raises(OSError, match="No space left") as told:
        put_row(Shelf(), ("A bird that hunts at night.",))
    assert told.value.filename == tempfile.gettempdir()


def test_a_spool_without_room_goes_without_a_further_word(monkeypatch):
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", lambda _: FullDisk())
    spool = Spool()
    with pytest.raises(OSError, match="No space left") as told, temporary_folder_told():
        spool.file.write(b"A bird")
    assert told.value.filename == tempfile.gettempdir()
    del spool


def test_a_spool_gives_all_of_it_as_often_as_it_is_asked():
    spool = Spool()
    spool.file.write(b"A bird " * 500_000)
    assert [len(b"".join(spool())) for _ in range(3)] == [3_500_000] * 3
    assert max(map(len, spool())) < 1_000_000
