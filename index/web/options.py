"""What a running search page was told: its index, zone, names and limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from index.backend import Backend
    from index.clock import Clock
    from index.web.health import Examine
    from index.web.hosts import Hosts


@dataclass(frozen=True, slots=True)
class Limits:
    """What one visitor, and all together, may ask for."""

    readers: int = 4  # searches at a time, each in a thread with an open index of its own
    seconds: float = 10.0  # that a reading may take of the index
    counting: float = 60.0  # the same of the overview and crawl health, whose figures are kept
    waiting: int = 32  # requests that wait for a reader; more are told to come back
    rate: float = 10.0  # requests a second of one client, in the long run
    burst: int = 60  # requests that a client may make at once
    clients: int = 10_000  # whose requests are remembered
    connections: int = 200  # open at a time
    client_connections: int = 100  # of them from one address
    head_seconds: float = 10.0  # for all of a request's line and headers
    request_head: int = 16 * 1024  # bytes of request line and headers
    export: int = 10_000  # hits of a CSV file: the last that a query can be paged to
    kept: float = 60.0  # seconds for which the figures of the overview and of crawl health are shown again


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that the pages depend on besides the request."""

    open: Callable[[], Backend]  # opens the index to look at; may raise BackendError
    clock: Clock
    zone: ZoneInfo  # of a reader who names none
    hosts: Hosts
    limits: Limits = field(default_factory=Limits)
    examine: Examine = field(kw_only=True)  # tells how the crawl is
    file: Callable[[], object] = field(
        kw_only=True, default=lambda: None
    )  # which file the index is: another one is opened anew
