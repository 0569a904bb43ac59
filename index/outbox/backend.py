"""`OutboxBackend`: a remote index that may be away. Articles are durable on this machine before they are sent."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import reduce
from math import inf
from typing import TYPE_CHECKING, Any, Self, TypeVar

from index.backend import IndexUnavailable, IndexUnreachable
from index.outbox.letter import joined
from index.outbox.letters import MIB
from index.outbox.sender import Drained, Seconds, Sender, Sent, Told
from index.outbox.states import encode_state
from index.outbox.store import Outbox, outbox_path
from index.revise import refuse_damaged, revise
from index.runs import in_order, newest

if TYPE_CHECKING:
    from datetime import datetime

    from index.article import Article
    from index.backend import Change, Check, Edge, Known, Probe, Republished, Stored
    from index.outbox.backoff import Draw
    from index.outbox.remote import Remote
    from index.runs import RunDocument
    from index.search.query import Query
    from index.search.results import Results
    from index.settings import OutboxSettings
    from index.tally import Progress

T = TypeVar("T")


class OutboxBackend:
    """The `Backend` of a remote engine and an outbox.

    What the crawler asks (`known`, `young`, `get`, `revisions`, states) is answered from the outbox too, and
    from it alone while the index does not answer. What linking asks raises `IndexUnreachable` at once while the
    index is left alone after a failure. What people ask (`search`, `story`, `republished`,
    `stats`, `check`) is always tried.
    """

    def __init__(
        self,
        remote: Remote,
        outbox: Outbox,
        *,
        clock: Seconds = time.time,
        draw: Draw = random.random,
        sleep: Callable[[float], None] = time.sleep,
        patience: float = 30.0,
    ) -> None:
        self.remote, self.outbox, self.clock, self.patience = remote, outbox, clock, patience
        self.sender = Sender(remote, outbox, clock=clock, draw=draw, sleep=sleep)
        self.told: Told | None = None  # is told what `put` has sent besides its batch
        self._usable = False  # the index has answered once
        self._read: set[str] = set()  # keys of the states that the index has answered

    @classmethod
    def at(
        cls,
        remote: Remote,
        address: str,
        name: str,
        settings: OutboxSettings,
        ready: Callable[[], None] | None = None,
    ) -> Self:
        """A remote index at an address, with its outbox where the settings say.

        `ready` proves that the index can be used, and may make it: called now, or before the first call that
        reaches the index when it does not answer now or is left alone. What it raises otherwise is raised.
        """
        path = outbox_path(settings.folder, address, name)
        outbox = Outbox(path, limit_bytes=settings.limit_mb * MIB)
        backend = cls(remote, outbox, patience=settings.patience)
        backend.sender.ready = ready
        if ready is not None:
            with suppress(IndexUnreachable):
                backend._asked(lambda: None)
        return backend

    @property
    def ready(self) -> bool:
        """Whether the index has proved that it can be used, since this object was made."""
        return self.sender.ready is None

    @property
    def batch(self) -> int:
        """See `Backend.batch`."""
        return self.remote.batch

    def put(self, batch: Sequence[Article]) -> list[Stored]:
        """Store articles: durable here first, then sent with what waits of them, then some of the older backlog.

        What became of others than these is told to `told`.
        `waiting` for what the index does not take now, `refused` for what it never will. Raises
        `IndexWriteError` when the outbox cannot take the batch; `IndexUnavailable` when someone has to act on
        the index, and then the batch waits here.
        """
        if not batch:
            return []
        refuse_damaged(batch)
        admitted = self.sender.admits("article")
        seqs = self.outbox.letters.add(batch, self.clock(), self.sender.owner if admitted else "")
        sent: dict[int, Sent] = {}
        try:
            if admitted and self.sender.send_states():
                sent = self.sender.send_articles(article.id for article in batch)
                if sent:
                    sent |= self._backlog()
        finally:
            self.sender.release()
        if self.told is not None and (others := [sent[seq] for seq in sent if seq not in seqs]):
            self.told(others)
        return [sent[seq].answer if seq in sent else "waiting" for seq in seqs]

    def _backlog(self) -> dict[int, Sent]:
        """Send some of what waits longest. Should someone have to act by now, the next call raises that."""
        with suppress(IndexUnavailable):
            done = self.sender.send_backlog() if self.outbox.letters.any() else None
            return done.sent if done else {}
        return {}

    def known(self, ids: Iterable[str]) -> dict[str, Known]:
        """See `Backend.known`; what waits here is known, and it alone while the index does not answer."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Known] = self._joined(lambda: self.remote.known(wanted), {})
        here = self.outbox.letters.known({*wanted, *(known.id for known in found.values())})
        return {id: known for id in wanted if (known := _known(id, found.get(id), here))}

    def young(self, site: str, since: datetime) -> list[Known]:
        """See `Backend.young`; with what waits here, and that alone while the index does not answer."""
        stored: list[Known] = self._joined(lambda: self.remote.young(site, since), [])
        found = {known.id: known for known in stored}
        for known in self.outbox.letters.young(site, since.timestamp()):
            found[known.id] = joined(found[known.id], known) if known.id in found else known
        return sorted(found.values(), key=lambda known: (known.fetched_at, known.id))

    def fetched(self, since: datetime | None, *, after: str, limit: int) -> list[str]:
        """See `Backend.fetched`; what waits here is left out."""
        return self._asked(lambda: self.remote.fetched(since, after=after, limit=limit))

    def get(self, ids: Iterable[str]) -> dict[str, Article]:
        """See `Backend.get`; an article that the index does not have is looked for among what waits here.

        A stored article is answered as the index has it, which is what linking judges and search shows.
        While the index does not answer, `IndexUnreachable` unless all of them wait here: not to know is
        another thing than not to have, and linking would lose the copies among what it was not shown.
        """
        wanted = list(dict.fromkeys(ids))
        try:
            found = dict(self._asked(lambda: self.remote.get(wanted)))
        except IndexUnreachable:
            found = {}
            if self._waiting(wanted) != set(wanted):
                raise
        found |= {id: self._texts(id)[-1] for id in self._waiting(id for id in wanted if id not in found)}
        return {id: found[id] for id in wanted if id in found}

    def revisions(self, id: str) -> list[Article]:
        """See `Backend.revisions`; those that wait here when the index does not have the article."""
        stored = self._asked(lambda: self.remote.revisions(id))
        if stored or not self._waiting([id]) or self._asked(lambda: self.remote.get([id])):
            return stored
        return self._texts(id)[:-1]

    def _waiting(self, ids: Iterable[str]) -> set[str]:
        """Which of these articles wait here, as far as this user may look."""
        wanted = set(ids)
        return self.outbox.letters.among(wanted) if wanted and self.outbox.file.readable else set()

    def _texts(self, id: str) -> list[Article]:
        """The texts of a waiting article, oldest first, as an index will hold them that does not know it yet."""
        history: list[Article] = []
        for text in self.outbox.letters.texts(id):
            article, answer = revise(history[-1] if history else None, text)
            if answer == "unchanged":
                history.pop()
            history.append(article)
        return history

    def pending(self, limit: int) -> list[str]:
        """See `Backend.pending`."""
        return self._gated(lambda: self.remote.pending(limit))

    def candidates(self, probes: Sequence[Probe], *, share: int, days: int, limit: int) -> list[list[str]]:
        """See `Backend.candidates`."""
        return self._gated(lambda: self.remote.candidates(probes, share=share, days=days, limit=limit))

    def holders(self, values: Iterable[str], *, at_least: int, limit: int) -> dict[str, list[str]]:
        """See `Backend.holders`."""
        return self._gated(lambda: self.remote.holders(values, at_least=at_least, limit=limit))

    def edges(self, ids: Iterable[str]) -> list[Edge]:
        """See `Backend.edges`."""
        return self._gated(lambda: self.remote.edges(ids))

    def link(self, linked: Iterable[tuple[str, str]], edges: Sequence[Edge]) -> set[str]:
        """See `Backend.link`."""
        return self.remote.link(linked, edges)

    def story(self, story_id: str) -> list[Article]:
        """See `Backend.story`."""
        return self._for_people(self.remote.story(story_id))

    def republished(self, since: datetime, until: datetime | None = None) -> list[Republished]:
        """See `Backend.republished`; what waits here is not counted."""
        return self._for_people(self.remote.republished(since, until))

    def search(self, query: Query) -> Results:
        """See `Backend.search`."""
        return self._for_people(self.remote.search(query))

    def get_state(self, key: str) -> dict[str, Any]:
        """See `Backend.get_state`: what was written here last if the index does not have it yet, or does not answer.

        The same when it stops to be usable in the middle of a run, which has to be able to end in good order.
        """
        here = self.outbox.states.get(key)
        if here is not None and here.dirty:
            return here.value
        copy = here.value if here is not None else {}
        try:
            value = self._gated(lambda: self.remote.get_state(key))
        except IndexUnreachable:
            return copy
        except IndexUnavailable:
            if not self._usable:
                raise
            return copy
        self._read.add(key)
        if value != copy:
            self.outbox.states.copy(key, encode_state(key, value))
        return value

    def put_state(self, key: str, value: dict[str, Any]) -> None:
        """See `Backend.put_state`; the state waits here while the index does not answer, or someone has to act on it.

        The latter is raised by whatever asks something of the index, and by sending: here nothing is lost.
        One that was begun without knowing what the index has is united with that, see `index.outbox.states`.
        """
        self.outbox.states.write(key, encode_state(key, value), apart=key not in self._read)
        with suppress(IndexUnavailable):
            self.sender.send_states()

    def update_state(self, key: str, change: Change) -> dict[str, Any]:
        """See `Backend.update_state`."""
        return self._gated(lambda: self.remote.update_state(key, change))

    def put_run(self, run: RunDocument) -> None:
        """See `Backend.put_run`; the record waits here while the index does not answer, as states do."""
        self.outbox.runs.write(run)
        with suppress(IndexUnavailable):
            self.sender.send_states()

    def runs(
        self, *, since: datetime | None = None, site: str | None = None, limit: int
    ) -> list[RunDocument]:
        """See `Backend.runs`; with what waits here, and what is here alone while the index does not answer."""
        try:
            stored = self._gated(lambda: self.remote.runs(since=since, site=site, limit=limit))
            here = self.outbox.runs.waiting() if self.outbox.file.readable else []
        except IndexUnreachable:
            stored, here = [], self._runs_here()
        fitting = [
            run for run in here if (since is None or run.started_at >= since) and site in {None, run.site}
        ]
        found = {run.id: run for run in [*stored, *fitting]}
        return sorted(found.values(), key=in_order, reverse=True)[:limit]

    def last_runs(self) -> dict[str, RunDocument]:
        """See `Backend.last_runs`."""
        stored: dict[str, RunDocument] = self._joined(self.remote.last_runs, {})
        return newest([*stored.values(), *self._runs_here()])

    @property
    def unreadable_runs(self) -> dict[str, str]:
        """See `Backend.unreadable_runs`."""
        return self.remote.unreadable_runs

    def _runs_here(self) -> list[RunDocument]:
        return self.outbox.runs.all() if self.outbox.file.readable else []

    def stats(self) -> dict[str, int]:
        """See `Backend.stats`; what waits here is not counted."""
        return self._for_people(self.remote.stats())

    def check(self, progress: Progress | None = None) -> Check:
        """See `Backend.check`."""
        return self.remote.check(progress)

    def rebuild_text(self) -> int:
        """See `Backend.rebuild_text`."""
        return self.remote.rebuild_text()

    def drain(self, patience: float, told: Told | None = None, *, longest: float = inf) -> Drained:
        """Send what waits; see `Sender.drain`."""
        return self.sender.drain(patience, told, longest=longest)

    def wake(self) -> None:
        """End all waiting: the next `drain` tries at once, whatever failed before."""
        self.sender.wake()

    def close(self) -> None:
        """Release the engine and the outbox."""
        try:
            self.remote.close()
        finally:
            self.outbox.close()

    def _joined(self, ask: Callable[[], T], otherwise: T) -> T:
        """What the index answers, or what there is without it."""
        try:
            return self._gated(ask)
        except IndexUnreachable:
            return otherwise

    def _asked(self, ask: Callable[[], T]) -> T:
        """What the index answers; whoever may not look into the outbox asks without regard to its pauses."""
        if self.outbox.file.readable:
            return self._gated(ask)
        self.sender.prepare()
        return ask()

    def _gated(self, ask: Callable[[], T]) -> T:
        """What the index answers; `IndexUnreachable` at once while it is left alone."""
        if not self.sender.admits("read"):
            raise IndexUnreachable(self._left_alone())
        try:
            self.sender.prepare()
            answer = ask()
        except IndexUnreachable as error:
            self.sender.failed("read", error)
            raise
        self._usable = True
        self.sender.ended("read")
        return answer

    def _for_people(self, answer: T) -> T:
        """Pass an answer on; that there is one ends the pause of reading."""
        if self.outbox.file.readable:
            self.sender.ended("read")
        return answer

    def _left_alone(self) -> str:
        reasons = [pause.reason for pause in self.outbox.pauses.all() if pause.kind == "read"]
        return reasons[0] if reasons else "the index does not answer"


def _known(id: str, stored: Known | None, here: dict[str, list[Known]]) -> Known | None:
    """What an identity hash leads to: an article's own id to itself, else to the one that had it first."""
    waiting = here.get(id, [])
    own = [known for known in waiting if known.id == id]
    first = next(iter(own or waiting), None) if stored is None or (own and stored.id != id) else stored
    if first is None:
        return None
    return reduce(joined, (known for known in here.get(first.id, []) if known.id == first.id), first)
