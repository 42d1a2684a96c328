"""Texts as an author writes them, and the HTML that a card shows."""

from itertools import groupby

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deckbuilder.markup import Blank, escape, escape_in_cloze, render_block, render_inline, visible_text
from deckbuilder.markup.parser import parse_block

# --- One text, without blanks -------------------------------------------------------------------------

INLINE = [
    # Plain words
    ("Owls hunt at night.", "Owls hunt at night."),
    ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
    ('"quoted" and it\'s fine', '"quoted" and it\'s fine'),
    ("&lt; and &amp; and &eacute;", "&lt; and &amp; and é"),
    ("عظم 骨 🦴", "عظم 骨 🦴"),
    ("", ""),
    # Markdown
    ("**strong** and *weak*", "<strong>strong</strong> and <em>weak</em>"),
    ("2*3*4 and snake_case_name", "2<em>3</em>4 and snake_case_name"),
    (r"2\*3\*4", "2*3*4"),
    ("`a < b`", "<code>a &lt; b</code>"),
    ("`$x$ and [[y]]`", "<code>$x$ and [[y]]</code>"),
    ("one\\\ntwo", "one<br />\ntwo"),
    ("# no heading", "# no heading"),
    ("- no list", "- no list"),
    ("1. no list", "1. no list"),
    # HTML is shown, not obeyed
    ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
    ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ("<!-- comment -->", "&lt;!-- comment --&gt;"),
    ('<img src=x onerror="alert(1)">', '&lt;img src=x onerror="alert(1)"&gt;'),
    # Links
    ("[Owl](https://example.org)", '<a href="https://example.org">Owl</a>'),
    ("<https://example.org>", '<a href="https://example.org">https://example.org</a>'),
    ("[Owl](javascript:alert(1))", "[Owl](javascript:alert(1))"),
    ("[Owl](JaVaScRiPt:alert(1))", "[Owl](JaVaScRiPt:alert(1))"),
    ("[Owl](&#106;avascript:alert(1))", "[Owl](javascript:alert(1))"),
    ("[Owl](vbscript:x)", "[Owl](vbscript:x)"),
    ("[Owl](data:text/html,x)", "[Owl](data:text/html,x)"),
    ("<javascript:alert(1)>", "&lt;javascript:alert(1)&gt;"),
    # Math
    ("$x$", r"\(x\)"),
    ("$a < b$", r"\(a &lt; b\)"),
    ("$a_1 * b_2 * c$", r"\(a_1 * b_2 * c\)"),
    (r"$\ce{Ca^2+}$ binds", r"\(\ce{Ca^2+}\) binds"),
    ("$$x^2$$", r"\[x^2\]"),
    ("**$x$**", r"<strong>\(x\)</strong>"),
    (r"$a\$b$", r"\(a\$b\)"),
    # Money
    ("It costs $5 or $10.", "It costs $5 or $10."),
    ("It costs $5.", "It costs $5."),
    ("5$ and 10$", "5$ and 10$"),
    ("from $ 5 to $ 10", "from $ 5 to $ 10"),
    (r"\$x\$", "$x$"),
    # What MathJax would read in a text
    (r"\\(x\\)", r"\<wbr>(x\)"),
    (r"`\(x\)`", r"<code>\<wbr>(x\)</code>"),
    # What Anki would obey
    ("[sound:hoot.mp3]", "&#91;sound:hoot.mp3]"),
    ("[SOUND:hoot.mp3]", "&#91;SOUND:hoot.mp3]"),
    (r"\[sound:hoot.mp3]", "&#91;sound:hoot.mp3]"),
    ("&#91;sound:hoot.mp3]", "&#91;sound:hoot.mp3]"),
    ("$[sound:hoot.mp3]$", r"\(&#91;sound:hoot.mp3]\)"),
    ("`[sound:hoot.mp3]`", "<code>&#91;sound:hoot.mp3]</code>"),
    ("[anki:tts lang=en_US]owl[/anki:tts]", "&#91;anki:tts lang=en_US]owl[/anki:tts]"),
    ("[latex]x[/latex]", "&#91;latex]x&#91;/latex]"),
    (r"[\$]x[/\$]", "&#91;$]x&#91;/$]"),
    (r"\[[type:Front]]", "[&#91;type:Front]]"),
    ("`[[type:Front]]`", "<code>[&#91;type:Front]]</code>"),
    # What is no blank
    (r"\[[owl]]", "[[owl]]"),
    ("[owl]", "[owl]"),
    ("x[0]", "x[0]"),
    ("{{owl}} and {{c::owl}} and {owl}", "{{owl}} and {{c::owl}} and {owl}"),
]


