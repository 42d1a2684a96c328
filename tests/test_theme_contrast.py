"""The contrast of themes: what is computed without a browser is what Chromium shows."""

import random
import re

import pytest

from deckbuilder.check.looks import MODES, contrast, hexadecimal, parts_of, rules_of
from deckbuilder.check.run import check
from deckbuilder.check.table import RULES
from deckbuilder.facts.load import load
from deckbuilder.facts.styles import read_styles
from deckbuilder.kinds import make_notes
from deckbuilder.notetypes import QUESTION, themed_css
from tests.helpers import write_deck
from tests.test_design import TEMPLATES

# Each part of a card: its name, its ink, and what lies behind it, colours laid over one another as they let through.
SEEN = """() => {
  const numbers = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((c, n) => c * a + under[n] * (1 - a));
  const chain = (element) => (element ? [...chain(element.parentElement), element] : []);
  return [...document.querySelectorAll("[data-part]")].map((part) => {
    const around = chain(part);
    const ground = around.map((one) => getComputedStyle(one).backgroundColor)
      .reduce((under, colour) => over(numbers(colour), under), [255, 255, 255]);
    const opacity = around.reduce((all, one) => all * Number(getComputedStyle(one).opacity), 1);
    const [r, g, b, a] = numbers(getComputedStyle(part).color);
    return [part.dataset.part, over([r, g, b, a * opacity], ground), ground];
  });
}"""
BY_HAND = """\
.card { --paper: hsl(40 60% 95%); --ink: rgb(20, 20, 60); --deep: var(--ink); --circle: var(--circle) }
.card.nightMode, .card.night_mode, .nightMode .card, .night_mode .card { --paper: #223; --ink: gainsboro; }
.context { color: var(--deep); }
.front { color: var(--circle, green); background: rgb(0 0 0 / 10%) }
.back { color: var(--missing); background-color: var(--missing, #fed); background: var(--missing) }
.back p { color: maroon !important; opacity: .8 } .card .back p { color: red }
.note { background: currentcolor; color: #0008 } .note a { color: inherit; background-color: white }
.source > p:first-child { color: hwb(200 10% 20%) } .source a:not(.x) { color: unset } .source a:hover { color: red }
li + li, li ~ .mark, [data-part="a tip"] { color: teal } .tip { color: navy; opacity: 50% }
p.status, #toggle { background: none; background-color: #ffe; color: CurrentColor } td::before { color: red }
.reason, .extra { background: linen url(data:image/png;base64,AA) }
.card { color: var(--ink) } .item:is(.front) { color: olive }
"""
SELECTORS = """\
.card; .card.nightMode; .nightMode .card; .card.night_mode; .night_mode .card; body; article; .front; .front p; .back; p
.back > p; .note; .note a; .note *; .source; .text li; li; .cloze; a; code; pre code; .status; .card .source p; div.item
article > .context; #toggle; dt, dd""".replace("\n", "; ").split("; ")
VALUES = """\
#123; #fedcba; #12345680; white; rgb(200 100 50); rgba(10, 200, 30, .4); hsl(200, 50%, 40%); inherit; transparent; unset
var(--ink); var(--accent); var(--new); var(--new, silver); currentcolor; initial""".replace("\n", "; ").split("; ")


def shown(chromium_page, css, mode):
    """What Chromium makes of the parts."""
    from deckbuilder.check.looks import _sample  # noqa: PLC0415 - the document that is judged

    body = re.search(r"<body>(.*)</body>", _sample(), re.DOTALL)[1]
    chromium_page.set_content(
        f'<!doctype html><html class="{mode.around}"><style>{css}</style>'
        f'<body class="card card1 {mode.card}">{body}</body></html>'
    )
    return chromium_page.evaluate(SEEN)


def computed(theme, mode):
    rules = (*rules_of(themed_css(QUESTION.css, "")), *read_styles(theme).rules)
    for part in parts_of(rules, mode):
        (ground,) = part.grounds
        red, green, blue, alpha = part.ink.colour
        mixed = [c * alpha + g * (1 - alpha) for c, g in zip((red, green, blue), ground.colour[:3], strict=True)]
        yield part.name, [c * 255 for c in mixed], [c * 255 for c in ground.colour[:3]]


def assert_same(page, theme, mode):
    ours, theirs = list(computed(theme, mode)), shown(page, themed_css(QUESTION.css, theme), mode)
    assert len(ours) == len(theirs) > 50
    for (name, ink, ground), (its_name, its_ink, its_ground) in zip(ours, theirs, strict=True):
        assert name == its_name
        # Browsers round every colour to whole numbers before they lay it over another one.
        assert ink == pytest.approx(its_ink, abs=2), (name, "ink", theme)
        assert ground == pytest.approx(its_ground, abs=2), (name, "ground", theme)


