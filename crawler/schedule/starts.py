"""When each site was last started: the marks of `crawl --due`, and the records of all runs.

A mark is set when a site is started, so that a run that crashes leaves one and is not begun again and again; a
record is left when a run ends, on whatever machine and by whatever command. Marks are kept in the index like all
crawl state, and so behind an outbox: with Elasticsearch away they are read and written on this machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from index.backend import BackendError

if TYPE_CHECKING:
    from index.backend import Backend

STATE = "due"
_MARKS = TypeAdapter(dict[str, AwareDatetime])


def last_starts(backend: Backend, now: datetime) -> dict[str, datetime]:
    """The last start of every site that ever ran, by name; may lie in the future where the clock was set back."""
    return newest(marks(backend), _run_starts(backend), now)


def marks(backend: Backend) -> dict[str, datetime]:
    """When `crawl --due` has started each site. A mark that cannot be read counts as none: the site runs once more."""
    return {
        site: moment
        for site, value in backend.get_state(STATE).items()
        if (moment := _moment(value)) is not None
    }


def mark(backend: Backend, starts: Mapping[str, datetime]) -> None:
    """Note the starts of some sites; what other processes have noted of other sites stays."""
    if starts:
        values: dict[str, Any] = _MARKS.dump_python(dict(starts), mode="json")
        backend.put_state(STATE, backend.get_state(STATE) | values)


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


def _moment(value: object) -> datetime | None:
    try:
        return _MARKS.validate_python({"": value})[""]
    except ValidationError:
        return None
