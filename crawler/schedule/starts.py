"""When each site was last started: the marks of `crawl --due`, and the records of all runs.

A mark is set when a site is started, so that a run that crashes leaves one and is not begun again and again; a
record is left when a run ends, on whatever machine and by whatever command. A run that was stopped by a signal
gives its mark back: the site is due again, and records of runs that began before do not count.

Marks are kept in the index like all crawl state, a key for each site so that no process writes over what another
has noted of another site, and so behind an outbox: with Elasticsearch away they are read and written on this machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from index.backend import BackendError, IndexUnreachable

if TYPE_CHECKING:
    from index.backend import Backend


class Mark(BaseModel):
    """What `crawl --due` has noted of a site: when it started it, and when a run of its was last given back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    started_at: AwareDatetime | None = None
    given_back_at: AwareDatetime | None = None


def mark_key(site: str) -> str:
    """The key of the state that holds a site's mark."""
    return f"due:{site}"


def last_starts(backend: Backend, sites: Iterable[str], now: datetime) -> dict[str, datetime]:
    """The last start of each of these sites that ever ran; may lie in the future where the clock was set back."""
    found = marks(backend, sites)
    counted = {
        site: start
        for site, start in _run_starts(backend).items()
        if site in found and not _given_back(found[site], start, now)
    }
    marked = {site: mark.started_at for site, mark in found.items() if mark.started_at is not None}
    return newest(marked, counted, now)


def marks(backend: Backend, sites: Iterable[str]) -> dict[str, Mark]:
    """The marks of these sites, an empty one where there is none. One that cannot be read counts as none."""
    return {site: _mark(backend.get_state(mark_key(site))) for site in sites}


def mark(backend: Backend, site: str, start: datetime, seen: Mark) -> bool:
    """Note that a site is started; False, and nothing noted, when another has done so since `seen` was read."""

    def change(held: Mark) -> Mark | None:
        if held.started_at is not None and (seen.started_at is None or held.started_at > seen.started_at):
            return None
        return Mark(started_at=start)

    return _change(backend, site, change)


def give_back(backend: Backend, site: str, start: datetime, before: Mark, now: datetime) -> None:
    """Put the mark of a run that could not do its work back to what it was before, unless another has started."""

    def change(held: Mark) -> Mark | None:
        if held.started_at != start:
            return None
        return Mark(started_at=before.started_at, given_back_at=now)

    _change(backend, site, change)


def _change(backend: Backend, site: str, change: Callable[[Mark], Mark | None]) -> bool:
    """Change a site's mark as one step among all machines, or on this one while the index does not answer."""
    key, changed = mark_key(site), False

    def changing(held: dict[str, Any]) -> dict[str, Any] | None:
        nonlocal changed
        new = change(_mark(held))
        changed = new is not None
        return new.model_dump(mode="json") if new is not None else None

    try:
        value: dict[str, Any] | None = backend.update_state(key, changing)
    except IndexUnreachable:
        value = changing(backend.get_state(key))
        stale = changed
    else:
        # One that waits in an outbox since the index was away would be sent over this one.
        stale = backend.get_state(key) != value
    if stale and value is not None:
        backend.put_state(key, value)
    return changed


def _given_back(mark: Mark, start: datetime, now: datetime) -> bool:
    """Whether a recorded run is one that was given back; a time that is yet to come was set by a wrong clock."""
    return mark.given_back_at is not None and start <= mark.given_back_at <= now


def _mark(value: dict[str, Any]) -> Mark:
    try:
        return Mark.model_validate(value)
    except ValidationError:
        return Mark()


def newest(
    marked: Mapping[str, datetime], recorded: Mapping[str, datetime], now: datetime
) -> dict[str, datetime]:
    """One last start a site: its mark, or the start of a recorded run that is newer.

    A record of the future says nothing against a mark: it is of another machine's clock, or of ours before it was
    set back, and the mark was corrected since.
    """
    found = dict(marked)
    for site, start in recorded.items():
        if site not in found or found[site] < start <= now:
            found[site] = start
    return found


def _run_starts(backend: Backend) -> dict[str, datetime]:
    """The starts of the last recorded runs; none where they cannot be had: then the marks alone decide."""
    try:
        return {site: run.started_at for site, run in backend.last_runs().items()}
    except BackendError:
        return {}
