"""`Turn`: the right to crawl a site now, from before its state is read until its record is kept."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from time import time
from typing import TYPE_CHECKING

from crawler.lease import Lease, is_held, lease_key
from crawler.lock import SiteLock, is_locked, lock_path
from index.backend import BackendError
from index.outbox.backend import OutboxBackend

if TYPE_CHECKING:
    from crawler.lease import Renewal
    from crawler.schedule.claim import Claim
    from index.backend import Backend

logger = logging.getLogger(__name__)


class Turn:
    """A lock on this machine, and where several machines may share an index a lease there."""

    def __init__(self, index: str, site: str, claim: Claim | None = None) -> None:
        self.site, self.claim = site, claim  # claim: the schedule's, None for a site that was named
        self.lock = SiteLock(lock_path(index, site))
        self.lease: Lease | None = None
        self.alone = False  # the cluster did not answer: other machines know nothing of this run

    def take_lock(self) -> None:
        """Keep other runs on this machine away; raises `SiteLocked`. Before anything of the site is read."""
        self.lock.take()

    def take_lease(self, backend: Backend) -> None:
        """Keep other machines away; raises `SiteLocked`. A cluster that does not answer is no obstacle."""
        if isinstance(backend, OutboxBackend):
            self.lease = Lease(backend, self.site, place=self.lock.place)
            self.alone = not self.lease.take()

    def take_claim(self, backend: Backend) -> None:
        """Note that the schedule's turn is had; raises `TurnTaken`. Last: one that is not begun is not had."""
        if self.claim is not None:
            self.claim.take(backend)

    def renew(self) -> Renewal:
        """Prolong the lease."""
        if self.lease is None:
            return "held"
        renewal = self.lease.renew()
        self.alone |= renewal == "away"
        return renewal

    def give_back(self) -> None:
        """Let the site be due again: its run was cut off. Before `release`."""
        try:
            if self.claim is not None:
                self.claim.give_back()
        except BackendError as error:
            logger.warning("%s will not be crawled again before its next time: %s", self.site, error)

    def release(self) -> None:
        """Let other runs of the site begin."""
        try:
            if self.lease is not None:
                self.lease.release()
        except BackendError as error:
            logger.warning("the lease of %s is left to expire: %s", self.site, error)
        finally:
            self.lock.release()


def runs_under_way(sites: Iterable[str], backend: Backend, index: str) -> dict[str, str]:
    """Which of these sites are being crawled now, and on which machine ('' for this one)."""
    names = list(sites)
    here = {site: "" for site in names if is_locked(lock_path(index, site))}
    if not isinstance(backend, OutboxBackend):
        return here
    try:
        leases = {site: backend.update_state(lease_key(site), lambda held: None) for site in names}
    except BackendError:  # only this machine is known of
        return here
    elsewhere = {site: str(lease.get("host")) for site, lease in leases.items() if is_held(lease, time())}
    return elsewhere | here
