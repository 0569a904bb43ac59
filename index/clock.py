"""The one place where the time is read, so that tests and the demo can set it (SVODKA_NOW)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def clock_at(moment: str | None) -> Clock:
    """A clock that stands at an ISO 8601 moment with offset, or the real one (UTC) when there is none.

    Raises ValueError for text that is no moment or has no offset.
    """
    if not moment:
        return lambda: datetime.now(UTC)
    fixed = datetime.fromisoformat(moment)
    if fixed.tzinfo is None:
        raise ValueError(f"SVODKA_NOW={moment!r} has no UTC offset; '2026-11-20T12:00:00+00:00' has")
    return lambda: fixed.astimezone(UTC)