@pytest.mark.parametrize(("text", "html"), INLINE)
def test_a_text_becomes_html(text, html):
    rendered = render_inline(text)
    assert rendered.html == html
    assert rendered.mistakes == ()
    assert rendered.blanks == ()


@pytest.mark.parametrize("text", ["![owl](owl.png)", "An ![owl](owl.png) bird", "**![owl](owl.png)**", "[[![a](b)]]"])
def test_a_picture_stands_beside_a_text(text):
    (mistake,) = render_inline(text).mistakes
    assert mistake == "a picture cannot stand in a text → show it beside, as 'image: {file: owl.png, alt: An owl}'"


# --- Blanks -------------------------------------------------------------------------------------------

BLANKS = [
    ("Owls eat [[mice]].", ["Owls eat ", Blank("mice"), "."]),
    ("[[Owls]] eat [[mice]]", [Blank("Owls"), " eat ", Blank("mice")]),
    ("[[mice]]", [Blank("mice")]),
    ("[[ mice ]]", [Blank("mice")]),
    ("[[mice|which food?]]", [Blank("mice", "which food?")]),
    ("[[mice | which food? ]]", [Blank("mice", "which food?")]),
    ("[[a|b|c]]", [Blank("a", "b|c")]),
    (r"[[a\|b]]", [Blank("a|b")]),
    ("[[$a|b$|hint]]", [Blank(r"\(a|b\)", "hint")]),
    ("[[`a|b`|hint]]", [Blank("<code>a|b</code>", "hint")]),
    ("[[x[0]]]", [Blank("x[0]")]),
    ("[[[a]] b]", ["[", Blank("a"), " b]"]),
    ("[[[a] b]]", [Blank("[a] b")]),
    ("a [[b]](c)", ["a ", Blank("b"), "(c)"]),
    # Numbered by the author
    ("{{c1::mice}}", [Blank("mice", "", 1)]),
    ("{{c2::mice::which food?}}", [Blank("mice", "which food?", 2)]),
    ("{{c2::a}} {{c1::b}} {{c2::c}}", [Blank("a", "", 2), " ", Blank("b", "", 1), " ", Blank("c", "", 2)]),
    ("{{c500::a}}", [Blank("a", "", 500)]),
    ("{{c1::a:b::c:d}}", [Blank("a:b", "c:d", 1)]),
    # What stands in an answer or a hint
    ("[[**a** < b]]", [Blank("<strong>a</strong> &lt; b")]),
    ("[[<b>|<i>]]", [Blank("&lt;b&gt;", "&lt;i&gt;")]),
    ("[[a::b]]", [Blank("a::b")]),
    ("[[sound:a]]", [Blank("sound:a")]),
    ("[[[sound:a]]]", [Blank("&#91;sound:a]")]),
    ("[[骨|عظم]]", [Blank("骨", "عظم")]),
    # Emphasis around a blank, never across its border
    ("**the [[mice]]**", ["<strong>the ", Blank("mice"), "</strong>"]),
    ("**the [[mice** and]] voles", ["**the ", Blank("mice** and"), " voles"]),
    # Math
    ("[[$x$]]", [Blank(r"\(x\)")]),
    (r"$\frac{[[a]]}{b}$", [r"\(\frac{", Blank("a"), r"}{b}\)"]),
    (r"$[[\frac{a}{b}]]$", [r"\(", Blank(r"\frac{a}{b}"), r"\)"]),
    ("$$x = [[y|which?]]$$", [r"\[x = ", Blank("y", r"\text{which?}"), r"\]"]),
    ("$x = [[y^2|a sum, or what?]]$", [r"\(x = ", Blank("y^2", r"\text{a sum, or what?}"), r"\)"]),
    (r"$x = [[\frac{p}{q}|\frac{?}{q}]]$", [r"\(x = ", Blank(r"\frac{p}{q}", r"\frac{?}{q}"), r"\)"]),
    ("$x = [[ab|2b]]$", [r"\(x = ", Blank("ab", "2b"), r"\)"]),
    ("$x < [[y < z]]$", [r"\(x &lt; ", Blank("y &lt; z"), r"\)"]),
    ("{{c1::$x$}}", [Blank(r"\(x\)", "", 1)]),
    (r"{{c1::$\frac{a}{b}$}}", [Blank(r"\(\frac{a}{b}\)", "", 1)]),
]


def joined(segments):
    """The segments with what stands between two blanks in one piece."""
    pieces = [list(run) if is_blank else ["".join(run)] for is_blank, run in groupby(segments, _is_blank)]
    return [piece for run in pieces for piece in run]


def _is_blank(segment):
    return isinstance(segment, Blank)


