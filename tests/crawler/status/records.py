"""Run records of one site, as old as a test wants them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from crawler.site import Site
from index.runs import FILLED, OUTCOMES, RunDocument
from tests.make import NOON, make_run

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def site(schedule: str = "0 * * * *") -> Site:
    """A site in Moscow."""
    return Site.model_validate(
        {"name": "a.example", "title": "A", "domains": ["a.example"], "time_zone": "Europe/Moscow",
         "feeds": ["http://a.example/rss"], "schedule": schedule}
    )  # fmt: skip


def run(age: timedelta, new: int = 0, **changes: Any) -> RunDocument:
    """A run of so long ago, with so many new articles of five."""
    counts = dict.fromkeys(OUTCOMES, 0) | {"indexed": new, "known": 5 - new}
    return make_run(started_at=NOON - age, **{"outcomes": counts, "pages": 0, "fill": None, **changes})


def hourly(hours: int, fresh: Iterable[int], **changes: Any) -> list[RunDocument]:
    """A run each hour; at the hours of `fresh` (counted back) something was new. Newest first."""
    wanted = set(fresh)
    return [run(age * HOUR, new=int(age in wanted), **changes) for age in range(hours)]


def rates(**changes: float) -> dict[str, float]:
    """Fill rates: all is found but what is given otherwise."""
    return dict.fromkeys(FILLED, 1.0) | changes
