"""An index in memory and processes that take turns at random: many schedules of linking in little time.

Each call of the backend is one step that nobody interrupts, as a transaction of SQLite is. Between two steps any
process may go on, or be killed. The linker is the real one.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from index.article import LABELS
from index.revise import revise_all
from index.stories.rank import Member, label
from tests.index.contract.stories import label_of

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Backend, Edge, Probe, Stored

BATCH = 4  # articles linked at a time
SECONDS = 20  # a step that takes longer hangs


class MemoryIndex:
    """What linking asks of a `Backend`, over dictionaries."""

    batch = BATCH

    def __init__(self) -> None:
        self.articles: dict[str, Article] = {}
        self.history: dict[str, list[Article]] = {}
        self.stored_edges: dict[tuple[str, str], Edge] = {}
        self.marked: dict[str, None] = {}  # pending ids, in the order of their marks
        self.states: dict[str, dict[str, Any]] = {}

    @property
    def backend(self) -> Backend:
        """This object as what it stands for."""
        return cast("Backend", self)

    def put(self, batch: Sequence[Article]) -> list[Stored]:
        changes = revise_all(self.articles, batch)
        for id, change in changes.items():
            self.history.setdefault(id, []).extend(change.replaced)
            self.articles[id] = change.after
            if change.judged_anew:
                self.marked[id] = None
                for pair in [pair for pair in self.stored_edges if id in pair]:
                    del self.stored_edges[pair]
        self._relabel()
        return [answer for change in changes.values() for answer in change.answers]

    def get(self, ids: Iterable[str]) -> dict[str, Article]:
        return {id: self.articles[id] for id in ids if id in self.articles}

    def fetched(self, since: object, *, after: str, limit: int) -> list[str]:
        return sorted(id for id in self.articles if id > after)[:limit]

    def revisions(self, id: str) -> list[Article]:
        return list(self.history.get(id, []))

    def pending(self, limit: int) -> list[str]:
        return list(self.marked)[:limit]

    def stats(self) -> dict[str, int]:
        return {"articles": len(self.articles)}

    def candidates(self, probes: Sequence[Probe], *, share: int, days: int, limit: int) -> list[list[str]]:
        return [self._candidates(probe, share, timedelta(days=days), limit) for probe in probes]

    def _candidates(self, probe: Probe, share: int, window: timedelta, limit: int) -> list[str]:
        shared = Counter(
            {
                each.id: len(set(probe.values) & set(each.fingerprint))
                for each in self.articles.values()
                if each.id != probe.id and abs(each.published_at - probe.published_at) <= window
            }
        )
        ranked = sorted((-count, id) for id, count in shared.items() if count >= share)
        return [id for _, id in ranked[:limit]]

    def holders(self, values: Iterable[str], *, at_least: int, limit: int) -> dict[str, list[str]]:
        found = {
            value: sorted(each.id for each in self.articles.values() if value in each.fingerprint)
            for value in values
        }
        return {value: ids[:limit] for value, ids in found.items() if len(ids) >= at_least}

    def edges(self, ids: Iterable[str]) -> list[Edge]:
        wanted = set(ids)
        return [edge for pair, edge in sorted(self.stored_edges.items()) if wanted & set(pair)]

    def link(self, linked: Iterable[tuple[str, str]], edges: Sequence[Edge]) -> set[str]:
        for edge in edges:
            ends = (self.articles.get(edge.a), self.articles.get(edge.b))
            if [each and each.judged_hash for each in ends] == [edge.hash_a, edge.hash_b]:
                self.stored_edges[edge.a, edge.b] = edge
        for id, judged in linked:
            if self.articles[id].judged_hash == judged:
                self.marked.pop(id, None)
        return self._relabel()

    def _relabel(self) -> set[str]:
        pairs = [pair for pair, edge in self.stored_edges.items() if edge.ok]
        labels = label([Member.of(each) for each in self.articles.values()], pairs)
        wrong = [each for each in labels if label_of(self.articles[each.id]) != each]
        for each in wrong:
            update = {name: getattr(each, name) for name in LABELS} | {"outlets": list(each.outlets)}
            self.articles[each.id] = self.articles[each.id].model_copy(update=update)
        return {each.id for each in wrong}

    def get_state(self, key: str) -> dict[str, Any]:
        return self.states.get(key, {})

    def put_state(self, key: str, value: dict[str, Any]) -> None:
        self.states[key] = value


class Killed(BaseException):
    """Ends a process at a step, whatever it was about to do; no `except Exception` stops it."""


class Turns:
    """Lets one of several processes (threads) take its next step at a time, chosen by chance."""

    def __init__(self, chance: random.Random, killed: float = 0.0) -> None:
        self.chance, self.killed = chance, killed
        self._turn = threading.Condition()
        self._waiting: dict[int, bool] = {}  # process to whether it may go on
        self._errors: list[BaseException] = []
        self.deaths = 0

    def run(self, index: MemoryIndex, processes: Sequence[Callable[[Backend], None]]) -> None:
        """Run these to their ends; raises what one of them raised."""
        threads = [
            threading.Thread(target=self._live, args=(number, index, process), daemon=True)
            for number, process in enumerate(processes)
        ]
        self._waiting = dict.fromkeys(range(len(threads)), False)
        alive = set(self._waiting)
        self._alive, self._ready = alive, set[int]()
        for thread in threads:
            thread.start()
        with self._turn:
            while self._alive:
                assert self._turn.wait_for(lambda: self._ready >= self._alive, SECONDS)
                if self._alive:
                    self._next(self.chance.choice(sorted(self._alive)))
        if self._errors:
            raise self._errors[0]

    def _next(self, number: int) -> None:
        self._ready.discard(number)
        self._waiting[number] = True
        self._turn.notify_all()
        assert self._turn.wait_for(lambda: number in self._ready or number not in self._alive, SECONDS)

    def _live(self, number: int, index: MemoryIndex, process: Callable[[Backend], None]) -> None:
        try:
            with suppress(Killed):
                process(cast("Backend", _InTurn(self, number, index)))
        except Exception as error:
            self._errors.append(error)
        finally:
            with self._turn:
                self._alive.discard(number)
                self._turn.notify_all()

    def step(self, number: int) -> None:
        """Wait for the turn of a process; it may be its last."""
        with self._turn:
            self._ready.add(number)
            self._turn.notify_all()
            assert self._turn.wait_for(lambda: self._waiting[number], SECONDS)
            self._waiting[number] = False
            if self.chance.random() < self.killed:
                self.deaths += 1
                raise Killed


class _InTurn:
    """The index as one process sees it: each call waits for its turn."""

    batch = BATCH

    def __init__(self, turns: Turns, number: int, index: MemoryIndex) -> None:
        self._turns, self._number, self._index = turns, number, index

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._index, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self._turns.step(self._number)
            return method(*arguments, **named)

        return call
