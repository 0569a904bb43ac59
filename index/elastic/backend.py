"""`ElasticBackend`: Elasticsearch behind the `Backend` interface. `index.outbox` makes its writes durable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from index.backend import IndexUnreachable, IndexWriteError
from index.elastic import documents, lifecycle, lookup, republished, runs, state, stories, writing
from index.elastic.check import check
from index.elastic.client import Cluster, Missing
from index.elastic.engine import Engine
from index.elastic.rebuild import rebuild
from index.elastic.schema import Names

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Change, Check, Edge, Known, Probe, Republished, Stored
    from index.outbox.remote import Delivery
    from index.runs import RunDocument
    from index.search.query import Query
    from index.search.results import Results
    from index.settings import ElasticSettings


class ElasticBackend:
    """One index in a cluster. Any number of processes may have it open; one instance serves one thread."""

    batch = 500  # each batch costs about fifteen round trips and two refreshes, however many articles it has

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.outdated = ""  # why nothing may be written: the index is of an older version
        self.unreadable_runs: dict[str, str] = {}

    @classmethod
    def at(cls, address: str, settings: ElasticSettings) -> Self:
        """The index at an address; nothing is sent yet. Raises `SettingsError`."""
        return cls(Engine(Cluster.at(address, settings), Names(settings.name), settings))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def limit(self, seconds: float) -> None:
        """Let each request to the cluster raise `TimedOut` that takes longer, also where the settings allow more.

        A search that nobody waits for any more is ended by the server: the connection it came on is closed.
        """
        cluster = self.engine.cluster
        cluster.es = cluster.es.options(request_timeout=min(seconds, self.engine.settings.timeout))

    def require_ready(self, *, create: bool) -> None:
        """Prove that the index can be read; with `create` make what is missing.

        Raises `IndexUnreachable` when the cluster does not answer, IndexUnavailable when someone has to act.
        One of an older version can be read; writing to it raises IndexUnreachable until it is upgraded.
        """
        lifecycle.require_server(self.engine)
        try:
            self.outdated = lifecycle.require_ready(self.engine)
        except Missing:
            if not create:
                raise
            lifecycle.init(self.engine)

    def _require_current(self) -> None:
        """Refuse to write to an index of an older version, unless it was upgraded meanwhile."""
        if self.outdated:
            self.outdated = lifecycle.require_ready(self.engine)
        if self.outdated:
            raise IndexUnreachable(self.outdated)

    def deliver(self, batch: Sequence[Article]) -> list[Delivery]:
        """See `Remote.deliver`."""
        self._require_current()
        return writing.deliver(self.engine, batch)

    def put(self, batch: Sequence[Article]) -> list[Stored]:
        """See `Backend.put`; not all or nothing: raises after what could be stored was stored."""
        answers: list[Stored] = []
        for delivery in self.deliver(batch):
            if delivery.later:
                raise IndexUnreachable(delivery.later, delivery.retry_after)
            if delivery.stored is None:
                raise IndexWriteError(delivery.refused)
            answers.append(delivery.stored)
        return answers

    def known(self, ids: Iterable[str]) -> dict[str, Known]:
        """See `Backend.known`."""
        return lookup.known(self.engine, ids)

    def young(self, site: str, since: datetime) -> list[Known]:
        """See `Backend.young`."""
        return lookup.young(self.engine, site, since)

    def fetched(self, since: datetime | None, *, after: str, limit: int) -> list[str]:
        """See `Backend.fetched`."""
        return lookup.fetched(self.engine, since, after, limit)

    def get(self, ids: Iterable[str]) -> dict[str, Article]:
        """See `Backend.get`."""
        # What no refresh has made readable yet is parsed anew from the server's log for each document.
        self.engine.refresh("articles")
        return documents.get(self.engine.cluster, self.engine.names, ids)

    def revisions(self, id: str) -> list[Article]:
        """See `Backend.revisions`."""
        return lookup.revisions(self.engine, id)

    def pending(self, limit: int) -> list[str]:
        """See `Backend.pending`."""
        return writing.pending(self.engine, limit)

    def candidates(self, probes: Sequence[Probe], *, share: int, days: int, limit: int) -> list[list[str]]:
        """See `Backend.candidates`."""
        return stories.candidates(self.engine, probes, share=share, days=days, limit=limit)

    def holders(self, values: Iterable[str], *, at_least: int, limit: int) -> dict[str, list[str]]:
        """See `Backend.holders`."""
        return stories.holders(self.engine, values, at_least=at_least, limit=limit)

    def edges(self, ids: Iterable[str]) -> list[Edge]:
        """See `Backend.edges`."""
        return stories.edges(self.engine, ids)

    def link(self, linked: Iterable[tuple[str, str]], edges: Sequence[Edge]) -> set[str]:
        """See `Backend.link`."""
        self._require_current()
        return stories.link(self.engine, linked, edges)

    def story(self, story_id: str) -> list[Article]:
        """See `Backend.story`."""
        return stories.story(self.engine, story_id)

    def republished(self, since: datetime, until: datetime | None = None) -> list[Republished]:
        """See `Backend.republished`."""
        return republished.republished(self.engine, since, until)

    def search(self, query: Query) -> Results:
        """See `Backend.search`."""
        from index.elastic.search import search

        self.engine.refresh("articles")
        cluster, names = self.engine.cluster, self.engine.names
        with cluster.translated():
            return search(cluster.es, query, news=names.canonical, all=names.articles)

    def get_state(self, key: str) -> dict[str, Any]:
        """See `Backend.get_state`."""
        return state.get_state(self.engine, key)

    def put_state(self, key: str, value: dict[str, Any]) -> None:
        """See `Backend.put_state`."""
        self._require_current()
        state.put_state(self.engine, key, value)

    def update_state(self, key: str, change: Change) -> dict[str, Any]:
        """See `Backend.update_state`."""
        self._require_current()
        return state.update_state(self.engine, key, change)

    def put_run(self, run: RunDocument) -> None:
        """See `Backend.put_run`."""
        self._require_current()
        runs.put_run(self.engine, run)

    def runs(
        self, *, since: datetime | None = None, site: str | None = None, limit: int
    ) -> list[RunDocument]:
        """See `Backend.runs`."""
        return runs.runs(self.engine, self.unreadable_runs, since=since, site=site, limit=limit)

    def last_runs(self) -> dict[str, RunDocument]:
        """See `Backend.last_runs`."""
        return runs.last_runs(self.engine, self.unreadable_runs)

    def stats(self) -> dict[str, int]:
        """See `Backend.stats`."""
        return lookup.stats(self.engine)

    def check(self, progress: Callable[[str, int], None] | None = None) -> Check:
        """See `Backend.check`; `progress` is told the part at work and how many documents it has looked at."""
        return check(self.engine, progress)

    def rebuild_text(self) -> int:
        """See `Backend.rebuild_text`."""
        self._require_current()
        return rebuild(self.engine)

    def drop(self) -> None:
        """Delete the indices and templates of this name, with all that is in them."""
        lifecycle.drop(self.engine)

    def close(self) -> None:
        """Close the connections."""
        self.engine.cluster.close()
