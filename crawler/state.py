"""`SiteState`: what one run of a site leaves for the next, kept in the index under `site:NAME`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from crawler.discovery.link import Link
    from crawler.outcome import Outcome

# A failed visit is repeated after a quarter of an hour, then four times later each time: 5 tries span
# 3.5 days, so a weekend's outage loses nothing.
FIRST_WAIT = timedelta(minutes=15)
WAIT_GROWTH = 4
TRIES: dict[str, int] = {"failed": 5, "http_error": 5, "deferred": 5, "not_an_article": 3, "too_short": 3}
FORGET_AFTER = timedelta(days=30)  # then a rejected link is visited again if a source still names it
FULL_FETCH_AFTER = timedelta(hours=6)  # some servers answer 304 for a feed that has changed


class _State(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Validator(_State):
    """What the last full answer of a feed, sitemap or listing said, for conditional requests (RFC 9110, 13)."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str
    fetched_at: AwareDatetime


class Visit(_State):
    """A link that did not become an article, and when it is due again; `due_at` None: given up."""

    url: str
    title: str | None = None
    published: str | None = None  # as the source wrote it
    outcome: str
    tries: int
    seen_at: AwareDatetime
    due_at: AwareDatetime | None


class SiteState(_State):
    """Validators by source URL, unfinished links by identity hash, and how long the site asked us to stay away."""

    validators: dict[str, Validator] = Field(default_factory=dict)
    visits: dict[str, Visit] = Field(default_factory=dict)
    hold_until: AwareDatetime | None = None
    # Clean-param lines of robots.txt by host: without them, a run that cannot read it would give other ids.
    clean_params: dict[str, str] = Field(default_factory=dict)
    site_file: str = ""  # hash of the site file that the validators belong to: other rules read other links

    def due(self, now: datetime) -> dict[str, Visit]:
        """Links to visit again, whether or not a source still names them."""
        return {key: visit for key, visit in self.visits.items() if visit.due_at and visit.due_at <= now}

    def note(self, link_id: str, link: Link, outcome: Outcome, now: datetime) -> None:
        """Remember a link that ended without an article, and when to try again; a stop costs no try."""
        before = self.visits.get(link_id)
        tries = (before.tries if before else 0) + (outcome != "deferred")
        self.visits[link_id] = Visit(
            url=link.url,
            title=link.title,
            published=link.published,
            outcome=outcome,
            tries=tries,
            seen_at=now,
            due_at=_due_at(outcome, tries, now),
        )

    def forget_old(self, now: datetime) -> None:
        """Drop given-up links after a month, so that the state stays small."""
        self.visits = {
            key: visit
            for key, visit in self.visits.items()
            if visit.due_at or now - visit.seen_at < FORGET_AFTER
        }


def _due_at(outcome: Outcome, tries: int, now: datetime) -> datetime | None:
    if outcome == "deferred":
        return now
    if tries >= TRIES.get(outcome, 0):
        return None
    return now + FIRST_WAIT * int(WAIT_GROWTH ** (tries - 1))
