"""`DueSites`: what `svodka crawl --due` crawls, and the marks it sets."""

from __future__ import annotations

from contextlib import closing, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError

from crawler.schedule.due import Turn, due_turns
from crawler.schedule.starts import last_starts, mark, marks
from crawler.state import SiteState
from index.backend import BackendError
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
            self._marks = marks(backend)
            self.turns = turns_of(backend, sites, self.now)
            if corrected := self._set_back():
                mark(backend, corrected)
                self._marks |= corrected
        by_name = {site.name: site for site in sites}
        self.sites = [by_name[turn.site] for turn in self.turns if turn.due(self.now)]

    def _set_back(self) -> dict[str, datetime]:
        """Sites whose last start lies in a future that the clock has left: from now on they count from now."""
        return {
            turn.site: self.now for turn in self.turns if turn.since == self.now and not turn.due(self.now)
        }

    def claim(self, site: str) -> bool:
        """Mark a site as started; False when another process has done so since, which then crawls it.

        True when the mark cannot be set: the run meets the same fault, and tells it.
        """
        with suppress(BackendError), closing(open_index(self.index)) as backend:
            if marks(backend).get(site) != self._marks.get(site):
                return False
            mark(backend, {site: self.clock()})
        return True

    @property
    def next_turn(self) -> Turn | None:
        """The first turn that is still to come."""
        return next((turn for turn in self.turns if turn.due_at and not turn.due(self.now)), None)


def turns_of(backend: Backend, sites: list[Site], now: datetime) -> list[Turn]:
    """The turns of sites by the state of an index; only of sites that are due it is asked who is held."""
    starts = last_starts(backend, now)
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
