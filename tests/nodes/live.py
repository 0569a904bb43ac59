"""`LiveNode`: a node that a test works with, and may stop, kill and freeze."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.nodes.access import Access

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    from scripts.elasticsearch.node import Node

FAST_JVM = (
    "-Xms512m",
    "-Xmx512m",
    "-XX:-AlwaysPreTouch",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UseG1GC",
    "-XX:+UseSerialGC",
)
"""Ready in 9 s instead of 17, 370 MB resident instead of 750 (9.4.3, Java 25, two cores)."""

SETTINGS: Mapping[str, Any] = {
    "cluster.max_shards_per_node": 20_000,  # a run makes and deletes thousands of indices
    "action.auto_create_index": False,  # a write to an alias that is not there must fail, not make an index
}
_READY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class LiveNode:
    """One node with the way to reach it. `node` has its folder, pid and log."""

    node: Node
    username: str | None = None
    password: str | None = None

    @property
    def major(self) -> str:
        """ "8" or "9"."""
        return self.node.server.release.major

    @property
    def access(self) -> Access:
        """How to reach it: with TLS and its superuser when it is secured."""
        if self.username is None:
            return Access(self.url)
        return Access(self.url, self.node.folder / "config" / "ca.pem", self.username, self.password)

    @property
    def url(self) -> str:
        """Its address; the same after a restart."""
        scheme = "http" if self.username is None else "https"
        return f"{scheme}://{self.node.address}"

    @property
    def pid(self) -> int | None:
        """The pid of its server, None when it does not run."""
        return self.node.pid

    def client(self, **options: Any) -> Elasticsearch:
        """A client of its own; close it, or use it in a `with`."""
        return self.access.client(**options)

    def start(self) -> None:
        """Start it, again on the same data and port; returns when what it stores can be searched."""
        if self.pid:
            self.thaw()
            return
        self.node.start()
        self.wait_until_ready()

    def stop(self) -> None:
        """End it in good order."""
        self.thaw()
        self.node.stop()

    def kill(self) -> None:
        """End it as a crash would (SIGKILL)."""
        self.node.kill()

    def freeze(self) -> None:
        """Let it hang (SIGSTOP): connections are taken, nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on (SIGCONT)."""
        self._signal(signal.SIGCONT)

    def wait_until_ready(self) -> None:
        """Wait until the primaries of all indices are there."""
        with self.client(request_timeout=_READY_SECONDS) as client:
            client.cluster.health(wait_for_status="yellow", timeout=f"{_READY_SECONDS - 10}s")

    def api_key(self, role: Mapping[str, Any], name: str = "test") -> Access:
        """Access with a new API key that may do what a role descriptor says (`cluster`, `indices`) and no more."""
        with self.client() as client:
            made = client.security.create_api_key(name=name, role_descriptors={name: role})
        return self.access.with_key(made["encoded"])

    def _signal(self, number: signal.Signals) -> None:
        if pid := self.pid:
            os.kill(pid, number)
