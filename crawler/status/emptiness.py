"""Whether a site's sources have dried up: they answer, and bring nothing new for far longer than usual."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.runs import RunDocument

EMPTY_AFTER = timedelta(hours=24)  # at least; and
USUAL_GAPS = 5  # times the usual time between two runs with something new; and
LONGEST_GAPS = 1.5  # times the longest: a Monday's first article may be late, a Monday may be a holiday
FEW_GAPS = 3  # with fewer nothing is known of what is usual for the site:
EMPTY_UNKNOWN = timedelta(days=8)  # then it may be one that publishes once a week
A_WEEKEND_SEEN = timedelta(days=8)  # after the first run with something new; up to then
EMPTY_NEW = timedelta(days=4)  # so long: a weekend with a holiday, of a site that rests then


def has_news(runs: Iterable[RunDocument], now: datetime) -> bool:
    """Whether there was something new lately: then a site is not empty, whatever was before."""
    return any(is_fresh(run) and abs(now - run.started_at) <= EMPTY_AFTER for run in runs)


def is_fresh(run: RunDocument) -> bool:
    """Whether a run brought something new."""
    return bool(run.outcomes["indexed"] or run.outcomes["waiting"])


def empty_since(runs: Sequence[RunDocument], now: datetime) -> datetime | None:
    """Since when a site has had nothing new, if that is far longer than usual for it; else None.

    `runs`: those of three weeks, the newest first, so that a site that rests at weekends has had two of them. One
    whose sources do not answer is failing, not empty.
    """
    if not runs[0].sources_read:
        return None
    fresh = sorted(run.started_at for run in runs if is_fresh(run))
    since = fresh[-1] if fresh else min(run.started_at for run in runs)
    return since if now - since > _limit(fresh, now) else None


def _limit(fresh: Sequence[datetime], now: datetime) -> timedelta:
    """How long nothing new may come, by when there was something."""
    if not fresh:
        return EMPTY_AFTER  # even the first run brought nothing: the site file is wrong
    gaps = [later - earlier for earlier, later in pairwise(fresh)]
    if len(gaps) < FEW_GAPS:
        return max([EMPTY_UNKNOWN, *(LONGEST_GAPS * gap for gap in gaps)])
    usual = timedelta(seconds=median(gap.total_seconds() for gap in gaps))
    least = EMPTY_AFTER if now - fresh[0] > A_WEEKEND_SEEN else EMPTY_NEW
    return max(least, USUAL_GAPS * usual, LONGEST_GAPS * max(gaps))
