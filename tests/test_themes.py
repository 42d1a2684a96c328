"""Reading themes: whatever stands in the file, it ends in a look or in mistakes with places, and nothing is fetched."""

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deckbuilder.build import build
from deckbuilder.check.themed import JUDGES
from deckbuilder.facts.deck import Theme
from deckbuilder.facts.load import load
from deckbuilder.facts.places import Origin
from deckbuilder.facts.styles import read_styles, with_files
from deckbuilder.lock import format_lock, parse_lock
from deckbuilder.notetypes import QUESTION, themed_css
from deckbuilder.package.read import read_package
from tests.browser import Watched
from tests.helpers import HEADING, OWL, write_deck

THEMED = HEADING.replace("name: Birds", "name: Birds, theme: theme.css") + OWL
PAST = "http://example.invalid/paper.png"
# Ways to fetch something past a reader of CSS. What is accepted must fetch nothing in a browser.
SLY = [
    f"@import '{PAST}';",
    f"@\\69 mport '{PAST}';",
    f"@media all {{ @import '{PAST}'; }}",
    f"<!-- @import '{PAST}'; -->",
    f"@im/**/port '{PAST}';",
    f".card {{ background: url({PAST}) }}",
    f".card {{ background: URL( '{PAST}' ) }}",
    f".card {{ background: u\\72l({PAST}) }}",
    f'.card {{ background: \\75\\72\\6c("{PAST}") }}',
    f".card {{ background: url/**/({PAST}) }}",
    ".card { background: url(\\68ttp://example.invalid/paper.png) }",
    ".card { background: url(//example.invalid/paper.png) }",
    ".card { background: url( \t//example.invalid/paper.png) }",
    ".card { background: url(\\2f\\2f example.invalid/paper.png) }",
    ".card { background: url(\\\\example.invalid/paper.png) }",
    f".card {{ --paper: url({PAST}); background: var(--paper) }}",
    f'.card {{ --paper: "{PAST}"; background: url(var(--paper)) }}',
    f".card {{ background: image-set('{PAST}' 1x) }}",
    f".card {{ background: -webkit-image-set(url({PAST}) 1x) }}",
    f".card {{ background: cross-fade(url({PAST}), red) }}",
    f".card {{ cursor: url({PAST}), auto }}",
    f".card {{ list-style: url({PAST}); filter: url({PAST}#x); mask: url({PAST}); clip-path: url({PAST}#y) }}",
    f".front::before {{ content: url({PAST}) }}",
    f"@font-face {{ font-family: x; src: url({PAST}) }} .card {{ font-family: x, serif }}",
    f"@font-face {{ font-family: x; src: local('x'), url('{PAST}') }} .card {{ font-family: x, serif }}",
    f"@keyframes k {{ from {{ background: url({PAST}) }} }} .card {{ animation: k 1s }}",
    f"@supports (color: red) {{ .card {{ background: url({PAST}) }} }}",
    f"@namespace url({PAST}); .card {{ color: #222222 }}",
    f".card {{ color: #222222; }} }} .card {{ background: url({PAST}) }}",
    f".card {{ background: red; & .front {{ background: url({PAST}) }} }}",
    f'.card {{ background: url("{PAST} }}',
    f".card {{ background: url({PAST}",
    f".front::before {{ content: '</style><img src={PAST}>' }}",
    f".front::before {{ content: '</StYlE ><img src={PAST}>' }}",
    f"/* </style><img src={PAST}> */",
    f".card {{ color: #222222 }} </style ><script>fetch('{PAST}')</script>",
    f".card {{ background: expression(fetch('{PAST}')); behavior: url({PAST}); -moz-binding: url({PAST}) }}",
    f"@charset 'utf-8'; @import url({PAST});",
    f"\ufeff@import '{PAST}';",
    f"\0@import '{PAST}';",
    f".card {{ background: linear-gradient(red, url({PAST})) }}",
]


@pytest.fixture(scope="module")
def seen(chromium):
    seen = Watched(chromium)
    yield seen
    seen.close()


@pytest.mark.parametrize("theme", SLY)
def test_no_spelling_lets_a_card_fetch_something(seen, theme, tmp_path):
    write_deck(tmp_path, theme, "theme.css")
    loaded = load([write_deck(tmp_path, THEMED)])
    if loaded.problems:
        assert {problem.place.file.name for problem in loaded.problems} == {"theme.css"}
        return
    (deck,) = loaded.decks
    css = themed_css(QUESTION.css, deck.theme.css)
    seen.page.set_content(f"<style>{css}</style><body class='card'><p class='front'>Words</p></body>")
    seen.page.wait_for_load_state("networkidle")
    assert [address for address in seen.requests if "example" in address] == []


def test_most_of_these_spellings_are_refused():
    """The test above would be worth nothing if a browser did not know them."""
    accepted = [theme for theme in SLY if not read_styles(theme).flaws]
    assert len(accepted) < 5, accepted


