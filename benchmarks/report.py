"""Results as a table and a plot for docs/performance.md."""

# ruff: noqa: INP001 - a script's part

import html
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measure import Ratio

if TYPE_CHECKING:
    from run import Row

_TABLE = re.compile(r"(<!-- results -->\n).*?(<!-- end of results -->)", re.DOTALL)


def in_words(ratio: Ratio, target: float | None) -> str:
    aim = f"   target {target:g}: {'reached' if ratio.median <= target else 'missed'}" if target is not None else ""
    return f"{ratio.median:>7.2f}  ({ratio.least:.2f} to {ratio.most:.2f}, {ratio.rounds} rounds){aim}"


def write(docs: Path, rows: Sequence["Row"], recorded: Mapping[str, Any]) -> None:
    """The long results into the page, between its marks, and the plot beside its pictures."""
    page = docs / "performance.md"
    results = {name: Ratio(**values) for name, values in recorded.get("long", {}).get("rows", {}).items()}
    if not results or not page.exists():
        return
    told = [(row, results[row.id]) for row in rows if row.id in results]
    text = page.read_text(encoding="utf-8")
    page.write_text(_TABLE.sub(lambda found: found[1] + _table(told) + found[2], text), encoding="utf-8")
    (docs / "images" / "performance.svg").write_text(plot(told), encoding="utf-8")


def _table(told: Sequence[tuple["Row", Ratio]]) -> str:
    lines = ["| What | against | ratio | spread | target | |", "|---|---|---:|---:|---:|---|"]
    for row, ratio in told:
        target = "" if row.target is None else f"{row.target:g}"
        mark = "" if row.target is None else "reached" if ratio.median <= row.target else "**missed**"
        spread = f"{ratio.least:.2f} to {ratio.most:.2f}" if ratio.rounds > 1 else ""
        lines.append(f"| {row.what} | {row.against} | {ratio.median:.2f} | {spread} | {target} | {mark} |")
    return "\n".join(lines) + "\n"


def plot(told: Sequence[tuple["Row", Ratio]]) -> str:
    """A bar for each row that has a target: how much of the target it takes, on a logarithmic scale."""
    shown = [
        (row.what.replace("`", ""), ratio.median / row.target, ratio, row.target) for row, ratio in told if row.target
    ]
    height, left, width = 34, 380, 300
    low, high = math.log10(0.1), math.log10(max(10.0, *(share for _, share, _, _ in shown)))

    def x(share: float) -> float:
        return left + width * (math.log10(max(share, 0.1)) - low) / (high - low)

    lines = []
    for number, (what, share, ratio, target) in enumerate(shown):
        y = 44 + number * height
        kind = "good" if share <= 1 else "bad"
        lines += [
            f'<text x="{left - 12}" y="{y + 15}" text-anchor="end">{html.escape(what)}</text>',
            f'<rect class="{kind}" x="{left}" y="{y}" width="{x(share) - left:.0f}" height="20" rx="3"/>',
            f'<text class="number" x="{x(share) + 8:.0f}" y="{y + 15}">{ratio.median:.2f} of {target:g}</text>',
        ]
    bottom = 44 + len(shown) * height
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 820 {bottom + 20}" role="img"
 font-family="system-ui, sans-serif" font-size="14">
<title>How much of each target deckbuilder takes</title>
<style>
 text {{ fill: #1f2328 }} .paper {{ fill: #fff }}
 .number {{ fill: #57606a; stroke: #fff; stroke-width: 6px; paint-order: stroke }}
 .good {{ fill: #0b5cad }} .bad {{ fill: #9a3b00 }}
 line {{ stroke: #1f2328; stroke-dasharray: 4 4 }}
</style>
<rect class="paper" width="820" height="{bottom + 20}"/>
<text x="{x(1):.0f}" y="24" text-anchor="middle">target</text>
<line x1="{x(1):.0f}" y1="32" x2="{x(1):.0f}" y2="{bottom}"/>
{chr(10).join(lines)}
</svg>
"""
