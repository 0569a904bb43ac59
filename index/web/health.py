"""What the page of crawl health shows. How a site is, is judged by the crawler, which fills these values in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from index.web.recent import Recent

if TYPE_CHECKING:
    from datetime import datetime

    from index.backend import Backend, BackendError
    from index.outbox.status import Status

Files = Literal["these", "others", "none"]
"""The site files at hand: of sites that run into this index (or of a new one), of other sites only, none at all."""


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """One site; `state` and `problems` (English sentences) are those of `svodka status`."""

    site: str
    state: str
    filed: bool  # its site file is at hand; without it nobody knows when it is late
    last_run: datetime | None = None
    new: int = 0  # articles of the last 24 hours
    failed: int = 0  # links of the last 24 hours
    newest: datetime | None = None  # publication of the newest article that was seen
    running: str | None = None  # the machine on which a run is under way; '' for this one
    held_until: datetime | None = None
    fallen: Mapping[str, tuple[float, float]] = field(
        default_factory=dict
    )  # fill rates: of the past week, now
    problems: Sequence[str] = ()
    recent: Recent = field(default_factory=Recent)


@dataclass(frozen=True, slots=True)
class Health:
    """How the crawl is. `alarms` are the lines of `svodka status --check`, `json` is the object of `--json`."""

    at: datetime
    version: str
    status: Status
    alarms: Sequence[str]
    sites: Sequence[SiteHealth]
    files: Files
    folder: str  # of the site files
    json: Mapping[str, Any]
    unjudged: str = ""  # why there is nothing of the sites, though the index answers
    waits_since: datetime | None = None  # the first of what is in the outbox


Examine = Callable[["Backend | BackendError", "datetime"], Health]
"""How the crawl is at a moment, by an open index, or by why it cannot be opened."""
