"""Waiting for a condition, and watching an outbox while a crawl works with it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TICK = 0.05  # seconds


def until(condition: Callable[[], bool], seconds: float, what: str, *, tick: float = TICK) -> None:
    """Wait until something holds; the test fails when it does not within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(tick)


@dataclass
class Seen:
    """The most that an outbox held at any time, and every reason it was given."""

    waiting: int = 0
    attempts: int = 0  # failed ones in a row: of requests, or of one article
    reasons: set[str] = field(default_factory=set)

    def failed_with(self, words: str) -> bool:
        """Whether some attempt failed for a reason with these words."""
        return any(words in reason for reason in set(self.reasons))


@contextmanager
def watching(path: Path) -> Iterator[Seen]:
    """Look into an outbox file over and over, as a reader that holds nobody up."""
    seen, ended = Seen(), threading.Event()
    thread = threading.Thread(target=_watch, args=(path, seen, ended), daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


def _watch(path: Path, seen: Seen, ended: threading.Event) -> None:
    while not ended.wait(TICK):
        if path.exists():
            look(path, seen)


def look(path: Path, seen: Seen) -> None:
    """Take in what an outbox file holds now."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        try:
            waiting = connection.execute("SELECT count(*), max(attempts) FROM waiting").fetchone()
            rows = connection.execute("SELECT failures, reason FROM pause").fetchall()
            rows += connection.execute("SELECT DISTINCT attempts, reason FROM waiting").fetchall()
        except sqlite3.OperationalError:
            return  # it is being made, or busy
    seen.waiting = max(seen.waiting, waiting[0])
    seen.attempts = max([seen.attempts, *(row[0] for row in rows)])
    seen.reasons |= {row[1] for row in rows if row[1]}


def sending(path: Path) -> bool:
    """Whether a batch of an outbox file is on its way to the index."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        sql = "SELECT EXISTS (SELECT 1 FROM waiting WHERE claimed_until > ?)"
        return bool(connection.execute(sql, (time.time(),)).fetchone()[0])
