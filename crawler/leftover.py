"""`Leftover`: what a crawl has not brought into the index yet, and the last attempt to do so."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from index.backend import BackendError, IndexUnreachable
from index.engine import open_index
from index.outbox.backend import OutboxBackend
from index.outbox.store import Outbox
from index.settings import load_settings
from index.stories.linker import link_pending

if TYPE_CHECKING:
    from crawler.run import Run
    from index.backend import Backend, Stored


@dataclass(frozen=True, slots=True)
class Leftover:
    """Articles and crawl states that wait on this machine, of this crawl and earlier ones, since when and why."""

    articles: int = 0
    states: int = 0
    since: datetime | None = None
    reason: str = ""
    error: str = ""  # somebody has to act before anything can be sent

    def __bool__(self) -> bool:
        return bool(self.articles or self.states or self.error)

    def as_json(self) -> dict[str, Any]:
        """For `svodka crawl --json`."""
        return asdict(self) | {"since": self.since.isoformat() if self.since else None}


def send_rest(runs: Sequence[Run], index: str, *, patience: float | None = None) -> Leftover:
    """Send what waits, for `patience` seconds (none: the setting), and link it; what then is still left.

    The runs' records are brought up to date. An index without an outbox leaves nothing. One that was there in
    the runs and is not now was taken away by someone: it is not made anew behind their back.
    """
    try:
        with closing(open_index(index, create=not any(_was_ready(run) for run in runs))) as backend:
            if not isinstance(backend, OutboxBackend):
                return Leftover()
            try:
                _send(backend, runs, backend.patience if patience is None else patience)
            except BackendError as error:
                return _left(backend.outbox, str(error))
            return _left(backend.outbox)
    except BackendError as error:
        return _left_unopened(index, str(error))


def _was_ready(run: Run) -> bool:
    return isinstance(run.backend, OutboxBackend) and run.backend.ready


def _send(backend: OutboxBackend, runs: Sequence[Run], patience: float) -> None:
    concerned: set[int] = set()

    def told(articles: Iterable[tuple[str, Stored]]) -> None:
        for article_id, answer in articles:
            reason = backend.outbox.dead.reason(article_id) if answer == "refused" else ""
            concerned.update(n for n, run in enumerate(runs) if run.sent_late(article_id, answer, reason))

    drained = backend.drain(patience, told, longest=patience)
    concerned.update(number for number, run in enumerate(runs) if _settled_elsewhere(backend, run))
    for run in [runs[n] for n in sorted(concerned)]:
        if run.record is not None:
            backend.put_state(f"run:{run.site.name}", run.record.model_dump(mode="json"))
    _link(backend, runs, sent_late=drained.sent > 0)


def _settled_elsewhere(backend: OutboxBackend, run: Run) -> bool:
    """Account for what other sites or processes have sent for this run; whether there was any.

    What was first seen in this run is new. Of what was known before nobody has kept the answer: it counts as
    unchanged, which is what nearly every second look at an article finds.
    """
    ids = {article_id for article_id, _ in run.late}
    gone = ids - backend.outbox.letters.among(ids)
    try:
        stored = backend.get(gone) if gone else {}
    except IndexUnreachable:
        return False  # the record says that they wait, which is safe to believe
    for article_id in gone:
        if reason := backend.outbox.dead.reason(article_id):
            run.sent_late(article_id, "refused", reason)
        elif article_id in stored:
            new = stored[article_id].first_seen_at >= run.started_at
            run.sent_late(article_id, "indexed" if new else "unchanged")
    return bool(gone)


def _link(backend: Backend, runs: Sequence[Run], *, sent_late: bool) -> None:
    """Link what was sent late and what could not be linked in time; how it went is noted in the records."""
    records = [run.record for run in runs if run.record is not None]
    try:
        link_pending(backend)
    except IndexUnreachable as error:
        for record in records if sent_late else ():
            record.unlinked = record.unlinked or str(error)
        return
    for record in records:
        record.unlinked = ""


def _left_unopened(index: str, error: str) -> Leftover:
    """What waits for an index that someone has to see to first; none for one without an outbox."""
    if not index.startswith(("http://", "https://")):
        return Leftover(error=error)
    try:
        with closing(Outbox.at(index, load_settings())) as outbox:
            return _left(outbox, error)
    except BackendError:
        return Leftover(error=error)


def _left(outbox: Outbox, error: str = "") -> Leftover:
    summary = outbox.summary(time.time())
    since = datetime.fromtimestamp(summary.since, UTC) if summary.since is not None else None
    return Leftover(summary.articles, summary.states, since, summary.reason if summary.left else "", error)