SIGNS = st.sampled_from(
    [
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ";",
        ":",
        ",",
        "@",
        "@import",
        "@media",
        "url(",
        '"',
        "'",
        "\\",
        "/*",
        "*/",
        "<",
        "-",
    ]
)
CSS = st.lists(st.one_of(SIGNS, st.sampled_from([".card", "color", "#123", "a.png", " ", "\n", "--x", "!"]), st.text()))


@given(CSS)
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_look_or_mistakes_with_places(pieces):
    text = "".join(pieces)
    styles = read_styles(text)
    lines = text.count("\n") + text.count("\r") + text.count("\f") + 1
    assert all(1 <= flaw.line <= lines and flaw.column >= 1 and flaw.fix for flaw in styles.flaws)
    if not styles.flaws:
        # What goes into the package reads as it was judged.
        written = with_files(text, {name: f"_{n}.png" for n, name in enumerate(styles.files)})
        for judge in JUDGES.values():
            list(judge(Theme(Path("theme.css"), text, styles, written), Origin(Path("birds.yaml"))))
        again = read_styles(written)
        assert again.flaws == ()
        assert set(again.files) == {f"_{n}.png" for n in range(len(styles.files))}
        assert [(rule.selector, len(rule.declarations)) for rule in again.rules] == [
            (rule.selector, len(rule.declarations)) for rule in styles.rules
        ]


@pytest.mark.parametrize("piece", ["(", "{", "[", "a{", "@media all{", ":not(", "/*", "var(", "url("])
def test_a_theme_of_brackets_takes_no_time_and_no_stack(piece):
    read_styles(".card { color: " + piece * 5_000)
    read_styles(piece * 5_000)


def test_a_theme_and_a_source_are_found_where_a_mac_wrote_the_names_of_their_files(run, tmp_path):
    """Letters and accents as two signs on the disk, as one in the facts."""
    facts = THEMED.replace("theme.css", "thème.css") + "sources: {atlas: {title: Atlas, text: à lire/café.txt}}\n"
    write_deck(tmp_path, facts)
    for name, text in (("thème.css", ".front { font-weight: bold }\n"), ("à lire/café.txt", "Owls are birds.")):
        write_deck(tmp_path, text, unicodedata.normalize("NFD", name))
    assert run("build", "birds.yaml").code == 0
    assert "cannot be read" not in run("check", "birds.yaml").err


def test_a_deck_with_a_broken_theme_is_not_built_and_the_place_is_told(run, tmp_path):
    write_deck(tmp_path / "cards", THEMED)
    write_deck(tmp_path / "cards", ".card {\n  color red;\n}\n", "theme.css")
    told = run("build", "cards")
    assert told.code == 1
    assert "theme.css:2:12: error: this cannot be read as CSS [theme-broken]" in told.err
    assert "2 |   color red;" in told.err
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "birds.yaml:2:39 media-missing: there is no file"),
        ({"Theme.css": ""}, "birds.yaml:2:39 media-missing: there is no file"),
        ({"theme.css": b"\xff\xfe"}, "theme.css:0:0 encoding: the file is not saved as UTF-8"),
        ({"theme.css": ".front { background: url(leaf.png) }"}, "theme.css:1:22 media-missing: there is no file"),
        (
            {"theme.css": ".front { background: url(leaf.png) }", "leaf.png": "no picture"},
            "theme.css:1:22 media-broken: 'leaf.png' does not hold a PNG picture",
        ),
        (
            {"theme.css": ".card {\n  --paper: #fff8ee\n  --ink: #222222;\n}"},
            "theme.css:3:3 theme-broken: a ';' is missing before '--ink'",
        ),
        (
            {"theme.css": ".card { color: #222; }\n /* At night\n.card.nightMode { color: #fff; }"},
            "theme.css:2:2 theme-broken: a comment that begins here never ends",
        ),
        (
            {"theme.css": "@font-face { src: url(a.woff2) }", "a.woff2": "wOFF"},
            "theme.css:1:19 media-broken: 'a.woff2' does not hold a font of the form .woff2",
        ),
        (
            {"theme.css": "@font-face { src: url(a.eot) }", "a.eot": ""},
            "theme.css:1:19 media-broken: 'a.eot' is neither a font nor a picture",
        ),
    ],
)
def test_what_is_wrong_with_a_theme_or_its_files_is_told_where_it_stands(files, told, tmp_path):
    for name, content in files.items():
        write_deck(tmp_path, content, name)
    (problem,) = load([write_deck(tmp_path, THEMED)]).problems
    place = problem.place
    assert f"{place.file.name}:{place.line}:{place.column} {problem.rule}: {problem.message}".startswith(told)


