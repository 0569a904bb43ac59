"""How long after another an article was published."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.article import Article
    from index.web.messages import Messages

TIMED = frozenset({"second", "minute"})  # precisions that a time can be counted from


def elapsed(first: Article, later: Article, t: Messages) -> str:
    """'+12 min', '−1 h 5 min', as exact as is of use; '' where the time of either is not known."""
    if {first.published_precision, later.published_precision} - TIMED:
        return ""
    lasted = later.published_at - first.published_at
    sign = "−" if lasted < timedelta() else "+"
    return sign + duration(abs(lasted), t)


def duration(lasted: timedelta, t: Messages) -> str:
    """'40 s', '12 min', '3 h 5 min', '2 d 4 h': the largest unit and the one below it."""
    minutes, seconds = divmod(int(lasted.total_seconds()), 60)
    if not minutes:
        return t("story_page.seconds", n=seconds)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = [("days", days), ("hours", hours), ("minutes", minutes)]
    while not units[0][1]:
        units = units[1:]
    return " ".join(t(f"story_page.{name}", n=t.number(n)) for name, n in units[:2] if n)
