"""The rules of design that can be computed: contrast, sizes, and what a template may hold."""

import re

import pytest

from deckbuilder.notetypes import NOTE_TYPES

CSS = NOTE_TYPES[0].css
TEMPLATES = {
    f"{template.file}.{side}": (note_type, getattr(template, side))
    for note_type in NOTE_TYPES
    for template in note_type.templates
    for side in ("front", "back")
}
# Anki's own names, and the fields that a template may show without asking whether they are filled.
ANKI_FIELDS = {"FrontSide"}
ANKI_DRAWS_MASKS = """\
<script>
try {
    anki.imageOcclusion.setup();
} catch (error) {
    document.getElementById("err").textContent = `This card needs Anki 23.10 or newer. (${error})`;
}
</script>
"""


def custom_properties(block):
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{6})\s*;", block))


def colours(scheme):
    """The custom properties of a block: `light` is the first .card, `dark` the one for night mode."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL))
    light = next(body for selector, body in rules if selector.strip() == ".card")
    dark = next(body for selector, body in rules if "ightMode" in selector and "--ink" in body)
    return custom_properties(light) if scheme == "light" else {**custom_properties(light), **custom_properties(dark)}


def luminance(colour):
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, two):
    lighter, darker = sorted((luminance(one), luminance(two)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_formula_agrees_with_known_values():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#0b5cad", "#ffffff") == pytest.approx(6.7, abs=0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("text", ["ink", "quiet", "accent", "warn", "keyword", "string", "number"])
@pytest.mark.parametrize("background", ["paper", "panel"])
def test_text_can_be_read_on_every_background(scheme, text, background):
    palette = colours(scheme)
    assert contrast(palette[text], palette[background]) >= 4.5


def test_dark_scheme_sets_every_colour_anew():
    light, dark = colours("light"), colours("dark")
    assert [name for name in light if dark[name] == light[name]] == []
    assert luminance(dark["paper"]) < 0.1
    assert luminance(light["paper"]) > 0.8


def test_colours_are_used_by_name_only():
    uses = re.findall(r"(?:^|[;{\s])(?:color|background|border[\w-]*):\s*([^;]+);", CSS)
    literal = [use for use in uses if re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl", use)]
    assert uses
    assert literal == []


def test_text_colours_are_those_whose_contrast_is_computed():
    used = set(re.findall(r"(?<![\w-])color:\s*var\(--([\w-]+)\)", CSS))
    assert used <= {"ink", "quiet", "accent", "warn", "keyword", "string", "number"}
    # No text stands on the sheet: it is the ground of a picture.
    assert set(re.findall(r"background(?:-color)?:\s*var\(--([\w-]+)\)", CSS)) <= {"paper", "panel", "sheet"}


def mask_colours():
    """For the mask that is asked, the others, and the one that was: its colour, and its border's width and colour."""
    canvas = re.search(r"#image-occlusion-canvas\s*\{([^}]*)\}", CSS)[1]
    fills = dict(re.findall(r"--(\w+)-shape-color:\s*(#[0-9a-f]{6,8})", canvas))
    borders = {
        name: (int(width), colour)
        for name, width, colour in re.findall(r"--(\w+)-shape-border:\s*(\d+)px (#[0-9a-f]{6})", canvas)
    }
    assert fills.keys() == borders.keys() == {"active", "inactive", "highlight"}
    return {name: (fills[name], *borders[name]) for name in fills}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("mask", ["active", "inactive", "highlight"])
def test_masks_stand_out_from_the_ground_of_their_picture(scheme, mask):
    """As WCAG asks of what is no text (1.4.11): 3:1, by the border, whatever lies within it."""
    fill, _, border = mask_colours()[mask]
    assert contrast(border, colours(scheme)["sheet"]) >= 3
    # What was asked is seen through: of its own it has the border alone.
    assert (fill[7:] == "00") if mask == "highlight" else (fill[7:] == "" and contrast(border, fill) >= 3)


