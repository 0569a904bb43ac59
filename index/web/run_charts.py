"""The runs of a site as two small drawings: when they were, and how their links ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from index.runs import OUTCOMES
from index.web.times import time_shown

if TYPE_CHECKING:
    from index.runs import RunDocument
    from index.web.messages import Messages
    from index.web.visit import Visit

DAYS = 7
SLOT = timedelta(
    hours=2
)  # runs of one slot are one tick: a site that runs each minute has 84 ticks, not 10,080
SLOTS = timedelta(days=DAYS) // SLOT
STEP, TICK, TALL = 4, 3, 16  # of the drawing's own units; a tick of runs that were well is half as tall
WIDE = 400  # of the bar of outcomes
GROUPS: Mapping[str, Sequence[str]] = {
    "new": ("indexed", "waiting"),
    "revised": ("revised",),
    "seen": ("unchanged", "known"),
    "rejected": ("not_an_article", "too_short", "outside_site", "robots", "http_error"),
    "failed": ("failed",),
    "left": ("deferred",),
}


@dataclass(frozen=True, slots=True)
class Tick:
    """The runs of one slot."""

    x: int
    y: int
    height: int
    text: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """When the runs of the last days were; `text` says it in words."""

    ticks: Sequence[Tick]
    text: str
    width: int = SLOTS * STEP
    height: int = TALL
    tick: int = TICK


@dataclass(frozen=True, slots=True)
class Part:
    """The links of one group of outcomes: their share of the bar, and what they are in words."""

    group: str
    x: int
    width: int
    text: str


def strip(runs: Sequence[RunDocument], now: datetime, visit: Visit) -> Strip:
    """The runs of the last seven days, the newest first, as ticks on a line that ends now."""
    slots: dict[int, list[RunDocument]] = {}
    for run in reversed(runs):
        slots.setdefault(_slot(run, now), []).append(run)
    ticks = [_tick(slot, of_slot, visit) for slot, of_slot in sorted(slots.items()) if slot >= 0]
    failed = sum(not run.ok for run in runs)
    key = "health.strip_failed" if failed else "health.strip_ok"
    text = visit.t(key, runs=visit.t.counted("health.runs", len(runs)), failed=visit.t.number(failed))
    return Strip(ticks, text)


def _slot(run: RunDocument, now: datetime) -> int:
    """Slots are counted from the left; a run that is ahead of the clock is in the last one."""
    return SLOTS - 1 - max((now - run.started_at) // SLOT, 0)


def _tick(slot: int, runs: Sequence[RunDocument], visit: Visit) -> Tick:
    failed = sum(not run.ok for run in runs)
    height = TALL if failed else TALL // 2
    return Tick(slot * STEP, TALL - height, height, _told(runs, failed, visit), failed > 0)


def _told(runs: Sequence[RunDocument], failed: int, visit: Visit) -> str:
    """'20 Nov 2026, 12:00: failed', '20 Nov 2026, 12:00 – 20 Nov 2026, 13:45: 8 runs, 1 failed'."""
    t = visit.t
    first, last = (time_shown(run.started_at, "minute", visit.zone, t).text for run in (runs[0], runs[-1]))
    if len(runs) == 1:
        return t("health.tick", time=first, how=t("health.run_failed" if failed else "health.run_ok"))
    how = t(
        "health.strip_failed" if failed else "health.strip_ok",
        runs=t.counted("health.runs", len(runs)),
        failed=t.number(failed),
    )
    return t("health.tick", time=t("histogram.span", first=first, last=last), how=how)


def outcomes(runs: Iterable[RunDocument], t: Messages) -> list[Part]:
    """How the links of some runs ended, as parts of a bar; empty where they found none."""
    sums = dict.fromkeys(OUTCOMES, 0)
    for run in runs:
        for name, count in run.outcomes.items():
            sums[name] += count
    total = sum(sums.values())
    parts, before = [], 0
    for group, names in GROUPS.items():
        count = sum(sums[name] for name in names)
        if count:
            x, end = before * WIDE // total, (before + count) * WIDE // total
            parts.append(Part(group, x, max(end - x, 1), _words(group, count, sums, t)))
        before += count
    return parts


def _words(group: str, count: int, sums: Mapping[str, int], t: Messages) -> str:
    """'8 rejected (6 not an article, 2 robots.txt)': the outcomes that a group is made of, where there are several."""
    named = [name for name in GROUPS[group] if sums[name]]
    text = t(f"health.outcomes_{group}", n=t.number(count))
    if group != "rejected":
        return text
    each = (t(f"health.outcome_{name}", n=t.number(sums[name])) for name in named)
    return f"{text} ({', '.join(each)})"
