"""Threads that read the index. An open index belongs to one thread, so each has its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from index.backend import IndexUnavailable
from index.engine import is_current, limit_reading

if TYPE_CHECKING:
    from index.backend import Backend

T = TypeVar("T")
SECONDS = 10.0  # of a reading


class Busy(Exception):
    """Too many requests wait for the index."""


class Readers:
    """At most `threads` readings at a time, and `waiting` more that wait for their turn.

    The reader that was busy last is asked first: what it keeps of the index is the freshest. An index is opened anew
    when `file` names another file than before, or the file has another version: one that was replaced can be read to no
    end, and is not it any more.
    """

    def __init__(
        self,
        open_backend: Callable[[], Backend],
        threads: int,
        waiting: int,
        file: Callable[[], object] = lambda: None,
        seconds: float = SECONDS,
    ) -> None:
        self._seconds = seconds
        self._readers = [_Reader(open_backend, file) for _ in range(threads)]
        self._idle = list(self._readers)
        self._turn = asyncio.Semaphore(threads)
        self._asked, self._most = 0, threads + waiting

    async def run(self, work: Callable[[Backend], T], seconds: float | None = None) -> T:
        """What `work` makes of an open index; raises what it raises, what opening raises, and `Busy`.

        `TimedOut` where the index takes more than `seconds` of it, those of all readings by default.
        """
        if self._asked >= self._most:
            raise Busy
        self._asked += 1
        try:
            async with self._turn:
                reader = self._idle.pop()
                try:
                    return await reader.run(work, seconds or self._seconds)
                finally:
                    self._idle.append(reader)
        finally:
            self._asked -= 1

    def close(self) -> None:
        """Close every index, and end the threads."""
        for reader in self._readers:
            reader.close()


class _Reader:
    """One thread and its index, opened when it is first needed."""

    def __init__(self, open_backend: Callable[[], Backend], file: Callable[[], object]) -> None:
        self._open, self._file = open_backend, file
        self._opened: object = None  # the file that was opened
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._backend: Backend | None = None

    async def run(self, work: Callable[[Backend], T], seconds: float) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._with_backend, work, seconds)

    def _with_backend(self, work: Callable[[Backend], T], seconds: float) -> T:
        file = self._file()
        try:
            if file != self._opened or (self._backend is not None and not is_current(self._backend)):
                self._leave()
            if self._backend is None:
                self._backend, self._opened = self._open(), file
            limit_reading(self._backend, seconds)
            return work(self._backend)
        except (
            IndexUnavailable
        ):  # a file that was damaged, credentials that were changed: opened anew next time
            self._leave()
            raise

    def _leave(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            backend.close()

    def close(self) -> None:
        self._thread.submit(self._leave)
        self._thread.shutdown(wait=True)
