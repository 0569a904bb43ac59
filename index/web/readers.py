"""Threads that read the index. An open index belongs to one thread, so each has its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from index.backend import IndexUnavailable

if TYPE_CHECKING:
    from index.backend import Backend

T = TypeVar("T")


class Busy(Exception):
    """Too many requests wait for the index."""


class Readers:
    """At most `threads` readings at a time, and `waiting` more that wait for their turn."""

    def __init__(self, open_backend: Callable[[], Backend], threads: int, waiting: int) -> None:
        self._open, self._threads, self._most = open_backend, threads, threads + waiting
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="reader")
        self._own = threading.local()
        self._asked = 0

    async def run(self, work: Callable[[Backend], T]) -> T:
        """What `work` makes of an open index; raises what it raises, what opening raises, and `Busy`."""
        if self._asked >= self._most:
            raise Busy
        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._with_backend, work)
        finally:
            self._asked -= 1

    def _with_backend(self, work: Callable[[Backend], T]) -> T:
        backend: Backend | None = getattr(self._own, "backend", None)
        if backend is None:
            backend = self._own.backend = self._open()
        try:
            return work(backend)
        except (
            IndexUnavailable
        ):  # a file that was replaced, credentials that were changed: opened anew next time
            self._close_own()
            raise

    def _close_own(self) -> None:
        backend: Backend | None = getattr(self._own, "backend", None)
        self._own.backend = None
        if backend is not None:
            backend.close()

    def close(self) -> None:
        """Close every thread's index, in that thread: they meet once, so that none takes the closing of another."""
        meeting = threading.Barrier(self._threads)

        def leave() -> None:
            meeting.wait()
            self._close_own()

        for _ in range(self._threads):
            self._pool.submit(leave)
        self._pool.shutdown(wait=True)