def test_the_mask_that_is_asked_is_told_from_the_others_without_colour():
    masks = mask_colours()
    assert masks["active"][1] >= 2 * masks["inactive"][1]
    assert masks["highlight"][1] >= 2 * masks["inactive"][1]


def test_night_mode_is_known_by_both_names():
    assert ".nightMode" in CSS
    assert ".night_mode" in CSS


def test_text_is_at_least_20_pixels_and_nothing_falls_far_below():
    base = [float(size) for size in re.findall(r"font-size:\s*([\d.]+)px", CSS)]
    assert base
    assert min(base) >= 20
    relative = [float(size) for size in re.findall(r"font-size:\s*([\d.]+)r?em", CSS)]
    assert min(relative) >= 0.8
    assert re.search(r"line-height:\s*1\.[5-9]", CSS)


def test_text_begins_where_its_language_begins():
    assert "text-align: start" in CSS
    assert not re.search(r"text-align:\s*(left|right)", CSS)
    assert not re.search(r"(?:margin|padding|border)-(?:left|right)\b", CSS)


def test_lines_are_at_most_38_em_long():
    assert re.search(r"max-width:\s*38em", CSS)


def test_nothing_moves():
    assert not re.search(r"animation|transition|@keyframes|marquee|scroll-behavior:\s*smooth", CSS)


def test_styling_loads_nothing():
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert "@font-face" not in CSS


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_has_no_script_and_loads_nothing(name):
    _, template = TEMPLATES[name]
    if name.startswith("occlusion."):
        # Masks are drawn by the script that Anki has for them: it is called, and nothing else is.
        assert template.count(ANKI_DRAWS_MASKS) == 1
        template = template.replace(ANKI_DRAWS_MASKS, "")
    assert not re.search(r"<script|javascript:|\son\w+=|<img|<link|<iframe|src=|style=", template, re.IGNORECASE)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_is_limited_to_fields_and_conditions_on_them(name):
    """Only these does the package writer make the same cards of as Anki does."""
    note_type, template = TEMPLATES[name]
    fields = {field.name for field in note_type.fields}
    for kind, inner in re.findall(r"\{\{([#/^]?)([^{}]*)\}\}", template):
        assert kind != "^", "{{^...}} makes other cards in Anki than in the package"
        # A box to type in stands beside the field that decides about the card.
        plain = inner if kind else inner.removeprefix("type:")
        plain = re.sub(r"^cloze(-only)?:", "", plain) if note_type.is_cloze and not kind else plain
        assert plain in fields | (ANKI_FIELDS if name.endswith("back") and not kind else set()), inner


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_closes_what_it_opens(name):
    _, template = TEMPLATES[name]
    still_open = []
    for kind, field in re.findall(r"\{\{([#/])([^{}]*)\}\}", template):
        if kind == "#":
            still_open.append(field)
        else:
            assert still_open.pop() == field
    assert still_open == []
    for tag in ("article", "div", "p", "aside", "footer"):
        assert len(re.findall(rf"<{tag}\b", template)) == template.count(f"</{tag}>"), tag


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.endswith("front")])
def test_front_stands_wholly_within_the_condition_on_its_gate(name):
    note_type, template = TEMPLATES[name]
    gate = next(t.gate for t in note_type.templates if t.front == template)
    assert template.startswith(f"{{{{#{gate}}}}}")
    assert template.endswith(f"{{{{/{gate}}}}}")


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_text_says_its_language_and_finds_its_own_direction(name):
    _, template = TEMPLATES[name]
    assert '<article lang="{{Language}}">' in template
    for opened in re.findall(r"<(?:div|p|aside|footer)\b[^>]*>", template):
        assert 'dir="auto"' in opened, opened


def test_front_shows_status_and_back_shows_source():
    for name, (note_type, template) in TEMPLATES.items():
        if "spare" in name:
            continue
        assert ("{{Status}}" in template) == (name.endswith("front") or note_type.is_cloze), name
        assert ("{{Source}}" in template) == name.endswith("back"), name


def test_all_note_types_share_one_styling():
    assert {note_type.css for note_type in NOTE_TYPES} == {CSS}
