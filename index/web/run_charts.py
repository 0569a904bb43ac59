"""The runs of a site as two small drawings: when they were, and how their links ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.web.recent import SLOTS
from index.web.times import time_shown

if TYPE_CHECKING:
    from index.web.messages import Messages
    from index.web.recent import Recent, Slot
    from index.web.visit import Visit

STEP, TICK, TALL = 4, 3, 16  # of the drawing's own units; a tick of runs that were well is half as tall
NAMED = 28  # ticks with a time each; of busier sites only those of failures, the newest, have one
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
    """When the runs of the last days were. `ticks` have words of their own; `well` and `failed` draw the others."""

    ticks: Sequence[Tick]
    well: str  # path data of SVG
    failed: str
    text: str  # the whole in words
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


def strip(runs: Recent, visit: Visit) -> Strip:
    """The runs of the last seven days as ticks on a line that ends now."""
    sparse = len(runs.slots) <= NAMED
    named = [slot for slot in runs.slots if sparse or slot.failed][-NAMED:]
    places = {slot.at for slot in named}
    others = [slot for slot in runs.slots if slot.at not in places]
    return Strip(
        ticks=[_tick(slot, visit) for slot in named],
        well="".join(_path(slot) for slot in others if not slot.failed),
        failed="".join(_path(slot) for slot in others if slot.failed),
        text=_counted(runs.runs, runs.failed, visit.t),
    )


def _tick(slot: Slot, visit: Visit) -> Tick:
    height = _height(slot)
    return Tick(slot.at * STEP, TALL - height, height, _told(slot, visit), slot.failed > 0)


def _path(slot: Slot) -> str:
    height = _height(slot)
    return f"M{slot.at * STEP} {TALL - height}v{height}h{TICK}v-{height}z"


def _height(slot: Slot) -> int:
    return TALL if slot.failed else TALL // 2


def _told(slot: Slot, visit: Visit) -> str:
    """'20 Nov 2026, 12:00: failed', '20 Nov 2026, 12:00 – 20 Nov 2026, 13:45: 8 runs, 1 failed'."""
    t = visit.t
    first = time_shown(slot.first, "minute", visit.zone, t).text
    if slot.runs == 1:
        return t("health.tick", time=first, how=t("health.run_failed" if slot.failed else "health.run_ok"))
    last = time_shown(slot.last, "minute", visit.zone, t).text
    span = t("histogram.span", first=first, last=last)
    return t("health.tick", time=span, how=_counted(slot.runs, slot.failed, t))


def _counted(runs: int, failed: int, t: Messages) -> str:
    key = "health.strip_failed" if failed else "health.strip_ok"
    return t(key, runs=t.counted("health.runs", runs), failed=t.number(failed))


def parts(outcomes: Mapping[str, int], t: Messages) -> list[Part]:
    """How the links of some runs ended, as parts of a bar; empty where they found none."""
    total = sum(outcomes.values())
    found, before = [], 0
    for group, names in GROUPS.items():
        count = sum(outcomes[name] for name in names)
        if count:
            x, end = before * WIDE // total, (before + count) * WIDE // total
            found.append(Part(group, x, max(end - x, 1), _words(group, count, outcomes, t)))
        before += count
    return found


def _words(group: str, count: int, outcomes: Mapping[str, int], t: Messages) -> str:
    """'8 rejected (6 no article, 2 too short)': why, where there are several reasons."""
    text = t(f"health.outcomes_{group}", n=t.number(count))
    if group != "rejected":
        return text
    named = [name for name in GROUPS[group] if outcomes[name]]
    each = (t(f"health.outcome_{name}", n=t.number(outcomes[name])) for name in named)
    return f"{text} ({', '.join(each)})"
