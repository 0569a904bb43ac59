"""`Leftover`: what a crawl has not brought into the index yet, and the last attempt to do so."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
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
    from index.backend import Backend
    from index.outbox.sender import Sent

PENDING = 10_000  # ids of unlinked articles that are looked at; more than a crawl leaves unlinked by chance
STUCK = "other processes keep changing their texts"


@dataclass(frozen=True, slots=True)
class Leftover:
    """What is not in the index, or not in stories, as it should be: of this crawl and of earlier ones.

    `articles` and `states` wait on this machine, since when and why; `dead` articles were refused, most of them
    for `dead_reason`; `unlinked` ones were stored late and could not be put into stories.
    """

    articles: int = 0
    states: int = 0
    since: datetime | None = None
    reason: str = ""
    error: str = ""  # somebody has to act before anything can be sent
    dead: int = 0
    dead_reason: str = ""
    unlinked: int = 0

    @property
    def waits(self) -> bool:
        """Whether something waits here to be sent, or cannot be sent."""
        return bool(self.articles or self.states or self.error)

    def __bool__(self) -> bool:
        return bool(self.waits or self.dead or self.unlinked)

    def as_json(self) -> dict[str, Any]:
        """For `svodka crawl --json`."""
        return asdict(self) | {"since": self.since.isoformat() if self.since else None}


@dataclass(slots=True)
class Late:
    """Tells the runs of a crawl what became of articles that had to wait, whoever of them has sent it."""

    runs: Callable[[], Sequence[Run]]
    stored: int = 0  # texts that are to be linked, those of earlier crawls too

    def told(self, sent: Sequence[Sent]) -> None:
        """See `index.outbox.sender.Told`."""
        self.stored += sum(each.answer in {"indexed", "revised"} for each in sent)
        for run in self.runs():
            for each in sent:
                run.sent_late(each.article_id, each.content_hash, each.answer, each.reason)

    def unlinked(self, reason: str) -> int:
        """Note that what was stored late is in no stories yet; how much that is."""
        for run in self.runs():
            if run.record is not None and run.stored_late:
                run.record.unlinked = run.record.unlinked or reason
                run.corrected = True
        return self.stored


def send_rest(late: Late, index: str, *, patience: float | None = None) -> Leftover:
    """Send what waits, for `patience` seconds (none: the setting), and link it; what then is still left.

    The runs' records are brought up to date. An index without an outbox leaves nothing. One that was there in
    the runs and is not now was taken away by someone: it is not made anew behind their back.
    """
    try:
        with closing(open_index(index, create=not any(_was_ready(run) for run in late.runs()))) as backend:
            if not isinstance(backend, OutboxBackend):
                return Leftover()
            try:
                unlinked = _send(backend, late, backend.patience if patience is None else patience)
            except BackendError as error:
                return replace(_left(backend.outbox, str(error)), unlinked=late.unlinked(str(error)))
            return replace(_left(backend.outbox), unlinked=unlinked)
    except BackendError as error:
        return left_here(index, str(error))


def _was_ready(run: Run) -> bool:
    return isinstance(run.backend, OutboxBackend) and run.backend.ready


def _send(backend: OutboxBackend, late: Late, patience: float) -> int:
    """Send and link; how many of those that were stored late could not be linked."""
    backend.drain(patience, late.told, longest=patience)
    for run in late.runs():
        _settled_elsewhere(backend, run)
    unlinked = _link(backend, late)
    for run in late.runs():
        if run.corrected and run.record is not None:
            run.backend = backend  # its own was closed when the run ended
            run.keep_record()
    return unlinked


def _settled_elsewhere(backend: OutboxBackend, run: Run) -> None:
    """Account for what other processes have sent for this run.

    What was first seen in this run is new. Of what was known before nobody has kept the answer: it counts as
    unchanged, which is what nearly every second look at an article finds.
    """
    waiting = backend.outbox.letters.among({article_id for article_id, _ in run.late})
    gone = [text for text in run.late if text[0] not in waiting]
    try:
        stored = backend.get(article_id for article_id, _ in gone) if gone else {}
    except IndexUnreachable:
        return  # the record says that they wait, which is safe to believe
    for article_id, content_hash in gone:
        if reason := backend.outbox.dead.reason(article_id, content_hash):
            run.sent_late(article_id, content_hash, "refused", reason)
        elif article_id in stored:
            new = stored[article_id].first_seen_at >= run.started_at
            run.sent_late(article_id, content_hash, "indexed" if new else "unchanged")


def _link(backend: Backend, late: Late) -> int:
    """Link what was stored late and what could not be linked in time; how many of the former are left.

    What became of each run's articles is noted in its record, if the index can tell.
    """
    try:
        link_pending(backend)
        pending = set(backend.pending(PENDING))
    except IndexUnreachable as error:
        return late.unlinked(str(error))
    for run in late.runs():
        if run.record is not None:
            unlinked = "" if pending.isdisjoint(run.stored | run.revised) else STUCK
            run.corrected |= run.record.unlinked != unlinked
            run.record.unlinked = unlinked
    return 0


def left_here(index: str, error: str = "") -> Leftover:
    """What waits here for an index that is not asked: it cannot be used, or the crawl was told to stop.

    None for an index without an outbox.
    """
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
    return Leftover(
        articles=summary.articles,
        states=summary.states,
        since=since,
        reason=summary.reason if summary.left else "",
        error=error,
        dead=summary.dead,
        dead_reason=summary.reasons[0][0] if summary.reasons else "",
    )
