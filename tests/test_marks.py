"""The words of two cards that differ, marked in their HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deckbuilder.changes.marks import marked


@pytest.mark.parametrize(
    ("before", "after", "first", "second"),
    [
        ("<p>soft</p>", "<p>soft</p>", "<p>soft</p>", "<p>soft</p>"),
        ("<p>soft owl</p>", "<p>wide owl</p>", "<p><del>soft</del> owl</p>", "<p><ins>wide</ins> owl</p>"),
        # Neighbours stand in one mark, and a mark never crosses a tag.
        ("a b c", "a d e c", "a <del>b</del> c", "a <ins>d e</ins> c"),
        (
            "<b>an owl</b> eats",
            "<b>a cat</b> sees",
            "<b><del>an owl</del></b> <del>eats</del>",
            "<b><ins>a cat</ins></b> <ins>sees</ins>",
        ),
        # Only words count: what they stand in may change.
        ("<p>an owl</p>", "<ul><li>an owl</li></ul>", "<p>an owl</p>", "<ul><li>an owl</li></ul>"),
        # A formula is one word, so that it can be set.
        (r"area \(\pi r^2\).", r"area \(2 \pi r\).", r"area <del>\(\pi r^2\)</del>.", r"area <ins>\(2 \pi r\)</ins>."),
        ('x <img src="a">', 'x <img src="b">', 'x <del><img src="a"></del>', 'x <ins><img src="b"></ins>'),
        (
            '<audio src="a"></audio>',
            '<audio src="b"></audio>',
            '<del><audio src="a"></audio></del>',
            '<ins><audio src="b"></audio></ins>',
        ),
        ("<script>a < b</script>x", "<script>a < c</script>x", "<script>a < b</script>x", "<script>a < c</script>x"),
        ("", "new", "", "<ins>new</ins>"),
    ],
)
def test_what_goes_and_what_comes_is_marked(before, after, first, second):
    assert marked(before, after) == (first, second)


HTML = st.lists(
    st.sampled_from(
        ["owl ", "wren", " ", "\n", "<b>", "</b>", "<br>", '<img src="x">', r"\(x", r"\)", "&lt;", "<", ">", "é"]
    )
).map("".join)


@given(HTML, HTML)
def test_without_the_marks_both_texts_are_what_they_were(before, after):
    first, second = marked(before, after)
    assert re.sub(r"</?del>", "", first) == before
    assert re.sub(r"</?ins>", "", second) == after
    assert marked(before, before) == (before, before)
