"""`DueSites`: what `svodka crawl --due` crawls, and the claims to it."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError

from crawler.schedule.claim import Claim
from crawler.schedule.due import Turn, due_turns
from crawler.schedule.starts import Mark, last_starts, mark, marks
from crawler.state import SiteState
from index.engine import open_index

if TYPE_CHECKING:
    from crawler.site import Site
    from index.backend import Backend
    from index.clock import Clock


class DueSites:
    """The turns of some sites by the state of an index, as they were when this object was made."""

    def __init__(self, index: str, sites: list[Site], clock: Clock) -> None:
        """Raises `BackendError` for an index that cannot be used; one that only does not answer can."""
        self.index, self.clock = index, clock
        self.now = clock()
        with closing(open_index(index)) as backend:
            self._marks = marks(backend, [site.name for site in sites])
            self.turns = turns_of(backend, sites, self.now)
            for site in self._set_back():
                mark(backend, site, self.now, self._marks[site])
                self._marks[site] = Mark(started_at=self.now)
        by_name = {site.name: site for site in sites}
        self.sites = [by_name[turn.site] for turn in self.turns if turn.due(self.now)]

    def _set_back(self) -> list[str]:
        """Sites whose last start lies in a future that the clock has left: from now on they count from now."""
        return [turn.site for turn in self.turns if turn.since == self.now and not turn.due(self.now)]

    def claim(self, site: str) -> Claim:
        """The turn of a site, to be taken once no other run of it can begin."""
        return Claim(site, self._marks[site], self.clock)

    @property
    def next_turn(self) -> Turn | None:
        """The first turn that is still to come."""
        return next((turn for turn in self.turns if turn.due_at and not turn.due(self.now)), None)


def turns_of(backend: Backend, sites: list[Site], now: datetime) -> list[Turn]:
    """The turns of sites by the state of an index; only of sites that are due it is asked who is held."""
    starts = last_starts(backend, [site.name for site in sites], now)
    turns = due_turns(sites, starts, now)
    due = {turn.site for turn in turns if turn.due(now)}
    holds = {name: hold for name in due if (hold := hold_until(backend, name)) is not None}
    return due_turns(sites, starts, now, holds) if holds else turns


def hold_until(backend: Backend, site: str) -> datetime | None:
    """Until when a site asked to be left alone; None also where its state is damaged, which its run tells."""
    try:
        return SiteState.model_validate(backend.get_state(f"site:{site}")).hold_until
    except ValidationError:
        return None
