"""What people's fields hold, as Markdown: what comes out shows the same, or the reason is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckbuilder.markup import visible_text
from deckbuilder.markup.from_html import UnsayableError, literal_markdown, to_markdown
from deckbuilder.markup.lines import render_lines

SAID = [
    ("plain words", "plain words"),
    ("a &lt; b &amp; c", "a < b & c"),
    ("<div>one</div><div>two</div>", "one\ntwo"),
    ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
    ("<b>Bold</b> and <i>it</i>al", "**Bold** and *it*al"),
    ("<b>foo </b>bar", "**foo** bar"),
    ('<span style="font-family: Arial; color: rgb(0, 0, 0);">pasted</span>', "pasted"),
    ('<span style="font-weight: 700">heavy</span>', "**heavy**"),
    ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>tail", "- a\n- b\n  - c\n\ntail"),
    ("Causes:<ol><li>one</li><li>two</li></ol>", "Causes:\n1. one\n2. two"),
    ("<ul><li><p>a</p></li><li>b<br>more</li></ul>", "- a\n- b\n  more"),
    ("<ul><li>only one</li></ul>", "only one"),
    ("H<sub>2</sub>O, x<sup>2</sup>", "H₂O, x²"),
    ("\\( \\frac{a}{b} \\) costs $5 or $6", "$\\frac{a}{b}$ costs $5 or $6"),
    ("\\[ E = mc^2 \\]", "$$E = mc^2$$"),
    ("5 * 3 * 4", "5 * 3 * 4"),
    ("*star* and _line_", "\\*star\\* and \\_line\\_"),
    ("- dash<br>1. number<br># hash", "\\- dash\n1\\. number\n\\# hash"),
    ('<a href="https://x.example/a_b">link</a>', "[link](<https://x.example/a_b>)"),
    ("a&nbsp;&nbsp;b ", "a b"),
    ("<code>x = 1</code>", "`x = 1`"),
    ("&lt;script&gt;", "<script>"),
    ("&amp;nbsp;", "\\&nbsp;"),
    ("{{c1::no blank here}}", "\\{\\{c1::no blank here\\}\\}"),
    ("x<!-- a remark -->y", "xy"),
]
CLOZES = [
    ("{{c1::Paris }}is the {{c2::capital::what}}", "{{c1::Paris}} is the {{c2::capital::what}}"),
    ("<b>{{c1::France}}</b> and {{c2::<i>Spain</i>}}", "**{{c1::France}}** and {{c2::*Spain*}}"),
    ("<ul><li>{{c1::a}}</li><li>{{c3::b}}</li></ul>", "- {{c1::a}}\n- {{c3::b}}"),
    ("\\({{c1::x^2}}\\) and {{c2::\\(y\\)}}", "${{c1::x^2}}$ and {{c2::$y$}}"),
]
UNSAYABLE = [
    ("<table><tr><td>x</td></tr></table>", "a table"),
    ('see <img src="x.png"> here', "a picture within the text"),
    ("<script>alert(1)</script>", "a script"),
    ('<div onclick="x()">a</div>', "a script"),
    ("x<sup>th</sup>", "raised text"),
    ("<s>wrong</s>", "struck through text"),
    ("<h2>Title</h2>", "a heading"),
    ('<span style="display: none">secret</span>', "something hidden"),
    ("a [sound:x.mp3] b", "a sound, LaTeX or another thing that Anki does"),
    ("[latex]x[/latex]", "a sound, LaTeX or another thing that Anki does"),
    ("\\(a<br>b\\)", "a formula with formatting or lines in it"),
    ('<a href="javascript:x">y</a>', "a link that leads to no web page"),
    ("<marquee>x</marquee>", "the element <marquee>"),
]


@pytest.mark.parametrize(("html", "markdown"), SAID)
def test_a_field_becomes_markdown(html, markdown):
    assert to_markdown(html) == (markdown, frozenset())


@pytest.mark.parametrize(("html", "markdown"), CLOZES)
def test_a_cloze_field_keeps_its_blanks_and_their_numbers(html, markdown):
    assert to_markdown(html, cloze=True) == (markdown, frozenset())


@pytest.mark.parametrize(("html", "reason"), UNSAYABLE)
def test_what_markdown_cannot_say_is_refused_with_the_reason(html, reason):
    with pytest.raises(UnsayableError) as told:
        to_markdown(html)
    assert str(told.value) == reason


@pytest.mark.parametrize(
    "html",
    [
        "{{c1::outer {{c2::inner}}}}",
        "{{c1::a<br>b}}",
        "{{c1,2::both}} {{c3::x}}",
        "{{c1::a {{c2::b}}",
    ],
)
def test_blanks_that_our_notation_does_not_have_are_refused(html):
    with pytest.raises(UnsayableError):
        to_markdown(html, cloze=True)


@pytest.mark.parametrize(
    ("html", "lost"),
    [
        ('<font color="#ff0000">red</font>', {"colour"}),
        ('<span style="background-color: yellow">marked</span>', {"colour"}),
        ("<u>under</u> <small>small</small>", {"underlining", "size"}),
        ('<div style="text-align: center">middle</div>', {"alignment"}),
        ('<span style="color: black; background: white">plain</span>', set()),
        ('<p class="hint">styled</p>', {"a look of the note type"}),
    ],
)
def test_a_look_that_markdown_has_no_sign_for_is_named(html, lost):
    assert to_markdown(html)[1] == lost


PIECES = st.sampled_from(
    [
        *("<b>", "</b>", "<i>", "</i>", "<div>", "</div>", "<br>", "<ul><li>", "</li><li>", "</li></ul>", "<ol><li>"),
        *(
            "</li></ol>",
            "&nbsp;",
            "&lt;",
            "&amp;",
            "*",
            "_",
            "`",
            "[",
            "]",
            "(",
            ")",
            "#",
            "- ",
            "1. ",
            "$",
            "\\",
            "{{",
        ),
        *(
            "}}",
            "::",
            "c1",
            "|",
            "!",
            "<",
            ">",
            " ",
            "\n",
            "word",
            "é",
            "漢字",
            "🎉",
            "\u200b",
            "x_y",
            "\\(x\\)",
            "<p>",
            "</p>",
        ),
    ]
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(PIECES.filter(lambda piece: piece not in {"<", ">"}), max_size=14).map("".join))
def test_whatever_becomes_markdown_shows_the_same_words(html):
    try:
        markdown, _ = to_markdown(html)
    except UnsayableError:
        return
    shown, field = visible_text(render_lines(markdown)), visible_text(html)
    assert "".join(shown.split()) == "".join(field.split())


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=14).map("".join).filter(lambda text: text.strip()))
def test_plain_text_stands_for_itself(text):
    shown = visible_text(render_lines(literal_markdown(text)))
    assert "".join(shown.split()) == "".join(text.split())
