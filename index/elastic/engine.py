"""`Engine`: what every part of this package works with, and the refreshes that make own writes searchable."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from index.backend import IndexUnreachable

if TYPE_CHECKING:
    from index.elastic.bulk import Version
    from index.elastic.client import Cluster
    from index.elastic.schema import Kind, Names
    from index.settings import ElasticSettings

MARKS = 10_000  # remembered at most; one that was forgotten is read


class Engine:
    """One open index: its cluster, names and settings, and which kinds hold writes no search sees yet."""

    def __init__(self, cluster: Cluster, names: Names, settings: ElasticSettings) -> None:
        self.cluster = cluster
        self.names = names
        self.settings = settings
        self._unseen: set[Kind] = set()
        self._last_stored = 0
        self.marks: dict[str, tuple[str, Version]] = {}  # own marks for linking that were not taken off yet

    def written(self, kind: Kind) -> None:
        """Note that a kind was written to, before the write is sent: its answer may get lost."""
        self._unseen.add(kind)

    def refresh(self, kind: Kind) -> None:
        """Make all writes of this process to a kind visible to searches, its own and everybody's."""
        if kind in self._unseen:
            self.refresh_all(kind)

    def refresh_all(self, kind: Kind) -> None:
        """Make what anyone has written to a kind visible, also a process that was killed before it could.

        Raises IndexUnreachable when a copy of a shard did not take part: a search might ask just that one.
        """
        body = self.cluster.ask(self.cluster.es.indices.refresh, index=self.names.alias(kind))
        if body["_shards"]["failed"]:
            raise IndexUnreachable(f"a part of {self.names.alias(kind)} does not answer")
        self._unseen.discard(kind)

    def marked(self, id: str, judged: str, version: Version) -> None:
        """Remember a mark, so that it need not be read before it is taken off."""
        if len(self.marks) >= MARKS:
            self.marks.clear()
        self.marks[id] = (judged, version)

    def next_stored(self) -> int:
        """The place of the next article in the order of arrival: nanoseconds since 1970, each once here."""
        self._last_stored = max(time.time_ns(), self._last_stored + 1)
        return self._last_stored
