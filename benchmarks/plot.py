"""Small line plots as SVG, readable on light and on dark ground."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 240, 170  # pixels of one panel
LEFT, RIGHT, TOP, BOTTOM = 20, 20, 40, 30  # margins within it
A_ROW = 3  # panels

_STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; }
  .faint { fill: #59636e; font-size: 11px; }
  .axis { stroke: #8c959f; }
  .limit { stroke: #bc4c00; stroke-dasharray: 4 3; }
  .line { stroke: #0969da; stroke-width: 2; fill: none; }
  .dot { fill: #0969da; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .faint { fill: #9198a1; }
    .limit { stroke: #f0883e; }
    .line { stroke: #58a6ff; }
    .dot { fill: #58a6ff; }
  }
"""


@dataclass(frozen=True, slots=True)
class Panel:
    """One curve under its name; all panels share the places on the x axis."""

    name: str
    values: Sequence[float]


def svg(places: Sequence[int], panels: Sequence[Panel], *, limit: float) -> str:
    """Panels in rows, x logarithmic, y from nought; a dashed line at `limit` times each first value."""
    width, height = WIDTH * min(A_ROW, len(panels)), HEIGHT * math.ceil(len(panels) / A_ROW)
    words = f"{', '.join(panel.name for panel in panels)} against the number of articles"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    drawn = "".join(_placed(at, "".join(_panel(places, panel, limit))) for at, panel in enumerate(panels))
    return f'{head} role="img" aria-label="{escape(words)}">\n<style>{_STYLE}</style>\n{drawn}</svg>\n'


def _placed(at: int, panel: str) -> str:
    return f'<g transform="translate({at % A_ROW * WIDTH} {at // A_ROW * HEIGHT})">{panel}</g>\n'


def _panel(places: Sequence[int], panel: Panel, limit: float) -> Iterator[str]:
    bound = limit * panel.values[0]
    top = 1.1 * max(*panel.values, bound, 1e-9)
    points = [(_x(place, places), _y(value, top)) for place, value in zip(places, panel.values, strict=True)]
    right, ground = WIDTH - RIGHT, HEIGHT - BOTTOM
    yield f'<text class="title" x="{LEFT}" y="18">{escape(panel.name)}</text>'
    yield f'<line class="axis" x1="{LEFT}" y1="{ground}" x2="{right}" y2="{ground}"/>'
    yield f'<line class="limit" x1="{LEFT}" y1="{_y(bound, top)}" x2="{right}" y2="{_y(bound, top)}"/>'
    yield f'<text class="faint" x="{LEFT + WIDTH // 4}" y="{_y(bound, top) - 4}">{limit:g}×</text>'
    yield f'<polyline class="line" points="{" ".join(f"{x},{y}" for x, y in points)}"/>'
    for (x, y), place, value in zip(points, places, panel.values, strict=True):
        yield f'<circle class="dot" cx="{x}" cy="{y}" r="3.5"/>'
        yield f'<text x="{x}" y="{_beside(y, _y(bound, top))}" text-anchor="middle">{value:.3g}</text>'
        yield f'<text class="faint" x="{x}" y="{ground + 16}" text-anchor="middle">{_short(place)}</text>'


def _beside(y: float, line: float) -> float:
    """Where a figure stands: above its dot, below where the dashed line would cross it."""
    return round(y + 19 if -2 < y - 9 - line < 12 else y - 9, 1)


def _x(place: int, places: Sequence[int]) -> float:
    first, last = math.log(places[0]), math.log(places[-1])
    share = (math.log(place) - first) / (last - first) if last > first else 0.5
    return round(LEFT + 10 + share * (WIDTH - LEFT - RIGHT - 20), 1)


def _y(value: float, top: float) -> float:
    return round(TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM), 1)


def _short(number: int) -> str:
    return f"{number // 1000}k" if number % 1000 == 0 else str(number)