def test_colons_and_signs_of_comments_within_values_are_no_mistakes():
    css = """
    .card::before { content: '/* a: b'; filter: drop-shadow(0 0 1px red); } /* c: d; */
    .front:hover { color: red }
    @media (width > 9px) { .back { background: url('data:image/png;base64,AA') } }
    """
    assert read_styles(css).flaws == ()


def test_a_changed_theme_is_built_and_an_unchanged_one_is_not(run, tmp_path, monkeypatch):
    monkeypatch.setattr("deckbuilder.unchanged._TICK_NS", 0)
    write_deck(tmp_path / "cards", THEMED)
    write_deck(tmp_path / "cards", ".card { --ink: #222222; }", "theme.css")
    assert run("build", "cards", "-o", "dist").code == 0
    package = tmp_path / "dist" / "birds.apkg"
    first = package.read_bytes()
    assert run("build", "cards", "--locked").code == 0
    monkeypatch.setattr("deckbuilder.build._Builder", None)
    assert run("build", "cards", "-o", "dist").code == 0
    monkeypatch.undo()
    write_deck(tmp_path / "cards", ".card { --ink: #333333; }", "theme.css")
    monkeypatch.chdir(tmp_path)
    assert run("build", "cards", "--locked").code == 1
    assert run("build", "cards", "-o", "dist").code == 0
    assert package.read_bytes() != first
    assert {one.look.split("\x1f")[0][-25:] for one in read_package(package)[0].types} == {".card { --ink: #333333; }"}


def test_a_deck_without_a_theme_loads_no_reader_of_css(tmp_path):
    write_deck(tmp_path, HEADING + OWL)
    script = "import sys; from deckbuilder.commands.cli import run; run(['check', '.']); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)  # noqa: S603
    assert {"tinycss2", "cssselect2", "webencodings"}.isdisjoint(ran.stdout.split())
    assert "deckbuilder.check.theme" in ran.stdout


def test_the_theme_to_copy_satisfies_the_reviewer(run, tmp_path):
    page = (Path(__file__).parents[1] / "docs" / "themes.md").read_text(encoding="utf-8")
    to_copy, with_files, *_ = re.findall(r"```css\n(.*?)```", page, re.DOTALL)
    write_deck(tmp_path / "cards", THEMED)
    write_deck(tmp_path / "cards", to_copy, "theme.css")
    rules = "theme-contrast,theme-night,theme-size,theme-motion,theme-font"
    assert run("check", "cards", "--strict", "--select", rules).out == "Nothing to mend.\n"
    assert read_styles(with_files).flaws == ()


def test_the_page_on_themes_names_every_colour_of_the_common_look():
    page = (Path(__file__).parents[1] / "docs" / "themes.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^  (--[a-z]+):", QUESTION.css, re.MULTILINE)) <= set(re.findall(r"`(--[a-z]+)`", page))


def test_merged_locks_keep_what_one_side_says_of_themes(tmp_path):
    """Git is told to keep both sides: one got a theme, the other new facts."""
    text = "lock\t1\tbirds\tbirds\nlock\t1\tbirds\n"
    lock, problems = parse_lock(text, tmp_path / "birds.lock")
    assert problems == []
    assert lock.home == "birds"
    assert format_lock(lock).splitlines()[1:] == ["lock\t1\tbirds\tbirds"]


def test_a_theme_serves_every_package_of_its_deck(tmp_path):
    facts = THEMED.replace("theme: theme.css}", "theme: theme.css}\noutputs: {short: {concepts: [owl]}}")
    write_deck(tmp_path, ".card { --ink: #222222; }", "theme.css")
    built = build([write_deck(tmp_path, facts)], tmp_path / "dist")
    assert built.problems == ()
    looks = [{one.look for one in read_package(file)[0].types} for file in sorted((tmp_path / "dist").glob("*.apkg"))]
    assert len(looks) == 2
    assert looks[0] == looks[1]


def test_a_deck_in_another_language_wears_the_theme_in_note_types_of_its_own(tmp_path):
    facts = THEMED.replace("theme: theme.css}", "theme: theme.css}\noutputs: {deutsch: {language: de}}").replace(
        "term: Owl\n    definition: A bird that hunts at night.",
        "term: Owl\n    translations: {de: Eule}\n    definition: {text: A bird that hunts at night., "
        "translations: {de: 'Ein Vogel, der bei Nacht jagt.'}}",
    )
    write_deck(tmp_path, ".card { --ink: #222222; }", "theme.css")
    assert build([write_deck(tmp_path, facts)], tmp_path / "dist").problems == ()
    (english,), (german,) = (
        read_package(tmp_path / "dist" / f"birds{name}.apkg")[0].types for name in ("", ".deutsch")
    )
    assert (english.name, german.name) == ("Deckbuilder question (birds)", "Deckbuilder question (birds@de)")
    assert english.look == german.look
    assert english.id != german.id
