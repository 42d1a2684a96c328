"""Code and formulas on cards: as Anki shows them, and as the preview does."""

import subprocess
import sys

import pytest

from deckbuilder.build import build
from deckbuilder.markup import render_block, render_inline, visible_text
from tests.anki_helpers import study
from tests.test_preview_render import assert_same

FACTS = r"""
format: 1
deck: {id: signs, name: Signs}
concepts:
  python:
    term: Python
    questions:
      - id: slice
        ask: |
          What does this print?

          ```python
          word = "owl"  # {{c1::no}} [sound:a.mp3] \(x\)
          print(word[::2], {"a": {"b": [[1]]}})
          ```
        answer: |
          ```
          ol {'a': {'b': [[1]]}}
          ```
        note: |
          In Rust:

          ```rust
          fn main() { let x: u32 = 1; }
          ```
    statements:
      - id: braces
        text: |
          ```c
          int a[2][2] = {{1, 2}, {3, 4}}; std::x;
          ```
          has [[four|how many?]] numbers, and `{{}}` has [[none]].
  chemistry:
    term: Chemistry
    definition: 'What $\ce{H2O}$ and $E = mc^2$ have in common: $$\sum_{i=1}^{n} i < \frac{n^2}{1}$$'
    statements:
      - 'Water is [[$\ce{H2O}$|formula?]], its dissociation $\ce{2H2O <=> [[H3O+]] + OH-}$.'
      - 'The root of $\frac{[[a^{2}]]}{b_{1} }$ is taken.'
      - '{{c1::$\ce{SO4^2-}$}} is sulfate.'
"""


@pytest.fixture(scope="module")
def cards(tmp_path_factory):
    seen = study(FACTS, tmp_path_factory.mktemp("signs"))
    assert seen.empty_cards == ""
    assert not seen.changed_by_check
    return {(card.key.split("/")[-1], card.number): card for card in seen.cards}


def test_code_keeps_its_lines_and_has_classes_and_neither_styles_nor_scripts(cards):
    front = cards["slice", 1].front_html
    code = front.partition("<pre><code>")[2].partition("</code></pre>")[0]
    assert code.count("\n") == 1
    assert '<span class="code-string">"owl"</span>' in code
    assert '<span class="code-name">print</span>' in code
    assert '<span class="code-keyword">fn</span>' in cards["slice", 1].back_html
    assert "style=" not in front + cards["slice", 1].back_html
    assert cards["slice", 1].sounds == 0


def test_signs_of_blanks_in_code_are_shown_and_not_obeyed(cards):
    assert 'print(word[::2], {"a": {"b": [[1]]}})' in visible_text(cards["slice", 1].front_html)
    assert "# {{c1::no}} [sound:a.mp3]" in visible_text(cards["slice", 1].front_html)
    for number in (1, 2):
        assert "int a[2][2] = {{1, 2}, {3, 4}}; std::x;" in visible_text(cards["braces", number].front_html)
        assert "{{}}" in visible_text(cards["braces", number].back_html)
    assert ("braces", 3) not in cards


def test_formulas_reach_anki_whole_also_within_blanks(cards):
    sides = {key: card.back_html for key, card in cards.items()}
    assert r"\(\ce{H2O}\)" in sides["definition", 1]
    assert r"\[\sum_{i=1}^{n} i &lt; \frac{n^2}{1}\]" in sides["definition", 1]
    (water,) = [html for (key, number), html in sides.items() if key.startswith("water-is") and number == 1]
    assert r'data-ordinal="1">\(\ce{H2O}\)</span>' in water
    assert r"\(\ce{2H2O &lt;=&gt; H3O+ + OH-}\)" in water
    (root,) = [html for (key, _), html in sides.items() if key.startswith("the-root")]
    assert r"\(\frac{a^{2}}{b_{1} }\)" in root.replace("&#125;", "}")


def test_the_preview_renders_code_and_formulas_as_anki_does(tmp_path):
    file = tmp_path / "signs.yaml"
    file.write_text(FACTS, encoding="utf-8")
    assert assert_same(file, tmp_path) == {"question", "cloze", "definition"}


def test_code_in_a_language_that_nobody_knows_is_shown_without_colours():
    html = "<pre><code>a &lt; b</code></pre>"
    assert render_inline("```klingon\na < b\n```").html == html
    assert "<span" not in render_block("```klingon\na < b\n```").html


def test_code_that_names_no_language_is_as_it_was():
    assert render_block("```\nx = 1\n```").html == "<pre><code>x = 1\n</code></pre>"


def test_three_backquotes_within_a_line_are_code_in_the_line():
    assert render_inline("```a``` b").html == "<code>a</code> b"


def test_pygments_is_loaded_for_code_that_names_a_language_alone():
    program = (
        "import sys; from deckbuilder.markup import render_block, render_inline; "
        "render_block('`x` and\\n\\n```\\ny\\n```'); render_inline('$x$ [[y]]\\n```\\nz\\n```'); "
        "print('pygments' in sys.modules); render_block('```python\\nx\\n```'); print('pygments' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert told.stdout.split() == ["False", "True"]


def test_colouring_can_come_later_and_moves_nothing(tmp_path, monkeypatch):
    file = tmp_path / "signs.yaml"
    plain = FACTS.replace("```python", "```")
    guids = []
    for number, facts in enumerate((plain, FACTS)):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_800_000_000 + number))
        file.write_text(facts, encoding="utf-8")
        (built,) = build([file], tmp_path / "dist").decks
        guids.append((tmp_path / "signs.lock").read_text(encoding="utf-8"))
    changed = set(guids[1].splitlines()) - set(guids[0].splitlines())
    assert [line.split("\t")[1] for line in changed] == ["signs/python/question/slice"]
    assert built.notes
