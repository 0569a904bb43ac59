"""Whether a site's pages are still read: on what share of them title, text and date are found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from index.runs import FILLED

if TYPE_CHECKING:
    from index.runs import RunDocument

LAYOUT_DAYS = timedelta(days=8)  # before the newest run: older pages say nothing of the layout of today
RECENT_PAGES = 10  # pages of the newest runs whose fill rates are compared with those before ...
PAST_PAGES = 20  # ... of which there have to be so many
FALLEN = 0.5  # a rate below this share of its past is a change of layout
HARDLY = 0.05  # a rate below this was never any better: the site file is wrong
LAYOUT = ("title", "body", "date")  # what a layout change is told by; who signs an article varies
NEEDED = ("title", "body")  # without which nothing is an article; dates may stand in the feed


@dataclass(frozen=True, slots=True)
class Drop:
    """A fill rate (0 to 1) that has fallen: that of the past week and that of the newest pages."""

    past: float
    recent: float


def layout_problem(runs: Sequence[RunDocument], fill: dict[str, Drop]) -> str:
    """What is wrong with how a site's pages are read, '' when nothing is. `fill`: what `fallen` found."""
    if drops := [
        f"{name} {fill[name].past:.0%} -> {fill[name].recent:.0%}" for name in LAYOUT if name in fill
    ]:
        return f"its pages are read worse than in the past week ({', '.join(drops)}): a new layout?"
    if rates := unread(runs):
        said = ", ".join(f"{name} {rate:.0%}" for name, rate in rates.items())
        return f"hardly any of its pages can be read ({said}): look at its site file (docs/sites.md)"
    return ""


def fallen(runs: Sequence[RunDocument]) -> dict[str, Drop]:
    """The fill rates of the newest pages that are below half of those before them. `runs`: the newest first."""
    lately = _lately(runs)
    recent, pages = 0, 0
    while recent < len(lately) and pages < RECENT_PAGES:
        pages += lately[recent].pages
        recent += 1
    past = sum(run.pages for run in lately[recent:])
    if pages < RECENT_PAGES or past < PAST_PAGES:
        return {}
    drops = {name: Drop(_rate(lately[recent:], name), _rate(lately[:recent], name)) for name in FILLED}
    return {name: drop for name, drop in drops.items() if drop.recent < FALLEN * drop.past}


def unread(runs: Sequence[RunDocument]) -> dict[str, float]:
    """The rates of what an article needs that were hardly ever found, on a fair number of pages."""
    lately = _lately(runs)
    if sum(run.pages for run in lately) < PAST_PAGES:
        return {}
    rates = {name: _rate(lately, name) for name in NEEDED}
    return {name: rate for name, rate in rates.items() if rate < HARDLY}


def _lately(runs: Sequence[RunDocument]) -> list[RunDocument]:
    return [run for run in runs if run.started_at >= runs[0].started_at - LAYOUT_DAYS]


def _rate(runs: Iterable[RunDocument], name: str) -> float:
    """A rate over the pages of several runs."""
    shares = [(run.fill[name], run.pages) for run in runs if run.fill is not None]
    pages = sum(pages for _, pages in shares)
    if not pages:  # records of another version, which tell no rates: nothing is known to have fallen
        return 1.0
    return round(sum(rate * each for rate, each in shares) / pages, 4)
