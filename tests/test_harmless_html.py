"""HTML of other people in pages of ours: it looks as it did, and neither runs nor fetches anything."""

import pytest

from deckbuilder.markup.safe import harmless, harmless_css


@pytest.mark.parametrize(
    "text",
    [
        'An <b>owl</b> &amp; a <i class="new">hawk</i><br>it\'s &lt; 2 "m"',
        '<a href="https://birds.example/owl?a=1&amp;b=2">read</a> <a href=" mailto:me@birds.example">write</a>',
        '<img src="owl.png" alt="&lt;an owl&gt;" width="200">',
        '<span style="color: red; font-weight: 700">red</span>',
        '<ul><li>one</li></ul><table><tr><td colspan="2">two</td></tr></table>',
    ],
)
def test_what_only_shows_something_stays(text):
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("an <script>steal()</script>owl", "an owl"),
        ("an <SCRIPT src=//evil.example>x</SCRIPT>owl", "an owl"),
        ("an <svg><script>steal()</script><b>x</b></svg>owl", "an owl"),
        ("an <object><b>x</b></p></object>owl", "an owl"),
        ("an <style>@import 'x'", "an "),
        ("an </script></svg>owl", "an owl"),
        ("<form action='https://evil.example'><input><b>owl</b></form>", "<b>owl</b>"),
        ("<body onload=steal()>owl</body>", "owl"),
        ("<br></br>owl", "<br>owl"),
        ("<b onclick='steal()' title=owl hidden>owl</b>", '<b title="owl">owl</b>'),
        ("<a href=' javascript:steal()'>owl</a>", "<a>owl</a>"),
        ("<a href='data:text/html,x'>owl</a>", "<a>owl</a>"),
        ("<img src='https://evil.example/owl.png'>", "<img>"),
        ("<img src=' //evil.example/owl.png'>", "<img>"),
        ("<img src='data:image/svg+xml,x'>", "<img>"),
        ("<p style='background: URL (https://evil.example)'>owl</p>", "<p>owl</p>"),
        ("<p style='background: u\\72l(x)'>owl</p>", "<p>owl</p>"),
        ("<p style='background: image-set(\"https://evil.example/owl.png\" 1x)'>owl</p>", "<p>owl</p>"),
        ("<p title='url(x)'>owl</p>", '<p title="url(x)">owl</p>'),
        ("<!-- an --><!doctype html><?php x ?>owl", "owl"),
        ('<b title="&quot;&gt;<script>">owl</b>', '<b title="&quot;&gt;&lt;script&gt;">owl</b>'),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("an owl <", "an owl &lt;"),
    ],
)
def test_what_could_run_or_fetch_is_taken_out(text, left):
    assert harmless(text) == left


def test_a_styling_fetches_nothing_and_does_not_end_its_element():
    css = "@import 'x.css'; .card { background: URL( 'https://evil.example/x.png' ); color: navy } </style><script>"
    assert harmless_css(css) == " .card { background: ; color: navy } /style>script>"
