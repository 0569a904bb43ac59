"""`Pauses`: a circuit breaker that all processes on the machine share, so that nobody waits for time-outs in turn.

Three kinds of call fail apart from each other: an index with a full disk answers what is asked and takes no
article. A failure pauses its kind; while reading is paused, nothing is sent either. When a pause is over, one
process tries first and the others hold back until its try is answered, or `PROBE` seconds have passed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from index.outbox.backoff import LONGEST

if TYPE_CHECKING:
    from index.outbox.file import OutboxFile

Kind = Literal["read", "state", "article"]
PROBE = 30.0  # seconds; a request and its retries are over by then


@dataclass(frozen=True, slots=True)
class Pause:
    """Why and until when (epoch seconds) a kind of call is left alone, after so many failures in a row."""

    kind: Kind
    failures: int
    until: float
    reason: str

    def holds(self, now: float) -> bool:
        """Whether it is still on; one that ends later than any pause can was set under a wrong clock."""
        return now < self.until <= now + LONGEST


class Pauses:
    """The pauses kept in an outbox file."""

    def __init__(self, file: OutboxFile) -> None:
        self.file = file
        self._probe = 0.0  # until when the others hold back for a try of ours, which does not stop us

    def all(self) -> list[Pause]:
        """Every pause that no success has ended yet, the one that ends last first."""
        return [
            Pause(*row)
            for row in self.file.rows("SELECT kind, failures, until, reason FROM pause ORDER BY until DESC")
        ]

    def admits(self, kind: Kind, now: float) -> bool:
        """Whether such a call may be made now; who is let in after a pause holds the others back for `PROBE`."""
        if not (stops := self._stops(kind)):
            return True
        if self._hold(stops, now):
            return False
        with self.file.write() as connection:
            if self._hold(stops := self._stops(kind), now):  # another process was quicker
                return False
            self._probe = now + PROBE
            connection.executemany(
                "UPDATE pause SET until = ? WHERE kind = ?", [(self._probe, pause.kind) for pause in stops]
            )
        return True

    def _hold(self, stops: list[Pause], now: float) -> bool:
        return any(pause.holds(now) and pause.until != self._probe for pause in stops)

    def _stops(self, kind: Kind) -> list[Pause]:
        return [pause for pause in self.all() if pause.kind in {"read", kind}]

    def failed(self, kind: Kind, now: float, reason: str, wait: Callable[[int], float]) -> None:
        """Pause a kind of call; `wait` gives the seconds for a number of failures in a row."""
        with self.file.write() as connection:
            row = connection.execute("SELECT failures FROM pause WHERE kind = ?", (kind,)).fetchone()
            failures = 1 + (row[0] if row else 0)
            connection.execute(
                "INSERT OR REPLACE INTO pause(kind, failures, until, reason) VALUES (?, ?, ?, ?)",
                (kind, failures, now + wait(failures), reason),
            )

    def ended(self, kind: Kind) -> None:
        """A call of this kind has succeeded: it is not paused any longer, and reading works too."""
        if self._stops(kind):
            with self.file.write() as connection:
                connection.execute("DELETE FROM pause WHERE kind IN ('read', ?)", (kind,))

    def wake(self) -> None:
        """End the waiting, not the count of failures: the next call is made at once."""
        if self.all():
            with self.file.write() as connection:
                connection.execute("UPDATE pause SET until = 0")
