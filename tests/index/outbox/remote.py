"""A remote index for tests: a real engine in a file, with failures that files beside it script.

`down` in its folder: no call is answered. `denied`: someone has to act. `full`: it answers and takes nothing.
`refused.txt`, `later.txt`, `faulty.txt`: one article id a line that is refused, put off, or makes the engine
stumble. `unreadable.txt`: articles of which a stored document cannot be read, so that a whole delivery fails;
`states.txt`: keys of states that are too large for a proxy. `unlinkable`: it takes no stories; `overtaken`: another process
changes every text before it is linked. `busy.txt`: so many deliveries are put off as it has lines. What was stored is written down in `log.txt`, so that several processes can be told
what arrived and in which order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from index.article import Article
from index.backend import (
    BackendError,
    Change,
    Edge,
    IndexUnavailable,
    IndexUnreachable,
    Known,
    Republished,
    Stored,
)
from index.outbox.remote import Delivery
from index.runs import RunDocument
from index.sqlite.backend import SqliteBackend

T = TypeVar("T")
REFUSED = "mapper_parsing_exception: failed to parse field [published_at]"


class FileRemote(SqliteBackend):
    """One process's connection to the index in a folder."""

    folder: Path
    retry_after: float | None = None
    calls: int = 0  # how often the index was asked anything, answered or not

    @classmethod
    def at(cls, folder: Path) -> FileRemote:
        folder.mkdir(parents=True, exist_ok=True)
        remote = cls.open(folder / "remote.db")
        remote.folder = folder
        return remote

    def script(self, name: str, ids: Iterable[str] = ()) -> None:
        (self.folder / name).write_text("".join(f"{id}\n" for id in ids))

    def unscript(self, name: str) -> None:
        (self.folder / name).unlink()

    def delivered(self) -> list[tuple[str, str]]:
        """Article id and content hash of everything that arrived and was stored, in order."""
        path = self.folder / "log.txt"
        lines = path.read_text().splitlines() if path.exists() else []
        return [(id, text) for id, text in (line.split() for line in lines)]

    def deliver(self, batch: Sequence[Article]) -> list[Delivery]:
        for article in batch:
            if article.id in self._listed("unreadable.txt"):
                raise BackendError(f"document {article.id}: title: Field required")
        return self._answered(lambda: [self._deliver(article) for article in batch])

    def _deliver(self, article: Article) -> Delivery:
        if article.id in self._listed("refused.txt"):
            return Delivery(refused=REFUSED)
        if self._busy() or (self.folder / "full").exists() or article.id in self._listed("later.txt"):
            return Delivery(later="es_rejected_execution_exception: 429", retry_after=self.retry_after)
        if article.id in self._listed("faulty.txt"):
            raise TypeError("a fault made for this test")
        (stored,) = super().put([article])
        with (self.folder / "log.txt").open("a") as log:
            log.write(f"{article.id} {article.content_hash}\n")
        return Delivery(stored=stored)

    def _busy(self) -> bool:
        """Whether this article is one of those that a busy index puts off."""
        lines = self._listed("busy.txt")
        if lines:
            self.script("busy.txt", lines[1:])
        return bool(lines)

    def _listed(self, name: str) -> list[str]:
        path = self.folder / name
        return path.read_text().split() if path.exists() else []

    def _answered(self, ask: Callable[[], T]) -> T:
        self.calls += 1
        if (self.folder / "down").exists():
            raise IndexUnreachable("connection refused", self.retry_after)
        if (self.folder / "denied").exists():
            raise IndexUnavailable("the API key was revoked: make a new one")
        return ask()

    def put(self, batch: Sequence[Article]) -> list[Stored]:
        raise AssertionError("articles come through deliver")

    def known(self, ids: Iterable[str]) -> dict[str, Known]:
        return self._answered(lambda: SqliteBackend.known(self, ids))

    def young(self, site: str, since: datetime) -> list[Known]:
        return self._answered(lambda: SqliteBackend.young(self, site, since))

    def get(self, ids: Iterable[str]) -> dict[str, Article]:
        return self._answered(lambda: SqliteBackend.get(self, ids))

    def revisions(self, id: str) -> list[Article]:
        return self._answered(lambda: SqliteBackend.revisions(self, id))

    def pending(self, limit: int) -> list[str]:
        return self._answered(lambda: SqliteBackend.pending(self, limit))

    def edges(self, ids: Iterable[str]) -> list[Edge]:
        return self._answered(lambda: SqliteBackend.edges(self, ids))

    def fetched(self, since: datetime | None, *, after: str, limit: int) -> list[str]:
        return self._answered(lambda: SqliteBackend.fetched(self, since, after=after, limit=limit))

    def republished(self, since: datetime, until: datetime | None = None) -> list[Republished]:
        return self._answered(lambda: SqliteBackend.republished(self, since, until))

    def story(self, story_id: str) -> list[Article]:
        return self._answered(lambda: SqliteBackend.story(self, story_id))

    def get_state(self, key: str) -> dict[str, Any]:
        return self._answered(lambda: SqliteBackend.get_state(self, key))

    def put_state(self, key: str, value: dict[str, Any]) -> None:
        if key in self._listed("states.txt"):
            raise BackendError("Elasticsearch refuses the request (413): an HTML page")
        self._answered(lambda: SqliteBackend.put_state(self, key, value))

    def update_state(self, key: str, change: Change) -> dict[str, Any]:
        return self._answered(lambda: SqliteBackend.update_state(self, key, change))

    def put_run(self, run: RunDocument) -> None:
        self._answered(lambda: SqliteBackend.put_run(self, run))

    def runs(
        self, *, since: datetime | None = None, site: str | None = None, limit: int
    ) -> list[RunDocument]:
        return self._answered(lambda: SqliteBackend.runs(self, since=since, site=site, limit=limit))

    def last_runs(self) -> dict[str, RunDocument]:
        return self._answered(lambda: SqliteBackend.last_runs(self))

    def link(self, linked: Iterable[tuple[str, str]], edges: Sequence[Edge]) -> set[str]:
        if (self.folder / "unlinkable").exists():
            raise IndexUnreachable("no stories today")
        if (self.folder / "overtaken").exists():
            linked = [(id, "judged on another text") for id, _ in linked]
        return super().link(linked, edges)

    def stats(self) -> dict[str, int]:
        return self._answered(lambda: SqliteBackend.stats(self))