@pytest.mark.parametrize(("text", "segments"), BLANKS)
def test_blanks_are_found_in_a_text(text, segments):
    rendered = render_inline(text)
    assert joined(rendered.segments) == segments
    assert rendered.mistakes == ()


MISTAKES = [
    ("[[]]", "a blank has no answer"),
    ("[[ ]]", "a blank has no answer"),
    ("[[|hint]]", "a blank has no answer"),
    ("{{c1::}}", "a blank has no answer"),
    ("{{c1::::hint}}", "a blank has no answer"),
    ("[[mice", "never closed with ]]"),
    ("[[mice]", "never closed with ]]"),
    ("{{c1::mice}", "never closed with }}"),
    ("[[a [[b]] c]]", "a blank stands inside a blank"),
    ("[[a [b [[c]] d] e]]", "a blank stands inside a blank"),
    ("[[a {{c1::b}} c]]", "a blank stands inside a blank"),
    ("[[{{c1::b}}]]", "a blank stands inside a blank"),
    ("{{c1::a [[b]] c}}", "a blank stands inside a blank"),
    ("{{c1::a {{c2::b}} c}}", "a blank stands inside a blank"),
    ("{{c1,2::a}}", "two numbers"),
    ("{{c0::a}}", "1 to 500, not 0"),
    ("{{c501::a}}", "1 to 500, not 501"),
    ("{{c99999999999999999999::a}}", "1 to 500"),
    ("{{c1::a}} [[b]]", "use one of them"),
    (r"[[$\frac{a}{\sqrt{b}}$]]", "write '} }'"),
    (r"{{c1::$\frac{a}{\sqrt{b}}$}}", "write '} }'"),
    (r"$[[\frac{a}{\sqrt{b}}]]$", "write '} }'"),
    (r"$\frac{{{c1::a}}}{{{c1,2::b}}}$", "two numbers"),
]


@pytest.mark.parametrize(("text", "message"), MISTAKES)
def test_a_broken_blank_is_told(text, message):
    assert message in " / ".join(render_inline(text).mistakes)


def test_a_mistake_is_told_once_however_often_it_is_made():
    assert render_inline("[[]] and [[]]").mistakes == ("a blank has no answer",)


@pytest.mark.parametrize(
    ("text", "obeyed"),
    [("[[[sound:a.mp3]] b]", "[sound:"), (r"\\[[(x]]\\)", r"\(")],
)
def test_a_blank_beside_other_signs_makes_nothing_that_is_obeyed(text, obeyed):
    assert obeyed not in render_inline(text).html


# --- Paragraphs ---------------------------------------------------------------------------------------

BLOCKS = [
    ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
    ("# Owls", "<h1>Owls</h1>"),
    ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
    ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
    ("---", "<hr />"),
    ("a < b & **c**", "<p>a &lt; b &amp; <strong>c</strong></p>"),
    ("$x$ costs $5", r"<p>\(x\) costs $5</p>"),
    ("$$\nx < y\n$$", "<p>\\[\nx &lt; y\n\\]</p>"),
    ("<div>x</div>", "<p>&lt;div&gt;x&lt;/div&gt;</p>"),
    ("<script>\nalert(1)\n</script>", "<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;</p>"),
    ("[sound:hoot.mp3]", "<p>&#91;sound:hoot.mp3]</p>"),
    ("```\n[sound:hoot.mp3] <b>\n```", "<pre><code>&#91;sound:hoot.mp3] &lt;b&gt;\n</code></pre>"),
    ("    [sound:hoot.mp3]", "<pre><code>&#91;sound:hoot.mp3]\n</code></pre>"),
    ('[Owl](a "[sound:b]")', '<p><a href="a" title="&#91;sound:b]">Owl</a></p>'),
    ("[Owl][1]\n\n[1]: javascript:x", "<p>[Owl][1]</p>\n<p>[1]: javascript:x</p>"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "html"), BLOCKS)
def test_paragraphs_become_html(text, html):
    assert render_block(text).html == html
    assert render_block(text).mistakes == ()


@pytest.mark.parametrize("text", ["A [[blank]].", "- a {{c1::blank}}", "# [[blank]]", "**[[blank]]**", "$[[x]]$"])
def test_a_blank_cannot_stand_in_paragraphs(text):
    assert render_block(text).mistakes == ("a blank stands where none can",)


def test_a_picture_in_paragraphs_is_not_made_yet():
    assert render_block("An owl:\n\n![owl](owl.png)").mistakes