@pytest.fixture(scope="module")
def page(chromium):
    page = chromium.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: f"{mode.around or '-'} {mode.card or '-'}")
@pytest.mark.parametrize("theme", ["", BY_HAND], ids=["the common look", "a theme with all that is followed"])
def test_colours_are_those_that_chromium_shows(page, theme, mode):
    assert_same(page, theme, mode)


@pytest.mark.parametrize("seed", range(40))
def test_colours_of_any_theme_are_those_that_chromium_shows(page, seed):
    chosen = random.Random(seed)  # noqa: S311 - the same themes every day

    def declaration():
        name = chosen.choice(("color", "color", "background", "background-color", "--ink", "--accent", "--new"))
        return f"{name}: {chosen.choice(VALUES)}{chosen.choice(('', '', '', ' !important'))}"

    rules = (
        f"{chosen.choice(SELECTORS)} {{ {'; '.join(declaration() for _ in range(chosen.randint(1, 3)))} }}"
        for _ in range(chosen.randint(1, 12))
    )
    assert_same(page, "\n".join(rules), chosen.choice(MODES))


HOSTILE = {
    "custom properties that double one another": ".card { --a0: red red; "
    + "".join(f"--a{n + 1}: var(--a{n}) var(--a{n}); " for n in range(200))
    + "color: var(--a200) }",
    "a long chain of custom properties": ".card { "
    + "".join(f"--a{n}: var(--a{n + 1}); " for n in range(5000))
    + "color: var(--a0) }",
    "gradients over gradients": f"* {{ background: linear-gradient({', '.join(['red', 'blue'] * 50)}) }}",
    "a long selector": f"{'p ' * 1000} {{ color: red }}",
    "many selectors": f"{', '.join(f'.a{n} > p' for n in range(1000))} {{ color: red }}",
    "selectors that nobody understands": "p:foo, p::bar, p[, :nth-child(x), :is(:is(p)), |p, *|p, @p { color: red }",
}


@pytest.mark.parametrize("theme", HOSTILE.values(), ids=HOSTILE)
def test_a_theme_that_means_harm_is_judged_at_once(theme, tmp_path):
    facts = "format: 1\ndeck: {id: birds, name: Birds, theme: theme.css}\nconcepts:\n  owl:\n    term: Owl\n"
    write_deck(tmp_path, theme, "theme.css")
    loaded = load([write_deck(tmp_path, facts + "    definition: A bird that hunts at night.\n")])
    for deck in loaded.decks:
        check(deck, make_notes(deck), [rule for rule in RULES.values() if rule.language == "css"])
    assert loaded.decks or loaded.problems


def test_the_common_look_has_the_contrast_that_is_asked_of_themes():
    for mode in MODES:
        least = min(parts_of(rules_of(themed_css(QUESTION.css, "")), mode), key=contrast)
        assert contrast(least) >= 4.5, (mode, least.name, hexadecimal(least.ink.colour))


def test_every_class_of_the_common_look_is_among_the_parts_that_are_judged():
    from deckbuilder.check.looks import _sample  # noqa: PLC0415

    used = {name for value in re.findall(r'class="([^"]*)"', _sample()) for name in value.split()}
    templates = {
        name
        for _, side in TEMPLATES.values()
        for value in re.findall(r'class="([^"]*)"', side)
        for name in value.split()
    }
    styled = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/|\{[^}]*\}", "", QUESTION.css, flags=re.DOTALL)))
    # Of these no words are seen: the card itself, and the masks that Anki draws from words.
    assert (styled | templates) - used <= {"card", "nightMode", "night_mode", "occlusions"}


def test_a_waiver_in_the_heading_allows_a_colour(tmp_path):
    facts = "format: 1\ndeck:\n  id: birds\n  name: Birds\n  theme: theme.css\n{}concepts:\n  owl:\n    term: Owl\n"
    facts += "    definition: A bird that hunts at night.\n"
    write_deck(tmp_path, ".context { color: #999999; }", "theme.css")
    for waiver, told in (("", ["theme-contrast"]), ("  allow: {theme-contrast: An ornament.}\n", [])):
        (deck,) = load([write_deck(tmp_path, facts.format(waiver))]).decks
        found = check(deck, make_notes(deck), [RULES["theme-contrast"]])
        assert [problem.rule for problem in found] == told
