"""How long to leave an index alone that did not answer, or an article that it would not take."""

from __future__ import annotations

from collections.abc import Callable

FLOOR = 1.0  # seconds
CEILING = 300.0  # seconds: a cluster that is back is noticed within five minutes
LONGEST = 3600.0  # seconds: a longer Retry-After is a slip, or would leave articles waiting unnoticed

Draw = Callable[[], float]
"""A number from 0 up to 1, as `random.random` gives: the jitter."""


def delay(failures: int, draw: Draw, retry_after: float | None = None) -> float:
    """Seconds to wait after so many failures in a row (from 1 up), never less than the server asked for.

    Exponential back-off with full jitter: any time between nothing and a span that doubles, so that the
    processes which failed together do not come back together. Source: M. Brooker, "Exponential Backoff
    And Jitter", AWS Architecture Blog, 2015. `retry_after` is the header of RFC 9110, 10.2.3, in seconds.
    """
    span = min(CEILING, FLOOR * 2.0 ** min(failures, 30))
    asked = min(retry_after, LONGEST) if retry_after is not None and retry_after > 0 else 0.0
    return max(FLOOR, draw() * span, asked)
