"""Bars, rings, tables and figures as SVG, readable on light and on dark ground."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH = 900  # pixels
ROW = 24  # height of a bar or of a table's row
LETTER = 8.2  # mean width of a letter of 13 pixels in a wide font; narrower ones leave a gap
TOP = 44  # where a drawing begins, below its title
FOOT = 40  # what the caption takes

# Light and dark ground alike; neighbours differ in lightness, too, for who sees no colours.
COLOURS = ("#2f7ed8", "#e0803c", "#3f9c6b", "#b565c9", "#8a8f98", "#c9a227", "#d1495b", "#36a3b5", "#7a6ad8")

_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 15px; font-weight: 600; }
  .figure { font-size: 34px; font-weight: 600; }
  .faint { fill: #59636e; font-size: 12px; }
  .line { stroke: #8c959f; stroke-width: 0.6; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .faint { fill: #9198a1; }
  }
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a bar: its value, in the colour of its name."""

    name: str
    value: float


def page(title: str, caption: str, height: float, drawn: Iterable[str]) -> str:
    """A whole picture: title above, caption below."""
    whole = round(height + TOP + FOOT)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {whole}" width="{WIDTH}" height="{whole}" '
        f'role="img" aria-label="{_quoted(f"{title}. {caption}")}">\n<style>{_STYLE}</style>\n'
        f"{_text(8, 24, title, 'title')}\n"
        + "\n".join(drawn)
        + f"\n{_text(8, whole - 12, caption, 'faint')}\n</svg>\n"
    )


def stacked(columns: Sequence[tuple[str, Sequence[Bar]]], names: Sequence[str]) -> tuple[float, list[str]]:
    """Upright bars made of parts, with the names of the parts at the right. Height and elements."""
    height, right = max(220.0, ROW * len(names)), WIDTH - 240
    most = max((sum(bar.value for bar in bars) for _, bars in columns), default=0) or 1
    step = (right - 20) / max(1, len(columns))
    drawn: list[str] = []
    for place, (label, bars) in enumerate(columns):
        x = 12 + place * step
        drawn += _upright(x, step * 0.72, height, most, bars, names)
        drawn.append(_text(x + step * 0.36, TOP + height, label, "faint", anchor="middle"))
    for place, name in enumerate(names):
        y = TOP + ROW * place + 12
        drawn += [_rect(right + 10, y - 10, 12, 12, _colour(place)), _text(right + 28, y, name)]
    return height + 8, drawn


def lying(bars: Sequence[Bar]) -> tuple[float, list[str]]:
    """Bars from the left, each with its name and value. Height and elements."""
    names = 24 + min(260.0, max((len(bar.name) for bar in bars), default=0) * LETTER)
    most = max((bar.value for bar in bars), default=0) or 1
    drawn: list[str] = []
    for place, bar in enumerate(bars):
        y, length = TOP + ROW * place, bar.value / most * (WIDTH - names - 60)
        drawn.append(_text(8, y + 16, _short(bar.name, names - 16)))
        drawn.append(_rect(names, y + 4, length, ROW - 8, COLOURS[0]))
        drawn.append(_text(names + length + 6, y + 16, f"{bar.value:g}"))
    return ROW * len(bars), drawn


def ring(bars: Sequence[Bar]) -> tuple[float, list[str]]:
    """Shares of a whole, with their names and values beside. Height and elements."""
    radius, whole = 58.0, sum(bar.value for bar in bars) or 1
    around, done = 2 * math.pi * radius, 0.0
    drawn: list[str] = []
    for place, bar in enumerate(bars):
        length = bar.value / whole * around
        drawn.append(
            f'<circle cx="90" cy="{TOP + 80}" r="{radius}" fill="none" stroke="{_colour(place)}" stroke-width="30" '
            f'stroke-dasharray="{length:.2f} {around - length:.2f}" stroke-dashoffset="{around / 4 - done:.2f}"/>'
        )
        y = TOP + 40 + ROW * place
        drawn += [
            _rect(200, y - 10, 12, 12, _colour(place)),
            _text(220, y, f"{bar.name}: {bar.value:g} ({bar.value / whole:.0%})"),
        ]
        done += length
    return max(168.0, 40 + ROW * len(bars)), drawn


def table(
    heads: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]]
) -> tuple[float, list[str]]:
    """Rows of text; what does not fit ends in an ellipsis. Height and elements."""
    starts = [8 + sum(widths[:place]) for place in range(len(widths))]
    drawn = [_text(x, TOP + 12, head, "faint") for x, head in zip(starts, heads, strict=True)]
    for number, row in enumerate(rows):
        y = TOP + ROW * (number + 1)
        drawn.append(f'<line class="line" x1="8" y1="{y - 4}" x2="{WIDTH - 8}" y2="{y - 4}"/>')
        for x, width, value in zip(starts, widths, row, strict=True):
            drawn.append(_text(x, y + 13, _short(value, width - 10)))
    return ROW * (len(rows) + 1) + 4, drawn


def figures(values: Sequence[Bar]) -> tuple[float, list[str]]:
    """Large numbers beside each other. Height and elements."""
    step = (WIDTH - 16) / max(1, len(values))
    drawn: list[str] = []
    for place, bar in enumerate(values):
        drawn.append(_text(8 + step * place, TOP + 36, f"{bar.value:g}", "figure"))
        drawn.append(_text(8 + step * place, TOP + 60, bar.name, "faint"))
    return 66, drawn


def _upright(
    x: float, width: float, height: float, most: float, bars: Sequence[Bar], names: Sequence[str]
) -> Iterator[str]:
    room, ground = height - 34, TOP + height - 18
    for bar in bars:
        size = bar.value / most * room
        ground -= size
        if bar.value:
            yield _rect(x, ground, width, size, _colour(names.index(bar.name)))
    whole = sum(bar.value for bar in bars)
    yield _text(x + width / 2, ground - 5, f"{whole:g}", anchor="middle")


def _colour(place: int) -> str:
    return COLOURS[place % len(COLOURS)]


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'


def _text(x: float, y: float, text: str, kind: str = "", *, anchor: str = "") -> str:
    attributes = (f' class="{kind}"' if kind else "") + (f' text-anchor="{anchor}"' if anchor else "")
    return f'<text x="{x:.1f}" y="{y:.1f}"{attributes}>{escape(text)}</text>'


def _short(text: str, width: float) -> str:
    room = int(width / LETTER)
    return text if len(text) <= room else f"{text[: max(1, room - 1)].rstrip()}…"


def _quoted(text: str) -> str:
    return escape(text, {'"': "&quot;"})
