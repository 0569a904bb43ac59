"""`SqliteBackend`: the embedded engine behind the `Backend` interface, one file, no server."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from index.sqlite import documents, lookup, republished, runs, state, stories, text, writing
from index.sqlite.check import check
from index.sqlite.connection import connect, look
from index.sqlite.counts import Counts
from index.sqlite.deadline import limit
from index.sqlite.schema import VERSION
from index.sqlite.search import search
from index.sqlite.transaction import reading

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Change, Check, Edge, Known, Probe, Republished, Stored
    from index.runs import RunDocument
    from index.search.query import Query
    from index.search.results import Results


class SqliteBackend:
    """One open index file. Any number of processes may have it open; one instance serves one thread."""

    batch = 50  # keeps the write lock under 100 ms (measured)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.unreadable_runs: dict[str, str] = {}
        self.counts = Counts()

    @classmethod
    def open(cls, path: str | Path, *, create: bool = True) -> Self:
        """Open the file at `path`, made when missing (with `create`); raises `IndexUnavailable`."""
        return cls(connect(Path(path), create=create))

    @classmethod
    def look(cls, path: str | Path) -> Self:
        """Open the file at `path` to read it alone; raises `IndexUnavailable`, also for one of an older version."""
        return cls(look(Path(path)))

    def limit(self, seconds: float) -> None:
        """Let calls raise `TimedOut` that run for longer than so many seconds from now."""
        limit(self.connection, seconds)

    def current(self) -> bool:
        """Whether the file still is what was opened: not of another version by now; raises `IndexUnavailable`."""
        with reading(self.connection):
            (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        return int(version) == VERSION

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def known(self, ids: Iterable[str]) -> dict[str, Known]:
        """See `Backend.known`."""
        return lookup.known(self.connection, ids)

    def young(self, site: str, since: datetime) -> list[Known]:
        """See `Backend.young`."""
        return lookup.young(self.connection, site, since)

    def fetched(self, since: datetime | None, *, after: str, limit: int) -> list[str]:
        """See `Backend.fetched`."""
        return lookup.fetched(self.connection, since, after, limit)

    def get(self, ids: Iterable[str]) -> dict[str, Article]:
        """See `Backend.get`."""
        return documents.get(self.connection, ids)

    def put(self, batch: Sequence[Article]) -> list[Stored]:
        """See `Backend.put`; `index.revise` has the rule for articles that come again."""
        return writing.put(self.connection, batch)

    def revisions(self, id: str) -> list[Article]:
        """See `Backend.revisions`."""
        return documents.revisions(self.connection, id)

    def pending(self, limit: int) -> list[str]:
        """See `Backend.pending`."""
        return stories.pending(self.connection, limit)

    def candidates(self, probes: Sequence[Probe], *, share: int, days: int, limit: int) -> list[list[str]]:
        """See `Backend.candidates`."""
        return stories.candidates(self.connection, probes, share=share, days=days, limit=limit)

    def holders(self, values: Iterable[str], *, at_least: int, limit: int) -> dict[str, list[str]]:
        """See `Backend.holders`."""
        return stories.holders(self.connection, values, at_least=at_least, limit=limit)

    def edges(self, ids: Iterable[str]) -> list[Edge]:
        """See `Backend.edges`."""
        return stories.edges(self.connection, ids)

    def link(self, linked: Iterable[tuple[str, str]], edges: Sequence[Edge]) -> set[str]:
        """See `Backend.link`."""
        return stories.link(self.connection, linked, edges)

    def story(self, story_id: str) -> list[Article]:
        """See `Backend.story`."""
        return stories.story(self.connection, story_id)

    def republished(self, since: datetime, until: datetime | None = None) -> list[Republished]:
        """See `Backend.republished`."""
        return republished.republished(self.connection, since, until)

    def search(self, query: Query) -> Results:
        """See `Backend.search`."""
        with reading(self.connection):
            return search(self.connection, query, self.counts)

    def get_state(self, key: str) -> dict[str, Any]:
        """See `Backend.get_state`."""
        return state.get_state(self.connection, key)

    def put_state(self, key: str, value: dict[str, Any]) -> None:
        """See `Backend.put_state`."""
        state.put_state(self.connection, key, value)

    def update_state(self, key: str, change: Change) -> dict[str, Any]:
        """See `Backend.update_state`."""
        return state.update_state(self.connection, key, change)

    def put_run(self, run: RunDocument) -> None:
        """See `Backend.put_run`."""
        runs.put_run(self.connection, run)

    def runs(
        self, *, since: datetime | None = None, site: str | None = None, limit: int
    ) -> list[RunDocument]:
        """See `Backend.runs`."""
        return runs.runs(self.connection, self.unreadable_runs, since=since, site=site, limit=limit)

    def last_runs(self) -> dict[str, RunDocument]:
        """See `Backend.last_runs`."""
        return runs.last_runs(self.connection, self.unreadable_runs)

    def stats(self) -> dict[str, int]:
        """See `Backend.stats`."""
        return lookup.stats(self.connection)

    def check(self, progress: Callable[[str, int], None] | None = None) -> Check:
        """See `Backend.check`; `progress` is told the part at work and how many rows it has looked at."""
        return check(self.connection, progress)

    def rebuild_text(self) -> int:
        """Make the text index anew from the stored articles: the remedy for text faults; how many there were."""
        return text.rebuild(self.connection)

    def close(self) -> None:
        """Close the file. The last process to do so folds the write-ahead log into it."""
        self.connection.close()
