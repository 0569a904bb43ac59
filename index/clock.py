"""The one place where the time is read, so that tests and the demo can set it (SVODKA_NOW)."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]

_EXAMPLE = "'2026-11-20T12:00:00+00:00'"


def clock_at(moment: str | None) -> Clock:
    """A clock that stands at an ISO 8601 moment with offset, or the real one (UTC) when there is none.

    Raises ValueError for text that is no moment or has no offset.
    """
    if not moment:
        return lambda: datetime.now(UTC)
    try:
        given = datetime.fromisoformat(moment)
        fixed = given.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"SVODKA_NOW={moment!r} is no moment; {_EXAMPLE} is one") from error
    if given.tzinfo is None:
        raise ValueError(f"SVODKA_NOW={moment!r} has no UTC offset; {_EXAMPLE} has")
    return lambda: fixed


def process_clock() -> Clock:
    """The clock of this process: it stands where SVODKA_NOW says, or is the real one. Raises as `clock_at` does."""
    return clock_at(os.environ.get("SVODKA_NOW"))


def clock_fault(moment: str | None) -> str:
    """What is wrong with a moment that a clock should stand at; empty where nothing is."""
    try:
        clock_at(moment)
    except ValueError as error:
        return str(error)
    return ""
