"""`Patience`: how long a command waits for a server that starts or is busy, over all its calls."""

from __future__ import annotations

import time
from collections.abc import Callable

PAUSE = 2.0  # seconds between two tries when the server does not say


class Patience:
    """So many seconds from now on; `clock` and `sleep` are those of the process unless a test has others."""

    def __init__(
        self,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.seconds = seconds
        self._clock, self._sleep = clock, sleep
        self._end = clock() + seconds

    @property
    def left(self) -> float:
        """Seconds left, never below 0."""
        return max(self._end - self._clock(), 0.0)

    def pause(self, seconds: float | None = None) -> bool:
        """Sleep until the next try; False, at once, when that would come too late."""
        wanted = PAUSE if seconds is None else max(seconds, 0.1)
        if wanted > self.left:
            return False
        self._sleep(wanted)
        return True