# --- Escaping -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "escaped"),
    [
        ("a::b", "a&#58;&#58;b"),
        (r"\frac{a}{\sqrt{b}}", r"\frac{a}{\sqrt{b&#125;&#125;"),
        ("{{c1::x}}", "&#123;&#123;c1&#58;&#58;x&#125;&#125;"),
        (":::", "&#58;&#58;:"),
        ("}}}", "&#125;&#125;}"),
        ("a:b {c}", "a:b {c}"),
        ("&#58;:", "&#58;:"),
        ("", ""),
    ],
)
def test_cloze_signs_are_escaped_and_nothing_else(html, escaped):
    assert escape_in_cloze(html) == escaped


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("a <b>b</b>c", "a bc"),
        ("a<br>b", "a b"),
        ("a<br />b", "a b"),
        ("<p>a</p><p>b</p>", "a b"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "a b"),
        ("1 &lt; 2 &amp;amp; 3", "1 < 2 &amp; 3"),
        ("a&nbsp;b\n\n c ", "a b c"),
        ("<img src=x>", ""),
        ("", ""),
    ],
)
def test_a_reader_sees_text_and_no_tags(html, seen):
    assert visible_text(html) == seen


ANYTHING = st.text() | st.text(alphabet="[]{}|:c1,2$\\*`_<>&!()\n\t ab}")


@given(ANYTHING)
@settings(max_examples=500, deadline=None)
def test_no_text_is_too_strange_to_render(text):
    for rendered in (render_inline(text), render_block(text)):
        assert isinstance(rendered.html, str)


@given(ANYTHING)
@settings(max_examples=300, deadline=None)
def test_an_escaped_text_shows_as_it_was(text):
    assert visible_text(escape(text)) == " ".join(text.split())


@given(ANYTHING)
@settings(max_examples=300, deadline=None)
def test_escaping_for_a_cloze_does_not_change_what_is_seen(text):
    escaped = escape_in_cloze(escape(text))
    assert visible_text(escaped) == visible_text(escape(text))
    assert not any(sign in escaped for sign in ("{{", "}}", "::"))


@given(ANYTHING)
@settings(max_examples=500, deadline=None)
def test_no_text_smuggles_in_a_tag_of_its_own(text):
    tags = {"em", "strong", "code", "a", "br", "wbr", "img"}
    html = render_inline(text).html
    found = {tag.split()[0].strip("</>") for tag in html.split("<")[1:]}
    assert {name.split(">")[0].rstrip("/") for name in found} <= tags


@given(ANYTHING)
@settings(max_examples=300, deadline=None)
def test_the_segments_of_a_text_are_its_html(text):
    rendered = render_inline(text)
    assert "".join(s.html if isinstance(s, Blank) else s for s in rendered.segments) == rendered.html
    assert all(blank.number is None or 1 <= blank.number <= 500 for blank in rendered.blanks)


@pytest.mark.parametrize("sign", ["[[", "[[[ ", "[[a[", "{{c1::", "$a ", "**a ", "`", "[a](b", "![[", "<", "&", "\\"])
@pytest.mark.parametrize("render", [render_inline, render_block])
def test_many_open_signs_do_not_exhaust_the_renderer(render, sign):
    assert render(sign * 2000) is not None


def test_deeply_nested_blanks_do_not_exhaust_the_renderer():
    assert render_inline("[[a[" * 1000 + "x" + "]]]" * 1000) is not None


BITS = [
    "word",
    "x1",
    " ",
    "é",
    ":",
    ".",
    "(",
    ")",
    "[[a]]",
    "[[a b|hint]]",
    "$x_1$",
    "$a < b$",
    "$5",
    "*",
    "**",
    "*so*",
    "**so**",
]


@given(st.lists(st.sampled_from(BITS), min_size=1, max_size=8).map("".join).map(str.strip).filter(bool))
@settings(max_examples=300, deadline=None)
def test_what_is_rendered_without_the_parser_looks_as_with_it(text):
    """Code at its end is the parser's work, so a text with it takes the long way."""
    assert render_inline(f"{text} `c`").html == f"{render_inline(text).html} <code>c</code>"
    with_code, without = render_block(f"{text} `c`"), render_block(text)
    if without.html.endswith("</p>"):
        assert with_code.html == f"{without.html.removesuffix('</p>')} <code>c</code></p>"
    assert with_code.mistakes == without.mistakes


LINES = ["Owls eat mice.", "- Owls", "- **so** it is", "Étés", "", "", "", "- ", "Voles ", "* Owls", "---"]


@example("- Owls\n\n- Voles")
@example("Owls:\n\n- Owls\n- $a < b$\n\nVoles\n\n- Voles")
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=7).map("\n".join).map(str.strip).filter(bool))
@settings(max_examples=300, deadline=None)
def test_paragraphs_and_lists_look_the_same_without_the_parser_as_with_it(text):
    assert render_block(text).html == parse_block(text)[0]
