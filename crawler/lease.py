"""`Lease`: one run of a site at a time among all machines that share a cluster.

A document in the cluster says who crawls a site and until when that is believed. It is written only over what
was read (`Backend.update_state`), so of two machines one gets it. It is renewed while the run goes on; a machine
that dies leaves it to expire; a process that dies leaves it to the next run of the same machine, which holds the
lock of that site there (`crawler.lock`).

The times in it are those of the machine that wrote it, so clocks matter: a lease is taken over only when it has
been over for `SKEW`. Machines whose clocks differ by less (NTP keeps them within a second) never crawl a site at
the same time; with a larger difference one may take a living lease over, and the other one stops as soon as it
sees that, at its next renewal.
"""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from crawler.lock import SiteLocked
from index.backend import IndexUnreachable

if TYPE_CHECKING:
    from index.backend import Backend

LEASE = 300.0  # seconds that a lease is believed without being renewed
RENEW = 60.0  # seconds between renewals: four may fail before it expires
SKEW = 60.0  # seconds by which the clocks of two machines may differ

Seconds = Callable[[], float]
Renewal = Literal["held", "lost", "away"]
"""The lease is ours; another machine has taken it over; the cluster does not answer."""


class Lease:
    """The lease of one site for one run. Raises whatever the index raises when someone has to act."""

    def __init__(
        self,
        backend: Backend,
        site: str,
        *,
        clock: Seconds = time.time,
        host: str = "",
        owner: str = "",
        place: str = "",
    ) -> None:
        """`place` names the lock that this run holds: a lease taken under it is of a process that has died."""
        self.backend, self.key, self.clock, self.place = backend, lease_key(site), clock, place
        self.host, self.owner = host or socket.gethostname(), owner or secrets.token_hex(8)

    def take(self) -> bool:
        """Take it; False when the cluster does not answer. Raises `SiteLocked` when another run has it."""
        try:
            held = self.backend.update_state(self.key, self._taken)
        except IndexUnreachable:
            return False
        if held.get("owner") != self.owner:
            until = datetime.fromtimestamp(_until(held), UTC)
            raise SiteLocked(f"{held.get('host')} crawls it (lease until {until:%F %T} UTC)")
        return True

    def renew(self) -> Renewal:
        """Prolong it; one that was never taken, or has expired while the cluster was away, is taken now."""
        try:
            return "held" if self.take() else "away"
        except SiteLocked:
            return "lost"

    def release(self) -> None:
        """Give it back, if it is still ours; a cluster that does not answer lets it expire."""
        try:
            self.backend.update_state(self.key, lambda held: {} if held.get("owner") == self.owner else None)
        except IndexUnreachable:
            return

    def _taken(self, held: dict[str, Any]) -> dict[str, Any] | None:
        now = self.clock()
        ours = held.get("owner") == self.owner or (self.place and held.get("place") == self.place)
        if not ours and is_held(held, now):
            return None
        return {"owner": self.owner, "host": self.host, "place": self.place, "until": now + LEASE}


def is_held(lease: dict[str, Any], now: float) -> bool:
    """Whether somebody's lease has to be believed; one further ahead than any can be was written under a wrong clock."""
    return now < _until(lease) + SKEW and _until(lease) <= now + LEASE + SKEW


def lease_key(site: str) -> str:
    """The key of the state that holds a site's lease."""
    return f"lease:{site}"


def _until(lease: dict[str, Any]) -> float:
    until = lease.get("until")
    return float(until) if isinstance(until, int | float) else float("-inf")
