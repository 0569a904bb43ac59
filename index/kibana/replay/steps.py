"""Steps of time in histograms: Kibana's `auto`, and how a step is told to Elasticsearch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from index.kibana.replay.request import Context

MOST_BARS = 100  # Kibana's setting histogram:maxBars
_STEPS = (
    (timedelta(seconds=1), "1s"),
    (timedelta(seconds=5), "5s"),
    (timedelta(seconds=10), "10s"),
    (timedelta(seconds=30), "30s"),
    (timedelta(minutes=1), "1m"),
    (timedelta(minutes=5), "5m"),
    (timedelta(minutes=10), "10m"),
    (timedelta(minutes=30), "30m"),
    (timedelta(hours=1), "1h"),
    (timedelta(hours=3), "3h"),
    (timedelta(hours=12), "12h"),
    (timedelta(days=1), "1d"),
    (timedelta(days=7), "1w"),
    (timedelta(days=30), "1M"),
)


def step_of(interval: str, context: Context) -> str:
    """The step that `auto` means for a period: the shortest round one with no more bars than allowed."""
    if interval != "auto":
        return interval
    period = context.end - context.start
    return next((name for length, name in _STEPS if period / length <= MOST_BARS), "1y")


def histogram(field: str, interval: str, context: Context, *, empty: bool = True) -> dict[str, Any]:
    """A date histogram over the period. One minute, hour, day, ... is a calendar step, several are a fixed one."""
    step = step_of(interval, context)
    single = step[:-1] == "1" and step[-1] in "mhdwMy"
    found: dict[str, Any] = {
        "field": field,
        "calendar_interval" if single else "fixed_interval": step,
        "time_zone": context.zone,
        "min_doc_count": 0 if empty else 1,
    }
    if empty:
        bounds = (int(moment.timestamp() * 1000) for moment in (context.start, context.end))
        found["extended_bounds"] = dict(zip(("min", "max"), bounds, strict=True))
    return {"date_histogram": found}
