"""`Claim`: one site's turn under `crawl --due`, taken when its run begins and given back when that is cut off."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from crawler.schedule.starts import Mark, give_back, mark

if TYPE_CHECKING:
    from index.backend import Backend
    from index.clock import Clock


class TurnTaken(Exception):
    """Another process has started the site since it was found due, and so it is left to that."""


class Claim:
    """The turn of a site that was found due by the mark `seen`; not taken yet. Not thread-safe, used once."""

    def __init__(self, site: str, seen: Mark, clock: Clock) -> None:
        self.site, self.seen, self.clock = site, seen, clock
        self._backend: Backend | None = None
        self._start: datetime | None = None

    def take(self, backend: Backend) -> None:
        """Mark the site as started; raises `TurnTaken`, and whatever the index raises when someone has to act."""
        start = self.clock()
        if not mark(backend, self.site, start, self.seen):
            raise TurnTaken(self.site)
        self._backend, self._start = backend, start

    def give_back(self) -> None:
        """Let the site be due again; no harm when the turn was not taken. Raises what the index raises."""
        if self._backend is not None and self._start is not None:
            give_back(self._backend, self.site, self._start, self.seen, self.clock())
            self._start = None
