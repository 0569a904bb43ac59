"""How long ago something was, in the reader's language; the time itself stands on hover."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from index.web.times import Time, time_shown

if TYPE_CHECKING:
    from datetime import tzinfo

    from index.web.messages import Messages

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def ago(moment: datetime, now: datetime, zone: tzinfo, t: Messages) -> Time:
    """'12 min ago' with the moment on hover; what lies ahead by more than a minute is shown as its time."""
    shown = time_shown(moment, "second", zone, t)
    if moment > now + MINUTE:
        return shown
    return replace(shown, text=_passed(max(now - moment, timedelta()), t))


def _passed(passed: timedelta, t: Messages) -> str:
    """As `svodka status` counts: minutes up to two hours, hours up to two days."""
    if passed < MINUTE:
        return t("health.just_now")
    if passed < 2 * HOUR:
        return t.counted("health.minutes_ago", passed // MINUTE)
    if passed < 2 * DAY:
        return t.counted("health.hours_ago", passed // HOUR)
    return t.counted("health.days_ago", passed.days)
